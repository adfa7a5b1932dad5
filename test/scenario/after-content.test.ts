import { afterAll, describe, vi } from "vitest";
import { reportCommand } from "../../src/cli/report.ts";
import { sweepCommand } from "../../src/cli/sweep.ts";
import { bodyWith, botComments, merged, said } from "./after-life-support.ts";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  REPO,
  type Scenario,
  scenario,
  until,
} from "./support.ts";

const HOUR = 3_600;
const INCIDENT = 1234;

function asOperator({ sandbox }: Scenario): void {
  const env = {
    APP_ID: String(sandbox.app.id),
    PRIVATE_KEY: sandbox.app.privateKey,
    WEBHOOK_SECRET: sandbox.app.webhookSecret,
    GHE_HOST: sandbox.host,
    GHE_PROTOCOL: "http",
    LOG_LEVEL: "fatal",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
}

async function statusComment({ sandbox }: Scenario, number: number): Promise<string> {
  const comments = await sandbox.comments(REPO, number);
  return comments.find(({ body }) => body?.includes("hotfix-guard:status"))?.body ?? "";
}

afterAll(() => {
  vi.unstubAllEnvs();
});

describe("what is in a post-mortem", () => {
  scenario(
    "the checklists of its kinds, by the labels of the linked issue; the response time that was met",
    {},
    async (s, expect) => {
      await s.sandbox.as(JANE).addLabel(REPO, INCIDENT, "auth");
      await s.sandbox.as(JANE).addLabel(REPO, INCIDENT, "database");
      const { pull, issue } = await merged(s);
      const { body } = await s.sandbox.issue(REPO, issue);
      expect(body).toContain("- [ ] Login with test account");
      expect(body).toContain("- [ ] Query returns data");
      expect(body).not.toContain("- [ ] Test affected endpoint");
      expect(body).toMatch(/\| Within the P1 target \(2 h\) \| yes \|/);
      await until("the response time", async () =>
        (await statusComment(s, pull)).includes("The 2 h target was met") ? true : null,
      );
    },
  );

  scenario(
    "of a P0: the message for the status page; the response time that was missed",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      s.later(2 * HOUR);
      const pull = await s.openHotfix({
        branch: BRANCH,
        message: DEPLOYMENT_MESSAGE.replace("Severity: P1", "Severity: P0"),
      });
      await s.expectGate(pull, "action_required");
      await until("the message", async () =>
        (await statusComment(s, pull)).includes("We're aware of an issue affecting [service].") ? true : null,
      );
      s.later(20 * 60);
      await sandbox.as(JANE).addLabel(REPO, pull, EM);
      await s.expectGate(pull, "success");
      await sandbox.as(JOHN).merge(REPO, pull);
      await until("the response time", async () =>
        (await statusComment(s, pull)).includes("The 15 min target was missed") ? true : null,
      );
      await sandbox.as(JOHN).comment(REPO, pull, "/hotfix verified");
      await said(s, pull, "Recorded: verified");
      await until("the last message", async () =>
        (await statusComment(s, pull)).includes("All systems are operating normally.") ? true : null,
      );
      expect(await statusComment(s, pull)).not.toContain("We're aware of an issue");
    },
  );
});

describe("for operators", () => {
  scenario(
    "`hotfix-guard sweep` once, without a server; when it began is in the report, `--since` counts from the merge",
    {},
    async (s, expect) => {
      const { issue } = await merged(s);
      const { body } = await s.sandbox.issue(REPO, issue);
      const began = new Date(Date.now() - HOUR * 1_000).toISOString().slice(0, 16).replace("T", " ");
      const written = (body ?? "").replace(/(\*\*Began:\*\*) .*/, `$1 ${began} UTC, with v12`);
      await s.sandbox.as(JOHN).editIssue(REPO, issue, { body: written });
      expect(await bodyWith(s, issue, '"began_at": "20')).toMatch(/"time_to_detection": \d{4}/);
      await s.idle();
      await s.stopServer();
      s.later(25 * HOUR);
      asOperator(s);
      expect(await sweepCommand()).toBe(0);
      expect(await sweepCommand()).toBe(0);
      expect((await botComments(s, issue)).filter((text) => text.includes("reminder due"))).toHaveLength(1);

      const run = async (since: string) => {
        let out = "";
        const status = await reportCommand(
          { repo: REPO, since, json: true },
          {
            stdout: (text) => {
              out += text;
            },
            stderr: () => undefined,
          },
        );
        expect(status).toBe(0);
        return JSON.parse(out) as object;
      };
      expect(await run("90d")).toMatchObject({ hotfixes: 1, spans: { time_to_detection: { count: 1 } } });
      expect(await run("1d")).toMatchObject({ hotfixes: 0 });
    },
  );
});
