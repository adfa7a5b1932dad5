import { describe, expect, it } from "vitest";
import { defaultPolicy, parseConfig } from "../../src/config/index.ts";
import { noSuchTeam } from "../../src/policy/approval/roles.ts";
import { wasHotfixLike } from "../../src/policy/classify.ts";
import { blankMessage } from "../../src/policy/commit-message/template.ts";
import { subjectOf } from "../../src/policy/diff/containers.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import {
  freezeNotices,
  isGateNotice,
  noticesOf,
  rollbackNotices,
  sharedFileNotice,
} from "../../src/policy/notices.ts";
import { at, commit, file, HISTORY, person, snapshot } from "../support/snapshot.ts";

const POLICY = defaultPolicy();
const SETTINGS = { mergeCommit: true, squash: true, rebase: true, squashTitle: null, squashMessage: null };
const ENTRY = { position: 2, state: null, secondsLeft: null, queuedAt: at("10:05:00"), asOf: at("10:06:00") };
const rules = (more: object) => known({ gate: "pinned" as const, reviews: 0, mergeQueue: false, ...more });
const merged = { at: at("10:15:00"), by: null, sha: "m" };

describe("what people should know", () => {
  it.each<[string, Parameters<typeof snapshot>[0], readonly string[]]>([
    ["nothing", {}, []],
    ["nobody requires the check", { branchRules: rules({ gate: "not-required" }) }, ["gate-not-required"]],
    [
      "a queue merges whatever the check says",
      { branchRules: rules({ gate: "not-required", mergeQueue: true }) },
      ["gate-queue-unguarded"],
    ],
    ["a queue that asks for the check is none", { branchRules: rules({ mergeQueue: true }) }, []],
    ["what the branch asks for could not be read", { branchRules: unknown("502") }, []],
    [
      "merge settings that this token does not see",
      { mergeSettings: known({ ...SETTINGS, hidden: true }) },
      ["merge-settings-hidden"],
    ],
    [
      "not once it is closed",
      { mergeSettings: known({ ...SETTINGS, hidden: true }), pr: { state: "closed", merged } },
      [],
    ],
    ["merge settings that could not be read", { mergeSettings: unknown("502") }, []],
    ["others are ahead in the queue", { queueEntry: known(ENTRY) }, ["queue-behind"]],
    ["it is next", { queueEntry: known({ ...ENTRY, position: 1 }) }, []],
    ["its place could not be read", { queueEntry: unknown("502") }, []],
    ["a draft", { pr: { draft: true } }, ["draft"]],
    ["late, and open", { observedAt: at("23:00:00") }, ["response-missed"]],
    ["late, and merged", { observedAt: at("23:00:00"), pr: { state: "closed", merged } }, []],
  ])("%s", (_, more, codes) => {
    const found = noticesOf(snapshot(more), POLICY, "P1").map(({ code }) => code);
    expect(found).toEqual(codes);
    for (const code of found) expect(isGateNotice(code)).toBe(code.startsWith("gate-"));
  });

  it("of a target that was missed: which, and when it was due", () => {
    expect(noticesOf(snapshot({ observedAt: at("23:00:00") }), POLICY, "P1")).toEqual([
      { code: "response-missed", data: { severity: "P1", due: "2025-10-14 12:00 UTC" } },
    ]);
  });

  it("of a team that is not there: which, and where it is named", () => {
    const role = { teams: ["typo"], users: [], permission: "admin" as const };
    const policy = { ...POLICY, roles: { ...POLICY.roles, "engineering-manager": role } };
    const jane = person("admin", { teams: { typo: unknown(noSuchTeam("typo")) } });
    expect(noticesOf(snapshot({ people: { jane } }), policy, null)).toEqual([
      { code: "team-missing", data: { key: "roles.engineering-manager.teams[0]", team: "typo" } },
    ]);
  });

  it("of a gate: which app, where", () => {
    const [notice] = noticesOf(snapshot({ branchRules: rules({ gate: "any-source" }) }), POLICY, null);
    expect(notice?.data).toEqual({ base: "main", repository: "kamiyo/api", app: 1 });
  });

  it.each([
    ["P0", 1, [["protection-wants-review", 1]]],
    ["P0", 0, []],
    ["P1", 1, []],
  ] as const)("a %s where the branch wants %i reviews: %j", (severity, reviews, told) => {
    const found = noticesOf(snapshot({ branchRules: rules({ reviews }) }), POLICY, severity);
    expect(
      found.flatMap(({ code, data }) => (code === "protection-wants-review" ? [[code, data.count]] : [])),
    ).toEqual(told);
  });

  it("the last valid version of a shared file decides, until when", () => {
    const reading = { state: "valid", policy: POLICY, source: "" } as const;
    expect(sharedFileNotice(reading)).toEqual([]);
    const lastValid = { file: "kamiyo/.github:hotfix.yml", until: "2025-10-14T10:00:00Z" };
    const told = [{ code: "shared-file-invalid", data: { ...lastValid, until: "2025-10-14 10:00 UTC" } }];
    expect(sharedFileNotice({ ...reading, lastValid })).toEqual(told);
    expect(evaluate(snapshot(), { ...reading, lastValid }).notices).toEqual(told);
  });
});

describe("globs that take too long on what a pull request brings", () => {
  const any = "?".repeat(100);
  const globs = Array.from({ length: 100 }, (_, i) => `    - "*a${any}b*${any}${i % 10}"`).join("\n");
  const text = `version: 1\ncomponents:\n  payments:\n${globs}\n`;
  const read = (mode: string) => {
    const result = parseConfig([
      { file: "hotfix.yml", bytes: new TextEncoder().encode(`${text}mode: ${mode}\n`) },
    ]);
    if ("problems" in result) throw new Error(JSON.stringify(result.problems));
    return { state: "valid", policy: result.policy, source: "hotfix.yml" } as const;
  };
  const slow = snapshot({
    files: known(Array.from({ length: 3_000 }, (_, i) => file(`${"a".repeat(800)}${i}`))),
    pr: { changedFiles: 3_000 },
  });

  it.each([
    ["enforce", "failure"],
    ["observe", "neutral"],
  ])("mode %s: %s, and says why", (mode, outcome) => {
    const verdict = evaluate(slow, read(mode));
    expect(verdict).toMatchObject({ outcome, wouldBe: "failure" });
    expect(verdict.configProblems).toMatchObject([
      { file: "hotfix.yml", line: null, column: null, key: "", message: expect.stringContaining("too long") },
    ]);
    expect(verdict.configProblems[0]?.fix).toContain("simpler");
  });
});

describe("a rollback that is none, and a freeze that has ended", () => {
  it.each<[number | null, string]>([
    [12, "#12"],
    [null, "the last change"],
  ])("of %s: what it would have taken back is %s", (number, hotfix) => {
    const rollbackMiss = { why: "not-last", number } as never;
    const one = snapshot({ pr: { title: 'Revert "HOTFIX: x"' }, rollbackMiss });
    expect(rollbackNotices(one)).toEqual([{ code: "rollback-not-last", data: { hotfix } }]);
    expect(rollbackNotices({ ...one, rollbackOf: unknown("502") })).toEqual([]);
    expect(rollbackNotices(snapshot({ rollbackMiss }))).toEqual([]);
  });

  it("who ended it goes before what it would freeze", () => {
    const freeze = { number: 42, url: "u", base: "main" };
    const unfrozen = { by: "jane", reason: "payroll", at: at("10:15:00"), commentUrl: "u" } as never;
    expect(freezeNotices({ freeze, unfrozen }, POLICY, "main")).toEqual([
      { code: "unfrozen", data: { base: "main", by: "jane", reason: "payroll" } },
    ]);
    expect(freezeNotices({ freeze: null }, POLICY, "main")).toEqual([]);
    expect(freezeNotices({ freeze }, POLICY, "main")).toMatchObject([{ code: "freezes" }]);
  });
});

describe("whether it was a hotfix earlier", () => {
  const label = (name: string) => ({ ...HISTORY.labels[0], label: name }) as (typeof HISTORY.labels)[number];
  const quiet = { ...HISTORY, labels: [] };
  it.each<[string, Parameters<typeof wasHotfixLike>[0], boolean]>([
    ["never", quiet, false],
    ["by another label", { ...quiet, labels: [label("payment")] }, false],
    ["by a label that may be gone", { ...quiet, labels: [label("payment"), label("hotfix")] }, true],
    [
      "by a former title",
      { ...quiet, renamed: [{ from: "HOTFIX: Fix it", at: at("10:05:00") }] as never },
      true,
    ],
    [
      "by another former title",
      { ...quiet, renamed: [{ from: "Fix it", at: at("10:05:00") }] as never },
      false,
    ],
  ])("%s", (_, history, was) => expect(wasHotfixLike(history, POLICY)).toBe(was));
});

describe("a message to fill in", () => {
  it("has what is known already", () => {
    const lines = blankMessage("HOTFIX:  Fix\nit", "P0", "#7");
    expect(lines.slice(0, 2)).toEqual(["HOTFIX: Fix it", ""]);
    expect(lines).toContain("Fixes: #7");
    expect(lines).toContain("Severity: P0");
    const [blank] = [blankMessage("HOTFIX: Fix it", null, null)];
    expect(blank).not.toContain("Severity: P0");
    expect(blank.filter((line) => /^(?:Fixes: #\[issue-number\]|Severity: P0\/P1)$/.test(line))).toHaveLength(
      2,
    );
  });

  it("is what the app itself does not take for filled in", () => {
    const message = blankMessage("HOTFIX: Fix it", null, null).join("\n");
    const verdict = evaluate(snapshot({ commits: known([commit({ message })]) }), {
      state: "valid",
      policy: POLICY,
      source: "",
    });
    expect(verdict.findings.find(({ rule }) => rule === "commit-message")?.state).toBe("violated");
  });
});

describe("what a file in a layer is about, in the singular", () => {
  it.each([
    ["payments_controller.rb", "payment"],
    ["PoliciesController.java", "policy"],
    ["address.rb", "address"],
    ["status.rb", "status"],
    ["gas.rb", "gas"],
  ])("%s: %s", (name, subject) => expect(subjectOf([name])).toBe(subject));
});
