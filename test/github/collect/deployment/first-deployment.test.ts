import nock from "nock";
import { describe, expect, test } from "vitest";
import { readDeployed } from "../../../../src/github/collect/deployment/first-deployment.ts";
import { API, fail, testClient, withoutNetwork } from "../../../support/nock-github.ts";

withoutNetwork();

const REPO = { owner: "kamiyo", repo: "api" };
const PATH = "/repos/kamiyo/api";
const MERGE = "a".repeat(40);
const LATER = "b".repeat(40);
const OTHER = "c".repeat(40);
const HOTFIX = { mergeSha: MERGE, mergedAt: "2025-10-14T10:00:00Z" };
const POLICY = { environments: [] };

const deployment = (id: number, sha: string, at: string, login = "john") => ({
  id,
  sha,
  ref: "main",
  environment: "production",
  created_at: `2025-10-14T${at}:00Z`,
  creator: { login, type: "User" },
});
const listed = (...all: object[]) =>
  nock(API).get(`${PATH}/deployments`).query({ per_page: 100, page: 1 }).reply(200, all);
const statuses = (id: number, ...all: readonly (readonly [state: string, at: string])[]) =>
  nock(API)
    .get(`${PATH}/deployments/${id}/statuses`)
    .query(true)
    .reply(
      200,
      all.map(([state, at]) => ({ state, created_at: `2025-10-14T${at}:00Z` })),
    );
/** How many commits of the merge the deployed commit lacks. */
const lacks = (sha: string, ahead_by: number) =>
  nock(API).get(`${PATH}/compare/${sha}...${MERGE}`).query(true).reply(200, { ahead_by });

const happened = (at: string, by = "john") => ({
  known: true,
  value: { at: `2025-10-14T${at}:00Z`, by, detail: "production" },
});

describe("readDeployed", () => {
  test("the merge itself: no comparison; found once, nothing is asked any more", async () => {
    const client = testClient();
    listed(deployment(1, MERGE, "10:01"));
    statuses(1, ["success", "10:04"]);
    expect(await readDeployed(client, REPO, HOTFIX, POLICY)).toEqual(happened("10:04"));
    expect(await readDeployed(client, REPO, HOTFIX, POLICY)).toEqual(happened("10:04"));
  });

  test("a later commit that contains it; one that does not counts for nothing, whatever its success", async () => {
    listed(deployment(2, LATER, "10:20", "rita"), deployment(1, OTHER, "10:01"));
    lacks(OTHER, 1);
    lacks(LATER, 0);
    statuses(2, ["success", "10:25"]);
    expect(await readDeployed(testClient(), REPO, HOTFIX, POLICY)).toEqual(happened("10:25", "rita"));
  });

  test("failed, then successful: the one that succeeded", async () => {
    listed(deployment(2, MERGE, "10:10"), deployment(1, MERGE, "10:01"));
    statuses(1, ["failure", "10:03"]);
    statuses(2, ["success", "10:12"]);
    expect(await readDeployed(testClient(), REPO, HOTFIX, POLICY)).toEqual(happened("10:12"));
  });

  test("begun later, and done first", async () => {
    listed(
      deployment(3, MERGE, "10:30"),
      deployment(2, MERGE, "10:05", "rita"),
      deployment(1, MERGE, "10:01"),
    );
    statuses(1, ["success", "10:20"]);
    statuses(2, ["success", "10:06"]);
    expect(await readDeployed(testClient(), REPO, HOTFIX, POLICY)).toEqual(happened("10:06", "rita"));
  });

  test("none succeeded; none at all; a commit that is not there: not deployed, and what two commits contain is asked once", async () => {
    const client = testClient();
    listed(deployment(2, OTHER, "10:02"), deployment(1, LATER, "10:01"));
    lacks(LATER, 0);
    statuses(1, ["in_progress", "10:03"]);
    nock(API).get(`${PATH}/compare/${OTHER}...${MERGE}`).query(true).reply(404, { message: "Not Found" });
    expect(await readDeployed(client, REPO, HOTFIX, POLICY)).toEqual({ known: true, value: null });
    listed(deployment(1, LATER, "10:01"));
    statuses(1, ["success", "10:09"], ["in_progress", "10:03"]);
    expect(await readDeployed(client, REPO, HOTFIX, POLICY)).toEqual(happened("10:09"));
    listed();
    expect(await readDeployed(testClient(), REPO, HOTFIX, POLICY)).toEqual({ known: true, value: null });
  });

  test("without the permission nothing is asked", async () => {
    const client = { ...testClient(), permits: async () => false };
    expect(await readDeployed(client, REPO, HOTFIX, POLICY)).toEqual({ known: true, value: null });
  });

  test.each(["deployments", "compare", "statuses"] as const)("%s that fail are unknown", async (what) => {
    if (what === "deployments") fail(nock(API).get(`${PATH}/deployments`).query(true), "403");
    else listed(deployment(1, LATER, "10:01"));
    if (what === "compare") fail(nock(API).get(`${PATH}/compare/${LATER}...${MERGE}`).query(true), "403");
    else lacks(LATER, 0);
    if (what === "statuses") fail(nock(API).get(`${PATH}/deployments/1/statuses`).query(true), "403");
    expect(await readDeployed(testClient(), REPO, HOTFIX, POLICY)).toMatchObject({ known: false });
  });
});
