import nock from "nock";
import { describe, expect, test } from "vitest";
import { type Page, PER_PAGE, read, readPages } from "../../../src/github/api/read.ts";
import { OPEN_ANEW } from "../../../src/policy/fact.ts";
import { API, FAULTS, fail, testClient, withoutNetwork } from "../../support/nock-github.ts";

withoutNetwork();

const reasons: Record<(typeof FAULTS)[number], string> = {
  "401": "GitHub answered 401 (the app's credentials were not accepted)",
  "403": "GitHub answered 403 (the app is not allowed to)",
  "404": "GitHub answered 404 (not found)",
  "409": "GitHub answered 409 (conflict)",
  "422": "GitHub answered 422 (the request was refused)",
  "429": "GitHub's rate limit is used up, free again at",
  "500": "GitHub answered 500",
  "502": "GitHub answered 502",
  timeout: "GitHub did not answer in time",
  network: "GitHub could not be reached",
  truncated: "GitHub's answer was cut off or is not JSON",
};

function ask() {
  return testClient()
    .octokit.request("GET /repos/o/r")
    .then(({ data }) => data);
}

describe("read", () => {
  test.each(FAULTS)("%s is unknown, in plain words", async (fault) => {
    fail(nock(API).persist().get("/repos/o/r"), fault);
    const fact = await read("the repository", ask);
    expect(fact).toEqual({
      known: false,
      reason: expect.stringContaining(`the repository: ${reasons[fault]}`),
    });
    expect(JSON.stringify(fact)).not.toMatch(/http|token|fault \d|hang up/);
  });

  test("what the request makes of a strange answer is unknown, not a crash", async () => {
    nock(API).get("/repos/o/r").reply(200, { nothing: 1 });
    expect(
      await read("the name", async () => ((await ask()) as { owner: { login: string } }).owner.login),
    ).toEqual({
      known: false,
      reason: "the name: GitHub's answer had an unexpected form",
    });
  });

  test("404 and 403 are facts only where the caller says what they mean", async () => {
    const options = { notFound: () => "none" as const, forbidden: () => "forbidden" as const };
    fail(nock(API).get("/repos/o/r"), "404");
    expect(await read("x", ask, options)).toEqual({ known: true, value: "none" });
    fail(nock(API).get("/repos/o/r"), "403");
    expect(await read("x", ask, options)).toEqual({ known: true, value: "forbidden" });
  });

  test.each([
    ["Repository was archived so is read-only.", "the repository is archived"],
    ["Unable to create comment because issue is locked.", "the conversation is locked"],
    ["Resource not accessible by integration", "the app is not allowed to"],
  ])("a 403 says why: %s", async (message, words) => {
    nock(API).get("/repos/o/r").reply(403, { message });
    expect(await read("x", ask)).toEqual({ known: false, reason: `x: GitHub answered 403 (${words})` });
  });

  test.each([
    [
      "remaining 0",
      403,
      "x",
      { "x-ratelimit-remaining": "0", "x-ratelimit-reset": "1760000000" },
      "08:53 UTC",
    ],
    [
      "retry-after",
      403,
      "x",
      { "retry-after": "600", date: "Wed, 01 Jan 2025 10:00:00 GMT" },
      "free again at 10:10 UTC",
    ],
    [
      "secondary, by its message",
      403,
      "You have exceeded a secondary rate limit",
      {},
      "rate limit is used up",
    ],
    [
      "abuse, by its message",
      403,
      "You have triggered an abuse detection mechanism",
      {},
      "rate limit is used up",
    ],
    ["429", 429, "slow down", {}, "rate limit is used up"],
    ["an absurd reset", 429, "x", { "x-ratelimit-reset": "9".repeat(30) }, "rate limit is used up"],
  ])("a rate limit (%s) is never taken for forbidden", async (_name, status, message, headers, reason) => {
    nock(API).get("/repos/o/r").reply(status, { message }, headers);
    const fact = await read("x", ask, { forbidden: () => "forbidden" as const });
    expect(fact).toEqual({ known: false, reason: expect.stringContaining(reason) });
  });
});

describe("readPages", () => {
  type Links = { next?: number; last?: number };
  function link({ next, last }: Links): string | undefined {
    const parts = Object.entries({ next, last }).flatMap(([rel, page]) =>
      page === undefined ? [] : [`<${API}/x?per_page=100&page=${page}>; rel="${rel}"`],
    );
    return parts.length === 0 ? undefined : parts.join(", ");
  }
  /**
   * A list of so many pages, each with its own number as the one entry; counts how many are asked for at
   * once.
   */
  function list(pages: number, { lastKnown = true } = {}) {
    const state = { atOnce: 0, most: 0, asked: [] as number[] };
    const page = async (n: number): Promise<Page<number>> => {
      state.asked.push(n);
      state.most = Math.max(state.most, ++state.atOnce);
      await new Promise((resolve) => setTimeout(resolve, 5));
      state.atOnce--;
      const links = n < pages ? { next: n + 1, ...(lastKnown ? { last: pages } : {}) } : {};
      return { data: [n], headers: { link: link(links) } };
    };
    return { page, state };
  }

  test("asks for GitHub's largest pages", () => expect(PER_PAGE).toBe(100));

  test.each([
    [1, true],
    [2, true],
    [7, true],
    [7, false],
  ])("%d pages come whole and in order (last known: %s)", async (pages, lastKnown) => {
    const { page, state } = list(pages, { lastKnown });
    const numbers = Array.from({ length: pages }, (_, i) => i + 1);
    expect(await readPages("x", page)).toEqual({ known: true, value: numbers });
    expect(state.asked).toHaveLength(pages);
    expect(state.most).toBe(lastKnown ? Math.max(1, pages - 1) : 1);
  });

  test.each([true, false])(
    "more than the cap is unknown, not cut short (last known: %s)",
    async (lastKnown) => {
      const { page } = list(4, { lastKnown });
      expect(await readPages("the files", page, { maxPages: 3 })).toEqual({
        known: false,
        reason: "the files: there are more than 300 entries",
        wayOut: OPEN_ANEW,
      });
    },
  );

  test("a list that grew while it was read is read to its end", async () => {
    const links: Record<number, Links> = { 1: { next: 2, last: 2 }, 2: { next: 3, last: 3 }, 3: {} };
    const page = async (n: number) => ({ data: [n], headers: { link: link(links[n] ?? {}) } });
    expect(await readPages("x", page)).toEqual({ known: true, value: [1, 2, 3] });
  });

  test.each([0, 1, 100, 101, 250])(
    "%d entries whose links are lost on the way are read to the end",
    async (count) => {
      const all = Array.from({ length: count }, (_, i) => i);
      const asked: number[] = [];
      const page = async (n: number) => {
        asked.push(n);
        return { data: all.slice((n - 1) * PER_PAGE, n * PER_PAGE), headers: {} };
      };
      expect(await readPages("x", page)).toEqual({ known: true, value: all });
      expect(asked).toHaveLength(Math.floor(count / PER_PAGE) + 1);
    },
  );

  test.each<[string, (n: number) => Page<number>]>([
    ["leads in a circle", (n) => ({ data: [n], headers: { link: link({ next: 1 }) } })],
    [
      "has a page without a number",
      () => ({ data: [], headers: { link: `<${API}/x?page=abc>; rel="next"` } }),
    ],
    ["is no list", () => ({ data: "no" as never, headers: {} })],
  ])("a list that %s is unknown", async (_name, page) => {
    expect(await readPages("x", async (n) => page(n))).toMatchObject({ known: false });
  });

  test("one page that fails makes the whole unknown", async () => {
    const octokit = testClient().octokit;
    nock(API)
      .get("/repos/o/r/pulls?page=1")
      .reply(200, [{}], { link: link({ next: 2, last: 3 }) ?? "" })
      .get("/repos/o/r/pulls?page=2")
      .reply(200, [{}]);
    fail(nock(API).persist().get("/repos/o/r/pulls?page=3"), "502");
    const fact = await readPages("the list", (page) =>
      octokit.rest.pulls.list({ owner: "o", repo: "r", page }),
    );
    expect(fact).toEqual({ known: false, reason: "the list: GitHub answered 502" });
  });
});
