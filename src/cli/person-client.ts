import { pino } from "pino";
import { Probot } from "probot";
import { gitHubAddress } from "../environment/addresses.ts";
import type { Environment } from "../environment.ts";
import { readEnvironment } from "../environment.ts";
import { attempt, type Repo } from "../github/api/answer.ts";
import { createClients, type GitHubClient, type GitHubClients } from "../github/api/client.ts";
import { createExclusively } from "../github/api/exclusively.ts";
import { Octokit } from "../github/api/octokit.ts";
import type { Failure } from "../github/api/read.ts";
import { createLog } from "../log.ts";
import { fullName } from "../policy/repository.ts";
import { loadFile } from "./settings.ts";

/** Why a command cannot do its work on GitHub: one line for people. Exit status 2. */
export class Unreachable extends Error {
  override name = "Unreachable";
}

/** GitHub as whoever runs a command may see it: by their own token, else by the app's key. */
export interface Access {
  readonly by: "person" | "app";
  /**
   * A client for that repository, and the repository's present name. Throws `Unreachable` where it is not
   * there or may not be read.
   */
  repository(repo: Repo): Promise<Reached & { readonly repo: Repo; readonly defaultBranch: string }>;
  /** A client for what is in that repository, which is not looked at. Throws `Unreachable`. */
  inside(repo: Repo): Promise<Reached>;
  /** A client for all that is visible of that organization or account. Throws `Unreachable`. */
  owner(login: string): Promise<Reached>;
}

/** What an access has led to. */
export interface Reached {
  /**
   * By a person's token `client.app` is nobody's (no slug), since a token does not say which app is the gate,
   * and `installationId` is 0.
   */
  readonly client: GitHubClient;
}

/** Where tokens are looked for, as `gh` does; those for an Enterprise Server first where there is one. */
const TOKENS = ["GH_TOKEN", "GITHUB_TOKEN"];
const ENTERPRISE_TOKENS = ["GH_ENTERPRISE_TOKEN", "GITHUB_ENTERPRISE_TOKEN", ...TOKENS];

/**
 * Who a command acts as. A file `.env` is read too; a token wins over the app's key. Throws `Unreachable`
 * where there is neither, or a setting is invalid.
 */
export function accessGitHub(): Access {
  const file = loadFile();
  if (typeof file === "object")
    throw new Unreachable(`the file .env is there and cannot be read (${file.code})`);
  const { env } = process;
  const names = env.GHE_HOST ? ENTERPRISE_TOKENS : TOKENS;
  const name = names.find((one) => (env[one] ?? "").trim() !== "");
  if (name !== undefined) {
    const address = gitHubAddress(env);
    if ("problem" in address) throw new Unreachable(address.problem);
    return byToken({ name, token: (env[name] ?? "").trim(), baseUrl: address.baseUrl });
  }
  if (!env.APP_ID && !env.PRIVATE_KEY && !env.PRIVATE_KEY_PATH)
    throw new Unreachable(
      'there is no token: set GH_TOKEN (GH_TOKEN="$(gh auth token)" takes yours), or the settings of the app',
    );
  const reading = readEnvironment(env);
  if (!reading.ok) {
    const [first] = reading.problems;
    throw new Unreachable(`${first?.variable} ${first?.what}. ${first?.fix} Or set GH_TOKEN instead.`);
  }
  return byApp(reading.environment);
}

/** Standard output is the command's own. */
function quiet() {
  return createLog({ level: "silent", format: "json" }, pino.destination({ dest: 2, sync: true }));
}

interface Token {
  /** The variable that it stands in. */
  readonly name: string;
  readonly token: string;
  readonly baseUrl: string;
}

function byToken({ name, token, baseUrl }: Token): Access {
  const host = new URL(baseUrl).host;
  if (!/^[\x21-\x7e]+$/.test(token)) throw new Unreachable(`${name} holds no token`);
  const octokit = new Octokit({ auth: { token }, baseUrl, log: quiet() });
  let clockOffsetMs = 0;
  octokit.hook.after("request", ({ headers }) => {
    const date = Date.parse(headers.date ?? "");
    if (!Number.isNaN(date)) clockOffsetMs = date - Date.now();
  });
  const client: GitHubClient = {
    octokit,
    app: { id: 0, slug: "" },
    installationId: 0,
    serverTime: () => new Date(Date.now() + clockOffsetMs),
    permits: async () => false,
    exclusively: createExclusively(),
  };
  const words = { host, who: `the token in ${name}`, credentials: `the token in ${name}` };
  return {
    by: "person",
    async repository({ owner, repo }) {
      const found = await attempt(() => octokit.rest.repos.get({ owner, repo }));
      if (!found.ok) throw new Unreachable(reasonOf(found.failure, `the repository ${owner}/${repo}`, words));
      return { client, ...settled(found.value.data) };
    },
    inside: async () => ({ client }),
    async owner(login) {
      const found = await attempt(() => octokit.rest.users.getByUsername({ username: login }));
      if (!found.ok) throw new Unreachable(reasonOf(found.failure, `the organization ${login}`, words));
      return { client };
    },
  };
}

function byApp({ appId, privateKey, webhookSecret: secret, baseUrl }: Environment): Access {
  const probot = new Probot({ appId, privateKey, secret, baseUrl, Octokit, log: quiet() });
  const words = { host: new URL(baseUrl).host, who: "the app", credentials: "APP_ID and PRIVATE_KEY" };
  async function reach<T>(what: string, ask: (clients: GitHubClients) => Promise<T>): Promise<T> {
    await probot.ready();
    const found = await attempt(() => ask(createClients({ probot })));
    if (!found.ok) throw new Unreachable(reasonOf(found.failure, what, words));
    return found.value;
  }
  const inside = ({ owner, repo }: Repo) =>
    reach(`the repository ${owner}/${repo}`, async (clients) => {
      const octokit = await clients.asApp();
      const { data } = await octokit.rest.apps.getRepoInstallation({ owner, repo });
      return { client: await clients.forInstallation(data.id) };
    });
  return {
    by: "app",
    inside,
    async repository(repo) {
      const { client } = await inside(repo);
      const { data } = await reach(`the repository ${fullName(repo)}`, () =>
        client.octokit.rest.repos.get({ ...repo }),
      );
      return { client, ...settled(data) };
    },
    owner: (login) =>
      reach(`the organization ${login}`, async (clients) => {
        const octokit = await clients.asApp();
        const { data } = await octokit.rest.apps.getOrgInstallation({ org: login });
        return { client: await clients.forInstallation(data.id) };
      }),
  };
}

function settled(data: {
  readonly owner: { readonly login: string };
  readonly name: string;
  readonly default_branch: string;
}) {
  return { repo: { owner: data.owner.login, repo: data.name }, defaultBranch: data.default_branch };
}

/** What a failed request means to whoever typed the command. */
function reasonOf(
  { status, rateLimited, reason }: Failure,
  what: string,
  { host, who, credentials }: Readonly<Record<"host" | "who" | "credentials", string>>,
): string {
  if (status === null) return `${reason} (${host})`;
  if (rateLimited) return reason;
  if (status === 401)
    return `GitHub did not accept ${credentials} (${host}): expired, revoked, or another server's`;
  if (status === 404)
    return who === "the app"
      ? `${what} does not exist on ${host}, or the app is not installed there`
      : `${what} does not exist on ${host}, or ${who} cannot see it`;
  if (status === 403 || status === 451)
    return `${who} may not read ${what}: it lacks permission, or the organization has not authorized it`;
  return `${what}: ${reason} (${host})`;
}

/** A reason as `read` gives it, in the words of whoever's token it was. */
export function inWordsOf({ by }: Access, reason: string): string {
  return by === "app"
    ? reason
    : reason
        .replace("the app's credentials were not accepted", "the token was not accepted")
        .replace("the app is not allowed to", "the token is not allowed to");
}
