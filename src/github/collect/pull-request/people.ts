import type { PersonNeed } from "../../../policy/approval/needs.ts";
import { noSuchTeam } from "../../../policy/approval/roles.ts";
import { type Fact, known, unknown } from "../../../policy/fact.ts";
import type { Access, Person } from "../../../policy/snapshot/account.ts";
import { idOf } from "../../api/account.ts";
import { byKey, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import { type Collaborator, listMembers, listWriters } from "./people-lists.ts";

const NOT_ASKED = unknown("not asked for");

/**
 * Reads what is needed of people, remembering what it has read: a later need for more costs only the rest.
 */
export interface PeopleReader {
  /** By lower-case login: everybody asked for until now. */
  people(): Readonly<Record<string, Person>>;
  /** Resolves to whether anything had to be read. Never rejects. */
  read(needs: readonly PersonNeed[]): Promise<boolean>;
}

/**
 * Reads people of one repository, each fact once. Of several who are asked for together one list tells, and
 * once it is read, of whoever is asked for later too.
 */
export function peopleReader(client: GitHubClient, repo: Repo): PeopleReader {
  const people = new Map<string, Person>();
  const kept: KeptLists = { writers: undefined, members: new Map() };
  /** Of which account the access was read: a login may be another's since. */
  const accounts = new Map<string, number | undefined>();
  const readable = new Map<string, Promise<Fact<true>>>();

  /** What of a need was not read before, of another account included. */
  function missing({ login, id, access, teams, profile }: PersonNeed) {
    const key = login.toLowerCase();
    const former = people.get(key) ?? { access: NOT_ASKED, teams: byKey([]), profile: NOT_ASKED };
    const isOther = id !== undefined && accounts.has(key) && accounts.get(key) !== id;
    return {
      former,
      access: access && (former.access === NOT_ASKED || isOther),
      teams: teams.filter((team) => former.teams[team] === undefined),
      profile: profile && former.profile === NOT_ASKED,
    };
  }

  async function readOne(need: PersonNeed, lists: PeopleLists): Promise<boolean> {
    const key = need.login.toLowerCase();
    const { former, access, teams, profile } = missing(need);
    if (access) accounts.set(key, need.id);
    const [newAccess, newProfile, ...memberships] = await Promise.all([
      access ? readAccessBy(lists, need) : former.access,
      profile ? readProfile(client, need.login) : former.profile,
      ...teams.map(async (team) => [team, await readMembership(lists, team, need.login)] as const),
    ]);
    people.set(key, {
      access: newAccess,
      profile: newProfile,
      teams: byKey([...Object.entries(former.teams), ...memberships]),
    });
    return access || profile || teams.length > 0;
  }

  async function readAccessBy({ writers }: PeopleLists, { login, id }: PersonNeed): Promise<Fact<Access>> {
    const writer = (await writers())?.get(login.toLowerCase());
    const isSame = id === undefined || writer?.id === undefined || writer.id === id;
    return writer !== undefined && isSame ? known(writer.access) : readAccess(client, repo, login, id);
  }

  /**
   * Active membership, child teams included. That somebody is not in a team is only known where the team can
   * be read.
   */
  async function readMembership(
    { membersOf }: PeopleLists,
    team: string,
    login: string,
  ): Promise<Fact<boolean>> {
    const members = await membersOf(team);
    if (members !== null) return known(members.has(login.toLowerCase()));
    const { org, slug } = teamOf(team, repo);
    const member = await read(`whether ${login} is in the team ${team}`, async () => {
      const answer = await client.octokit.rest.teams
        .getMembershipForUserInOrg({ org, team_slug: slug, username: login })
        .catch(onStatus([404], null));
      return answer === null ? null : text(answer.data.state) === "active";
    });
    if (!member.known) return member;
    if (member.value !== null) return known(member.value);
    const reading = readable.get(team) ?? readTeam(client, repo, team);
    readable.set(team, reading);
    const canBeRead = await reading;
    return canBeRead.known ? known(false) : canBeRead;
  }

  return {
    people: () => byKey(people),
    async read(needs) {
      const all = needs.map(missing);
      const lists = listsFor(
        client,
        repo,
        kept,
        all.filter(({ access }) => access).length,
        all.flatMap(({ teams }) => teams),
      );
      const asked = await Promise.all(needs.map((need) => readOne(need, lists)));
      return asked.includes(true);
    },
  };
}

/** Each read when it is first asked for; `null`: people are looked up one by one. */
interface PeopleLists {
  writers(): Promise<ReadonlyMap<string, Collaborator> | null>;
  membersOf(team: string): Promise<ReadonlySet<string> | null>;
}

/** Lists that were read for somebody already. */
interface KeptLists {
  writers: Promise<ReadonlyMap<string, Collaborator>> | undefined;
  readonly members: Map<string, Promise<ReadonlySet<string> | null>>;
}

/** For `accesses` people, and the teams that they may be in: a list where it saves a request. */
function listsFor(
  client: GitHubClient,
  repo: Repo,
  kept: KeptLists,
  accesses: number,
  teams: readonly string[],
): PeopleLists {
  return {
    async writers() {
      if (accesses < 2 && kept.writers === undefined) return null;
      kept.writers ??= listWriters(client, repo);
      return kept.writers;
    },
    async membersOf(team) {
      const read = kept.members.get(team);
      if (read !== undefined) return read;
      if (teams.filter((one) => one === team).length < 2) return null;
      const { org, slug } = teamOf(team, repo);
      const members = listMembers(client, org, slug);
      kept.members.set(team, members);
      return members;
    },
  };
}

/** A team as the configuration writes it: a slug of the owner's, or `org/slug`. */
export function teamOf(team: string, repo: Repo): { readonly org: string; readonly slug: string } {
  const [org, slug] = team.split("/", 2);
  return slug === undefined ? { org: repo.owner, slug: team } : { org: org ?? repo.owner, slug };
}

async function readTeam({ octokit }: GitHubClient, repo: Repo, team: string): Promise<Fact<true>> {
  const { org, slug } = teamOf(team, repo);
  const there = await read(`the team ${team} cannot be read`, () =>
    octokit.rest.teams
      .getByName({ org, team_slug: slug })
      .then(() => true)
      .catch(onStatus([404], false)),
  );
  if (!there.known) return there;
  return there.value ? known(true) : unknown(noSuchTeam(team));
}

const NO_ACCESS: Access = { permission: "none", roleName: "none" };

/**
 * Somebody without access, or whose account is gone, has the permission `none`; so has the account `id` where
 * the login is another account's by now.
 */
export function readAccess(
  { octokit }: GitHubClient,
  repo: Repo,
  username: string,
  id?: number,
): Promise<Fact<Access>> {
  return read(`the permission of ${username} on the repository`, async () => {
    const answer = await octokit.rest.repos
      .getCollaboratorPermissionLevel({ ...repo, username })
      .catch(onStatus([404], null));
    if (answer === null) return NO_ACCESS;
    const { id: present } = idOf(answer.data.user);
    if (id !== undefined && present !== undefined && id !== present) return NO_ACCESS;
    const permission = text(answer.data.permission);
    // Older servers do not name the role.
    return { permission, roleName: (answer.data.role_name as string | undefined) ?? permission };
  });
}

function readProfile({ octokit }: GitHubClient, username: string): Promise<Person["profile"]> {
  return read(`the profile of ${username}`, async () => {
    const answer = await octokit.rest.users.getByUsername({ username }).catch(onStatus([404], null));
    if (answer === null) return { name: null, email: null };
    return { name: answer.data.name ?? null, email: answer.data.email ?? null };
  });
}
