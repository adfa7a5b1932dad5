import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRecord } from "../../../src/github/collect/check/record-text.ts";
import { neverKnown } from "../../../src/policy/fact.ts";
import { RULE_IDS } from "../../../src/policy/policy.ts";
import { COMMON_MESSAGES } from "../../../src/policy/rule.ts";
import { type Outcome, type RuleFinding, type Verdict, WORST_FIRST } from "../../../src/policy/verdict.ts";
import { renderCheck } from "../../../src/render/gate/check.ts";
import { renderBranchCheck, renderUnreadable } from "../../../src/render/gate/check-without-verdict.ts";
import type { CheckContext } from "../../../src/render/gate/desired-check.ts";
import { snapshot } from "../../support/snapshot.ts";
import { all, dangers, nasty, parse } from "../nasty.ts";
import { DOCS, SITUATIONS, situation } from "../situations.ts";

const context: CheckContext = { docsUrl: DOCS };
const url = (n: number) => `https://github.example/kamiyo/api/pull/${n}`;
const on = (verdict: Verdict, number = 42) => ({ number, url: url(number), verdict });
const render = (verdict: Verdict, more: Partial<CheckContext> = {}) =>
  renderCheck([on(verdict)], { ...context, ...more });

const ready = SITUATIONS.ready().verdict;
const sloppy = SITUATIONS.sloppy().verdict;
const waiting = SITUATIONS.waiting().verdict;
const unread = SITUATIONS.unread().verdict;
const tooLarge = situation(snapshot({ files: neverKnown("the files: 3,000", "split the change") })).verdict;
const observed = SITUATIONS.observed().verdict;
const ordinary = SITUATIONS.ordinary().verdict;
const stale = SITUATIONS.stale().verdict;

const firstLine = (text: string) => text.split("\n")[0] ?? "";

describe("status, conclusion and title", () => {
  it.each([
    ["not a hotfix", ordinary, {}, "completed", "skipped", "Not a hotfix"],
    [
      "a back-merge",
      { ...ordinary, kind: "back-merge" as const },
      {},
      "completed",
      "skipped",
      "Back-merge: nothing to check",
    ],
    ["violated", sloppy, {}, "completed", "failure", "Blocked: 3 rules"],
    [
      "a person is missing",
      stale,
      {},
      "completed",
      "action_required",
      "Waiting for approval: engineering-manager or cto",
    ],
    ["unknown, being retried", unread, {}, "in_progress", null, /^Reading GitHub again: the files/],
    [
      "unknown, given up",
      unread,
      { givenUp: true },
      "completed",
      "failure",
      /^Could not read GitHub: the files/,
    ],
    ["never to be known", tooLarge, {}, "completed", "failure", "Too large to check: the files: 3,000"],
    ["satisfied", ready, {}, "completed", "success", "Ready: P1"],
    ["observed", observed, {}, "completed", "neutral", /^Would be: Waiting for approval: /],
  ])("%s", (_, verdict, more, status, conclusion, title) => {
    const check = render(verdict, more);
    expect(check).toMatchObject({ status, conclusion });
    if (typeof title === "string") expect(check.title).toBe(title);
    else expect(check.title).toMatch(title);
  });

  it("the worst of several decides, and each has its section", () => {
    const check = renderCheck([on(ready, 1), on(sloppy, 2), on(waiting, 3), on(ordinary, 4)], context);
    expect(check).toMatchObject({ conclusion: "failure", title: "#2: Blocked: 3 rules" });
    expect([...check.summary.matchAll(/^## \[#(\d)\]/gm)].map((m) => m[1])).toEqual(["2", "3", "1"]);
    expect(firstLine(check.summary)).toContain("fill in and run the block below");
  });

  it("without any verdict nothing passes", () => {
    expect(renderCheck([], context)).toMatchObject({ status: "completed", conclusion: "failure" });
  });

  it("a branch without a pull request never passes", () => {
    const check = renderBranchCheck({ name: "hotfix/x", base: "main", repositoryUrl: url(0) }, context);
    expect(check).toMatchObject({ conclusion: "action_required", title: "Open a pull request" });
  });

  it("what could not be read is in progress, then fails", () => {
    const what = ["the pull request: GitHub answered 502"];
    expect(renderUnreadable(what, context)).toMatchObject({ status: "in_progress", conclusion: null });
    expect(renderUnreadable(what, { ...context, givenUp: true })).toMatchObject({
      status: "completed",
      conclusion: "failure",
    });
  });

  it("passes for no outcome but those that may", () => {
    const outcomes = fc.constantFrom<Outcome>(...WORST_FIRST);
    fc.assert(
      fc.property(fc.array(outcomes, { minLength: 1, maxLength: 5 }), fc.boolean(), (list, givenUp) => {
        const check = renderCheck(
          list.map((outcome, i) => on({ ...ready, outcome, wouldBe: outcome }, i + 1)),
          { ...context, givenUp },
        );
        const blocked = list.some((o) => o === "failure" || o === "unknown" || o === "action_required");
        expect(["success", "neutral", "skipped"].includes(check.conclusion ?? "none")).toBe(!blocked);
      }),
    );
  });
});

describe("the first line says the next step and who can do it", () => {
  it.each([
    [
      "blocked",
      sloppy,
      {},
      /^\*\*Next:\*\* `john` \(or anyone who can push\): fill in and run the block below\.$/,
    ],
    [
      "waiting",
      stale,
      {},
      /^Waiting for 1 approval from `jane` \(`engineering-manager`\).*: approve in a review, or set the label/,
    ],
    [
      "nobody can",
      SITUATIONS["nobody-can"]().verdict,
      {},
      /^No eligible approver: .*\*\*Next:\*\* an administrator/,
    ],
    ["ready", ready, {}, /^Ready to merge\. A post-mortem issue will open automatically\./],
    [
      "observed",
      observed,
      {},
      /^Observe mode: nothing is blocked\. In enforce mode, this would apply\. Waiting for 1 approval/,
    ],
    ["unread", unread, {}, /^\*\*Next:\*\* wait a moment/],
    [
      "given up",
      unread,
      { givenUp: true },
      /^\*\*Next:\*\* re-run this check, or comment `\/hotfix recheck`/,
    ],
    [
      "too large",
      tooLarge,
      {},
      /^\*\*Next:\*\* `john` \(or anyone who can push\): split the change.*the files: 3,000/,
    ],
    ["no hotfix", ordinary, {}, /^Nothing to do/],
  ])("%s", (_, verdict, more, line) => {
    expect(firstLine(render(verdict, more).summary)).toMatch(line);
  });

  it("one failed rule is named with its fix", () => {
    const [finding] = sloppy.findings.filter((f) => f.rule === "linked-issue");
    if (finding === undefined) throw new Error("the example has changed");
    const { follows: _, ...alone } = finding;
    const one = { ...waiting, outcome: "failure" as const, wouldBe: "failure" as const, findings: [alone] };
    const check = render(one);
    expect(check.title).toBe("Blocked: linked-issue");
    expect(firstLine(check.summary)).toMatch(
      /: fix `linked-issue`\. Name the issue.* Then ask for approval\.$/,
    );
  });

  it("a merge that GitHub's own rules still keep back is not promised for now", () => {
    const line = (code: string) =>
      firstLine(
        render({ ...ready, notices: [{ code, data: { base: "main", count: 1, severity: "P0" } }] }).summary,
      );
    expect(line("protection-wants-review")).toMatch(/^Ready to merge once GitHub's own review rule is met\./);
    expect(line("draft")).toMatch(/^Ready to merge once it is marked as ready for review\./);
  });

  it("what could not be read has a row that says what to do", () => {
    const row = (text: string) => text.split("\n").find((each) => each.includes("/diff-size.md"));
    expect(row(render(unread).summary)).toContain("| The app retries automatically. |");
    expect(row(render(unread, { givenUp: true }).summary)).toContain("| Comment `/hotfix recheck`. |");
    expect(row(render(tooLarge).summary)).toContain("| See the next step above; a retry won't help. |");
  });

  it("overrides are told of only where there is something to override", () => {
    const told = (verdict: Verdict) => render(verdict).text.includes("overrides");
    expect(told(sloppy)).toBe(true);
    expect(told(SITUATIONS.rollback().verdict)).toBe(false);
    expect(told({ ...ordinary, outcome: "unknown", wouldBe: "unknown", unknowns: ["x"] })).toBe(false);
  });

  it("not a hotfix is two lines and nothing else", () => {
    const check = render(ordinary);
    expect(check.summary.trim().split(/\n+/)).toHaveLength(2);
    expect(check.text).toBe("");
  });
});

describe("the table", () => {
  it("has a row for each rule, what failed first, linked to its page; what passed or follows is folded", () => {
    const root = parse(render(sloppy).summary);
    const rows = all(root, "table").flatMap((one) => all(one, "tableRow").slice(1));
    expect(rows).toHaveLength(RULE_IDS.length);
    expect(rows.map((row) => all(row, "text")[0]?.value.slice(0, 1))).toEqual([
      ...Array(6).fill("❌"),
      ...Array(5).fill("✅"),
      ...Array(4).fill("➖"),
    ]);
    expect(rows.map((row) => all(row, "link")[0]?.url)).toEqual(
      expect.arrayContaining(RULE_IDS.map((id) => `${DOCS}/rules/${id}.md`)),
    );
  });

  it("shows who overrode a rule and why", () => {
    const override = {
      rule: "scope" as const,
      reason: "it is generated",
      by: "jane",
      at: "2025-10-14T10:00:00Z",
      commentUrl: url(1),
    };
    const findings = sloppy.findings.map(
      (f): RuleFinding => (f.rule === "scope" ? { ...f, state: "overridden", override } : f),
    );
    const row = render({ ...sloppy, findings, overrides: [override] })
      .summary.split("\n")
      .find((line) => line.includes("rules/scope.md"));
    expect(row).toMatch(/^\| ☑️\u00a0overridden \|.*overridden by `jane`: it is generated \| \|$/);
  });
});

describe("identity and record", () => {
  it("the digest covers what is seen and not the record", () => {
    const a = render(ready, { record: '{"v":1,"x":"a"}' });
    const b = render(ready, { record: '{"v":1,"x":"b"}' });
    expect(a.externalId).toBe(b.externalId);
    expect(a.text).not.toBe(b.text);
    const others = [
      render(stale),
      render(ready, { docsUrl: "https://other.example" }),
      render(unread),
      render(unread, { givenUp: true }),
    ];
    expect(new Set([a, ...others].map((c) => c.externalId)).size).toBe(5);
    expect(render(ready).externalId).toBe(render(structuredClone(ready)).externalId);
  });

  it("the record comes back, whatever stands in it", () => {
    const record = {
      v: 1,
      arrivals: [{ pr: 42, base: "a-->b<!-- x", at: "2025-10-14T10:00:00Z" }],
    };
    const { text } = render(ready, { record: JSON.stringify(record) });
    expect(readRecord(text).arrivals).toEqual(record.arrivals);
    expect(all(parse(text), "html")).toHaveLength(1);
  });
});

/** A verdict in which every foreign text is nasty. */
const nastyVerdict = fc.tuple(nasty, nasty, nasty).map(([a, b, c]): Verdict => {
  const data = {
    branch: a,
    pattern: b,
    proposal: c,
    files: [a, b, c],
    issues: [a],
    reason: b,
    unrelated: 3,
    texts: [c],
  };
  const text = { by: a, reason: b };
  const findings = sloppy.findings.map(
    (f, i): RuleFinding => ({
      ...f,
      data: {
        ...data,
        ...Object.fromEntries(Object.keys(f.data).map((key) => [key, i % 2 === 0 ? a : [b, c]])),
      },
      annotations: [{ path: a, startLine: 1, endLine: 1, level: "failure", title: b, message: c }],
    }),
  );
  const problem = { file: a, line: 1, column: 1, key: b, message: c, fix: a };
  return {
    ...sloppy,
    fixBlock: [a, b],
    warningBlocks: [{ rule: "scope", commands: [a, b] }],
    findings,
    author: { login: a, type: "User" },
    approvals: {
      counted: [{ login: a, role: b, by: "label", at: c }],
      refused: [{ login: b, role: c, by: "review", code: a, at: b, labelIsOn: true }],
      roles: [a, b],
      missing: 1,
      holders: { [a]: [b, c], [b]: null },
      nobodyCan: false,
    },
    overrides: [{ ...text, rule: "scope", at: c, commentUrl: url(1) }],
    refusedOverrides: [{ rule: a, by: b, commentId: 1, code: c }],
    unknowns: [a, b],
    notices: [
      { code: "protection-wants-review", data: { base: a, count: 1, severity: b } },
      { code: c, data: {} },
    ],
    proposedConfig: { problems: [problem] },
    configProblems: [],
  };
});

/** The one HTML that is ours: what passed, and what a warning's commands are, folded. */
const FOLDED =
  /^(?:<details><summary>(?:(?:\d+ more rules? fixed by these, )?\d+(?: rules?)? passed(?:, \d+ n\/a)?|Fix the warning [a-z-]+)<\/summary>|<\/details>)$/;

describe("foreign text", () => {
  it("changes nothing but its place", () => {
    fc.assert(
      fc.property(nastyVerdict, nasty, (verdict, branch) => {
        const checks = [
          render(verdict, { record: '{"v":1}' }),
          render({ ...verdict, outcome: "action_required", wouldBe: "action_required" }),
          render({ ...verdict, configProblems: verdict.proposedConfig?.problems ?? [] }),
          renderCheck([on(verdict, 1), on(verdict, 2)], context),
          renderBranchCheck({ name: branch, base: branch, repositoryUrl: url(0) }, context),
          renderUnreadable([branch], context),
        ];
        for (const check of checks) {
          const root = parse(check.summary);
          expect(
            all(root, "html")
              .map(({ value }) => value)
              .filter((tag) => !FOLDED.test(tag)),
          ).toEqual([]);
          expect(all(root, "image")).toEqual([]);
          expect(dangers(root)).toEqual([]);
          for (const link of all(root, "link"))
            expect(link.url).toMatch(/^https:\/\/(docs|github)\.example\//);
          expect(check.summary).not.toContain("<!--");
          expect(check.title.replaceAll("\u200d", "")).not.toMatch(/[\n\r\p{Cf}\p{Cs}]/u);
        }
        const tables = all(parse(checks[0]?.summary ?? ""), "table");
        expect(tables.map((t) => t.children.length)).toEqual([4, 13, 2]);
        for (const row of tables.flatMap((t) => t.children)) expect(row.children).toHaveLength(4);
      }),
      { numRuns: 10, endOnFailure: true },
    );
  });
});

describe("GitHub's limits", () => {
  const huge = "@x `|` ".repeat(20_000);
  const big = (findings: number): Verdict => ({
    ...sloppy,
    findings: sloppy.findings.flatMap((f) =>
      Array.from({ length: findings }, () => ({
        ...f,
        data: { ...f.data, problems: Array(20).fill(huge) },
      })),
    ),
    fixBlock: [huge],
    unknowns: Array.from({ length: 20 }, (_, i) => `${i} ${huge}`),
  });

  it("one pull request: cut with a note, whole rows, what blocks is there", () => {
    for (const n of [5, 12]) {
      const check = render(big(n));
      expect(Buffer.byteLength(check.summary)).toBeLessThanOrEqual(65_535);
      expect(check.summary).toContain("Cut here");
      const [table] = all(parse(check.summary), "table");
      expect(table?.children.length).toBeGreaterThan(5);
      for (const row of table?.children ?? []) expect(row.children).toHaveLength(4);
      expect(all(table?.children[1] ?? parse(""), "text")[0]?.value).toBe("❌\u00a0failed");
    }
  });

  it.each([2, 60])("%i pull requests share the room", (n) => {
    const check = renderCheck(
      Array.from({ length: n }, (_, i) => on(big(1), i + 1)),
      context,
    );
    expect(Buffer.byteLength(check.summary)).toBeLessThanOrEqual(65_535);
    expect(check.summary).toContain("run the block below");
  });

  it("the record survives", () => {
    const record = JSON.stringify({
      v: 1,
      arrivals: Array(50).fill({ pr: 1, base: "b".repeat(255), at: "2025-10-14T10:00:00Z" }),
    });
    const { text } = render(big(1), { record });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(65_535);
    expect(readRecord(text).arrivals).toHaveLength(50);
  });

  it("a rule without a registered message shows its code", () => {
    const check = render(sloppy, { messageOf: (_, code) => COMMON_MESSAGES[code] ?? null });
    expect(check.summary).toContain("| `severity` |".slice(0, 2));
    expect(check.conclusion).toBe("failure");
  });
});
