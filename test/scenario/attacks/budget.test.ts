import { describe } from "vitest";
import { merged } from "../after-life-support.ts";
import { JANE, JOHN, ORDINARY, REPO, type Scenario, scenario, toGreen } from "../support.ts";
import { costOf } from "./costs.ts";

/**
 * An outsider spends the budget (issue 8, item 14): what each act of theirs costs, in requests to GitHub.
 * docs/security.md has the same table.
 */

const MALLORY = "mallory";
const TIMES = 10;
const MESSAGES = ["one", "two", "three", "four"];

async function fourHotfixes(s: Scenario): Promise<readonly number[]> {
  const numbers: number[] = [];
  for (const name of MESSAGES) {
    numbers.push(
      await s.openHotfix({ branch: `hotfix/${name}`, files: { [`src/payments/${name}.py`]: "x = 1\n" } }),
    );
    await s.idle();
  }
  s.sandbox.createUser(MALLORY);
  return numbers;
}

/** What the app asks of GitHub, tokens aside. */
async function spent(s: Scenario, act: () => Promise<unknown>): Promise<number> {
  await s.idle();
  s.sandbox.resetRequests();
  await act();
  await s.idle();
  return s.sandbox.requests.filter(({ path }) => !path.endsWith("/access_tokens")).length;
}

describe.concurrent("an outsider spends the budget", () => {
  scenario(
    `closes and reopens an issue of their own ${TIMES} times: at most 3 requests an event, and no hotfix is looked at`,
    {},
    async (s, expect) => {
      await fourHotfixes(s);
      const { number } = await s.sandbox.as(MALLORY).createIssue(REPO, { title: "Help" });
      const requests = await spent(s, async () => {
        for (let i = 0; i < TIMES; i++) {
          await s.sandbox.as(MALLORY).closeIssue(REPO, number);
          await s.sandbox.as(MALLORY).reopenIssue(REPO, number);
          await s.idle();
        }
      });
      expect(requests).toBeLessThanOrEqual(
        2 * TIMES * costOf("an issue opened, closed, reopened or deleted"),
      );
      expect(s.sandbox.requests.filter(({ path }) => path.includes("/timeline"))).toEqual([]);
    },
  );

  scenario(
    "honest twin: the issue that a hotfix names is deleted, and its gate says so",
    {},
    async (s, expect) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await s.idle();
      await s.sandbox.as(JOHN).closeIssue(REPO, 1234);
      const closed = await s.expectGate(number, "action_required");
      await s.idle();
      expect((await s.gate(number))?.title).toBe(closed.title);
      expect(s.sandbox.requests.some(({ path }) => path.endsWith("/issues/1234"))).toBe(true);
      s.sandbox.setPermission(REPO, JANE, "admin");
      await s.sandbox.deleteIssue(REPO, 1234, JANE);
      await s.expectGate(number, "failure");
    },
  );

  scenario("talks without end, on hotfixes and elsewhere: nothing", {}, async (s, expect) => {
    const [first = 0] = await fourHotfixes(s);
    const ordinary = await s.openHotfix({ ...ORDINARY, login: JOHN });
    const requests = await spent(s, async () => {
      for (let i = 0; i < TIMES; i++)
        for (const number of [first, ordinary])
          await s.sandbox.as(MALLORY).comment(REPO, number, `me too ${i}`);
    });
    expect(requests).toBe(0);
  });

  scenario("edits an issue of their own: nothing", {}, async (s, expect) => {
    await fourHotfixes(s);
    const { number } = await s.sandbox.as(MALLORY).createIssue(REPO, { title: "Help" });
    const requests = await spent(s, async () => {
      for (let i = 0; i < TIMES; i++)
        await s.sandbox.as(MALLORY).editIssue(REPO, number, { title: `Help ${i}` });
    });
    expect(requests).toBe(0);
  });

  scenario("commands in a burst: one pull request's evaluations, two at a time", {}, async (s, expect) => {
    const [first = 0] = await fourHotfixes(s);
    const requests = await spent(s, async () => {
      for (let i = 0; i < TIMES; i++) await s.sandbox.as(MALLORY).comment(REPO, first, "/hotfix recheck");
    });
    expect(requests).toBeLessThanOrEqual(TIMES * 15);
    const others = s.sandbox.requests.filter(({ path }) => /\/issues\/\d+\/timeline/.test(path));
    expect(others.every(({ path }) => path.includes(`/issues/${first}/`))).toBe(true);
  });

  scenario(
    "commands on what is merged, and on its post-mortem: both are looked at, and most of it costs nothing",
    { throttle: false },
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      s.sandbox.createUser(MALLORY);
      const acts: readonly (readonly [number, string])[] = [
        [issue, "/hotfix verified"],
        [issue, "/hotfix override post-mortem because"],
        [pull, "/hotfix rollback"],
        [pull, "/hotfix unfreeze because"],
      ];
      for (const [number, command] of acts) {
        const requests = await spent(s, () => s.sandbox.as(MALLORY).comment(REPO, number, command));
        expect(requests, command).toBeLessThanOrEqual(
          costOf("a `/hotfix` command on a merged hotfix or its post-mortem"),
        );
        const counted = s.sandbox.requests.filter(
          ({ path, status }) => status !== 304 && !path.endsWith("/access_tokens"),
        );
        expect(counted.length, command).toBeLessThanOrEqual(20);
      }
      expect((await s.sandbox.issue(REPO, issue)).state).toBe("open");
    },
  );

  const spacedOut: readonly (readonly [
    what: string,
    act: (s: Scenario, number: number) => Promise<unknown>,
  ])[] = [
    ["commands", (s, number) => s.sandbox.as(MALLORY).comment(REPO, number, "/hotfix recheck")],
    ["reviews", (s, number) => s.sandbox.as(MALLORY).review(REPO, number, "CHANGES_REQUESTED")],
  ];
  for (const [what, act] of spacedOut)
    scenario(
      `${what} spaced out: the first five are looked at, and the manager's approval at once`,
      { throttle: false },
      async (s, expect) => {
        const number = await s.openHotfix();
        await s.expectGate(number, "action_required");
        s.sandbox.createUser(MALLORY);
        const cost = costOf(what === "reviews" ? "a review" : "a `/hotfix` command");
        const requests = await spent(s, async () => {
          for (let i = 0; i < 3 * TIMES; i++) {
            await act(s, number);
            await s.idle();
          }
        });
        // And what comes after the first pauses, on a slow machine.
        expect(requests).toBeLessThanOrEqual((5 + 4) * cost);
        await toGreen(s, number);
      },
    );
});
