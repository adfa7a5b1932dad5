import type { ReconcileHint } from "../jobs/hint.ts";
import type { RepositoryKey } from "../jobs/key.ts";
import { isHotfixLike, isProductionBase } from "../policy/classify.ts";
import type { Policy } from "../policy/policy.ts";
import { type Plan, type PlannedJob, plan } from "./plan.ts";

/** An open pull request as a listing has it. */
interface OpenPullRequest {
  readonly number: number;
  readonly title: string;
  readonly labels: readonly string[];
  readonly baseRef: string;
  readonly headRef: string;
  /** The head is a branch of this repository. */
  readonly isFromHere: boolean;
}

/** A branch that was pushed, and the open pull requests of its repository. */
export interface PushedBranch {
  readonly here: RepositoryKey;
  readonly ref: string;
  readonly pulls: readonly OpenPullRequest[];
  /** `null`: it is invalid or could not be read. */
  readonly policy: Policy | null;
}

/** The open pull requests from the branch. */
export function pullsFrom({ ref, pulls }: Pick<PushedBranch, "ref" | "pulls">): readonly OpenPullRequest[] {
  return pulls.filter((pull) => pull.headRef === ref && pull.isFromHere);
}

/** Has the pull requests from the branch looked at, and the hotfixes that are to go onto it. */
export function planPushed(branch: PushedBranch, hint: ReconcileHint): Plan {
  const { here, ref, pulls, policy } = branch;
  const onto = pulls.filter((pull) => pull.baseRef === ref && isHotfixLike(pull, policy));
  const job = (number: number, more: Omit<PlannedJob, "key">): PlannedJob => ({
    key: { ...here, kind: "pull-request", number },
    ...more,
  });
  return plan({
    jobs: [
      ...pullsFrom(branch).map(({ number }) => job(number, { hint })),
      // At once: what they would land may be another change now, and their green still stands.
      ...onto.map(({ number }) => job(number, { hint: {} })),
    ],
  });
}

/**
 * What a branch is: one that production is made from, one that merged hotfixes are brought back to, a
 * hotfix's that no pull request is open for, or none of these. It can be the second and the third at once.
 */
export function kindOf(
  branch: PushedBranch,
  defaultBranch: string,
): { readonly production: boolean; readonly backMerge: boolean; readonly lonely: boolean } {
  const { ref, policy } = branch;
  const production =
    policy === null ? ref === defaultBranch : isProductionBase(ref, policy, { defaultBranch });
  const named = isHotfixLike({ headRef: ref, title: "", labels: [] }, policy);
  return {
    production,
    backMerge: !production && policy?.branches.back_merge.includes(ref) === true,
    lonely: !production && named && pullsFrom(branch).length === 0,
  };
}

/** Has pull requests looked at. */
export function planLooks(here: RepositoryKey, numbers: readonly number[]): Plan {
  const jobs = numbers.map((number): PlannedJob => {
    return { key: { ...here, kind: "pull-request", number }, hint: {} };
  });
  return plan({ jobs });
}
