import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { compare } from "../../../src/github/collect/git/changes.ts";
import { toReading } from "../../../src/github/collect/pull-request/pull-request.ts";
import { readRollback } from "../../../src/github/collect/rollback.ts";
import { known } from "../../../src/policy/fact.ts";
import { FAULTS, withoutNetwork } from "../../support/nock-github.ts";
import { at, HEAD } from "../../support/snapshot.ts";
import { type Answer, PATHS, REPO, ROOT, rawCommit, rawCompare, rawFile, rawPull, world } from "./world.ts";

withoutNetwork();

const MERGE = "d".repeat(40);
const PARENT = "9".repeat(40);
/** The base now, which is also where the branch was made. */
const TIP = "e".repeat(40);

const tree = (files: Record<string, string>, truncated = false) => ({
  truncated,
  tree: [
    { path: "src", mode: "040000", type: "tree", sha: JSON.stringify(files) },
    ...Object.entries(files).map(([path, sha]) => ({ path, mode: "100644", type: "blob", sha })),
  ],
});
const BEFORE = { "src/a": "1", "src/b": "1" };
const AFTER = { "src/a": "2", "src/b": "1" };

const hotfix = (more: object = {}) => ({
  number: 40,
  title: "HOTFIX: x",
  merged_at: at("09:00:00"),
  merge_commit_sha: MERGE,
  labels: [],
  head: { ref: "hotfix/x", sha: "0".repeat(40) },
  ...more,
});

/** A repository in which pull request 40, a hotfix of `src/a`, was merged, and 42 takes it back. */
const SCENE: Record<string, Answer> = {
  [PATHS.closed]: [hotfix()],
  [PATHS.compare]: rawCompare({
    base_commit: { sha: TIP },
    merge_base_commit: { sha: TIP },
    files: [rawFile("src/a")],
  }),
  [`${ROOT}/pulls/40/files`]: [rawFile("src/a")],
  [`${ROOT}/pulls/40/commits`]: [rawCommit("7".repeat(40))],
  [`${ROOT}/commits`]: [rawCommit(MERGE, { parents: [{ sha: PARENT }, { sha: "7".repeat(40) }] })],
  [`${ROOT}/git/trees/${PARENT}`]: tree(BEFORE),
  [`${ROOT}/git/trees/${MERGE}`]: tree(AFTER),
  [`${ROOT}/git/trees/${TIP}`]: tree(AFTER),
  [`${ROOT}/git/trees/${HEAD}`]: tree(BEFORE),
};

async function rollback(more: Record<string, Answer> = {}, pull: Record<string, unknown> = {}) {
  const { client, requests } = world({ ...SCENE, ...more });
  const { number, pullRequest } = toReading(rawPull(pull) as never);
  const find = async () =>
    readRollback(
      client,
      REPO,
      number,
      pullRequest,
      await compare(client, REPO, "main", HEAD),
      defaultPolicy(),
    );
  return { fact: await find(), requests, find };
}

const PROVEN = known({ number: 40, title: "HOTFIX: x", mergeSha: MERGE });
const UNPROVEN = known(null);

test("a merged hotfix is taken back", async () => {
  const { fact, requests } = await rollback();
  expect(fact).toEqual(PROVEN);
  const list = new URL(requests.find((path) => path.startsWith(`${PATHS.closed}?`)) ?? "", "https://x");
  expect(Object.fromEntries(list.searchParams)).toMatchObject({
    state: "closed",
    base: "main",
    sort: "updated",
  });
});

test("what was merged is read once", async () => {
  const { requests, find } = await rollback();
  const before = requests.length;
  expect(await find()).toEqual(PROVEN);
  const again = requests.slice(before).map((path) => path.split("?")[0]);
  expect(again.sort()).toEqual(
    [PATHS.closed, PATHS.compare, `${ROOT}/git/trees/${TIP}`, `${ROOT}/git/trees/${HEAD}`].sort(),
  );
});

describe("kinds of merge", () => {
  const own = [1, 2].map((n) =>
    rawCommit(`${n}`.repeat(40), {
      commit: { message: `step ${n}`, author: { email: "j@x", date: at(`08:00:0${n}`) } },
    }),
  );
  const landedAs = (sha: string, parent: string, commit: unknown) =>
    rawCommit(sha, { parents: [{ sha: parent }], commit });
  const middle = "3".repeat(40);

  test("squash: the commit before is its parent", async () => {
    const squash = landedAs(MERGE, PARENT, {
      message: "HOTFIX: x (#40)",
      author: { email: "j@x", date: at("09:00:00") },
    });
    const { fact } = await rollback({
      [`${ROOT}/pulls/40/commits`]: own,
      [`${ROOT}/commits`]: [squash, rawCommit(PARENT)],
    });
    expect(fact).toEqual(PROVEN);
  });

  test("rebase: the commit before is the parent of the first", async () => {
    const landed = [landedAs(MERGE, middle, own[1]?.commit), landedAs(middle, PARENT, own[0]?.commit)];
    const rebased = {
      [`${ROOT}/pulls/40/commits`]: own,
      [`${ROOT}/commits`]: [...landed, rawCommit(PARENT)],
    };
    // Its last commit alone made a part of the change.
    const half = { [`${ROOT}/git/trees/${middle}`]: tree({ "src/a": "1.5", "src/b": "1" }) };
    expect((await rollback({ ...rebased, ...half })).fact).toEqual(PROVEN);
    const toHalf = { [`${ROOT}/git/trees/${HEAD}`]: tree({ "src/a": "1.5", "src/b": "1" }) };
    expect((await rollback({ ...rebased, ...half, ...toHalf })).fact).toEqual(UNPROVEN);
  });

  test("the merge did more than the hotfix's files: nothing is certain", async () => {
    const { fact } = await rollback({ [`${ROOT}/git/trees/${PARENT}`]: tree({ ...BEFORE, "src/b": "0" }) });
    expect(fact).toEqual(UNPROVEN);
  });
});

describe("unproven", () => {
  const cases: [string, Record<string, Answer>][] = [
    ["no hotfix was merged", { [PATHS.closed]: [] }],
    [
      "what was merged is no hotfix",
      { [PATHS.closed]: [hotfix({ title: "x", head: { ref: "feature/x", sha: "0" } })] },
    ],
    ["it was closed, not merged", { [PATHS.closed]: [hotfix({ merged_at: null })] }],
    ["it is itself", { [PATHS.closed]: [hotfix({ number: 42 })] }],
    ["it was merged long ago", { [PATHS.closed]: [hotfix({ merged_at: "2025-09-01T00:00:00Z" })] }],
    ["other files", { [`${ROOT}/pulls/40/files`]: [rawFile("src/b")] }],
    ["the head is not as before", { [`${ROOT}/git/trees/${HEAD}`]: tree({ "src/a": "0", "src/b": "1" }) }],
    [
      "the head changes more than the list shows",
      { [`${ROOT}/git/trees/${HEAD}`]: tree({ ...BEFORE, "src/b": "0" }) },
    ],
    ["the base has changed since", { [`${ROOT}/git/trees/${TIP}`]: tree({ ...AFTER, "src/a": "3" }) }],
    ["a tree too large", { [`${ROOT}/git/trees/${HEAD}`]: tree(BEFORE, true) }],
    ["the merge commit is another", { [`${ROOT}/commits`]: [rawCommit("8".repeat(40))] }],
  ];
  test.each(cases)("%s", async (_what, more) => {
    expect((await rollback(more)).fact).toEqual(UNPROVEN);
  });

  test("a merged pull request takes nothing back that was merged after it", async () => {
    const merged = { merged: true, merged_at: at("08:00:00") };
    expect((await rollback({}, merged)).fact).toEqual(UNPROVEN);
  });
});

describe("a failure never proves anything", () => {
  const DEFINITE = ["404", "409", "422"];
  // The first request meets every fault, the others one of each kind.
  const KINDS = ["401", "404", "429", "502", "truncated"] as const;
  const paths = Object.keys(SCENE).filter((path) => path !== `${ROOT}/pulls/40/commits`);
  test.each(paths.flatMap((path) => KINDS.map((fault) => ({ path, fault }))))(
    "$path: $fault",
    async ({ path, fault }) => {
      const { fact } = await rollback({ [path]: { fault } });
      if (DEFINITE.includes(fault)) expect(fact).toEqual(UNPROVEN);
      else
        expect(fact).toMatchObject({
          known: false,
          reason: expect.stringContaining("whether it takes back a hotfix: GitHub"),
        });
    },
  );

  test.each(FAULTS)("the list: %s", async (fault) => {
    const { fact } = await rollback({ [PATHS.closed]: { fault } });
    expect(fact).toEqual(DEFINITE.includes(fault) ? UNPROVEN : expect.objectContaining({ known: false }));
  });

  test("and is not remembered", async () => {
    let down = true;
    const parent = () => (down ? { truncated: false } : tree(BEFORE));
    const { find, fact } = await rollback({ [`${ROOT}/git/trees/${PARENT}`]: parent });
    expect(fact.known).toBe(false);
    down = false;
    expect(await find()).toEqual(PROVEN);
  });
});
