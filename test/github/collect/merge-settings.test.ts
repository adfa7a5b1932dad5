import nock from "nock";
import { describe, expect, test } from "vitest";
import { readMergeSettings, toMergeSettings } from "../../../src/github/collect/merge-settings.ts";
import { API, testClient, withoutNetwork } from "../../support/nock-github.ts";
import { REPO } from "./world.ts";

withoutNetwork();

const SHOWN = {
  allow_merge_commit: false,
  allow_squash_merge: true,
  allow_rebase_merge: false,
  squash_merge_commit_title: "PR_TITLE",
  squash_merge_commit_message: "BLANK",
};
const SQUASH = {
  mergeCommit: false,
  squash: true,
  rebase: false,
  squashTitle: "PR_TITLE",
  squashMessage: "BLANK",
};
const HIDDEN = toMergeSettings({});
const ANSWER = {
  mergeCommitAllowed: false,
  squashMergeAllowed: true,
  rebaseMergeAllowed: false,
  squashMergeCommitTitle: "PR_TITLE",
  squashMergeCommitMessage: "BLANK",
};

describe("how a repository merges", () => {
  test("is what reads show; a part of it is nothing, and never allowed by being absent", () => {
    expect(toMergeSettings(SHOWN)).toEqual(SQUASH);
    expect(HIDDEN).toMatchObject({ mergeCommit: true, squash: true, rebase: true, hidden: true });
    const { allow_rebase_merge: _, ...part } = SHOWN;
    expect(toMergeSettings(part)).toEqual(HIDDEN);
  });

  test("is not asked for where reads or the event show it, and the event is remembered", async () => {
    const client = testClient();
    expect(await readMergeSettings(client, REPO, toMergeSettings(SHOWN), undefined)).toEqual(SQUASH);
    expect(await readMergeSettings(client, REPO, HIDDEN, SHOWN)).toEqual(SQUASH);
    expect(await readMergeSettings(client, REPO, HIDDEN, undefined)).toEqual(SQUASH);
  });

  test("is asked of GraphQL once, where neither does", async () => {
    const asked = nock(API)
      .post("/graphql")
      .reply(200, { data: { repository: ANSWER } });
    const client = testClient();
    expect(await readMergeSettings(client, REPO, HIDDEN, undefined)).toEqual(SQUASH);
    expect(await readMergeSettings(client, REPO, HIDDEN, undefined)).toEqual(SQUASH);
    expect(asked.isDone()).toBe(true);
  });

  test.each<[string, number, nock.Body]>([
    ["refused", 403, { message: "Resource not accessible by integration" }],
    ["not there", 404, { message: "Not Found" }],
    ["of another repository", 200, { data: { repository: null }, errors: [{ message: "Not found" }] }],
    ["half of it", 200, { data: { repository: { squashMergeAllowed: true } } }],
  ])(
    "stays hidden where the answer is %s, and is not asked for again at once",
    async (_what, status, body) => {
      const asked = nock(API).post("/graphql").reply(status, body);
      const client = testClient();
      expect(await readMergeSettings(client, REPO, HIDDEN, undefined)).toEqual(HIDDEN);
      expect(await readMergeSettings(client, REPO, HIDDEN, undefined)).toEqual(HIDDEN);
      expect(asked.isDone()).toBe(true);
    },
  );
});
