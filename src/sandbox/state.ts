import type { GitRepository } from "./git/repository.ts";
import type { Json, MergeMethod, Protection, Role } from "./types.ts";

/**
 * The data of the imitation. Issues refer to other things by id or login, so that one can be cloned for stale
 * reads.
 */
export type JsonObject = { [key: string]: Json };

/** An account: a person, a bot or an organization. */
export interface UserState {
  id: number;
  login: string;
  name: string | null;
  email: string | null;
  type: "User" | "Bot" | "Organization";
  token: string;
  createdAt: string;
}

/** Who does something; `user: null`: the app's bot, or nobody. */
export interface Actor {
  user: UserState | null;
  /** Through the app's installation token. */
  viaApp: boolean;
}

/** A team of an organization; `parent` is a slug. */
export interface TeamState {
  id: number;
  org: string;
  slug: string;
  name: string;
  parent: string | undefined;
  secret: boolean;
  /** By lower-case login. */
  members: Map<string, "active" | "pending">;
}

/** A label of a repository. */
export interface LabelState {
  id: number;
  name: string;
  color: string;
  description: string | null;
}

/** A comment on an issue or pull request; `user` is a login. */
export interface CommentState {
  id: number;
  user: string | null;
  viaApp: boolean;
  body: string;
  createdAt: string;
  updatedAt: string;
}

/** A review of a pull request; `user` is a login. */
export interface ReviewState {
  id: number;
  user: string | null;
  viaApp: boolean;
  state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED" | "DISMISSED" | "PENDING";
  body: string;
  commitId: string;
  submittedAt: string;
}

/** An entry of a timeline; `data`: its other keys, as the API has them. */
export interface EventState {
  id: number;
  event: string;
  actor: string | null;
  viaApp: boolean;
  at: string;
  data: JsonObject;
  /** Id of the comment or review, SHA of the commit. */
  of?: number | string;
}

/** What a pull request has beside what every issue has. */
export interface PullState {
  headRepo: number | null;
  headOwner: string;
  headRef: string;
  headSha: string;
  baseRef: string;
  baseSha: string;
  draft: boolean;
  mergedAt: string | null;
  mergedBy: string | null;
  mergeSha: string | null;
  reviews: ReviewState[];
  reviewers: string[];
  teamReviewers: string[];
}

/** An issue, or a pull request (`pull` is set). */
export interface IssueState {
  repo: number;
  number: number;
  id: number;
  title: string;
  body: string | null;
  user: string | null;
  viaApp: boolean;
  state: "open" | "closed";
  reason: "completed" | "not_planned" | "reopened" | null;
  labels: number[];
  assignees: string[];
  createdAt: string;
  updatedAt: string;
  closedAt: string | null;
  closedBy: string | null;
  locked: boolean;
  comments: CommentState[];
  events: EventState[];
  pull: PullState | null;
  /** The number of the issue that it is a sub-issue of. */
  parent: number | null;
  /** `deleted`, or where it was transferred to. */
  gone: string | null;
}

/** An app's check runs on a commit. */
export interface CheckSuiteState {
  id: number;
  appId: number;
  headSha: string;
  headBranch: string | null;
  createdAt: string;
  updatedAt: string;
}

/** A remark of a check run at lines of a file, as the API has it. */
export interface Annotation {
  path: string;
  start_line: number;
  end_line: number;
  annotation_level: string;
  message: string;
  [key: string]: Json;
}

/** A check run, whose app and suite are named by their ids. */
export interface CheckRunState {
  id: number;
  appId: number;
  suite: number;
  name: string;
  headSha: string;
  status: string;
  conclusion: string | null;
  startedAt: string;
  completedAt: string | null;
  externalId: string;
  detailsUrl: string | null;
  title: string | null;
  summary: string | null;
  text: string | null;
  annotations: Annotation[];
  actions: JsonObject[];
  /** Asked for again since it completed: may go back to in progress. */
  rerequested: boolean;
}

/** A change of a ref, as the repository's activity lists it. */
export interface ActivityState {
  id: number;
  before: string;
  after: string;
  ref: string;
  at: string;
  type: "push" | "force_push" | "branch_creation" | "branch_deletion" | "pr_merge" | "merge_queue_merge";
  actor: string | null;
}

/** A deployment; `statuses` as the API has them, oldest first. */
export interface DeploymentState {
  id: number;
  sha: string;
  ref: string;
  environment: string;
  description: string | null;
  payload: Json;
  creator: string | null;
  createdAt: string;
  statuses: JsonObject[];
}

/** A group of the merge queue, waiting for its checks. */
export interface QueueGroup {
  headSha: string;
  headRef: string;
  base: string;
  baseSha: string;
  numbers: number[];
  method: "merge" | "squash" | "rebase";
  actor: string | null;
  queuedAt: string;
}

/** A commit status, the older kind of check. */
export interface StatusState {
  id: number;
  sha: string;
  context: string;
  state: string;
  description: string | null;
  targetUrl: string | null;
  creator: string | null;
  at: string;
}

/** A repository. */
export interface RepoState {
  id: number;
  owner: string;
  name: string;
  private: boolean;
  installed: boolean;
  defaultBranch: string;
  git: GitRepository;
  parent: number | null;
  createdAt: string;
  pushedAt: string;
  hasIssues: boolean;
  archived: boolean;
  /** Names that lead here. */
  formerNames: string[];
  deleteBranchOnMerge: boolean;
  methods: MergeMethod[];
  squashTitle: "PR_TITLE" | "COMMIT_OR_PR_TITLE";
  squashMessage: "PR_BODY" | "COMMIT_MESSAGES" | "BLANK";
  mergeTitle: "PR_TITLE" | "MERGE_MESSAGE";
  mergeMessage: "PR_BODY" | "PR_TITLE" | "BLANK";
  /** By lower-case login. */
  permissions: Map<string, Role>;
  /** By lower-case name. */
  labels: Map<string, LabelState>;
  issues: Map<number, IssueState>;
  nextNumber: number;
  activity: ActivityState[];
  suites: CheckSuiteState[];
  runs: CheckRunState[];
  statuses: StatusState[];
  protection: Map<string, Protection>;
  deployments: DeploymentState[];
  groups: QueueGroup[];
}

/**
 * A token of an installation; `repositories: null`: all; `expiresAt` in milliseconds of the sandbox's clock.
 */
export interface InstallationToken {
  token: string;
  installation: number;
  permissions: Record<string, string>;
  repositories: number[] | null;
  expiresAt: number;
}

/** A workflow run that waits at an environment. */
export interface WorkflowRunState {
  id: number;
  repo: number;
  attempt: number;
  event: string;
  /** A branch or a tag. */
  ref: string;
  sha: string;
  headRepo: number;
  /** Other jobs of the run still work. */
  busy: boolean;
  cancelled: boolean;
  gates: EnvironmentGate[];
  reviews: { environment: string; state: "approved" | "rejected" | "pending"; comment: string }[];
  createdAt: string;
}

/** An environment at which a job of the run waits. */
export interface EnvironmentGate {
  environment: string;
  /** The app's rule is enabled on the environment. */
  rule: boolean;
  state: "waiting" | "approved" | "rejected";
  /** It waits for people, whatever the rule says. */
  people?: boolean;
}
