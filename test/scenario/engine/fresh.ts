import { Probot } from "probot";
import { docsUrlOf } from "../../../src/app.ts";
import { createClients, type GitHubClient } from "../../../src/github/api/client.ts";
import { Octokit } from "../../../src/github/api/octokit.ts";
import { createLog } from "../../../src/log.ts";
import { ownVersion } from "../../../src/package.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { type Simulated, simulatePullRequest } from "../../../src/simulate/pull-request.ts";

const Unpaced = Octokit.defaults((options: object) => ({
  ...options,
  throttle: { enabled: false },
})) as typeof Octokit;

/** GitHub as the app sees it, with nothing remembered. */
export async function freshClient(sandbox: Sandbox): Promise<GitHubClient> {
  const probot = new Probot({
    appId: sandbox.app.id,
    privateKey: sandbox.app.privateKey,
    secret: sandbox.app.webhookSecret,
    baseUrl: `${sandbox.url}/api/v3`,
    Octokit: Unpaced,
    log: createLog({ level: "silent", format: "json" }),
  });
  await probot.ready();
  return createClients({ probot }).forInstallation(sandbox.installationId);
}

/** What the policy says of what is there now. */
export async function freshVerdict(sandbox: Sandbox, fullName: string, number: number): Promise<Simulated> {
  const [owner = "", repo = ""] = fullName.split("/");
  const client = await freshClient(sandbox);
  const docsUrl = docsUrlOf(ownVersion());
  const simulated = await simulatePullRequest(client, { owner, repo }, number, { policy: null, docsUrl });
  if (!simulated.known) throw new Error(simulated.reason);
  return simulated.value;
}
