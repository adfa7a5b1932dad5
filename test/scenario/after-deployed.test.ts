import { createHmac, randomUUID } from "node:crypto";
import { describe } from "vitest";
import { CONFIG } from "../../src/demo/kamiyo.ts";
import { bodyWith, botComments, merged, said } from "./after-life-support.ts";
import {
  BRANCH,
  JOHN,
  MANIFEST,
  ORDINARY,
  REPO,
  type Scenario,
  type ScenarioOptions,
  scenario,
  until,
} from "./support.ts";

const MIN = 60;
const HOUR = 60 * MIN;

/** The operator has granted what is optional. */
const GRANTED: ScenarioOptions = {
  permissions: { ...MANIFEST.default_permissions, deployments: "write" },
  events: [...MANIFEST.default_events, "deployment_status"],
};

/** John deploys what `main` is now; resolves to the deployment. */
function deploy(s: Scenario, environment = "production"): Promise<number> {
  return s.sandbox.createDeployment(REPO, JOHN, { ref: "main", environment });
}

function succeeds(
  s: Scenario,
  deployment: number,
  state: "success" | "failure" | "in_progress" = "success",
): Promise<void> {
  return s.sandbox.setDeploymentStatus(REPO, JOHN, deployment, state);
}

function asked({ sandbox }: Scenario): readonly string[] {
  return sandbox.requests.map(({ path }) => path).filter((path) => path.includes("/deployments"));
}

/** An event that the embedded GitHub does not send by itself. */
async function delivered({ sandbox, url }: Scenario, event: string, payload: object): Promise<void> {
  const body = JSON.stringify({ ...payload, installation: { id: sandbox.installationId } });
  const signature = createHmac("sha256", sandbox.app.webhookSecret).update(body).digest("hex");
  const headers = {
    "content-type": "application/json",
    "x-github-event": event,
    "x-github-delivery": randomUUID(),
    "x-hub-signature-256": `sha256=${signature}`,
  };
  const { status } = await fetch(`${url}/api/github/webhooks`, { method: "POST", headers, body });
  if (status !== 200) throw new Error(`the delivery was answered ${status}`);
}

async function verifications(s: Scenario, issue: number): Promise<readonly string[]> {
  const all = await botComments(s, issue);
  return all.filter((body) => body.includes("hotfix-guard:verify"));
}

describe("a hotfix that is deployed", () => {
  scenario(
    "its time goes into timeline, summary, metrics and the message that is ready to copy; a deployment elsewhere, or one that failed, is none",
    GRANTED,
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      const { sandbox } = s;
      s.later(60);
      const staging = await deploy(s, "staging");
      const failed = await deploy(s);
      await succeeds(s, staging);
      await succeeds(s, failed, "failure");
      await s.idle();
      expect((await sandbox.issue(REPO, issue)).body).toContain("_TODO: time_ | Fix deployed");
      s.later(4 * MIN);
      const deployment = await deploy(s);
      await succeeds(s, deployment, "in_progress");
      await succeeds(s, deployment);
      const body = await bodyWith(s, issue, "Fix deployed: `production`");
      expect(body).not.toContain("_TODO: time_ | Fix deployed");
      expect(body).toMatch(
        /\| \d{4}-\d\d-\d\d \d\d:\d\d UTC \| Fix deployed: `production` \| `john-smith` \|/,
      );
      expect(body).toMatch(/"deployed_at": "20/);
      expect(body).toMatch(/"time_to_deployment": 3\d\d,/);
      expect(body).toMatch(/\| Merge to deployment \| +5 min/);
      await said(s, pull, "Successful, 20");
      // The next one changes nothing.
      s.later(MIN);
      sandbox.resetRequests();
      await succeeds(s, await deploy(s));
      await s.idle();
      expect(sandbox.requests.filter(({ method }) => method === "PATCH")).toEqual([]);
      expect(sandbox.requests.length).toBeLessThan(10);
    },
  );

  scenario(
    "a deployment that is not to production costs one request and the configuration",
    GRANTED,
    async (s, expect) => {
      await merged(s);
      const { sandbox } = s;
      const preview = await deploy(s, "preview");
      await s.idle();
      sandbox.resetRequests();
      await succeeds(s, preview, "in_progress");
      await succeeds(s, preview, "failure");
      await s.idle();
      expect(sandbox.requests).toEqual([]);
      await succeeds(s, preview);
      await s.idle();
      expect(sandbox.requests.map(({ path }) => path)).toEqual([
        `/repos/${REPO}/contents/.github%2Fhotfix.yml`,
        `/repos/${REPO}/deployments/${preview}`,
      ]);
    },
  );

  scenario(
    "what cannot be read is looked at again, and holds up nothing else",
    GRANTED,
    async (s, expect) => {
      const { pull, issue } = await merged(s);
      const { sandbox } = s;
      const fix = sandbox.knobs.fail({ method: "GET", path: /\/deployments$/ }, { status: 502 });
      s.later(MIN);
      await succeeds(s, await deploy(s));
      await sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
      const body = await bodyWith(s, issue, "| Verified resolved | `john-smith` |");
      expect(body).toContain("_TODO: time_ | Fix deployed");
      fix();
      await bodyWith(s, issue, "Fix deployed: `production`");
    },
  );

  scenario("as part of a later commit", GRANTED, async (s, expect) => {
    const { issue } = await merged(s);
    const git = s.sandbox.git(REPO);
    const author = s.sandbox.person(JOHN);
    const { files } = ORDINARY;
    s.sandbox.protect(REPO, "main", null);
    await git.commit("main", { message: "Sort the report by day", files, author });
    await git.push(JOHN, "main");
    s.later(MIN);
    await succeeds(s, await deploy(s));
    const body = await bodyWith(s, issue, "Fix deployed: `production`");
    expect(body).toMatch(/"deployed_at": "20/);
  });

  scenario(
    "the configuration says what is production, and the names of environments are only text",
    { ...GRANTED, config: `${CONFIG}environments: ["EU | @jane-doe <b>"]\n` },
    async (s, expect) => {
      const { issue } = await merged(s);
      s.later(MIN);
      await succeeds(s, await deploy(s));
      await s.idle();
      expect((await s.sandbox.issue(REPO, issue)).body).toContain("_TODO: time_ | Fix deployed");
      await succeeds(s, await deploy(s, "eu | @jane-doe <b>"));
      const body = await bodyWith(s, issue, "Fix deployed: `eu");
      expect(body).toContain("Fix deployed: `eu \\| @jane-doe <b>`");
    },
  );

  scenario("without the permission nothing is asked and nothing is said", {}, async (s, expect) => {
    const { issue } = await merged(s);
    s.later(MIN);
    await succeeds(s, await deploy(s));
    s.later(2 * HOUR);
    await s.restartServer();
    await s.sweep();
    expect((await s.sandbox.issue(REPO, issue)).body).toContain("_TODO: time_ | Fix deployed");
    expect(await botComments(s, issue)).toEqual([]);
    expect(asked(s)).toEqual([]);
  });

  const growing: Record<string, "read" | "write"> = { ...MANIFEST.default_permissions };
  scenario(
    "the permission granted while the app runs is made use of at once",
    { ...GRANTED, permissions: growing },
    async (s, expect) => {
      const { issue } = await merged(s);
      s.later(MIN);
      await succeeds(s, await deploy(s));
      await s.idle();
      expect(asked(s)).toEqual([]);
      growing.deployments = "write";
      await delivered(s, "installation", { action: "new_permissions_accepted" });
      await bodyWith(s, issue, "Fix deployed: `production`");
    },
  );

  scenario("with the event lost, the sweep finds it", GRANTED, async (s, expect) => {
    const { issue } = await merged(s);
    await s.stopServer();
    s.later(MIN);
    await succeeds(s, await deploy(s));
    await s.restartServer();
    await s.sweep();
    const body = await bodyWith(s, issue, "Fix deployed: `production`");
    expect(body).toMatch(/"deployed_at": "20/);
  });
});

describe("verification", () => {
  scenario(
    "is asked for after 15 minutes and after an hour, each once whatever sweeps and restarts",
    GRANTED,
    async (s, expect) => {
      const { issue } = await merged(s);
      s.later(MIN);
      await succeeds(s, await deploy(s));
      await bodyWith(s, issue, "Fix deployed: `production`");
      s.later(14 * MIN);
      await s.sweep();
      await s.idle();
      expect(await verifications(s, issue)).toEqual([]);
      s.later(MIN + 10);
      await s.sweep();
      const first = await said(s, issue, "verify after-900");
      expect(first).toContain("@john-smith");
      expect(first).toContain("deployed to `production` 15 min ago");
      expect(first).toContain("Error rates dropped");
      expect(first).toContain("/hotfix verified");
      expect(first).not.toContain("Full smoke test");
      await s.sweep();
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await verifications(s, issue)).toHaveLength(1);
      s.later(45 * MIN);
      await s.sweep();
      const second = await said(s, issue, "verify after-3600");
      expect(second).toContain("Full smoke test");
      expect(second).not.toContain("Error rates dropped");
      s.later(HOUR);
      await s.sweep();
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await verifications(s, issue)).toHaveLength(2);
    },
  );

  scenario(
    "of a fix that was deployed from its branch is asked for from then on, merged or not",
    GRANTED,
    async (s, expect) => {
      await s.openHotfix();
      s.later(MIN);
      await succeeds(
        s,
        await s.sandbox.createDeployment(REPO, JOHN, { ref: BRANCH, environment: "production" }),
      );
      const { number } = await until("a post-mortem", async () => {
        const all = await s.sandbox.issues(REPO);
        return all.find(({ title }) => title.startsWith("Post-mortem:")) ?? null;
      });
      await s.idle();
      s.later(15 * MIN + 10);
      await s.sweep();
      expect(await said(s, number, "verify after-900")).toContain("deployed to `production` 15 min ago");
      await s.idle();
      expect(await verifications(s, number)).toHaveLength(1);
    },
  );

  scenario("late, only the newest is posted, with all that is to be checked", GRANTED, async (s, expect) => {
    const { issue } = await merged(s);
    s.later(MIN);
    await succeeds(s, await deploy(s));
    await bodyWith(s, issue, "Fix deployed: `production`");
    s.later(2 * HOUR);
    await s.restartServer();
    await s.sweep();
    const late = await said(s, issue, "verify after-3600");
    expect(late).toContain("2 h ago");
    expect(late).toContain("Error rates dropped");
    expect(late).toContain("Full smoke test");
    await s.sweep();
    await s.idle();
    expect(await verifications(s, issue)).toHaveLength(1);
  });

  scenario("not after somebody has verified it", GRANTED, async (s, expect) => {
    const { pull, issue } = await merged(s);
    s.later(MIN);
    await succeeds(s, await deploy(s));
    await bodyWith(s, issue, "Fix deployed: `production`");
    s.later(5 * MIN);
    await s.sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
    await bodyWith(s, issue, "| Verified resolved | `john-smith` |");
    s.later(2 * HOUR);
    await s.restartServer();
    await s.sweep();
    await s.idle();
    expect(await verifications(s, issue)).toEqual([]);
  });

  scenario(
    "not with an empty list of times",
    { ...GRANTED, config: `${CONFIG}verification: { remind_after_deploy: [] }\n` },
    async (s, expect) => {
      const { issue } = await merged(s);
      s.later(MIN);
      await succeeds(s, await deploy(s));
      await bodyWith(s, issue, "Fix deployed: `production`");
      s.later(2 * HOUR);
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await verifications(s, issue)).toEqual([]);
    },
  );

  scenario("not after a rollback was asked for", GRANTED, async (s, expect) => {
    const { pull, issue } = await merged(s);
    s.later(MIN);
    await succeeds(s, await deploy(s));
    await bodyWith(s, issue, "Fix deployed: `production`");
    s.later(MIN);
    await s.sandbox.as(JOHN).comment(REPO, pull, "/hotfix rollback");
    await until("the commands", async () => {
      const all = await botComments(s, pull);
      return all.some((body) => body.includes("git revert")) ? true : null;
    });
    s.later(2 * HOUR);
    await s.restartServer();
    await s.sweep();
    await s.idle();
    expect(await verifications(s, issue)).toEqual([]);
  });
});
