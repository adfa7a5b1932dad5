import { parseDuration } from "../config/values.ts";
import { attempt } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { parseFullName } from "../policy/repository.ts";
import type { Scope } from "../report/scope.ts";
import { Misuse } from "./cannot.ts";
import { type Access, Unreachable } from "./person-client.ts";

/** What commands over a history have in common. */
export interface ScopeOptions {
  readonly repo?: string;
  readonly org?: string;
  readonly since: string;
  /** The slug of the app whose checks and post-mortems count. */
  readonly app?: string;
}

/** What was asked for, to be looked up. */
export interface AskedScope {
  /** Milliseconds. */
  readonly span: number;
  /** Throws `Unreachable` where it is not there or may not be read. */
  reach(access: Access): Promise<{ readonly client: GitHubClient; readonly scope: Scope }>;
}

/** The options, checked; `named`: how the command is told of a repository. Throws `Misuse`. */
export function readScope({ repo, org, since, app }: ScopeOptions, named = "--repo owner/name"): AskedScope {
  const span = parseDuration(since);
  if (span === null || span === 0)
    throw new Misuse(
      `--since takes a whole number and a unit of at most 366 days, such as 90d, not "${shown(since)}"`,
    );
  requireApp(app);
  if (repo !== undefined && org !== undefined) throw new Misuse(`${named} and --org exclude each other`);
  if (repo !== undefined) {
    const named = repositoryOf("--repo", repo);
    return {
      span,
      async reach(access) {
        const { client, repo: found, defaultBranch } = await access.repository(named);
        return {
          client: await asApp(client, app),
          scope: { kind: "repository", repo: found, defaultBranch },
        };
      },
    };
  }
  if (org === undefined) throw new Misuse(`say which: ${named}, or --org name`);
  if (!/^[A-Za-z0-9][\w-]{0,99}$/.test(org))
    throw new Misuse(`--org takes the name of an organization, not "${shown(org)}"`);
  return {
    span,
    async reach(access) {
      const { client } = await access.owner(org);
      return { client: await asApp(client, app), scope: { kind: "owner", login: org } };
    },
  };
}

/** `owner/name`; throws `Misuse`. */
export function repositoryOf(
  option: string,
  text: string,
): { readonly owner: string; readonly repo: string } {
  const named = /^[\w-]{1,100}\/[\w.-]{1,100}$/.test(text) ? parseFullName(text) : null;
  if (named === null)
    throw new Misuse(
      `${option} takes owner/name${option === "--repo" ? "" : " or owner/name#12"}, not "${shown(text)}"`,
    );
  return named;
}

/** Throws `Misuse` where it is no name of an app. */
export function requireApp(app: string | undefined): void {
  if (app !== undefined && !/^[\w-]{1,100}$/.test(app))
    throw new Misuse(`--app takes the name in the app's address, such as hotfix-guard, not "${shown(app)}"`);
}

/** The client with the app that was named, where the token does not say which it is. Throws `Unreachable`. */
export async function asApp(client: GitHubClient, slug: string | undefined): Promise<GitHubClient> {
  if (slug === undefined || slug === client.app.slug) return client;
  const found = await attempt(() => client.octokit.rest.apps.getBySlug({ app_slug: slug }));
  if (found.ok) return { ...client, app: { id: Number(found.value.data?.id ?? 0), slug } };
  const { status, reason } = found.failure;
  throw new Unreachable(status === 404 ? `there is no app ${slug}` : `the app ${slug}: ${reason}`);
}

function shown(text: string): string {
  return text.slice(0, 100).replace(/[\p{Cc}\p{Cf}]/gu, "?");
}
