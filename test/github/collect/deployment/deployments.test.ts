import nock from "nock";
import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../../src/config/index.ts";
import {
  firstSuccess,
  readDeployment,
  readDeployments,
} from "../../../../src/github/collect/deployment/deployments.ts";
import { API, FAULTS, fail, testClient, withoutNetwork } from "../../../support/nock-github.ts";

withoutNetwork();

const REPO = { owner: "kamiyo", repo: "api" };
const PATH = "/repos/kamiyo/api/deployments";
const SINCE = "2025-10-14T10:00:00Z";
const POLICY = defaultPolicy();
const MAY_NOT = { ...testClient(), permits: async () => false };

function deployment(id: number, more: object = {}) {
  return {
    id,
    sha: String(id % 10).repeat(40),
    ref: "main",
    environment: "production",
    production_environment: false,
    created_at: "2025-10-14T11:00:00Z",
    creator: { login: "github-actions[bot]", type: "Bot" },
    ...more,
  };
}

function pages(...all: readonly object[][]): void {
  all.forEach((page, i) => {
    nock(API)
      .get(PATH)
      .query({ per_page: 100, page: i + 1 })
      .reply(200, page);
  });
}

describe("readDeployments", () => {
  test("without the permission nothing is asked", async () => {
    expect(await readDeployments(MAY_NOT, REPO, POLICY, { since: SINCE })).toEqual({
      known: true,
      value: null,
    });
    expect(await readDeployment(MAY_NOT, REPO, POLICY, 1)).toEqual({ known: true, value: null });
  });

  test("production by its name, which Actions do not mark, or by its mark; oldest first, none from before", async () => {
    pages([
      deployment(5, { environment: "Preview" }),
      deployment(4, { environment: "eu", production_environment: true, created_at: "2025-10-14T12:00:00Z" }),
      deployment(3, { environment: "Production" }),
      deployment(2, { created_at: SINCE, creator: null }),
      deployment(1, { created_at: "2025-10-14T09:59:59Z" }),
    ]);
    expect(await readDeployments(testClient(), REPO, POLICY, { since: SINCE })).toEqual({
      known: true,
      value: [
        expect.objectContaining({ id: 2, by: null }),
        {
          id: 3,
          sha: "3".repeat(40),
          ref: "main",
          environment: "Production",
          createdAt: "2025-10-14T11:00:00Z",
          by: { login: "github-actions[bot]", type: "Bot" },
        },
        expect.objectContaining({ id: 4, environment: "eu" }),
      ],
    });
  });

  test("what the configuration names is production, in whatever case, and nothing else", async () => {
    pages([
      deployment(3, { environment: "EU-live" }),
      deployment(2, { production_environment: true }),
      deployment(1, { environment: "us" }),
    ]);
    const policy = { environments: ["eu-LIVE", "us"] };
    const fact = await readDeployments(testClient(), REPO, policy, { since: SINCE });
    expect(fact.known && fact.value?.map(({ id }) => id)).toEqual([1, 3]);
  });

  test("goes on to the next page until it is older than asked for", async () => {
    const first = Array.from({ length: 100 }, (_, i) => deployment(300 - i, { environment: "preview" }));
    pages(first, [deployment(2), deployment(1, { created_at: "2025-10-13T00:00:00Z" })]);
    const fact = await readDeployments(testClient(), REPO, POLICY, { since: SINCE });
    expect(fact.known && fact.value?.map(({ id }) => id)).toEqual([2]);
  });

  const many = (from: number, more: object = {}) =>
    Array.from({ length: 100 }, (_, i) => deployment(from - i, { environment: "preview", ...more }));

  test("what was listed before is not listed again", async () => {
    const client = testClient();
    const ids = async (since = SINCE) => {
      const fact = await readDeployments(client, REPO, POLICY, { since });
      return fact.known && fact.value?.map(({ id }) => id);
    };
    const old = deployment(1, { created_at: "2025-10-13T00:00:00Z" });
    pages(many(500), many(400), [deployment(3), deployment(2), old]);
    expect(await ids()).toEqual([2, 3]);
    pages([deployment(501, { created_at: "2025-10-14T12:00:00Z" }), ...many(500).slice(1)]);
    expect(await ids()).toEqual([2, 3, 501]);
    pages(many(602), [
      ...many(502).slice(0, 1),
      deployment(501, { created_at: "2025-10-14T12:00:00Z" }),
      ...many(500).slice(2),
    ]);
    expect(await ids()).toEqual([2, 3, 501]);
    // The first of the repository was among them.
    pages(many(602));
    expect(await ids("2025-10-01T00:00:00Z")).toEqual([1, 2, 3, 501]);
  });

  test("a status can give a deployment another environment", async () => {
    const client = testClient();
    const deployments = async () => {
      const fact = await readDeployments(client, REPO, POLICY, { since: SINCE });
      return fact.known && fact.value?.map(({ id }) => id);
    };
    const old = deployment(1, { created_at: "2025-10-13T00:00:00Z" });
    pages([...many(500).slice(0, 98), deployment(2, { environment: "staging" }), old]);
    expect(await deployments()).toEqual([]);
    pages([...many(500).slice(0, 98), deployment(2), old]);
    expect(await deployments()).toEqual([2]);
  });

  test("what is older than what was listed is read on to", async () => {
    const client = testClient();
    const older = { created_at: "2025-10-13T00:00:00Z" };
    pages(many(500), many(400, older));
    expect(await readDeployments(client, REPO, POLICY, { since: SINCE })).toEqual({ known: true, value: [] });
    pages(many(500), many(400, older), [deployment(7, older)]);
    const fact = await readDeployments(client, REPO, POLICY, { since: "2025-10-12T00:00:00Z" });
    expect(fact.known && fact.value?.map(({ id }) => id)).toEqual([7]);
  });

  test("of a repository that deploys too often nothing is said, and no ten pages are read again", async () => {
    const client = testClient();
    pages(...Array.from({ length: 10 }, (_, i) => many(2000 - 100 * i)));
    expect(await readDeployments(client, REPO, POLICY, { since: SINCE })).toEqual({
      known: true,
      value: null,
    });
  });

  test.each(FAULTS)("%s is unknown", async (fault) => {
    fail(nock(API).persist().get(/./), fault);
    expect(await readDeployments(testClient(), REPO, POLICY, { since: SINCE })).toMatchObject({
      known: false,
    });
    expect(await readDeployment(testClient(), REPO, POLICY, 1)).toMatchObject({ known: false });
    // One that was deleted has not succeeded.
    const statuses = await firstSuccess(testClient(), REPO, { id: 1 });
    expect(statuses).toMatchObject(fault === "404" ? { known: true, value: null } : { known: false });
  });
});

describe("readDeployment", () => {
  test("one that is not to production is none", async () => {
    nock(API)
      .get(`${PATH}/1`)
      .reply(200, deployment(1, { environment: "staging" }));
    expect(await readDeployment(testClient(), REPO, POLICY, 1)).toEqual({ known: true, value: null });
    nock(API).get(`${PATH}/2`).reply(200, deployment(2));
    expect(await readDeployment(testClient(), REPO, POLICY, 2)).toMatchObject({ value: { id: 2 } });
  });
});

describe("firstSuccess", () => {
  const toStatus = ([state, at]: readonly [state: string, at: string]) => ({
    state,
    created_at: `2025-10-14T${at}:00Z`,
  });
  const statuses = (...all: readonly (readonly [state: string, at: string])[]) =>
    nock(API).get(`${PATH}/9/statuses`).query({ per_page: 100, page: 1 }).reply(200, all.map(toStatus));

  test("the first of several, also when it is inactive by now; then nothing is asked any more", async () => {
    const client = testClient();
    statuses(["inactive", "12:00"], ["success", "11:05"], ["success", "11:04"], ["in_progress", "11:01"]);
    const expected = { known: true, value: "2025-10-14T11:04:00Z" };
    expect(await firstSuccess(client, REPO, { id: 9 })).toEqual(expected);
    expect(await firstSuccess(client, REPO, { id: 9 })).toEqual(expected);
  });

  test("under a pile of later statuses", async () => {
    const next = { link: `<${API}${PATH}/9/statuses?page=2>; rel="next"` };
    const pile = Array.from({ length: 100 }, () => toStatus(["inactive", "12:00"]));
    nock(API).get(`${PATH}/9/statuses`).query({ per_page: 100, page: 1 }).reply(200, pile, next);
    nock(API)
      .get(`${PATH}/9/statuses`)
      .query({ per_page: 100, page: 2 })
      .reply(200, [toStatus(["success", "11:04"])]);
    expect(await firstSuccess(testClient(), REPO, { id: 9 })).toEqual({
      known: true,
      value: "2025-10-14T11:04:00Z",
    });
  });

  test("a failure is none, and is asked again: it may succeed yet", async () => {
    const client = testClient();
    statuses(["failure", "11:04"]);
    expect(await firstSuccess(client, REPO, { id: 9 })).toEqual({ known: true, value: null });
    statuses(["success", "11:09"], ["failure", "11:04"]);
    expect(await firstSuccess(client, REPO, { id: 9 })).toEqual({
      known: true,
      value: "2025-10-14T11:09:00Z",
    });
  });
});
