/** A hotfix that landed in production, whose change is brought to another branch. */
export interface BackMergeProof {
  /** The pull request's; `null`: it was pushed. */
  readonly number: number | null;
  /** The commit that it landed as, and the branch. */
  readonly mergeSha: string;
  readonly branch: string;
  /** Further hotfixes whose changes it brings along, oldest first; not set: none. */
  readonly also?: readonly Pick<BackMergeProof, "number" | "mergeSha">[];
  /** Is it exactly that change, by patch or by content? */
  readonly same: boolean;
  /** Where it is not: the files that are left otherwise. */
  readonly differs: readonly string[];
}

/** Why a change takes back no hotfix, in the order in which it is found out. */
export const ROLLBACK_MISSES = [
  "merges",
  "nothing-recent",
  "other-files",
  "too-large",
  "other-content",
  "no-hotfix",
  "changed-since",
  "of-rollback",
] as const;

/** What is missing for a rollback, and what changed the files last; `null`: no pull request is known. */
export interface RollbackMiss {
  readonly why: (typeof ROLLBACK_MISSES)[number];
  readonly number: number | null;
}

/** The merged hotfix that is rolled back. */
export interface RollbackProof {
  /** The pull request's; `null`: it was pushed. */
  readonly number: number | null;
  /** `""` where it was pushed. */
  readonly title: string;
  /** The commit that it landed as. */
  readonly mergeSha: string;
}
