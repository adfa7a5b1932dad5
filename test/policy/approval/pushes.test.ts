import { expect, test } from "vitest";
import { hasPushed, reachedNeeded } from "../../../src/policy/approval/pushes.ts";
import { type Fact, known, unknown } from "../../../src/policy/fact.ts";
import type { Account } from "../../../src/policy/snapshot/account.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { AUTHOR, at, BASE, commit, HEAD, MANAGER, REVIEWER, snapshot } from "../../support/snapshot.ts";

/**
 * The head's commits: C1 on the base, C2 on it, and the head. X and Y were the branch's tips and are gone.
 */
const [C1, C2, X, Y, NONE] = ["1", "2", "e", "f", "0"].map((c) => c.repeat(40)) as [
  string,
  string,
  string,
  string,
  string,
];
const COMMITS = known([
  commit({ sha: C1, parents: [BASE] }),
  commit({ sha: C2, parents: [C1] }),
  commit({ sha: HEAD, parents: [C2] }),
]);
const DEAD = "d".repeat(40);

/** `actor before after`, newest first. */
type Move = readonly [actor: Account | null, before: string, after: string];

function of(
  moves: readonly Move[],
  reached: Record<string, Fact<string | null>> = {},
  more: Partial<PullRequestSnapshot> = {},
): PullRequestSnapshot {
  const activity = moves.map(([actor, before, after]) => ({
    actor,
    before,
    after,
    at: at("09:00:00"),
    type: "push",
  }));
  return snapshot({ commits: COMMITS, activity: known(activity), reached, ...more });
}

const toHead: Move = [AUTHOR, X, HEAD];

test.each<{ name: string; snapshot: PullRequestSnapshot; expected: boolean | "unknown" }>([
  { name: "the head itself", snapshot: of([[MANAGER, C2, HEAD]]), expected: true },
  {
    name: "a commit below it",
    snapshot: of([
      [AUTHOR, C1, HEAD],
      [MANAGER, NONE, C1],
    ]),
    expected: true,
  },
  { name: "nothing", snapshot: of([[AUTHOR, NONE, HEAD]]), expected: false },
  {
    name: "in an earlier life of the branch's name, the same commit",
    snapshot: of([
      [AUTHOR, NONE, HEAD],
      [AUTHOR, C2, NONE],
      [MANAGER, NONE, C2],
    ]),
    expected: true,
  },
  {
    name: "two commits, the second of which was forced away",
    snapshot: of([toHead, [MANAGER, NONE, X]], { [X]: known(C1) }),
    expected: true,
  },
  {
    name: "one on top of others' commits, that was forced away",
    snapshot: of([toHead, [MANAGER, C1, X], [AUTHOR, NONE, C1]], { [X]: known(C1) }),
    expected: false,
  },
  {
    name: "a push of two, of which the branch was set back to the first",
    snapshot: of(
      [
        [AUTHOR, X, C2],
        [MANAGER, C1, X],
        [AUTHOR, NONE, C1],
      ],
      { [X]: known(C2) },
    ),
    expected: true,
  },
  {
    name: "from one that is gone to another that is gone, and nothing between",
    snapshot: of([toHead, [MANAGER, Y, X]], { [X]: known(C1), [Y]: known(C1) }),
    expected: false,
  },
  {
    name: "from one that is gone to another that has more of the head",
    snapshot: of([toHead, [MANAGER, Y, X]], { [X]: known(C2), [Y]: known(C1) }),
    expected: true,
  },
  {
    name: "another hotfix by that name, long in the base",
    snapshot: of(
      [
        [AUTHOR, NONE, HEAD],
        [MANAGER, NONE, X],
      ],
      { [X]: known(X) },
    ),
    expected: false,
  },
  {
    name: "what GitHub has no more is not said to be nothing",
    snapshot: of([toHead, [MANAGER, C1, X]], { [X]: known(null) }),
    expected: true,
  },
  { name: "what was not read is unknown", snapshot: of([toHead, [MANAGER, C1, X]]), expected: "unknown" },
  {
    name: "what could not be read is unknown",
    snapshot: of([toHead, [MANAGER, C1, X]], { [X]: unknown("GitHub answered 502") }),
    expected: "unknown",
  },
  {
    name: "with merges in the branch, something that was forced away counts",
    snapshot: of(
      [toHead, [MANAGER, C1, X]],
      { [X]: known(BASE) },
      {
        commits: known([commit({ sha: C1 }), commit({ parents: [C1, DEAD] })]),
      },
    ),
    expected: true,
  },
  {
    name: "again and again what was forced away",
    snapshot: of([toHead, ...Array.from({ length: 21 }, (): Move => [MANAGER, C1, X])], { [X]: known(BASE) }),
    expected: true,
  },
  {
    name: "twenty times what was forced away, compared each time",
    snapshot: of([toHead, ...Array.from({ length: 20 }, (): Move => [MANAGER, C1, X])], { [X]: known(BASE) }),
    expected: false,
  },
  {
    name: "moves of an account that is gone are nobody's",
    snapshot: of([
      [null, C2, HEAD],
      [null, C1, X],
    ]),
    expected: false,
  },
  {
    name: "commits that were not read",
    snapshot: of([toHead], {}, { commits: unknown("x") }),
    expected: "unknown",
  },
  {
    name: "an activity that was not read",
    snapshot: of([], {}, { activity: unknown("x") }),
    expected: "unknown",
  },
  { name: "no activity to be had", snapshot: of([], {}, { activity: known(null) }), expected: false },
  {
    name: "from one that could not be read to one that has more of the head",
    snapshot: of([toHead, [MANAGER, Y, X]], { [X]: known(C2), [Y]: unknown("x") }),
    expected: "unknown",
  },
  {
    name: "from one that GitHub has no more to one that has something of the head",
    snapshot: of([toHead, [MANAGER, Y, X]], { [X]: known(C2), [Y]: known(null) }),
    expected: true,
  },
  { name: "the deletion of the branch brings nothing", snapshot: of([[MANAGER, C2, NONE]]), expected: false },
])("$name", ({ snapshot, expected }) => {
  const fact = hasPushed(snapshot, MANAGER);
  expect(fact.known ? fact.value : "unknown").toBe(expected);
});

test("only what somebody pushed whose word may count is compared", () => {
  const seen = of([toHead, [MANAGER, Y, X], [REVIEWER, C1, DEAD]], { [Y]: known(C1) });
  expect(reachedNeeded(seen, [MANAGER])).toEqual([X]);
  expect(reachedNeeded(seen, [{ login: "ann" }])).toEqual([]);
});

test("of moves what is neither in the head nor compared yet is needed, each once", () => {
  const moves: readonly Move[] = [
    [MANAGER, NONE, X],
    [MANAGER, X, Y],
    [MANAGER, C1, DEAD],
    [MANAGER, HEAD, DEAD],
    [MANAGER, C2, HEAD],
    [MANAGER, C2, NONE],
  ];
  expect(reachedNeeded(of(moves), [MANAGER])).toEqual([X, Y, DEAD]);
  expect(reachedNeeded(of(moves, { [DEAD]: known(null) }), [MANAGER])).toEqual([X, Y]);
  expect(reachedNeeded(of(moves, {}, { commits: unknown("x") }), [MANAGER])).toEqual([]);
  expect(reachedNeeded(of(moves, {}, { activity: known(null) }), [MANAGER])).toEqual([]);
});

test("where somebody moved the branch too often, nothing is compared; at the bound it is", () => {
  const often = (length: number) => of(Array.from({ length }, (): Move => [MANAGER, C1, X]));
  expect(reachedNeeded(often(20), [MANAGER])).toEqual([X]);
  expect(reachedNeeded(often(21), [MANAGER])).toEqual([]);
});
