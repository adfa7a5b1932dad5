import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import {
  planDeployed,
  planRecentDeployments,
  planWaitingRun,
  planWaitingRuns,
  type WaitingRunInput,
  type WaitingRunPlan,
} from "../../src/plan/deployment.ts";
import type { DeploymentDecision } from "../../src/policy/deployment/deployment-review.ts";
import { HEAD } from "../support/snapshot.ts";

const HERE = { installationId: 1, repositoryId: 9, owner: "kamiyo", repo: "api" };
const THERE = { installationId: 1, repositoryId: 10, owner: "kamiyo", repo: "reports" };

describe("a deployment that succeeded", () => {
  const keys = (plan: ReturnType<typeof planDeployed>) =>
    plan.jobs.map(({ key }) => (key.kind === "installation" ? key.kind : `${key.kind} in ${key.repo}`));

  it("has hotfixes, branches and post-mortems looked at, each where it is", () => {
    const plan = planDeployed({
      here: HERE,
      pullRequests: [42],
      branches: ["hotfix/x"],
      postMortems: { there: THERE, waiting: [57] },
    });
    expect(keys(plan)).toEqual(["pull-request in api", "branch in api", "post-mortem in reports"]);
    expect(plan).toMatchObject({ retry: null, actions: [] });
  });

  it("is looked at again where the post-mortems could not be read", () => {
    const plan = planDeployed({ here: HERE, pullRequests: [42], branches: [], postMortems: null });
    expect(keys(plan)).toEqual(["pull-request in api"]);
    expect(plan.retry).toBe("later");
  });
});

describe("recent deployments", () => {
  const ids = (defaultBranch: string | null, deployments: readonly { id: number; ref: string }[]) =>
    planRecentDeployments(HERE, deployments, defaultPolicy(), defaultBranch).jobs.map(
      ({ key }) => key.kind === "deployment" && key.id,
    );
  const SOME = [
    { id: 1, ref: "main" },
    { id: 2, ref: "refs/heads/main" },
    { id: 3, ref: "hotfix/x" },
    { id: 4, ref: HEAD },
  ];
  it("are looked at, but for those of production itself", () => {
    expect(ids("main", SOME)).toEqual([3, 4]);
    expect(ids(null, SOME)).toEqual([1, 2, 3, 4]);
  });

  it("are looked at in the background, the newest twenty", () => {
    const many = Array.from({ length: 30 }, (_, i) => ({ id: i + 1, ref: "hotfix/x" }));
    expect(ids("main", many)).toEqual(many.slice(10).map(({ id }) => id));
    const { jobs } = planRecentDeployments(HERE, SOME, defaultPolicy(), "main");
    expect(jobs.every(({ background }) => background)).toBe(true);
  });
});

describe("runs that wait", () => {
  it.each([
    [true, [undefined, undefined]],
    [false, [true, true]],
  ])("are looked at, asked for by an event: %s", (asked, background) => {
    const { jobs } = planWaitingRuns(HERE, new Set([7, 8]), asked);
    expect(jobs.map(({ key }) => key)).toMatchObject([{ kind: "waiting-run", run: 7 }, { run: 8 }]);
    expect(jobs.map((job) => job.background)).toEqual(background);
  });
});

const APPROVED: DeploymentDecision = { decision: "approved", reason: { kind: "landed", branch: "main" } };
const REJECTED: DeploymentDecision = {
  decision: "rejected",
  reason: { kind: "holds", number: 42, url: "https://github.example/kamiyo/api/pull/42" },
};
const FREE: DeploymentDecision = { decision: "wait", reason: { kind: "not-guarded" } };
const UNREAD: DeploymentDecision = {
  decision: "wait",
  reason: { kind: "unread", what: "the pull requests" },
};

function planned(more: Partial<WaitingRunInput>): WaitingRunPlan {
  return planWaitingRun({
    run: {
      id: 7,
      attempt: 1,
      event: "push",
      headSha: HEAD,
      ref: "hotfix/x",
      headRepository: "kamiyo/api",
      pullRequests: [],
    },
    decisions: {},
    said: {},
    sayKey: (environment) => `say ${environment}`,
    runKey: "run 7",
    guarding: "[]",
    show: "quiet",
    first: true,
    docsUrl: "https://docs.example",
    ...more,
  });
}

describe("a run that waits", () => {
  const text = (decision: DeploymentDecision) => {
    const [action] = planned({ decisions: { staging: decision }, show: "gave-up" }).actions;
    return action?.type === "answer-deployment" ? action.comment : "";
  };
  const cases: readonly (readonly [
    what: string,
    input: Partial<WaitingRunInput>,
    answers: readonly (string | null)[],
    plan: Partial<WaitingRunPlan>,
  ])[] = [
    ["approved", { decisions: { production: APPROVED } }, ["approved"], { approves: true, retry: null }],
    [
      "rejected at the first look: a second one",
      { decisions: { production: REJECTED } },
      [],
      { retry: "later" },
    ],
    [
      "rejected at the second look",
      { decisions: { production: REJECTED }, first: false },
      ["rejected"],
      { retry: null },
    ],
    [
      "rejected, and it was shown that something could not be read",
      { decisions: { production: REJECTED }, show: "retrying" },
      ["rejected"],
      { approves: false, waits: false, retry: null },
    ],
    [
      "approved again, as it was said",
      { decisions: { staging: APPROVED }, said: { staging: text(APPROVED) } },
      ["approved"],
      { approves: true, waits: false },
    ],
    [
      "two environments, one of them not the gate's",
      { decisions: { production: APPROVED, staging: FREE } },
      ["approved", null],
      { approves: true, waits: true, retry: null },
    ],
    ["not the gate's", { decisions: { staging: FREE } }, [null], { waits: true, retry: null }],
    [
      "told already",
      { decisions: { staging: FREE }, said: { staging: text(FREE) } },
      [],
      { waits: true, retry: null },
    ],
    ["unread, quietly", { decisions: { production: UNREAD } }, [], { waits: true, retry: "later" }],
    [
      "unread, and said so",
      { decisions: { production: UNREAD }, show: "retrying" },
      [null],
      { retry: "later" },
    ],
    [
      "two environments, one unread",
      { decisions: { a: APPROVED, b: UNREAD } },
      ["approved"],
      { approves: true, retry: "later" },
    ],
  ];

  it.each(cases)("%s", (_, input, answers, plan) => {
    const made = planned(input);
    expect(made.actions.map((action) => action.type === "answer-deployment" && action.state)).toEqual(
      answers,
    );
    expect(made).toMatchObject(plan);
    const { remember } = made;
    // What it was told is said once; what the gate has decided is not looked at again.
    const told = made.actions.filter((one) => one.type === "answer-deployment" && one.state === null);
    expect(remember.filter(({ list }) => list === "said").map(({ after }) => after)).toEqual(told);
    expect(remember.some(({ list }) => list === "settled")).toBe(
      made.retry === null && Object.values(input.decisions ?? {}).every((one) => one !== UNREAD),
    );
    // Said in the log only of what was done.
    expect(made.log.map(({ after }) => after)).toEqual(made.actions);
  });

  const HELD: DeploymentDecision = { decision: "wait", reason: { kind: "no-pull-request" } };
  it.each<[string, Partial<WaitingRunInput>, boolean]>([
    ["approved", { decisions: { production: APPROVED } }, true],
    ["not the gate's", { decisions: { staging: FREE } }, true],
    ["held", { decisions: { production: HELD } }, false],
    ["held at one of two", { decisions: { production: HELD, staging: FREE } }, false],
    ["approved by no valid configuration", { decisions: { production: APPROVED }, guarding: null }, false],
  ])("is not looked at again where it is %s", (_, input, settled) => {
    const remembered = planned(input).remember.filter(({ list }) => list === "settled");
    expect(remembered).toEqual(settled ? [{ list: "settled", key: "run 7", value: "[]" }] : []);
  });
});
