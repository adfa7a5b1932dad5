import { describe } from "vitest";
import { CONFIG } from "../../src/demo/kamiyo.ts";
import { ADMIN, addAdmin, onePostMortem, postMortems, untilBody } from "./after-landed-support.ts";
import { botComments, said } from "./after-life-support.ts";
import {
  BRANCH,
  JANE,
  JOHN,
  MANIFEST,
  REPO,
  type Scenario,
  type ScenarioOptions,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  until,
} from "./support.ts";

/** The operator has granted what is optional. */
const GRANTED: ScenarioOptions = {
  permissions: { ...MANIFEST.default_permissions, deployments: "write" },
  events: [...MANIFEST.default_events, "deployment_status"],
};

/** Option B: John deploys a branch or a commit by hand, and it goes well. */
async function deploy(
  { sandbox }: Scenario,
  ref: string = BRANCH,
  environment = "production",
): Promise<void> {
  const id = await sandbox.createDeployment(REPO, JOHN, { ref, environment });
  await sandbox.setDeploymentStatus(REPO, JOHN, id, "success");
}

/** The last event of a deployment, once more. */
async function deployedAgain({ sandbox }: Scenario): Promise<void> {
  const delivery = sandbox.deliveries.findLast(({ event }) => event === "deployment_status");
  if (delivery === undefined) throw new Error("no deployment");
  await sandbox.redeliver(delivery.guid);
}

function shownOn(s: Scenario, number: number, pattern: RegExp) {
  return until(`${pattern} in the check of #${number}`, async () => {
    const gate = await s.gate(number);
    return gate !== null && pattern.test(gate.summary) ? gate : null;
  });
}

describe.concurrent("a hotfix that is deployed before it is merged", () => {
  scenario(
    "while the gate is red: seen in check and comment, its post-mortem opens at once, and goes on after the merge",
    GRANTED,
    async (s, expect) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later(60);
      await deploy(s);
      const issue = await onePostMortem(s);
      expect(issue.title).toBe(`Post-mortem: Fix Stripe webhook signature verification (#${number})`);
      expect(issue.body).toMatch(
        /Deployed before the gate passed:\*\* `production`, 20.* UTC, by `john-smith`, commit `\w{7}`\. The check `hotfix-gate` said `action_required` then\. It is not on `main` yet/,
      );
      expect(issue.body).toMatch(/\*\*Due .*\*\*, 24 h after the deployment of \[#/);
      expect(issue.body).toMatch(/\*\*Merged:\*\* _TODO/);
      const gate = await shownOn(s, number, /^⚠️ \*\*Deployed before the gate passed:\*\*/);
      expect(gate.conclusion).toBe("action_required");
      expect(await said(s, number, "Deployed before the gate passed:")).toContain(
        `Its post-mortem [#${issue.number}]`,
      );

      // What has been looked at once, or anew, stays one.
      await deployedAgain(s);
      s.later();
      await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      await shownOn(s, number, /said `action_required` then/);
      s.later(60);
      await s.sandbox.as(JOHN).merge(REPO, number);
      const body = await untilBody(s, issue.number, /\| Merged \|/);
      await s.idle();
      expect((await onePostMortem(s)).number).toBe(issue.number);
      expect(body).toMatch(/Deployed before the gate passed:.*said `action_required` then\.\n/);
      expect(body).toContain(`<!-- hotfix-guard:post-mortem ${REPO}#${number} -->`);
      expect(body).not.toMatch(/refs\/heads|Bypassed the gate|Merged without a valid approval/);
      expect(body).toMatch(/\*\*Merged:\*\* 20.* by `john-smith`/);
      expect(body.indexOf("Fix deployed before it was merged: `production`")).toBeLessThan(
        body.indexOf("| Merged |"),
      );
      expect(body).toMatch(
        /"deployed_early": true,\s+"gate_at_deployment": "action_required",\s+"bypassed": true/,
      );
      await s.restartServer();
      await s.idle();
      expect((await onePostMortem(s)).number).toBe(issue.number);
    },
  );

  scenario("with the gate's go: said so, and milder", GRANTED, async (s, expect) => {
    const before = s.sandbox.git(REPO).head("main") as string;
    const number = await s.openHotfix();
    await toGreen(s, number);
    s.later(60);
    await deploy(s);
    const { body, number: issue } = await onePostMortem(s);
    expect(body).toMatch(/ℹ️ \*\*Deployed before it was merged:\*\*.*said `success` then/);
    expect(body).not.toContain("⚠️");
    await shownOn(s, number, /^ℹ️ \*\*Deployed already:\*\*/);
    // It can be verified before it is merged, once.
    await s.sandbox.as(JOHN).comment(REPO, number, "/hotfix verified");
    await said(s, number, "Recorded: verified in production");
    await untilBody(s, issue, /\| Verified resolved \|/);
    s.later(60);
    await s.sandbox.as(JOHN).merge(REPO, number);
    const after = await untilBody(s, issue, /\| Merged \|/);
    await s.idle();
    expect(after).toMatch(/"bypassed": false/);
    expect(after).toMatch(/"resolved_at": "20/);
    const all = await botComments(s, number);
    expect(all.filter((one) => one.includes("hotfix verified")).length).toBeLessThan(3);
    expect(all.filter((one) => one.includes("Recorded: verified")).length).toBe(1);

    // The branch goes on to another one: that adopts nothing.
    const git = s.sandbox.git(REPO);
    await git.push(JOHN, "develop", before);
    const back = await s.sandbox.as(JOHN).openPullRequest(REPO, {
      head: BRANCH,
      base: "develop",
      title: "Bring the Stripe fix to develop",
    });
    await s.expectGate(back.number, "skipped");
    await s.sandbox.as(JOHN).merge(REPO, back.number);
    await s.idle();
    const last = await onePostMortem(s);
    expect(last.number).toBe(issue);
    expect(last.body).toContain(`<!-- hotfix-guard:post-mortem ${REPO}#${number} -->`);
  });

  scenario("closed without a merge: the post-mortem stays, and says so", GRANTED, async (s, expect) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await deploy(s);
    const issue = await onePostMortem(s);
    s.later();
    await s.sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
    await untilBody(
      s,
      issue.number,
      /Its pull request was closed without a merge: every deployment of `main`/,
    );
    await said(s, number, "Closed without a merge, but it was deployed:");
    // Another pull request from the branch goes on with it.
    s.later(60);
    const next = await s.sandbox.as(JOHN).openPullRequest(REPO, {
      head: BRANCH,
      base: "main",
      title: "HOTFIX: Fix Stripe webhook signature verification",
    });
    await shownOn(s, next.number, /Deployed before the gate passed/);
    await untilBody(s, issue.number, /It is not on `main` yet/);
    expect((await onePostMortem(s)).number).toBe(issue.number);
    // And how to take it back, which is no revert.
    await s.sandbox.as(JOHN).comment(REPO, next.number, "/hotfix rollback");
    await said(s, next.number, "redeploy `main`");
    await untilBody(s, issue.number, /\| Rollback requested \|/);
    await s.sandbox.as(JANE).comment(REPO, issue.number, "/hotfix override scope it was needed");
    await said(s, issue.number, "on the pull request, not here");
  });

  scenario(
    "without a pull request: its branch's, until a pull request takes it over",
    GRANTED,
    async (s, expect) => {
      const sha = await s.pushHotfix();
      await s.idle();
      s.later(60);
      await deploy(s, sha);
      const issue = await onePostMortem(s);
      expect(issue.title).toBe(`Post-mortem: Fix Stripe webhook signature verification (${BRANCH})`);
      expect(issue.body).toContain(`<!-- hotfix-guard:post-mortem ${REPO}@refs/heads/${BRANCH} -->`);
      expect(issue.body).toMatch(/Deployed before the gate passed:.*said `action_required` then/);
      expect(issue.body).not.toMatch(/Pull request opened|\(#0\)|#0/);
      const [run] = await s.sandbox.checkRuns(REPO, sha);
      expect(run?.output?.summary).toMatch(/^⚠️ \*\*Deployed before the gate passed:\*\*/);
      s.later(60);
      const number = (
        await s.sandbox.as(JOHN).openPullRequest(REPO, {
          head: BRANCH,
          base: "main",
          title: "HOTFIX: Fix Stripe webhook signature verification",
          body: "- [x] Tested locally and on staging",
        })
      ).number;
      await untilBody(s, issue.number, /Pull request opened/);
      await said(s, number, `Its post-mortem [#${issue.number}]`);
      await toGreen(s, number);
      s.later(60);
      await s.sandbox.as(JOHN).merge(REPO, number);
      const body = await untilBody(s, issue.number, /\| Merged \|/);
      expect(body).toContain(`<!-- hotfix-guard:post-mortem ${REPO}#${number} -->`);
      await s.idle();
      expect((await onePostMortem(s)).number).toBe(issue.number);
    },
  );

  scenario(
    "without a pull request, and then merged by hand: one post-mortem, with both",
    GRANTED,
    async (s, expect) => {
      addAdmin(s);
      await s.pushHotfix();
      await s.idle();
      await deploy(s);
      const issue = await onePostMortem(s);
      s.later(60);
      const merge = await s.sandbox.git(REPO).mergeNoFf(ADMIN, "main", BRANCH);
      const body = await untilBody(s, issue.number, /Pushed directly to `main`: bypassed the gate/);
      expect(body).toContain(`<!-- hotfix-guard:post-mortem ${REPO}@${merge} -->`);
      expect(body).toContain("Fix deployed before it was merged: `production`");
      await s.restartServer();
      await s.idle();
      expect((await onePostMortem(s)).number).toBe(issue.number);
    },
  );

  scenario("a former head, before a forced push: seen all the same", GRANTED, async (s, expect) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    const former = (await s.sandbox.pullRequest(REPO, number)).head.sha;
    s.later();
    await s.pushHotfix({ files: { [STRIPE]: `${STRIPE_FIXED}# better\n` }, force: true });
    await s.expectGate(number, "action_required");
    await deploy(s, former);
    const issue = await onePostMortem(s);
    expect(issue.body).toContain(`commit \`${former.slice(0, 7)}\``);
    await shownOn(s, number, /Deployed before the gate passed/);
  });

  scenario(
    "the event is lost: the sweep finds it, whether there is a pull request or not",
    { ...GRANTED, events: MANIFEST.default_events },
    async (s, expect) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await s.pushHotfix({ branch: "hotfix/other", files: { "src/api/health.py": "OK = True\n" } });
      await s.idle();
      await deploy(s);
      await deploy(s, "hotfix/other");
      await s.idle();
      expect(await postMortems(s)).toEqual([]);
      await s.restartServer();
      await until("both", async () => ((await postMortems(s)).length === 2 ? true : null));
      await s.idle();
      expect(await postMortems(s)).toHaveLength(2);
    },
  );

  scenario("what is none: staging, main, and what failed", GRANTED, async (s, expect) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await deploy(s, BRANCH, "staging");
    await deploy(s, "main");
    const id = await s.sandbox.createDeployment(REPO, JOHN, { ref: BRANCH, environment: "production" });
    await s.sandbox.setDeploymentStatus(REPO, JOHN, id, "failure");
    await s.sandbox.as(JOHN).comment(REPO, number, "/hotfix recheck");
    await s.idle();
    expect(await postMortems(s)).toEqual([]);
    expect((await s.gate(number))?.summary).not.toMatch(/Deployed (?:before|already)/);
  });

  scenario(
    "while deployments cannot be read the gate decides all the same; then it is found",
    { ...GRANTED, retryTimes: { quiet: 1_000, giveUp: 5_000 } },
    async (s, expect) => {
      const fixed = s.sandbox.knobs.fail({ path: /\/deployments$/ }, { status: 502 });
      const number = await s.openHotfix();
      await toGreen(s, number);
      await deploy(s);
      await s.idle();
      expect(await postMortems(s)).toEqual([]);
      fixed();
      await s.sandbox.as(JOHN).comment(REPO, number, "/hotfix recheck");
      expect((await onePostMortem(s)).body).toMatch(/said `success` then/);
    },
  );

  scenario("without the permission nothing is asked and nothing said", {}, async (s, expect) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await deploy(s);
    await s.restartServer();
    await s.idle();
    expect(await postMortems(s)).toEqual([]);
    expect((await s.gate(number))?.summary).not.toMatch(/Deployed (?:before|already)/);
    expect(s.sandbox.requests.filter(({ path }) => /\/deployments/.test(path))).toEqual([]);
  });

  scenario(
    "merged to two production branches: it goes to the first, the second has its own",
    { ...GRANTED, config: `${CONFIG}\nbranches: { base: [main, release] }\n` },
    async (s, expect) => {
      const git = s.sandbox.git(REPO);
      await git.push(JOHN, "release", git.head("main") as string);
      const first = await s.openHotfix();
      const second = (
        await s.sandbox.as(JOHN).openPullRequest(REPO, {
          head: BRANCH,
          base: "release",
          title: "HOTFIX: Fix Stripe webhook signature verification, on release",
        })
      ).number;
      await s.expectGate(first, "action_required");
      await deploy(s);
      const issue = await onePostMortem(s);
      await shownOn(s, second, /Deployed before the gate passed/);
      s.later();
      for (const number of [first, second]) await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.expectGate(first, "success");
      s.later(60);
      await s.sandbox.as(JOHN).merge(REPO, first);
      const body = await untilBody(s, issue.number, /\| Merged \|/);
      expect(body).toContain(`post-mortem ${REPO}#${first} -->`);
      await s.sandbox.as(JOHN).merge(REPO, second);
      const own = await until("its own post-mortem", async () => {
        const all = await postMortems(s);
        return all.find(({ number }) => number !== issue.number) ?? null;
      });
      await untilBody(s, own.number, new RegExp(`post-mortem ${REPO}#${second} -->`));
      await s.idle();
      expect(await postMortems(s)).toHaveLength(2);
      expect((await s.sandbox.issue(REPO, issue.number)).body).toContain(`post-mortem ${REPO}#${first} -->`);
    },
  );
});
