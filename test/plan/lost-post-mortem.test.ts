import { describe, expect, it } from "vitest";
import { ARCHIVED, archivedKey, GONE, planArchived, planLost } from "../../src/plan/post-mortem/lost.ts";
import { known } from "../../src/policy/fact.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { Account } from "../../src/policy/snapshot/account.ts";
import { MERGES } from "../render/situations.ts";
import { AUTHOR, at } from "../support/snapshot.ts";
import { inWords } from "./support.ts";

const made = MERGES.ready();
const LOST = { problem: GONE, lost: "kamiyo/api#57" };
const NOT_OPENED = { problem: "could not be opened: issues are turned off" };
const nobody = (role: Policy["roles"][string] | undefined) => ({
  teams: [],
  users: [],
  permission: role?.permission ?? ("write" as const),
});
const role = (...users: readonly string[]) => ({ teams: [], users, permission: "admin" as const });

function lost(
  outcome: Parameters<typeof planLost>[2],
  policy: Partial<Policy> = {},
  by: Account | null = AUTHOR,
) {
  const { pullRequest } = made.snapshot;
  const { merged } = pullRequest;
  if (merged === null) throw new Error("not merged");
  const snapshot = { ...made.snapshot, pullRequest: { ...pullRequest, merged: { ...merged, by } } };
  return planLost(42, { ...made, snapshot, policy: { ...made.policy, ...policy } }, outcome, at("10:30:00"));
}

function bodyOf(planned: ReturnType<typeof lost>): string {
  const [notice] = planned.actions;
  return notice?.type === "post-answer" ? notice.body : "";
}

describe("a post-mortem that is lost", () => {
  it.each([
    ["that is gone", LOST],
    ["in an archived repository", { ...LOST, problem: ARCHIVED }],
    ["that could not be opened", NOT_OPENED],
  ])("%s is told on the pull request and outside GitHub, once, and logged", (_, outcome) => {
    const planned = lost(outcome);
    const [notice] = planned.actions;
    expect(planned.actions).toMatchObject([{ type: "post-answer", number: 42 }]);
    expect(bodyOf(planned)).toContain(outcome.problem.split(":")[0]);
    expect(planned.announcements).toMatchObject([{ ifNew: notice }]);
    expect(planned.log).toMatchObject([
      { level: "warn", fields: { pull_request: 42, problem: outcome.problem } },
    ]);
    expect(inWords(planned)).not.toContain("job:");
  });

  it("is told of each loss: one that was opened again and lost again is another", () => {
    const marker = (outcome: Parameters<typeof lost>[0]) => {
      const [notice] = lost(outcome).actions;
      return notice?.type === "post-answer" ? notice.marker : "";
    };
    expect(new Set([LOST, { ...LOST, lost: "kamiyo/api#58" }, NOT_OPENED].map(marker)).size).toBe(3);
    expect(marker(LOST)).toBe(marker({ ...LOST, problem: ARCHIVED }));
  });

  const { "on-call": first, "engineering-manager": manager, cto } = made.policy.roles;
  const unnamed = { "on-call": nobody(first), "engineering-manager": nobody(manager), cto: nobody(cto) };
  it.each<[string, Partial<Policy>, Account | null, readonly string[]]>([
    ["the managers", { roles: { ...unnamed, "engineering-manager": role("jane") } }, AUTHOR, ["@jane"]],
    [
      "the escalation path, each once",
      { roles: { ...unnamed, "on-call": role("olga"), cto: role("Olga", "carol") } },
      AUTHOR,
      ["@carol", "@olga"],
    ],
    ["whoever merged, where nobody can be named", { roles: unnamed }, AUTHOR, ["@john"]],
    ["nobody where a bot merged", { roles: unnamed }, { login: "merge[bot]", type: "Bot" }, []],
    ["nobody where the merger's account is gone", { roles: unnamed }, null, []],
  ])("calls %s", (_, policy, by, called) => {
    const found = bodyOf(lost(LOST, policy, by)).match(/@[a-z]+/gi) ?? [];
    expect(found.map((name) => name.toLowerCase()).toSorted()).toEqual(called);
  });

  it("is only logged where the app only observes", () => {
    expect(lost(LOST, { mode: "observe" })).toMatchObject({ actions: [], announcements: [], log: [{}] });
  });
});

describe("a post-mortem in an archived repository", () => {
  const issue = {
    repo: { owner: "kamiyo", repo: "reports" },
    number: 57,
    title: "Post-mortem: Fix it (#42)",
    url: "https://github.example/kamiyo/reports/issues/57",
  };
  const KEY = archivedKey("kamiyo/reports#57");
  const answered = (...markers: readonly string[]) => ({
    ...made,
    pullRequest: { number: 42, collected: { statusComment: known(null), answers: known(new Set(markers)) } },
  });
  const nobody = new Set<string>();

  it("is told on the pull request and outside GitHub, and remembered", () => {
    const planned = planArchived(issue, answered(), nobody);
    expect(planned.actions).toMatchObject([{ type: "post-answer", number: 42 }]);
    expect(planned.announcements).toMatchObject([{ text: expect.stringContaining("LOST"), ifNew: null }]);
    expect(planned.remember).toEqual([{ list: "told", key: KEY }]);
  });

  it("is told once in each place", () => {
    const [notice] = planArchived(issue, answered(), nobody).actions;
    const marker = notice?.type === "post-answer" ? notice.marker : "";
    expect(planArchived(issue, answered(marker), nobody).actions).toEqual([]);
    expect(planArchived(issue, answered(), new Set([KEY])).announcements).toEqual([]);
  });

  it.each([
    [
      "the pull request is in the same repository",
      { ...issue, repo: { owner: "Kamiyo", repo: "API" } },
      answered(),
    ],
    ["nobody can tell what it is about", issue, null],
    ["there is no pull request", issue, { ...made, pullRequest: null }],
  ] as const)("is told outside GitHub alone where %s", (_, where, incident) => {
    const planned = planArchived(where, incident, nobody);
    expect(planned.actions).toEqual([]);
    expect(planned.announcements).toHaveLength(1);
  });
});
