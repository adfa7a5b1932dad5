import { JANE, JOHN, REPO, RITA } from "../demo/kamiyo.ts";
import type { Role } from "../sandbox/index.ts";

/** Somebody whom a visitor of the playground can act as. */
export interface Member {
  readonly login: string;
  readonly name: string;
  /** As the menu says it. */
  readonly part: string;
  /** On the repository; `null`: none, an outsider. */
  readonly permission: Role | null;
}

export const OMAR = "omar-haddad";
export const MAYA = "maya-chen";
const ALEX = "alex-kim";
const OLGA = "olga-novak";

export const CAST: readonly Member[] = [
  { login: JOHN, name: "John Smith", part: "author of the fix", permission: "write" },
  { login: RITA, name: "Rita Lopez", part: "another engineer", permission: "write" },
  { login: OMAR, name: "Omar Haddad", part: "on-call", permission: "write" },
  { login: JANE, name: "Jane Doe", part: "engineering manager", permission: "write" },
  { login: MAYA, name: "Maya Chen", part: "CTO", permission: "write" },
  { login: ALEX, name: "Alex Kim", part: "administrator", permission: "admin" },
  { login: OLGA, name: "Olga Novak", part: "outsider, no write access", permission: null },
];

/** The member with this login; John where there is none. */
export function memberOf(login: string | undefined): Member {
  return CAST.find((member) => member.login === login) ?? (CAST[0] as Member);
}

/** What people call somebody; the login of others. */
export const nameOf = (login: string): string =>
  CAST.find((member) => member.login === login)?.name ?? login.replace("[bot]", "");

/** Full name of the fork of somebody who has no write access. */
export const forkOf = (login: string): string => `${login}/${REPO.split("/")[1]}`;
