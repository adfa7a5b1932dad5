import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../../src/config/index.ts";
import { peopleReader } from "../../../../src/github/collect/pull-request/people.ts";
import { readRoleHolders } from "../../../../src/github/collect/pull-request/role-holders.ts";
import { noSuchTeam } from "../../../../src/policy/approval/roles.ts";
import { known } from "../../../../src/policy/fact.ts";
import { FAULTS, withoutNetwork } from "../../../support/nock-github.ts";
import { type Answer, REPO, ROOT, user, world } from "../world.ts";

withoutNetwork();

const TEAM = "/orgs/kamiyo/teams/managers";
const need = (login: string, more: object = {}) => ({
  login,
  access: false,
  teams: [],
  profile: false,
  ...more,
});

describe("access", () => {
  async function access(id: number | undefined, answer: Answer) {
    const { client } = world({ [`${ROOT}/collaborators/jane/permission`]: answer });
    const reader = peopleReader(client, REPO);
    await reader.read([need("jane", { access: true, ...(id === undefined ? {} : { id }) })]);
    return reader.people().jane?.access;
  }
  const writer = { permission: "write", role_name: "write", user: { login: "jane", id: 5 } };
  const NONE = known({ permission: "none", roleName: "none" });

  test("of the account that was asked for", async () => {
    expect(await access(5, writer)).toEqual(known({ permission: "write", roleName: "write" }));
    expect(await access(undefined, writer)).toEqual(known({ permission: "write", roleName: "write" }));
  });

  test("of a login that is another account's by now: none", async () => {
    expect(await access(4, writer)).toEqual(NONE);
  });

  test("of an account that is gone: none", async () => {
    expect(await access(5, { fault: "404" })).toEqual(NONE);
  });
});

describe("membership", () => {
  async function membership(answers: Record<string, Answer>, team = "managers", login = "jane") {
    const { client, requests } = world(answers);
    const reader = peopleReader(client, REPO);
    await reader.read([need(login, { teams: [team] })]);
    return { fact: reader.people()[login]?.teams[team], requests };
  }
  const of = `${TEAM}/memberships/jane`;

  test.each([
    ["active", { state: "active", role: "member" }, true],
    ["pending", { state: "pending", role: "member" }, false],
  ])("%s", async (_state, answer, expected) => {
    const { fact, requests } = await membership({ [of]: answer });
    expect(fact).toEqual(known(expected));
    expect(requests).toHaveLength(1);
  });

  test("none, in a team that can be read", async () => {
    expect((await membership({ [of]: { fault: "404" }, [TEAM]: { slug: "managers" } })).fact).toEqual(
      known(false),
    );
  });

  test.each(FAULTS)("none, in a team that cannot be read: %s", async (fault) => {
    const { fact } = await membership({ [of]: { fault: "404" }, [TEAM]: { fault } });
    expect(fact).toMatchObject({
      known: false,
      reason: expect.stringContaining(
        fault === "404" ? noSuchTeam("managers") : "the team managers cannot be read: GitHub",
      ),
    });
  });

  test.each(FAULTS.filter((fault) => fault !== "404"))("that cannot be read: %s", async (fault) => {
    const { fact } = await membership({ [of]: { fault }, [TEAM]: { slug: "managers" } });
    expect(fact).toMatchObject({
      known: false,
      reason: expect.stringContaining("whether jane is in the team managers"),
    });
  });

  test("of another organization's team, and of a team and a person with an awkward name", async () => {
    const other = { "/orgs/other/teams/x/memberships/jane": { state: "active" } };
    expect((await membership(other, "other/x")).fact).toEqual(known(true));
    const odd = { "/orgs/kamiyo/teams/constructor/memberships/constructor": { state: "active" } };
    expect((await membership(odd, "constructor", "constructor")).fact).toEqual(known(true));
    expect(peopleReader(world({}).client, REPO).people().constructor).toBeUndefined();
  });

  test("whether a team can be read is asked once", async () => {
    const { client, requests } = world({
      [of]: { fault: "404" },
      [`${TEAM}/memberships/rita`]: { fault: "404" },
      [TEAM]: { slug: "managers" },
    });
    await peopleReader(client, REPO).read([
      need("jane", { teams: ["managers"] }),
      need("rita", { teams: ["managers"] }),
    ]);
    expect(requests.filter((path) => path === TEAM)).toHaveLength(1);
  });
});

describe("several people are asked for together", () => {
  const LIST = `${ROOT}/collaborators`;
  const one = (login: string, role: string, more: object = {}) => ({
    ...user(login),
    role_name: role,
    permissions: { push: true, maintain: role === "maintain", admin: role === "admin" },
    ...more,
  });
  const alone = (login: string) => `${LIST}/${login}/permission`;
  async function accesses(
    list: Answer,
    singles: Record<string, Answer> = {},
    ids: Record<string, number> = {},
  ) {
    const { client, requests } = world({ [LIST]: list, ...singles });
    const read = async () => {
      const reader = peopleReader(client, REPO);
      await reader.read(
        ["jane", "rita"].map((login) =>
          need(login, { access: true, ...(ids[login] === undefined ? {} : { id: ids[login] }) }),
        ),
      );
      return Object.fromEntries(
        Object.entries(reader.people()).map(([login, { access }]) => [login, access]),
      );
    };
    return { people: await read(), asked: requests.map((path) => path.split("?")[0]), read, requests };
  }
  const WRITE = known({ permission: "write", roleName: "write" });

  test("one list tells of all whom it shows", async () => {
    const { people, requests } = await accesses([one("Jane", "admin"), one("rita", "maintain")]);
    expect(people).toEqual({
      jane: known({ permission: "admin", roleName: "admin" }),
      rita: known({ permission: "write", roleName: "maintain" }),
    });
    expect(requests).toEqual([`${LIST}?permission=push&per_page=100&page=1`]);
  });

  test("whom it does not show is asked for alone: what the filter leaves out is not documented", async () => {
    const singles = { [alone("rita")]: { permission: "write", role_name: "write", user: user("rita") } };
    const { people, asked } = await accesses([one("jane", "write")], singles);
    expect([people, asked]).toEqual([{ jane: WRITE, rita: WRITE }, [LIST, alone("rita")]]);
  });

  test("whom it shows without write access is asked for alone, too", async () => {
    const reads = { role_name: "read", permissions: { pull: true } };
    const singles = { [alone("rita")]: { permission: "read", role_name: "read", user: user("rita") } };
    const { people, asked } = await accesses([one("jane", "write"), { ...user("rita"), ...reads }], singles);
    expect(people.rita).toEqual(known({ permission: "read", roleName: "read" }));
    expect(asked).toEqual([LIST, alone("rita")]);
  });

  test("a login that is another account's by now has no access", async () => {
    const singles = {
      [alone("rita")]: { permission: "write", role_name: "write", user: { login: "rita", id: 5 } },
    };
    const ids = { jane: user("jane").id, rita: 4 };
    const { people } = await accesses([one("jane", "write"), one("rita", "write", { id: 5 })], singles, ids);
    expect(people).toEqual({ jane: WRITE, rita: known({ permission: "none", roleName: "none" }) });
  });

  const SINGLES = Object.fromEntries(
    ["jane", "rita"].map((login) => [
      alone(login),
      { permission: "write", role_name: "write", user: user(login) },
    ]),
  );

  test.each(FAULTS)("a list that is not to be had says nothing of anybody: %s", async (fault) => {
    const { people } = await accesses({ fault }, SINGLES);
    expect(people).toEqual({ jane: WRITE, rita: WRITE });
  });

  test("one of several pages is not asked for again: all are looked up one by one", async () => {
    const paged = { paged: Array.from({ length: 101 }, (_, i) => one(`writer-${i}`, "write")) };
    const { people, read, requests } = await accesses(paged, SINGLES);
    expect(people).toEqual({ jane: WRITE, rita: WRITE });
    const before = requests.length;
    expect(await read()).toEqual(people);
    expect([before, requests.length - before]).toEqual([3, 2]);
  });

  test("a list that was read tells of whoever is asked for later; who is not on it is asked for alone", async () => {
    const singles = { [alone("omar")]: { permission: "read", role_name: "read", user: user("omar") } };
    const lists = {
      [LIST]: [one("jane", "write"), one("rita", "write"), one("john", "write")],
      [`${TEAM}/members`]: [user("Jane")],
    };
    const { client, requests } = world({ ...lists, ...singles });
    const reader = peopleReader(client, REPO);
    const asks = { access: true, teams: ["managers"] };
    await reader.read(["jane", "rita"].map((login) => need(login, asks)));
    expect(await reader.read([need("john", asks)])).toBe(true);
    const before = requests.length;
    await reader.read([need("omar", asks)]);
    const { john, omar } = reader.people();
    expect([john?.access, john?.teams.managers, before]).toEqual([WRITE, known(false), 2]);
    expect([omar?.access, requests.length]).toEqual([known({ permission: "read", roleName: "read" }), 3]);
  });

  test("one list tells who is in a team, and who is not", async () => {
    const { client, requests } = world({ [`${TEAM}/members`]: [user("Jane")] });
    const reader = peopleReader(client, REPO);
    await reader.read(["jane", "rita"].map((login) => need(login, { teams: ["managers"] })));
    const { jane, rita } = reader.people();
    expect([jane?.teams.managers, rita?.teams.managers]).toEqual([known(true), known(false)]);
    expect(requests).toHaveLength(1);
  });
});

test("a later need costs only what was not read before", async () => {
  const { client, requests } = world({
    [`${ROOT}/collaborators/Jane/permission`]: { permission: "write" },
    "/users/Jane": { name: "Jane Doe", email: null },
  });
  const reader = peopleReader(client, REPO);
  expect(await reader.read([need("Jane", { access: true })])).toBe(true);
  expect(await reader.read([need("Jane", { access: true })])).toBe(false);
  expect(await reader.read([need("Jane", { access: true, profile: true })])).toBe(true);
  expect(requests).toHaveLength(2);
  expect({ ...reader.people().jane, teams: {} }).toEqual({
    access: known({ permission: "write", roleName: "write" }),
    teams: {},
    profile: known({ name: "Jane Doe", email: null }),
  });
});

test("a deleted account has no profile, which is known", async () => {
  const { client } = world({ "/users/gone": { fault: "404" } });
  const reader = peopleReader(client, REPO);
  await reader.read([need("gone", { profile: true })]);
  expect(reader.people().gone?.profile).toEqual(known({ name: null, email: null }));
});

describe("holders of a role", () => {
  const policy = {
    ...defaultPolicy(),
    roles: {
      listed: { teams: ["managers"], users: ["Jane", "bob"], permission: "admin" },
      writers: { teams: [], users: [], permission: "write" },
      maintainers: { teams: [], users: [], permission: "maintain" },
    } as const,
  };

  test("members of the teams and listed people, each once", async () => {
    const { client } = world({ [`${TEAM}/members`]: [user("jane"), user("rita")] });
    const holders = await readRoleHolders(client, REPO, ["listed", "unheard-of"], policy);
    expect({ ...holders }).toEqual({ listed: known(["jane", "bob", "rita"]) });
  });

  test.each(FAULTS)("a team that cannot be read makes the role unknown: %s", async (fault) => {
    const { client } = world({ [`${TEAM}/members`]: { fault } });
    const holders = await readRoleHolders(client, REPO, ["listed"], policy);
    expect(holders.listed).toMatchObject({
      known: false,
      reason: expect.stringContaining(fault === "404" ? noSuchTeam("managers") : "the members of the team"),
    });
  });

  test("by permission: people with at least that, all pages", async () => {
    const permissions = (...names: string[]) => ({
      permissions: Object.fromEntries(names.map((name) => [name, true])),
    });
    const many = Array.from({ length: 150 }, (_, i) => ({ ...user(`reader${i}`), role_name: "read" }));
    const { client } = world({
      [`${ROOT}/collaborators`]: {
        paged: [
          ...many,
          { ...user("admin"), role_name: "admin" },
          { ...user("custom"), role_name: "releaser", ...permissions("pull", "push") },
          { ...user("maintainer"), ...permissions("pull", "triage", "push", "maintain") },
          { ...user("triager"), ...permissions("pull", "triage") },
          { ...user("robot", "Bot"), role_name: "admin" },
        ],
      },
    });
    const holders = await readRoleHolders(client, REPO, ["writers", "maintainers"], policy);
    expect(holders.writers).toEqual(known(["admin", "custom", "maintainer"]));
    expect(holders.maintainers).toEqual(known(["admin", "maintainer"]));
  });
});
