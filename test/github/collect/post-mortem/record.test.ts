import nock from "nock";
import { afterEach, describe, expect, test } from "vitest";
import {
  decodeOpened,
  encodeOpened,
  readOpenedPostMortem,
} from "../../../../src/github/collect/post-mortem/record.ts";
import { known } from "../../../../src/policy/fact.ts";
import { APP } from "../../../support/nock-github.ts";
import { HEAD } from "../../../support/snapshot.ts";
import { type Answer, REPO, ROOT, world } from "../world.ts";

afterEach(() => nock.cleanAll());

const OPENED = { repository: "kamiyo/incidents", number: 57 };

describe("the record", () => {
  test.each(["#42", `@${HEAD}`])("of %s is read as it was written", (subject) => {
    expect(decodeOpened(encodeOpened(subject, OPENED), subject)).toEqual(OPENED);
  });

  test.each([null, "", "#42", "#42 kamiyo/api", "#42 kamiyo/api#x", "#4 kamiyo/api#57", "a b c/d#1"])(
    "%j is none",
    (externalId) => expect(decodeOpened(externalId, "#42")).toBeNull(),
  );
});

describe("the post-mortem of a merged head", () => {
  const run = (id: number, external_id: string, more: object = {}) => ({
    id,
    name: "hotfix-post-mortem",
    app: APP,
    external_id,
    ...more,
  });
  const read = (answer: Answer) =>
    readOpenedPostMortem(world({ [`${ROOT}/commits/${HEAD}/check-runs`]: answer }).client, REPO, HEAD, "#42");
  const runs = (...check_runs: object[]) => ({ total_count: check_runs.length, check_runs });

  test.each<[string, Answer, object | null]>([
    ["none", runs(), null],
    ["the app's", runs(run(1, "#42 kamiyo/incidents#57")), OPENED],
    ["the first of two", runs(run(2, "#42 kamiyo/api#9"), run(1, "#42 kamiyo/incidents#57")), OPENED],
    [
      "the older of two in one place, whichever was recorded first",
      runs(run(1, "#42 kamiyo/incidents#58"), run(2, "#42 kamiyo/incidents#57")),
      OPENED,
    ],
    ["another pull request's with the same head", runs(run(1, "#41 kamiyo/api#9")), null],
    ["another app's", runs(run(1, "#42 kamiyo/api#9", { app: { id: 1 } })), null],
    ["another check's", runs(run(1, "#42 kamiyo/api#9", { name: "hotfix-gate" })), null],
  ])("%s", async (_, answer, expected) => {
    expect(await read(answer)).toEqual(known(expected));
  });

  test("what cannot be read is unknown", async () => {
    expect(await read({ status: 502, body: {} })).toMatchObject({ known: false });
  });
});
