import type { BranchRules } from "./branch-rules.ts";
import type { Fact } from "./fact.ts";
import type { QueueEntry } from "./merge-queue.ts";
import type { Account, AppIdentity, Person } from "./snapshot/account.ts";
import type { ChangedFile, Commit, Comparison, ForeignCommits, Landing } from "./snapshot/change.ts";
import type { ActivityEntry, History } from "./snapshot/history.ts";
import type { IssueFacts } from "./snapshot/issue.ts";
import type { BackMergeProof, RollbackMiss, RollbackProof } from "./snapshot/proof.ts";

/**
 * Everything the policy decides from, read at one moment: plain JSON, deeply readonly, without client or
 * token. Times are ISO 8601 in UTC as GitHub gives them (one-second resolution). Logins compare
 * case-insensitively (`sameLogin`).
 */
export interface PullRequestSnapshot {
  readonly app: AppIdentity;
  readonly repository: RepositoryFacts;
  readonly origin: Origin;
  /** Of a push or a branch: as if a pull request had been opened for it. */
  readonly pullRequest: PullRequestFacts;
  /** GitHub's clock when the snapshot was taken (the `Date` header of its answer). */
  readonly observedAt: string;
  /** Oldest first, complete; unknown at GitHub's cap of 250. */
  readonly commits: Fact<readonly Commit[]>;
  /** Complete; unknown at GitHub's cap of 3,000. */
  readonly files: Fact<readonly ChangedFile[]>;
  readonly history: Fact<History>;
  /**
   * All that happened to the head branch, by the repository's activity, newest first; `null`: that route
   * cannot be had (fork, older server).
   */
  readonly activity: Fact<readonly ActivityEntry[] | null>;
  /**
   * By a commit that the branch had and the head does not contain: the newest commit that both have; `null`:
   * GitHub has it no more. Only read of those that somebody pushed whose word may count.
   */
  readonly reached?: Readonly<Record<string, Fact<string | null>>>;
  /**
   * When the app first found this head in this pull request on this base, from its own check run; `null`: not
   * before now.
   */
  readonly firstSeenAt: Fact<string | null>;
  readonly comparison: Fact<Comparison>;
  /**
   * Is the change in `files` what would land? Only asked of an open hotfix or rollback; not set: there is
   * nothing left to land.
   */
  readonly landing?: Fact<Landing>;
  /**
   * When what would land last became another change on this same head, as far as the app has seen it; `null`,
   * or not set: it did not.
   */
  readonly changedAt?: Fact<string | null>;
  /** Commits that the branch brings and that another long-lived branch has; not set: not looked for. */
  readonly foreign?: Fact<readonly ForeignCommits[]>;
  /**
   * Are all commits of the head in the production branch already? Only asked where the base is not a
   * production branch.
   */
  readonly inProduction: Fact<boolean>;
  /**
   * The hotfix whose change the pull request brings to a branch that is none of production; not set, or
   * `null`: none.
   */
  readonly backMergeOf?: Fact<BackMergeProof | null>;
  /** By `issueKey`: the issues that the hotfix commit's message names. */
  readonly issues: Readonly<Record<string, Fact<IssueFacts>>>;
  /** By lower-case login: those whose approval, review or override may count. */
  readonly people: Readonly<Record<string, Person>>;
  /** By role: who holds it. Only read while an approval is missing. */
  readonly roleHolders: Readonly<Record<string, Fact<readonly string[]>>>;
  readonly mergeSettings: Fact<MergeSettings>;
  /**
   * What the base branch asks for before something lands on it; read for hotfixes only, and decides no
   * verdict.
   */
  readonly branchRules: Fact<BranchRules>;
  /** The merged hotfix that this pull request takes back, proven by content; `null`: none. */
  readonly rollbackOf: Fact<RollbackProof | null>;
  /** Where none is rolled back: what is missing for that. Decides nothing. */
  readonly rollbackMiss?: RollbackMiss;
  /**
   * Since when the gate was green at the merge, or is now, by GitHub's clock; not set: it was not, or that is
   * not known. Decides nothing.
   */
  readonly greenSince?: string;
  /**
   * The first successful deployment to production of the change before it was merged or pushed; `null`: none.
   * Not set where it was not looked for: the app may not read deployments, or this is no hotfix.
   */
  readonly deployedEarly?: Fact<EarlyDeployment | null>;
  /** The open hotfix that an ordinary pull request has to wait for; not set: none, or nobody asked. */
  readonly frozenFor?: FrozenFor;
  /**
   * Where it stands in the merge queue; `null`, or not set: it does not wait there, or nobody asked. Decides
   * nothing.
   */
  readonly queueEntry?: Fact<QueueEntry | null>;
}

/** An open hotfix, and the branch that it freezes for ordinary pull requests. */
export interface FrozenFor {
  readonly number: number;
  readonly url: string;
  readonly base: string;
  /** Merges go through a merge queue: what waits is the queue's group, not the pull request. */
  readonly inQueue?: true;
}

/** What is evaluated. */
export type Origin =
  | { readonly kind: "pull-request"; readonly number: number }
  /** Hotfix commits that were pushed directly to a production branch. */
  | { readonly kind: "push"; readonly push: PushFacts }
  /** A hotfix branch without a pull request, which was deployed. */
  | { readonly kind: "branch" };

/** The pull request's; `null`: there is none. */
export function pullRequestNumber({ origin }: Pick<PullRequestSnapshot, "origin">): number | null {
  return origin.kind === "pull-request" ? origin.number : null;
}

/** The push that went past the pull request; `null`: it was not pushed. */
export function pushOf({ origin }: Pick<PullRequestSnapshot, "origin">): PushFacts | null {
  return origin.kind === "push" ? origin.push : null;
}

/** A change that went to production from its own branch. Names are foreign text. */
export interface EarlyDeployment {
  /** When it succeeded. */
  readonly at: string;
  readonly environment: string;
  /** Who asked for it; `null`: nobody is known. */
  readonly by: Account | null;
  /** What was deployed: the head, or a commit before it. */
  readonly sha: string;
  /** What the gate on that commit said at that moment; `null`: there was none. */
  readonly gate: Fact<string | null>;
}

/** A direct push to a production branch, by GitHub's clock. */
export interface PushFacts {
  readonly branch: string;
  /** The branch's tip before it and after it. */
  readonly before: string;
  readonly after: string;
  readonly at: string;
  /** `null`: nobody is known. */
  readonly by: Account | null;
}

/** The repository that the pull request is in. */
export interface RepositoryFacts {
  readonly owner: string;
  readonly name: string;
  readonly defaultBranch: string;
  /** Web address, from GitHub. */
  readonly url: string;
}

/** What GitHub says of the pull request itself. Title, body and names of branches are foreign text. */
export interface PullRequestFacts {
  readonly title: string;
  /** `""` where GitHub says null. */
  readonly body: string;
  /** `null`: the account is gone. */
  readonly author: Account | null;
  readonly state: "open" | "closed";
  readonly draft: boolean;
  readonly createdAt: string;
  /** Changes with anything about the pull request: an older read than an event's is stale. */
  readonly updatedAt: string;
  readonly merged: MergeFacts | null;
  readonly base: { readonly ref: string; readonly sha: string };
  readonly head: {
    readonly ref: string;
    readonly sha: string;
    /** `owner/name`; `null`: the head repository was deleted. */
    readonly repository: string | null;
  };
  /** The head is in another repository, or in one that was deleted. */
  readonly fork: boolean;
  readonly labels: readonly string[];
  /** Logins; not set where there is no pull request. */
  readonly assignees?: readonly string[];
  /**
   * Whose review is asked for: logins, and teams as `organization/team`; not set where there is no pull
   * request.
   */
  readonly reviewers?: readonly string[];
  readonly url: string;
  readonly commitCount: number;
  readonly changedFiles: number;
}

/** When, by whom and as which commit it was merged; `sha: null` where GitHub does not say. */
export interface MergeFacts {
  readonly at: string;
  readonly by: Account | null;
  readonly sha: string | null;
}

/** Which ways of merging the repository allows, and what a squash commit is made of. */
export interface MergeSettings {
  readonly mergeCommit: boolean;
  readonly squash: boolean;
  readonly rebase: boolean;
  readonly squashTitle: "PR_TITLE" | "COMMIT_OR_PR_TITLE" | null;
  readonly squashMessage: "PR_BODY" | "COMMIT_MESSAGES" | "BLANK" | null;
  /** GitHub does not tell them: every way of merging is then taken to be open. */
  readonly hidden?: true;
}
