import nock from "nock";
import { expect, test } from "vitest";
import { readQueueEntry } from "../../../../src/github/collect/pull-request/merge-queue.ts";
import { known, unknown } from "../../../../src/policy/fact.ts";
import { API, testClient, withoutNetwork } from "../../../support/nock-github.ts";
import { HISTORY, snapshot } from "../../../support/snapshot.ts";
import { REPO } from "../world.ts";

withoutNetwork();

const QUEUED = snapshot({ events: { inMergeQueue: true } });
const ENTRY = {
  position: 3,
  state: "AWAITING_CHECKS",
  estimatedTimeToMerge: 720,
  enqueuedAt: "2025-10-14T10:30:00Z",
};
const answer = (mergeQueueEntry: object | null) => ({
  data: { repository: { pullRequest: { mergeQueueEntry } } },
});
const ask = (status: number, body: nock.Body) => {
  nock(API).post("/graphql").reply(status, body);
  return readQueueEntry(testClient(), REPO, QUEUED);
};

test.each([
  ["it is not in the queue, by its timeline", snapshot()],
  ["its timeline cannot be read", snapshot({ history: unknown("the timeline: GitHub answered 502") })],
  ["it is closed", snapshot({ events: { inMergeQueue: true }, pr: { state: "closed" } })],
  [
    "there is no pull request",
    snapshot({ history: known({ ...HISTORY, inMergeQueue: true }), origin: { kind: "branch" } }),
  ],
])("nothing is asked where %s", async (_what, one) => {
  expect(await readQueueEntry(testClient(), REPO, one)).toEqual(known(null));
});

test.each([
  ["all of it", ENTRY, { position: 3, state: "AWAITING_CHECKS", secondsLeft: 720 }],
  ["no estimate", { ...ENTRY, estimatedTimeToMerge: null }, { secondsLeft: null }],
  ["an estimate that is none", { ...ENTRY, estimatedTimeToMerge: -1 }, { secondsLeft: null }],
  ["a state that nobody knows", { ...ENTRY, state: "FROZEN" }, { position: 3, state: null }],
])("what GitHub tells: %s", async (_what, entry, expected) => {
  const read = await ask(200, answer(entry));
  expect(read).toMatchObject(known({ queuedAt: ENTRY.enqueuedAt, ...expected }));
  expect(read.known && read.value?.asOf).toMatch(/^\d{4}-.*Z$/);
});

test("it has left the queue meanwhile", async () => {
  expect(await ask(200, answer(null))).toEqual(known(null));
});

test.each<[string, number, nock.Body]>([
  ["refused", 403, { message: "Resource not accessible by integration" }],
  [
    "of an older server",
    200,
    { errors: [{ message: "Field 'mergeQueueEntry' doesn't exist on type 'PullRequest'" }] },
  ],
  ["of another repository", 200, { data: { repository: null }, errors: [{ message: "Not found" }] }],
  ["half of it", 200, answer({ state: "QUEUED" })],
])("is unknown where the answer is %s", async (_what, status, body) => {
  expect(await ask(status, body)).toMatchObject({ known: false });
});
