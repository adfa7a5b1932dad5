import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  DEPLOYMENT_MESSAGE,
  JANE,
  JOHN,
  REPO,
  STRIPE,
  STRIPE_FIXED,
  setUpKamiyo,
  UNRELATED,
} from "../../src/demo/kamiyo.ts";
import { type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import { MANIFEST } from "../scenario/support.ts";
import { compile, start } from "./program.ts";

/**
 * `hotfix-guard simulate` as a user runs it: a process of its own, and the sandbox as GitHub, without the
 * app.
 */

let sandbox: Sandbox;
let aheadMs = 0;
const pulls = { waiting: 0, approved: 0, sloppy: 0, ordinary: 0 };

beforeAll(async () => {
  compile();
  sandbox = await startSandbox({
    permissions: MANIFEST.default_permissions,
    events: MANIFEST.default_events,
    clock: () => new Date(Date.now() + aheadMs),
  });
  await setUpKamiyo(sandbox);
  sandbox.protect(REPO, "main", {});
  pulls.sloppy = await open("hotfix/Sloppy_one", { ...UNRELATED, [STRIPE]: STRIPE_FIXED }, "fix it");
  await sandbox.as(JOHN).merge(REPO, pulls.sloppy);
  pulls.ordinary = await open("feature/report", { "docs/a.md": "a\n" }, "Say a");
  await sandbox.as(JOHN).merge(REPO, pulls.ordinary);
  const again = (text: string) => STRIPE_FIXED.replace("HOTFIX", `HOTFIX ${text}`);
  pulls.approved = await open("hotfix/approved", { [STRIPE]: again("again") }, DEPLOYMENT_MESSAGE);
  aheadMs += 5_000;
  await sandbox.as(JANE).review(REPO, pulls.approved, "APPROVED");
  pulls.waiting = await open("hotfix/waiting", { [STRIPE]: again("once more") }, DEPLOYMENT_MESSAGE);
});

afterAll(() => sandbox.close());

async function open(branch: string, files: Record<string, string>, message: string): Promise<number> {
  const git = sandbox.git(REPO);
  const author = sandbox.person(JOHN);
  const parents = [git.head("main") as string];
  const sha = await git.commit(branch, { message, files, author, committer: author, parents });
  git.push(JOHN, branch, sha);
  const title = message.split("\n")[0] ?? "";
  const body = "- [x] Tested locally and on staging";
  return (await sandbox.as(JOHN).openPullRequest(REPO, { head: branch, title, body })).number;
}

function simulate(
  args: readonly string[],
  env: Readonly<Record<string, string>> = person(),
  files: Readonly<Record<string, string>> = {},
) {
  return run("simulate", args, env, files);
}

async function run(
  command: "simulate" | "report",
  args: readonly string[],
  env: Readonly<Record<string, string>> = person(),
  files: Readonly<Record<string, string>> = {},
) {
  const cwd = mkdtempSync(join(tmpdir(), "hotfix-guard-simulate-"));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(cwd, name), String(text));
  sandbox.resetRequests();
  const program = start([command, ...args], { GHE_HOST: sandbox.host, GHE_PROTOCOL: "http", ...env }, cwd);
  const status = await program.exit;
  const writes = sandbox.requests.filter(
    ({ method, path }) => method !== "GET" && !/access_tokens|graphql/.test(path),
  );
  expect(writes).toEqual([]);
  expect(sandbox.unknownRoutes).toEqual([]);
  return { status, output: program.output(), cwd, requests: sandbox.requests.length };
}

function person() {
  return { GH_TOKEN: sandbox.as(JANE).token };
}

describe("simulate owner/repo#12", () => {
  it("gives the verdict as the check says it, writes nothing, and takes at most twelve requests, waiting or not", async () => {
    const waiting = await simulate([`${REPO}#${pulls.waiting}`]);
    expect(waiting.output).toContain(`kamiyo/api#${pulls.waiting}: HOTFIX: Fix Stripe webhook`);
    expect(waiting.output).toContain("action_required: Waiting for approval: engineering-manager or cto");
    expect(waiting.output).toContain("Configuration: .github/hotfix.yml. Nothing was written.");
    expect(waiting.output).toMatch(/│ approval +│ Needs 1 more/);
    expect(waiting.output).not.toContain("integration_id");
    expect(waiting.status).toBe(1);
    // Who could approve, and whether it is a rollback, is asked only where it does not pass.
    expect(waiting.requests).toBeLessThanOrEqual(12);
    const approved = await simulate([`${REPO}#${pulls.approved}`]);
    expect(approved.output).toContain("success: Ready: P1");
    expect(approved.status).toBe(0);
    expect(approved.requests).toBeLessThanOrEqual(12);
  });

  it("says the same by the app's key and by the address of the page", async () => {
    const { id, privateKey, webhookSecret } = sandbox.app;
    const env = { APP_ID: String(id), PRIVATE_KEY: privateKey, WEBHOOK_SECRET: webhookSecret };
    const url = `${sandbox.url}/${REPO}/pull/${pulls.approved}`;
    const { status, output } = await simulate([url, "--json"], env);
    expect(status).toBe(0);
    expect(JSON.parse(output)).toMatchObject({
      outcome: "success",
      check: { title: "Ready: P1" },
      mode: "enforce",
    });
  });

  it("decides by another configuration where one is given", async () => {
    const strict =
      "version: 1\nroles: { cto: { users: [rita-lopez] } }\nseverities: { P1: { approvers: [cto] } }\n";
    const { status, output } = await simulate(
      [`${REPO}#${pulls.approved}`, "--config", "mine.yml", "--json"],
      person(),
      { "mine.yml": strict },
    );
    expect(status).toBe(1);
    const data = JSON.parse(output);
    expect(data).toMatchObject({ configuration: "mine.yml", outcome: "action_required" });
    expect(data.findings).toContainEqual(expect.objectContaining({ rule: "approval", state: "pending" }));
  });

  it("says that mode: off leaves the repository alone", async () => {
    const { output } = await simulate([`${REPO}#${pulls.waiting}`, "--config", "off.yml"], person(), {
      "off.yml": "mode: off\n",
    });
    expect(output).toContain("mode: off: the app would leave this repository alone");
  });

  it.each([
    ["no such pull request", [`${REPO}#99999`], {}, /there is no pull request kamiyo\/api#99999/],
    ["no such repository", ["kamiyo/nothing#1"], {}, /the repository kamiyo\/nothing does not exist on/],
    ["a name that is none", ["a b#1"], {}, /takes owner\/name/],
    ["nothing", [], {}, /say which: /],
    [
      "a file that is not there",
      [`${REPO}#1`, "--config", "nope.yml"],
      {},
      /--config: nope.yml cannot be read: there is no such file/,
    ],
    [
      "a file that is invalid",
      [`${REPO}#1`, "--config", "bad.yml"],
      { "bad.yml": "mod: off\n" },
      /bad\.yml:1:1: mod: /,
    ],
    ["options of a history", [`${REPO}#1`, "--since", "9d"], {}, /are for a history/],
    ["an app that is none", [`${REPO}#1`, "--app", "nobody"], {}, /there is no app nobody/],
  ] as const)("%s: one line, exit status 2", async (_, args, files, line) => {
    const { status, output } = await simulate(args, person(), files);
    expect(output).toMatch(line);
    expect(output).toMatch(/^No simulation: [^\n]+\n$/);
    expect(status).toBe(2);
  });
});

describe("simulate over a history", () => {
  it("says by rule what the policy would have done to merged and open hotfixes", async () => {
    const { status, output, requests } = await simulate([REPO, "--since", "30d"]);
    expect(status).toBe(0);
    expect(output).toContain("Simulation for kamiyo/api since");
    expect(output).toContain(
      "4 pull requests merged or open, 3 with the sign of a hotfix; 1 would not be touched",
    );
    expect(output).toContain(
      "Blocked: 1; waiting for approval or review: 1; passed: 1; skipped: 0; could not be told: 0",
    );
    expect(output).toMatch(/branch-name +error +1 +0 +2/);
    console.info(`${requests} requests for 4 pull requests, 3 of them hotfixes`);
    expect(requests).toBeLessThanOrEqual(3 + 12 * 3);
  });

  it("as a page", async () => {
    const { output, cwd, status } = await simulate([REPO, "--html", "out.html"]);
    expect([status, output]).toEqual([0, "out.html is written.\n"]);
    expect(readFileSync(join(cwd, "out.html"), "utf8")).toContain("<h2>By rule</h2>");
  });

  it("of an organization, as data", async () => {
    const { output, status } = await simulate(["--org", "kamiyo", "--json", "--app", sandbox.app.slug]);
    expect(status).toBe(0);
    const data = JSON.parse(output);
    expect(data).toMatchObject({
      organization: "kamiyo",
      hotfixes: 3,
      outcomes: { blocked: 1, waiting: 1, passed: 1, unknown: 0 },
      repositories: [{ repository: REPO, pull_requests: 4 }],
    });
    expect(data.rules[0]).toMatchObject({ failed: 1 });
  });
});

describe("report --observed", () => {
  it("says what mode: observe would have blocked, by rule, from the app's neutral checks", async () => {
    const golden = readFileSync("test/render/__golden__/check-observed.md", "utf8");
    const [, title = "", summary = ""] = /^# (.*)\n\n\(neutral\)\n\n([\s\S]*)$/.exec(golden) ?? [];
    const { head } = (await sandbox.pullRequest(REPO, pulls.sloppy)) as { head: { sha: string } };
    await sandbox.asApp().request("POST", `/repos/${REPO}/check-runs`, {
      name: "hotfix-gate",
      head_sha: head.sha,
      status: "completed",
      conclusion: "neutral",
      output: { title, summary },
    });
    const { status, output } = await run("report", ["--repo", REPO, "--observed"]);
    expect(status).toBe(0);
    expect(output).toMatch(/^kamiyo\/api since [\d-]+: would have blocked 1 of 1 merged hotfix\n/);
    expect(output).toMatch(/By rule\n +Rule +Would have blocked\n +approval +1\n/);
    const data = JSON.parse((await run("report", ["--org", "kamiyo", "--observed", "--json"])).output);
    expect(data).toMatchObject({
      hotfixes: 1,
      blocked: 1,
      list: [{ number: pulls.sloppy, rules: ["approval"] }],
    });
  });
});
