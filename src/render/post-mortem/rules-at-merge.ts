import type { RootContent } from "mdast";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { bold, type Inline, inline, listed, p } from "../text/markdown.ts";
import { code, prose } from "../text/neutralize.ts";
import { time } from "../text/time.ts";

/** Changes that are named; more tell no more. */
const MOST_CHANGES = 5;

/** Who merged past the branch's rules, and that they were switched off for a moment. */
export function rulesMarks({ after, base }: Pick<PostMortemFacts, "after" | "base">): RootContent[] {
  const { bypassed = null, off = null } = after?.rules ?? {};
  const nodes: RootContent[] = [];
  if (bypassed !== null) {
    const rules = listed(
      bypassed.rules.map((rule) => code(rule)),
      "and",
      10,
    );
    nodes.push(
      p(
        "⚠️ ",
        bold("Bypassed the rules of ", code(base)),
        bypassed.by === null ? "" : inline(" by ", code(bypassed.by)),
        bypassed.rules.length === 0 ? "" : inline(": ", ...rules),
        ". ",
        bypassed.reason === null
          ? "No reason was typed at the merge."
          : inline("Typed at the merge: ", prose(bypassed.reason)),
      ),
    );
  }
  if (off !== null) {
    const changes = off
      .slice(0, MOST_CHANGES)
      .map(
        ({ at, by, ruleset }): Inline =>
          inline(code(ruleset), " ", time(at), by === null ? "" : inline(" by ", code(by))),
      );
    nodes.push(
      p(
        "⚠️ ",
        bold(code(base), " did not require ", code("hotfix-gate"), " at the merge, and does now."),
        ...(changes.length === 0
          ? []
          : [" Changed around it: ", ...listed(changes, "and", MOST_CHANGES), "."]),
        " Explain why under Root Cause or Prevention.",
      ),
    );
  }
  return nodes;
}
