import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { gateRuleset } from "../../src/policy/branch-rules.ts";
import { isGuarded, isProduction } from "../../src/policy/deployment/environments.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import { typedReason } from "../../src/policy/landing/rules-at-merge.ts";
import { byOthers, isTakenBack } from "../../src/policy/landing/unlanded.ts";
import { queueOf, queueState } from "../../src/policy/merge-queue.ts";
import { isOff, writes } from "../../src/policy/mode.ts";
import { issueName, nameKey, parseFullName, sameName } from "../../src/policy/repository.ts";
import { missingForRollback, rollbackFinding } from "../../src/policy/rollback-approval.ts";
import { ticked } from "../../src/policy/text/choices.ts";
import { isPassing } from "../../src/policy/verdict.ts";
import { AUTHOR, commit, file, HISTORY, MANAGER, snapshot } from "../support/snapshot.ts";

const POLICY = defaultPolicy();

it("a ruleset that asks for the check of this app alone, as GitHub's API takes it", () => {
  expect(gateRuleset("main", 7)).toEqual({
    name: "hotfix-gate",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: ["refs/heads/main"], exclude: [] } },
    rules: [
      {
        type: "required_status_checks",
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: "hotfix-gate", integration_id: 7 }],
        },
      },
    ],
  });
});

describe("names of repositories", () => {
  it.each<[string, unknown]>([
    ["kamiyo/api", { owner: "kamiyo", repo: "api" }],
    ["kamiyo", null],
    ["kamiyo/", null],
    ["/api", null],
    ["kamiyo/api/pulls", null],
    ["", null],
  ])("%s", (name, parts) => expect(parseFullName(name)).toEqual(parts));

  it.each<[Parameters<typeof sameName>[0], boolean]>([
    ["Kamiyo/API", true],
    [{ owner: "KAMIYO", name: "Api" }, true],
    [{ owner: "kamiyo", repo: "web" }, false],
    ["kamiyo/web", false],
    [null, false],
  ])("%j is kamiyo/api: %s", (name, same) => {
    expect(sameName(name, { owner: "kamiyo", repo: "api" })).toBe(same);
  });

  it("compare without case, and are written with it", () => {
    expect(nameKey({ owner: "Kamiyo", repo: "API" })).toBe("kamiyo/api");
    expect(issueName({ owner: "Kamiyo", name: "API" }, 57)).toBe("Kamiyo/API#57");
  });
});

describe("modes", () => {
  it.each<[typeof POLICY.mode, typeof POLICY.observe, boolean]>([
    ["enforce", [], true],
    ["observe", [], false],
    ["observe", ["comment"], true],
    ["observe", ["labels"], false],
    ["off", ["comment"], false],
  ])("%s with %j writes comments: %s", (mode, observe, does) => {
    expect(writes({ mode, observe }, "comment")).toBe(does);
  });

  it("what cannot be read switches nothing off", () => {
    const read = (mode: typeof POLICY.mode) => ({ state: "valid", policy: { ...POLICY, mode } }) as never;
    expect([isOff(read("off")), isOff(read("enforce")), isOff({ state: "unread" } as never)]).toEqual([
      true,
      false,
      false,
    ]);
  });
});

describe("the merge queue", () => {
  const ENTRY = {
    position: 1,
    state: null,
    secondsLeft: null,
    queuedAt: "2025-10-14T10:00:00Z",
    asOf: "2025-10-14T10:00:01Z",
  };
  it("has states by GitHub's names, and none for others", () => {
    const states = ["QUEUED", "AWAITING_CHECKS", "MERGEABLE", "UNMERGEABLE", "LOCKED"];
    expect(states.map(queueState)).toEqual(states);
    expect([queueState("queued"), queueState(undefined), queueState("NEW")]).toEqual([null, null, null]);
  });

  it.each<[string, Parameters<typeof queueOf>[0], unknown]>([
    ["not asked", undefined, {}],
    ["not in it", known(null), {}],
    ["in it", known(ENTRY), { queue: ENTRY }],
    ["could not be read", unknown("502"), { queue: "unread" }],
  ])("%s", (_, entry, queue) => expect(queueOf(entry)).toEqual(queue));
});

describe("environments", () => {
  it.each<[string, boolean, readonly string[], boolean]>([
    ["production", false, [], true],
    ["Production", false, [], true],
    ["live", true, [], true],
    ["live", false, [], false],
    ["staging", false, [], false],
    ["LIVE", false, ["live"], true],
    ["production", true, ["live"], false],
    ["blue", false, ["live", "Blue"], true],
  ])("%s, marked: %s, where %j is named, is production: %s", (environment, marked, environments, is) => {
    expect(isProduction({ environment, marked }, { environments })).toBe(is);
    if (environments.length > 0) expect(isGuarded(environment, { environments })).toBe(is);
    else expect(isGuarded(environment, { environments })).toBe(false);
  });
});

describe("what somebody typed when merging past the rules", () => {
  it.each<[string, string, readonly string[], string | null]>([
    ["the title alone", "HOTFIX: Fix it (#42)", [], null],
    [
      "what the pull request says",
      "HOTFIX: Fix it (#42)\n\nIt was broken.\nBadly.",
      ["It was broken.\n  Badly."],
      null,
    ],
    ["what GitHub lists of commits", "HOTFIX: Fix it\n\n* Fix it\n* Again", ["Fix it", "Again"], null],
    ["trailers", "HOTFIX: Fix it\n\nCo-authored-by: A <a@b.c>\n  signed-off-by: A <a@b.c>", [], null],
    [
      "a line of their own",
      "HOTFIX: Fix it\n\n* Fix it\n\nThe site is   down,\nno time",
      ["Fix it"],
      "The site is down, no time",
    ],
    ["a trailer within a line", "x\n\nSee Co-authored-by: A", [], "See Co-authored-by: A"],
  ])("%s", (_, message, texts, reason) => expect(typedReason(message, texts)).toBe(reason));

  it("a thousand characters of it", () => {
    expect(typedReason(`x\n\n${"y".repeat(1_200)}`, [])).toHaveLength(1_000);
  });
});

describe("what came from others' pull requests", () => {
  const by = (login: string | null, sha: string, parents = ["p"]) =>
    commit({ sha, parents, author: { login, name: "x", email: "x@y.z" } });

  it("are commits of others, merges left out, the newest ten", () => {
    const commits = [
      by("john", "1"),
      by("JOHN", "2"),
      by("rita", "3"),
      by(null, "4"),
      by("rita", "5", ["p", "q"]),
    ];
    expect(byOthers(commits, AUTHOR).map(({ sha }) => sha)).toEqual(["3", "4"]);
    expect(byOthers(commits, null).map(({ sha }) => sha)).toEqual(["1", "2", "3", "4"]);
    const many = Array.from({ length: 12 }, (_, i) => by("rita", `r${i}`));
    expect(byOthers(many, AUTHOR).map(({ sha }) => sha)).toEqual(many.slice(2).map(({ sha }) => sha));
  });

  it("are taken back where a part of them is not in the pull request any more", () => {
    const files = [file("a.ts"), file("new.ts", { previousPath: "old.ts" })];
    expect(isTakenBack(["a.ts", "old.ts", "new.ts"], files)).toBe(false);
    expect(isTakenBack(["a.ts", "gone.ts"], files)).toBe(true);
    expect(isTakenBack([], files)).toBe(false);
  });
});

describe("lists to choose from", () => {
  it.each<[string, string]>([
    ["- [x] P1\n- [ ] P2", "P1"],
    ["☐ P0 ☑ P1", "P1"],
    ["P0 [ ] P1 [x]", "P1"],
    ["( ) P0 (x) P1", "P1"],
    ["- [ ] P1\n- [ ] P2", ""],
    ["[x] P1 [x] P2", "P1 \nP2"],
    ["[x] P1: checkout is down\n[ ] P2", "P1: checkout is down"],
    ["P1", "P1"],
    ["[x] done", "[x] done"],
    ["[x] P1 or P2", "[x] P1 or P2"],
    ["[x] is it really so that P1 [ ] P2", "[x] is it really so that P1 [ ] P2"],
    ["[x] **P1** [ ] **P2**", "P1**"],
  ])("%j is %j", (text, chosen) => expect(ticked(text, /P\d/g)).toBe(chosen));
});

describe("conclusions that GitHub lets pass", () => {
  it.each([
    ["success", true],
    ["neutral", true],
    ["skipped", true],
    ["failure", false],
    ["action_required", false],
    ["cancelled", false],
    [null, false],
  ])("%s: %s", (conclusion, passes) => expect(isPassing({ conclusion })).toBe(passes));
});

describe("the approval of a rollback", () => {
  const reading = (more: object = {}) =>
    ({ counted: [], refused: [], undecided: [], labelsToRemove: [], labelsToAdd: [], ...more }) as Parameters<
      typeof rollbackFinding
    >[1];
  const quiet = { reviews: [] };
  const against = {
    reviews: [{ ...HISTORY.reviews[0], author: MANAGER, state: "changes_requested" }],
  } as never;
  it.each<[string, Parameters<typeof snapshot>[0], object, string, object, number]>([
    ["none yet", { events: quiet }, {}, "rollback-missing", {}, 1],
    [
      "of a role",
      { events: quiet },
      { counted: [{ login: "jane", role: "cto" }] },
      "rollback-approved",
      { people: ["jane (cto)"] },
      0,
    ],
    ["by a review", {}, {}, "rollback-approved", { people: ["rita (review)"] }, 0],
    ["stopped by a review", { events: against }, {}, "changes-requested", { reviewers: ["jane"] }, 1],
    [
      "that could not be read",
      { events: quiet },
      { undecided: ["502", "503", "502"] },
      "unknown",
      { reason: "502; 503" },
      1,
    ],
    [
      "of which the timeline could not be read",
      { history: unknown("504") },
      {},
      "unknown",
      { reason: "504" },
      1,
    ],
  ])("%s", (_, more, approval, code, data, missing) => {
    const found = rollbackFinding(snapshot(more), reading(approval));
    expect(found.code).toBe(code);
    expect(found.data).toMatchObject(data);
    expect(found.state === "unknown").toBe(code === "unknown");
    expect(missingForRollback(snapshot(more), reading(approval))).toBe(missing);
  });
});
