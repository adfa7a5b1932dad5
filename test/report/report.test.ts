import { describe, expect, it } from "vitest";
import { isOverdue, openActionItems } from "../../src/policy/post-mortem/open-items.ts";
import { evidenceTable } from "../../src/report/evidence.ts";
import { hotfixOf } from "../../src/report/row.ts";
import { textOf } from "../../src/report/table.ts";
import { NOW, postMortem } from "./post-mortems.ts";
import { rowsOf, storyReport } from "./rows.ts";

/** What a report says, from post-mortems as the app writes them. */

describe("a report", () => {
  it("compares a period with the one before, and leaves older ones out", () => {
    const { summary, previous, hotfixes } = storyReport();
    expect(hotfixes.map(({ pullRequest }) => pullRequest)).toEqual([103, 102, 101]);
    expect([summary.hotfixes, previous.hotfixes]).toEqual([3, 2]);
  });

  it("has DORA's measures, and none where the number of changes is not known", () => {
    const { dora, previousDora } = storyReport();
    expect(dora).toMatchObject({ changes: 40, rework_rate: 3 / 40, change_failure_rate: 4 / 40 });
    // More hotfixes than merges: the search lags.
    expect(previousDora).toMatchObject({ changes: 2, rework_rate: 1 });
    expect(storyReport({ merged: null }).dora).toMatchObject({ changes: null, change_failure_rate: null });
  });

  it("groups by the teams of those who wrote them; somebody may be in several", () => {
    const { byTeam } = storyReport();
    expect(byTeam?.map(({ name, summary }) => [name, summary.hotfixes])).toEqual([
      ["backend", 2],
      ["payments", 2],
    ]);
    expect(storyReport({ teams: null }).byTeam).toBeNull();
  });

  it.each([
    [{ pushed: "a".repeat(40) }, "pushed"],
    [{ deployed_early: true }, "deployed-early"],
    [{ gate_at_merge: "none" }, "no-check"],
    [{ gate_at_merge: "failure" }, "failing-check"],
    [{ gate_at_merge: "success" }, "other-change"],
  ])("says how it was bypassed: %j", (values, bypass) => {
    const [row] = rowsOf([{ number: 5, values: { bypassed: true, ...values } }]);
    expect(row?.bypass).toBe(bypass);
  });

  it("takes nothing from the block that is not of the form it should have", () => {
    const values = {
      repository: "../evil",
      commit: "javascript:alert(1)",
      approved_by: "jane",
      overridden: [{ rule: 1 }, null, "x"],
      merged_at: "yesterday",
      author: "x".repeat(10_000),
    };
    const [row] = rowsOf([{ number: 5, values: { ...values, deployed_at: null } }]);
    expect(row).toMatchObject({ repository: "kamiyo/api", commit: null, approvedBy: [], overridden: [] });
    expect(row?.at.merged).toBeNull();
    expect(row?.author?.length).toBeLessThanOrEqual(500);
  });

  it("says which post-mortems cannot be read, and knows what is none", () => {
    const issue = {
      ...postMortem({ number: 9 }),
      repository: "kamiyo/api",
      number: 9,
      url: "https://github.example/kamiyo/api/issues/9",
      open: true,
      createdAt: "2025-10-01T00:00:00Z",
      assignees: [],
    };
    expect(hotfixOf({ ...issue, body: issue.body.replace('"version": 1', '"version: 1') }, NOW)).toBe(
      "unreadable",
    );
    expect(hotfixOf({ ...issue, body: "A digest" }, NOW)).toBeNull();
  });
});

describe("open action items", () => {
  const body = (items: string) => `## Action Items\n\n${items}\n\n## Impact\n`;

  it.each([
    ["- [ ] Test it – @jane – 2025-10-20", [["Test it – @jane – 2025-10-20", ["jane"], "2025-10-20"]]],
    ["- [x] Test it – @jane – 2025-10-20", []],
    ["- [X] Done\n  with more lines\n- [ ] Open @rita", [["Open @rita", ["rita"], null]]],
    [
      "- Without a box – @jane, @rita – 2025-10-20",
      [["Without a box – @jane, @rita – 2025-10-20", ["jane", "rita"], "2025-10-20"]],
    ],
    ["- [ ] _TODO: task_ – _TODO: owner_ – _TODO: due date_", []],
    ["None.", []],
  ])("of %j", (items, found) => {
    expect(openActionItems(body(items)).map(({ text, owners, due }) => [text, owners, due])).toEqual(found);
  });

  it("are overdue once their day is over everywhere", () => {
    const item = { text: "", owners: [], due: "2025-10-20" };
    expect(isOverdue(item, new Date("2025-10-21T11:59:00Z"))).toBe(false);
    expect(isOverdue(item, new Date("2025-10-21T12:00:00Z"))).toBe(true);
    expect(isOverdue({ ...item, due: null }, NOW)).toBe(false);
  });
});

describe("the auditor's table", () => {
  it("has a row a change, and says what is not recorded", () => {
    const { columns, rows } = evidenceTable(storyReport());
    const of = (row: number, column: string) => textOf(rows[row]?.[columns.indexOf(column)] ?? "");
    expect(rows).toHaveLength(3);
    expect(of(1, "Approval valid at the merge")).toBe("no");
    expect(of(1, "Approved by")).toBe("–");
    expect(of(1, "Bypassed")).toContain("merged past a failing check (failure)");
    expect(of(1, "Overrides")).toContain("scope by jane-doe");
    expect(of(2, "Approved by another person")).toBe("yes");
    expect(of(2, "Post-mortem")).toContain("on time");
  });
});
