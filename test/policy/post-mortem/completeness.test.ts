import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type Fact, known, unknown } from "../../../src/policy/fact.ts";
import { type ActionIssues, issuesNamedByItems } from "../../../src/policy/post-mortem/action-items.ts";
import { completenessOf } from "../../../src/policy/post-mortem/completeness.ts";

/** What people write, one a line: action items that are complete, and headings of the sections. */
const AS_WRITTEN: {
  readonly "accepted items": readonly string[];
  readonly headings: Readonly<Record<string, readonly string[]>>;
} = JSON.parse(readFileSync(join(import.meta.dirname, "as-written.json"), "utf8"));

/** What is missing in a section of a form of one's own, which asks for nothing else. */
function toBeWritten(text: string): readonly string[] {
  const input = { body: `## Timeline\n\n${text}`, ownForm: true, backMerges: {} };
  const { missing } = completenessOf({ ...input, reviewOwed: { known: true, value: false } });
  return missing.flatMap((one) => (one.kind === "placeholders" ? one.what : [`another: ${one.kind}`]));
}

describe("what is to be written is called", () => {
  it.each<[string, string, readonly string[]]>([
    ["by its label", "**What happened:** _To be written: what users saw, from the start_", ["What happened"]],
    ["by an item's label", "- **Duration:** 10:00 – _To be written: end_", ["Duration"]],
    ["by a task's label", "- [ ] Add monitoring: _To be written: which alert_", ["Add monitoring"]],
    [
      "by its row, once",
      "| _To be written: time_ | Fix deployed | _To be written: by whom_ |",
      ["Fix deployed"],
    ],
    [
      "by its row, not by the time in it",
      "| 2025-10-14 10:00 UTC | Issue detected | _To be written: by whom_ |",
      ["Issue detected"],
    ],
    [
      "by a row's first cell",
      "| **Users affected** | _To be written: number or share_ |",
      ["Users affected"],
    ],
    [
      "by its own words without a label, each once",
      "- [ ] _To be written: task_ – _To be written: person_\n- [ ] _To be written: task_ – _To be written: person_",
      ["task", "person"],
    ],
    ["by its own words in a sentence", "Deployed by _To be written: whom_", ["whom"]],
    ["by its own words in a row of nothing else", "| _To be written: time_ | – |", ["time"]],
    ["with other marks", "**Why:** *To be written: the reason*", ["Why"]],
    ["in bold", "**To be written: the reason**", ["the reason"]],
    ["bare", "To be written: the reason", ["the reason"]],
    ["in lower case, in a list", "- to be written: the reason", ["the reason"]],
    ["in a quote", "> To be written: the reason", ["the reason"]],
    ["in code", "`To be written: the reason`", ["the reason"]],
    ["struck through", "~~To be written: the reason~~", ["the reason"]],
    ["escaped", "\\_To be written: the reason\\_", ["the reason"]],
    ["as HTML", "<em>To be written: the reason</em>", ["the reason"]],
    ["in quotation marks", "«To be written: the reason»", ["the reason"]],
    ["in full-width marks", "＿To be written： the reason＿", ["the reason"]],
    ["with a French space", "*To be written : the reason*", ["the reason"]],
    ["without what", "To be written:", ["text"]],
    ["half bold", "**To be** written: the reason", ["the reason"]],
    ["a TODO in italics", "*TODO: the reason*", ["the reason"]],
    ["with a dash", "To be written – the reason", ["the reason"]],
    ["with two spaces", "To be  written: the reason", ["the reason"]],
    ["a TODO with a dash", "TODO - the reason", ["the reason"]],
    ["a TODO in full width", "ＴＯＤＯ：the reason", ["the reason"]],
    ["a TODO with a small colon", "TODO﹕ the reason", ["the reason"]],
    ["none: a heading of what is to do", "To do next: rotate the keys", []],
    ["a TODO in italics, in a sentence", "Deployed by *TODO: whom*", ["whom"]],
    ["a TODO without marks", "TODO: the reason", ["the reason"]],
    ["a TODO behind a label", "**Why:** TODO: the reason", ["Why"]],
    ["a TODO in a cell", "| TODO: time | Fix deployed | x |", ["Fix deployed"]],
    ["a task that is a TODO", "- [ ] To-do: the task", ["the task"]],
    [
      "by a row without its last bar, or away from the margin",
      "| _TODO: time_ | Fix deployed\n  | _TODO: time_ | Issue detected |",
      ["Fix deployed", "Issue detected"],
    ],
    [
      "by a label with an underscore in it",
      "**The max_age of tokens:** _TODO: why_",
      ["The max_age of tokens"],
    ],
    ["by its label, whoever is asked", "**Why:** TODO: ask @jane by 2025-10-20", ["Why"]],
    ["none: an item without a box, complete", "- TODO: Test – @jane – 2025-10-20", []],
    ["none: a box and two spaces, complete", "- [ ]  TODO: Test – @jane – 2025-10-20", []],
    ["none in what a sentence says", "We had left a // TODO in the code: nobody read it", []],
    ["none: a TODO in code", "The line `x(); // TODO: retry` was left", []],
  ])("%s", (_, text, expected) => expect(toBeWritten(text)).toEqual(expected));
});

/** What keeps a post-mortem of the app's own form from being complete. */
function missingIn(change: (body: string) => string): readonly string[] {
  const { missing } = completenessOf({
    body: change(WRITTEN),
    ownForm: false,
    backMerges: {},
    reviewOwed: { known: true, value: false },
  });
  return missing.map((one) => {
    if (one.kind === "action-item") return `${one.text}: ${one.lacks.join(", ")}`;
    if (one.kind === "empty-section") return `${one.section}: empty`;
    return one.kind === "empty-label" ? `${one.label}: nothing behind it` : one.kind;
  });
}

const ITEM = "- [ ] Test umlauts – @jane – 2025-10-20";
const WRITTEN = [
  "## Incident Summary\n\nPayments failed.",
  "## Timeline\n\n| Time | What |\n| - | - |\n| 10:00 | Merged |",
  "## Root Cause\n\nAn encoding.",
  "## Resolution\n\nAnother encoding.",
  "## Prevention\n\nTests.",
  `## Action Items\n\nEach with one person and a date, for example: \`- [ ] x\`.\n\n${ITEM}`,
].join("\n\n");
const items = (text: string) => (body: string) => body.replace(ITEM, text);

describe("not talked round", () => {
  it.each<[string, (body: string) => string, readonly string[]]>([
    ["all written", (body) => body, []],
    [
      "one heading for all sections",
      () => "## Incident Summary, Timeline, Root Cause, Resolution, Prevention and Action Items\n\nNone.",
      [
        "Incident Summary, Timeline, Root Cause, Resolution, Prevention and Action Items: empty",
        "Timeline: empty",
        "Root Cause: empty",
        "Resolution: empty",
        "Prevention: empty",
        "Action Items: empty",
      ],
    ],
    ["a section taken out", (body) => body.replace(/## Timeline[^#]*/, ""), ["Timeline: empty"]],
    [
      "a section commented out",
      (body) => body.replace(/(?<=## Timeline)([^#]*)/, "\n<!--$1-->\n"),
      ["Timeline: empty"],
    ],
    [
      "action items as text",
      items("Test umlauts.\nSome day."),
      ["Test umlauts. Some day.: assignee, deadline"],
    ],
    [
      "action items as a table",
      items("| Task | Who | By |\n| - | - | - |\n| Test | @jane | 2025-10-20 |\n| Alert | Bob | |"),
      ["Alert – Who: Bob: deadline"],
    ],
    ["x for action items", items("x"), ["Action Items: empty"]],
    ["none for action items, and not why", items("**None.**"), ["Action Items: empty"]],
    [
      "none for action items, in other words",
      items("No further action items needed"),
      ["Action Items: empty"],
    ],
    ["the hint and N/A", items("- N/A"), ["Action Items: empty"]],
    ...[
      "None",
      "N/A",
      "n. a.",
      "-",
      "—",
      "tbd",
      "**TBD**",
      "WIP",
      "> wip",
      "todo",
      "_none_",
      "- none",
      "1. Nothing",
      "None at all",
      "WIP: see later",
      "To be completed by Mei",
      "&nbsp;",
    ].map((text): [string, (body: string) => string, readonly string[]] => [
      `${text} for a root cause`,
      (body) => body.replace("An encoding.", text),
      ["Root Cause: empty"],
    ]),
    ...[
      "lorem ipsum dolor sit amet",
      "xxx",
      "…",
      "| - | - |",
      "Keine.",
      "なし",
      "нет",
      "<i>none</i>",
      "none\u200b",
      "**Cause:** n/a",
    ].map((text): [string, (body: string) => string, readonly string[]] => [
      `${text} for a root cause`,
      (body) => body.replace("An encoding.", text),
      ["Root Cause: empty"],
    ]),
    ...[
      "Unknown.",
      "Tests",
      "None of the retries had a limit",
      "None: the provider's",
      "N/A, since it was theirs",
      "不明",
      "DNS",
    ].map((text): [string, (body: string) => string, readonly string[]] => [
      `${text}: somebody's word`,
      (body) => body.replace("An encoding.", text),
      [],
    ]),
    [
      "Customer impact: none",
      (body) => body.replace("Payments failed.", "**What happened:** a delay\n\n**Users affected:** none"),
      [],
    ],
    ["an item that begins with TODO, complete", items("- [ ] TODO: Test umlauts – @jane – 2025-10-20"), []],
    ["none, and why", items("None: the old system is switched off this week."), []],
    ["no action needed", items("**No action needed**, it was the provider's."), []],
    ["steps of an item", items(`${ITEM}\n  - first here\n  - then there`), []],
    ["an item ticked without a person", items("- [x] Test umlauts"), ["Test umlauts: assignee, deadline"]],
  ])("%s", (_, change, expected) => expect(missingIn(change)).toEqual(expected));
});

describe("labels with nothing behind them", () => {
  it.each<[string, readonly string[]]>([
    ["**First:**", ["First"]],
    ["  **First:**  ", ["First"]],
    ["**First**:", ["First"]],
    ["First: TBD\n\nAn encoding.", ["First"]],
    ["**The max_age of tokens:**", ["The max_age of tokens"]],
    ["**First:**\n**Second:** an encoding", ["First"]],
    ["**First:**\n \nAn encoding.", []],
    ["**First:**\nAn encoding, see **Note:** below", []],
    ["- **Impact:**\n- Users  affected: all", ["Impact"]],
    ["- **Impact:**\n - Users affected: all", ["Impact"]],
    ["- **Impact:**\n  payments failed", []],
    ["- **Impact:**\n\tpayments failed", []],
    ["1. Impact: payments: all", []],
  ])("%j", (text, labels) => {
    const missing = missingIn((body) => body.replace("An encoding.", `An encoding.\n\n${text}`));
    expect(missing).toEqual(labels.map((label) => `${label}: nothing behind it`));
  });

  it("stand beside what is to be written", () => {
    expect(missingIn((body) => body.replace("An encoding.", "TODO:\n\n**Second:**"))).toEqual([
      "placeholders",
      "TODO: nothing behind it",
      "Second: nothing behind it",
    ]);
  });
});

it("asks for the review and for the branches that the hotfix is not on", () => {
  const of = (reviewOwed: Fact<boolean>, backMerges: Readonly<Record<string, Fact<boolean>>>) =>
    completenessOf({ body: WRITTEN, ownForm: false, reviewOwed, backMerges });
  expect(of(known(true), { develop: known(false), "release/1": known(true) })).toEqual({
    missing: [{ kind: "owed-review" }, { kind: "back-merge", branch: "develop" }],
    undecided: [],
  });
  expect(of(unknown("reviews: 502"), { develop: unknown("develop: 502") })).toEqual({
    missing: [],
    undecided: ["reviews: 502", "develop: 502"],
  });
});

/** What an action item lacks, by the issues that are known; `unread`: it cannot be said. */
function itemLacks(item: string, issues: ActionIssues = {}): string {
  const body = WRITTEN.replace(ITEM, item);
  const reviewOwed = { known: true, value: false } as const;
  const actionIssues = { repository: "kamiyo/api", issues };
  const { missing, undecided } = completenessOf({
    body,
    ownForm: false,
    backMerges: {},
    reviewOwed,
    actionIssues,
  });
  if (undecided.length > 0) return "unread";
  return missing
    .flatMap((one) => (one.kind === "action-item" ? [...one.lacks] : [one.kind as string]))
    .join(", ");
}

describe("action items as people write them", () => {
  it.each([
    ["- None: the old system is switched off", ""],
    ["- [x] None – covered by #12", ""],
    ["* No further action, the provider has fixed it", ""],
    ["- Keine: das alte System ist abgeschaltet", ""],
    ["- Aucune : l'ancien système est arrêté", ""],
    ["- Ninguna: el sistema antiguo está apagado", ""],
    ["- Nessuna: il vecchio sistema è spento", ""],
    ["- Нет: старая система отключена", ""],
    ["- なし：旧システムは停止済み", ""],
    ["- 无：旧系统已下线", ""],
    ["- 없음: 기존 시스템은 종료됨", ""],
    ["- ~~Test umlauts~~\n- Add an alert – @jane – 2025-10-20", ""],
    ["- [ ] ~~Test umlauts~~ (not needed)\n- None: the provider's", ""],
    ["- [ ] <del>Test umlauts</del>\n- Alert – @jane – Friday", ""],
    ["- Alert – @jane – October 20th", ""],
    ["- Alert – @jane, 20-Oct-2025", ""],
    ["- Alert (@jane, 2025/10/20)", ""],
    ["- Alert – @jane – 2025.10.20", ""],
    ["- Alert – @jane – 2025-10-20T12:00Z", ""],
    ["- アラートを追加 担当：@kenji 期限：2025年10月20日", ""],
    ["- アラートを追加＠kenji、10月20日まで", ""],
    ["- Alarm ergänzen – @jana – 20. Oktober 2025", ""],
    ["- Alerta – @juan – 20 de octubre de 2025", ""],
    ["- Оповещение – @ivan – 20 мая 2025", ""],
    ["- Alerte – @jean – 3 décembre", ""],
    ["- Alert – @jane – next Friday", ""],
    ["- Alert – @jane – Q4 2025", ""],
    ["- Alert – owner: Jane Doe – due: 2025-10-20", ""],
    ["- Alert (Verantwortlich: Jana, bis 20. Oktober)", ""],
    ["- Оповещение, ответственный: Иван, до 20 октября", ""],
    ["- 告警 负责人：李雷 2025-10-20", ""],
    ["- Alert – [Jane](https://github.com/jane) – 2025-10-20", ""],
    ["| Task | Owner | Due |\n| - | - | - |\n| Alert | Jane Doe | 2025-10-20 |", ""],
    ["| 作業 | 担当 | 期限 |\n| - | - | - |\n| アラート | 田中 | 10月20日 |", ""],
    ["- [ ] kamiyo/web#4", ""],
    // And what is refused all the same.
    ["- None", "empty-section"],
    ["- Keine.", "empty-section"],
    ["- ~~None~~", "empty-section"],
    ["- Alert", "assignee, deadline"],
    ["- Alert – @jane", "deadline"],
    ["- Alert – @jane – soon", "deadline"],
    ["- Alert – @jane – asap", "deadline"],
    ["- Read 16 octets – @jane", "deadline"],
    ["- Node 16 may fail – @jane", "deadline"],
    ["- Alert – 2025-10-20", "assignee"],
    ["- Alert – jane@kamiyo.example – 2025-10-20", "assignee"],
    ["- Alert – owner: TBD – 2025-10-20", "assignee"],
    ["- Alert – Owner: – 2025-10-20", "assignee"],
    ["- None of the retries has a limit", "assignee, deadline"],
    ["| Task | Owner | Due |\n| - | - | - |\n| Alert | TBD | TBD |", "assignee, deadline"],
    ["- [ ] #4", "assignee, deadline"],
  ])("%j lacks %j", (item, lacks) => expect(itemLacks(item)).toBe(lacks));

  it.each(AS_WRITTEN["accepted items"])("%j is complete", (item) => {
    const issues = { 4: issue(true, true), 5: issue(false, false, true) };
    expect(itemLacks(item, issues)).toBe("");
  });

  it.each([
    ["Nicht nötig.", "empty-section"],
    ["不要", "empty-section"],
    ["| Action | Owner | Due |\n|---|---|---|\n| | | |", "empty-section"],
    ["| Action | Owner | Due |\n|---|---|---|\n| Alert | | |", "assignee, deadline"],
    ["- Alert – someone – Friday", "assignee"],
    ["- Alert – owner: nobody – Friday", "assignee"],
    ["- Alert – Owner: unassigned – Friday", "assignee"],
    ["- Alert – Verantwortlich: offen – Freitag", "assignee"],
    ["- Alert on UTF-8 errors", "assignee, deadline"],
    ["- Alert – High – Friday", "assignee"],
    ["- Add an alert – Friday", "assignee"],
    ["The owner is not known yet:\n\n- Alert", "assignee, deadline"],
    ["All for @jane:\n\n- Alert", "assignee, deadline"],
    ["- ~~Alert~~ Alert on every failed signature of the webhooks", "assignee, deadline"],
    ["- #6", "assignee, deadline"],
  ])("%j lacks %j", (item, lacks) => expect(itemLacks(item)).toBe(lacks));

  const issue = (assigned: boolean, scheduled: boolean, closed = false) =>
    known({ assigned, scheduled, closed });
  it.each<[string, ActionIssues, string]>([
    ["- [ ] #4", { 4: issue(true, true) }, ""],
    ["- [ ] kamiyo/api#4", { 4: issue(true, true) }, ""],
    ["- [ ] https://github.example/kamiyo/api/issues/4", { 4: issue(true, true) }, ""],
    ["- [ ] Alert (#4)", { 4: issue(true, true) }, ""],
    ["- [ ] #4 – @jane", { 4: issue(false, true) }, ""],
    ["- [ ] #4 – 2025-10-20", { 4: issue(true, false) }, ""],
    ["- [x] #4", { 4: issue(false, false, true) }, ""],
    ["- [ ] #4", { 4: issue(true, false) }, "deadline"],
    ["- [ ] #4", { 4: issue(false, true) }, "assignee"],
    ["- [ ] kamiyo/api#4", { 4: issue(true, false) }, "deadline"],
    ["- [ ] #4", { 4: known(null) }, "assignee, deadline"],
    ["- [ ] #4", { 4: unknown("issue: 502") }, "unread"],
    ["- [ ] #4 – @jane – 2025-10-20", { 4: unknown("issue: 502") }, ""],
    ["- [ ] #4", { 5: issue(true, true) }, "assignee, deadline"],
  ])("%j with %j lacks %j", (item, issues, lacks) => expect(itemLacks(item, issues)).toBe(lacks));

  it("asks for ten issues at most, and only where an item lacks something", () => {
    const named = (items: string) => issuesNamedByItems(WRITTEN.replace(ITEM, items), "kamiyo/api");
    expect(named("- #4\n- #5 – @jane – 2025-10-20\n- kamiyo/web#6\n- #4 again")).toEqual([4]);
    expect(named(Array.from({ length: 30 }, (_, i) => `- #${i + 1}`).join("\n"))).toHaveLength(10);
  });
});

describe("headings as people write them", () => {
  const as = (from: string, to: string) => (body: string) => body.replace(`## ${from}\n`, `${to}\n`);
  it.each([
    ["Root Cause", "### Root Cause"],
    ["Root Cause", "#### Root cause"],
    ["Root Cause", "## Root-Cause Analysis"],
    ["Root Cause", "## Rootcause"],
    ["Root Cause", "## 3. Root Cause"],
    ["Root Cause", "## 3) Root Cause"],
    ["Root Cause", "## III. Root Cause"],
    ["Root Cause", "## 🔍 Root Cause"],
    ["Root Cause", "## **Root Cause**"],
    ["Root Cause", "## Root cause:"],
    ["Root Cause", "## ROOT CAUSE ##"],
    ["Root Cause", "Root Cause\n=========="],
    ["Root Cause", "Root Cause\n----------"],
    ["Root Cause", "**Root Cause**"],
    ["Root Cause", "**Root Cause:**"],
    ["Root Cause", "__Root Cause__"],
    ["Root Cause", "## Ursache"],
    ["Root Cause", "## Ursache des Ausfalls"],
    ["Root Cause", "## Cause racine"],
    ["Root Cause", "## Causa raíz"],
    ["Root Cause", "## Корневая причина"],
    ["Root Cause", "## 根本原因"],
    ["Root Cause", "## 根本原因の分析"],
    ["Root Cause", "## 근본 원인"],
    ["Incident Summary", "## Summary"],
    ["Incident Summary", "## Zusammenfassung"],
    ["Incident Summary", "## 概要"],
    ["Timeline", "## Chronologie"],
    ["Timeline", "## 时间线"],
    ["Resolution", "## Behebung"],
    ["Resolution", "### Решение"],
    ["Prevention", "## Lessons learned"],
    ["Prevention", "## 再発防止"],
    ["Action Items", "## Next steps"],
    ["Action Items", "## Maßnahmen"],
    ["Action Items", "## Action-Items"],
  ])("%s as %j", (from, to) => expect(missingIn(as(from, to))).toEqual([]));

  it.each<[string, string, readonly string[]]>([
    ["Root Cause", "## Roots", ["Root Cause: empty"]],
    ["Root Cause", "## Because", ["Root Cause: empty"]],
    ["Root Cause", "Root Cause", ["Root Cause: empty"]],
    ["Prevention", "## Impact", ["Prevention: empty"]],
  ])("%s as %j is not there", (from, to, missing) => expect(missingIn(as(from, to))).toEqual(missing));

  it.each(
    Object.entries(AS_WRITTEN.headings).flatMap(([section, titles]) =>
      titles.map((title): [string, string] => [section, title]),
    ),
  )("%s as %j in any of their forms", (section, title) => {
    for (const heading of [`## ${title}`, `### 2. ${title}`, `${title}\n======`, `**${title}**`])
      expect(missingIn(as(section, heading))).toEqual([]);
  });

  it.each([
    "### Actions taken",
    "**Actions taken during the incident**",
    "### Durchgeführte Maßnahmen",
    "### Actions menées",
    "### Действия предпринятые командой",
  ])("takes no item under %j for one that is to be done", (heading) => {
    const change = (body: string) =>
      body.replace("Another encoding.", `${heading}\n\n- Rolled back\n- Restarted`);
    expect(missingIn(change)).toEqual([]);
  });

  it("finds what is written under deeper headings, which may name sections as well", () => {
    const under = (heading: string) => (body: string) =>
      body.replace("An encoding.", `${heading}\n\nAn encoding.`);
    for (const heading of ["### Why it happened", "### Details", "#### Trigger", "**Cause**"])
      expect(missingIn(under(heading))).toEqual([]);
    expect(missingIn((body) => body.replace("An encoding.", "### Why it happened\n\nTBD"))).toEqual([
      "Root Cause: empty",
      "Why it happened: empty",
    ]);
    expect(
      missingIn((body) => body.replace(ITEM, `### Next steps\n\n${ITEM}\n\n### Tasks\n\n- Alert`)),
    ).toEqual(["Alert: assignee, deadline"]);
  });

  it("finds what is written below a deeper heading with nothing under it", () => {
    const text = "### Why it happened\n\n#### Trigger\n\nAn encoding.";
    expect(missingIn((body) => body.replace("An encoding.", text))).toEqual([]);
  });

  it("takes a heading that names two sections for the one that has no other", () => {
    const both = "## Timeline and root cause";
    for (const [first, second] of [
      ["## Chronology", both],
      [both, "## Chronology"],
    ] as const) {
      const change = (body: string) => body.replace("## Timeline", first).replace("## Root Cause", second);
      expect(missingIn(change)).toEqual([]);
      expect(missingIn((body) => change(body).replace("## Chronology", "## History"))).toEqual([
        "Root Cause: empty",
      ]);
    }
  });

  it("keeps subheadings in their section", () => {
    const change = (body: string) =>
      body.replace("An encoding.", "### Details\n\nAn encoding.\n\n#### More\n\nText.");
    expect(missingIn(change)).toEqual([]);
  });

  it("finds a placeholder and an incomplete item under any of them", () => {
    expect(
      missingIn((body) =>
        body.replace("## Root Cause\n\nAn encoding.", "### Ursache\n\n_To be written: why_"),
      ),
    ).toEqual(["placeholders"]);
    expect(
      missingIn((body) => body.replace("## Action Items", "Maßnahmen\n=========").replace(ITEM, "- Alarm")),
    ).toEqual(["Alarm: assignee, deadline"]);
  });

  it("does not take the list of a form of one's own for action items, whatever it is called", () => {
    const input = { ownForm: true, reviewOwed: { known: true, value: false } as const, backMerges: {} };
    expect(completenessOf({ ...input, body: "## Next steps\n\n- Sleep" }).missing).toEqual([]);
    expect(completenessOf({ ...input, body: "## Action items\n\n- Sleep" }).missing).toHaveLength(1);
  });

  it("looks at more items than anybody writes, and no further", () => {
    const item = (i: number) => `- Alert ${i}`;
    const lacks = (count: number) =>
      missingIn((body) => body.replace(ITEM, Array.from({ length: count }, (_, i) => item(i)).join("\n")))
        .length;
    expect(lacks(90)).toBe(90);
    expect(lacks(5_000)).toBe(100);
  });

  it("takes as much as GitHub takes at once", () => {
    const started = performance.now();
    const rest = { ownForm: false, reviewOwed: { known: true, value: false } as const, backMerges: {} };
    for (const piece of [
      "- a\n",
      "**a**\n",
      "a\n==\n",
      "### a\n",
      "| a |\n",
      "~~",
      "- #1 @a\n",
      "- owner: a\n",
    ])
      completenessOf({ ...rest, body: `## Action Items\n\n${piece.repeat(65_000 / piece.length)}` });
    expect(performance.now() - started).toBeLessThan(8000);
  });
});
