import type { RestEndpointMethodTypes } from "@octokit/rest";
import { hasPermission } from "../../../policy/approval/roles.ts";
import type { Access } from "../../../policy/snapshot/account.ts";
import { idOf } from "../../api/account.ts";
import { list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { allPages, describeFailure, type Page, PER_PAGE, TooLong } from "../../api/read.ts";
import { identityOf } from "../../api/repositories.ts";

/**
 * Lists that answer for several people at once. One that has a second page, or is not to be had, is not asked
 * for again for a while: people are then looked up one by one.
 */
const withoutList = remembered<true>("people looked up one by one");

type RawCollaborator = RestEndpointMethodTypes["repos"]["listCollaborators"]["response"]["data"][number];

/** A collaborator, as the list of them has it. */
export interface Collaborator {
  readonly login: string;
  readonly id?: number;
  /** No bot, and no organization. */
  readonly person: boolean;
  readonly access: Access;
}

/**
 * Collaborators with write access, by lower-case login. Whoever is not among them may have it all the same:
 * how GitHub's filter reads "push" is not documented, and a list may not be had.
 */
export async function listWriters(
  client: GitHubClient,
  repo: Repo,
): Promise<ReadonlyMap<string, Collaborator>> {
  const { repos } = client.octokit.rest;
  const rows = await onePage(client, `${identityOf(client, repo)} writers`, async (page) => {
    const asked = { ...repo, permission: "push", per_page: PER_PAGE, page } as const;
    const { data, headers } = await repos.listCollaborators(asked);
    return { data: list(data).map(toCollaborator), headers };
  });
  const writers = (rows ?? []).filter(({ access }) => hasPermission(access, "write"));
  return new Map(writers.map((one) => [one.login.toLowerCase(), one]));
}

/**
 * The members of a team, child teams' included, by lower-case login; `null`: they are looked up one by one.
 */
export async function listMembers(
  client: GitHubClient,
  org: string,
  slug: string,
): Promise<ReadonlySet<string> | null> {
  const { teams } = client.octokit.rest;
  const logins = await onePage(client, `${org}/${slug} members`.toLowerCase(), async (page) => {
    // As `role-holders.ts` asks for it: where that was read before, this is a 304.
    const asked = { org, team_slug: slug, per_page: PER_PAGE, page };
    const { data, headers } = await teams.listMembersInOrg(asked);
    return { data: list(data).map(({ login }) => text(login).toLowerCase()), headers };
  });
  return logins === null ? null : new Set(logins);
}

/** All of a list that fits on a page; else `null`, as where it cannot be read. Never rejects. */
async function onePage<T>(
  client: GitHubClient,
  key: string,
  load: (page: number) => Promise<Page<T>>,
): Promise<readonly T[] | null> {
  if (withoutList(client).has(key)) return null;
  try {
    return await allPages(load, 1);
  } catch (error) {
    const { status, rateLimited } = describeFailure(error);
    const lasts = error instanceof TooLong || (!rateLimited && (status === 403 || status === 404));
    if (lasts) withoutList(client).set(key, true);
    return null;
  }
}

/** The access as the look-up of one person has it: `permission` knows no maintain and no triage. */
export function toCollaborator(raw: RawCollaborator): Collaborator {
  const has = (name: "admin" | "maintain" | "push" | "triage") => raw.permissions?.[name] === true;
  const permission = has("admin") ? "admin" : has("push") ? "write" : "read";
  const finer = permission === "write" && has("maintain") ? "maintain" : permission;
  return {
    ...idOf(raw),
    login: text(raw.login),
    person: raw.type === undefined || raw.type === "User",
    // Older servers do not name the role.
    access: {
      permission,
      roleName: raw.role_name ?? (permission === "read" && has("triage") ? "triage" : finer),
    },
  };
}
