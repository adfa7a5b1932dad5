import { describe, type ExpectStatic, it } from "vitest";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  type Hotfix,
  JOHN,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  startScenario,
  until,
} from "../support.ts";
import { called, startSlack } from "./calls.ts";

/**
 * An outsider calls people (issue 8, item 8): each attack beside its honest twin. Harm is somebody mentioned,
 * asked for a review, or told in Slack.
 */

const MALLORY = "mallory";
const P0 = DEPLOYMENT_MESSAGE.replace("Severity: P1", "Severity: P0");
const CONFIG = `version: 1
roles:
  on-call: { users: [${RITA}] }
  engineering-manager: { teams: [engineering-managers] }
`;
const HOUR = 3_600;

/** A P0 hotfix from a stranger's fork. */
async function openFromFork({ sandbox }: Scenario, more: Partial<Hotfix> = {}): Promise<number> {
  sandbox.createUser(MALLORY);
  const fork = await sandbox.createFork(REPO, MALLORY);
  const git = sandbox.git(fork);
  const sha = await git.commit(BRANCH, {
    message: P0,
    files: { [STRIPE]: STRIPE_FIXED },
    author: sandbox.person(MALLORY),
    parents: [sandbox.git(REPO).head("main") as string],
    ...more,
  });
  await git.push(MALLORY, BRANCH, sha);
  const pull = { head: `${MALLORY}:${BRANCH}`, title: "HOTFIX: Fix Stripe webhook signature verification" };
  return (await sandbox.as(MALLORY).openPullRequest(REPO, pull)).number;
}

async function deleteOwn({ sandbox }: Scenario, number: number, which: RegExp): Promise<void> {
  for (const { id, user, body } of await sandbox.comments(REPO, number))
    if (user?.type === "Bot" && which.test(body ?? ""))
      await sandbox.as(RITA).request("DELETE", `/repos/${REPO}/issues/comments/${id}`);
}

const status = async (s: Scenario, number: number): Promise<string> =>
  (await s.sandbox.comments(REPO, number)).find(({ body }) => body?.includes("hotfix-guard:status"))?.body ??
  "";

describe.concurrent("an outsider's hotfix", () => {
  scenario(
    "calls nobody, however long it waits and whatever its author does",
    { config: CONFIG },
    async (s, expect) => {
      const number = await openFromFork(s);
      await s.expectGate(number, "action_required");
      const { sandbox } = s;
      for (const act of ["close", "reopen", "comment", "reopen"] as const) {
        s.later(12 * 60);
        if (act === "comment") await sandbox.as(MALLORY).comment(REPO, number, "/hotfix recheck");
        else if (act === "close")
          await sandbox.as(MALLORY).editPullRequest(REPO, number, { state: "closed" });
        else await sandbox.as(MALLORY).editPullRequest(REPO, number, { state: "open" });
        await s.idle();
      }
      await s.sweep();
      await s.stopServer();
      s.later(2 * HOUR);
      await s.restartServer();
      await s.sweep();
      expect(await called(s, number)).toEqual([]);
      expect(await status(s, number)).toContain("No one was notified: `mallory` has no write access.");
    },
  );

  scenario(
    "calls nobody although another outsider reviews it and writes commands",
    { config: CONFIG },
    async (s, expect) => {
      const number = await openFromFork(s);
      await s.expectGate(number, "action_required");
      s.sandbox.createUser("trudy");
      await s.sandbox.as("trudy").comment(REPO, number, "/hotfix recheck");
      await s.sandbox
        .as("trudy")
        .review(REPO, number, "APPROVED")
        .catch(() => {});
      s.later(50 * 60);
      await s.sweep();
      expect(await called(s, number)).toEqual([]);
    },
  );

  scenario("of somebody with triage, who labels it too: nobody", { config: CONFIG }, async (s, expect) => {
    const number = await openFromFork(s);
    s.sandbox.setPermission(REPO, MALLORY, "triage");
    await s.sandbox
      .as(MALLORY)
      .addLabel(REPO, number, "severity:P0")
      .catch(() => {});
    await s.expectGate(number, "action_required");
    s.later(50 * 60);
    await s.sweep();
    expect(await called(s, number)).toEqual([]);
  });

  scenario(
    "honest twin: a writer takes it up, and people are called, told on whose word",
    { config: CONFIG },
    async (s, expect) => {
      const number = await openFromFork(s);
      await s.expectGate(number, "action_required");
      await s.sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
      await until("people are called", async () => ((await called(s, number)).length > 0 ? true : null));
      await s.idle();
      expect(await called(s, number)).toEqual(["@kamiyo/engineering-managers", "review requested"]);
      const comments = await s.sandbox.comments(REPO, number);
      expect(comments.some(({ body }) => body?.includes("`rita-lopez`, who has, commented on it."))).toBe(
        true,
      );
      expect(await status(s, number)).not.toContain("No one was notified");
    },
  );

  scenario("honest twin: a writer's own P0 calls at once", { config: CONFIG }, async (s, expect) => {
    const number = await s.openHotfix({ message: P0 });
    await s.expectGate(number, "action_required");
    await s.idle();
    expect(await called(s, number)).toEqual(["@kamiyo/engineering-managers", "review requested"]);
  });
});

describe.concurrent("a step once in a pull request's life", () => {
  const cases: readonly (readonly [string, (s: Scenario, number: number) => Promise<unknown>])[] = [
    [
      "closed and reopened three times",
      async (s, number) => {
        for (let i = 0; i < 3; i++) {
          await s.sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
          await s.idle();
          s.later();
          await s.sandbox.as(JOHN).editPullRequest(REPO, number, { state: "open" });
          await s.idle();
        }
      },
    ],
    ["the app's comments deleted", (s, number) => deleteOwn(s, number, /escalation|asked/)],
    [
      "the app's comments deleted, and a restart",
      async (s, number) => {
        await deleteOwn(s, number, /hotfix-guard/);
        await s.restartServer();
      },
    ],
    [
      "the app's comments deleted, a new head, and a restart",
      async (s, number) => {
        await deleteOwn(s, number, /hotfix-guard/);
        await s.stopServer();
        await s.pushHotfix({ message: `${P0} `, force: true });
        await s.restartServer();
      },
    ],
    [
      "the app's comments deleted while it is closed, and a restart",
      async (s, number) => {
        await s.sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
        await s.idle();
        await deleteOwn(s, number, /hotfix-guard/);
        await s.restartServer();
        await s.sandbox.as(JOHN).editPullRequest(REPO, number, { state: "open" });
      },
    ],
    [
      "renamed",
      (s, number) => s.sandbox.as(JOHN).editPullRequest(REPO, number, { title: "HOTFIX: Fix it anew" }),
    ],
    [
      "made a draft, and ready again",
      async (s, number) => {
        await s.sandbox.as(JOHN).editPullRequest(REPO, number, { draft: true });
        await s.idle();
        s.later();
        await s.sandbox.as(JOHN).editPullRequest(REPO, number, { draft: false });
      },
    ],
  ];
  for (const [name, act] of cases)
    scenario(name, { config: CONFIG }, async (s, expect) => {
      const number = await s.openHotfix({ message: P0 });
      await s.expectGate(number, "action_required");
      await until("called", async () => ((await called(s, number)).length >= 2 ? true : null));
      await s.idle();
      s.later(60);
      const before = s.sandbox.requests.filter(
        ({ path, method }) => method === "POST" && path.endsWith("/comments"),
      ).length;
      await act(s, number);
      await s.idle();
      await s.sweep();
      const posted = s.sandbox.requests
        .filter(({ path, method }) => method === "POST" && path.endsWith("/comments"))
        .slice(before);
      const bodies = (await s.sandbox.comments(REPO, number)).map(({ body }) => body ?? "");
      // What was posted since is at most the status comment.
      expect(posted.length).toBeLessThanOrEqual(1);
      expect(bodies.filter((body) => body.includes("🔔")).length).toBeLessThanOrEqual(1);
      const asks = s.sandbox.requests.filter(
        ({ path, method }) => method === "POST" && path.endsWith("/requested_reviewers"),
      );
      expect(asks).toHaveLength(1);
    });

  scenario(
    "honest twin: the next step still comes after all of that",
    { config: CONFIG },
    async (s, expect) => {
      const number = await s.openHotfix({ message: P0 });
      await s.expectGate(number, "action_required");
      await until("called", async () => ((await called(s, number)).length >= 2 ? true : null));
      await s.idle();
      await deleteOwn(s, number, /hotfix-guard/);
      await s.restartServer();
      s.later(16 * 60);
      await s.sweep();
      const bodies = (await s.sandbox.comments(REPO, number)).map(({ body }) => body ?? "");
      expect(bodies.filter((body) => body.includes("🔔 @rita-lopez"))).toHaveLength(1);
    },
  );
});

describe.concurrent("Slack", () => {
  const withSlack = (
    name: string,
    body: (s: Scenario, texts: readonly string[], expect: ExpectStatic) => Promise<void>,
  ) =>
    it.concurrent(name, { timeout: 180_000 }, async ({ expect }) => {
      const slack = await startSlack();
      const s = await startScenario({ config: CONFIG, env: { HOTFIX_SLACK_WEBHOOK_URL: slack.url } });
      try {
        await body(s, slack.texts, expect);
      } finally {
        await s.close();
        slack.close();
      }
    });
  const alerts = (texts: readonly string[]) => texts.filter((text) => text.includes("HOTFIX ALERT"));

  withSlack(
    "hears nothing of an outsider's hotfix; once, when a writer takes it up",
    async (s, texts, expect) => {
      const number = await openFromFork(s);
      await s.expectGate(number, "action_required");
      await deleteOwn(s, number, /status/);
      await s.idle();
      await s.sandbox.as(MALLORY).editPullRequest(REPO, number, { state: "closed" });
      await s.idle();
      await s.sandbox.as(MALLORY).editPullRequest(REPO, number, { state: "open" });
      await s.idle();
      expect(alerts(texts)).toEqual([]);
      s.later();
      await s.sandbox.as(RITA).addLabel(REPO, number, "payment");
      await until("the alert", async () => (alerts(texts).length > 0 ? true : null));
      await s.idle();
      await s.restartServer();
      await s.sweep();
      await deleteOwn(s, number, /status/);
      await s.idle();
      expect(alerts(texts)).toHaveLength(1);
    },
  );

  withSlack(
    "hears of a hotfix once, whoever deletes the status comment, restart or not",
    async (s, texts, expect) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await until("the alert", async () => (alerts(texts).length > 0 ? true : null));
      await s.idle();
      for (let i = 0; i < 2; i++) {
        await deleteOwn(s, number, /status/);
        await s.idle();
        expect(await status(s, number)).not.toBe("");
      }
      await s.stopServer();
      await deleteOwn(s, number, /status/);
      await s.restartServer();
      await s.sweep();
      await s.pushHotfix({ message: `${DEPLOYMENT_MESSAGE} `, force: true });
      await s.idle();
      await deleteOwn(s, number, /status/);
      await s.restartServer();
      await s.sweep();
      expect(await status(s, number)).not.toBe("");
      expect(alerts(texts)).toHaveLength(1);
    },
  );
});
