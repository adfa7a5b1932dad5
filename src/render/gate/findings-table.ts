import type { RootContent } from "mdast";
import type { ConfigProblem, ProposedConfig, RuleFinding } from "../../policy/verdict.ts";
import { heading, type Inline, inline, link, p, plain, table } from "../text/markdown.ts";
import { fill, type MessageOf, registered } from "../text/message.ts";
import { code, codeBlock, prose } from "../text/neutralise.ts";

/** The page of a rule. */
export function rulePage(docsUrl: string, rule: string): string {
  return `${docsUrl}/rules/${rule}.md`;
}

/** What a reader has to look at first comes first, and survives where the text has to be cut. */
export function byImportance(
  findings: readonly RuleFinding[],
  messageOf: MessageOf = registered,
): readonly RuleFinding[] {
  return [...findings].sort((a, b) => importance(a, messageOf) - importance(b, messageOf));
}

/** Does the finding block nothing, and is to be seen all the same? Also where the rule holds as such: `warns` in its message. */
export function isWarning({ rule, code: reason, level, state }: RuleFinding, messageOf: MessageOf): boolean {
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
  return ORDER.indexOf(state) + (open && level === "warn" ? 2.5 : 0);
}

function stateWord(finding: RuleFinding, { observing, messageOf }: TableContext): string {
  if (isWarning(finding, messageOf)) return "⚠️ warning";
  const { level, state, rule, code: reason } = finding;
  // Satisfied for now, and owed: "fine" would say too much.
  if (rule === "review" && reason === "owed") return "⏳ after the merge";
  const blocks = observing ? "would block" : "blocks";
  switch (state) {
    case "violated":
      return `❌ ${blocks}`;
    case "unknown":
      return level === "error" ? `❓ unknown, ${blocks}` : "❓ unknown";
    case "pending":
      return level === "error" ? "⏳ waiting" : "⏳ open";
    case "overridden":
      return "☑️ overridden";
    case "satisfied":
      return "✅ fine";
    case "not-applicable":
      return "➖ not asked";
  }
}

export interface TableContext {
  readonly docsUrl: string;
  readonly messageOf: MessageOf;
  readonly observing: boolean;
  /** The app has stopped trying to read what it could not read. */
  readonly givenUp?: boolean;
  /** What can never be read, as `Verdict.neverKnown`. */
  readonly neverKnown: readonly string[];
}

/** What to do about a fact that could not be read; `null`: what the rule's message says. */
function unreadMend({ state, data }: RuleFinding, { givenUp, neverKnown }: TableContext): Inline | null {
  if (state !== "unknown") return null;
  if (neverKnown.includes(String(data.reason))) return "See the next step above: asking again does not help.";
  return givenUp === true ? inline("Comment ", code("/hotfix recheck"), ".") : null;
}

/** One row a rule: state, rule, what was found, what to do. */
export function findingsTable(findings: readonly RuleFinding[], context: TableContext): RootContent {
  const { docsUrl, messageOf } = context;
  const row = (f: RuleFinding): Inline[] => {
    const message = messageOf(f.rule, f.code);
    const found: Inline = message === null ? code(f.code) : fill(message.found, f.data);
    const settled = f.state === "satisfied" || f.state === "not-applicable" || f.state === "overridden";
    // Where nothing is to be done, what was to be done would mislead; advice on a satisfied rule stays.
    const mend = message === null || f.state === "overridden" ? "" : message.mend;
    return [
      stateWord(f, context),
      link(rulePage(docsUrl, f.rule), plain(f.rule)),
      f.override === null
        ? found
        : inline(found, "; let pass by ", code(f.override.by), ": ", prose(f.override.reason)),
      unreadMend(f, context) ?? (mend === "" ? (settled ? "" : "–") : fill(mend, f.data)),
    ];
  };
  return table(["State", "Rule", "What was found", "What to do"], byImportance(findings, messageOf).map(row));
}

/** The commands that mend findings, ready to copy, most important first. */
export function commandBlocks(findings: readonly RuleFinding[]): RootContent[] {
  return byImportance(findings)
    .filter(({ commands, state }) => commands.length > 0 && state !== "overridden")
    .flatMap(({ rule, commands }) => [
      p("Commands for ", code(rule), ":"),
      codeBlock(commands.join("\n"), "sh"),
    ]);
}

/** Problems of a configuration, one row each. */
export function problemTable(problems: readonly ConfigProblem[]): RootContent {
  return table(
    ["Where", "Key", "What is wrong", "How to mend it"],
    problems.map(({ file, line, column, key, message, mend }) => [
      code([file, line, column].filter((part) => part !== null).join(":")),
      key === "" ? "(the file)" : code(key),
      prose(message),
      prose(mend),
    ]),
  );
}

/** Is the configuration that the pull request proposes valid? */
export function proposedSection({ problems, unread, alone }: ProposedConfig): RootContent[] {
  const title = heading(3, "The configuration in this pull request");
  if (unread === true) {
    return [
      title,
      p(
        "Not validated: its author has no write access to this repository. Somebody who has can run ",
        code("hotfix-guard validate"),
        " on the file, or push it to a branch here. It decides nothing before it is on the default branch.",
      ),
    ];
  }
  if (problems.length > 0) {
    return [
      title,
      p("❌ Not valid. Fix it before merging: on the default branch it would block every pull request."),
      problemTable(problems),
    ];
  }
  const valid = "It takes effect when it is on the default branch; until then the old one decides.";
  return alone === true
    ? [
        title,
        p(
          "✅ Valid by itself. What ",
          code("extends"),
          ` names was not read, since the default branch extends another file or none: it is read after the merge. ${valid}`,
        ),
      ]
    : [title, p(`✅ Valid. ${valid}`)];
}
