import type { RootContent } from "mdast";
import type { RuleFinding, Verdict } from "../../policy/verdict.ts";
import { count, details, type Inline, inline, link, listed, plain, table } from "../text/markdown.ts";
import { fill, type MessageOf, registered } from "../text/message.ts";
import { code, codeBlock, prose } from "../text/neutralize.ts";

/** The page of a rule. */
function rulePage(docsUrl: string, rule: string): string {
  return `${docsUrl}/rules/${rule}.md`;
}

/** What a reader has to look at first comes first, and survives where the text has to be cut. */
function byImportance(
  findings: readonly RuleFinding[],
  messageOf: MessageOf = registered,
): readonly RuleFinding[] {
  return [...findings].sort((a, b) => importance(a, messageOf) - importance(b, messageOf));
}

/**
 * Does the finding block nothing, and is to be seen all the same? Also where the rule holds as such: `warns`
 * in its message.
 */
function isWarning({ rule, code: reason, level, state }: RuleFinding, messageOf: MessageOf): boolean {
  return (
    (level === "warn" && state === "violated") ||
    (state === "satisfied" && messageOf(rule, reason)?.warns === true)
  );
}

const ORDER: readonly RuleFinding["state"][] = [
  "violated",
  "unknown",
  "pending",
  "overridden",
  "satisfied",
  "not-applicable",
];

function importance(finding: RuleFinding, messageOf: MessageOf): number {
  if (isWarning(finding, messageOf)) return 2.5;
  const { level, state } = finding;
  const open = state === "violated" || state === "unknown" || state === "pending";
  return (isOwed(finding) ? 2.4 : ORDER.indexOf(state)) + (open && level === "warn" ? 2.5 : 0);
}

/** Satisfied for now, and outstanding: "passed" would say too much. */
function isOwed({ rule, code: reason }: RuleFinding): boolean {
  return rule === "review" && reason === "owed";
}

/** Has a reader to do or to know something about it? */
function isOpen(finding: RuleFinding, messageOf: MessageOf): boolean {
  const settled = finding.state === "satisfied" || finding.state === "not-applicable";
  return !settled || isOwed(finding) || isWarning(finding, messageOf);
}

/** In one line in the narrowest column: icon and words are held together by no-break spaces. */
function stateWord(finding: RuleFinding, context: TableContext): string {
  return stateOf(finding, context).replaceAll(" ", "\u00a0");
}

function stateOf(finding: RuleFinding, { observing, messageOf }: TableContext): string {
  if (isWarning(finding, messageOf)) return "⚠️ warning";
  const { state } = finding;
  if (isOwed(finding)) return "⏳ after merge";
  switch (state) {
    case "violated":
      return observing ? "❌ would fail" : "❌ failed";
    case "unknown":
      return "❓ unknown";
    case "pending":
      return "⏳ waiting";
    case "overridden":
      return "☑️ overridden";
    case "satisfied":
      return "✅ passed";
    case "not-applicable":
      return "➖ n/a";
  }
}

/** How findings are worded, and where their rules are explained. */
export interface TableContext {
  readonly docsUrl: string;
  readonly messageOf: MessageOf;
  readonly observing: boolean;
  /** The app has stopped trying to read what it could not read. */
  readonly givenUp?: boolean;
}

/**
 * A row for each rule that failed, waits, warns or is overridden; one that the fix of another one fixes as
 * well is named in the row of that one. Nothing where all passed.
 */
export function openFindings(verdict: Verdict, context: TableContext): RootContent[] {
  const open = byImportance(verdict.findings, context.messageOf).filter((one) => isShown(one, context));
  return open.length === 0 ? [] : [findingsTable(open, verdict, context)];
}

/** Has the finding a row that is not folded? */
function isShown(finding: RuleFinding, { messageOf }: TableContext): boolean {
  return isOpen(finding, messageOf) && finding.follows === undefined;
}

/** The rules that follow from another one, passed or do not apply, folded, as a table of the same columns. */
export function closedFindings(verdict: Verdict, context: TableContext): RootContent[] {
  const closed = byImportance(verdict.findings, context.messageOf).filter((one) => !isShown(one, context));
  const follow = closed.filter(({ follows }) => follows !== undefined).length;
  const passed = closed.filter(({ state }) => state === "satisfied").length;
  const rest = closed.length - passed - follow;
  if (closed.length === 0) return [];
  const title = [
    ...(follow === 0 ? [] : [`${count(follow, "more rule")} fixed by these`]),
    `${follow === 0 ? count(passed, "rule") : passed} passed`,
    ...(rest === 0 ? [] : [`${rest} n/a`]),
  ].join(", ");
  return details(title, [findingsTable(closed, verdict, context)]);
}

function findingsTable(
  findings: readonly RuleFinding[],
  verdict: Verdict,
  context: TableContext,
): RootContent {
  const rows = together(findings).map(([one, ...others]): Inline[] => [
    stateWord(one, context),
    listed(
      [one, ...others].map(({ rule }) => link(rulePage(context.docsUrl, rule), plain(rule))),
      null,
      findings.length,
    ),
    resultOf(one, context),
    fixOf(one, verdict, context),
  ]);
  return table(["State", "Rule", "Result", "Fix"], rows);
}

type Together = readonly [RuleFinding, ...RuleFinding[]];

/** Rules that wait for the same thing to be read share a row. */
function together(findings: readonly RuleFinding[]): readonly Together[] {
  const rows: [RuleFinding, ...RuleFinding[]][] = [];
  for (const one of findings) {
    const same = rows.find(
      ([first]) =>
        one.state === "unknown" &&
        first.state === "unknown" &&
        first.code === one.code &&
        first.data.reason === one.data.reason,
    );
    if (same === undefined) rows.push([one]);
    else same.push(one);
  }
  return rows;
}

function resultOf(finding: RuleFinding, { messageOf }: TableContext): Inline {
  const message = messageOf(finding.rule, finding.code);
  const found: Inline = message === null ? code(finding.code) : fill(message.found, finding.data);
  const { override } = finding;
  return override === null
    ? found
    : inline(found, "; overridden by ", code(override.by), ": ", prose(override.reason));
}

/** What to do about one finding. Where nothing is to be done, what was to be done would mislead. */
function fixOf(
  finding: RuleFinding,
  verdict: Verdict,
  { messageOf, givenUp, docsUrl }: TableContext,
): Inline {
  const { state, data, follows, level, steps } = finding;
  if (state === "overridden") return "";
  // The first sentence says who and how.
  if (state === "pending" && verdict.wouldBe === "action_required") return "See above.";
  if (state === "unknown" && verdict.neverKnown.includes(String(data.reason)))
    return "See the next step above; a retry won't help.";
  if (state === "unknown" && givenUp === true) return inline("Comment ", code("/hotfix recheck"), ".");
  if (follows !== undefined) return inline("With ", code(follows), ".");
  const inBlock = level === "error" && steps.length > 0 && verdict.fixBlock.length > 0;
  const message = messageOf(finding.rule, finding.code);
  const also = message?.also === undefined ? "" : inline(" ", fill(message.also, data));
  const followers = alsoFixes(finding, verdict, docsUrl);
  if (inBlock) return inline("Block above.", followers, also);
  return message === null || message.fix === ""
    ? followers
    : inline(fill(message.fix, data), followers, also);
}

/** The failed rules that follow from this one. */
function alsoFixes({ rule }: RuleFinding, verdict: Verdict, docsUrl: string): Inline {
  const followers = verdict.findings.filter(({ follows }) => follows === rule).map((one) => one.rule);
  if (followers.length === 0) return "";
  const links = followers.map((id) => link(rulePage(docsUrl, id), plain(id)));
  return inline(" Also fixes ", listed(links, "and"), ".");
}

/** The commands that fix what git can fix, to copy. */
export function fixCommands({ fixBlock }: Verdict): RootContent[] {
  return fixBlock.length === 0 ? [] : [codeBlock(fixBlock.join("\n"), "sh")];
}

/** The commands that heed warnings, folded. */
export function warningCommands({ warningBlocks }: Verdict): RootContent[] {
  return warningBlocks
    .filter(({ commands }) => commands.length > 0)
    .flatMap(({ rule, commands }) =>
      details(`Fix the warning ${rule}`, [codeBlock(commands.join("\n"), "sh")]),
    );
}
