import { describe } from "vitest";
import type { MergeMethod } from "../../src/sandbox/index.ts";
import { ADMIN, addAdmin, labelsOf, onePostMortem, pushToMain, untilBody } from "./after-landed-support.ts";
import {
  DEPLOYMENT_MESSAGE,
  JANE,
  JOHN,
  REPO,
  type Scenario,
  STRIPE,
  scenario,
  toGreen,
  until,
} from "./support.ts";

const TEST = "tests/test_stripe.py";

/** A hotfix of two commits, approved and merged; returns the post-mortem. */
async function mergedHotfix(s: Scenario, method: MergeMethod) {
  const before = s.sandbox.git(REPO).show("main", STRIPE) as string;
  const number = await s.openHotfix();
  const git = s.sandbox.git(REPO);
  const author = s.sandbox.person(JOHN);
  await git.commit("hotfix/stripe-webhook-verification", {
    message: "HOTFIX: Test the signature",
    files: { [TEST]: "def test_signature():\n    assert True\n" },
    author,
  });
  await git.push(JOHN, "hotfix/stripe-webhook-verification");
  await toGreen(s, number);
  s.later();
  const { sha } = await s.sandbox.as(JOHN).merge(REPO, number, method);
  const after = git.show(sha, STRIPE) as string;
  const issue = await onePostMortem(s);
  return { issue, number, sha, before, after, test: git.show(sha, TEST) as string };
}

async function untilLabel(s: Scenario, issue: number, on: boolean): Promise<void> {
  await until(`rolled-back ${on ? "on" : "off"} #${issue}`, async () =>
    labelsOf(await s.sandbox.issue(REPO, issue)).includes("rolled-back") === on ? true : null,
  );
}

describe.concurrent("a hotfix is taken back", () => {
  scenario("by a pushed revert, and the revert of it", {}, async (s, expect) => {
    addAdmin(s);
    const { issue, before, after, test } = await mergedHotfix(s, "merge");
    expect(labelsOf(issue)).not.toContain("rolled-back");
    s.later();
    const revert = await pushToMain(s, 'Revert "Merge pull request"', { [STRIPE]: before, [TEST]: null });
    await untilLabel(s, issue.number, true);
    const body = await untilBody(s, issue.number, /\*\*Rolled back/);
    expect(body).toContain(revert);
    expect(body).toMatch(/"rolled_back": true/);
    s.later();
    await pushToMain(s, 'Revert "Revert"', { [STRIPE]: after, [TEST]: test });
    await untilLabel(s, issue.number, false);
    await untilBody(s, issue.number, /"rolled_back": false/);
    await onePostMortem(s);
    // On record: the mark was on and is off.
    const events = (await s.sandbox.timeline(REPO, issue.number)).filter(
      ({ label }) => (label as { name?: string } | undefined)?.name === "rolled-back",
    );
    expect(events.map(({ event }) => event)).toEqual(["labeled", "unlabeled"]);
  });

  for (const [merged, reverted] of [
    ["squash", "merge"],
    ["rebase", "squash"],
  ] as const)
    scenario(`by a pull request: hotfix by ${merged}, revert by ${reverted}`, {}, async (s, expect) => {
      addAdmin(s);
      const { issue, number, before } = await mergedHotfix(s, merged);
      const git = s.sandbox.git(REPO);
      await git.commit(`revert-${number}`, {
        message: 'Revert "HOTFIX: Fix Stripe webhook signature verification"',
        files: { [STRIPE]: before, [TEST]: null },
        parents: [git.head("main") as string],
        author: s.sandbox.person(JOHN),
      });
      await git.push(JOHN, `revert-${number}`);
      const revert = await s.sandbox.as(JOHN).openPullRequest(REPO, {
        head: `revert-${number}`,
        title: 'Revert "HOTFIX: Fix Stripe webhook signature verification"',
      });
      await s.expectGate(revert.number, "action_required");
      s.later();
      await s.sandbox.as(ADMIN).review(REPO, revert.number, "APPROVED");
      await s.expectGate(revert.number, "success");
      s.later();
      await s.sandbox.as(JOHN).merge(REPO, revert.number, reverted);
      await untilLabel(s, issue.number, true);
      expect(await untilBody(s, issue.number, /\*\*Rolled back/)).toContain(`#${revert.number}`);
      await onePostMortem(s);
    });

  scenario("after the post-mortem is closed", {}, async (s, expect) => {
    addAdmin(s);
    const { issue, before } = await mergedHotfix(s, "squash");
    s.later();
    await s.sandbox.as(JANE).comment(REPO, issue.number, "/hotfix override post-mortem told in the meeting");
    await until("closed", async () =>
      (await s.sandbox.issue(REPO, issue.number)).state === "closed" ? true : null,
    );
    await s.idle();
    s.later();
    await pushToMain(s, "Other work", { "src/ui/button.css": "b\n" });
    await s.idle();
    s.sandbox.resetRequests();
    await pushToMain(s, "Other work again", { "src/ui/button.css": "c\n" });
    await s.idle();
    // It does not touch the hotfix: the post-mortem is left in peace.
    expect(s.sandbox.requests.filter(({ path }) => path.endsWith(`/issues/${issue.number}`))).toEqual([]);
    await pushToMain(s, "Back to what worked", { [STRIPE]: before, [TEST]: null });
    await untilLabel(s, issue.number, true);
    expect((await s.sandbox.issue(REPO, issue.number)).state).toBe("closed");
  });

  scenario("a hotfix that was pushed straight, too", {}, async (s, expect) => {
    addAdmin(s);
    const before = s.sandbox.git(REPO).show("main", STRIPE) as string;
    await pushToMain(s, DEPLOYMENT_MESSAGE);
    const issue = await onePostMortem(s);
    s.later();
    await pushToMain(s, 'Revert "HOTFIX: …"', { [STRIPE]: before });
    await untilLabel(s, issue.number, true);
    expect(await untilBody(s, issue.number, /\*\*Rolled back/)).toContain("Pushed directly to");
  });
});
