import nock from "nock";
import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../../src/config/index.ts";
import {
  readHotfixWork,
  readProtectedBase,
  readUnlanded,
} from "../../../../src/github/collect/deployment/deployed-commit.ts";
import type { WaitingRun } from "../../../../src/policy/deployment/deployment-review.ts";
import type { Policy } from "../../../../src/policy/policy.ts";
import { API, FAULTS, fail, testClient, withoutNetwork } from "../../../support/nock-github.ts";

withoutNetwork();

const REPO = { owner: "kamiyo", repo: "api" };
const PATH = "/repos/kamiyo/api";
const sha = (letter: string): string => letter.repeat(40);
const X = sha("a");

function policy(base: readonly string[] = []): Policy {
  const defaults = defaultPolicy();
  return { ...defaults, branches: { ...defaults.branches, base } };
}

interface Named {
  readonly sha?: string;
  readonly parents?: readonly string[];
  readonly email?: string;
}

function commit(message: string, { sha: own = X, parents = [sha("0")], email = "j@k.example" }: Named = {}) {
  const person = { name: "John", email, date: "2025-10-14T10:00:00Z" };
  return {
    sha: own,
    commit: { message, author: person, committer: person },
    author: null,
    committer: null,
    parents: parents.map((parent) => ({ sha: parent })),
  };
}

/** `base...head` has these commits, and GitHub counts so many. */
function compared(basehead: string, commits: readonly object[], ahead = commits.length): void {
  nock(API)
    .get(`${PATH}/compare/${encodeURIComponent(basehead)}`)
    .query(true)
    .reply(200, {
      commits,
      total_commits: ahead,
      ahead_by: ahead,
      behind_by: 0,
      files: [],
      merge_base_commit: { sha: sha("0") },
      base_commit: { sha: sha("0") },
    });
}

/** Branches by their tips; any other is not there. */
function tips(of: Readonly<Record<string, string>>): void {
  nock(API)
    .persist()
    .get(/\/branches\/[^/]+$/)
    .reply((uri) => {
      const tip = of[decodeURIComponent(uri.split("/").at(-1) ?? "")];
      return tip === undefined ? [404, {}] : [200, { commit: { sha: tip } }];
    });
}

describe("readUnlanded", () => {
  const unlanded = (bases?: readonly string[]) => readUnlanded(testClient(), REPO, X, policy(bases), "main");
  const [MAIN, PRODUCTION, EU] = [sha("1"), sha("2"), sha("3")];

  test("the default branch has it; its tip is asked for, since a tag may have its name", async () => {
    tips({ main: MAIN });
    compared(`${MAIN}...${X}`, []);
    expect(await unlanded()).toEqual({
      known: true,
      value: { landedOn: "main", commits: [], baseTip: MAIN },
    });
  });

  test("of several bases one has it; a pattern is no base", async () => {
    tips({ main: MAIN, production: PRODUCTION, eu: EU });
    compared(`${PRODUCTION}...${X}`, [commit("a"), commit("b")]);
    compared(`${EU}...${X}`, []);
    expect(await unlanded(["production", "release/*", "eu"])).toMatchObject({ value: { landedOn: "eu" } });
    compared(`${MAIN}...${X}`, [commit("a")]);
    expect(await unlanded(["release/*"])).toMatchObject({ value: { landedOn: null, baseTip: MAIN } });
  });

  test("of several that lack it the nearest tells; one that is not there is passed over", async () => {
    tips({ production: PRODUCTION, eu: EU });
    compared(`${PRODUCTION}...${X}`, [commit("a"), commit("b")]);
    compared(`${EU}...${X}`, [commit("b")]);
    expect(await unlanded(["production", "gone", "eu"])).toMatchObject({
      value: { landedOn: null, baseTip: EU, commits: [{ message: "b" }] },
    });
  });

  test("where no base is there the default branch tells what is new, and is no production", async () => {
    tips({ main: MAIN });
    compared(`${MAIN}...${X}`, []);
    expect(await unlanded(["gone"])).toMatchObject({ value: { landedOn: null, baseTip: MAIN } });
  });

  test("nothing shown where GitHub counts some is not nothing", async () => {
    tips({ main: MAIN });
    compared(`${MAIN}...${X}`, [], 3);
    expect((await unlanded()).known).toBe(false);
  });

  test.each(FAULTS)("%s never counts as landed", async (fault) => {
    tips({ main: MAIN });
    fail(
      nock(API)
        .persist()
        .get(/compare/),
      fault,
    );
    expect((await unlanded()).known).toBe(false);
    nock.cleanAll();
    fail(
      nock(API)
        .persist()
        .get(/branches/),
      fault,
    );
    expect((await unlanded()).known).toBe(false);
  });
});

const TRAIN: WaitingRun = {
  id: 1,
  attempt: 1,
  event: "push",
  headSha: X,
  ref: "release/9",
  headRepository: "Kamiyo/API",
  pullRequests: [],
};

describe("readProtectedBase", () => {
  const base = (run: Partial<WaitingRun> = {}, bases = ["main", "release/*"]) =>
    readProtectedBase(testClient(), REPO, { ...TRAIN, ...run }, policy(bases), "main");
  const branch = (tip: string, isProtected: boolean) =>
    nock(API)
      .get(`${PATH}/branches/${encodeURIComponent("release/9")}`)
      .reply(200, { protected: isProtected, commit: { sha: tip } });

  test("protected, and it has the commit", async () => {
    branch(X, true);
    expect(await base()).toEqual({ known: true, value: "release/9" });
    branch(sha("b"), true);
    compared(`${sha("b")}...${X}`, []);
    expect(await base()).toEqual({ known: true, value: "release/9" });
  });

  test("not protected, or without the commit, or not there: none", async () => {
    branch(X, false);
    expect(await base()).toEqual({ known: true, value: null });
    branch(sha("b"), true);
    compared(`${sha("b")}...${X}`, [commit("HOTFIX: a")]);
    expect(await base()).toEqual({ known: true, value: null });
    nock(API)
      .get(`${PATH}/branches/${encodeURIComponent("release/9")}`)
      .reply(404);
    expect(await base()).toEqual({ known: true, value: null });
  });

  test.each<[string, Partial<WaitingRun>, string[]]>([
    ["no production branch by any pattern", {}, ["main"]],
    ["a fork's branch of that name", { headRepository: "mallory/api" }, ["release/*"]],
    ["no branch", { ref: null }, ["**"]],
  ])("%s: none, without a request", async (_, run, bases) => {
    expect(await base(run, bases)).toEqual({ known: true, value: null });
  });

  test("what cannot be read is unknown", async () => {
    fail(
      nock(API)
        .persist()
        .get(/branches/),
      "502",
    );
    expect((await base()).known).toBe(false);
  });
});

describe("readHotfixWork", () => {
  const RUN: WaitingRun = { ...TRAIN, ref: "train" };
  const HOTFIX = "HOTFIX: a\n\nFixes: #1";

  function work(
    commits: readonly ReturnType<typeof commit>[],
    { ref = "train", evaluated = false, bases = [] as readonly string[] } = {},
  ) {
    const own = commits.map(({ sha, commit: { message, author }, parents }) => {
      const person = { login: null, name: author.name, email: author.email };
      return { sha, message, author: person, committer: person, parents: parents.map((one) => one.sha) };
    });
    const unlanded = { landedOn: null, commits: own, baseTip: sha("1"), evaluated };
    return readHotfixWork(testClient(), REPO, { ...RUN, ref }, unlanded, policy(bases), "main");
  }

  function branches(...names: readonly string[]): void {
    nock(API)
      .get(`${PATH}/commits/${X}/branches-where-head`)
      .reply(
        200,
        names.map((name) => ({ name })),
      );
  }

  /** The pull requests that GitHub names for a commit. */
  function pulls(of: string, ...all: readonly object[]): void {
    const defaults = { number: 4, html_url: "u", merged_at: "2025-10-14T10:00:00Z", base: { ref: "main" } };
    nock(API)
      .persist()
      .get(`${PATH}/commits/${of}/pulls`)
      .query(true)
      .reply(
        200,
        all.map((one) => ({ ...defaults, head: { sha: sha("f") }, ...one })),
      );
  }

  test("no sign: none, and nothing else is asked", async () => {
    branches("train");
    expect(await work([commit("Train 12")])).toEqual({ known: true, value: { kind: "none" } });
  });

  test.each<[string, Parameters<typeof work>[1], readonly string[], string]>([
    ["a title", {}, ["train"], HOTFIX],
    ["the run's branch", { ref: "hotfix/a" }, [], "Quick"],
    ["a branch with this head", {}, ["v1", "Hotfix/a"], "Quick"],
    ["an earlier verdict", { evaluated: true }, [], "Quick"],
  ])("%s tells of one", async (_, more, names, message) => {
    branches(...names);
    pulls(X);
    compared(`${X}...${sha("1")}`, []);
    expect(await work([commit(message)], more)).toMatchObject({ value: { kind: "without-pull-request" } });
  });

  test("the head of a merged pull request has landed, though its commits have not", async () => {
    branches("hotfix/a");
    pulls(X, { head: { sha: X } });
    expect(await work([commit(HOTFIX)], { ref: "hotfix/a", evaluated: true })).toMatchObject({
      value: { kind: "merged", number: 4 },
    });
  });

  test.each<[string, object]>([
    ["into another branch", { base: { ref: "scratch" }, head: { sha: X } }],
    ["in another repository", { base: { ref: "main", repo: { full_name: "x/api" } }, head: { sha: X } }],
    ["not merged", { merged_at: null, head: { sha: X } }],
  ])("%s is no landing", async (_, pull) => {
    branches("hotfix/a");
    pulls(X, pull);
    expect(await work([commit(HOTFIX)], { ref: "hotfix/a" })).toMatchObject({
      value: { kind: "without-pull-request" },
    });
  });

  test.each<[string, boolean | null, string]>([
    ["protected", true, "merged"],
    ["not protected: anybody could make it", false, "without-pull-request"],
    ["not there any more", null, "without-pull-request"],
  ])("merged into a branch that only matches a pattern, %s", async (_, kept, kind) => {
    branches("hotfix/a");
    pulls(X, { base: { ref: "release/x" }, head: { sha: X } });
    nock(API)
      .persist()
      .get(`${PATH}/branches/release%2Fx`)
      .reply(kept === null ? 404 : 200, { protected: kept, commit: { sha: X } });
    const more = { ref: "hotfix/a", bases: ["main", "release/*"] };
    expect(await work([commit(HOTFIX)], more)).toMatchObject({ value: { kind } });
  });

  test("under a hotfix's name a merge may bring what it likes, and is held", async () => {
    branches("hotfix/b");
    const landed = sha("c");
    pulls(X);
    pulls(landed, {});
    const evil = commit("Merge branch 'main' into hotfix/b", { parents: [landed, sha("1")] });
    expect(await work([commit("Fix", { sha: landed }), evil], { ref: "hotfix/b" })).toMatchObject({
      value: { kind: "without-pull-request" },
    });
  });

  test("what went through a pull request is none, and a merge of it brings nothing of its own", async () => {
    branches("train");
    const [merge, own] = [sha("b"), sha("c")];
    pulls(X);
    pulls(own, {});
    pulls(merge);
    compared(`${X}...${sha("1")}`, []);
    const all = [
      commit(HOTFIX, { sha: own }),
      commit("Merge branch 'hotfix/a'", { sha: merge, parents: [sha("0"), own] }),
      commit("Train 12"),
    ];
    expect(await work(all)).toEqual({ known: true, value: { kind: "none" } });
  });

  test("cherry-picks from production are none; under a hotfix's name a copied message is no excuse", async () => {
    const landed = commit(HOTFIX, { sha: sha("d") });
    const picked = commit(`${HOTFIX}\n(cherry picked from commit ${sha("d")})`);
    branches("train");
    pulls(X);
    compared(`${X}...${sha("1")}`, [landed]);
    expect(await work([picked])).toEqual({ known: true, value: { kind: "none" } });
    branches("hotfix/b");
    expect(await work([picked], { ref: "hotfix/b" })).toMatchObject({
      value: { kind: "without-pull-request" },
    });
  });

  test.each(["502", "timeout", "429", "truncated"] as const)("%s is unknown", async (fault) => {
    fail(
      nock(API)
        .persist()
        .get(/branches-where-head/),
      fault,
    );
    expect((await work([commit("Quick")])).known).toBe(false);
  });
});
