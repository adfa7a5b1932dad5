import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, it, vi } from "vitest";
import { createSlack, escapeText } from "../src/slack.ts";

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

const SECRET = "/services/T00/B00/secret";

/**
 * A webhook that answers with these statuses, one after the other, the last for all others; `null`: hangs up.
 */
async function webhook(...statuses: readonly (number | null)[]) {
  const texts: string[] = [];
  const bodies: Record<string, unknown>[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", () => {
      const status = statuses[Math.min(texts.length, statuses.length - 1)] ?? null;
      const json = JSON.parse(body) as Record<string, unknown>;
      bodies.push(json);
      texts.push(String(json.text));
      if (status === null) response.destroy();
      else response.writeHead(status, status === 302 ? { location: "http://127.0.0.1:1/" } : {}).end("ok");
    });
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${SECRET}`;
  const slack = createSlack({ url, log, firstPauseMs: 5 });
  const logged = () => JSON.stringify([log.info, log.warn, log.error].map(({ mock }) => mock.calls));
  return { slack, texts, bodies, log, logged };
}

describe("Slack", () => {
  it("gets plain text in which nothing calls anybody", async () => {
    const { slack, bodies, logged } = await webhook(200);
    slack.send("<!channel> & <@U123> <https://evil.example|click> @here");
    await slack.idle();
    expect(bodies).toEqual([
      {
        text: "&lt;!channel&gt; &amp; &lt;@U123&gt; &lt;https://evil.example|click&gt; @here",
        mrkdwn: false,
        link_names: false,
        parse: "none",
        unfurl_links: false,
      },
    ]);
    expect(logged()).not.toContain("secret");
  });

  it.each([
    ["500", 500],
    ["429", 429],
    ["no answer", null],
    ["a redirect", 302],
  ])("is tried again after %s, in order, and nobody waits for it", async (_, status) => {
    const { slack, texts, log, logged } = await webhook(status, status, 200);
    expect(slack.send("first")).toBeUndefined();
    slack.send("second");
    await slack.idle();
    expect(texts.slice(-2)).toEqual(["first", "second"]);
    expect(log.warn).toHaveBeenCalledTimes(2);
    expect(log.error).not.toHaveBeenCalled();
    expect(logged()).not.toContain("secret");
  });

  it.each([400, 403, 404, 410])("is not tried again after %i: time does not fix it", async (status) => {
    const { slack, texts, log } = await webhook(status, 200);
    slack.send("first");
    slack.send("second");
    await slack.idle();
    expect(texts).toEqual(["first", "second"]);
    expect(log.error).toHaveBeenCalledTimes(1);
  });

  it("gives up after ten tries, and takes no more than a hundred", async () => {
    const { slack, texts, log } = await webhook(500);
    slack.send("first");
    await slack.idle();
    expect(texts).toHaveLength(10);
    expect(log.error).toHaveBeenCalledWith({ reason: "Slack answered 500", tries: 10 }, expect.any(String));
    for (let i = 0; i <= 100; i++) slack.send("more");
    expect(log.error).toHaveBeenCalledTimes(2);
    slack.close();
    await slack.idle();
  });

  it("stops when it is closed", async () => {
    const { slack, texts } = await webhook(500);
    slack.send("first");
    await vi.waitFor(() => expect(texts.length).toBeGreaterThan(0));
    slack.close();
    await slack.idle();
    slack.send("second");
    await slack.idle();
    expect(texts).not.toContain("second");
  });

  it("escapes as Slack says", () => {
    expect(escapeText("a < b && c > d")).toBe("a &lt; b &amp;&amp; c &gt; d");
  });
});
