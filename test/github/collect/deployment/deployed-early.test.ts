import nock from "nock";
import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../../src/config/index.ts";
import { readDeployedEarly } from "../../../../src/github/collect/deployment/deployed-early.ts";
import { known, unknown } from "../../../../src/policy/fact.ts";
import type { PullRequestSnapshot } from "../../../../src/policy/snapshot.ts";
import { API, APP, testClient, withoutNetwork } from "../../../support/nock-github.ts";
import { AUTHOR, at, BASE, commit, HEAD, snapshot } from "../../../support/snapshot.ts";

withoutNetwork();

const REPO = { owner: "kamiyo", repo: "api" };
const PATH = "/repos/kamiyo/api";
const REF = "hotfix/stripe-webhook-verification";
const OLD = "e".repeat(40);
const MAIN = "f".repeat(40);
const POLICY = defaultPolicy();
const ZERO = "0".repeat(40);

const deployment = (id: number, sha: string, time: string, more: object = {}) => ({
  id,
  sha,
  ref: sha,
  environment: "production",
  created_at: at(time),
  creator: { login: "john", type: "User" },
  ...more,
});
const listed = (...all: object[]) =>
  nock(API).get(`${PATH}/deployments`).query({ per_page: 100, page: 1 }).reply(200, all);
const succeeded = (id: number, ...times: readonly string[]) =>
  nock(API)
    .get(`${PATH}/deployments/${id}/statuses`)
    .query(true)
    .reply(
      200,
      times.map((time) => ({ state: "success", created_at: at(time) })),
    );
const gateOf = (sha: string, ...runs: object[]) =>
  nock(API).get(`${PATH}/commits/${sha}/check-runs`).query(true).reply(200, { check_runs: runs });
const brings = (sha: string, ahead_by: number) =>
  nock(API).get(`${PATH}/compare/main...${sha}`).query(true).reply(200, { ahead_by });
const refused = (path: string) => nock(API).get(path).query(true).reply(403, { message: "no" });
const run = (conclusion: string, time: string) => ({
  id: 1,
  name: "hotfix-gate",
  app: { id: APP.id },
  status: "completed",
  conclusion,
  started_at: at("09:59:10"),
  completed_at: at(time),
  output: { text: "" },
});
const found = (time: string, sha: string, gate: string | null) =>
  known({ at: at(time), environment: "production", by: AUTHOR, sha, gate: known(gate) });

/** The head was pushed at 10:02; before that the branch had another one. */
const activity = known([
  { before: OLD, after: HEAD, at: at("10:02:00"), type: "force_push", actor: AUTHOR },
  { before: ZERO, after: OLD, at: at("09:59:00"), type: "branch_creation", actor: AUTHOR },
  { before: MAIN, after: ZERO, at: at("08:00:00"), type: "branch_deletion", actor: AUTHOR },
  { before: ZERO, after: MAIN, at: at("07:00:00"), type: "branch_creation", actor: AUTHOR },
]);
const read = (more: Partial<PullRequestSnapshot> = {}, client = testClient()) =>
  readDeployedEarly(client, REPO, { ...snapshot({ activity }), ...more }, POLICY);
const merged = (time: string) => {
  const { pullRequest } = snapshot();
  return { pullRequest: { ...pullRequest, merged: { at: at(time), by: AUTHOR, sha: BASE } } };
};

describe("a deployment before the merge", () => {
  test("none of it: one request", async () => {
    listed(deployment(2, MAIN, "10:10:00"), deployment(1, BASE, "10:03:00", { ref: "main" }));
    expect(await read()).toEqual(known(null));
  });

  test("without the permission nothing is asked", async () => {
    const client = { ...testClient(), permits: async () => false };
    expect(await read({}, client)).toEqual(known(null));
    expect(await read({ activity: unknown("the activity") }, client)).toEqual(known(null));
  });

  test("of the head, with what the gate said at its success", async () => {
    listed(deployment(1, HEAD, "10:03:00"));
    succeeded(1, "10:05:00");
    gateOf(HEAD, run("failure", "10:00:00"));
    expect(await read()).toEqual(found("10:05:00", HEAD, "failure"));
  });

  test("of an earlier commit of it", async () => {
    const first = commit({ sha: MAIN });
    listed(deployment(1, MAIN, "10:03:00"));
    succeeded(1, "10:05:00");
    gateOf(MAIN);
    expect(await read({ commits: known([first, commit()]) })).toEqual(found("10:05:00", MAIN, null));
  });

  test("of the hotfix that it was made from, by that one's name: no", async () => {
    listed(deployment(1, MAIN, "10:03:00", { ref: "hotfix/the-first" }));
    expect(await read({ commits: known([commit({ sha: MAIN }), commit()]) })).toEqual(known(null));
  });

  test("of a head that the branch has no more: where it brings something", async () => {
    listed(deployment(1, OLD, "10:01:00"));
    succeeded(1, "10:01:30");
    brings(OLD, 1);
    gateOf(OLD, run("action_required", "09:59:10"));
    expect(await read()).toEqual(found("10:01:30", OLD, "action_required"));
  });

  test.each([REF, `refs/heads/${REF}`, "refs/pull/42/head"])("of %s, whatever that was", async (ref) => {
    listed(deployment(1, MAIN, "10:01:00", { ref }));
    succeeded(1, "10:01:30");
    brings(MAIN, 2);
    gateOf(MAIN);
    expect(await read()).toEqual(found("10:01:30", MAIN, null));
  });

  test("of the merge that GitHub makes to try: the gate is the head's", async () => {
    listed(deployment(1, MAIN, "10:04:00", { ref: "refs/pull/42/merge" }));
    succeeded(1, "10:05:00");
    brings(MAIN, 2);
    gateOf(HEAD, run("success", "10:04:30"));
    expect(await read()).toEqual(found("10:05:00", MAIN, "success"));
  });

  test("of that merge when the branch had another head: the gate is that one's", async () => {
    listed(deployment(1, MAIN, "10:01:00", { ref: "refs/pull/42/merge" }));
    succeeded(1, "10:05:00");
    brings(MAIN, 2);
    gateOf(OLD, run("failure", "10:00:30"));
    expect(await read()).toEqual(found("10:05:00", MAIN, "failure"));
  });

  test("of the branch as it was made, when it brought nothing: no", async () => {
    listed(deployment(1, MAIN, "10:01:00", { ref: REF }));
    succeeded(1, "10:01:30");
    brings(MAIN, 0);
    expect(await read()).toEqual(known(null));
  });

  test("of the branch in an earlier life: no", async () => {
    listed(deployment(1, MAIN, "07:30:00", { ref: REF }));
    expect(await read()).toEqual(known(null));
  });

  test("of a name that another repository's branch has: no", async () => {
    listed(deployment(1, MAIN, "10:03:00", { ref: REF }));
    const pullRequest = { ...snapshot().pullRequest, fork: true };
    expect(await read({ pullRequest, activity: known(null) })).toEqual(known(null));
  });

  describe("a fork's pull request, which may have any commit of ours as its head", () => {
    const fork = (ref: string) => {
      listed(deployment(1, HEAD, "10:03:00", { ref }));
      const pullRequest = { ...snapshot().pullRequest, fork: true };
      return read({ pullRequest, activity: known(null) });
    };
    const mayWrite = (permission: string) =>
      nock(API)
        .get(`${PATH}/collaborators/john/permission`)
        .reply(200, { permission, role_name: permission });

    test.each(["release/9", "v9"])("deployed as our %s: no", async (ref) => {
      expect(await fork(ref)).toEqual(known(null));
    });

    test.each([
      ["read", null],
      ["write", HEAD],
    ])("deployed as a commit: its author has %s", async (permission, sha) => {
      succeeded(1, "10:05:00");
      mayWrite(permission);
      if (sha !== null) gateOf(sha);
      expect(await fork(HEAD)).toEqual(sha === null ? known(null) : found("10:05:00", sha, null));
    });

    test("deployed as the pull request: yes, whoever opened it", async () => {
      succeeded(1, "10:05:00");
      gateOf(HEAD);
      expect(await fork("refs/pull/42/head")).toEqual(found("10:05:00", HEAD, null));
    });
  });

  describe("before the branch began", () => {
    test.each([HEAD, "hotfix/by-its-former-name"])("of its head, as %s", async (ref) => {
      const renamed = known([
        { before: ZERO, after: HEAD, at: at("10:02:00"), type: "branch_creation", actor: AUTHOR },
      ]);
      listed(deployment(1, HEAD, "09:30:00", { ref }));
      succeeded(1, "09:31:00");
      gateOf(HEAD);
      expect(await read({ activity: renamed })).toEqual(found("09:31:00", HEAD, null));
    });

    test("of the release that it was made from: no", async () => {
      const made = known([
        { before: OLD, after: HEAD, at: at("10:02:00"), type: "push", actor: AUTHOR },
        { before: ZERO, after: OLD, at: at("10:01:00"), type: "branch_creation", actor: AUTHOR },
      ]);
      listed(deployment(1, OLD, "09:30:00", { ref: "release/9" }));
      expect(await read({ activity: made, commits: known([commit({ sha: OLD }), commit()]) })).toEqual(
        known(null),
      );
    });
  });

  test("the one that succeeded first counts, and one that did not succeed does not", async () => {
    listed(deployment(3, HEAD, "10:05:00"), deployment(2, HEAD, "10:04:00"), deployment(1, HEAD, "10:03:00"));
    succeeded(1);
    succeeded(2, "10:09:00");
    succeeded(3, "10:06:00");
    gateOf(HEAD);
    expect(await read()).toEqual(found("10:06:00", HEAD, null));
  });

  test("after the merge it is none, and one that succeeded after it neither", async () => {
    listed(deployment(2, HEAD, "10:31:00"), deployment(1, HEAD, "10:29:00"));
    succeeded(1, "10:30:00");
    succeeded(2, "10:32:00");
    expect(await read(merged("10:30:00"))).toEqual(known(null));
  });

  test("before the merge it stays so", async () => {
    listed(deployment(1, HEAD, "10:03:00"));
    succeeded(1, "10:05:00");
    gateOf(HEAD, run("failure", "10:00:00"));
    expect(await read(merged("10:30:00"))).toEqual(found("10:05:00", HEAD, "failure"));
  });

  test("unknown is not none", async () => {
    expect(await read({ activity: unknown("the activity") })).toEqual(unknown("the activity"));
    refused(`${PATH}/deployments`);
    expect(await read()).toMatchObject({ known: false });
    listed(deployment(1, HEAD, "10:03:00"));
    refused(`${PATH}/deployments/1/statuses`);
    expect(await read()).toMatchObject({ known: false });
    listed(deployment(1, HEAD, "10:03:00"));
    succeeded(1, "10:05:00");
    refused(`${PATH}/commits/${HEAD}/check-runs`);
    expect(await read()).toMatchObject({ known: true, value: { gate: { known: false } } });
  });
});
