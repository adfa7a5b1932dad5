import { describe, expect, it } from "vitest";
import {
  concernedBy,
  type DeploymentSubject,
  groupOf,
  isOfPullRequest,
  isSameWork,
  isUnread,
  type OpenPull,
  type ReviewedPull,
  reviewDeployment,
  reviewWithoutPolicy,
  speaksFor,
  type WaitingRun,
} from "../../../src/policy/deployment/deployment-review.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import { type Outcome, type Verdict, WORST_FIRST } from "../../../src/policy/verdict.ts";
import { SITUATIONS } from "../../render/situations.ts";

const GUARDED = { environments: ["Production"], mode: "enforce" } as const;
const OBSERVED = { ...GUARDED, mode: "observe" } as const;
const [X, Y] = ["a".repeat(40), "b".repeat(40)];
const HERE = "kamiyo/api";

function verdict(outcome: Outcome, more: Partial<Verdict> = {}): Verdict {
  return { ...SITUATIONS.ready().verdict, outcome, wouldBe: outcome, neverKnown: [], ...more };
}

function reviewed(number: number, ...rest: Parameters<typeof verdict>): ReviewedPull {
  return {
    number,
    url: `https://github.example/${HERE}/pull/${number}`,
    headSha: X,
    verdict: verdict(...rest),
  };
}

const pulls = (...all: readonly ReviewedPull[]): DeploymentSubject => ({ kind: "pull-requests", pulls: all });

describe("reviewDeployment", () => {
  const pull = { number: 1, url: "" };
  it.each<[string, DeploymentSubject, string]>([
    ["on production already", { kind: "landed", branch: "main" }, "approved"],
    ["merged", { kind: "merged", ...pull }, "approved"],
    ["no hotfix", { kind: "ordinary" }, "approved"],
    ["green", pulls(reviewed(1, "success")), "approved"],
    ["observed only", pulls(reviewed(1, "neutral")), "approved"],
    ["a merge group of ordinary ones", pulls(reviewed(1, "skipped"), reviewed(2, "skipped")), "approved"],
    ["waits for people", pulls(reviewed(1, "action_required")), "wait"],
    ["not read yet", pulls(reviewed(1, "unknown")), "wait"],
    ["never to be read", pulls(reviewed(1, "unknown", { neverKnown: ["the files"] })), "rejected"],
    ["violated", pulls(reviewed(1, "failure")), "rejected"],
    ["of two the worse", pulls(reviewed(1, "success"), reviewed(2, "action_required")), "wait"],
    [
      "of three the worst",
      pulls(reviewed(1, "neutral"), reviewed(2, "unknown"), reviewed(3, "failure")),
      "rejected",
    ],
    ["no verdict at all", pulls(), "wait"],
    ["no pull request", { kind: "no-pull-request" }, "wait"],
    ["moved on", { kind: "moved-on", headSha: Y, ...pull }, "rejected"],
    ["holds another", { kind: "holds", ...pull }, "rejected"],
  ])("%s", (_, subject, decision) => {
    expect(reviewDeployment("production", GUARDED, known(subject)).decision).toBe(decision);
  });

  it("approves by verdict exactly where the check lets a merge pass", () => {
    for (const outcome of WORST_FIRST) {
      const { decision } = reviewDeployment("production", GUARDED, known(pulls(reviewed(1, outcome))));
      expect(decision === "approved").toBe(["success", "neutral", "skipped"].includes(outcome));
    }
  });

  it("decides nothing at an environment that is not named, whatever is deployed", () => {
    for (const subject of [known(pulls(reviewed(1, "failure"))), known({ kind: "ordinary" } as const)])
      expect(reviewDeployment("staging", GUARDED, subject)).toEqual({
        decision: "wait",
        reason: { kind: "not-guarded" },
      });
    const nowhere = { ...GUARDED, environments: [] };
    expect(reviewDeployment("staging", nowhere, unknown("?")).reason.kind).toBe("not-guarded");
  });

  it("stops and holds nothing where it only observes, but what could not be read", () => {
    const subjects: readonly DeploymentSubject[] = [
      { kind: "no-pull-request" },
      { kind: "moved-on", headSha: Y, ...pull },
      { kind: "holds", ...pull },
      pulls(reviewed(1, "neutral")),
    ];
    for (const subject of subjects)
      expect(reviewDeployment("production", OBSERVED, known(subject))).toMatchObject({
        decision: "approved",
        reason: { kind: subject.kind },
      });
    for (const subject of [unknown("?"), known(pulls())])
      expect(reviewDeployment("production", OBSERVED, subject).decision).toBe("wait");
  });

  it("an unknown fact is no yes and no no, and is asked for again", () => {
    const decision = reviewDeployment("production", GUARDED, unknown("the run: 502"));
    expect(decision).toEqual({ decision: "wait", reason: { kind: "unread", what: "the run: 502" } });
    expect(isUnread(decision)).toBe(true);
    expect(isUnread(reviewDeployment("production", GUARDED, known(pulls(reviewed(1, "unknown")))))).toBe(
      true,
    );
    expect(isUnread(reviewDeployment("production", GUARDED, known({ kind: "no-pull-request" })))).toBe(false);
    const waits = known(pulls(reviewed(1, "action_required"), reviewed(2, "success")));
    expect(isUnread(reviewDeployment("production", GUARDED, waits))).toBe(false);
    const never = known(pulls(reviewed(1, "unknown", { neverKnown: ["the files"] })));
    expect(isUnread(reviewDeployment("production", GUARDED, never))).toBe(false);
  });

  it("names the pull requests that decide first, and of equals the oldest", () => {
    const all = [
      reviewed(3, "failure"),
      reviewed(1, "success"),
      reviewed(4, "success"),
      reviewed(2, "failure"),
    ];
    const { reason } = reviewDeployment("production", GUARDED, known(pulls(...all)));
    expect(reason.kind === "pull-requests" && reason.pulls.map(({ number }) => number)).toEqual([2, 3, 1, 4]);
  });

  it("without a valid configuration only what has landed goes on", () => {
    const problems = [
      { file: ".github/hotfix.yml", line: 1, column: 1, key: "environments", message: "is no list", fix: "" },
    ];
    expect(reviewWithoutPolicy(problems, known("main"))).toEqual({
      decision: "approved",
      reason: { kind: "landed", branch: "main" },
    });
    expect(reviewWithoutPolicy(problems, known(null))).toEqual({
      decision: "wait",
      reason: { kind: "invalid-configuration", problems },
    });
    expect(isUnread(reviewWithoutPolicy([], unknown("?")))).toBe(true);
  });
});

const RUN: WaitingRun = {
  id: 1,
  attempt: 1,
  event: "push",
  headSha: X,
  ref: "hotfix/a",
  headRepository: HERE,
  pullRequests: [],
};

function open(number: number, more: Partial<OpenPull> = {}): OpenPull {
  return {
    number,
    title: "",
    labels: [],
    url: "",
    author: "john",
    headRef: "hotfix/a",
    headSha: X,
    headRepository: HERE,
    ...more,
  };
}

describe("which pull requests a run concerns", () => {
  const numbers = (run: Partial<WaitingRun>, ...all: readonly OpenPull[]) => {
    const { exact, others } = concernedBy({ ...RUN, ...run }, all);
    return [exact.map(({ number }) => number), others.map(({ number }) => number)];
  };

  it("the commit tells, whatever name it goes by", () => {
    expect(numbers({ ref: "v1.2.4" }, open(1), open(2, { headSha: Y }))).toEqual([[1], []]);
    expect(numbers({ ref: "main" }, open(1, { headRef: "x", headRepository: "mallory/api" }))).toEqual([
      [1],
      [],
    ]);
    expect(numbers({ ref: null, headRepository: null }, open(1, { headRepository: null }))).toEqual([
      [1],
      [],
    ]);
  });

  it("the branch tells of a head that moved on, in its own repository only", () => {
    expect(numbers({}, open(1, { headSha: Y }))).toEqual([[], [1]]);
    expect(numbers({}, open(1, { headSha: Y, headRepository: "mallory/api" }))).toEqual([[], []]);
    expect(numbers({ headRepository: "Kamiyo/API" }, open(1, { headSha: Y }))).toEqual([[], [1]]);
    expect(numbers({ headRepository: null }, open(1, { headSha: Y, headRepository: null }))).toEqual([
      [],
      [],
    ]);
  });

  it("GitHub's hint adds, and never takes away", () => {
    const other = open(2, { headRef: "other", headSha: Y });
    expect(numbers({ pullRequests: [2] }, open(1), other)).toEqual([[1], [2]]);
  });

  it("a fork's pull request speaks for the fork's own runs, and else only by its author's access", () => {
    const theirs = open(1, { headRepository: "mallory/api" });
    expect(speaksFor(RUN, open(1), HERE)).toBe(true);
    expect(speaksFor(RUN, theirs, HERE)).toBe(false);
    expect(speaksFor({ ...RUN, headRepository: "Mallory/api" }, theirs, HERE)).toBe(true);
    const gone = open(1, { headRepository: null });
    expect(speaksFor({ ...RUN, headRepository: null }, gone, HERE)).toBe(false);
    expect(speaksFor({ ...RUN, headRepository: null }, theirs, HERE)).toBe(false);
  });
});

describe("what a run is of", () => {
  it.each([
    ["pull_request", true],
    ["pull_request_target", true],
    ["push", false],
    ["workflow_dispatch", false],
  ])("%s: a pull request's own? %s", (event, own) => {
    expect(isOfPullRequest({ ...RUN, event })).toBe(own);
  });

  it("a merge group by GitHub's event and name, both", () => {
    const ref = `gh-readonly-queue/release/1/pr-12-${X}`;
    expect(groupOf({ ...RUN, event: "merge_group", ref })).toEqual({ baseRef: "release/1", headRef: ref });
    expect(groupOf({ ...RUN, ref })).toBeNull();
    expect(groupOf({ ...RUN, event: "merge_group", ref: "main" })).toBeNull();
    expect(groupOf({ ...RUN, event: "merge_group", ref: null })).toBeNull();
  });

  it("a cherry-pick is the same work, another message or another person is not", () => {
    const of = (message: string, email = "john@kamiyo.example") => ({ message, author: { email } });
    const picked = of(`HOTFIX: a\n\nFixes: #1\n(cherry picked from commit ${Y})\n`);
    expect(isSameWork(of("HOTFIX: a\n\nFixes: #1\n"), picked)).toBe(true);
    expect(isSameWork(of("HOTFIX: a"), of(`HOTFIX: a\n\n(cherry picked from commit ${Y})`))).toBe(true);
    expect(isSameWork(of("HOTFIX: a\n\nFixes: #2\n"), picked)).toBe(false);
    expect(isSameWork(of("HOTFIX: a\n\nFixes: #1\n", "x@y.example"), picked)).toBe(false);
  });
});
