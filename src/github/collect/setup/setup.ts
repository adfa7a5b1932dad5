import { hasPermission } from "../../../policy/approval/roles.ts";
import { type Fact, known } from "../../../policy/fact.ts";
import type { Policy } from "../../../policy/policy.ts";
import { fullName, parseFullName } from "../../../policy/repository.ts";
import type { Reach, SetUpBranch, Setup } from "../../../policy/setup/setup.ts";
import { byKey, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read, readPages } from "../../api/read.ts";
import { GATE_NAME } from "../check/gates.ts";
import { readBypass, readProtection, requirementOf, rulesetsOf } from "../pull-request/branch-rules.ts";
import { readAccess, teamOf } from "../pull-request/people.ts";
import { readRoleHolders } from "../pull-request/role-holders.ts";
import { isAsVisible } from "../visibility.ts";

/** Pull requests whose heads are asked for the app that writes the check. */
const MOST_ASKED = 3;

/**
 * Reads what a configuration leans on. Rejects where the repository itself cannot be read; all else is
 * unknown then.
 */
export async function readSetup(client: GitHubClient, repo: Repo, policy: Policy): Promise<Setup> {
  const { data } = await client.octokit.rest.repos.get({ owner: repo.owner, repo: repo.repo });
  const app = await readApp(client, repo);
  const teams = Object.values(policy.roles).flatMap((role) => role.teams);
  const users = Object.values(policy.roles).flatMap((role) => role.users);
  const names = basesOf(policy, data.default_branch);
  const [branches, teamReach, userReach, holders, postMortems, template, environments, labels] =
    await Promise.all([
      Promise.all(names.map((name) => readBranch(client, repo, name, app))),
      each(teams, (team) => readTeam(client, repo, team)),
      each(users, (user) => readUser(client, repo, user)),
      readRoleHolders(client, repo, Object.keys(policy.roles), policy),
      readPostMortems(client, repo, policy.post_mortem.repository),
      policy.post_mortem.template === null ? null : readTemplate(client, repo, policy.post_mortem.template),
      each(policy.environments, (name) => readEnvironment(client, repo, name, app)),
      readLabels(client, repo),
    ]);
  return {
    repository: fullName(repo),
    hasIssues: data.has_issues !== false,
    archived: data.archived === true,
    app,
    branches,
    teams: teamReach,
    users: userReach,
    holders: byKey(
      Object.entries(holders).map(
        ([name, fact]) => [name, fact.known ? known(fact.value.length) : fact] as const,
      ),
    ),
    postMortems,
    template,
    environments,
    labels,
  };
}

async function each<T>(
  names: readonly string[],
  ask: (name: string) => Promise<T>,
): Promise<Readonly<Record<string, T>>> {
  const distinct = new Map(names.map((name) => [name.toLowerCase(), name]));
  return byKey(await Promise.all([...distinct].map(async ([key, name]) => [key, await ask(name)] as const)));
}

/** The branches that are named; a pattern names none. */
function basesOf({ branches }: Policy, defaultBranch: string): readonly string[] {
  if (branches.base.length === 0) return [defaultBranch];
  return branches.base.filter((glob) => !/[*?[\]{}\\]/.test(glob));
}

/** Who wrote the check last, on the newest pull requests. */
function readApp(client: GitHubClient, repo: Repo): Promise<Setup["app"]> {
  if (client.app.id > 0) return Promise.resolve(known({ id: client.app.id, slug: client.app.slug }));
  return read("who writes the check", async () => {
    const { data } = await client.octokit.rest.pulls.list({ ...repo, state: "all", per_page: MOST_ASKED });
    for (const { head } of list(data)) {
      const runs = await client.octokit.rest.checks.listForRef({
        ...repo,
        ref: head.sha,
        check_name: GATE_NAME,
        per_page: 1,
      });
      const by = runs.data.check_runs[0]?.app;
      if (by) return { id: by.id, slug: text(by.slug) };
    }
    return null;
  });
}

async function readBranch(
  client: GitHubClient,
  repo: Repo,
  name: string,
  app: Setup["app"],
): Promise<SetUpBranch> {
  const there = await read(`the branch ${name}`, () =>
    client.octokit.rest.repos
      .getBranch({ ...repo, branch: name })
      .then(() => true)
      .catch(onStatus([404], false)),
  );
  const absent = { name, mergeQueue: false, reviews: 0 };
  if (!there.known) return { ...absent, exists: true, gate: there };
  if (!there.value) return { ...absent, exists: false, gate: known("unknown") };
  const protection = await readProtection(client, repo, name);
  if (!protection.known) return { ...absent, exists: true, gate: protection };
  const { gates, mergeQueue, reviews } = protection.value;
  const id = app.known && app.value !== null ? app.value.id : client.app.id;
  const gate = requirementOf(gates, id);
  const holds = gate === "pinned" || gate === "any-source";
  const bypassed = holds && (await readBypass(client, repo, rulesetsOf(gates))) === "everybody";
  return { name, exists: true, gate: known(bypassed ? "bypassable" : gate), mergeQueue, reviews };
}

/** A team that GitHub does not show may be secret. */
function readTeam({ octokit }: GitHubClient, repo: Repo, team: string): Promise<Fact<Reach>> {
  const { org, slug } = teamOf(team, repo);
  return read(`the team ${team}`, async (): Promise<Reach> => {
    const there = await octokit.rest.teams.getByName({ org, team_slug: slug }).catch(onStatus([404], null));
    if (there === null) return "missing";
    const answer = await octokit.rest.teams
      .checkPermissionsForRepoInOrg({
        org,
        team_slug: slug,
        ...repo,
        // Without it GitHub answers 204, and says nothing of the role.
        headers: { accept: "application/vnd.github.v3.repository+json" },
      })
      .catch(onStatus([404], null));
    if (answer === null) return "none";
    const { permissions } = (answer.data ?? {}) as { permissions?: { push?: boolean } };
    return permissions === undefined || permissions.push === true ? "write" : "read";
  });
}

async function readUser(client: GitHubClient, repo: Repo, login: string): Promise<Fact<Reach>> {
  const account = await read(`the account ${login}`, () =>
    client.octokit.rest.users
      .getByUsername({ username: login })
      .then(() => true)
      .catch(onStatus([404], false)),
  );
  if (!account.known) return account;
  if (!account.value) return known("missing");
  const access = await readAccess(client, repo, login);
  if (!access.known) return access;
  if (hasPermission(access.value, "write")) return known("write");
  return known(access.value.permission === "none" ? "none" : "read");
}

async function readPostMortems(
  client: GitHubClient,
  repo: Repo,
  name: string | null,
): Promise<Setup["postMortems"]> {
  const there = name === null ? null : parseFullName(name);
  if (there === null) return null;
  const found = await read(`the repository ${name}`, () =>
    client.octokit.rest.repos
      .get({ owner: there.owner, repo: there.repo })
      .catch(onStatus([403, 404, 410, 451], null)),
  );
  if (!found.known) return found;
  if (found.value === null) return known("missing");
  const hidden = await isAsVisible(client, repo, there);
  if (!hidden.known) return hidden;
  const { has_issues, archived } = found.value.data;
  return known({
    moreVisible: hidden.value === false,
    hasIssues: has_issues !== false,
    archived: archived === true,
  });
}

function readTemplate({ octokit }: GitHubClient, repo: Repo, path: string): Promise<Fact<boolean>> {
  return read(`the template ${path}`, () =>
    octokit.rest.repos
      .getContent({ ...repo, path })
      .then(() => true)
      .catch(onStatus([404], false)),
  );
}

function readEnvironment(
  { octokit }: GitHubClient,
  repo: Repo,
  name: string,
  app: Setup["app"],
): Promise<Setup["environments"][string]> {
  return read(`the environment ${name}`, async () => {
    const there = { ...repo, environment_name: name };
    const found = await octokit.rest.repos.getEnvironment(there).catch(onStatus([404], null));
    if (found === null) return "missing";
    const { data } = await octokit.rest.repos.getAllDeploymentProtectionRules(there);
    const slug = app.known ? app.value?.slug : undefined;
    const rules = list(data.custom_deployment_protection_rules).filter(({ enabled }) => enabled);
    return rules.some((rule) => slug === undefined || rule.app?.slug === slug) ? "guarded" : "unguarded";
  });
}

function readLabels({ octokit }: GitHubClient, repo: Repo): Promise<Fact<readonly string[]>> {
  return readPages("the labels", async (page) => {
    const { data, headers } = await octokit.rest.issues.listLabelsForRepo({
      ...repo,
      per_page: PER_PAGE,
      page,
    });
    return { data: list(data).map(({ name }) => name.toLowerCase()), headers };
  });
}
