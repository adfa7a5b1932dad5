import { describe } from "vitest";
import type { MergeMethod } from "../../src/sandbox/index.ts";
import { onePostMortem, untilBody } from "./after-landed-support.ts";
import { BRANCH, JOHN, REPO, type Scenario, STRIPE, STRIPE_FIXED, scenario, toGreen } from "./support.ts";

/** Issue 10, 1: a merged hotfix on its way to develop, whatever a squash, a rebase or a cherry-pick made of its commits. */

const config = `version: 1
roles:
  engineering-manager: { teams: [engineering-managers] }
branches: { back_merge: [develop] }
`;
const OPEN = /- \[ \] \*\*Back-merge:\*\* the hotfix is in `develop` as well/;
const DONE = /- \[x\] \*\*Back-merge:\*\* the hotfix is in `develop` as well/;
const TITLE = "HOTFIX: Fix Stripe webhook signature verification";
const TEST = "tests/test_stripe.py";
const TESTED = "def test_signature():\n    assert True\n";
const SKIPPED = /^Back-merge: nothing to check$/;
/** Develop has work of its own, in the hotfix's file too. */
const OWN = "# Our own.\n\n\n\n\n";

interface Landed {
  readonly number: number;
  readonly sha: string;
  readonly postMortem: number;
}

const by = (s: Scenario) => ({ author: s.sandbox.person(JOHN), committer: s.sandbox.person(JOHN) });

/** A hotfix of two commits, merged into main. `main` has a release that develop has otherwise. */
async function landed(s: Scenario, method: MergeMethod): Promise<Landed> {
  const git = s.sandbox.git(REPO);
  const there = git.show("main", STRIPE) as string;
  const start = { parents: [git.head("main") as string] };
  const files = { [STRIPE]: `${OWN}${there}`, "src/new.py": "B = 1\n" };
  await git.commit("develop", { message: "Own work", files, ...start, ...by(s) });
  await git.push(JOHN, "develop");
  const number = await s.openHotfix();
  await s.expectGate(number, "action_required");
  await git.commit(BRANCH, { message: "HOTFIX: Test the signature", files: { [TEST]: TESTED }, ...by(s) });
  s.later();
  await git.push(JOHN, BRANCH);
  await s.idle();
  await toGreen(s, number);
  s.later();
  const { sha } = await s.sandbox.as(JOHN).merge(REPO, number, method);
  const issue = await onePostMortem(s);
  await untilBody(s, issue.number, OPEN);
  return { number, sha, postMortem: issue.number };
}

/** What a cherry-pick of the hotfix onto develop makes, and perhaps more. */
async function pick(s: Scenario, branch: string, more: Record<string, string> = {}): Promise<void> {
  const git = s.sandbox.git(REPO);
  await git.commit(branch, {
    message: TITLE,
    files: { [STRIPE]: `${OWN}${STRIPE_FIXED}`, [TEST]: TESTED, ...more },
    parents: [git.head("develop") as string],
    ...by(s),
  });
  await git.push(JOHN, branch);
}

async function open(s: Scenario, head: string, title: string): Promise<number> {
  return (await s.sandbox.as(JOHN).openPullRequest(REPO, { head, base: "develop", title })).number;
}

for (const [method, back] of [
  ["merge", "squash"],
  ["squash", "merge"],
  ["rebase", "rebase"],
] as const)
  describe.concurrent(`merged by ${method}`, () => {
    scenario(`its own branch goes to develop, by ${back}`, { config }, async (s, expect) => {
      const { postMortem } = await landed(s, method);
      const number = await open(s, BRANCH, TITLE);
      await s.expectGate(number, "skipped", SKIPPED);
      await s.idle();
      expect(await s.sandbox.comments(REPO, number)).toEqual([]);
      s.later();
      await s.sandbox.as(JOHN).merge(REPO, number, back);
      expect(await untilBody(s, postMortem, DONE)).not.toMatch(OPEN);
      // No second one opens.
      await onePostMortem(s);
    });

    scenario(`cherry-picked to a branch of develop, by ${back}`, { config }, async (s, expect) => {
      const { number: hotfix, postMortem } = await landed(s, method);
      await pick(s, "hotfix/x-develop");
      const number = await open(s, "hotfix/x-develop", TITLE);
      const { summary } = await s.expectGate(number, "skipped", SKIPPED);
      expect(summary).toContain(`#${hotfix}`);
      s.later();
      await s.sandbox.as(JOHN).merge(REPO, number, back);
      expect(await untilBody(s, postMortem, DONE)).not.toMatch(OPEN);
      await onePostMortem(s);
    });

    scenario(
      "by a backport bot; with anything else in it, it stays a hotfix",
      { config },
      async (s, expect) => {
        const { number: hotfix } = await landed(s, method);
        const bot = `mergify/bp/develop/pr-${hotfix}`;
        await pick(s, bot);
        const title = `${TITLE} (backport #${hotfix})`;
        await s.expectGate(await open(s, bot, title), "skipped", SKIPPED);
        await pick(s, `cherry-pick/${hotfix}`, { "src/more.py": "C = 1\n" });
        const more = await open(s, `cherry-pick/${hotfix}`, title);
        const { summary } = await s.expectGate(more, "failure");
        expect(summary).toContain("src/more.py");
        expect(summary).not.toContain(`gh pr edit ${more} --base`);
        await pick(s, "backport-1-to-develop", {
          [STRIPE]: `${OWN}${STRIPE_FIXED.replace("key = ", "key=")}`,
        });
        const resolved = await open(s, "backport-1-to-develop", TITLE);
        await s.expectGate(resolved, "failure");
      },
    );
  });
