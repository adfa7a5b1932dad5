import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { REPO } from "../../src/demo/kamiyo.ts";
import type { Playground } from "../../src/playground/playground.ts";
import { ask, send, startPages } from "./support.ts";

/** Who may reach the playground, and what its answers allow. */

let playground: Playground;
let url = "";
beforeAll(async () => {
  playground = await startPages();
  ({ url } = playground);
});
afterAll(() => playground.close());

const sandbox = async () => (await playground.games.now()).company.sandbox;
const comments = async () => (await sandbox()).comments(REPO, 1234);

describe("other pages in the visitor's browser", () => {
  it.each([
    ["another name for this machine (DNS rebinding)", { host: "evil.example" }],
    ["this machine at another port", { host: "127.0.0.1:1" }],
  ])("get nothing by %s", async (_, headers) => {
    expect(await ask(url, { headers })).toMatchObject({ status: 403 });
  });

  const comment = { number: "1234", body: "hello" };
  it.each([
    ["another origin", { origin: "https://evil.example" }],
    ["another port", { origin: "http://127.0.0.1:1" }],
    ["a page without an origin", { origin: "null" }],
  ])("change nothing from %s", async (_, headers) => {
    expect(await send(url, "/act/comment", comment, headers)).toMatchObject({ status: 403 });
    expect(await comments()).toEqual([]);
  });

  it("change nothing without an origin, by another method, or by a link", async () => {
    const body = new URLSearchParams(comment).toString();
    expect((await ask(`${url}/act/comment`, { method: "POST", body })).status).toBe(403);
    expect((await ask(`${url}/act/comment`, { method: "PUT", body })).status).toBe(405);
    expect((await ask(`${url}/act/comment?${body}`)).status).toBe(404);
    expect(await comments()).toEqual([]);
  });

  it("are not allowed to read or to frame anything", async () => {
    const { headers } = await ask(url, { headers: { origin: "https://evil.example" } });
    expect(headers["access-control-allow-origin"]).toBeUndefined();
    expect(headers["content-security-policy"]).toContain("frame-ancestors 'none'");
    expect(headers["cross-origin-resource-policy"]).toBe("same-origin");
  });

  it("the visitor's own page does the same", async () => {
    const answer = await send(url, "/act/comment", { ...comment, back: "/kamiyo/api/issues/1234" });
    expect(answer).toMatchObject({ status: 303, headers: { location: "/kamiyo/api/issues/1234" } });
    expect((await comments()).map(({ body }) => body)).toEqual(["hello"]);
  });
});

describe("a page", () => {
  it.each(["/", "/kamiyo/api", "/kamiyo/api/issues/1234", "/webhooks", "/docs/rules/scope.md", "/nowhere"])(
    "%s loads nothing from elsewhere and runs nothing that is written into it",
    async (path) => {
      const { headers, body } = await ask(`${url}${path}`);
      expect(headers["content-security-policy"]).toMatch(
        /^default-src 'none'; script-src 'self'; style-src 'self';/,
      );
      expect(body).not.toMatch(/<(?:script|link|img|iframe)[^>]+(?:src|href)="(?:https?:)?\/\//);
      expect(body).not.toMatch(/\sstyle="|<script>|<style|\son\w+="/);
    },
  );

  it("that does not exist is not found", async () => {
    const paths = ["/nowhere", "/kamiyo/api/issues/9", "/assets/nothing.js", "/assets/__proto__"];
    for (const path of [...paths, "/docs/nothing.md", "/docs/..%2fpackage.json", "/docs/images/goldens.json"])
      expect((await ask(`${url}${path}`)).status, path).toBe(404);
  });
});

describe("what cannot be done", () => {
  it.each([
    ["an unknown act", "nothing", {}, 404],
    ["an act of all objects", "constructor", {}, 404],
  ])("%s", async (_, act, fields, status) => {
    expect((await send(url, `/act/${act}`, fields)).status).toBe(status);
  });

  it.each([
    ["a comment without text", "comment", { number: "1234", body: " " }, "The comment is missing."],
    ["a number that is none", "comment", { number: "x", body: "y" }, "number is not a number."],
    ["an issue that is not there", "comment", { number: "99", body: "y" }, "GitHub refused: Not Found"],
    ["a review of an unknown kind", "review", { number: "1234", state: "GREAT" }, "state is none of"],
    [
      "a direct push without the right",
      "push-directly",
      { message: "x", change: "fix" },
      "GitHub refused: GH006",
    ],
    [
      "a revert of what is not merged",
      "revert-directly",
      { sha: "1".repeat(40) },
      "Only what is on main can be reverted.",
    ],
  ])("%s is told on the page, in a line", async (_, act, fields, told) => {
    const { status, headers } = await send(url, `/act/${act}`, fields);
    expect(status).toBe(303);
    const cookie = String(headers["set-cookie"]);
    expect(decodeURIComponent(cookie)).toContain(told);
    const page = await ask(`${url}${headers.location}`, { headers: { cookie: cookie.split(";")[0] ?? "" } });
    expect(page.body).toContain('role="alert"');
  });

  it("the tour's button pressed again while the app is at work", async () => {
    await send(url, "/act/tour", {});
    const again = await send(url, "/act/tour", {});
    expect(decodeURIComponent(String(again.headers["set-cookie"]))).toContain("still working on it");
    const pulls = await (await sandbox()).as("rita-lopez").request("GET", `/repos/${REPO}/pulls`);
    expect(pulls).toHaveLength(1);
  });

  it("more than a form can send", async () => {
    const body = "x".repeat(2 * 1024 * 1024);
    expect(await send(url, "/act/comment", { number: "1234", body })).toMatchObject({ status: 413 });
  });

  it("a message of any length and script, which is told as far as a cookie holds it", async () => {
    const { headers } = await send(url, "/act/merge-directly", { branch: "é".repeat(5_000) });
    const cookie = String(headers["set-cookie"]);
    expect(cookie.length).toBeLessThan(4_096);
    expect(decodeURIComponent(cookie)).toContain("That did not work: no branch éé");
  });

  it.each(["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)"])(
    "leading the visitor to %s",
    async (back) => {
      const { headers } = await send(url, "/as", { login: "jane-doe", back });
      expect(headers.location).toBe("/kamiyo/api/issues/1234");
    },
  );
});
