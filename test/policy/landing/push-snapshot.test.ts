import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import { headAt } from "../../../src/policy/landing/branch-life.ts";
import { possibleTips, pullsOf } from "../../../src/policy/landing/direct-push.ts";
import {
  snapshotOfBranch,
  snapshotOfPush,
  verdictWithout,
} from "../../../src/policy/landing/push-snapshot.ts";
import { recordPlaces, uniquely } from "../../../src/policy/landing/record-places.ts";
import { ownLine, rebuildSteps } from "../../../src/policy/landing/remake.ts";
import { differences } from "../../../src/policy/landing/same-work.ts";
import type { EarlyDeployment } from "../../../src/policy/snapshot.ts";
import { AUTHOR, at, BASE, commit, file, HEAD, MANAGER, MESSAGE, snapshot } from "../../support/snapshot.ts";

const POLICY = defaultPolicy();
const { app, repository } = snapshot();
const AROUND = { app, repository, observedAt: at("10:20:00") };
const entry = (type: "branch_creation" | "push" | "branch_deletion", after: string, time: string) => ({
  before: "0".repeat(40),
  after,
  at: at(time),
  type,
  actor: type === "push" ? MANAGER : AUTHOR,
});

describe("a hotfix branch that no pull request is open for", () => {
  const lone = (more: Partial<Parameters<typeof snapshotOfBranch>[0]> = {}) =>
    snapshotOfBranch(
      {
        ref: "hotfix/pay",
        sha: HEAD,
        base: { ref: "main", sha: BASE },
        commits: known([commit()]),
        files: known([file("a.py"), file("b.py")]),
        activity: known([
          entry("push", HEAD, "10:05:00"),
          entry("push", "e".repeat(40), "10:03:00"),
          entry("branch_creation", "f".repeat(40), "10:01:00"),
        ]),
        ...more,
      },
      AROUND,
      POLICY,
    );

  it("is as if whoever made it had opened one then, which nobody approved", () => {
    const { origin, pullRequest, comparison, people } = lone();
    expect(origin).toEqual({ kind: "branch" });
    expect(pullRequest).toMatchObject({
      title: "HOTFIX: Fix Stripe webhook signature verification",
      body: "",
      author: AUTHOR,
      state: "open",
      draft: false,
      fork: false,
      createdAt: at("10:01:00"),
      merged: null,
      head: { ref: "hotfix/pay", sha: HEAD, repository: "kamiyo/api" },
      labels: ["hotfix"],
      url: `https://github.example/kamiyo/api/commits/${HEAD}`,
      commitCount: 1,
      changedFiles: 2,
    });
    expect(comparison).toEqual(known({ behindBy: 0, mergeBase: BASE, baseChangedPaths: [] }));
    expect(people).toEqual({});
    expect(lone()).toMatchObject(AROUND);
  });

  it.each<[string, Parameters<typeof lone>[0]]>([
    ["is not told", { activity: known(null) }],
    ["could not be read", { activity: unknown("502") }],
    ["is empty", { activity: known([]) }],
  ])("whose past %s is nobody's, as of now", (_, more) => {
    expect(lone(more).pullRequest).toMatchObject({ author: null, createdAt: at("10:20:00") });
  });

  it("of which nothing could be read has a name", () => {
    const { pullRequest } = lone({ commits: unknown("502"), files: unknown("502") });
    expect(pullRequest).toMatchObject({ title: "hotfix/pay", commitCount: 0, changedFiles: 0 });
  });
});

describe("a push of hotfix commits", () => {
  const push = { branch: "main", before: BASE, after: HEAD, at: at("10:10:00"), by: AUTHOR } as Parameters<
    typeof snapshotOfPush
  >[0];
  const pushed = (message: string, files: readonly ReturnType<typeof file>[] | null = [file("a.py")]) =>
    snapshotOfPush(
      push,
      { commits: [commit({ message, parents: [BASE, "c".repeat(40)] })], branch: null, files },
      AROUND,
      POLICY,
    );
  const parents = (message: string) => {
    const { commits } = pushed(message);
    return commits.known ? commits.value[0]?.parents : null;
  };

  it("a merge that has the title of a hotfix is the hotfix commit; others bring one", () => {
    expect(parents(MESSAGE)).toEqual([BASE]);
    expect(parents("Merge branch 'hotfix/pay'")).toHaveLength(2);
    expect(parents(`Merge it\n${MESSAGE}`)).toHaveLength(2);
  });

  it("of more files than GitHub compares is not known", () => {
    expect(pushed(MESSAGE, null).files).toMatchObject({
      known: false,
      reason: expect.stringContaining("files"),
    });
  });

  it("is as if its pusher had opened a pull request and merged it at once, with nobody else", () => {
    const { pullRequest, history, files, comparison, ...rest } = pushed(MESSAGE);
    expect(pullRequest).toMatchObject({
      title: "HOTFIX: Fix Stripe webhook signature verification",
      body: "",
      author: AUTHOR,
      state: "closed",
      draft: false,
      fork: false,
      merged: { at: at("10:10:00"), by: AUTHOR, sha: HEAD },
      head: { ref: "main", sha: HEAD, repository: "kamiyo/api" },
      labels: ["hotfix"],
      url: `https://github.example/kamiyo/api/compare/${BASE}...${HEAD}`,
      commitCount: 1,
      changedFiles: 1,
    });
    expect(files).toEqual(known([file("a.py")]));
    expect(comparison).toEqual(known({ behindBy: 0, mergeBase: BASE, baseChangedPaths: [] }));
    expect(rest).toMatchObject({ app, repository, origin: { kind: "push", push }, rollbackOf: known(null) });
    const events = history.known ? Object.values(history.value).flat() : null;
    expect(events).toEqual([]);
  });

  it("is told what it lacks, but not what only a pull request has", () => {
    const verdict = evaluate(pushed(MESSAGE), { state: "valid", policy: POLICY, source: "" });
    const rules = verdict.findings.map(({ rule }) => rule);
    const left = verdictWithout(verdict).findings.map(({ rule }) => rule);
    const gone = ["branch-name", "base-branch", "branch-freshness", "checklist"];
    expect(left).toEqual(rules.filter((rule) => !gone.includes(rule)));
    expect(left).not.toEqual(rules);
    expect(verdictWithout(verdict).severity).toBe("P1");
  });
});

describe("which commits of a push are whose", () => {
  const c = (sha: string, ...parents: readonly string[]) => commit({ sha, parents });
  const pushed = [c("a", "base"), c("h1", "base"), c("h2", "h1"), c("m", "a", "h2")];

  it("may be tips: the new one, and what merges brought", () => {
    expect(possibleTips("m", pushed)).toEqual(["m", "h2"]);
    expect(possibleTips("x", [])).toEqual(["x"]);
  });

  it("belong to the pull requests whose head or merge reaches them", () => {
    const pulls = pullsOf(pushed, [
      { number: 7, headSha: "h2", mergeSha: "m" },
      { number: 8, headSha: "h1", mergeSha: "x" },
    ] as Parameters<typeof pullsOf>[1]);
    expect(["a", "h1", "h2", "m", "x"].map((sha) => pulls.get(sha))).toEqual([
      undefined,
      [7, 8],
      [7],
      [7],
      [8],
    ]);
  });
});

describe("making a branch anew", () => {
  const line = (length: number) =>
    Array.from({ length }, (_, i) => commit({ sha: `${i + 1}`, parents: [i === 0 ? BASE : `${i}`] }));

  it("picks at most twenty commits", () => {
    const [twenty, more] = [line(20), line(21)];
    expect(rebuildSteps(twenty)).toEqual([{ kind: "rebuild-branch", commits: twenty.map(({ sha }) => sha) }]);
    expect(rebuildSteps(more)).toEqual([]);
  });

  it("takes the newest commit for the head where that is not among them", () => {
    expect([...ownLine(line(3), "unread")].map(({ sha }) => sha)).toEqual(["3", "2", "1"]);
  });
});

describe("a branch's head at a moment", () => {
  const life = {
    changes: [entry("push", "2", "10:05:00"), entry("branch_creation", "1", "10:01:00")],
    endedAt: null,
  };
  it.each([
    ["10:00:59", null],
    ["10:01:00", "1"],
    ["10:04:59", "1"],
    ["10:05:00", "2"],
  ])("%s: %s", (time, head) => expect(headAt(life, at(time))).toBe(head));
});

const EARLY: EarlyDeployment = {
  at: at("10:05:00"),
  environment: "production",
  by: AUTHOR,
  sha: "e".repeat(40),
  gate: known("success"),
};
const MERGED = { merged: { at: at("10:30:00"), by: AUTHOR, sha: "d".repeat(40) } };
const push = { branch: "main", before: BASE, after: "9".repeat(40), at: at("10:10:00"), by: AUTHOR };

it.each<[string, Parameters<typeof snapshot>[0], string[]]>([
  ["an open pull request", {}, []],
  ["a pull request that is merged", { pr: MERGED }, [`#42 on ${HEAD}`]],
  ["a push", { origin: { kind: "push", push } as never }, [`@${push.after} on ${push.after}`]],
  ["a branch", { origin: { kind: "branch" }, pr: MERGED }, []],
  ["one deployed before it is merged", { deployedEarly: known(EARLY) }, [`deployment on ${EARLY.sha}`]],
  [
    "one deployed before it was merged",
    { deployedEarly: known(EARLY), pr: MERGED },
    [`#42 on ${HEAD}`, `deployment on ${EARLY.sha}`],
  ],
])("the post-mortem of %s is recorded on the commits that went live", (_, more, expected) => {
  expect(recordPlaces(snapshot(more)).map(({ sha, subject }) => `${subject} on ${sha}`)).toEqual(expected);
});

it("each place of a record counts once", () => {
  const [a, b, c] = [
    { sha: "1", subject: "#7" },
    { sha: "1", subject: "#8" },
    { sha: "2", subject: "#7" },
  ];
  expect(uniquely([a, b, c, { ...a }] as Parameters<typeof uniquely>[0])).toEqual([a, b, c]);
});

it("two changes differ where they leave something else", () => {
  const change = (after: Readonly<Record<string, string>>) =>
    ({
      patches: [],
      effect: {
        paths: new Set(Object.keys(after)),
        before: new Map(),
        after: new Map(Object.entries(after)),
      },
    }) as Parameters<typeof differences>[0];
  expect(differences(change({ z: "1", b: "1", a: "1" }), change({ z: "2", b: "1", c: "1" }))).toEqual([
    "a",
    "c",
    "z",
  ]);
  expect(differences(change({ a: "1" }), change({ a: "1" }))).toEqual([]);
});
