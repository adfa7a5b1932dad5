import { describe } from "vitest";
import { CONFIG } from "../../src/demo/kamiyo.ts";
import type { DeploymentRequest } from "../../src/sandbox/index.ts";
import { deviations } from "../contract/description.ts";
import { ADMIN, addAdmin, pushToMain } from "./after-landed-support.ts";
import {
  BRANCH,
  EM,
  JANE,
  JOHN,
  MANIFEST,
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  type ScenarioOptions,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  UNRELATED,
  until,
} from "./support.ts";

/**
 * The operator has granted what is optional, and the environment is named; GitHub compares names without
 * case.
 */
const GUARDED: ScenarioOptions = {
  permissions: { ...MANIFEST.default_permissions, actions: "read", deployments: "write" },
  events: [...MANIFEST.default_events, "deployment_protection_rule"],
  config: `${CONFIG}environments: [Production]\n`,
};

const MALLORY = "mallory";

/** A workflow of John's reaches its job with the environment; resolves to the run's id. */
function deploy({ sandbox }: Scenario, more: Partial<DeploymentRequest> = {}): Promise<number> {
  return sandbox.requestDeployment(REPO, JOHN, { ref: BRANCH, environment: "production", ...more });
}

/** Waits until the app has decided, or said something that fits. */
async function answered(s: Scenario, run: number, state: "approved" | "rejected" | "waiting", text = /./) {
  const look = async () => {
    const review = s.sandbox.deploymentReview(run);
    return review.state === state && text.test(review.comment ?? "") ? (review.comment ?? "") : null;
  };
  return until(`run ${run} ${state} ${text}`, look).catch((error) => {
    throw new Error(`${error.message}\nthere is: ${JSON.stringify(s.sandbox.deploymentReview(run))}`);
  });
}

function answers({ sandbox }: Scenario): readonly string[] {
  return sandbox.requests
    .filter(({ method, path }) => method === "POST" && path.endsWith("/deployment_protection_rule"))
    .map(({ status }) => String(status));
}

function head({ sandbox }: Scenario, branch = BRANCH): string {
  return sandbox.git(REPO).head(branch) as string;
}

describe.concurrent("a deployment that waits for the gate", () => {
  scenario(
    "of a green hotfix is approved; every request is as GitHub's description has it",
    GUARDED,
    async (s, expect) => {
      const problems: string[] = [];
      s.sandbox.onExchange = (exchange) => problems.push(...deviations(exchange));
      const number = await s.openHotfix();
      await toGreen(s, number);
      const run = await deploy(s);
      const comment = await answered(s, run, "approved");
      expect(comment).toMatch(/approved this deployment/);
      expect(comment).toMatch(new RegExp(`\\[#${number}\\].*Ready: P1`));
      await s.idle();
      expect(answers(s)).toEqual(["204"]);
      // The next job of the run asks for itself.
      await s.sandbox.nextDeploymentJob(run, JOHN);
      await answered(s, run, "approved");
      expect(s.sandbox.deploymentReview(run).comments).toHaveLength(2);
      expect([...new Set(problems)]).toEqual([]);
    },
  );

  scenario(
    "waits with a word on what for, said once, and goes on once approved",
    GUARDED,
    async (s, expect) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      const run = await deploy(s);
      const comment = await answered(s, run, "waiting");
      expect(comment).toMatch(/is holding this deployment.*Waiting for approval: engineering-manager/s);
      expect(comment).toMatch(/resumes automatically/);
      await s.sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
      await s.idle();
      await s.sweep();
      await s.restartServer();
      await s.sweep();
      expect(s.sandbox.deploymentReview(run).comments).toEqual([comment]);
      s.later();
      await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
      await answered(s, run, "approved", /Ready: P1/);
    },
  );

  scenario(
    "with a violation is rejected with the reasons; fixed and run again it is approved",
    GUARDED,
    async (s, expect) => {
      const number = await s.openHotfix({ files: { [STRIPE]: STRIPE_FIXED, ...UNRELATED } });
      await s.expectGate(number, "failure");
      const run = await deploy(s);
      const comment = await answered(s, run, "rejected");
      expect(comment).toMatch(/`scope`: .*Unrelated/s);
      expect(comment).toContain(`/pull/${number}/checks`);
      expect(comment).not.toContain("attempt");
      await s.pushHotfix({ force: true });
      await s.expectGate(number, "action_required");
      // The old commit is not the head any more.
      await s.sandbox.rerunDeployment(run, JOHN);
      await answered(s, run, "rejected", /not the head of .*attempt 2/s);
      s.later();
      await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      await answered(s, await deploy(s), "approved");
    },
  );

  scenario(
    "is not held where it is no hotfix: the base branch, a merged hotfix, another branch",
    GUARDED,
    async (s, expect) => {
      const { sandbox } = s;
      const release = await deploy(s, { ref: "main" });
      expect(await answered(s, release, "approved")).toMatch(/on `main` already/);
      await openOrdinary(s);
      expect(await answered(s, await deploy(s, { ref: "feature/monthly-report" }), "approved")).toMatch(
        /not a hotfix/,
      );
      const number = await s.openHotfix();
      await toGreen(s, number);
      const sha = head(s);
      await sandbox.as(JOHN).merge(REPO, number, "squash");
      expect(await answered(s, await deploy(s, { ref: BRANCH, sha }), "approved")).toMatch(/which is merged/);
      expect(await answered(s, await deploy(s, { ref: "main" }), "approved")).toMatch(/on `main` already/);
    },
  );

  scenario(
    "of a hotfix branch without a pull request waits for one, and then for its verdict",
    GUARDED,
    async (s, expect) => {
      await s.pushHotfix();
      const run = await deploy(s);
      expect(await answered(s, run, "waiting")).toMatch(/no pull request is open for it/);
      const { number } = await s.sandbox
        .as(JOHN)
        .openPullRequest(REPO, { head: BRANCH, title: "HOTFIX: Fix Stripe webhook signature verification" });
      await answered(s, run, "waiting", /Waiting for/);
      await toGreen(s, number);
      await answered(s, run, "approved");
    },
  );

  scenario(
    "at an environment that the configuration does not name is told so, and answered once it does",
    { ...GUARDED, config: CONFIG },
    async (s, expect) => {
      addAdmin(s);
      const run = await deploy(s, { ref: "main" });
      const comment = await answered(s, run, "waiting");
      expect(comment).toMatch(/doesn't guard this environment/);
      expect(comment).toContain('environments: ["production"]');
      await pushToMain(s, "Guard production", {
        ".github/hotfix.yml": `${CONFIG}environments: [production]\n`,
      });
      await answered(s, run, "approved");
    },
  );

  scenario(
    "with a broken configuration: what is on the default branch goes on, all else waits until it is fixed",
    { ...GUARDED, config: "version: 1\nenviroments: [production]\n" },
    async (s, expect) => {
      addAdmin(s);
      await s.pushHotfix();
      const [release, hotfix] = [await deploy(s, { ref: "main" }), await deploy(s)];
      await answered(s, release, "approved");
      expect(await answered(s, hotfix, "waiting")).toMatch(/configuration has 1 problem.*hotfix\.yml/s);
      await pushToMain(s, "Fix it", { ".github/hotfix.yml": "version: 1\nenvironments: [production]\n" });
      await answered(s, hotfix, "waiting", /no pull request/);
    },
  );

  scenario(
    "is let through where the app only observes, with what it would have said",
    {
      ...GUARDED,
      config: `${CONFIG}environments: [production]\nmode: observe\n`,
    },
    async (s, expect) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "neutral");
      expect(await answered(s, await deploy(s), "approved")).toMatch(/observe.*Would be: Waiting/is);
    },
  );

  scenario(
    "is not touched without the permissions, nor asked for where no environment is named",
    { ...GUARDED, permissions: { ...MANIFEST.default_permissions, deployments: "write" } },
    async (s, expect) => {
      const number = await s.openHotfix();
      const run = await deploy(s);
      await toGreen(s, number);
      await s.sweep();
      expect(s.sandbox.deploymentReview(run)).toMatchObject({ state: "waiting", comments: [] });
      expect(s.sandbox.requests.filter(({ path }) => path.includes("/actions/"))).toEqual([]);
    },
  );

  scenario(
    "costs nothing where no environment is named",
    { ...GUARDED, config: CONFIG },
    async (s, expect) => {
      await toGreen(s, await s.openHotfix());
      await s.sweep();
      expect(s.sandbox.requests.filter(({ path }) => path.includes("/actions/"))).toEqual([]);
    },
  );

  scenario(
    "whose event was lost is found at the next verdict and by the sweep; doubled, late and cancelled ones do no harm",
    GUARDED,
    async (s, expect) => {
      const { sandbox } = s;
      const lost = ({ event }: { event: string }) => event === "deployment_protection_rule";
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      sandbox.knobs.deliveries.drop = lost;
      const run = await deploy(s);
      s.later();
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      await answered(s, run, "approved");
      const release = await deploy(s, { ref: "main", others: ["staging"] });
      await s.restartServer();
      await answered(s, release, "approved");
      sandbox.knobs.deliveries.drop = undefined;
      sandbox.knobs.deliveries.double = lost;
      sandbox.resetRequests();
      const cancelled = await deploy(s);
      sandbox.cancelRun(cancelled);
      const again = await deploy(s);
      await answered(s, again, "approved");
      await s.idle();
      for (const { guid } of sandbox.deliveries.filter(lost)) await sandbox.redeliver(guid);
      await s.idle();
      expect(sandbox.deploymentReview(again).comments).toHaveLength(1);
      expect(sandbox.deploymentReview(run).comments).toHaveLength(1);
      expect(answers(s).length).toBeLessThanOrEqual(3);
    },
  );

  scenario(
    "is neither approved nor rejected while GitHub cannot be read, says so, and goes on when it can",
    { ...GUARDED, retryTimes: { quiet: 2_000, giveUp: 60_000 } },
    async (s, expect) => {
      const { sandbox } = s;
      const over = [/\/compare\//, /\/approvals$/].map((path) =>
        sandbox.knobs.fail({ method: "GET", path }, { status: 502, body: {} }),
      );
      const run = await deploy(s, { ref: "main" });
      over[1]?.();
      expect(await answered(s, run, "waiting")).toMatch(
        /Could not read everything from GitHub.*answered 502/s,
      );
      over[0]?.();
      await answered(s, run, "approved");
      const later = sandbox.knobs.fail(
        { method: "POST", path: /protection_rule$/ },
        { status: 502, body: {} },
      );
      const next = await deploy(s, { ref: "main" });
      await until("it was tried", async () => (answers(s).includes("502") ? true : null));
      later();
      await answered(s, next, "approved");
      expect(sandbox.deploymentReview(next).comments).toHaveLength(1);
    },
  );

  scenario(
    "that waits for people as well is answered once, and not looked at again at each push",
    GUARDED,
    async (s, expect) => {
      addAdmin(s);
      const { sandbox } = s;
      const run = await deploy(s, { ref: "main", reviewers: true });
      const staging = await deploy(s, { ref: "main", environment: "staging", reviewers: true });
      await answered(s, run, "approved");
      await answered(s, staging, "waiting", /doesn't guard this environment/);
      await s.idle();
      sandbox.resetRequests();
      const looks = () => sandbox.requests.filter(({ path }) => /\/actions\/runs\/\d/.test(path)).length;
      await pushToMain(s, "Another day", { a: "1" });
      await s.idle();
      await s.sweep();
      expect(looks()).toBe(0);
      // The run's next job asks, and what is guarded now is looked at.
      await sandbox.nextDeploymentJob(run, JOHN);
      await until("the next job", async () => (answers(s).includes("204") ? true : null));
      await pushToMain(s, "Guard staging", {
        ".github/hotfix.yml": `${CONFIG}environments: [production, staging]\n`,
      });
      await answered(s, staging, "approved");
    },
  );

  scenario(
    "of a run whose other jobs still work is answered all the same, when the verdict comes",
    GUARDED,
    async (s) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      const run = await deploy(s, { busy: true });
      await answered(s, run, "waiting");
      await toGreen(s, number);
      await answered(s, run, "approved");
    },
  );
});

describe.concurrent("nobody talks a deployment round the gate", () => {
  scenario("a hotfix under a tag or another branch is the same hotfix", GUARDED, async (s, expect) => {
    const { sandbox } = s;
    await s.openHotfix();
    const sha = head(s);
    await sandbox.git(REPO).push(JOHN, "deploy-now", sha);
    for (const more of [
      { ref: "v1.2.4", sha },
      { ref: "deploy-now", sha },
      { ref: "main", sha, event: "workflow_dispatch" },
    ])
      expect(await answered(s, await deploy(s, more), "waiting")).toMatch(/Waiting for/);
  });

  scenario(
    "more commits on top, the commits without a pull request, an earlier head: all are held",
    GUARDED,
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      const number = await s.openHotfix();
      const sha = head(s);
      const author = sandbox.person(JOHN);
      const more = await git.commit("deploy-now", { message: "Build", files: {}, author, parents: [sha] });
      await git.push(JOHN, "deploy-now", more);
      expect(await answered(s, await deploy(s, { ref: "deploy-now" }), "rejected")).toMatch(
        new RegExp(`contains the unmerged hotfix .*#${number}`),
      );
      await s.pushHotfix({ branch: "quick", message: "HOTFIX: Something else", files: { a: "1" } });
      expect(await answered(s, await deploy(s, { ref: "quick" }), "waiting")).toMatch(/no pull request/);
      await s.pushHotfix({ force: true, files: { [STRIPE]: `${STRIPE_FIXED}\n` } });
      expect(await answered(s, await deploy(s, { sha }), "rejected")).toMatch(/not the head/);
    },
  );

  scenario(
    "with its pull request closed, its branch deleted and its title changed it is still what the check has seen",
    GUARDED,
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix({ message: "Quick fix" });
      await s.expectGate(number, "failure");
      const sha = head(s);
      await sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed", title: "Nothing" });
      await sandbox.git(REPO).deleteBranch(JOHN, BRANCH);
      expect(await answered(s, await deploy(s, { ref: "v2", sha }), "waiting")).toMatch(/no pull request/);
    },
  );

  scenario(
    "what came from production by cherry-pick is no hotfix of its own; a merge group has its pull requests' verdict",
    GUARDED,
    async (s, expect) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      const train = head(s, "main");
      const number = await s.openHotfix();
      const other = await openOrdinary(s);
      await toGreen(s, number);
      // The queue merges once the deployment is done.
      sandbox.protect(REPO, "main", { requiredChecks: [{ context: "deploy" }] });
      const sha = await sandbox.enqueue(REPO, [number, other], JOHN);
      const ref = `gh-readonly-queue/main/pr-${other}-${train}`;
      const queued = await deploy(s, { ref, sha, event: "merge_group" });
      expect(await answered(s, queued, "approved")).toMatch(/Ready: P1/);
      await sandbox.otherAppCheckRun(REPO, { name: "deploy", head_sha: sha, conclusion: "success" });
      const landed = await until("the queue merges", async () => {
        return git.log("main").find(({ message }) => message.startsWith("HOTFIX")) ?? null;
      });
      const picked = await git.commit("train", {
        message: `${landed.message.trim()}\n\n(cherry picked from commit ${landed.sha})`,
        files: { [STRIPE]: STRIPE_FIXED },
        author: landed.author,
        parents: [train],
      });
      await git.push(RITA, "train", picked);
      await answered(s, await deploy(s, { ref: "train" }), "approved", /not a hotfix/);
    },
  );

  scenario(
    "a green of before, a branch that is called like production, a pull request's own run",
    { ...GUARDED, config: `${CONFIG}environments: [production]\nbranches: { base: [main, "release/*"] }\n` },
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await toGreen(s, number);
      await sandbox
        .as(JANE)
        .removeLabel(REPO, number, EM)
        .catch(() => undefined);
      await sandbox.as(JANE).review(REPO, number, "CHANGES_REQUESTED");
      const run = await deploy(s, { event: "pull_request" });
      await until("it is not approved", async () =>
        sandbox.deploymentReview(run).comment === null ? null : true,
      );
      expect(sandbox.deploymentReview(run).state).not.toBe("approved");
      const sha = await s.pushHotfix({ branch: "hotfix/other", files: { a: "1" } });
      await sandbox.git(REPO).push(JOHN, "release/9", sha);
      expect(await answered(s, await deploy(s, { ref: "release/9" }), "waiting")).toMatch(/no pull request/);
      // One that GitHub protects is production, whoever begins a hotfix there.
      const parents = [head(s, "main")];
      const author = sandbox.person(RITA);
      const release = await sandbox
        .git(REPO)
        .commit("release/10", { message: "Train 10", files: { c: "3" }, author, parents });
      await sandbox.git(REPO).push(RITA, "release/10", release);
      sandbox.protect(REPO, "release/10", {});
      await sandbox.git(REPO).push(JOHN, "hotfix/begun", release);
      await until("the branch's check", async () => (await sandbox.checkRuns(REPO, release))[0] ?? null);
      expect(await answered(s, await deploy(s, { ref: "release/10" }), "approved")).toMatch(
        /on `release\/10`/,
      );
      // GitHub may name the base's commit.
      const main = head(s, "main");
      const target = await deploy(s, { event: "pull_request_target", sha: main });
      expect(await answered(s, target, "rejected")).toMatch(/not the head/);
    },
  );

  scenario("a stranger's fork cannot hold a release, nor let its own hotfix through", GUARDED, async (s) => {
    const { sandbox } = s;
    sandbox.createUser(MALLORY);
    const fork = await sandbox.createFork(REPO, MALLORY);
    const git = sandbox.git(REPO);
    const author = sandbox.person(RITA);
    const parents = [head(s, "main")];
    const release = await git.commit("train", { message: "Train 12", files: { b: "2" }, author, parents });
    await git.push(RITA, "train", release);
    await sandbox.git(fork).push(MALLORY, "hotfix/evil", release);
    const title = "HOTFIX: Not one";
    const evil = { head: `${MALLORY}:hotfix/evil`, title };
    const { number } = await sandbox.as(MALLORY).openPullRequest(REPO, evil);
    // The app's own check on the release's commit is red now.
    await s.expectGate(number, "failure");
    await answered(s, await deploy(s, { ref: "train" }), "approved", /not a hotfix/);
    const own = { ref: "hotfix/evil", sha: release, headRepository: fork, event: "pull_request" };
    await answered(s, await deploy(s, own), "rejected");
  });

  scenario("of two pull requests with one head the worse decides", GUARDED, async (s, expect) => {
    const { sandbox } = s;
    const git = sandbox.git(REPO);
    const first = await s.openHotfix();
    await toGreen(s, first);
    await git.push(JOHN, "hotfix/the-same", head(s));
    const title = "HOTFIX: Fix Stripe webhook signature verification";
    await git.push(RITA, "scratch", git.head("main"));
    await sandbox.as(JOHN).openPullRequest(REPO, { head: "hotfix/the-same", base: "scratch", title });
    await s.expectGate(first, "failure");
    expect(await answered(s, await deploy(s), "rejected")).toMatch(/base-branch/);
  });

  scenario("an administrator who pushes past it: what is on production is not held", GUARDED, async (s) => {
    addAdmin(s);
    await pushToMain(s);
    await answered(s, await deploy(s, { ref: "main" }), "approved");
    s.sandbox.setPermission(REPO, ADMIN, "write");
  });
});
