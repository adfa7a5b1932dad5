import { expect, test } from "vitest";
import { formerHeads } from "../../../../src/github/collect/pull-request/former-heads.ts";
import { known, neverKnown, unknown } from "../../../../src/policy/fact.ts";
import { at, HEAD, PULL_REQUEST } from "../../../support/snapshot.ts";

const sha = (n: number) => `${n}`.padStart(40, "b");
const NONE = "0".repeat(40);
const entry = (before: string, after: string, time: string) => ({
  before,
  after,
  at: at(time),
  type: "push",
  actor: null,
});
const NO_COMMITS = known([]);

test("heads that events told of, then all that the branch's name ever had, also before the pull request", () => {
  const activity = known([
    entry(sha(3), HEAD, "10:05:00"),
    entry(sha(2), sha(3), "10:04:00"),
    entry(NONE, sha(2), "09:30:00"),
    entry(sha(1), NONE, "09:00:00"),
    entry(NONE, sha(1), "08:00:00"),
  ]);
  expect(formerHeads(PULL_REQUEST, activity, NO_COMMITS, [sha(9), HEAD, NONE])).toEqual(
    known([sha(9), sha(3), sha(2), sha(1)]),
  );
});

test("what is known is told even where the activity is not", () => {
  expect(formerHeads(PULL_REQUEST, unknown("x"), NO_COMMITS, [sha(9)])).toEqual(known([sha(9)]));
  expect(formerHeads(PULL_REQUEST, unknown("x"), NO_COMMITS, [])).toEqual(unknown("x"));
  expect(formerHeads(PULL_REQUEST, neverKnown("x"), NO_COMMITS, [])).toEqual(neverKnown("x"));
});

test("without activity, each commit of the pull request may have been its head", () => {
  const commits = known([{ sha: sha(1) }, { sha: sha(2) }, { sha: HEAD }]);
  expect(formerHeads(PULL_REQUEST, known(null), commits, [sha(9)])).toEqual(known([sha(9), sha(2), sha(1)]));
  expect(formerHeads(PULL_REQUEST, known(null), unknown("x"), [])).toEqual(known([]));
});

test("however many there are", () => {
  const many = Array.from({ length: 600 }, (_, i) => sha(i));
  expect(formerHeads(PULL_REQUEST, known(null), NO_COMMITS, many)).toEqual(known(many));
});
