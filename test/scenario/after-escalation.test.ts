import { describe } from "vitest";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  writes,
} from "./support.ts";

/**
 * Design, section 6: escalation along the path, each step one comment, once, until approved; those who can
 * approve are asked.
 */

const P0 = DEPLOYMENT_MESSAGE.replace("Severity: P1", "Severity: P0");
const CONFIG = `version: 1
roles:
  on-call: { users: [${RITA}] }
  engineering-manager: { teams: [engineering-managers] }
`;
const MINUTE = 60;

/** The app's comments that are not the status comment, the first line of each. */
async function notices({ sandbox }: Scenario, number: number): Promise<readonly string[]> {
  const comments = await sandbox.comments(REPO, number);
  return comments
    .filter(({ user, body }) => user?.type === "Bot" && !body?.includes("hotfix-guard:status"))
    .map(({ body }) => body?.split("\n")[0] ?? "");
}

async function requested({ sandbox }: Scenario, number: number): Promise<readonly string[]> {
  const path = `/repos/${REPO}/pulls/${number}/requested_reviewers`;
  const { users, teams } = (await sandbox.as(JOHN).request("GET", path)) as unknown as {
    readonly users: readonly { readonly login: string }[];
    readonly teams: readonly { readonly slug: string }[];
  };
  return [...users.map(({ login }) => login), ...teams.map(({ slug }) => slug)];
}

describe("escalation", () => {
  scenario("tells each step once, until approved", { config: CONFIG }, async (s, expect) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await s.sweep();
    expect(await notices(s, number)).toEqual([]);
    s.later(15 * MINUTE);
    await s.sweep();
    const first = await notices(s, number);
    expect(first).toHaveLength(1);
    expect(first[0]).toMatch(
      /^🔔 @kamiyo\/engineering-managers: this \*\*P1 hotfix\*\* needs an approval, and has been waiting over 15 min/,
    );
    // On call, Rita cannot approve a P1.
    expect((await s.sandbox.comments(REPO, number)).at(-1)?.body).not.toContain("@rita-lopez");
    await s.sweep();
    await s.restartServer();
    await s.sweep();
    expect(await notices(s, number)).toEqual(first);
    s.later(15 * MINUTE);
    await s.sweep();
    expect((await notices(s, number)).slice(1)).toEqual([
      expect.stringMatching(/^🔔 @kamiyo\/engineering-managers: .* over 30 min/),
    ]);
    await toGreen(s, number);
    s.later(60 * MINUTE);
    await s.sweep();
    expect(await notices(s, number)).toHaveLength(2);
  });

  scenario(
    "P0: calls the manager at once; a late sweep tells the rest in one comment",
    { config: CONFIG },
    async (s, expect) => {
      const number = await s.openHotfix({ message: P0 });
      await s.expectGate(number, "action_required");
      await s.idle();
      expect(await notices(s, number)).toEqual([
        expect.stringMatching(
          /^🔔 @kamiyo\/engineering-managers: this \*\*P0 hotfix\*\* needs an approval \(since/,
        ),
      ]);
      await s.stopServer();
      s.later(3 * 60 * MINUTE);
      await s.restartServer();
      await s.sweep();
      const comments = await s.sandbox.comments(REPO, number);
      const late = comments.at(-1)?.body ?? "";
      expect(await notices(s, number)).toHaveLength(2);
      expect(late).toMatch(/^🔔 @rita-lopez @kamiyo\/engineering-managers: .* over 1 h/);
      expect(late).toMatch(/^No one was notified for `cto`: the configuration lists no team or user/m);
      expect(late.match(/hotfix-guard:escalation/g)).toHaveLength(3);
      const status = comments.find(({ body }) => body?.includes("hotfix-guard:status"))?.body;
      expect(status).toMatch(/target missed\*\*, merge was due by/);
    },
  );

  scenario(
    "a push that ends an approval begins the path anew; what was told is not told again",
    { config: CONFIG },
    async (s, expect) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later(10 * MINUTE);
      await s.sandbox.as(JANE).addLabel(REPO, number, EM);
      await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      s.later(2 * 60 * MINUTE);
      await s.sweep();
      const sha = await s.sandbox.git(REPO).commit(BRANCH, {
        message: DEPLOYMENT_MESSAGE,
        files: { [STRIPE]: `${STRIPE_FIXED}# HOTFIX: Issue #1234 - again\n` },
        author: s.sandbox.person(JOHN),
      });
      await s.sandbox.git(REPO).push(JOHN, BRANCH, sha);
      await s.expectGate(number, "action_required");
      await s.sweep();
      expect(await notices(s, number)).toEqual([]);
      s.later(15 * MINUTE);
      await s.sweep();
      expect(await notices(s, number)).toEqual([
        expect.stringMatching(/^🔔 @kamiyo\/engineering-managers: .* over 15 min/),
      ]);
    },
  );

  scenario(
    "is silent on drafts, rollbacks and ordinary pull requests, and where the app only observes",
    { config: `${CONFIG}mode: observe\n` },
    async (s, expect) => {
      const number = await s.openHotfix({ message: P0 });
      await s.expectGate(number, "neutral");
      const ordinary = await openOrdinary(s);
      await s.idle();
      s.later(3 * 60 * MINUTE);
      await s.sweep();
      expect(await notices(s, number)).toEqual([]);
      expect(await requested(s, number)).toEqual([]);
      expect(await notices(s, ordinary)).toEqual([]);
    },
  );
});

describe("those who can approve", () => {
  scenario(
    "are asked for a review once, when only people are missing",
    { config: CONFIG },
    async (s, expect) => {
      const number = await s.openHotfix({ message: "Fix it" });
      await s.expectGate(number, "failure");
      await s.idle();
      expect(await requested(s, number)).toEqual([]);
      await s.pushHotfix({ force: true });
      await s.expectGate(number, "action_required");
      await s.idle();
      expect(await requested(s, number)).toEqual(["engineering-managers"]);
      await s.sandbox
        .as(JOHN)
        .request("POST", `/repos/${REPO}/issues/${number}/labels`, { labels: ["payment"] });
      await s.restartServer();
      await s.sweep();
      const asks = s.sandbox.requests.filter(({ path }) => path.includes("requested_reviewers"));
      expect(asks.filter(({ method }) => method === "POST")).toHaveLength(1);
      expect(await notices(s, number)).toEqual([]);
    },
  );

  scenario(
    "are called in a comment, once, where GitHub refuses the request",
    { config: CONFIG },
    async (s, expect) => {
      s.sandbox.knobs.fail({ method: "POST", path: /requested_reviewers$/ }, { status: 422 });
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await s.idle();
      expect(await notices(s, number)).toEqual([
        expect.stringMatching(
          /^@kamiyo\/engineering-managers: this \*\*P1 hotfix\*\* is ready for your approval/,
        ),
      ]);
      s.sandbox.resetRequests();
      await s.restartServer();
      await s.sweep();
      expect(writes(s)).toEqual([]);
    },
  );
});
