import type { RestEndpointMethodTypes } from "@octokit/rest";

type Rest = RestEndpointMethodTypes;
/** `GET /repos/{owner}/{repo}/pulls/{n}` as GitHub documents it. */
export type PullRequestJson = Rest["pulls"]["get"]["response"]["data"];
/** `GET /repos/{owner}/{repo}/issues/{n}`. */
export type IssueJson = Rest["issues"]["get"]["response"]["data"];
/** `GET /repos/{owner}/{repo}/issues/comments/{id}`. */
export type CommentJson = Rest["issues"]["getComment"]["response"]["data"];
/** `GET /repos/{owner}/{repo}/check-runs/{id}`. */
export type CheckRunJson = Rest["checks"]["get"]["response"]["data"];
/** `GET /repos/{owner}/{repo}/labels/{name}`. */
export type LabelJson = Rest["issues"]["getLabel"]["response"]["data"];
/** A review as `POST /repos/{owner}/{repo}/pulls/{n}/reviews` answers it. */
export type ReviewJson = Rest["pulls"]["getReview"]["response"]["data"];
/** One entry of `GET /repos/{owner}/{repo}/activity`. */
export type ActivityJson = Rest["repos"]["listActivities"]["response"]["data"][number];

/** What any JSON value of an API answer may be. */
export type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

/** A repository role, as `role_name` of the collaborator routes has it. */
export type Role = "read" | "triage" | "write" | "maintain" | "admin";

/** The ways of GitHub's merge button. */
export type MergeMethod = "merge" | "squash" | "rebase";

/** How a sandbox is started. */
export interface SandboxOptions {
  /** Default: a free port. */
  port?: number;
  /** Address to listen on. Default 127.0.0.1. */
  host?: string;
  /** The server's clock: every timestamp, `Date` headers, token expiry. Default: the real one. */
  clock?: () => Date;
  /** Permissions the app was granted, as in its `app.yml` (`default_permissions`). */
  permissions: Record<string, "read" | "write">;
  /** Events the app subscribed to (`default_events`). */
  events: string[];
  webhookUrl?: string;
  webhookSecret?: string;
}

/** A new account; the name defaults to none, the type to `User`. */
export interface UserOptions {
  name?: string | null;
  /** Public profile e-mail; commits with it get this user as `author`. Default: `<login>@example.com`. */
  email?: string | null;
  type?: "User" | "Bot";
}

/** A new repository, or settings to change. */
export interface RepositoryOptions {
  private?: boolean;
  /** Default `main`. */
  defaultBranch?: string;
  /** Default: all three. */
  mergeMethods?: MergeMethod[];
  squashTitle?: "PR_TITLE" | "COMMIT_OR_PR_TITLE";
  squashMessage?: "PR_BODY" | "COMMIT_MESSAGES" | "BLANK";
  mergeTitle?: "PR_TITLE" | "MERGE_MESSAGE";
  mergeMessage?: "PR_BODY" | "PR_TITLE" | "BLANK";
  deleteBranchOnMerge?: boolean;
  hasIssues?: boolean;
  /** Number of the first issue or pull request. Default 1. */
  firstNumber?: number;
  /** Whether the app is installed on it. Default true. */
  installed?: boolean;
  /**
   * Files of the first commit on the default branch (author: the owner). Default: a README.md; `null`: an
   * empty repository.
   */
  files?: Record<string, string | Buffer> | null;
}

/** An identity as commits carry it. */
export interface Person {
  name: string;
  email: string;
}

/** What a path of a commit is: a plain file by default. */
export type FileMode = "file" | "exec" | "symlink" | "submodule";

/** A commit to be made: what it changes against its first parent. */
export interface CommitSpec {
  message: string;
  /**
   * Path to content; `null` deletes; for a submodule the content is the commit's SHA, for a symlink the
   * target.
   */
  files?: Record<string, string | Buffer | null>;
  /** Old path to new path. Contents in `files` for the new path win. */
  renames?: Record<string, string>;
  modes?: Record<string, FileMode>;
  /**
   * Default: the committer, else a fixed "Sandbox Author". Use `sandbox.person(login)` for a user's identity.
   */
  author?: Person;
  committer?: Person;
  /** Default: the tip of `branch` as committed so far (also unpushed), else of the default branch. */
  parents?: string[];
  /** Author and committer date. Default: the clock. */
  date?: Date | string;
}

/** Git in one repository. Commits are objects without effect until they are pushed by somebody. */
export interface SandboxGit {
  /** The bare repository's folder. */
  readonly dir: string;
  /** Makes a commit on a local branch (nobody sees it before `push`) and returns its SHA. */
  commit(branch: string, spec: CommitSpec): Promise<string>;
  /**
   * Moves the branch on the server as that person: activity, `push` webhook, `synchronize` on open pull
   * requests, check suite, pull requests closed as merged. `sha` defaults to the local tip. Throws where the
   * branch is protected against it.
   */
  push(login: string, branch: string, sha?: string, options?: { force?: boolean }): Promise<string>;
  deleteBranch(login: string, branch: string): Promise<void>;
  /** `git merge --no-ff head` on base in a clone, then `git push`. Returns the merge commit. */
  mergeNoFf(
    login: string,
    base: string,
    head: string,
    options?: { message?: string; author?: Person },
  ): Promise<string>;
  /**
   * `git revert [-m mainline] sha` on a branch (made from the default branch when it does not exist). Not
   * pushed.
   */
  revert(
    branch: string,
    sha: string,
    options?: { mainline?: number; message?: string; author?: Person },
  ): Promise<string>;
  /** A file's content, or undefined. */
  show(ref: string, path: string): string | undefined;
  log(ref: string): { sha: string; parents: string[]; message: string; author: Person & { date: string } }[];
  /** SHA of a branch on the server (not of unpushed commits). */
  head(branch: string): string | undefined;
}

/**
 * A pull request to be opened; `head` is a branch, or `login:branch` of a fork; `base` defaults to the
 * default branch.
 */
export interface OpenPullRequest {
  head: string;
  base?: string;
  title: string;
  body?: string | null;
  draft?: boolean;
}

/** What a person does in the browser. Refusals throw `SandboxError` with GitHub's status and message. */
export interface SandboxPerson {
  /** For plain HTTP: `Authorization: Bearer <token>`. */
  readonly token: string;
  /** Any API call as this person, without HTTP. */
  request(method: string, path: string, body?: unknown): Promise<Json>;
  openPullRequest(repo: string, pull: OpenPullRequest): Promise<PullRequestJson>;
  editPullRequest(
    repo: string,
    number: number,
    change: {
      title?: string;
      body?: string | null;
      base?: string;
      state?: "open" | "closed";
      draft?: boolean;
    },
  ): Promise<PullRequestJson>;
  addLabel(repo: string, number: number, label: string): Promise<void>;
  removeLabel(repo: string, number: number, label: string): Promise<void>;
  comment(repo: string, number: number, body: string): Promise<CommentJson>;
  editComment(repo: string, id: number, body: string): Promise<CommentJson>;
  deleteComment(repo: string, id: number): Promise<void>;
  review(
    repo: string,
    number: number,
    state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED",
    body?: string,
    commitId?: string,
  ): Promise<ReviewJson>;
  dismissReview(repo: string, number: number, reviewId: number, message: string): Promise<void>;
  merge(
    repo: string,
    number: number,
    method?: MergeMethod,
    options?: { sha?: string; admin?: boolean; title?: string; message?: string },
  ): Promise<{ sha: string }>;
  createIssue(
    repo: string,
    issue: { title: string; body?: string; labels?: string[]; assignees?: string[] },
  ): Promise<IssueJson>;
  editIssue(repo: string, number: number, change: { title?: string; body?: string }): Promise<IssueJson>;
  closeIssue(repo: string, number: number, reason?: "completed" | "not_planned"): Promise<void>;
  reopenIssue(repo: string, number: number): Promise<void>;
  updateBranch(repo: string, number: number): Promise<void>;
  requestReviewers(repo: string, number: number, reviewers: string[]): Promise<void>;
  /** The "Re-run" button of a check run, or of the whole suite of a commit. */
  requestRerun(repo: string, checkRunId: number): Promise<void>;
  requestSuiteRerun(repo: string, sha: string): Promise<void>;
  renameLabel(repo: string, name: string, newName: string): Promise<void>;
  deleteLabel(repo: string, name: string): Promise<void>;
}

/** What a protected branch asks for; what is not set is not asked for. */
export interface Protection {
  requiredChecks?: { context: string; appId?: number | null }[];
  requiredReviews?: number;
  enforceAdmins?: boolean;
  /** Merges go through a merge queue: told by the ruleset. */
  mergeQueue?: boolean;
  /** Tell it by `rules/branches/{branch}` as well, as a ruleset does. Default true. */
  ruleset?: boolean;
  /** Repository roles that may bypass the ruleset; GitHub shows that to those alone who may change it. */
  bypass?: ("write" | "maintain" | "admin")[];
}

/** How a request fails. */
export interface Failure {
  /** Status to answer (default 502). */
  status?: number;
  /** How many requests it hits. Default: all, until taken off. */
  times?: number;
  body?: unknown;
  headers?: Record<string, string>;
  /** Do the thing, then answer the failure. */
  afterCommit?: boolean;
  /** Answer normally, with the JSON cut in half. */
  truncate?: boolean;
  /** Never answer. */
  hang?: boolean;
}

/** One webhook delivery, as logged. */
export interface Delivery {
  id: number;
  guid: string;
  event: string;
  action: string | null;
  /**
   * 0: no answer (refused, timed out); undefined: not answered yet, dropped, or no webhook URL (shown as 0 by
   * the API).
   */
  statusCode: number | undefined;
  payload: Record<string, Json>;
  durationMs: number | undefined;
  deliveredAt: string;
  redelivery: boolean;
  installationId: number | null;
}

/** What can be made to go wrong. */
export interface Knobs {
  /** Added to every HTTP answer. */
  latencyMs: number;
  /**
   * What the app's installations have left of their 5,000 requests an hour, together; undefined: nothing is
   * used.
   */
  requestsLeft: number | undefined;
  /** Makes matching requests fail; returns what takes it off. The path is without `/api/v3` and query. */
  fail(matcher: { method?: string; path: RegExp }, failure: Failure): () => void;
  /**
   * GETs of pull requests, issues, timelines, comments and labels answer as things were `ms` ago; 404 for
   * what is younger. 0: off.
   */
  staleReads(ms: number): void;
  /** `/search/issues` does not know what changed within so many ms. */
  searchLagMs: number;
  deliveries: {
    /** True: the delivery is lost (still in the log, without a status). */
    drop?: ((delivery: Delivery) => boolean) | undefined;
    /** True: it is sent twice, the second with the same GUID. */
    double?: ((delivery: Delivery) => boolean) | undefined;
    delayMs?: number | undefined;
    /** Sent in reverse order in groups of this size (a group is flushed by `settle`). */
    reorder?: number | undefined;
  };
}

/** A workflow run that reaches a job with an environment. */
export interface DeploymentRequest {
  /** A branch, or any name (a tag) where `sha` is given. */
  ref: string;
  environment: string;
  sha?: string;
  /** What started the run; `push` by default. */
  event?: string;
  /** `owner/name` of the head's repository; this one by default. */
  headRepository?: string;
  /** More environments that it waits at, where the app's rule is not enabled. */
  others?: readonly string[];
  /** People have to approve it at the environment as well, and have not. */
  reviewers?: boolean;
  /** Other jobs still work, so that the run as a whole does not wait. */
  busy?: boolean;
}

/** One HTTP request that came in. */
export interface RequestLog {
  method: string;
  /** Without `/api/v3`, with the query. */
  path: string;
  status: number;
  ifNoneMatch: string | undefined;
  /** Milliseconds since the epoch, real time. */
  at: number;
  installationToken: boolean;
  durationMs: number;
}

/** One HTTP request with its answer, as they went over the wire. */
export interface Exchange {
  method: string;
  /** Without `/api/v3`, with the query. */
  path: string;
  requestHeaders: Record<string, string | string[] | undefined>;
  requestBody: string;
  /** That of the whole answer, where 304 was answered. */
  status: number;
  responseBody: string;
}

/** A running GitHub, and all that tests and the demo do to it. */
export interface Sandbox {
  /** `http://127.0.0.1:4600`. */
  readonly url: string;
  /** `127.0.0.1:4600`, for `GHE_HOST`. */
  readonly host: string;
  readonly app: { id: number; slug: string; privateKey: string; webhookSecret: string };
  /** The installation on the account of the first repository. */
  readonly installationId: number;
  /**
   * Where webhooks go from now on; undefined: nowhere, as if the app were down (they are still logged, and
   * can be redelivered later).
   */
  setWebhookUrl(url: string | undefined): void;

  createUser(login: string, options?: UserOptions): void;
  /** The account is gone: its pull requests, comments and events have no user any more. */
  deleteUser(login: string): void;
  createOrganization(login: string): void;
  addOrganizationMember(org: string, login: string, role?: "member" | "admin"): void;
  createTeam(org: string, slug: string, options?: { parent?: string; name?: string; secret?: boolean }): void;
  /** Also makes the person a member of the organization (pending when the state is). */
  addTeamMember(org: string, team: string, login: string, state?: "active" | "pending"): Promise<void>;
  removeTeamMember(org: string, team: string, login: string): Promise<void>;
  createRepository(fullName: string, options?: RepositoryOptions): Promise<void>;
  setRepository(
    fullName: string,
    options: Omit<RepositoryOptions, "files" | "defaultBranch" | "installed" | "firstNumber">,
  ): void;
  setPermission(repo: string, login: string, role: Role | null): void;
  /** A fork in the person's account, `login/name`; returns its full name. The app is not installed there. */
  createFork(repo: string, login: string): Promise<string>;
  deleteRepository(fullName: string): Promise<void>;
  protect(repo: string, branch: string, protection: Protection | null): void;
  /** Name and e-mail that a person's commits carry. */
  person(login: string): Person;
  git(repo: string): SandboxGit;
  as(login: string): SandboxPerson;
  /** What the app does, without HTTP (for scenarios that need an app's action without the app). */
  asApp(): Pick<SandboxPerson, "request">;

  /** A check run by another app (GitHub Actions), as anyone with write access can get one of any name. */
  otherAppCheckRun(
    repo: string,
    run: { name: string; head_sha: string; status?: string; conclusion?: string },
  ): Promise<CheckRunJson>;

  transferIssue(repo: string, number: number, login: string, to: string): Promise<number>;
  deleteIssue(repo: string, number: number, login: string): Promise<void>;
  lockIssue(repo: string, number: number, login: string, locked?: boolean): Promise<void>;
  convertToDiscussion(repo: string, number: number, login: string): Promise<void>;
  archive(repo: string, login: string, archived?: boolean): Promise<void>;
  /** The old name leads to the new one. */
  renameRepository(repo: string, login: string, name: string): Promise<void>;
  renameBranch(repo: string, login: string, from: string, to: string): Promise<void>;
  /** Takes the app off an account; `install` makes another installation. */
  uninstall(account: string): Promise<void>;
  install(account: string): Promise<void>;
  /** Puts pull requests into one merge group, as the merge queue does; returns the group's head SHA. */
  enqueue(
    repo: string,
    numbers: number[],
    login: string,
    options?: { method?: "merge" | "squash" | "rebase" },
  ): Promise<string>;
  createDeployment(
    repo: string,
    login: string,
    deployment: { ref: string; environment: string; description?: string },
  ): Promise<number>;
  setDeploymentStatus(
    repo: string,
    login: string,
    id: number,
    state: "pending" | "queued" | "in_progress" | "success" | "failure" | "error" | "inactive",
  ): Promise<void>;
  /**
   * A workflow run waits at an environment's custom protection rule: sends `deployment_protection_rule`,
   * returns the run's id.
   */
  requestDeployment(repo: string, login: string, options: DeploymentRequest): Promise<number>;
  /** "Re-run jobs": the next attempt of the same run waits anew. */
  rerunDeployment(runId: number, login: string): Promise<void>;
  /** The run's next job has the same environment, and waits as well. */
  nextDeploymentJob(runId: number, login: string): Promise<void>;
  /** The run's other jobs are done. */
  finishJobs(runId: number): void;
  cancelRun(runId: number): void;
  /** What the app answered for that run, at its first environment or another. */
  deploymentReview(
    runId: number,
    environment?: string,
  ): { state: "waiting" | "approved" | "rejected"; comment: string | null; comments: readonly string[] };

  readonly knobs: Knobs;
  readonly requests: RequestLog[];
  /** Called with every answer that is no fault of the knobs', before it is sent. */
  onExchange: ((exchange: Exchange) => void) | undefined;
  resetRequests(): void;
  /** Requests to routes that are not modeled, "METHOD /path". */
  readonly unknownRoutes: string[];
  readonly deliveries: Delivery[];
  /** Sends it again with the same GUID. */
  redeliver(guid: string): Promise<void>;
  /** Sends an event by hand (malformed, foreign, out of order), signed like the others. */
  deliver(event: string, payload: Record<string, Json>): Promise<void>;
  /** Resolves when every pending webhook delivery is answered (or timed out). */
  settle(): Promise<void>;

  pullRequest(repo: string, number: number): Promise<PullRequestJson>;
  /**
   * What the base branch's protection still wants, in the words of GitHub's refusal; empty: it may be merged.
   */
  mergeBlockers(repo: string, number: number): string[];
  issue(repo: string, number: number): Promise<IssueJson>;
  /** All issues that are no pull requests, oldest first. */
  issues(repo: string): Promise<IssueJson[]>;
  comments(repo: string, number: number): Promise<CommentJson[]>;
  /** All runs on a commit, oldest first (not only the latest of each name). */
  checkRuns(repo: string, sha: string): Promise<CheckRunJson[]>;
  /** Labels of the repository. */
  labels(repo: string): LabelJson[];
  /** Names of the labels that are on an issue or pull request. */
  labelsOf(repo: string, number: number): string[];
  timeline(repo: string, number: number): Promise<Record<string, Json>[]>;
  activity(repo: string, branch?: string): ActivityJson[];
  /** Stops listening and removes the repositories. */
  close(): Promise<void>;
}
