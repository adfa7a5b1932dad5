import type { RepositoryKey } from "../../jobs/key.ts";
import type { Job } from "../../jobs/queue.ts";
import type { Policy } from "../../policy/policy.ts";
import type { FrozenFor } from "../../policy/snapshot.ts";
import type { PullRequestKind } from "../../policy/verdict.ts";
import type { Frozen } from "../../render/gate/frozen.ts";
import type { Evaluated } from "../evaluated.ts";
import { type Plan, plan } from "../plan.ts";
import type { WaitingGroup } from "./waiting-group.ts";

/**
 * What a head has to wait for; `null`: nothing. Whatever is on its way to production by the procedure waits
 * for nobody, and no stranger's pull request makes somebody else's head wait.
 */
export function frozenOf(voters: readonly Evaluated[], outsiders: readonly number[]): Frozen | null {
  const own = voters.filter(({ number }) => !outsiders.includes(number));
  const waiting = (own.length > 0 ? own : voters).filter(
    ({ verdict, collected }) => verdict.frozenFor?.inQueue !== true && policyOf(collected) !== null,
  );
  return voters.some(({ verdict }) => URGENT.includes(verdict.kind)) ? null : firstOf(waiting);
}

/**
 * What a merge group has to wait for; `null`: nothing. `groups`: those that wait for the branch, by which it
 * is told whether the group stands in the hotfix's own way.
 */
export function frozenGroup(
  headSha: string,
  members: readonly Evaluated[],
  groups: readonly WaitingGroup[],
): Frozen | null {
  if (members.some(({ verdict }) => URGENT.includes(verdict.kind))) return null;
  const frozen = firstOf(members);
  if (frozen === null) return null;
  return isAhead(headSha, groups, frozen.hotfix.number) ? { ...frozen, inTheWay: true } : frozen;
}

const URGENT: readonly PullRequestKind[] = ["hotfix", "rollback"];

function firstOf(some: readonly Evaluated[]): Frozen | null {
  const [first] = some.filter(({ verdict }) => verdict.outcome === "skipped" && verdict.frozenFor);
  const roles = first === undefined ? [] : (policyOf(first.collected)?.overrides.roles ?? []);
  return first?.verdict.frozenFor === undefined ? null : { hotfix: first.verdict.frozenFor, roles };
}

function policyOf({ policy }: Evaluated["collected"]): Policy | null {
  return policy.state === "valid" ? policy.policy : null;
}

/** The hotfix's own group is there, built on this one: each group's base is the head of the one before it. */
function isAhead(headSha: string, groups: readonly WaitingGroup[], hotfix: number): boolean {
  let group = groups.find(({ headRef }) => headRef.includes(`/pr-${hotfix}-`));
  for (let steps = 0; group !== undefined && steps < groups.length; steps++) {
    const { baseSha } = group;
    if (baseSha === headSha) return true;
    group = groups.find((one) => one.headSha === baseSha);
  }
  return false;
}

/** Has all whom a freeze concerns, or no more, looked at, behind everything else. */
export function planFreeze(repository: RepositoryKey, at: string): Plan {
  return plan({ jobs: [freezeJob(repository, at)] });
}

/**
 * The job that goes over the repository's open pull requests and merge groups; since `at` something else
 * holds: then it begins anew.
 */
export function freezeJob(repository: RepositoryKey, at?: string): Job {
  return {
    key: { ...repository, kind: "freeze" },
    hint: at === undefined ? {} : { notBefore: at },
    background: true,
  };
}

/** An open pull request that is none by the procedure, as a list shows it. */
export interface Ordinary {
  readonly number: number;
  /** The hotfix that it has to wait for; `null`: none. */
  readonly wanted: number | null;
  /** The hotfix that its check waits for (`frozenNumber`); `null`: none. */
  readonly shown: number | null;
}

/**
 * Has those evaluated anew whose checks say something else than what holds now, and the merge groups that
 * wait.
 */
export function planFreezePass(
  ordinary: readonly Ordinary[],
  groups: readonly WaitingGroup[],
  repository: RepositoryKey,
): Plan {
  const wrong = ordinary.filter(({ wanted, shown }) => shown !== wanted);
  const jobs = [
    ...groups.map((group): Job => ({ key: { ...repository, kind: "merge-group", ...group }, hint: {} })),
    ...wrong.map(
      ({ number }): Job => ({
        key: { ...repository, kind: "pull-request", number },
        hint: {},
        background: true,
      }),
    ),
  ];
  return plan({ jobs });
}

/** The freeze that holds for each base branch: the oldest hotfix's. */
export function byBase(freezes: readonly FrozenFor[]): ReadonlyMap<string, FrozenFor> {
  const sorted = freezes.toSorted((a, b) => b.number - a.number);
  return new Map(sorted.map((freeze) => [freeze.base, freeze]));
}
