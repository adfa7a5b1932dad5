/** A commit of the pull request. All but `sha` and `parents` is whatever its author wrote. */
export interface Commit {
  readonly sha: string;
  readonly message: string;
  readonly author: CommitIdentity;
  readonly committer: CommitIdentity;
  readonly parents: readonly string[];
}

/**
 * Git's name and address are free text; `login` is GitHub's look-up of the address, `null` where it knows
 * none.
 */
export interface CommitIdentity {
  readonly login: string | null;
  /** Of the account; not set where GitHub knows none. */
  readonly id?: number;
  readonly name: string;
  readonly email: string;
}

/** A file that the pull request changes, against the merge base. */
export interface ChangedFile {
  readonly path: string;
  readonly previousPath: string | null;
  readonly status: "added" | "removed" | "modified" | "renamed" | "copied" | "changed" | "unchanged";
  readonly additions: number;
  readonly deletions: number;
  /** Unified hunks without file headers; `null`: binary, too large, or nothing but a rename. */
  readonly patch: string | null;
  /**
   * The blob at the head (of the removed file where it was removed); `null` for submodules on some servers.
   */
  readonly sha: string | null;
}

/** How the head stands to the tip of its base. */
export interface Comparison {
  /** Commits of the base that the head lacks. */
  readonly behindBy: number;
  readonly mergeBase: string;
  /** Paths that the base changed since the merge base; `[]` where it is not behind. */
  readonly baseChangedPaths: readonly string[];
}

/** Is the change that is seen the one that a merge makes to the base's tip (design, section 1.8)? */
export type Landing =
  | { readonly shown: true }
  /** Histories were merged into each other, and no test merge tells what a merge would change. */
  | { readonly shown: false; readonly why: "crossed-history" }
  /** So they were, and a merge would change these files as well, which GitHub's diff does not show. */
  | { readonly shown: false; readonly why: "hidden-changes"; readonly paths: readonly string[] }
  /**
   * It takes back commits (`shas`) of these other open pull requests, which git would take for merged then.
   */
  | {
      readonly shown: false;
      readonly why: "takes-back";
      readonly pulls: readonly number[];
      readonly shas: readonly string[];
    }
  /**
   * Behind what is ahead of it in the merge queue it would do something else to these files than was checked.
   */
  | { readonly shown: false; readonly why: "queue-differs"; readonly paths: readonly string[] }
  /**
   * Replaying the commits one by one ("Rebase and merge") may land something else in these files; `[]`: too
   * much to tell in which.
   */
  | { readonly shown: false; readonly why: "replay-differs"; readonly paths: readonly string[] };

/** Commits of the hotfix branch that come from another branch. */
export interface ForeignCommits {
  readonly branch: string;
  readonly shas: readonly string[];
}
