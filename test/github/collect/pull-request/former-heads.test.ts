import { expect, test } from "vitest";
import { formerHeads } from "../../../../src/github/collect/pull-request/former-heads.ts";
import { known, unknown } from "../../../../src/policy/fact.ts";
import { at, HEAD, PULL_REQUEST } from "../../../support/snapshot.ts";

const sha = (n: number) => `${n}`.padStart(40, "b");
const entry = (before: string, after: string, time: string) => ({
  before,
  after,
  at: at(time),
  type: "push",
  actor: null,
});

test("heads that events told of, then those since the pull request was opened; not the present one", () => {
  const activity = known([
    entry(sha(3), HEAD, "10:05:00"),
    entry(sha(2), sha(3), "10:04:00"),
    entry(sha(1), sha(2), "09:00:00"),
    entry("0".repeat(40), sha(1), "08:00:00"),
  ]);
  expect(formerHeads(PULL_REQUEST, activity, [sha(9), HEAD, "0".repeat(40)])).toEqual(
    known([sha(9), sha(3), sha(2)]),
  );
});

test("what is known is told even where the activity is not", () => {
  expect(formerHeads(PULL_REQUEST, unknown("x"), [sha(9)])).toEqual(known([sha(9)]));
  expect(formerHeads(PULL_REQUEST, unknown("x"), [])).toEqual(unknown("x"));
  expect(formerHeads(PULL_REQUEST, known(null), [])).toEqual(known([]));
});

test("at most twenty at once", () => {
  const many = Array.from({ length: 60 }, (_, i) => sha(i));
  expect(formerHeads(PULL_REQUEST, known(null), many)).toEqual(known(many.slice(0, 20)));
});
