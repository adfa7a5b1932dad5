import type { RootContent } from "mdast";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { approvalItems, overrideItems, wordOf } from "../gate/approvals.ts";
import { bold, type Inline, list, listed, p } from "../text/markdown.ts";
import { fill, type MessageOf } from "../text/message.ts";
import { code } from "../text/neutralize.ts";
import { managed } from "./words.ts";

/** The region of the section as long as something in it could not be read. */
export const UNREAD = "unread";

/**
 * How it went through the gate: approvals, overrides, what did not hold. What could not be read is a region,
 * which is written anew once it is known; what was known stays as it was at the merge.
 */
export function gateSection(facts: PostMortemFacts, messageOf: MessageOf): RootContent[] {
  const nodes = gateNodes(facts, messageOf);
  return isUnread(facts) ? managed(UNREAD, nodes) : nodes;
}

/** Is anything of what stands in the section not known yet? */
export function isUnread({ approval, violations }: PostMortemFacts): boolean {
  return approval === "unknown" || violations.some(({ state }) => state === "unknown");
}

/** The section without a region around it. */
export function gateNodes(facts: PostMortemFacts, messageOf: MessageOf): RootContent[] {
  const { warnings, approvals, refusedApprovals } = facts;
  const violations = facts.violations.filter(({ state }) => state !== "unknown");
  const unread = facts.violations.filter(({ state }) => state === "unknown");
  const nodes: RootContent[] = [];
  const given = approvalItems(
    {
      counted: approvals,
      refused: refusedApprovals,
      roles: [],
      missing: 0,
      holders: {},
      nobodyCan: false,
    },
    false,
  );
  if (given.length > 0) nodes.push(p(bold("Approvals")), list(given));
  const overrides = overrideItems(facts.overrides, []);
  if (overrides.length > 0) nodes.push(p(bold("Overrides")), list(overrides));
  if (facts.unfrozen !== null)
    nodes.push(p("Freeze of ", code(facts.base), " ended by ", ...wordOf(facts.unfrozen)));
  const found = (f: PostMortemFacts["violations"][number]): Inline[] => {
    const message = messageOf(f.rule, f.code);
    return [code(f.rule), ": ", message === null ? code(f.code) : fill(message.found, f.data)];
  };
  const when = facts.merged === null ? "Failed when this was opened" : "Failed at the merge";
  if (violations.length > 0) nodes.push(p(bold(when)), list(violations.map(found)));
  if (unread.length > 0)
    nodes.push(
      p(bold("Not read yet"), ", added here once it is:"),
      list(unread.map(({ rule }) => [code(rule)])),
    );
  if (warnings.length > 0) nodes.push(p(bold("Warnings")), list(warnings.map(found)));
  if (facts.missingFields.length > 0)
    nodes.push(
      p(
        "Missing from the commit message: ",
        listed(
          facts.missingFields.map((field) => code(field)),
          "and",
        ),
        ".",
      ),
    );
  return nodes.length > 0 ? nodes : [p("Nothing to report.")];
}
