import { afterAll, describe, expect } from "vitest";
import { CONFIG } from "../../src/demo/kamiyo.ts";
import { OPTIONAL_PERMISSIONS } from "../../src/github/api/client.ts";
import type { Exchange } from "../../src/sandbox/index.ts";
import { OPTIONAL_EVENTS } from "../../src/webhooks/events.ts";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  MANIFEST,
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  UNRELATED,
  until,
} from "../scenario/support.ts";
import { deviations, documentedRoutes, operationOf } from "./description.ts";

/**
 * What the app sends, and what the embedded GitHub answers it, are what GitHub's own description of its API
 * says: nothing in the scenarios rests on our idea of GitHub.
 */

/** In the description already, and not asked for by these scenarios. */
const ELSEWHERE = [
  "GET /app/hook/deliveries",
  "POST /app/hook/deliveries/{delivery_id}/attempts",
  "GET /repos/{owner}/{repo}/installation",
  "GET /search/issues",
  "PATCH /repos/{owner}/{repo}/issues/{issue_number}",
  "POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues",
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/reviews",
  "GET /repos/{owner}/{repo}/actions/runs",
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}",
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals",
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments",
  "POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule",
];

const used = new Set<string>();

/** A scenario of which every exchange is held to the description. */
function contract(
  name: string,
  body: (s: Scenario, expect: Chai) => Promise<void>,
  options: Parameters<typeof scenario>[1] = {},
): void {
  scenario(name, options, async (s, expect) => {
    const exchanges: Exchange[] = [];
    s.sandbox.onExchange = (exchange) => exchanges.push(exchange);
    await s.restartServer();
    await body(s, expect);
    await s.idle();
    for (const exchange of exchanges) {
      const operation = operationOf(exchange);
      if (operation !== null) used.add(`${operation.method} ${operation.path}`);
    }
    // The description is of REST alone.
    const found = exchanges.filter(({ path }) => path !== "/api/graphql").flatMap((one) => deviations(one));
    expect([...new Set(found)]).toEqual([]);
  });
}
type Chai = Parameters<Parameters<typeof scenario>[2]>[1];

describe("the app and the embedded GitHub keep to GitHub's description", () => {
  contract("a hotfix with annotations, fixed, approved by label and review, merged", async (s) => {
    const { sandbox } = s;
    const number = await s.openHotfix({ files: { [STRIPE]: STRIPE_FIXED, ...UNRELATED } });
    await s.expectGate(number, "failure");
    // The run is written again, with the annotations that it has.
    await sandbox.as(RITA).addLabel(REPO, number, "severity:P2");
    await s.expectGate(number, "failure", /2 rules/);
    await sandbox.as(RITA).removeLabel(REPO, number, "severity:P2");
    s.later();
    await s.pushHotfix({ force: true, message: DEPLOYMENT_MESSAGE.replace("pending", "Jane Doe") });
    await s.expectGate(number, "action_required");
    // Rita is asked about alone: whether the team is there is what makes "not a member" certain.
    for (const login of [RITA, JOHN]) {
      s.later();
      await sandbox.as(login).addLabel(REPO, number, EM);
      await until(`the label of ${login} is taken off`, async () =>
        sandbox.labelsOf(REPO, number).includes(EM) ? null : true,
      );
    }
    await sandbox.as(RITA).review(REPO, number, "APPROVED");
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await s.expectGate(number, "success");
    await sandbox.as(JANE).comment(REPO, number, "/hotfix help");
    await sandbox.as(JOHN).merge(REPO, number, "squash");
    await postMortem(s, number);
  });

  contract(
    "no configuration: roles by permission; labels that are not there; re-run; closed",
    async (s) => {
      const { sandbox } = s;
      for (const { name } of sandbox.labels(REPO)) await sandbox.as(RITA).deleteLabel(REPO, name);
      sandbox.createUser("ada");
      sandbox.setPermission(REPO, "ada", "admin");
      const number = await s.openHotfix({ message: DEPLOYMENT_MESSAGE.replace("P1", "P0") });
      await s.expectGate(number, "action_required");
      s.later();
      await sandbox.as("ada").review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      const [run] = await sandbox.checkRuns(REPO, (await sandbox.pullRequest(REPO, number)).head.sha);
      await sandbox.as(JOHN).requestRerun(REPO, run?.id ?? 0);
      await s.expectGate(number, "success");
      await sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
      await s.expectGate(number, "cancelled");
    },
    { config: null },
  );

  contract(
    "a rollback, after a merge by rebase, and a post-mortem that people cannot be assigned to",
    async (s) => {
      const { sandbox } = s;
      sandbox.createUser("ext");
      sandbox.setPermission(REPO, "ext", "write");
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      await sandbox.as("ext").review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      sandbox.setPermission(REPO, JOHN, null);
      await sandbox.as(JANE).merge(REPO, number, "rebase");
      await postMortem(s, number);
      const merged = sandbox.git(REPO).head("main") as string;
      await sandbox.git(REPO).revert("hotfix/back", merged, { author: sandbox.person(JOHN) });
      await sandbox.git(REPO).push(JANE, "hotfix/back");
      const back = await sandbox
        .as(JANE)
        .openPullRequest(REPO, { head: "hotfix/back", base: "main", title: "Revert the webhook fix" });
      await s.expectGate(back.number, "action_required");
    },
    { config: "version: 1\nroles:\n  engineering-manager: { users: [ext] }\n" },
  );

  contract(
    "a merge group; an ordinary pull request; a branch without a pull request; a fork",
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await s.pushHotfix({ branch: "hotfix/lonely", message: "Something else" });
      const fork = await sandbox.createFork(REPO, RITA);
      const git = sandbox.git(fork);
      await git.commit("hotfix/from-fork", {
        message: "HOTFIX: x",
        files: { [STRIPE]: "x\n" },
        author: sandbox.person(RITA),
      });
      await git.push(RITA, "hotfix/from-fork");
      const ordinary = await openOrdinary(s);
      const forked = await sandbox
        .as(RITA)
        .openPullRequest(REPO, { head: `${RITA}:hotfix/from-fork`, base: "main", title: "HOTFIX: x" });
      await s.expectGate(ordinary, "skipped");
      await s.expectGate(forked.number, "failure");
      await toGreen(s, number);
      sandbox.protect(REPO, "main", { requiredChecks: [{ context: "hotfix-gate" }, { context: "build" }] });
      const sha = await sandbox.enqueue(REPO, [number], JOHN);
      const gateOfGroup = (is: (conclusion: string) => boolean) =>
        until("the group's gate", async () => {
          const conclusion = (await sandbox.checkRuns(REPO, sha)).at(-1)?.conclusion;
          return conclusion && is(conclusion) ? true : null;
        });
      await gateOfGroup((conclusion) => conclusion === "success");
      await sandbox.as(JANE).review(REPO, number, "CHANGES_REQUESTED");
      await gateOfGroup((conclusion) => conclusion !== "success");
      const lonely = await sandbox.checkRuns(REPO, sandbox.git(REPO).head("hotfix/lonely") as string);
      expect(lonely.map(({ conclusion }) => conclusion)).toEqual(["action_required"]);
      await sandbox.as(JOHN).requestRerun(REPO, lonely[0]?.id ?? 0);
    },
  );

  contract(
    "the owner's configuration, and a pull request that changes the repository's",
    async (s) => {
      const { sandbox } = s;
      await sandbox.createRepository("kamiyo/.github", {
        files: { ".github/hotfix.yml": "version: 1\nroles:\n  cto: { users: [jane-doe] }\n" },
      });
      await s.openHotfix({ branch: BRANCH });
      const number = await openOrdinary(s, {
        branch: "config",
        files: { ".github/hotfix.yml": "version: 1\nmoed: observe\n" },
      });
      await s.expectGate(number, "skipped");
    },
    { config: null },
  );

  contract(
    "a hotfix that is merged and deployed",
    async (s) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await toGreen(s, number);
      await sandbox.as(JOHN).merge(REPO, number);
      await postMortem(s, number);
      const deployment = await sandbox.createDeployment(REPO, JOHN, {
        ref: "main",
        environment: "production",
      });
      await sandbox.setDeploymentStatus(REPO, JOHN, deployment, "success");
      await until("the deployment in the post-mortem", async () =>
        (await sandbox.issues(REPO)).some(({ body }) => body?.includes("Fix deployed: `production`"))
          ? true
          : null,
      );
    },
    {
      permissions: { ...MANIFEST.default_permissions, ...OPTIONAL_PERMISSIONS },
      events: [...MANIFEST.default_events, ...OPTIONAL_EVENTS],
    },
  );

  contract(
    "a hotfix pushed directly to the base branch, and picked for another branch",
    async (s) => {
      const { sandbox } = s;
      const git = sandbox.git(REPO);
      const author = sandbox.person(JOHN);
      const hotfix = { message: DEPLOYMENT_MESSAGE, files: { [STRIPE]: STRIPE_FIXED }, author };
      sandbox.protect(REPO, "main", null);
      await git.push(JOHN, "develop", git.head("main"));
      await git.commit("develop", {
        ...hotfix,
        files: { [STRIPE]: `# Our own.\n${git.show("main", STRIPE)}` },
      });
      await git.push(JOHN, "develop");
      await git.commit("main", hotfix);
      await git.push(JOHN, "main");
      await until("the post-mortem of the push", async () =>
        (await sandbox.issues(REPO)).some(({ body }) => body?.includes("Back-merge:")) ? true : null,
      );
    },
    { config: `${CONFIG}branches: { back_merge: [develop] }\n` },
  );

  afterAll(() => {
    // What the scenarios never asked for was not held to anything.
    const left = documentedRoutes().filter((route) => !used.has(route) && !ELSEWHERE.includes(route));
    expect(left).toEqual([]);
  });
});

async function postMortem({ sandbox }: Scenario, number: number): Promise<void> {
  await until(`the post-mortem of #${number}`, async () =>
    (await sandbox.issues(REPO)).some(({ title }) => title.endsWith(`(#${number})`)) ? true : null,
  );
}
