import { isMerge, titleOf } from "../commit-message/hotfix-commit.ts";
import { known, unknown } from "../fact.ts";
import { HOTFIX_LABEL } from "../labels.ts";
import type { Policy, RuleId } from "../policy.ts";
import { fullName } from "../repository.ts";
import type { AppIdentity } from "../snapshot/account.ts";
import type { ChangedFile } from "../snapshot/change.ts";
import type { PullRequestSnapshot, PushFacts, RepositoryFacts } from "../snapshot.ts";
import type { Verdict } from "../verdict.ts";
import { lifeOf } from "./branch-life.ts";
import { isHotfixTitle, type PushedHotfix, titleOfPush } from "./direct-push.ts";

/** What a push is told by, beside itself. */
export interface PushSurroundings {
  readonly app: AppIdentity;
  readonly repository: RepositoryFacts;
  readonly observedAt: string;
}

/**
 * A push of hotfix commits as a pull request that its pusher opened and merged in the same second, which
 * nobody approved: so the rules say of it, after the fact, all that they would have said.
 */
export function snapshotOfPush(
  push: PushFacts,
  hotfix: PushedHotfix & { readonly files: readonly ChangedFile[] | null },
  { app, repository, observedAt }: PushSurroundings,
  policy: Policy,
): PullRequestSnapshot {
  const { branch, before, after, at, by } = push;
  const here = fullName(repository);
  // A merge that has the title of a hotfix is the hotfix commit, not only a way to bring one.
  const commits = hotfix.commits.map((commit) =>
    isMerge(commit) && isHotfixTitle(titleOf(commit), policy)
      ? { ...commit, parents: commit.parents.slice(0, 1) }
      : commit,
  );
  return {
    ...bare({ app, repository, observedAt }),
    origin: { kind: "push", push },
    pullRequest: {
      title: titleOfPush(hotfix, policy),
      body: "",
      author: by,
      state: "closed",
      draft: false,
      createdAt: at,
      updatedAt: at,
      merged: { at, by, sha: after },
      base: { ref: branch, sha: before },
      head: { ref: hotfix.branch ?? branch, sha: after, repository: here },
      fork: false,
      labels: [HOTFIX_LABEL],
      url: `${repository.url}/compare/${before}...${after}`,
      commitCount: commits.length,
      changedFiles: hotfix.files?.length ?? 0,
    },
    commits: known(commits),
    files:
      hotfix.files === null
        ? unknown("the files of the push: more than GitHub compares")
        : known(hotfix.files),
    comparison: known({ behindBy: 0, mergeBase: before, baseChangedPaths: [] }),
  };
}

/** A hotfix branch that no pull request is open for. */
export interface LoneBranch {
  readonly ref: string;
  readonly sha: string;
  /** Where it would have to go. */
  readonly base: { readonly ref: string; readonly sha: string };
  readonly commits: PullRequestSnapshot["commits"];
  readonly files: PullRequestSnapshot["files"];
  readonly activity: PullRequestSnapshot["activity"];
}

/** Such a branch as a pull request that whoever made the branch opened, which nobody has approved. */
export function snapshotOfBranch(
  { ref, sha, base, commits, files, activity }: LoneBranch,
  { app, repository, observedAt }: PushSurroundings,
  policy: Policy,
): PullRequestSnapshot {
  const all = commits.known ? commits.value : [];
  const made = lifeOf(activity.known ? (activity.value ?? []) : [], sha).changes.at(-1);
  const at = made?.at ?? observedAt;
  return {
    ...bare({ app, repository, observedAt }),
    origin: { kind: "branch" },
    pullRequest: {
      title: titleOfPush({ commits: all, branch: ref }, policy),
      body: "",
      author: made?.actor ?? null,
      state: "open",
      draft: false,
      createdAt: at,
      updatedAt: at,
      merged: null,
      base,
      head: { ref, sha, repository: fullName(repository) },
      fork: false,
      labels: [HOTFIX_LABEL],
      url: `${repository.url}/commits/${sha}`,
      commitCount: all.length,
      changedFiles: files.known ? files.value.length : 0,
    },
    commits,
    files,
    activity,
    comparison: known({ behindBy: 0, mergeBase: base.sha, baseChangedPaths: [] }),
  };
}

/** What is so where there is no pull request. */
function bare(
  surroundings: PushSurroundings,
): Omit<PullRequestSnapshot, "origin" | "pullRequest" | "commits" | "files" | "comparison"> {
  return {
    ...surroundings,
    history: known({
      labels: [],
      reviews: [],
      comments: [],
      baseChangedAt: [],
      reopenedAt: [],
      headForcePushedAt: [],
    }),
    activity: known(null),
    firstSeenAt: known(null),
    inProduction: known(false),
    issues: {},
    people: {},
    roleHolders: {},
    // The commits are what landed, whatever the repository lets pull requests do.
    mergeSettings: known({
      mergeCommit: true,
      squash: true,
      rebase: true,
      squashTitle: null,
      squashMessage: null,
    }),
    branchRules: unknown("not asked for a push"),
    rollbackOf: known(null),
  };
}

/** Rules that ask something of a pull request or its branch. */
const OF_PULL_REQUESTS: readonly RuleId[] = ["branch-name", "base-branch", "branch-freshness", "checklist"];

/** The verdict without what only a pull request could have done right: that there was none says it all. */
export function verdictWithout(verdict: Verdict): Verdict {
  return { ...verdict, findings: verdict.findings.filter(({ rule }) => !OF_PULL_REQUESTS.includes(rule)) };
}
