import { describe, type ExpectStatic } from "vitest";
import { addAdmin, onePostMortem, pushToMain } from "../after-landed-support.ts";
import {
  BRANCH,
  JOHN,
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
} from "../support.ts";

/**
 * Issue 8, 4: what was a hotfix is the app's own record, and the proof of a rollback looks at the files, not
 * at lists.
 */

const TRIAGE = "tom-triage";
const WAITS = /^Waiting for approval of the rollback$/;
const SECURITY = "src/reports/monthly.py";
const SECURED = "def monthly(rows):\n    return [r for r in rows if r.allowed]\n";
const AUTHOR = (s: Scenario) => ({ author: s.sandbox.person(JOHN), committer: s.sandbox.person(JOHN) });

interface Merged {
  readonly number: number;
  readonly sha: string;
}

/** An ordinary security fix, merged without anything of a hotfix. */
async function securityFix(s: Scenario): Promise<Merged> {
  s.sandbox.createUser(TRIAGE);
  s.sandbox.setPermission(REPO, TRIAGE, "triage");
  const number = await openOrdinary(s, { files: { [SECURITY]: SECURED } });
  await s.expectGate(number, "skipped");
  s.later();
  const { sha } = await s.sandbox.as(JOHN).merge(REPO, number, "squash");
  await s.idle();
  s.later();
  return { number, sha };
}

async function hotfix(s: Scenario): Promise<Merged> {
  const number = await s.openHotfix();
  await toGreen(s, number);
  s.later();
  const { sha } = await s.sandbox.as(JOHN).merge(REPO, number, "squash");
  await onePostMortem(s);
  s.later();
  return { number, sha };
}

/** A pull request that takes a commit back. */
async function undo(s: Scenario, sha: string, branch: string, title = "Undo it"): Promise<number> {
  const git = s.sandbox.git(REPO);
  await git.revert(branch, sha, { author: s.sandbox.person(JOHN) });
  await git.push(JOHN, branch);
  return (await s.sandbox.as(JOHN).openPullRequest(REPO, { head: branch, title })).number;
}

/** It is no rollback: under a hotfix's name it is blocked, and one review turns nothing green. */
async function isNone(s: Scenario, expect: ExpectStatic, sha: string): Promise<void> {
  const named = await undo(s, sha, "hotfix/undo-it", "HOTFIX: Undo it");
  await s.expectGate(named, "failure", /^Blocked/);
  s.later();
  await s.sandbox.as(RITA).review(REPO, named, "APPROVED");
  await s.idle();
  const { summary } = await s.expectGate(named, "failure", /^Blocked/);
  expect(summary).toContain("Not a rollback");
  await expect(s.sandbox.as(RITA).merge(REPO, named)).rejects.toThrow();
}

/** It is one: one review of an engineer without a role, and it merges. */
async function isOne(s: Scenario, expect: ExpectStatic, sha: string, branch = "undo-it"): Promise<void> {
  const rollback = await undo(s, sha, branch);
  await s.expectGate(rollback, "action_required", WAITS);
  s.later();
  await s.sandbox.as(RITA).review(REPO, rollback, "APPROVED");
  const { summary, title } = await s.expectGate(rollback, "success");
  expect(title).toMatch(/^Ready: rollback of /);
  expect(summary).not.toContain("more approval");
  await s.sandbox.as(JOHN).merge(REPO, rollback);
}

/** Eleven ordinary merges that somebody has labeled as hotfixes since, all newer than the hotfix. */
async function flood(s: Scenario): Promise<void> {
  s.sandbox.createUser(TRIAGE);
  s.sandbox.setPermission(REPO, TRIAGE, "triage");
  for (let n = 0; n < 11; n++) {
    const more = { branch: `feature/f-${n}`, files: { [`src/flood/${n}.py`]: `${n}\n` } };
    const number = await openOrdinary(s, more);
    await s.expectGate(number, "skipped");
    await s.sandbox.as(JOHN).merge(REPO, number, "squash");
    s.later();
    await s.sandbox.as(TRIAGE).addLabel(REPO, number, "hotfix");
  }
  await s.idle();
}

describe.concurrent("what was no hotfix is not rolled back", () => {
  scenario("labeled as one after the merge, by triage", {}, async (s, expect) => {
    const { number, sha } = await securityFix(s);
    await s.sandbox.as(TRIAGE).addLabel(REPO, number, "hotfix");
    await s.idle();
    await isNone(s, expect, sha);
  });

  scenario("given the title of one after the merge", {}, async (s, expect) => {
    const { number, sha } = await securityFix(s);
    await s.sandbox.as(JOHN).editPullRequest(REPO, number, { title: "HOTFIX: Sort it" });
    await s.idle();
    await isNone(s, expect, sha);
  });

  scenario("with a label that is called hotfix only since the merge", {}, async (s, expect) => {
    const { sandbox } = s;
    await sandbox.as(RITA).request("POST", `/repos/${REPO}/labels`, { name: "later" });
    const number = await openOrdinary(s, { files: { [SECURITY]: SECURED } });
    await sandbox.as(RITA).addLabel(REPO, number, "later");
    await s.expectGate(number, "skipped");
    s.later();
    const { sha } = await sandbox.as(JOHN).merge(REPO, number, "squash");
    s.later();
    await sandbox.as(RITA).deleteLabel(REPO, "hotfix");
    await sandbox.as(RITA).renameLabel(REPO, "later", "hotfix");
    await s.sweep();
    await isNone(s, expect, sha);
  });

  scenario("whose head a stranger opened as a hotfix to another branch", {}, async (s, expect) => {
    const { sandbox } = s;
    await sandbox.git(REPO).push(RITA, "develop", sandbox.git(REPO).head("main"));
    const number = await openOrdinary(s, { files: { [SECURITY]: SECURED } });
    await s.expectGate(number, "skipped");
    sandbox.createUser("mallory");
    const fork = await sandbox.createFork(REPO, "mallory");
    const { head } = await sandbox.pullRequest(REPO, number);
    await sandbox.git(fork).push("mallory", "hotfix/x", head.sha);
    const title = "HOTFIX: Mine";
    await sandbox.as("mallory").openPullRequest(REPO, { head: "mallory:hotfix/x", base: "develop", title });
    await s.idle();
    s.later();
    addAdmin(s);
    const { sha } = await sandbox.as("ada-admin").merge(REPO, number, "squash", { admin: true });
    s.later();
    await isNone(s, expect, sha);
  });

  scenario(
    "what is there again by an ordinary change is not the hotfix's any more",
    {},
    async (s, expect) => {
      addAdmin(s);
      const before = s.sandbox.git(REPO).show("main", STRIPE) as string;
      const { sha } = await hotfix(s);
      await pushToMain(s, "Another way", { [STRIPE]: before });
      s.later();
      await pushToMain(s, "A security fix", { [STRIPE]: STRIPE_FIXED });
      s.later();
      await s.idle();
      await isNone(s, expect, sha);
    },
  );

  scenario("a rollback that is labeled as a hotfix, among many that are", {}, async (s, expect) => {
    const { sandbox } = s;
    const { sha } = await hotfix(s);
    const rollback = await undo(s, sha, "hotfix/undo", "HOTFIX: Roll it back");
    await s.expectGate(rollback, "action_required", WAITS);
    s.later();
    await sandbox.as(RITA).review(REPO, rollback, "APPROVED");
    await s.expectGate(rollback, "success");
    const { sha: undone } = await sandbox.as(JOHN).merge(REPO, rollback, "squash");
    s.later();
    await flood(s);
    await sandbox.as(TRIAGE).addLabel(REPO, rollback, "hotfix");
    await s.idle();
    await isNone(s, expect, undone);
  });
});

describe.concurrent("what was one is rolled back with one review", () => {
  scenario("the honest twin", {}, async (s, expect) => isOne(s, expect, (await hotfix(s)).sha));

  scenario("with title, label and branch taken away since", {}, async (s, expect) => {
    const { number, sha } = await hotfix(s);
    await s.sandbox.as(JOHN).editPullRequest(REPO, number, { title: "Sort it" });
    await s.sandbox.git(REPO).deleteBranch(JOHN, BRANCH);
    await s.idle();
    await isOne(s, expect, sha);
  });

  scenario("after many other merges that somebody labeled as hotfixes", {}, async (s, expect) => {
    const { sha } = await hotfix(s);
    await flood(s);
    await isOne(s, expect, sha);
  });

  scenario("pushed directly (Option A)", {}, async (s, expect) => {
    addAdmin(s);
    const git = s.sandbox.git(REPO);
    await s.pushHotfix();
    await s.idle();
    s.later();
    await git.mergeNoFf("ada-admin", "main", BRANCH);
    await onePostMortem(s);
    s.later();
    const merge = git.head("main") as string;
    const before = git.show(git.log(merge)[0]?.parents[0] ?? "", STRIPE) as string;
    await git.commit("undo-it", {
      message: "Roll it back",
      files: { [STRIPE]: before },
      parents: [merge],
      ...AUTHOR(s),
    });
    await git.push(JOHN, "undo-it");
    const rollback = await s.sandbox.as(JOHN).openPullRequest(REPO, { head: "undo-it", title: "Back" });
    await s.expectGate(rollback.number, "action_required", WAITS);
    expect(await s.gate(rollback.number)).toMatchObject({
      summary: expect.stringContaining(merge.slice(0, 7)),
    });
  });
});
