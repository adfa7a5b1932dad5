import nock from "nock";
import { afterEach, expect, test } from "vitest";
import { isOwnPostMortem } from "../../../src/github/collect/opened-post-mortem.ts";
import { known } from "../../../src/policy/fact.ts";
import { at } from "../../support/snapshot.ts";
import { type Answer, APP_BOT, ROOT, user, world } from "./world.ts";

afterEach(() => nock.cleanAll());

const MARKER = "<!-- hotfix-guard:post-mortem kamiyo/api#42 -->";
const OTHER = "<!-- hotfix-guard:post-mortem kamiyo/api#41 -->";
const issue = (more: object = {}) => ({
  number: 7,
  user: APP_BOT,
  created_at: at("11:00:01"),
  body: `${MARKER}\ntext`,
  ...more,
});

const read = (answer: Answer) => {
  const { client } = world({ [`${ROOT}/issues/7`]: answer });
  const since = at("11:00:00");
  return isOwnPostMortem(client, { repository: "kamiyo/api", number: 7, marker: MARKER, since });
};

test.each<[string, Answer, boolean]>([
  ["the app's, with the marker", issue(), true],
  ["the app's, whose marker people have lost", issue({ body: "filled in" }), true],
  ["the app's, without a body", issue({ body: null }), true],
  ["the app's for another pull request", issue({ body: OTHER }), false],
  ["older than the merge", issue({ created_at: at("10:59:59") }), false],
  ["somebody else's with the marker", issue({ user: user("mallory") }), false],
  ["a pull request", issue({ pull_request: {} }), false],
  ["deleted since", { status: 410, body: {} }, true],
  ["never there", { status: 404, body: {} }, false],
])("%s", async (_, answer, is) => {
  expect(await read(answer)).toEqual(known(is));
});

test("what cannot be read is unknown", async () => {
  expect(await read({ status: 502, body: {} })).toMatchObject({ known: false });
});
