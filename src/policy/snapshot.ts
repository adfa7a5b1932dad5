import type { BranchRules } from "./branch-rules.ts";
import type { Fact } from "./fact.ts";
import { fullName } from "./repository.ts";

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

/** What the timeline tells, oldest first. `byApp`: done by this app as itself (design, section 8). */
export interface History {
  readonly labels: readonly LabelEvent[];
  readonly reviews: readonly Review[];
  readonly comments: readonly Comment[];
  readonly baseChangedAt: readonly string[];
  readonly reopenedAt: readonly string[];
  readonly headForcePushedAt: readonly string[];
  /** Changes of the title, oldest first: what it was before. */
  readonly renamed?: readonly { readonly at: string; readonly from: string }[];
  /** When a draft was marked as ready. */
  readonly readyAt?: readonly string[];
  /** When the app itself asked for reviews. */
  readonly reviewRequestedAt?: readonly string[];
  /** Does it wait in the merge queue? */
  readonly inMergeQueue?: boolean;
}

/** A label was set or taken off. The name is the one it had then, not the one it has now. */
export interface LabelEvent {
  readonly event: "labeled" | "unlabeled";
  readonly label: string;
  readonly actor: Account | null;
  readonly byApp: boolean;
  readonly at: string;
}

/** A review as it was submitted; `commit` is the head it was given for. */
export interface Review {
  readonly author: Account | null;
  readonly state: "approved" | "changes_requested" | "commented" | "dismissed" | "pending";
  readonly commit: string | null;
  readonly at: string;
}

/** A comment in the conversation. Edited: `updatedAt` is later than `createdAt`. */
export interface Comment {
  readonly id: number;
  readonly author: Account | null;
  readonly byApp: boolean;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly url: string;
}

/** A change of the head branch, by the server's clock; all zeros: the branch was not there. */
export interface ActivityEntry {
  readonly before: string;
  readonly after: string;
  readonly at: string;
  readonly type: string;
  readonly actor: Account | null;
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
  /** Behind what is ahead of it in the merge queue it would do something else to these files than was checked. */
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

/** A reference in `Fixes`: in this repository where `repository` is null. */
export interface IssueReference {
  /** `owner/name`, `null`: this repository. */
  readonly repository: string | null;
  /** `null` where the reference is not a GitHub issue (an address of another tracker). */
  readonly number: number | null;
  /** As written. */
  readonly text: string;
}

/** What was found where `Fixes` points. */
export type IssueFacts =
  | { readonly exists: false }
  /** In a place that the app cannot read: another installation, another tracker. */
  | { readonly exists: "not-verified" }
  | {
      readonly exists: true;
      readonly pullRequest: boolean;
      readonly state: "open" | "closed";
      readonly createdAt: string;
      readonly labels: readonly string[];
      readonly title: string;
    };

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

/** A hotfix that landed in production, whose change is brought to another branch. */
export interface BackMergeProof {
  /** The pull request's; `null`: it was pushed. */
  readonly number: number | null;
  /** The commit that it landed as, and the branch. */
  readonly mergeSha: string;
  readonly branch: string;
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

/** The key of `PullRequestSnapshot.issues`: the reference as `owner/name#n` or as written, in lower case. */
export function issueKey(reference: IssueReference, repository: { owner: string; name: string }): string {
  if (reference.number === null) return reference.text.toLowerCase();
  return `${reference.repository ?? fullName(repository)}#${reference.number}`.toLowerCase();
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
