import { readFile } from "node:fs/promises";
import { stripVTControlCharacters } from "node:util";
import { docsUrlOf } from "../app.ts";
import { markdownText } from "../demo/markdown.ts";
import type { Repo } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { asOneMoment } from "../github/api/one-moment.ts";
import { policyOfFile } from "../github/collect/policy.ts";
import { ownVersion } from "../package.ts";
import { fullName } from "../policy/repository.ts";
import type { PolicyReading } from "../policy/verdict.ts";
import { readRepositories } from "../report/repositories.ts";
import { simulationAsHtml } from "../simulate/as-html.ts";
import { simulatedAsJson, simulationAsJson } from "../simulate/as-json.ts";
import { simulatedAsText, simulationAsText } from "../simulate/as-text.ts";
import { type RepositoryHistory, simulateHistory } from "../simulate/history.ts";
import { type Simulated, simulatePullRequest } from "../simulate/pull-request.ts";
import type { Simulation } from "../simulate/simulation.ts";
import { Misuse, refusing } from "./cannot.ts";
import type { Output } from "./output.ts";
import { type Access, accessGitHub, inWordsOf, Unreachable } from "./person-client.ts";
import { put } from "./put.ts";
import { type AskedScope, asApp, readScope, repositoryOf, requireApp } from "./scope-options.ts";
import { requireWritable } from "./write-file.ts";

/** The options of `hotfix-guard simulate`, as commander gives them. */
export interface SimulateOptions {
  readonly config?: string;
  readonly since?: string;
  readonly org?: string;
  readonly app?: string;
  readonly json?: boolean;
  readonly html?: string;
}

const DOCS_URL = docsUrlOf(ownVersion());
const DEFAULT_SINCE = "90d";

/**
 * `hotfix-guard simulate owner/repo#12`: the verdict on a pull request, and `simulate owner/repo`, or
 * `--org`: what the policy would have done to those of a period. Writes nothing on GitHub. Exit status of one
 * pull request 0: it would pass, or is no hotfix; 1: it would not; 2: not everything could be read. Of a
 * history 0. Status 2, with the reason in a line, where the options, the token or GitHub do not allow it.
 */
export function simulateCommand(
  target: string | undefined,
  options: SimulateOptions,
  out: Output,
): Promise<number> {
  return refusing("No simulation", out, async () => {
    if (options.json && options.html !== undefined) throw new Misuse("--json and --html exclude each other");
    if (target === undefined && options.org === undefined)
      throw new Misuse("say which: owner/name#12, owner/name, or --org name");
    const pull = pullRequestOf(target);
    if (pull === null) return simulateMany(target, options, out);
    if (options.since !== undefined || options.org !== undefined || options.html !== undefined)
      throw new Misuse(
        "--since, --org and --html are for a history: leave out the number of the pull request",
      );
    requireApp(options.app);
    const file = await readConfig(options.config);
    const access = accessGitHub();
    const simulated = await simulateOne(access, pull, file, options.app);
    if (!simulated.known) {
      // A repository that is not there looks like a pull request that is not.
      await access.repository(pull.repo);
      throw new Unreachable(inWordsOf(access, simulated.reason));
    }
    out.stdout(options.json ? simulatedAsJson(simulated.value) : asText(simulated.value));
    return STATUS[simulated.value.verdict.wouldBe] ?? 1;
  });
}

const STATUS: Readonly<Record<string, number>> = { success: 0, skipped: 0, neutral: 0, unknown: 2 };

function asText(simulated: Simulated): string {
  const summary = markdownText(simulated.check.summary);
  return simulatedAsText(simulated, process.stdout.isTTY ? summary : stripVTControlCharacters(summary));
}

async function simulateOne(access: Access, { repo, number }: Pull, file: ConfigFile | null, app?: string) {
  const { client } = await access.inside(repo);
  const known = await asApp(client, app);
  const policy = file === null ? null : await policyOf(known, repo, file);
  return simulatePullRequest(known, repo, number, { policy, docsUrl: DOCS_URL });
}

async function simulateMany(
  target: string | undefined,
  { since = DEFAULT_SINCE, org, config, json, html, ...options }: SimulateOptions,
  out: Output,
): Promise<number> {
  if (target !== undefined) repositoryOf("simulate", target);
  const scopes = { ...(target === undefined ? {} : { repo: target }), ...(org === undefined ? {} : { org }) };
  const asked = readScope({ since, ...scopes, ...appOf(options) }, "owner/name");
  if (html !== undefined) await requireWritable(html);
  const file = await readConfig(config);
  const access = accessGitHub();
  const simulation = await gather(access, asked, file, out);
  const text = html === undefined ? simulationAsText(simulation) : simulationAsHtml(simulation);
  await put(json ? simulationAsJson(simulation) : text, html, out);
  return 0;
}

async function gather(
  access: Access,
  asked: AskedScope,
  file: ConfigFile | null,
  out: Output,
): Promise<Simulation> {
  const reached = await asked.reach(access);
  const { scope } = reached;
  const client = asOneMoment(reached.client);
  const until = client.serverTime();
  const since = new Date(until.getTime() - asked.span);
  const repositories = await readRepositories(client, scope, since);
  if (!repositories.known) throw new Unreachable(inWordsOf(access, repositories.reason));
  const histories: RepositoryHistory[] = [];
  const notes: string[] = [];
  for (const repo of repositories.value) {
    const policy = file === null ? null : await policyOf(client, repo, file);
    const name = fullName(repo);
    const history = await simulateHistory(client, repo, {
      since,
      policy,
      docsUrl: DOCS_URL,
      onProgress: (done, of) => progress(out, `${name}: ${done} of ${of} hotfixes`),
    });
    if (history.known) histories.push(history.value);
    else if (scope.kind === "repository") throw new Unreachable(inWordsOf(access, history.reason));
    else notes.push(`${name}: ${inWordsOf(access, history.reason)}`);
  }
  const about = scope.kind === "repository" ? fullName(scope.repo) : scope.login;
  return {
    about,
    kind: scope.kind,
    since: since.toISOString(),
    until: until.toISOString(),
    repositories: histories,
    notes,
  };
}

/** Only where somebody watches. */
function progress(out: Output, text: string): void {
  if (process.stderr.isTTY) out.stderr(`\r\u001b[K${text}`);
}

interface Pull {
  readonly repo: Repo;
  readonly number: number;
}

/** `owner/repo#12`, or its address; `null`: it is neither. */
function pullRequestOf(target: string | undefined): Pull | null {
  const [, repository, number] =
    /^([^#]{1,250})#([1-9]\d{0,8})$/.exec(target ?? "") ??
    /^https?:\/\/[^/]{1,100}\/([^/]{1,100}\/[^/]{1,100})\/pull\/([1-9]\d{0,8})(?:[/?#].*)?$/.exec(
      target ?? "",
    ) ??
    [];
  if (repository === undefined) return null;
  return { repo: repositoryOf("simulate", repository), number: Number(number) };
}

function appOf({ app }: Pick<SimulateOptions, "app">) {
  return app === undefined ? {} : { app };
}

interface ConfigFile {
  readonly file: string;
  readonly bytes: Uint8Array;
}

async function readConfig(file: string | undefined): Promise<ConfigFile | null> {
  if (file === undefined) return null;
  try {
    return { file, bytes: await readFile(file) };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    const reason = code === "ENOENT" ? "there is no such file" : (message.split("\n")[0] ?? "");
    throw new Misuse(`--config: ${file} cannot be read: ${reason}`);
  }
}

async function policyOf(client: GitHubClient, repo: Repo, file: ConfigFile): Promise<PolicyReading> {
  const reading = await policyOfFile(client, repo, file);
  if (reading.state === "unknown") throw new Unreachable(reading.reason);
  if (reading.state === "valid") return reading;
  const [first, ...more] = reading.problems;
  const place = first === undefined ? file.file : `${first.file}:${first.line ?? 1}:${first.column ?? 1}`;
  const others = more.length === 0 ? "" : ` (and ${more.length} more: hotfix-guard validate ${file.file})`;
  throw new Misuse(`${place}: ${first?.key ? `${first.key}: ` : ""}${first?.message}${others}`);
}
