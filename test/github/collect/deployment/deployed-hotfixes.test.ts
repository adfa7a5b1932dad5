import nock from "nock";
import { expect, test } from "vitest";
import { defaultPolicy } from "../../../../src/config/index.ts";
import { readHotfixesDeployed } from "../../../../src/github/collect/deployment/deployed-hotfixes.ts";
import { API, testClient, withoutNetwork } from "../../../support/nock-github.ts";

withoutNetwork();

const REPO = { owner: "kamiyo", repo: "api" };
const PATH = "/repos/kamiyo/api";
const SHA = "a".repeat(40);
const pull = (number: number, ref: string, merged_at: string | null = null) => ({
  number,
  title: "A change",
  labels: [],
  updated_at: "2025-10-14T10:00:00Z",
  merged_at,
  html_url: "",
  user: null,
  base: { ref: "main" },
  head: { ref, sha: SHA, repo: { full_name: "kamiyo/api" } },
});
const pullsOf = (...all: object[]) =>
  nock(API).get(`${PATH}/commits/${SHA}/pulls`).query(true).reply(200, all);
const headOf = (...names: string[]) =>
  nock(API)
    .get(`${PATH}/commits/${SHA}/branches-where-head`)
    .reply(
      200,
      names.map((name) => ({ name })),
    );
const open = (status: number, ...all: object[]) =>
  nock(API)
    .get(`${PATH}/pulls`)
    .query(true)
    .reply(status, status === 200 ? all : { message: "no" });
const read = (ref: string) => readHotfixesDeployed(testClient(), REPO, { ref, sha: SHA }, defaultPolicy());
const found = (pullRequests: readonly number[], ...branches: string[]) => ({
  known: true,
  value: { pullRequests, branches },
});

test("by its commit: hotfixes that are not merged", async () => {
  pullsOf(pull(1, "hotfix/a"), pull(2, "feature/b"), pull(3, "hotfix/c"));
  expect(await read(SHA)).toEqual(found([1, 3]));
});

test.each(["hotfix/a", "refs/heads/hotfix/a"])("by the branch that it names: %s", async (ref) => {
  pullsOf();
  expect(await read(ref)).toEqual(found([], "hotfix/a"));
});

test("by what GitHub keeps for a pull request", async () => {
  pullsOf();
  expect(await read("refs/pull/42/merge")).toEqual(found([42]));
});

test.each(["main", "v1.2"])("%s with nothing of a hotfix: one request", async (ref) => {
  pullsOf(pull(2, "feature/b"));
  expect(await read(ref)).toEqual(found([]));
});

test("a commit that was merged: one request", async () => {
  pullsOf(pull(1, "hotfix/a", "2025-10-14T10:30:00Z"));
  expect(await read(SHA)).toEqual(found([]));
});

test("a commit that branches have: the hotfix branches", async () => {
  pullsOf();
  headOf("feature/b", "hotfix/a");
  expect(await read(SHA)).toEqual(found([], "hotfix/a"));
});

test("a commit that nothing has any more: the open hotfixes; where they cannot be read, unknown", async () => {
  pullsOf();
  headOf();
  open(200, pull(1, "hotfix/a"), pull(2, "feature/b"));
  expect(await read(SHA)).toEqual(found([1]));
  pullsOf();
  headOf();
  open(403);
  expect(await read(SHA)).toMatchObject({ known: false });
});
