import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, it } from "vitest";
import { JOHN, REPO, startScenario, toGreen, until } from "./support.ts";

/**
 * Design, section 6: alert and updates are sent to Slack where the operator set it up; failures there disturb
 * nothing.
 */

/** A webhook that answers each message with the next of these statuses, then with 200. */
async function startWebhook(...statuses: number[]) {
  const texts: string[] = [];
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (data) => {
      body += data;
    });
    request.on("end", () => {
      const status = statuses.shift() ?? 200;
      if (status === 200) texts.push((JSON.parse(body) as { text: string }).text);
      response.writeHead(status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", () => resolve()));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  return { texts, url, close: () => server.close() };
}

const TIMEOUT = { timeout: 120_000 };

describe("Slack", () => {
  it.concurrent(
    "hears of opening, merge, verification, rollback and a post-mortem that is overdue, each once",
    TIMEOUT,
    async ({ expect }) => {
      const hook = await startWebhook(503);
      const s = await startScenario({ env: { HOTFIX_SLACK_WEBHOOK_URL: hook.url } });
      try {
        const title = "HOTFIX: Fix it <!channel> & @here";
        const number = await s.openHotfix({ title });
        // Slack is down at first; the gate does not wait for it.
        await toGreen(s, number);
        const heard = (count: number) =>
          until(`${count} messages`, async () => (hook.texts.length >= count ? hook.texts : null));
        await heard(1);
        await s.restartServer();
        await s.sandbox.as(JOHN).merge(REPO, number);
        await heard(2);
        await s.sandbox.as(JOHN).comment(REPO, number, "/hotfix verified");
        await heard(3);
        await s.sandbox.as(JOHN).comment(REPO, number, "/hotfix rollback");
        await heard(4);
        s.later(25 * 3_600);
        await s.sweep();
        await heard(5);
        await s.restartServer();
        await s.sweep();
        expect(hook.texts).toEqual([
          expect.stringMatching(/^🚨 HOTFIX ALERT - P1\n\nIssue: Fix it &lt;!channel&gt; &amp; @here\n/),
          expect.stringMatching(/^✅ HOTFIX MERGED - P1\n/),
          expect.stringMatching(/^✅ HOTFIX COMPLETE - P1\n\nIssue: .*\nStatus: RESOLVED\nVerified: /),
          expect.stringMatching(/^↩️ HOTFIX ROLLBACK REQUESTED\n/),
          expect.stringMatching(/^⏰ POST-MORTEM OVERDUE\n/),
        ]);
      } finally {
        await s.close();
        hook.close();
      }
    },
  );

  it.concurrent("refuses, and nothing else is disturbed", TIMEOUT, async ({ expect }) => {
    const hook = await startWebhook(404, 404, 404, 404);
    const s = await startScenario({ env: { HOTFIX_SLACK_WEBHOOK_URL: hook.url } });
    try {
      const number = await s.openHotfix();
      await toGreen(s, number);
      await s.sandbox.as(JOHN).merge(REPO, number);
      const issue = await until(
        "the post-mortem",
        async () =>
          (await s.sandbox.issues(REPO)).find(({ title }) => title.startsWith("Post-mortem:")) ?? null,
      );
      expect(issue.title).toContain(`(#${number})`);
      expect(hook.texts).toEqual([]);
    } finally {
      await s.close();
      hook.close();
    }
  });
});
