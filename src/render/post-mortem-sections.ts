import type { ListItem, PhrasingContent, RootContent } from "mdast";
import { beginMark, digest, endMark } from "../policy/postmortem/body.ts";
import type { LinkedIssue, PostMortemFacts } from "../policy/postmortem/facts.ts";
import { METRICS_KEY } from "../policy/postmortem/metrics-block.ts";
import { ACTION_ITEMS_HINT } from "../policy/postmortem/placeholder.ts";
import type { TimelineEntry } from "../policy/postmortem/timeline.ts";
import { approvalItems, overrideItems, person } from "./approvals.ts";
import {
  bold,
  count,
  html,
  type Inline,
  inline,
  link,
  list,
  listed,
  markdown,
  p,
  plain,
  table,
} from "./markdown.ts";
import { fill, type MessageOf } from "./message.ts";
import { code, codeBlock, mermaidLabel, paragraphs, prose } from "./neutralise.ts";
import { duration, time, utc } from "./time.ts";

/** The sections of the post-mortem, each as nodes without its heading. */

/** What a person has to write, as a node of the form of `policy/postmortem/placeholder.ts`: `_To be written: …_`. */
export function toWrite(what: string): PhrasingContent {
  return { type: "emphasis", children: [plain(`To be written: ${what}`)] };
}

/** Placeholders that the app can fill in itself once it knows. */
export const VERIFIED_AT = "end, when production was verified to work again";
export const DEPLOYED_BY = "whom, how and when";

export function incidentSummary(facts: PostMortemFacts): RootContent[] {
  const { fields, severity, merged, metrics } = facts;
  const began = metrics.detected_at ?? metrics.issue_opened_at;
  const rows: Inline[][] = [
    ["Date", merged.at.slice(0, 10)],
    ["Duration", duringRow(began, facts)],
    ["Severity", severity ?? toWrite("P0 or P1")],
    ["Impact", fields.Impact === undefined ? toWrite("whom it hit, and how") : prose(fields.Impact, 1_000)],
    ["Affected", facts.affected === null ? toWrite("service or feature") : code(facts.affected)],
    [
      "Issue",
      facts.issues.length === 0 ? toWrite("the issue that it mends") : listed(facts.issues.map(issue), "and"),
    ],
    ["Hotfix", inline(pullRequest(facts), ", ", code(facts.branch), " by ", person(facts.author))],
    ["Approved by", approvedBy(facts)],
    [facts.push === null ? "Merged" : "Pushed", inline(time(merged.at), " by ", person(merged.by))],
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
  const fix = facts.metrics.time_to_fix;
  return inline(
    time(began),
    " – ",
    end,
    fix === null ? "" : ` (${duration(fix * 1000)} until the fix was merged)`,
  );
}

function issue({ text, url, title }: LinkedIssue): PhrasingContent[] {
  const name = url === null ? code(text) : link(url, code(text));
  return title === null ? [name] : inline(name, " ", prose(title));
}

/** How the hotfix landed, as a link: its pull request, or the commits that were pushed without one. */
export function pullRequest(facts: PostMortemFacts): PhrasingContent {
  return link(facts.url, plain(shortName(facts)));
}

/** `#12`; of a push the short name of its tip. */
export function shortName({ number, push }: PostMortemFacts): string {
  return push === null ? `#${number}` : push.after.slice(0, 7);
}

export function approvedBy({ approvals, approval }: PostMortemFacts): PhrasingContent[] {
  if (approvals.length > 0)
    return listed(
      approvals.map(({ login, role }) => inline(code(login), " as ", code(role))),
      "and",
    );
  return inline(
    approval === "unknown"
      ? "could not be read"
      : approval === "not-asked"
        ? "no approval was asked for"
        : bold("nobody"),
  );
}

/** The rows that stand in the timeline from the beginning, to be filled in, and what they are called. */
export const WAITING: Readonly<Partial<Record<TimelineEntry["what"], string>>> = {
  deployed: "Fix deployed",
  verified: "Verified resolved",
};

/** What the timeline calls each entry: for the table, and in few words for the diagram. */
const EVENTS: Record<TimelineEntry["what"], (detail: string) => PhrasingContent[]> = {
  detected: () => inline("Issue detected, according to the commit"),
  "issue-opened": (detail) => inline("Issue ", code(detail), " opened"),
  "branch-pushed": () => inline("Hotfix started: branch first pushed"),
  "pull-request-opened": () => inline("Pull request opened"),
  "head-pushed": () => inline("Last commits pushed"),
  approved: (role) => inline("Approved as ", code(role)),
  "review-approved": () => inline("Review: approved"),
  "changes-requested": () => inline("Review: changes requested"),
  overridden: (rule) => inline("Rule ", code(rule), " let pass"),
  merged: () => inline("Merged"),
  "pushed-straight": () => inline("Pushed straight to the base branch"),
  "approved-late": (role) => inline("Approved after the merge as ", code(role)),
  deployed: (where) => inline("Fix deployed", where === "" ? "" : inline(": ", code(where))),
  verified: () => inline("Verified resolved"),
  "rollback-asked": () => inline("Rollback asked for"),
  "rolled-back": (by) => inline("Rolled back", by === "" ? "" : inline(": ", code(by))),
};

/** The timeline as a region of the body: rows that the app adds later know by it which are there. */
export function timelineTable(facts: PostMortemFacts): RootContent[] {
  const rows = facts.timeline.map(timelineRow);
  const detected: Inline[][] = facts.timeline.some(({ what }) => what === "detected")
    ? []
    : [
        [
          facts.detectedText === null ? toWrite("time") : prose(facts.detectedText),
          "Issue detected",
          toWrite("by whom"),
        ],
      ];
  const waiting = Object.entries(WAITING).flatMap(([what, name]): Inline[][] =>
    facts.timeline.some((entry) => entry.what === what) ? [] : [[toWrite("time"), name, toWrite("by whom")]],
  );
  return [
    html(beginMark("timeline", facts.timeline.map(entryKey).join(" "))),
    table(["Time", "What", "Who"], [...detected, ...rows, ...waiting]),
    html(endMark("timeline")),
  ];
}

export function timelineRow({ at, what, who, detail }: TimelineEntry): Inline[] {
  return [time(at), EVENTS[what](detail), who === null ? "" : code(who)];
}

/** By what the app knows a row of its own again, whatever people made of it. */
export function entryKey({ at, what, who }: TimelineEntry): string {
  return digest(`${at} ${what} ${who ?? ""}`).slice(0, 8);
}

/** `timeline` is the plainest of Mermaid's diagrams; a colon would end a label, so times are written with `∶` (U+2236). */
export function timelineDiagram(facts: PostMortemFacts): RootContent[] {
  const lines = [
    "timeline",
    `    title Hotfix ${facts.push === null ? facts.number : mermaidLabel(shortName(facts))}`,
  ];
  let day = "";
  for (const { at, what, who, detail } of facts.timeline) {
    const [date = "", clock = ""] = utc(at).split(" ");
    if (date !== day) lines.push(`    section ${mermaidLabel(date)}`);
    day = date;
    const text = EVENTS[what](detail)
      .map((node) => ("value" in node ? node.value : ""))
      .join("");
    const by = who === null ? "" : ` (${mermaidLabel(who)})`;
    lines.push(
      `        ${mermaidLabel(clock.replace(":", ".")).replace(".", "∶")} : ${mermaidLabel(text)}${by}`,
    );
  }
  return managed("diagram", [codeBlock(lines.join("\n"), "mermaid")]);
}

export function rootCause({ fields }: PostMortemFacts): RootContent[] {
  return [
    ...(fields["Root Cause"] === undefined
      ? [p(toWrite("why it happened"))]
      : [p(bold("From the commit:")), ...said(fields["Root Cause"])]),
    p(bold("What led to it:"), " ", toWrite("the conditions under which it could happen")),
    p(
      bold("Why it was not caught earlier:"),
      " ",
      toWrite("tests, reviews, alerts that could have shown it"),
    ),
    p(bold("Similar incidents:"), " ", toWrite("none, or which, and what they have in common")),
  ];
}

/** Foreign text of some length, set off as a quotation. */
function said(text: string): RootContent[] {
  return [{ type: "blockquote", children: paragraphs(text).map((children) => p(children)) }];
}

/** More files than this are counted, not listed. */
const SHOWN_FILES = 15;

export function resolution(facts: PostMortemFacts): RootContent[] {
  const { fields, merged, files } = facts;
  const how: Inline[][] = [
    [
      facts.push === null ? "Pull request " : "Commits ",
      pullRequest(facts),
      facts.push === null ? " merged into " : " pushed straight to ",
      code(facts.base),
      ", ",
      time(merged.at),
      ", by ",
      person(merged.by),
      ...(merged.sha === null ? [] : [" as ", code(merged.sha)]),
    ],
    [
      "Deployed by ",
      fields["Deployed-By"] === undefined
        ? toWrite(DEPLOYED_BY)
        : inline(prose(fields["Deployed-By"]), ", according to the commit"),
    ],
    [
      "Tested before the merge: ",
      fields.Tested === undefined ? toWrite("what was tested") : prose(fields.Tested, 1_000),
    ],
    ["Verified in production: ", toWrite("what was checked, by whom")],
  ];
  return [
    ...(fields.Solution === undefined
      ? [p(toWrite("what was changed"))]
      : [p(bold("From the commit:")), ...said(fields.Solution)]),
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

export function actionItems({ due }: PostMortemFacts): RootContent[] {
  const item = (): Inline[] => [toWrite("task"), " – ", toWrite("assignee"), " – ", toWrite("deadline")];
  return [
    p(
      `${ACTION_ITEMS_HINT}, for example: `,
      code(`- [ ] Add a test for … – @name – ${due.slice(0, 10)}`),
      ".",
    ),
    list([item(), item()], false),
  ];
}

export function impact({ fields }: PostMortemFacts): RootContent[] {
  return [
    ...(fields.Impact === undefined ? [] : [p("The commit says: ", prose(fields.Impact, 1_000))]),
    table(
      ["What", "How much"],
      [
        ["Users affected", toWrite("number or share")],
        ["Downtime", toWrite("duration, or none")],
        ["Revenue", toWrite("amount, or none")],
        ["Support tickets", toWrite("number")],
        ["Error rate", toWrite("before, during and after")],
        ["Test coverage", toWrite("before and after")],
      ],
    ),
  ];
}

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
    p(bold("Within 15 minutes")),
    list(
      [
        ["The issue is resolved"],
        ["Error rates dropped"],
        ["Response times are normal"],
        ["No new errors"],
        ["Critical user flows work"],
      ],
      false,
    ),
    ...kinds,
    ...(kinds.length > 0
      ? []
      : [
          p(
            "No checklist for this kind of issue. Next time label the issue with its kind: one of ",
            code("verification.checklists"),
            " in the configuration, by default payment, auth, api or database.",
          ),
        ]),
    p(bold("Within 1 hour")),
    list(
      [
        ["Full smoke test"],
        ["All integrations work"],
        ["Performance is as before"],
        ["User feedback was looked at"],
      ],
      false,
    ),
  ];
}

/** What the app itself ticks, as a region of the body. */
export function openItems(facts: PostMortemFacts): RootContent[] {
  const items = openItemsOf(facts);
  return [
    html(beginMark("items", items.map(({ key }) => key).join(" "))),
    ...(items.length === 0 ? [] : [{ ...list([]), children: items.map(({ node }) => node) }]),
    html(endMark("items")),
  ];
}

export interface OpenItem {
  readonly key: string;
  readonly done: boolean;
  readonly node: ListItem;
}

/** The owed review, and the branches where the hotfix has to arrive as well. */
export function openItemsOf(facts: PostMortemFacts): readonly OpenItem[] {
  const item = (key: string, done: boolean, ...parts: readonly Inline[]): OpenItem => ({
    key,
    done,
    node: { type: "listItem", spread: false, checked: done, children: [p(...parts)] },
  });
  const review = item(
    "review",
    !facts.reviewOwed,
    bold("Owed review:"),
    " an approving review of ",
    pullRequest(facts),
    " by another engineer, who neither wrote nor pushed it",
  );
  return [
    ...(facts.reviewOwedAtMerge && facts.push === null ? [review] : []),
    ...Object.entries(facts.backMerges).map(([branch, there]) =>
      item(
        `back-merge:${digest(branch)}`,
        there.known && there.value,
        bold("Back-merge:"),
        " the hotfix is in ",
        code(branch),
        " as well",
      ),
    ),
  ];
}

/** How it went through the gate: approvals, overrides, what did not hold. */
export function gate(facts: PostMortemFacts, messageOf: MessageOf): RootContent[] {
  const { violations, warnings, approvals, refusedApprovals } = facts;
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
  const found = (f: PostMortemFacts["violations"][number]): Inline[] => {
    const message = messageOf(f.rule, f.code);
    return [code(f.rule), ": ", message === null ? code(f.code) : fill(message.found, f.data)];
  };
  if (violations.length > 0) nodes.push(p(bold("Did not hold at the merge")), list(violations.map(found)));
  if (warnings.length > 0) nodes.push(p(bold("Warnings")), list(warnings.map(found)));
  if (facts.missingFields.length > 0)
    nodes.push(
      p(
        "The commit message lacks ",
        listed(
          facts.missingFields.map((field) => code(field)),
          "and",
        ),
        ".",
      ),
    );
  return nodes.length > 0 ? nodes : [p("Nothing to report.")];
}

export function metrics(facts: PostMortemFacts): RootContent[] {
  return [
    ...managed("metrics", [metricsTable(facts)]),
    p("For programs; please leave this block as it is:"),
    metricsBlock(facts.metrics),
  ];
}

/** The metrics as data; found again by its key. */
export function metricsBlock(values: object): RootContent {
  return codeBlock(JSON.stringify({ [METRICS_KEY]: values }, null, 2), "json");
}

export function metricsTable(facts: PostMortemFacts): RootContent {
  const m = facts.metrics;
  const spans: [string, number | null][] = [
    ["Time to approval", m.time_to_approval],
    ["Time to review", m.time_to_review],
    ["Time to merge", m.time_to_merge],
    ["From detection to the merge", m.time_to_fix],
    ["From the merge to the deployment", m.time_to_deployment],
    ["From detection to the verification", m.time_to_resolution],
  ];
  const rows = spans.map(([name, seconds]): Inline[] => [
    name,
    seconds === null ? "not known" : duration(seconds * 1000),
  ]);
  const late = m.late === null ? "not known" : m.late ? "no" : "yes";
  const within = m.respond_within === null ? "" : ` (${duration(m.respond_within * 1000)})`;
  return table(
    ["Metric", "Value"],
    [
      ...rows,
      [`Within the response time of ${facts.severity ?? "its severity"}${within}`, late],
      ["Rolled back", m.rolled_back_at === null ? "no" : inline("yes, ", time(m.rolled_back_at))],
    ],
  );
}

/** Nodes that the app writes anew while nobody has touched them, as a region of the body. */
export function managed(name: string, nodes: readonly RootContent[]): RootContent[] {
  return [html(beginMark(name, digest(markdown(nodes)))), ...nodes, html(endMark(name))];
}
