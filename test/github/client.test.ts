import nock from "nock";
import { Probot } from "probot";
import { describe, expect, test } from "vitest";
import { createClients, Octokit, octokitClass } from "../../src/github/client.ts";
import { describeFailure } from "../../src/github/read.ts";
import { API, FAULTS, fail, privateKey, silentLog, withoutNetwork } from "../support/nock-github.ts";

withoutNetwork();
const key = privateKey();

function clients(Class = Octokit, baseUrl = API) {
  const probot = new Probot({ appId: 7, privateKey: key, Octokit: Class, log: silentLog, baseUrl });
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

describe("the options that Probot hands to installation clients", () => {
  test("each installation has a throttle of its own: two create side by side what one creates in turn", async () => {
    appAnswers();
    const all = clients();
    const [one, two] = await Promise.all([all.forInstallation(1), all.forInstallation(2)]);
    tokenAnswers(1);
    tokenAnswers(2);
    const at: Record<string, number[]> = { o1: [], o2: [] };
    for (const owner of ["o1", "o2"]) {
      nock(API)
        .post(`/repos/${owner}/r/labels`)
        .times(2)
        .reply(() => {
          at[owner]?.push(Date.now());
          return [201, { id: 1 }];
        });
    }
    const label = (client: typeof one, owner: string) =>
      client.octokit.rest.issues.createLabel({ owner, repo: "r", name: "x" });
    await Promise.all([label(one, "o1"), label(one, "o1"), label(two, "o2"), label(two, "o2")]);
    const [o1 = [], o2 = []] = [at.o1, at.o2];
    expect((o1[1] ?? 0) - (o1[0] ?? 0)).toBeGreaterThan(900);
    expect(Math.abs((o1[0] ?? 0) - (o2[0] ?? 0))).toBeLessThan(900);
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
