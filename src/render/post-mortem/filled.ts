import type { PhrasingContent, RootContent } from "mdast";
import { digest, findRegion, replaceRegion } from "../../policy/post-mortem/body.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { placeholderForms } from "../../policy/post-mortem/placeholder.ts";
import { person } from "../gate/approvals.ts";
import { type Inline, inline, listed, markdown, p } from "../text/markdown.ts";
import { registered } from "../text/message.ts";
import { code, prose } from "../text/neutralize.ts";
import { time } from "../text/time.ts";
import { gateNodes, isUnread, UNREAD } from "./gate-section.ts";
import * as sections from "./sections.ts";

/**
 * The body with what has come to be known outside of the regions: each placeholder whose answer the app has
 * by now, and what could not be read when the issue was opened. What people wrote in their places stays.
 */
export function withWhatIsKnown(body: string, facts: PostMortemFacts): string {
  const filled = answers(facts).reduce(
    (text, [what, value]) =>
      value === null
        ? text
        : placeholderForms(what).reduce((given, form) => given.replace(form, () => value), text),
    body,
  );
  return withGate(withApproval(filled, facts), facts);
}

/** Placeholders, each with its answer as Markdown; `null`: it is not known. */
function answers(facts: PostMortemFacts): readonly (readonly [string, string | null])[] {
  const { after, merged, fields, severity, affected, issues } = facts;
  const deployed = after?.deployed.known ? after.deployed.value : null;
  const verified = after?.verified ?? null;
  const { Impact, Tested, Solution } = fields;
  return [
    [sections.VERIFIED_AT, verified === null ? null : line(time(verified.at))],
    [sections.MERGED_AT, merged === null ? null : line(time(merged.at), " by ", person(merged.by))],
    [sections.DEPLOYED_BY, deployed === null ? null : deployment(deployed)],
    [sections.SEVERITY, severity],
    [sections.IMPACT, Impact === undefined ? null : line(prose(Impact, 1_000))],
    [sections.AFFECTED, affected === null ? null : line(code(affected))],
    [sections.ISSUE, issues.length === 0 ? null : line(...listed(issues.map(sections.issue), "and"))],
    [sections.TESTED, Tested === undefined ? null : line(prose(Tested, 1_000))],
    [sections.WHY, quoted(fields["Root Cause"])],
    [sections.CHANGED, quoted(Solution)],
  ];
}

function deployment({ by, at, detail }: { by: string | null; at: string; detail: string }): string {
  return line(person(by), ", ", time(at), ...(detail === "" ? [] : [", ", code(detail)]));
}

function quoted(text: string | undefined): string | null {
  return text === undefined ? null : textOf(sections.fromCommit(text));
}

function line(...parts: readonly Inline[]): string {
  return textOf([p(...parts)]);
}

function textOf(nodes: readonly RootContent[]): string {
  return markdown(nodes).trim();
}

/** Who approved, where that could not be read. */
function withApproval(body: string, facts: PostMortemFacts): string {
  if (facts.approval === "unknown") return body;
  const row = (value: readonly PhrasingContent[]) => line(...inline(sections.APPROVED_BY, " ", ...value));
  return body.replace(row(inline(sections.UNREAD_APPROVAL)), () => row(sections.approvedBy(facts)));
}

/** The section about the gate, where something in it could not be read. */
function withGate(body: string, facts: PostMortemFacts): string {
  const there = findRegion(body, UNREAD);
  if (there === null || isUnread(facts) || there.data !== digest(there.content)) return body;
  return replaceRegion(body, there, textOf(gateNodes(facts, registered)));
}
