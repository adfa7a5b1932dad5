import { describe } from "vitest";
import type { MergeMethod } from "../../src/sandbox/index.ts";
import { onePostMortem, postMortems, untilBody } from "./after-landed-support.ts";
import { BRANCH, JOHN, REPO, type Scenario, STRIPE, STRIPE_FIXED, scenario, toGreen } from "./support.ts";

/**
 * Issue 10, 1: a merged hotfix on its way to develop, whatever a squash, a rebase or a cherry-pick made of
 * its commits.
 */

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

/** What each hotfix of the tests below changes; the second one touches the file of the first once more. */
const SECOND = { branch: "hotfix/refund-rounding", file: "src/payments/refund.py", text: "A = 2\n" };
const AGAIN = STRIPE_FIXED.replace("def ", "# HOTFIX: Issue #1234 - again\n\ndef ");

/** Two more hotfixes on main after the first: one in a file of its own, one in the first one's file. */
async function another(
  s: Scenario,
  branch: string,
  files: Record<string, string>,
  method: MergeMethod,
): Promise<number> {
  const number = await s.openHotfix({ branch, files });
  await toGreen(s, number);
  s.later();
  await s.sandbox.as(JOHN).merge(REPO, number, method);
  await s.idle();
  return number;
}

describe.concurrent("several hotfixes in one back-merge branch", () => {
  for (const [first, second, back, title] of [
    ["squash", "rebase", "merge", "Hotfixes nach develop zurückführen: Webhook und Rückerstattung"],
    ["merge", "squash", "rebase", "HOTFIX: вернуть исправления в develop"],
    ["rebase", "merge", "squash", "ホットフィックスを develop に戻す"],
  ] as const)
    scenario(`by ${first} and ${second}, brought by ${back}: ${title}`, { config }, async (s, expect) => {
      const one = await landed(s, first);
      const two = await another(s, SECOND.branch, { [SECOND.file]: SECOND.text }, second);
      const three = await another(s, "hotfix/again", { [STRIPE]: AGAIN }, first);
      const all = { [SECOND.file]: SECOND.text, [STRIPE]: `${OWN}${AGAIN}` };
      // The first is brought with the third, whose file it is.
      await pick(s, "hotfix/all-to-develop", all);
      const number = await open(s, "hotfix/all-to-develop", title);
      const { summary } = await s.expectGate(number, "skipped", SKIPPED);
      for (const hotfix of [one.number, two, three]) expect(summary).toContain(`#${hotfix}`);
      await pick(s, "hotfix/more-to-develop", { ...all, "src/more.py": "C = 1\n" });
      await s.expectGate(await open(s, "hotfix/more-to-develop", title), "failure");
      // One of them left out in a file that it shares: it is not what they did.
      await pick(s, "hotfix/part-to-develop", { [SECOND.file]: "A = 3\n", [STRIPE]: `${OWN}${AGAIN}` });
      await s.expectGate(await open(s, "hotfix/part-to-develop", title), "failure");
      const issues = await postMortems(s);
      expect(issues).toHaveLength(3);
      for (const { body } of issues) expect(body).toMatch(OPEN);
      s.later();
      await s.sandbox.as(JOHN).merge(REPO, number, back);
      for (const issue of issues) expect(await untilBody(s, issue.number, DONE)).not.toMatch(OPEN);
      // None opens for the back-merge itself.
      await s.idle();
      expect(await postMortems(s)).toHaveLength(3);
    });
});
