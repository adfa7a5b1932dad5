import { pino } from "pino";
import { Probot } from "probot";
import { parseDuration } from "../config/values.ts";
import { createClients, type GitHubClients, Octokit } from "../github/api/client.ts";
import { read } from "../github/api/read.ts";
import { createLog } from "../log.ts";
import { readReport } from "../report/read.ts";
import { reportJson, reportMarkdown, reportText } from "../report/render.ts";
import { summarize } from "../report/summary.ts";
import type { Output } from "./output.ts";
import { loadSettings } from "./settings.ts";

/** The options of `hotfix-guard report`, as typed: `owner/name`, and a date or a duration. */
export interface ReportOptions {
  readonly repo: string;
  readonly since: string;
  readonly json?: boolean;
  readonly markdown?: boolean;
}

/**
 * `hotfix-guard report`: sums up the post-mortems of a repository, with the app's own credentials. Only
 * reads. Exit status 1, with the reason on standard error, where the options, the settings or GitHub do not
 * allow it.
 */
export async function reportCommand(options: ReportOptions, out: Output): Promise<number> {
  const problem = problemOf(options);
  if (problem !== null) return refused(out, problem);
  // Standard output is the report's.
  const settings = loadSettings(pino.destination({ dest: 2, sync: true }));
  if (settings === null) return 1;
  const { appId, privateKey, webhookSecret: secret, baseUrl } = settings.environment;
  const log = createLog({ level: "fatal", format: "json" }, pino.destination({ dest: 2, sync: true }));
  const probot = new Probot({ appId, privateKey, secret, baseUrl, Octokit, log });
  await probot.ready();
  return report(createClients({ probot }), options, out);
}

/** The command with given clients; the options are valid. */
export async function report(
  clients: GitHubClients,
  { repo: repository, since, json, markdown }: ReportOptions,
  out: Output,
): Promise<number> {
  const [owner = "", repo = ""] = repository.split("/");
  const installation = await read(
    `the installation on ${repository}`,
    async () => {
      const octokit = await clients.asApp();
      const { data } = await octokit.request("GET /repos/{owner}/{repo}/installation", { owner, repo });
      return data.id;
    },
    { notFound: () => null },
  );
  if (!installation.known) return refused(out, installation.reason);
  const { value: id } = installation;
  if (id === null)
    return refused(out, `there is no repository ${repository}, or the app is not installed on it`);
  const client = await read("the app", () => clients.forInstallation(id));
  if (!client.known) return refused(out, client.reason);
  const from = new Date(client.value.serverTime().getTime() - (parseDuration(since) ?? 0));
  const data = await readReport(client.value, { owner, repo }, from);
  if (!data.known) return refused(out, data.reason);
  const { rows, unreadable } = data.value;
  const result = { repository, since: from.toISOString(), summary: summarize(rows), unreadable };
  out.stdout(json ? reportJson(result) : markdown ? reportMarkdown(result) : reportText(result));
  return 0;
}

function problemOf({ repo, since, json, markdown }: ReportOptions): string | null {
  if (!/^[\w-]{1,100}\/[\w.-]{1,100}$/.test(repo)) return `--repo takes owner/name, not "${repo}"`;
  if (parseDuration(since) === null)
    return `--since takes a whole number and a unit of at most 366 days, such as 90d, not "${since}"`;
  if (json && markdown) return "--json and --markdown exclude each other";
  return null;
}

function refused(out: Output, reason: string): number {
  out.stderr(`No report: ${reason}\n`);
  return 1;
}
