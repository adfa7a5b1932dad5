import nock from "nock";
import { Probot } from "probot";
import { describe, expect, test, vi } from "vitest";
import { createClients } from "../../../src/github/api/client.ts";
import { Octokit, octokitClass } from "../../../src/github/api/octokit.ts";
import { describeFailure } from "../../../src/github/api/read.ts";
import { API, FAULTS, fail, privateKey, silentLog, withoutNetwork } from "../../support/nock-github.ts";

withoutNetwork();
const key = privateKey();

function clients(Class = Octokit, baseUrl = API) {
  const Hasty = Class.defaults((options: object) => ({ ...options, retry: { retryAfterBaseValue: 1 } }));
  const probot = new Probot({
    appId: 7,
    privateKey: key,
    Octokit: Hasty as typeof Octokit,
    log: silentLog,
    baseUrl,
  });
  return createClients({ probot });
}

function appAnswers(base = API) {
  return nock(base).get("/app").reply(200, { id: 7, slug: "hotfix-guard", name: "Hotfix Guard" });
}

function tokenAnswers(installation = 1, base = API) {
  return nock(base)
    .post(`/app/installations/${installation}/access_tokens`)
    .reply(201, {
      token: `t${installation}`,
      expires_at: "2100-01-01T00:00:00Z",
      permissions: { checks: "write" },
    });
}

describe("createClients", () => {
  test("reads the app once and makes one client an installation", async () => {
    appAnswers();
    const all = clients();
    const [a, b, c] = await Promise.all([
      all.forInstallation(1),
      all.forInstallation(1),
      all.forInstallation(2),
    ]);
    expect(a).toBe(b);
    expect(c.octokit).not.toBe(a.octokit);
    expect(a.app).toEqual({ id: 7, slug: "hotfix-guard" });
    expect(await all.app()).toEqual(a.app);
  });

  test("every request says which version of the API it is written for", async () => {
    const version = { reqheaders: { "x-github-api-version": "2022-11-28" } };
    nock(API, version).get("/app").reply(200, { id: 7, slug: "hotfix-guard" });
    nock(API, version)
      .post("/app/installations/61/access_tokens")
      .reply(201, { token: "t61", expires_at: "2100-01-01T00:00:00Z", permissions: {} });
    nock(API, version).get("/repos/a/b").reply(200, { id: 1 });
    nock(API, version).post("/repos/a/b/labels").reply(201, { id: 1 });
    const { octokit } = await clients().forInstallation(61);
    await octokit.request("GET /repos/a/b");
    await octokit.request("POST /repos/a/b/labels");
    expect(nock.isDone()).toBe(true);
  });

  test("a failure to read the app is not remembered", async () => {
    fail(nock(API).get("/app"), "401");
    const all = clients();
    await expect(all.forInstallation(1)).rejects.toThrow();
    appAnswers();
    expect((await all.forInstallation(1)).app.id).toBe(7);
  });

  test("GET /app of an unexpected form is an error", async () => {
    nock(API).get("/app").reply(200, {});
    await expect(clients().app()).rejects.toThrow("without id");
  });

  test("server time follows GitHub's Date header", async () => {
    nock(API).get("/app").reply(200, { id: 7, slug: "x" }, { date: "Wed, 01 Jan 2031 00:00:00 GMT" });
    const client = await clients().forInstallation(1);
    expect(client.serverTime().toISOString()).toMatch(/^2031-01-01T00:00:0/);
  });
});

describe("permits", () => {
  test("as the token says, with one request for the token", async () => {
    appAnswers();
    nock(API)
      .post("/app/installations/51/access_tokens")
      .reply(201, {
        token: "t51",
        expires_at: "2100-01-01T00:00:00Z",
        permissions: { deployments: "write", actions: "read", checks: "write" },
      });
    const client = await clients().forInstallation(51);
    expect(await client.permits("deployments", "write")).toBe(true);
    expect(await client.permits("deployments", "read")).toBe(true);
    expect(await client.permits("actions", "read")).toBe(true);
    expect(await client.permits("actions", "write")).toBe(false);
  });

  test("what was granted meanwhile is permitted with another token", async () => {
    appAnswers();
    tokenAnswers(54);
    const all = clients();
    const client = await all.forInstallation(54);
    expect(await client.permits("deployments", "read")).toBe(false);
    nock(API)
      .post("/app/installations/54/access_tokens")
      .reply(201, {
        token: "t54b",
        expires_at: "2100-01-01T00:00:00Z",
        permissions: { deployments: "read" },
      });
    await all.renewToken(54);
    expect(await client.permits("deployments", "read")).toBe(true);
    expect(await client.permits("deployments", "write")).toBe(false);
  });

  test("what is not granted is not permitted; where there is no token it rejects", async () => {
    appAnswers();
    tokenAnswers(52);
    const all = clients();
    expect(await (await all.forInstallation(52)).permits("deployments", "read")).toBe(false);
    fail(nock(API).post("/app/installations/53/access_tokens"), "403");
    await expect((await all.forInstallation(53)).permits("deployments", "read")).rejects.toThrow();
  });
});

describe("the options that Probot hands to installation clients", () => {
  test("each installation has a throttle budget of its own", async () => {
    const budgets: string[] = [];
    const write = {
      key: (id: string) => {
        budgets.push(id);
        return { schedule: async (_options: unknown, job: () => Promise<unknown>) => job() };
      },
    };
    const Recording = Octokit.defaults((options: { throttle?: object }) => ({
      ...options,
      throttle: { ...options.throttle, write },
    })) as typeof Octokit;
    appAnswers();
    const all = clients(Recording);
    for (const installation of [41, 42]) {
      const { octokit } = await all.forInstallation(installation);
      tokenAnswers(installation);
      nock(API).post("/repos/o/r/labels").reply(201, { id: 1 });
      await octokit.rest.issues.createLabel({ owner: "o", repo: "r", name: "x" });
    }
    expect(budgets).toEqual(["41", "42"]);
  });

  test("a token that GitHub takes no more is replaced, once a minute", async () => {
    appAnswers();
    const { octokit } = await clients().forInstallation(43);
    tokenAnswers(43);
    nock(API).get("/repos/o/r").reply(200, { id: 1 });
    await octokit.request("GET /repos/o/r");
    // Octokit itself repeats a 401 while the token is new.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 10_000 });
    try {
      nock(API)
        .post("/app/installations/43/access_tokens")
        .reply(201, { token: "fresh", expires_at: "2100-01-01T00:00:00Z", permissions: {} });
      nock(API).get("/repos/o/r").reply(401, { message: "Bad credentials" });
      nock(API, { reqheaders: { authorization: "token fresh" } })
        .get("/repos/o/r")
        .reply(200, { id: 2 });
      expect((await octokit.request("GET /repos/o/r")).data.id).toBe(2);
      vi.setSystemTime(Date.now() + 20_000);
      nock(API).get("/repos/o/r").reply(401, { message: "Bad credentials" });
      await expect(octokit.request("GET /repos/o/r")).rejects.toMatchObject({ status: 401 });
    } finally {
      vi.useRealTimers();
    }
  });

  test("requests and token requests end in time", async () => {
    appAnswers();
    const { octokit } = await clients(octokitClass({ timeoutMs: 100 })).forInstallation(1);
    nock(API).post("/app/installations/1/access_tokens").times(2).delay(5_000).reply(201, {});
    const started = Date.now();
    const error = await octokit.request("GET /repos/o/r").catch((e) => e);
    expect(describeFailure(error)).toMatchObject({ status: null, reason: "GitHub did not answer in time" });
    expect(Date.now() - started).toBeLessThan(3_000);
    tokenAnswers();
    nock(API).get("/repos/o/r").times(2).delay(5_000).reply(200, {});
    expect(describeFailure(await octokit.request("GET /repos/o/r").catch((e) => e)).reason).toBe(
      "GitHub did not answer in time",
    );
  });

  test.each([
    ["403 secondary", 403, { message: "You have exceeded a secondary rate limit" }, { "retry-after": "11" }],
    ["429 secondary", 429, { message: "You have exceeded a secondary rate limit" }, { "retry-after": "11" }],
    [
      "primary",
      403,
      { message: "API rate limit exceeded" },
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": String(Math.ceil(Date.now() / 1000) + 60) },
    ],
  ])("a long rate limit (%s) fails at once", async (_name, status, body, headers) => {
    appAnswers();
    const { octokit } = await clients().forInstallation(1);
    tokenAnswers();
    nock(API).get("/repos/o/r").reply(status, body, headers);
    const error = await octokit.request("GET /repos/o/r").catch((e) => e);
    expect(describeFailure(error).rateLimited).toBe(true);
  });

  test("a short rate limit is waited for", async () => {
    appAnswers();
    const { octokit } = await clients().forInstallation(1);
    tokenAnswers();
    nock(API)
      .get("/repos/o/r")
      .reply(403, { message: "You have exceeded a secondary rate limit" }, { "retry-after": "1" })
      .get("/repos/o/r")
      .reply(200, { id: 1 });
    expect((await octokit.request("GET /repos/o/r")).data.id).toBe(1);
  });

  test("reads carry ETags", async () => {
    appAnswers();
    const { octokit } = await clients().forInstallation(1);
    tokenAnswers();
    nock(API).get("/repos/o/r").reply(200, { id: 1 }, { etag: '"a"' });
    nock(API, { reqheaders: { "if-none-match": '"a"' } })
      .get("/repos/o/r")
      .reply(304);
    await octokit.request("GET /repos/o/r");
    expect((await octokit.request("GET /repos/o/r")).data.id).toBe(1);
  });

  test("another server's address holds for tokens too", async () => {
    const base = "http://127.0.0.1:4600/api/v3";
    appAnswers(base);
    const { octokit } = await clients(Octokit, base).forInstallation(1);
    const token = tokenAnswers(1, base);
    expect(await octokit.auth({ type: "installation" })).toMatchObject({ token: "t1" });
    token.done();
  });
});

describe("what may be tried again", () => {
  // Throttles are kept by installation for the whole process: each test has one that nobody waits on.
  let installation = 100;
  async function client() {
    appAnswers();
    const { octokit } = await clients(octokitClass({ timeoutMs: 300 })).forInstallation(++installation);
    tokenAnswers(installation);
    return octokit;
  }

  test("a read answered 502 is", async () => {
    const octokit = await client();
    nock(API).get("/repos/o/r").reply(502).get("/repos/o/r").reply(200, { id: 1 });
    expect((await octokit.request("GET /repos/o/r")).data.id).toBe(1);
  });

  // 401 is repeated by Octokit's auth while a token is new: nothing was created then.
  test.each(FAULTS.filter((fault) => fault !== "401"))("a POST that fails with %s is not", async (fault) => {
    const octokit = await client();
    let tries = 0;
    const count = nock(API)
      .persist()
      .post("/repos/o/r/issues", () => {
        tries++;
        return true;
      });
    fail(count, fault, { delayMs: fault === "timeout" ? 1_000 : 0 });
    await expect(octokit.request("POST /repos/o/r/issues", { title: "x" })).rejects.toThrow();
    expect(tries).toBe(1);
  });
});

describe("answers that are not whole", () => {
  const json = { "content-type": "application/json; charset=utf-8" };
  test.each([
    ["truncated JSON", '{"id": 1, "na', json],
    ["empty JSON", "", json],
    ["a web page", "<html>", { "content-type": "text/html" }],
    ["nothing", "", {}],
  ])("%s is an error", async (_name, body, headers) => {
    appAnswers();
    const { octokit } = await clients().forInstallation(1);
    tokenAnswers();
    nock(API).get("/repos/o/r").times(2).reply(200, body, headers);
    const error = await octokit.request("GET /repos/o/r").catch((e) => e);
    expect(describeFailure(error)).toEqual({
      status: null,
      rateLimited: false,
      reason: "GitHub's answer was cut off or is not JSON",
    });
  });
});
