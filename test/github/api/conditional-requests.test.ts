import nock from "nock";
import { describe, expect, test } from "vitest";
import { createAnswerCache, useConditionalRequests } from "../../../src/github/api/conditional-requests.ts";
import { API, testClient, withoutNetwork } from "../../support/nock-github.ts";

withoutNetwork();

function reader(cache = createAnswerCache(), scope = "1") {
  const { octokit } = testClient();
  useConditionalRequests(octokit, cache, scope);
  return octokit;
}

describe("conditional requests", () => {
  test("a 304 is the last answer again, with the fresh headers and the old Link", async () => {
    const octokit = reader();
    const link = `<${API}/repos/o/r/pulls?page=2>; rel="next"`;
    nock(API)
      .get("/repos/o/r/pulls?page=1")
      .reply(200, [{ number: 1 }], { etag: '"a"', link });
    nock(API, { reqheaders: { "if-none-match": '"a"' } })
      .get("/repos/o/r/pulls?page=1")
      .reply(304, undefined, { date: "Wed, 01 Jan 2031 00:00:00 GMT" });
    await octokit.request("GET /repos/o/r/pulls", { page: 1 });
    const again = await octokit.request("GET /repos/o/r/pulls", { page: 1 });
    expect(again.status).toBe(200);
    expect(again.data).toEqual([{ number: 1 }]);
    expect(again.headers).toMatchObject({ link, date: "Wed, 01 Jan 2031 00:00:00 GMT" });
  });

  test("only what its reader uses of an answer is kept and given, now and after a 304", async () => {
    const cache = createAnswerCache();
    const octokit = reader(cache);
    const etag = { etag: '"a"' };
    const rows = [{ number: 1, body: "x".repeat(1_000) }];
    nock(API).get("/repos/o/r/pulls").reply(200, rows, etag).get("/repos/o/r/pulls").reply(304);
    const numbers = (data: typeof rows) => data.map(({ number }) => ({ number }));
    const read = (request: object) => octokit.request("GET /repos/o/r/pulls", { request });
    for (let i = 0; i < 2; i++) expect((await read({ keep: numbers })).data).toEqual([{ number: 1 }]);
    expect(cache.calculatedSize).toBeLessThan(600);
    // Whoever uses more of it gets all of it.
    nock(API, { badheaders: ["if-none-match"] })
      .get("/repos/o/r/pulls")
      .reply(200, rows, etag);
    expect((await read({})).data).toEqual(rows);
    expect(nock.isDone()).toBe(true);
  });

  test("a reader who changes an answer spoils it for nobody", async () => {
    const octokit = reader();
    nock(API)
      .get("/repos/o/r")
      .reply(200, { labels: ["a"] }, { etag: '"a"' })
      .get("/repos/o/r")
      .twice()
      .reply(304);
    for (let i = 0; i < 3; i++) {
      const { data } = await octokit.request("GET /repos/o/r");
      expect(data.labels).toEqual(["a"]);
      data.labels.push("spoilt");
    }
  });

  test("a changed answer replaces the old one", async () => {
    const octokit = reader();
    nock(API).get("/repos/o/r").reply(200, { n: 1 }, { etag: '"a"' });
    nock(API, { reqheaders: { "if-none-match": '"a"' } })
      .get("/repos/o/r")
      .reply(200, { n: 2 }, { etag: '"b"' });
    nock(API, { reqheaders: { "if-none-match": '"b"' } })
      .get("/repos/o/r")
      .reply(304);
    await octokit.request("GET /repos/o/r");
    await octokit.request("GET /repos/o/r");
    expect((await octokit.request("GET /repos/o/r")).data).toEqual({ n: 2 });
  });

  test.each([
    ["another installation", reader, {}],
    ["another media type", null, { headers: { accept: "application/vnd.github.raw+json" } }],
    ["another page", null, { page: 2 }],
  ])("%s gets no ETag of this one's", async (_name, other, parameters) => {
    const cache = createAnswerCache();
    const octokit = reader(cache);
    nock(API).get("/repos/o/r").reply(200, { n: 1 }, { etag: '"a"' });
    await octokit.request("GET /repos/o/r");
    nock(API, { badheaders: ["if-none-match"] })
      .get("/repos/o/r")
      .query(true)
      .reply(200, { n: 2 });
    const asker = other === null ? octokit : reader(cache, "2");
    expect((await asker.request("GET /repos/o/r", parameters)).data).toEqual({ n: 2 });
  });

  test.each([
    ["without ETag", 200, {}],
    ["that is an error", 404, { etag: '"a"' }],
  ])("an answer %s is not kept", async (_name, status, headers) => {
    const octokit = reader();
    nock(API).get("/repos/o/r").reply(status, {}, headers);
    nock(API, { badheaders: ["if-none-match"] })
      .get("/repos/o/r")
      .reply(200, { n: 2 });
    await octokit.request("GET /repos/o/r").catch(() => undefined);
    expect((await octokit.request("GET /repos/o/r")).data).toEqual({ n: 2 });
  });

  test("writes carry no ETag", async () => {
    const octokit = reader();
    nock(API).get("/repos/o/r").reply(200, {}, { etag: '"a"' });
    nock(API, { badheaders: ["if-none-match"] })
      .patch("/repos/o/r")
      .reply(200, {}, { etag: '"b"' });
    await octokit.request("GET /repos/o/r");
    expect((await octokit.request("PATCH /repos/o/r")).status).toBe(200);
  });

  test("the cache keeps within its bytes, and what is too large is not kept", async () => {
    const cache = createAnswerCache(40_000);
    const octokit = reader(cache);
    const sizes: Record<string, number> = {
      a: 1_000,
      b: 4_000,
      c: 4_000,
      d: 4_000,
      e: 4_000,
      f: 4_000,
      huge: 9_000,
    };
    for (const [name, size] of Object.entries(sizes)) {
      nock(API)
        .get(`/repos/o/${name}`)
        .reply(200, { text: "x".repeat(size) }, { etag: '"a"' });
      await octokit.request(`GET /repos/o/${name}`);
    }
    expect(cache.calculatedSize).toBeLessThanOrEqual(40_000);
    const kept = [...cache.keys()].map((key) => key.split("/").at(-1));
    expect(kept).not.toContain("huge");
    expect(kept).not.toContain("a");
    expect(kept).toContain("f");
  });

  test("an entry that is dropped while GitHub answers 304 still answers", async () => {
    const cache = createAnswerCache();
    const octokit = reader(cache);
    nock(API).get("/repos/o/r").reply(200, { n: 1 }, { etag: '"a"' });
    await octokit.request("GET /repos/o/r");
    nock(API)
      .get("/repos/o/r")
      .reply(() => {
        cache.clear();
        return [304];
      });
    expect((await octokit.request("GET /repos/o/r")).data).toEqual({ n: 1 });
  });

  test("a 304 that nobody asked for is an error, not an empty success", async () => {
    nock(API).get("/repos/o/r").reply(304);
    await expect(reader().request("GET /repos/o/r")).rejects.toMatchObject({ status: 304 });
  });
});
