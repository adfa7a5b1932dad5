import { parseDuration } from "../config/values.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { parseFullName } from "../github/api/repositories.ts";
import type { Scope } from "../report/scope.ts";
import { Misuse } from "./cannot.ts";
import type { Access } from "./person-client.ts";

/** What commands over a history have in common. */
export interface ScopeOptions {
  readonly repo?: string;
  readonly org?: string;
  readonly since: string;
  /** The slug of the app whose checks and post-mortems count. */
  readonly app?: string;
}

export interface AskedScope {
  /** Milliseconds. */
  readonly span: number;
  /** Throws `Unreachable` where it is not there or may not be read. */
  reach(access: Access): Promise<{ readonly client: GitHubClient; readonly scope: Scope }>;
}

/** The options, checked. Throws `Misuse`. */
export function readScope({ repo, org, since, app }: ScopeOptions): AskedScope {
  const span = parseDuration(since);
  if (span === null || span === 0)
    throw new Misuse(
      `--since takes a whole number and a unit of at most 366 days, such as 90d, not "${shown(since)}"`,
    );
  if (app !== undefined && !/^[\w-]{1,100}$/.test(app))
    throw new Misuse(`--app takes the name in the app's address, such as hotfix-guard, not "${shown(app)}"`);
  if (repo !== undefined && org !== undefined) throw new Misuse("--repo and --org exclude each other");
  if (repo !== undefined) {
    const named = repositoryOf("--repo", repo);
    return {
      span,
      async reach(access) {
        const { client, repo: found, defaultBranch } = await access.repository(named);
        return { client: asApp(client, app), scope: { kind: "repository", repo: found, defaultBranch } };
      },
    };
  }
  if (org === undefined) throw new Misuse("say which: --repo owner/name, or --org name");
  if (!/^[A-Za-z0-9][\w-]{0,99}$/.test(org))
    throw new Misuse(`--org takes the name of an organization, not "${shown(org)}"`);
  return {
    span,
    async reach(access) {
      const { client } = await access.owner(org);
      return { client: asApp(client, app), scope: { kind: "owner", login: org } };
    },
  };
}

/** `owner/name`; throws `Misuse`. */
export function repositoryOf(
  option: string,
  text: string,
): { readonly owner: string; readonly repo: string } {
  const named = /^[\w-]{1,100}\/[\w.-]{1,100}$/.test(text) ? parseFullName(text) : null;
  if (named === null) throw new Misuse(`${option} takes owner/name, not "${shown(text)}"`);
  return named;
}

/** With the app that was named, where the token does not say which it is. */
function asApp(client: GitHubClient, slug: string | undefined): GitHubClient {
  return slug === undefined
    ? client
    : { ...client, app: { id: slug === client.app.slug ? client.app.id : 0, slug } };
}

function shown(text: string): string {
  return text.slice(0, 100).replace(/[\p{Cc}\p{Cf}]/gu, "?");
}
