import type { PhrasingContent, RootContent } from "mdast";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { LinkedIssue } from "../../policy/post-mortem/linked-issues.ts";
import { ACTION_ITEMS_HINT } from "../../policy/post-mortem/placeholder.ts";
import { person } from "../gate/approvals.ts";
import { deployment } from "../gate/deployed-early.ts";
import { bold, count, details, type Inline, inline, link, list, listed, p } from "../text/markdown.ts";
import { code, paragraphs, prose } from "../text/neutralize.ts";
import { duration, time } from "../text/time.ts";
import { openItems } from "./managed.ts";
import { CHECKS, pullRequest, toWrite } from "./words.ts";

/** The sections of the post-mortem, each as nodes without its heading. */

/** Placeholders that the app can fill in itself once it knows. */
export const VERIFIED_AT = "end, when production was verified to work again";
export const DEPLOYED_BY = "whom, how and when";
export const MERGED_AT = "when and by whom it was merged, or why it was not";
export const SEVERITY = "P0 or P1";
export const IMPACT = "who was affected, and how";
export const AFFECTED = "service or feature";
export const ISSUE = "the issue it fixes";
export const WHY = "why it happened";
export const CHANGED = "what was changed";
export const TESTED = "what was tested";

/** The name of the row that says who approved. */
export const APPROVED_BY = bold("Approved by:");
/** Stands behind "Approved by" until the app knows. */
export const UNREAD_APPROVAL = "could not be read";

/** The section "Incident Summary". */
export function incidentSummary(facts: PostMortemFacts): RootContent[] {
  const { fields, severity, merged, metrics } = facts;
  const early = facts.early.known ? facts.early.value : null;
  const began = metrics.detected_at ?? metrics.issue_opened_at;
  const rows: Inline[][] = [
    ["Date", facts.landedAt.slice(0, 10)],
    ["Began", toWrite("when it began, like 2025-10-14 09:10 UTC, or: unknown")],
    ["Duration", duringRow(began, facts)],
    ["Severity", severity ?? toWrite(SEVERITY)],
    ["Impact", fields.Impact === undefined ? toWrite(IMPACT) : prose(fields.Impact, 1_000)],
    ["Affected", facts.affected === null ? toWrite(AFFECTED) : code(facts.affected)],
    ["Issue", facts.issues.length === 0 ? toWrite(ISSUE) : listed(facts.issues.map(issue), "and")],
    ["Hotfix", inline(pullRequest(facts), ", ", code(facts.branch), " by ", person(facts.author))],
    ["Approved by", approvedBy(facts)],
    ...(early === null ? [] : [["Deployed", deployment(early)]]),
    [
      facts.push === null ? "Merged" : "Pushed",
      merged === null ? toWrite(MERGED_AT) : inline(time(merged.at), " by ", person(merged.by)),
    ],
  ];
  return [
    list(rows.map(([name = "", value = ""]) => [bold(name, ":"), " ", value])),
    p(bold("What happened:"), " ", toWrite("what users saw, from the first sign to the end")),
    p(bold("How it was detected:"), " ", toWrite("by whom or by what, and when")),
  ];
}

function duringRow(began: string | null, facts: PostMortemFacts): Inline {
  const end = toWrite(VERIFIED_AT);
  if (began === null) {
    const said = facts.detectedText === null ? toWrite("start") : prose(facts.detectedText);
    return inline(said, " – ", end);
  }
  const { push, metrics } = facts;
  const fix = metrics.time_to_fix;
  return inline(
    time(began),
    " – ",
    end,
    fix === null ? "" : ` (${duration(fix * 1000)} until the fix was ${push === null ? "merged" : "pushed"})`,
  );
}

/** A linked issue, with its title where it is known. */
export function issue({ text, url, title }: LinkedIssue): PhrasingContent[] {
  const name = url === null ? code(text) : link(url, code(text));
  return title === null ? [name] : inline(name, " ", prose(title));
}

/** Who approved, as which role; or why nobody is named. */
export function approvedBy({ approvals, approval, merged }: PostMortemFacts): PhrasingContent[] {
  if (approvals.length > 0)
    return listed(
      approvals.map(({ login, role }) => inline(code(login), " as ", code(role))),
      "and",
    );
  return inline(
    approval === "unknown"
      ? UNREAD_APPROVAL
      : approval === "not-asked"
        ? "no approval required"
        : bold("nobody"),
    approval === "missing" && merged === null ? " by then" : "",
  );
}

/** The section "Root Cause". */
export function rootCause({ fields }: PostMortemFacts): RootContent[] {
  return [
    ...(fields["Root Cause"] === undefined ? [p(toWrite(WHY))] : fromCommit(fields["Root Cause"])),
    p(bold("What led to it:"), " ", toWrite("the conditions that allowed it")),
    p(
      bold("Why it wasn't caught earlier:"),
      " ",
      toWrite("tests, reviews or alerts that could have caught it"),
    ),
    p(bold("Similar incidents:"), " ", toWrite("none, or which ones and what they have in common")),
  ];
}

/** What a field of the hotfix commit says, set off as a quotation. */
export function fromCommit(text: string): RootContent[] {
  return [
    p(bold("From the commit:")),
    { type: "blockquote", children: paragraphs(text).map((children) => p(children)) },
  ];
}

/** More files than this are counted, not listed. */
const SHOWN_FILES = 15;

/** The section "Resolution". */
export function resolution(facts: PostMortemFacts): RootContent[] {
  const { fields, merged, files } = facts;
  const early = facts.early.known ? facts.early.value : null;
  const how: Inline[][] = [
    ...(merged === null
      ? []
      : [
          [
            facts.push === null ? "Pull request " : "Commits ",
            pullRequest(facts),
            facts.push === null ? " merged into " : " pushed directly to ",
            code(facts.base),
            ", ",
            time(merged.at),
            ", by ",
            person(merged.by),
            ...(merged.sha === null ? [] : [" as ", code(merged.sha)]),
          ],
        ]),
    early === null
      ? [
          "Deployed by ",
          fields["Deployed-By"] === undefined
            ? toWrite(DEPLOYED_BY)
            : inline(prose(fields["Deployed-By"]), ", according to the commit"),
        ]
      : ["Deployed from ", code(facts.branch), ", before it was merged: ", deployment(early)],
    [
      early === null
        ? `Tested before the ${facts.push === null ? "merge" : "push"}: `
        : "Tested before that: ",
      fields.Tested === undefined ? toWrite(TESTED) : prose(fields.Tested, 1_000),
    ],
    ["Verified in production: ", toWrite("what was checked, by whom")],
  ];
  return [
    ...(fields.Solution === undefined ? [p(toWrite(CHANGED))] : fromCommit(fields.Solution)),
    list(how),
    ...(files === null ? [] : [p(`${count(files.length, "file")} changed: `, changedFiles(files))]),
  ];
}

function changedFiles(files: NonNullable<PostMortemFacts["files"]>): PhrasingContent[] {
  return listed(
    files.map(({ path, additions, deletions }) => inline(code(path, 200), ` (+${additions} −${deletions})`)),
    "and",
    SHOWN_FILES,
  );
}

/** The section "Prevention", for people to fill in. */
export function prevention(): RootContent[] {
  return [
    list(
      [
        ["Add test coverage: ", toWrite("which test would have caught it")],
        ["Add monitoring: ", toWrite("which alert would have shown it earlier")],
        ["Update the deployment checklist: ", toWrite("which step was missing")],
        ["Team training: ", toWrite("what others should know")],
      ],
      false,
    ),
  ];
}

/** The section "Action Items", for people to fill in. */
export function actionItems({ due }: PostMortemFacts): RootContent[] {
  const item = (): Inline[] => [toWrite("task"), " – ", toWrite("owner"), " – ", toWrite("due date")];
  return [
    p(
      `${ACTION_ITEMS_HINT}, for example: `,
      code(`- [ ] Add a test for … – @name – ${due.slice(0, 10)}`),
      ".",
    ),
    list([item(), item()], false),
  ];
}

/** The impact's figures, for people to fill in. */
export function impact(): RootContent[] {
  const figures: readonly (readonly [string, string])[] = [
    ["Users affected", "number or share"],
    ["Downtime", "duration, or none"],
    ["Revenue", "amount, or none"],
    ["Support tickets", "number"],
    ["Error rate", "before, during and after"],
    ["Test coverage", "before and after"],
  ];
  return [list(figures.map(([name, what]) => [bold(name, ":"), " ", toWrite(what)]))];
}

/** What to check in production, by kind of issue. */
export function verification(facts: PostMortemFacts): RootContent[] {
  const kinds = facts.checklists.flatMap(({ kind, items }): RootContent[] => [
    p(bold("Kind of issue: ", code(kind))),
    list(
      items.map((item) => [prose(item)]),
      false,
    ),
  ]);
  return [
    ...openItems(facts),
    ...details("Checklist: within 15 minutes and 1 hour", [
      p(bold("Within 15 minutes")),
      list(CHECKS.immediate, false),
      ...kinds,
      ...(kinds.length > 0
        ? []
        : [
            p(
              "No checklist for this kind of issue. Label the issue with its kind next time (payment, auth, api, database, or another key of ",
              code("verification.checklists"),
              ").",
            ),
          ]),
      p(bold("Within 1 hour")),
      list(CHECKS["short-term"], false),
    ]),
  ];
}
