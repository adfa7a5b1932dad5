import { afterAll, describe, vi } from "vitest";
import { reportCommand } from "../../src/cli/report.ts";
import { merged } from "./after-life-support.ts";
import { REPO, type Scenario, scenario } from "./support.ts";

/** `hotfix-guard report` with the app's own credentials, against what the real server wrote. */

async function run(
  s: Scenario,
  options: { repo: string; since?: string; json?: boolean; markdown?: boolean },
) {
  const env = {
    APP_ID: String(s.sandbox.app.id),
    PRIVATE_KEY: s.sandbox.app.privateKey,
    WEBHOOK_SECRET: s.sandbox.app.webhookSecret,
    GHE_HOST: s.sandbox.host,
    GHE_PROTOCOL: "http",
  };
  for (const [name, value] of Object.entries(env)) vi.stubEnv(name, value);
  const out = { stdout: "", stderr: "" };
  const status = await reportCommand(
    { since: "90d", ...options },
    {
      stdout: (text) => {
        out.stdout += text;
      },
      stderr: (text) => {
        out.stderr += text;
      },
    },
  );
  return { status, ...out };
}

afterAll(() => {
  vi.unstubAllEnvs();
});

describe("the report", () => {
  scenario("sums up the post-mortems, and says what it cannot", {}, async (s, expect) => {
    await merged(s);
    const { status, stdout } = await run(s, { repo: REPO, json: true });
    expect(status).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      repository: REPO,
      hotfixes: 1,
      severities: { P1: 1 },
      spans: {
        time_to_approval: { count: 1 },
        time_to_merge: { count: 1 },
        time_to_deployment: { count: 0 },
      },
      post_mortems: { on_time: 0, late: 0, open: 1 },
      unreadable: [],
    });
    expect((await run(s, { repo: REPO, markdown: true })).stdout).toContain("| Merge | 1 |");
    expect((await run(s, { repo: REPO })).stdout).toContain("1 hotfix: 1 P1");

    const none = await run(s, { repo: "kamiyo/nothing" });
    expect(none).toMatchObject({ status: 2, stdout: "" });
    expect(none.stderr).toContain("kamiyo/nothing does not exist on");
    for (const bad of [{ repo: "kamiyo" }, { repo: "a/b/c" }, { repo: REPO, since: "soon" }]) {
      const refused = await run(s, bad);
      expect(refused).toMatchObject({ status: 2, stdout: "" });
      expect(refused.stderr).toMatch(/^No report: --(repo|since) takes /);
    }
  });
});
