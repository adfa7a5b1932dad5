import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { readManifest } from "../src/cli/manifest.ts";
import {
  DEPLOYMENT_MESSAGE,
  JANE,
  JOHN,
  REPO,
  STRIPE,
  STRIPE_FIXED,
  setUpKamiyo,
} from "../src/demo/kamiyo.ts";
import { type Sandbox, startSandbox } from "../src/sandbox/index.ts";
import { postMortem } from "../test/report/post-mortems.ts";
import type { Row } from "./row.ts";

const run = promisify(execFile);
const HOTFIXES = 20;

/**
 * Requests to GitHub of `report` for each hotfix, and of `simulate` for a pull request that waits, and one
 * that passes, as a person.
 */
export async function measureReports(): Promise<readonly Row[]> {
  let aheadMs = 0;
  const sandbox = await startSandbox({
    ...(await readManifest()),
    clock: () => new Date(Date.now() + aheadMs),
  });
  try {
    await setUpKamiyo(sandbox);
    const merged_at = new Date().toISOString();
    for (let number = 1; number <= HOTFIXES; number++)
      await sandbox
        .asApp()
        .request("POST", `/repos/${REPO}/issues`, postMortem({ number, values: { merged_at } }));
    const pull = await openHotfix(sandbox);
    const waiting = await requestsOf(sandbox, ["simulate", `${REPO}#${pull}`]);
    aheadMs += 5_000;
    await sandbox.as(JANE).review(REPO, pull, "APPROVED");
    const report = await requestsOf(sandbox, ["report", "--repo", REPO]);
    const simulate = await requestsOf(sandbox, ["simulate", `${REPO}#${pull}`]);
    return [
      {
        what: `report, requests a hotfix (${HOTFIXES} hotfixes: ${report} in all)`,
        value: report / HOTFIXES,
        aim: 2,
      },
      { what: "simulate, requests a pull request that waits", value: waiting, aim: 12 },
      { what: "simulate, requests a pull request that passes", value: simulate, aim: 12 },
    ];
  } finally {
    await sandbox.close();
  }
}

async function openHotfix(sandbox: Sandbox): Promise<number> {
  const git = sandbox.git(REPO);
  const author = sandbox.person(JOHN);
  const parents = [git.head("main") as string];
  const change = {
    message: DEPLOYMENT_MESSAGE,
    files: { [STRIPE]: STRIPE_FIXED },
    author,
    committer: author,
    parents,
  };
  git.push(JOHN, "hotfix/stripe", await git.commit("hotfix/stripe", change));
  const title = "HOTFIX: Fix Stripe webhook signature verification";
  return (
    await sandbox.as(JOHN).openPullRequest(REPO, { head: "hotfix/stripe", title, body: "- [x] Tested" })
  ).number;
}

async function requestsOf(sandbox: Sandbox, args: readonly string[]): Promise<number> {
  sandbox.resetRequests();
  const env = {
    PATH: process.env.PATH,
    GHE_HOST: sandbox.host,
    GHE_PROTOCOL: "http",
    GH_TOKEN: sandbox.as(JANE).token,
  };
  // A verdict that does not pass is not status 0.
  await run(process.execPath, ["dist/cli/main.js", ...args], { env }).catch(({ code }) => {
    if (code !== 1) throw new Error(`status ${code}`);
  });
  return sandbox.requests.length;
}
