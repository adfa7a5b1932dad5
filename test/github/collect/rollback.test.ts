import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { compare } from "../../../src/github/collect/git/changes.ts";
import { toReading } from "../../../src/github/collect/pull-request/pull-request.ts";
import { readRollback } from "../../../src/github/collect/rollback.ts";
import { known } from "../../../src/policy/fact.ts";
import { FAULTS, withoutNetwork } from "../../support/nock-github.ts";
import { at, BASE, HEAD } from "../../support/snapshot.ts";
import {
  type Answer,
  COMMITS,
  PATHS,
  REPO,
  ROOT,
  rawCommit,
  rawCompare,
  rawFile,
  rawPull,
  rawRun,
  user,
  world,
} from "./world.ts";

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

const INNER = "7".repeat(40);
const OWN_HEAD = "0".repeat(40);
const hotfix = (more: object = {}) => ({
  number: 40,
  title: "Whatever it is called by now",
  merged_at: at("09:00:00"),
  merge_commit_sha: MERGE,
  labels: [],
  base: { ref: "main" },
  head: { ref: "hotfix/x", sha: OWN_HEAD },
  ...more,
});
const record = (more: object = {}) => ({
  total_count: 1,
  check_runs: [
    rawRun({ name: "hotfix-post-mortem", conclusion: "neutral", external_id: "#40 kamiyo/api#41", ...more }),
  ],
});
const COMMITS_OF = `${ROOT}/commits`;
/** What GitHub lists of the path behind the base's tip, and of all. */
const commits = (ofPath: readonly unknown[], all: readonly unknown[]) => (url: URL) => {
  if (url.searchParams.get("path") === null) return all;
  return url.searchParams.get("sha") === TIP ? ofPath : [];
};
const inner = rawCommit(INNER);
const merge = rawCommit(MERGE, { parents: [{ sha: PARENT }, { sha: INNER }] });

/** A repository in which pull request 40, a hotfix of `src/a`, was merged, and 42 takes it back. */
const SCENE: Record<string, Answer> = {
  [PATHS.compare]: rawCompare({
    base_commit: { sha: TIP },
    merge_base_commit: { sha: TIP },
    files: [rawFile("src/a")],
  }),
  [COMMITS_OF]: commits([inner], [merge, inner]),
  [`${ROOT}/commits/${INNER}/pulls`]: [hotfix()],
  [`${ROOT}/commits/${OWN_HEAD}/check-runs`]: record(),
  [`${ROOT}/compare/${PARENT}...${MERGE}`]: rawCompare({ commits: [inner, merge], ahead_by: 2 }),
  [`${ROOT}/pulls/40/files`]: [rawFile("src/a")],
  [`${ROOT}/pulls/40/commits`]: [inner],
  [`${ROOT}/issues`]: [],
  [`${ROOT}/git/trees/${PARENT}`]: tree(BEFORE),
  [`${ROOT}/git/trees/${MERGE}`]: tree(AFTER),
  [`${ROOT}/git/trees/${TIP}`]: tree(AFTER),
  [`${ROOT}/git/trees/${HEAD}`]: tree(BEFORE),
};

async function rollback(more: Record<string, Answer> = {}, pull: Record<string, unknown> = {}) {
  const { client, requests } = world({ ...SCENE, ...more });
  const reading = toReading(rawPull(pull) as never);
  const look = async () =>
    readRollback(client, REPO, reading, await compare(client, REPO, "main", HEAD), defaultPolicy());
  const find = async () => (await look()).rollbackOf;
  const { rollbackOf: fact, rollbackMiss: miss } = await look();
  return { fact, miss, requests, find };
}

const PROVEN = known({ number: 40, title: "Whatever it is called by now", mergeSha: MERGE });
const UNPROVEN = known(null);

test("a merged hotfix is taken back, found by what changed the file last", async () => {
  const { fact, requests } = await rollback();
  expect(fact).toEqual(PROVEN);
  const asked = new URL(requests.find((path) => path.startsWith(`${COMMITS_OF}?`)) ?? "", "https://x");
  expect(Object.fromEntries(asked.searchParams)).toEqual({ sha: TIP, path: "src/a", per_page: "1" });
  expect(requests.some((path) => path.startsWith(`${PATHS.closed}?`))).toBe(false);
});

test("what changed a file last behind a commit is read once: it stays so", async () => {
  const { requests, find } = await rollback();
  expect(await find()).toEqual(PROVEN);
  const asked = requests.filter((path) => path.startsWith(`${COMMITS_OF}?`) && path.includes(`sha=${TIP}`));
  expect(asked).toHaveLength(1);
});

test("what was merged is read once", async () => {
  const { requests, find } = await rollback();
  const before = requests.length;
  expect(await find()).toEqual(PROVEN);
  const again = new Set(requests.slice(before).map((path) => path.split("?")[0]));
  const head = `${ROOT}/git/trees/${HEAD}`;
  for (const path of [`${ROOT}/pulls/40/files`, `${ROOT}/pulls/40/commits`, `${ROOT}/commits/${INNER}/pulls`])
    expect(again).not.toContain(path);
  expect(again).toContain(head);
});

describe("an ordinary pull request costs", () => {
  test.each<[string, Record<string, Answer>, readonly string[]]>([
    [
      "one request, where the file was changed long ago",
      {
        [COMMITS_OF]: [
          rawCommit(INNER, { commit: { message: "", committer: { date: "2025-01-01T00:00:00Z" } } }),
        ],
      },
      [COMMITS_OF],
    ],
    ["one request, where the file is new", { [COMMITS_OF]: [] }, [COMMITS_OF]],
    [
      "a look at the pull request that changed it, and its files, once",
      { [`${ROOT}/pulls/40/files`]: [rawFile("src/b")] },
      [COMMITS_OF, `${ROOT}/commits/${INNER}/pulls`, `${ROOT}/pulls/40/files`],
    ],
  ])("%s", async (_what, more, paths) => {
    const { fact, requests } = await rollback(more);
    expect(fact).toEqual(UNPROVEN);
    expect(requests.map((path) => path.split("?")[0])).toEqual([PATHS.compare, ...paths]);
  });

  test("nothing, where it does not go to production", async () => {
    const { fact, requests } = await rollback({}, { base: { ...rawPull().base, ref: "develop" } });
    expect(fact).toEqual(UNPROVEN);
    expect(requests.map((path) => path.split("?")[0])).toEqual([PATHS.compare]);
  });
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
      committer: { date: at("09:00:00") },
    });
    const { fact } = await rollback({
      [`${ROOT}/pulls/40/commits`]: own,
      [`${ROOT}/commits/${MERGE}/pulls`]: [hotfix()],
      [`${ROOT}/compare/${PARENT}...${MERGE}`]: rawCompare({ commits: [squash], ahead_by: 1 }),
      [COMMITS_OF]: commits([squash], [squash, rawCommit(PARENT)]),
    });
    expect(fact).toEqual(PROVEN);
  });

  const landed = [landedAs(MERGE, middle, own[1]?.commit), landedAs(middle, PARENT, own[0]?.commit)];
  const rebased = {
    [`${ROOT}/pulls/40/commits`]: own,
    [`${ROOT}/commits/${MERGE}/pulls`]: [hotfix()],
    [`${ROOT}/compare/${PARENT}...${MERGE}`]: rawCompare({ commits: landed, ahead_by: 2 }),
    [COMMITS_OF]: commits(landed, [...landed, rawCommit(PARENT)]),
    // Its last commit alone made a part of the change.
    [`${ROOT}/git/trees/${middle}`]: tree({ "src/a": "1.5", "src/b": "1" }),
  };
  test("rebase: the commit before is the parent of the first", async () => {
    expect((await rollback(rebased)).fact).toEqual(PROVEN);
    const toHalf = { [`${ROOT}/git/trees/${HEAD}`]: tree({ "src/a": "1.5", "src/b": "1" }) };
    expect((await rollback({ ...rebased, ...toHalf })).fact).toEqual(UNPROVEN);
  });

  test("rebase that left out a commit which the base had: where it begins cannot be told", async () => {
    const toHalf = { [`${ROOT}/git/trees/${HEAD}`]: tree({ "src/a": "1.5", "src/b": "1" }) };
    const more = {
      [`${ROOT}/pulls/40/commits`]: [rawCommit("5".repeat(40), { commit: { message: "step 0" } }), ...own],
    };
    expect((await rollback({ ...rebased, ...toHalf, ...more })).fact).toEqual(UNPROVEN);
  });

  test("the merge did more than the hotfix's files: nothing is certain", async () => {
    const { fact } = await rollback({ [`${ROOT}/git/trees/${PARENT}`]: tree({ ...BEFORE, "src/b": "0" }) });
    expect(fact).toEqual(UNPROVEN);
  });
});

describe("what was a hotfix is told by the app's record and the state at the merge", () => {
  const noRecord = { total_count: 0, check_runs: [] };
  const gate = (conclusion: string) => ({
    total_count: 1,
    check_runs: [rawRun({ conclusion, started_at: at("08:00:00"), completed_at: at("08:10:00") })],
  });
  const runs = `${ROOT}/commits/${OWN_HEAD}/check-runs`;
  const pull40 = (more: object = {}) =>
    rawPull({ number: 40, title: "Sort it", merged: true, merged_at: at("09:00:00"), labels: [], ...more });
  const feature = { head: { ref: "feature/x", sha: OWN_HEAD, repo: { full_name: "kamiyo/api" } } };
  const labeled = (time: string) => [
    { event: "labeled", id: 1, actor: user("mallory"), created_at: at(time), label: { name: "hotfix" } },
  ];
  const asked = (conclusion: string, pull: object, timeline: readonly unknown[] = []) => ({
    [runs]: gate(conclusion),
    [`${ROOT}/pulls/40`]: pull40(pull),
    [`${ROOT}/issues/40/timeline`]: timeline,
  });
  test.each<[string, Record<string, Answer>, unknown]>([
    ["neither post-mortem nor gate", { [runs]: noRecord }, UNPROVEN],
    [
      "a post-mortem of another pull request",
      { [runs]: record({ external_id: "#39 kamiyo/api#41" }) },
      UNPROVEN,
    ],
    ["a record that another app wrote", { [runs]: record({ app: { id: 1, slug: "other" } }) }, UNPROVEN],
    [
      "the gate alone, of a hotfix's branch",
      asked("success", { head: { ref: "hotfix/x", sha: OWN_HEAD, repo: null } }),
      PROVEN,
    ],
    [
      "the gate found nothing to ask, whatever it is called now",
      asked("skipped", { labels: [{ name: "hotfix" }] }, labeled("08:30:00")),
      UNPROVEN,
    ],
    ["the gate asked for another pull request with its head", asked("failure", feature), UNPROVEN],
    [
      "a label set after the merge",
      asked("failure", { ...feature, labels: [{ name: "hotfix" }] }, labeled("09:30:00")),
      UNPROVEN,
    ],
    [
      "a label that got its name after the merge",
      asked("failure", { ...feature, labels: [{ name: "hotfix" }] }),
      UNPROVEN,
    ],
    [
      "a label set before it",
      asked("failure", { ...feature, labels: [{ name: "hotfix" }] }, labeled("08:05:00")),
      PROVEN,
    ],
    [
      "a label taken off since",
      asked("failure", feature, [
        ...labeled("08:05:00"),
        {
          event: "unlabeled",
          id: 2,
          actor: user("mallory"),
          created_at: at("09:30:00"),
          label: { name: "hotfix" },
        },
      ]),
      PROVEN,
    ],
    [
      "a title written after it",
      asked("failure", { ...feature, title: "HOTFIX: x" }, [
        {
          event: "renamed",
          id: 3,
          actor: user("mallory"),
          created_at: at("09:30:00"),
          rename: { from: "Sort it", to: "HOTFIX: x" },
        },
      ]),
      UNPROVEN,
    ],
    [
      "merged into another branch",
      {
        [`${ROOT}/commits/${INNER}/pulls`]: [hotfix({ base: { ref: "release-1" } })],
        [`${ROOT}/issues`]: [],
      },
      UNPROVEN,
    ],
  ])("%s", async (_what, more, fact) => {
    expect((await rollback(more)).fact).toEqual(fact);
  });
});

describe("unproven", () => {
  const cases: [string, Record<string, Answer>, string][] = [
    ["no pull request brought it", { [`${ROOT}/commits/${INNER}/pulls`]: [] }, "nothing-recent"],
    [
      "it was closed, not merged",
      { [`${ROOT}/commits/${INNER}/pulls`]: [hotfix({ merged_at: null })] },
      "nothing-recent",
    ],
    ["it is itself", { [`${ROOT}/commits/${INNER}/pulls`]: [hotfix({ number: 42 })] }, "nothing-recent"],
    [
      "it was merged long ago",
      { [`${ROOT}/commits/${INNER}/pulls`]: [hotfix({ merged_at: "2025-09-01T00:00:00Z" })] },
      "nothing-recent",
    ],
    ["other files", { [`${ROOT}/pulls/40/files`]: [rawFile("src/b")] }, "other-files"],
    [
      "the head is not as before",
      { [`${ROOT}/git/trees/${HEAD}`]: tree({ "src/a": "0", "src/b": "1" }) },
      "other-content",
    ],
    [
      "the head changes more than the list shows",
      { [`${ROOT}/git/trees/${HEAD}`]: tree({ ...BEFORE, "src/b": "0" }) },
      "other-content",
    ],
    [
      "the base has changed since",
      { [`${ROOT}/git/trees/${TIP}`]: tree({ ...AFTER, "src/a": "3" }) },
      "changed-since",
    ],
    ["a tree too large", { [`${ROOT}/git/trees/${HEAD}`]: tree(BEFORE, true) }, "too-large"],
    [
      "the merge commit is another",
      { [COMMITS_OF]: commits([inner], [rawCommit("8".repeat(40))]) },
      "other-files",
    ],
    [
      "there and back since: what is there now is another's",
      { [`${ROOT}/compare/${PARENT}...${MERGE}`]: rawCompare({ commits: [merge], ahead_by: 1 }) },
      "changed-since",
    ],
    [
      "it brings merges of its own, and is not made from the tip",
      {
        [PATHS.compare]: rawCompare({
          base_commit: { sha: TIP },
          merge_base_commit: { sha: TIP },
          files: [rawFile("src/a")],
          behind_by: 1,
          commits: [
            rawCommit("1".repeat(40), { parents: [{ sha: BASE }, { sha: TIP }] }),
            ...COMMITS.slice(1),
          ],
        }),
      },
      "merges",
    ],
  ];
  test.each(cases)("%s, and so it says", async (_what, more, why) => {
    const { fact, miss } = await rollback(more);
    expect(fact).toEqual(UNPROVEN);
    expect(miss?.why).toBe(why);
  });

  test("a proven one misses nothing; what was no hotfix is named", async () => {
    expect((await rollback()).miss).toBeUndefined();
    const noRecord = { [`${ROOT}/commits/${OWN_HEAD}/check-runs`]: { total_count: 0, check_runs: [] } };
    expect((await rollback(noRecord)).miss).toEqual({ why: "no-hotfix", number: 40 });
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
  const unused = [`${ROOT}/pulls/40/commits`, `${ROOT}/issues`];
  const paths = Object.keys(SCENE).filter((path) => !unused.includes(path));
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
    const { fact } = await rollback({ [COMMITS_OF]: { fault } });
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
