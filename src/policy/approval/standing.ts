import { type Fact, known } from "../fact.ts";
import type { Policy } from "../policy.ts";
import type { Account } from "../snapshot/account.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { notNewerThan, type Threshold } from "./arrival.ts";
import type { Involvement, InvolvementOf } from "./reading.ts";
import { firstRoleHeld, writeAccess } from "./roles.ts";

/** Why somebody's word is not counted, whether it is an approval or an override. */
export type StandingRefusal =
  | "actor-gone"
  | "not-a-person"
  | "not-in-role"
  | "no-write-access"
  | Involvement
  | Threshold["refusal"];

/** Somebody's approval or override, and what it takes to count. */
export interface Word {
  readonly actor: Account | null;
  /** When it was given. */
  readonly at: string;
  /** Any of these roles gives the right to it. */
  readonly roles: readonly string[];
}

/** Whether somebody's word counts: as which role, or why not. */
export type Standing =
  | { readonly counts: true; readonly login: string; readonly role: string }
  | { readonly counts: false; readonly refusal: StandingRefusal };

/**
 * Section 5, rules 2 to 5, for one person's word: a person, holding the role and write access now, not
 * involved in the change, after all of `limits`. A certain "no" is said even while other facts are unknown;
 * "yes" only when all are known.
 */
export function standing(
  word: Word,
  snapshot: PullRequestSnapshot,
  policy: Policy,
  limits: Fact<readonly Threshold[]>,
  involved: InvolvementOf,
): Fact<Standing> {
  const no = (refusal: StandingRefusal): Fact<Standing> => known({ counts: false, refusal });
  if (word.actor === null) return no("actor-gone");
  if (word.actor.type !== "User") return no("not-a-person");
  const { login } = word.actor;
  const involvement = policy.approval.self ? known(null) : involved(word.actor);
  if (involvement.known && involvement.value !== null) return no(involvement.value);
  const late = limits.known ? notNewerThan(word.at, limits.value) : null;
  if (late !== null) return no(late);
  const role = firstRoleHeld(word.roles, login, snapshot, policy);
  if (role.known && role.value === null) return no("not-in-role");
  // A login alone is nobody: one that is given up can be registered by anybody.
  const access = writeAccess(login, snapshot);
  if (access.known && !access.value) return no("no-write-access");
  for (const fact of [involvement, limits, role, access]) if (!fact.known) return fact;
  return known({ counts: true, login, role: role.known && role.value !== null ? role.value : "" });
}
