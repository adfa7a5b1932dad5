import type { PullRequestSnapshot } from "../snapshot.ts";
import { involvement } from "./involvement.ts";
import { writeAccess } from "./roles.ts";

/**
 * Who could still approve: the holders of each role who are not involved in the change, nor known to lack
 * write access; `null`: could not be read.
 */
export function eligibleHolders(
  roles: readonly string[],
  snapshot: PullRequestSnapshot,
  self: boolean,
): Readonly<Record<string, readonly string[] | null>> {
  const involved = involvement(snapshot);
  const isFree = (login: string): boolean => {
    const access = writeAccess(login, snapshot);
    if (access.known && !access.value) return false;
    const fact = involved({ login });
    return self || !fact.known || fact.value === null;
  };
  return Object.fromEntries(
    roles.map((role) => {
      const holders = snapshot.roleHolders[role];
      return [role, holders?.known === true ? holders.value.filter(isFree) : null];
    }),
  );
}

/** Certain that nobody can: all holders are known, and each is involved in the change. */
export function nobodyCan(holders: Readonly<Record<string, readonly string[] | null>>): boolean {
  const lists = Object.values(holders);
  return lists.length > 0 && lists.every((list) => list !== null && list.length === 0);
}
