import type { Fact } from "../fact.ts";

/** The app as GitHub knows it; its bot's login is `<slug>[bot]`. */
export interface AppIdentity {
  readonly id: number;
  readonly slug: string;
}

/** Somebody on GitHub. The login is what people read; it can be given up and registered by others. */
export interface Account {
  /** GitHub's number of the account: stays when the login changes. Not set where GitHub did not give it. */
  readonly id?: number;
  readonly login: string;
  readonly type: "User" | "Bot" | "Organization" | "Mannequin";
}

/** What is known of somebody's rights now. */
export interface Person {
  /** Only read where a rule or a role asks for it. */
  readonly access: Fact<Access>;
  /** By team as the configuration writes it: is an active member (child teams included)? */
  readonly teams: Readonly<Record<string, Fact<boolean>>>;
  /** Public profile; only read where names or addresses have to be compared. */
  readonly profile: Fact<{ readonly name: string | null; readonly email: string | null }>;
}

/** Somebody's role in the repository. */
export interface Access {
  /** GitHub's legacy value: admin, write, read or none. */
  readonly permission: string;
  /** The role's name: read, triage, write, maintain, admin, or a custom role. */
  readonly roleName: string;
}

/** Whose account an id and a login name. */
export type AccountName = Pick<Account, "id" | "login">;

/**
 * One account? Told by the ids where both are known: a login can be given up, and registered by somebody
 * else.
 */
export function sameAccount(a: AccountName, b: AccountName): boolean {
  return a.id !== undefined && b.id !== undefined ? a.id === b.id : sameLogin(a.login, b.login);
}

/** GitHub's logins are case-insensitive. */
export function sameLogin(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
