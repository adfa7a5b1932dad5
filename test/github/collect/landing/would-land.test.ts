import { describe, expect, test } from "vitest";
import { compare } from "../../../../src/github/collect/git/changes.ts";
import { toFile } from "../../../../src/github/collect/git/compared.ts";
import { readWouldLand } from "../../../../src/github/collect/landing/would-land.ts";
import { toReading } from "../../../../src/github/collect/pull-request/pull-request.ts";
import { known } from "../../../../src/policy/fact.ts";
import { withoutNetwork } from "../../../support/nock-github.ts";
import { BASE, HEAD } from "../../../support/snapshot.ts";
import {
  type Answer,
  REPO,
  ROOT,
  rawCommit,
  rawCompare,
  rawFile,
  rawPull,
  repository,
  world,
} from "../world.ts";

withoutNetwork();

const sha = (digit: string): string => digit.repeat(40);
const [FORK, OTHER, TEST] = [sha("3"), sha("4"), sha("5")];
const made = (own: string, ...parents: string[]) =>
  rawCommit(own, { parents: parents.map((one) => ({ sha: one })) });
const FIX = rawFile("src/fix.py", { patch: "@@ -1 +1 @@\n-a\n+b" });
const UNDONE = rawFile("src/auth.py", { patch: "@@ -1 +0,0 @@\n-check()" });
const MERGED = { commits: [made("1", FORK, OTHER), made(HEAD, "1")], total_commits: 2, behind_by: 1 };

const COMPARE = `${ROOT}/compare/main...${HEAD}`;
const SINCE = `${ROOT}/compare/${HEAD}...${BASE}`;
const REF = `${ROOT}/git/ref/pull%2F42%2Fmerge`;
const TESTED = `${ROOT}/compare/${BASE}...${TEST}`;
/** Whether the older fork is behind the merge base. */
const BEHIND = `${ROOT}/compare/${FORK}...${OTHER}`;

const compared = (more: Record<string, unknown>) =>
  rawCompare({ merge_base_commit: { sha: FORK }, files: [FIX], ...more });
/** The base has gone on by a merge of its own. */
const MOVED = compared({ commits: [made(BASE, FORK, OTHER)], total_commits: 1, files: [] });
const TEST_MERGE = {
  [REF]: { object: { sha: TEST } },
  [TESTED]: compared({
    commits: [made(TEST, BASE, HEAD)],
    total_commits: 1,
    merge_base_commit: { sha: BASE },
  }),
};

async function lands(
  first: Record<string, unknown>,
  answers: Record<string, Answer> = {},
  pull: Record<string, unknown> = {},
) {
  const { client, requests } = world({ [COMPARE]: compared(first), [SINCE]: MOVED, ...answers });
  const head = await compare(client, REPO, "main", HEAD);
  if (!head.ok) throw new Error(head.failure.reason);
  const since = head.value.behindBy === 0 ? null : await compare(client, REPO, HEAD, BASE);
  const before = requests.length;
  const changes = {
    commits: known(head.value.commits),
    files: known(head.value.files),
    compared: head,
  };
  const reading = toReading(rawPull(pull) as unknown as Parameters<typeof toReading>[0]);
  const found = await readWouldLand(client, REPO, reading, changes, since);
  return { ...found, asked: requests.slice(before).map((path) => path.split("?")[0]) };
}

const SHOWN = known({ shown: true });

describe("what would land is plain, and asked for by no request", () => {
  test.each<[string, Record<string, unknown>]>([
    ["a line on top of the base", { behind_by: 0 }],
    ["a merge whose other side is not shown, on top of the base", { ...MERGED, behind_by: 0 }],
    [
      "a line behind the base",
      { commits: [made("1", FORK), made(HEAD, "1")], total_commits: 2, behind_by: 1 },
    ],
  ])("%s", async (_, first) => {
    const { landing, files, asked } = await lands(first);
    expect(landing).toEqual(SHOWN);
    expect(files).toMatchObject({ value: [{ path: "src/fix.py" }] });
    expect(asked).toEqual([]);
  });

  test("a merge behind a base that has gone on in a line", async () => {
    const line = compared({ commits: [made(BASE, FORK)], total_commits: 1, files: [] });
    expect(await lands(MERGED, { [SINCE]: line })).toMatchObject({ landing: SHOWN, asked: [] });
  });
});

describe("where there may be several merge bases", () => {
  test("the older fork lies behind the merge base: one request", async () => {
    const { landing, asked } = await lands(MERGED, { [BEHIND]: compared({ ahead_by: 0 }) });
    expect(landing).toEqual(SHOWN);
    expect(asked).toEqual([BEHIND]);
  });

  const CROSSED = { [BEHIND]: compared({ ahead_by: 1 }) };
  test.each<[string, Record<string, Answer>, Record<string, unknown>, unknown]>([
    ["the test merge shows the same", TEST_MERGE, {}, SHOWN],
    [
      "the test merge shows more",
      { ...TEST_MERGE, [TESTED]: { ...TEST_MERGE[TESTED], files: [FIX, UNDONE] } },
      {},
      known({ shown: false, why: "hidden-changes", paths: ["src/auth.py"] }),
    ],
    ["a conflict", {}, { mergeable: false }, known({ shown: false, why: "crossed-history" })],
    [
      "more than is compared",
      {
        ...TEST_MERGE,
        [TESTED]: { ...TEST_MERGE[TESTED], files: Array.from({ length: 300 }, (_, i) => rawFile(`${i}`)) },
      },
      {},
      known({ shown: false, why: "crossed-history" }),
    ],
    ["no test merge yet", { [REF]: { fault: "404" } }, { mergeable: null }, { known: false }],
    [
      "none, and GitHub says that there is no conflict",
      { [REF]: { fault: "404" } },
      { mergeable: true },
      { known: false },
    ],
    [
      "one of an older base",
      { ...TEST_MERGE, [TESTED]: { ...TEST_MERGE[TESTED], commits: [made(TEST, FORK, HEAD)] } },
      {},
      { known: false },
    ],
    [
      "one of an older head",
      { ...TEST_MERGE, [TESTED]: { ...TEST_MERGE[TESTED], commits: [made(TEST, BASE, "1")] } },
      {},
      { known: false },
    ],
    [
      "one with the parents the other way round",
      { ...TEST_MERGE, [TESTED]: { ...TEST_MERGE[TESTED], commits: [made(TEST, HEAD, BASE)] } },
      {},
      { known: false },
    ],
    ["GitHub failing at the ref", { ...TEST_MERGE, [REF]: { fault: "500" } }, {}, { known: false }],
    ["GitHub failing at the comparison", { ...TEST_MERGE, [TESTED]: { fault: "500" } }, {}, { known: false }],
  ])("%s", async (_, answers, pull, expected) => {
    const missing = REF in answers ? {} : { [REF]: { fault: "404" as const } };
    const { landing, change } = await lands(MERGED, { ...CROSSED, ...missing, ...answers }, pull);
    expect(landing).toMatchObject(expected as object);
    expect(change.known).toBe(landing.known && landing.value.shown);
  });

  test("GitHub failing at the question itself", async () => {
    const { landing } = await lands(MERGED, { [BEHIND]: { fault: "500" } });
    expect(landing.known).toBe(false);
  });
});

describe("a file that the base has renamed", () => {
  const renamed = rawFile("src/new.py", { status: "renamed", previous_filename: "src/fix.py" });
  const since = { [SINCE]: compared({ commits: [made(BASE, FORK)], total_commits: 1, files: [renamed] }) };
  const line = { commits: [made(HEAD, FORK)], total_commits: 1, behind_by: 1 };

  test("is judged where it lands, and approved as what it is", async () => {
    const there = { ...FIX, filename: "src/new.py" };
    const tested = { ...TEST_MERGE, [TESTED]: { ...TEST_MERGE[TESTED], files: [there] } };
    const { landing, files, change } = await lands(line, { ...since, ...tested });
    expect(landing).toEqual(SHOWN);
    expect(files).toEqual(known([toFile(there as unknown as Parameters<typeof toFile>[0])]));
    expect(change).toEqual((await lands(line, { [SINCE]: MOVED })).change);
  });

  test("is judged as it is where it conflicts", async () => {
    const { landing, files } = await lands(line, { ...since, [REF]: { fault: "404" } }, { mergeable: false });
    expect(landing).toEqual(SHOWN);
    expect(files).toMatchObject({ value: [{ path: "src/fix.py" }] });
  });
});

describe("where commits may be replayed", () => {
  const rebase = { base: { ref: "main", sha: BASE, repo: { ...repository, allow_rebase_merge: true } } };
  const hidden = { base: { ref: "main", sha: BASE, repo: { ...repository, allow_rebase_merge: undefined } } };
  const two = { commits: [made("1", FORK), made(HEAD, "1")], total_commits: 2, behind_by: 1 };
  const of = (files: unknown[]) => ({ ...made("1", FORK), files });
  const put = rawFile("src/auth.py", { patch: "@@ -0,0 +1 @@\n+check()" });
  const taken = rawFile("src/auth.py", { patch: "@@ -1 +0,0 @@\n-check()" });
  const answers = (base: unknown[]) => ({
    [`${ROOT}/commits/1`]: of([put]),
    [`${ROOT}/commits/${HEAD}`]: of([taken, FIX]),
    [SINCE]: compared({ commits: [made(BASE, FORK)], total_commits: 1, files: base }),
  });

  test.each<[string, Record<string, unknown>, unknown[], unknown]>([
    [
      "the base did the same as what is undone",
      rebase,
      [put],
      known({ shown: false, why: "replay-differs", paths: ["src/auth.py"] }),
    ],
    [
      "so it did, and the app does not see what is allowed",
      hidden,
      [put],
      known({ shown: false, why: "replay-differs", paths: ["src/auth.py"] }),
    ],
    ["so it did, and nobody can rebase", {}, [put], SHOWN],
    ["so it did, and a rebase would conflict", { ...rebase, rebaseable: false }, [put], SHOWN],
    ["the base did something else", rebase, [rawFile("README.md")], SHOWN],
  ])("%s", async (_, pull, base, expected) => {
    expect((await lands(two, answers(base), pull)).landing).toEqual(expected);
  });

  test("each commit is read once for all time, and none where it cannot matter", async () => {
    const { asked } = await lands(two, answers([put]), rebase);
    expect(asked.toSorted()).toEqual([`${ROOT}/commits/1`, `${ROOT}/commits/${HEAD}`]);
    expect((await lands(two, answers([]), rebase)).asked).toEqual([]);
    expect((await lands({ ...two, behind_by: 0 }, answers([put]), rebase)).asked).toEqual([]);
    const one = { commits: [made(HEAD, FORK)], total_commits: 1, behind_by: 1 };
    expect((await lands(one, answers([put]), rebase)).asked).toEqual([]);
  });

  test("what cannot be read is unknown, and what is too much differs", async () => {
    const failing = { ...answers([put]), [`${ROOT}/commits/1`]: { fault: "500" as const } };
    expect((await lands(two, failing, rebase)).landing.known).toBe(false);
    const many = Array.from({ length: 31 }, (_, i) => made(`${i}`, i === 0 ? FORK : `${i - 1}`));
    const { landing, asked } = await lands(
      { commits: many, total_commits: 31, behind_by: 1 },
      answers([put]),
      rebase,
    );
    expect(landing).toEqual(known({ shown: false, why: "replay-differs", paths: [] }));
    expect(asked).toEqual([]);
  });
});
