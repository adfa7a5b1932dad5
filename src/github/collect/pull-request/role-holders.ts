import { hasPermission, isPermissionRole, noSuchTeam } from "../../../policy/approval/roles.ts";
import { type Fact, known, mapFact, unknown } from "../../../policy/fact.ts";
import type { Policy, RolePolicy } from "../../../policy/policy.ts";
import { byKey, list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { describeFailure, PER_PAGE, readPages } from "../../api/read.ts";
import { teamOf } from "./people.ts";
import { toCollaborator } from "./people-lists.ts";

/** Who holds each of the roles. Lists that are read for two roles are read once. */
export async function readRoleHolders(
  client: GitHubClient,
  repo: Repo,
  roles: readonly string[],
  policy: Policy,
): Promise<Readonly<Record<string, Fact<readonly string[]>>>> {
  const lists = new Map<string, Promise<Fact<readonly string[]>>>();
  const once = (key: string, load: () => Promise<Fact<readonly string[]>>) => {
    const loading = lists.get(key) ?? load();
    lists.set(key, loading);
    return loading;
  };
  const holders = async (role: RolePolicy): Promise<Fact<readonly string[]>> => {
    if (isPermissionRole(role)) {
      return once(`permission:${role.permission}`, () => collaborators(client, repo, role.permission));
    }
    const teams = await Promise.all(
      role.teams.map((team) => once(`team:${team}`, () => members(client, repo, team))),
    );
    const people = new Map(role.users.map((login) => [login.toLowerCase(), login]));
    for (const team of teams) {
      if (!team.known) return team;
      for (const login of team.value) people.set(login.toLowerCase(), login);
    }
    return known([...people.values()]);
  };
  const named = roles.flatMap((name) => {
    const role = policy.roles[name];
    return role === undefined ? [] : [{ name, role }];
  });
  const facts = await Promise.all(named.map(async ({ name, role }) => [name, await holders(role)] as const));
  return byKey(facts);
}

/** Active members, child teams' included. */
async function members(
  { octokit }: GitHubClient,
  repo: Repo,
  team: string,
): Promise<Fact<readonly string[]>> {
  const { org, slug } = teamOf(team, repo);
  let absent = false;
  const logins = await readPages(`the members of the team ${team}`, async (page) => {
    const { data, headers } = await octokit.rest.teams
      .listMembersInOrg({ org, team_slug: slug, per_page: PER_PAGE, page })
      .catch((error: unknown) => {
        absent = describeFailure(error).status === 404;
        throw error;
      });
    return { data: list(data).map(({ login }) => text(login)), headers };
  });
  return absent ? unknown(noSuchTeam(team)) : logins;
}

/**
 * People with at least this permission. Which way GitHub's own filter reads "permission" is not documented,
 * so this one decides.
 */
async function collaborators(
  { octokit }: GitHubClient,
  repo: Repo,
  least: RolePolicy["permission"],
): Promise<Fact<readonly string[]>> {
  const all = await readPages("who has which permission on the repository", async (page) => {
    const { data, headers } = await octokit.rest.repos.listCollaborators({
      ...repo,
      // Admins are admins either way.
      ...(least === "admin" ? { permission: "admin" as const } : {}),
      per_page: PER_PAGE,
      page,
    });
    return { data: list(data).map(toCollaborator), headers };
  });
  return mapFact(all, (entries) =>
    entries.filter(({ person, access }) => person && hasPermission(access, least)).map(({ login }) => login),
  );
}
