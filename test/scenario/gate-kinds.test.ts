import { describe } from "vitest";
import type { MergeMethod } from "../../src/sandbox/index.ts";
import {
  BRANCH,
  type Hotfix,
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
} from "./support.ts";

/** Design, section 2: "What is a hotfix". */
describe.concurrent("near misses fail branch-name, with commands", () => {
  const PROPOSALS = {
    "Hotfix/webhook-signature": "hotfix/webhook-signature",
    "hotfix-webhook-signature": "hotfix/webhook-signature",
    "hotfixes/webhook-signature": "hotfix/webhook-signature",
    "hot-fix/webhook-signature": "hotfix/webhook-signature",
    "hotfix/Webhook_Signature": "hotfix/webhook-signature",
  };
  for (const [branch, proposal] of Object.entries(PROPOSALS))
    scenario(`the branch ${branch}`, {}, async (s, expect) => {
      const number = await s.openHotfix({ branch });
      const { summary } = await s.expectGate(number, "failure", /^Blocked: branch-name$/);
      const { head } = await s.sandbox.pullRequest(REPO, number);
      expect(summary).toContain(`git switch --no-track --create '${proposal}' ${head.sha.slice(0, 12)}`);
      expect(summary).toContain(`gh pr close ${number}`);
    });

  scenario("the title HOTFIX on another branch; pushed again as told, all is well", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix({ branch: "feature/signature" });
    const { summary } = await s.expectGate(number, "failure", /^Blocked: branch-name$/);
    const [, proposal] = /git switch --no-track --create '(\S+)' [0-9a-f]{12}/.exec(summary) ?? [];
    const { sha } = (await sandbox.pullRequest(REPO, number)).head;
    expect(proposal).toMatch(/^hotfix\/[a-z0-9-]+$/);
    await sandbox.git(REPO).push(JOHN, proposal as string, sha);
    await sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
    const moved = await sandbox
      .as(JOHN)
      .openPullRequest(REPO, { head: proposal as string, title: "HOTFIX: Fix it" });
    await toGreen(s, moved.number);
  });

  scenario("the label hotfix on another branch", {}, async (s) => {
    await s.pushHotfix({ branch: "feature/signature" });
    const { number } = await s.sandbox
      .as(JOHN)
      .openPullRequest(REPO, { head: "feature/signature", title: "Fix the signature" });
    await s.sandbox.as(JOHN).addLabel(REPO, number, "hotfix");
    await s.expectGate(number, "failure", /^Blocked: branch-name$/);
  });

  scenario("feature/hotfix-docs is an ordinary branch", {}, async (s) => {
    const number = await openOrdinary(s, { branch: "feature/hotfix-docs" });
    await s.expectGate(number, "skipped", /^Not a hotfix$/);
  });
});

const NOTE = "src/payments/note.py";

async function merged(
  s: Scenario,
  method: MergeMethod,
  more: Partial<Hotfix> = {},
): Promise<{ number: number; sha: string }> {
  const number = await s.openHotfix({ files: { [STRIPE]: STRIPE_FIXED, [NOTE]: "A = 1\n" }, ...more });
  await toGreen(s, number);
  const { sha } = await s.sandbox.as(JOHN).merge(REPO, number, method);
  s.later();
  return { number, sha };
}

/** A pull request from what was committed on the branch so far. */
async function open(s: Scenario, branch: string, title: string): Promise<number> {
  await s.sandbox.git(REPO).push(JOHN, branch);
  return (await s.sandbox.as(JOHN).openPullRequest(REPO, { head: branch, title })).number;
}

const john = (s: Scenario) => ({ author: s.sandbox.person(JOHN) });
const WAITS = /^Waiting for approval of the rollback$/;

describe.concurrent("a rollback is recognized by content and needs one approval or one review", () => {
  for (const method of ["merge", "squash"] as const)
    scenario(
      `the revert of a ${method}: one review of an engineer without a role suffices`,
      {},
      async (s, expect) => {
        const { sandbox } = s;
        const { number, sha } = await merged(s, method);
        const git = sandbox.git(REPO);
        await git.revert("undo", sha, { ...john(s), ...(method === "merge" ? { mainline: 1 } : {}) });
        const rollback = await open(s, "undo", "Roll it back");
        const gate = await s.expectGate(rollback, "action_required", WAITS);
        expect(gate.summary).toContain(`#${number}`);
        s.later();
        await sandbox.as(RITA).review(REPO, rollback, "APPROVED");
        await s.expectGate(rollback, "success", new RegExp(`^Ready: rollback of #${number}$`));
        await sandbox.as(JOHN).merge(REPO, rollback);
      },
    );

  scenario(
    "the revert of a rebase merge of several commits: one approval of any role suffices",
    {},
    async (s) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await git.commit(BRANCH, { message: "HOTFIX: Note it", files: { [NOTE]: "A = 1\n" }, ...john(s) });
      s.later();
      await git.push(JOHN, BRANCH);
      await s.idle();
      await toGreen(s, number);
      const { sha } = await sandbox.as(JOHN).merge(REPO, number, "rebase");
      s.later();
      await git.revert("undo", sha, john(s));
      await git.revert("undo", git.log(sha)[1]?.sha as string, john(s));
      const rollback = await open(s, "undo", "Roll it back");
      await s.expectGate(rollback, "action_required", WAITS);
      s.later();
      await sandbox.as(RITA).addLabel(REPO, rollback, "approved:on-call");
      await s.expectGate(rollback, "success");
    },
  );

  scenario("a rollback's author and outsiders give no approval", {}, async (s) => {
    const { sandbox } = s;
    sandbox.createUser("passer-by");
    sandbox.setPermission(REPO, "passer-by", "triage");
    const { sha } = await merged(s, "squash");
    await sandbox.git(REPO).revert("undo", sha, john(s));
    const rollback = await open(s, "undo", "Roll it back");
    await s.expectGate(rollback, "action_required", WAITS);
    s.later();
    await sandbox.as(JOHN).addLabel(REPO, rollback, "approved:on-call");
    await sandbox.as("passer-by").review(REPO, rollback, "APPROVED");
    await sandbox.as("passer-by").addLabel(REPO, rollback, "approved:cto");
    await s.idle();
    await s.expectGate(rollback, "action_required", WAITS);
  });

  scenario("what only looks like a revert is none: other content, a part, one file more", {}, async (s) => {
    const { sandbox } = s;
    const git = sandbox.git(REPO);
    const { sha, number } = await merged(s, "squash");
    await git.commit(`revert-${number}-hotfix`, {
      message: "Revert",
      files: { [STRIPE]: "import os\n", [NOTE]: null },
      ...john(s),
    });
    const other = await open(
      s,
      `revert-${number}-hotfix`,
      `Revert "HOTFIX: Fix Stripe webhook signature verification"`,
    );
    await git.revert("part", sha, john(s));
    await git.commit("part", { message: "Keep the note", files: { [NOTE]: "A = 1\n" }, ...john(s) });
    const part = await open(s, "part", "Roll it back");
    await git.revert("hotfix/undo-more", sha, john(s));
    await git.commit("hotfix/undo-more", {
      message: "One more",
      files: { "README.md": "# api\n" },
      ...john(s),
    });
    const more = await open(s, "hotfix/undo-more", "Roll it back");
    await s.expectGate(other, "skipped", /^Not a hotfix$/);
    await s.expectGate(part, "skipped", /^Not a hotfix$/);
    await s.expectGate(more, "failure", /^Blocked: /);
  });

  scenario("the revert of a revert is a change like any other", {}, async (s) => {
    const { sandbox } = s;
    const git = sandbox.git(REPO);
    const { sha } = await merged(s, "squash");
    await git.revert("hotfix/undo", sha, john(s));
    const rollback = await open(s, "hotfix/undo", "HOTFIX: Roll it back");
    await s.expectGate(rollback, "action_required", WAITS);
    s.later();
    await sandbox.as(RITA).review(REPO, rollback, "APPROVED");
    await s.expectGate(rollback, "success");
    const { sha: undone } = await sandbox.as(JOHN).merge(REPO, rollback, "squash");
    s.later();
    await git.revert("again", undone, john(s));
    await s.expectGate(await open(s, "again", "Bring it back"), "skipped", /^Not a hotfix$/);
    // Within one second it would be the same commit.
    s.later();
    await git.revert("hotfix/again", undone, john(s));
    await s.expectGate(await open(s, "hotfix/again", "HOTFIX: Bring it back"), "failure", /^Blocked/);
  });
});

describe.concurrent("back-merges", () => {
  scenario(
    "a merged hotfix branch to develop is skipped; with one commit more it is a hotfix",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      await git.commit("develop", { message: "Develop", files: { "src/new.py": "B = 1\n" }, ...john(s) });
      await git.push(JOHN, "develop");
      await merged(s, "merge");
      const { number } = await sandbox
        .as(JOHN)
        .openPullRequest(REPO, { head: BRANCH, base: "develop", title: "Back" });
      await s.expectGate(number, "skipped", /^Back-merge: nothing to check$/);
      await s.idle();
      expect(await sandbox.comments(REPO, number)).toEqual([]);
      await git.commit(BRANCH, { message: "One more", files: { [NOTE]: "A = 2\n" }, ...john(s) });
      await git.push(JOHN, BRANCH);
      await s.expectGate(number, "failure", /^Blocked/);
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.idle();
      await s.expectGate(number, "failure", /^Blocked/);
    },
  );
});
