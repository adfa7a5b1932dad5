import { describe } from "vitest";
import { CONFIG } from "../../src/demo/kamiyo.ts";
import { addAdmin, onePostMortem, postMortems, pushToMain, untilBody } from "./after-landed-support.ts";
import { said } from "./after-life-support.ts";
import {
  BRANCH,
  JOHN,
  MANIFEST,
  REPO,
  RITA,
  type Scenario,
  type ScenarioOptions,
  scenario,
  toGreen,
} from "./support.ts";

const GRANTED: ScenarioOptions = {
  permissions: { ...MANIFEST.default_permissions, deployments: "write" },
  events: [...MANIFEST.default_events, "deployment_status"],
};

const MALLORY = "mallory";

async function deploy({ sandbox }: Scenario, ref: string): Promise<void> {
  const id = await sandbox.createDeployment(REPO, JOHN, { ref, environment: "production" });
  await sandbox.setDeploymentStatus(REPO, JOHN, id, "success");
}

async function open({ sandbox }: Scenario, head: string): Promise<number> {
  const title = "HOTFIX: Fix Stripe webhook signature verification";
  const body = "- [x] Tested locally and on staging";
  return (await sandbox.as(JOHN).openPullRequest(REPO, { head, base: "main", title, body })).number;
}

describe.concurrent("nobody gets a second post-mortem, or one for nothing, out of an early deployment", () => {
  scenario("two pull requests with one head, looked at side by side", GRANTED, async (s, expect) => {
    const first = await s.openHotfix();
    const sha = s.sandbox.git(REPO).head(BRANCH) as string;
    await s.sandbox.git(REPO).push(JOHN, "hotfix/the-same", sha);
    const second = await open(s, "hotfix/the-same");
    await s.expectGate(first, "action_required");
    await s.idle();
    s.later(60);
    await deploy(s, sha);
    const issue = await onePostMortem(s);
    for (const number of [first, second])
      expect(await said(s, number, "Deployed before the gate")).toContain(`post-mortem [#${issue.number}]`);
  });

  scenario("a branch that gets another name between deployment and merge", GRANTED, async (s, expect) => {
    const sha = await s.pushHotfix();
    await s.idle();
    s.later(60);
    await deploy(s, sha);
    const issue = await onePostMortem(s);
    s.later(60);
    const git = s.sandbox.git(REPO);
    await git.push(JOHN, "hotfix/renamed", sha);
    await git.deleteBranch(JOHN, BRANCH);
    const number = await open(s, "hotfix/renamed");
    await said(s, number, "Deployed before the gate passed");
    await toGreen(s, number);
    s.later(60);
    await s.sandbox.as(JOHN).merge(REPO, number, "squash");
    const body = await untilBody(s, issue.number, /\| Merged \|/);
    expect(body).toMatch(/Deployed before the gate passed:.*said `action_required` then/);
    await git.deleteBranch(JOHN, "hotfix/renamed");
    await s.restartServer();
    await s.idle();
    expect((await onePostMortem(s)).number).toBe(issue.number);
  });

  scenario("another environment is called production before the merge", GRANTED, async (s, expect) => {
    addAdmin(s);
    await s.pushHotfix();
    await s.idle();
    s.later(60);
    await deploy(s, BRANCH);
    const issue = await onePostMortem(s);
    s.later(60);
    await pushToMain(s, "Guard another one", {
      ".github/hotfix.yml": `${CONFIG}environments: [other]\n`,
    });
    await s.idle();
    const number = await open(s, BRANCH);
    await toGreen(s, number);
    s.later(60);
    await s.sandbox.as(JOHN).merge(REPO, number);
    await untilBody(s, issue.number, /\| Merged \|/);
    await s.restartServer();
    await s.idle();
    expect((await onePostMortem(s)).number).toBe(issue.number);
  });

  scenario("a second hotfix, made from the one that is deployed", GRANTED, async (s, expect) => {
    const git = s.sandbox.git(REPO);
    const first = await s.openHotfix();
    await s.expectGate(first, "action_required");
    const sha = await git.commit("hotfix/second", {
      message: "HOTFIX: Second",
      files: { "src/payments/second.py": "A = 1\n" },
      author: s.sandbox.person(JOHN),
      parents: [git.head(BRANCH) as string],
    });
    await git.push(JOHN, "hotfix/second", sha);
    const second = await open(s, "hotfix/second");
    await s.idle();
    s.later(60);
    await deploy(s, BRANCH);
    expect((await onePostMortem(s)).title).toContain(`(#${first})`);
    expect((await s.gate(second))?.summary).not.toMatch(/Deployed (?:before|already)/);
  });

  scenario("a stranger's pull request that has a release as its head", GRANTED, async (s, expect) => {
    const { sandbox } = s;
    sandbox.createUser(MALLORY);
    const fork = await sandbox.createFork(REPO, MALLORY);
    const git = sandbox.git(REPO);
    const release = await git.commit("release/9", {
      message: "Release 9",
      files: { b: "2" },
      author: sandbox.person(RITA),
      parents: [git.head("main") as string],
    });
    await git.push(RITA, "release/9", release);
    await sandbox.git(fork).push(MALLORY, "hotfix/evil", release);
    const evil = { head: `${MALLORY}:hotfix/evil`, title: "HOTFIX: Not one" };
    const { number } = await sandbox.as(MALLORY).openPullRequest(REPO, evil);
    await s.expectGate(number, "failure");
    s.later(60);
    for (const ref of ["release/9", release]) await deploy(s, ref);
    await s.idle();
    expect(await postMortems(s)).toEqual([]);
    expect((await s.gate(number))?.summary).not.toMatch(/Deployed (?:before|already)/);
  });
});
