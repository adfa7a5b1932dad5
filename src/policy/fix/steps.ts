/**
 * One thing that git or the GitHub CLI can do to fix what a rule found. Foreign text stays as it is;
 * `block.ts` quotes it.
 */
export type FixStep =
  /**
   * The same commits under another name, by a new pull request: GitHub closes one whose head branch is
   * renamed.
   */
  | { readonly kind: "rename-branch"; readonly branch: string }
  /** The branch anew from the base with these commits alone, oldest first, as full or shortened SHAs. */
  | { readonly kind: "rebuild-branch"; readonly commits: readonly string[] }
  /**
   * The branch anew from the base as one commit that changes what merging the head would, with the message of
   * that commit.
   */
  | { readonly kind: "squash-branch"; readonly head: string; readonly message: string }
  /** Fixups go where they belong. */
  | { readonly kind: "squash-fixups" }
  /** Files as they were before the branch: `restored` are there then, `removed` are not. */
  | { readonly kind: "drop-files"; readonly restored: readonly string[]; readonly removed: readonly string[] }
  /** The message of the head commit, or, where an older commit is the one, of an empty commit on top. */
  | { readonly kind: "write-message"; readonly lines: readonly string[]; readonly amend: boolean }
  /** The base as it is now, merged into the branch. */
  | { readonly kind: "merge-base" }
  | { readonly kind: "retitle"; readonly title: string }
  | { readonly kind: "change-base"; readonly base: string };
