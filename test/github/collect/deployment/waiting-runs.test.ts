import nock from "nock";
import { describe, expect, test } from "vitest";
import { applyActions } from "../../../../src/github/apply/apply.ts";
import {
  listWaitingRuns,
  mayReviewDeployments,
  readDeploymentReports,
  readWaitingRun,
} from "../../../../src/github/collect/deployment/waiting-runs.ts";
import type { Action } from "../../../../src/policy/action.ts";
import { API, FAULTS, fail, testClient, withoutNetwork } from "../../../support/nock-github.ts";

withoutNetwork();

const REPO = { owner: "kamiyo", repo: "api" };
const RUNS = "/repos/kamiyo/api/actions/runs";
const SHA = "a".repeat(40);

function run(more: object = {}) {
  return {
    id: 9,
    event: "push",
    status: "waiting",
    head_sha: SHA,
    head_branch: "hotfix/a",
    head_repository: { full_name: "kamiyo/api" },
    pull_requests: [{ number: 42 }],
    run_attempt: 2,
    ...more,
  };
}

const waits = (name: string) => ({ environment: { name } });

function onGitHub(answer: object, pending: readonly object[]): void {
  nock(API).get(`${RUNS}/9`).reply(200, answer);
  nock(API).get(`${RUNS}/9/pending_deployments`).reply(200, pending);
}

describe("mayReviewDeployments", () => {
  test.each([
    [["deployments", "actions"], true],
    [["deployments"], false],
    [["actions"], false],
  ])("with %j: %s", async (granted, may) => {
    const permits = async (name: string) => granted.includes(name);
    expect(await mayReviewDeployments({ ...testClient(), permits })).toBe(may);
  });
});

describe("readWaitingRun", () => {
  test("the run and its environments, each once", async () => {
    onGitHub(run(), [waits("production"), waits("production"), waits("eu")]);
    expect(await readWaitingRun(testClient(), REPO, 9)).toEqual({
      known: true,
      value: {
        over: false,
        environments: ["production", "eu"],
        run: {
          id: 9,
          attempt: 2,
          event: "push",
          headSha: SHA,
          ref: "hotfix/a",
          headRepository: "kamiyo/api",
          pullRequests: [42],
        },
      },
    });
  });

  test("what GitHub leaves out: a deleted fork, no branch, no pull requests, no attempt", async () => {
    onGitHub(
      run({
        head_repository: null,
        head_branch: null,
        pull_requests: null,
        run_attempt: undefined,
        status: "completed",
      }),
      [],
    );
    expect(await readWaitingRun(testClient(), REPO, 9)).toMatchObject({
      value: {
        over: true,
        environments: [],
        run: { attempt: 1, ref: null, headRepository: null, pullRequests: [] },
      },
    });
  });

  test.each(FAULTS)("%s is none where GitHub says so, else unknown", async (fault) => {
    fail(nock(API).persist().get(`${RUNS}/9`), fault);
    nock(API).get(`${RUNS}/9/pending_deployments`).reply(200, []);
    const fact = await readWaitingRun(testClient(), REPO, 9);
    if (fault === "404") expect(fact).toEqual({ known: true, value: null });
    else expect(fact.known).toBe(false);
  });
});

describe("listWaitingRuns", () => {
  const query = { status: "waiting", exclude_pull_requests: true, per_page: 100, page: 1 };

  test("of all, or of one commit, oldest first", async () => {
    nock(API)
      .get(RUNS)
      .query(query)
      .reply(200, { total_count: 2, workflow_runs: [{ id: 8 }, { id: 7 }] });
    nock(API)
      .get(RUNS)
      .query({ ...query, head_sha: SHA })
      .reply(200, { total_count: 0, workflow_runs: [] });
    expect(await listWaitingRuns(testClient(), REPO, null)).toEqual({ known: true, value: [7, 8] });
    expect(await listWaitingRuns(testClient(), REPO, SHA)).toEqual({ known: true, value: [] });
  });

  test.each(FAULTS)("%s", async (fault) => {
    fail(nock(API).persist().get(RUNS).query(query), fault);
    const fact = await listWaitingRuns(testClient(), REPO, null);
    if (fault === "403" || fault === "404") expect(fact).toEqual({ known: true, value: [] });
    else expect(fact.known).toBe(false);
  });
});

describe("answer-deployment", () => {
  const log = { info: () => undefined, warn: () => undefined };
  const apply = (state: "approved" | "rejected" | null, comment = "Why") => {
    const action: Action = { type: "answer-deployment", run: 9, environment: "Production", state, comment };
    return applyActions(testClient(), REPO, [action], log);
  };
  const answer = (body: object) => nock(API).post(`${RUNS}/9/deployment_protection_rule`, body as never);
  const said = (...reports: readonly (readonly [state: string, comment: string, environment: string])[]) =>
    nock(API)
      .get(`${RUNS}/9/approvals`)
      .reply(
        200,
        reports.map(([state, comment, name]) => ({ state, comment, environments: [{ name }] })),
      );

  test.each(["approved", "rejected"] as const)("%s, with the reason", async (state) => {
    const scope = answer({ environment_name: "Production", state, comment: "Why" }).reply(204);
    expect(await apply(state)).toMatchObject({ failures: [] });
    expect(scope.isDone()).toBe(true);
  });

  test("a comment decides nothing", async () => {
    said(
      ["pending", "Why", "staging"],
      ["approved", "Why", "production"],
      ["pending", "Other", "production"],
    );
    const scope = answer({ environment_name: "Production", comment: "Why" }).reply(204);
    expect(await apply(null)).toMatchObject({ failures: [] });
    expect(scope.isDone()).toBe(true);
  });

  test("a comment is not said twice, and no more than GitHub takes", async () => {
    said(["pending", "Why\r\n", "production"]);
    expect(await apply(null, "Why\n")).toMatchObject({ failures: [] });
    said(...Array.from({ length: 10 }, (_, i) => ["pending", `${i}`, "production"] as const));
    expect(await apply(null)).toMatchObject({ failures: [] });
  });

  test.each(FAULTS)("%s", async (fault) => {
    fail(answer({ environment_name: "Production", state: "approved", comment: "Why" }), fault);
    const { failures } = await apply("approved");
    // Answered already, answered elsewhere, gone: nothing is left to do.
    if (["404", "422"].includes(fault)) expect(failures).toEqual([]);
    else expect(failures).toMatchObject([{ retry: !["403"].includes(fault) }]);
  });

  test("what was said before has to be known", async () => {
    nock(API).persist().get(`${RUNS}/9/approvals`).reply(502);
    expect((await readDeploymentReports(testClient(), REPO, 9)).known).toBe(false);
    expect(await apply(null)).toMatchObject({ failures: [{ retry: true }] });
  });
});
