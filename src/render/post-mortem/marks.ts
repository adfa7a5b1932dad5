import type { RootContent } from "mdast";
import { bypassed } from "../../policy/landing/early-deployment.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { earlyMark } from "../gate/deployed-early.ts";
import { bold, inline, listed, p } from "../text/markdown.ts";
import { gateIsNone } from "../text/message.ts";
import { code } from "../text/neutralize.ts";
import { time } from "../text/time.ts";
import { rulesMarks } from "./rules-at-merge.ts";

/** Paths that are named; more tell no more. */
const MOST_PATHS = 20;

/**
 * What has to be learnt from beside the incident itself: what bypassed the procedure, and what became of the
 * fix.
 */
export function marks(facts: PostMortemFacts): RootContent[] {
  const { early, merged } = facts;
  const nodes: RootContent[] = early.known && early.value !== null ? [earlyMark(early.value, facts)] : [];
  nodes.push(...roundMark(facts));
  if (facts.push !== null)
    nodes.push(
      p(
        "⚠️ ",
        bold("Pushed directly to ", code(facts.push.branch), ": bypassed the gate."),
        " There was no pull request, so nobody approved or reviewed it. What could be checked is under Approvals and Exceptions.",
      ),
    );
  else if (merged !== null && facts.approval === "missing")
    nodes.push(
      p("⚠️ ", bold("Merged without a valid approval."), " Explain why under Root Cause or Prevention."),
    );
  if (merged !== null && facts.approval === "unknown")
    nodes.push(p("⚠️ ", bold("Could not read whether the merge had a valid approval.")));
  const others = facts.violations.filter(({ rule }) => rule !== "approval");
  if (others.some(({ state }) => state !== "unknown") && merged !== null)
    nodes.push(
      p(
        "⚠️ ",
        bold(`Some rules were failing at the ${facts.push === null ? "merge" : "push"}:`),
        " see Approvals and Exceptions.",
      ),
    );
  const unread = others.filter(({ state }) => state === "unknown");
  if (unread.length > 0 && merged !== null)
    nodes.push(
      p(
        "⚠️ ",
        bold(`Could not read whether ${unread.length === 1 ? "this rule" : "these rules"} passed:`),
        " ",
        listed(
          unread.map(({ rule }) => code(rule)),
          "and",
        ),
        ".",
      ),
    );
  if (facts.gateNotice !== null) nodes.push(p("⚠️ ", ...gateIsNone(facts.gateNotice)));
  nodes.push(...rulesMarks(facts), ...afterMarks(facts));
  return nodes;
}

/** A push that merged nothing has a mark of its own. */
function roundMark({ after, push, merged }: PostMortemFacts): RootContent[] {
  const gate = push === null && merged !== null ? after?.gateAtMerge : undefined;
  if (!gate?.known || !bypassed(gate.value)) return [];
  const said =
    gate.value === null
      ? inline(" there was no check ", code("hotfix-gate"), " on what was merged.")
      : inline(" the check ", code("hotfix-gate"), " said ", code(gate.value), " at the merge.");
  return [p("⚠️ ", bold("Bypassed the gate:"), said)];
}

function afterMarks({ after }: PostMortemFacts): RootContent[] {
  if (after === null) return [];
  const { landedWithout, rolledBack, unchecked } = after;
  const nodes: RootContent[] = [];
  if (unchecked?.known && unchecked.value.length > 0)
    nodes.push(
      p(
        "⚠️ ",
        bold("Bypassed the gate: what landed is not what was checked."),
        " It differs in ",
        listed(
          unchecked.value.map((path) => code(path)),
          "and",
          MOST_PATHS,
        ),
        ". Compare the merged commit with the pull request, and explain why under Root Cause.",
      ),
    );
  if (landedWithout.known && landedWithout.value.length > 0)
    nodes.push(
      p(
        "⚠️ ",
        bold("The merged commit message is missing fields:"),
        " ",
        listed(
          landedWithout.value.map((field) => code(field)),
          "and",
        ),
        ".",
      ),
    );
  if (rolledBack.known && rolledBack.value !== null) {
    const { at, by, detail } = rolledBack.value;
    nodes.push(
      p(
        "↩️ ",
        bold("Rolled back ", time(at)),
        by === null ? "" : inline(" by ", code(by)),
        detail === "" ? "" : inline(": ", code(detail)),
        ". Explain why under Resolution, and what is planned instead.",
      ),
    );
  }
  return nodes;
}
