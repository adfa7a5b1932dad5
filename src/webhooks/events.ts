import type { ReconcileHint, RepositoryKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";
import { parseCommand } from "../policy/command.ts";
import { subjectOf } from "../policy/post-mortem/subject.ts";
import { at, listAt, numberAt, textAt } from "./payload.ts";

interface Context {
  readonly payload: unknown;
  readonly action: string;
  /** This app's id: re-runs of others' checks are not ours to answer. */
  readonly appId: number;
  readonly installationId: number;
  /** `null` where the event has no repository. */
  readonly repository: RepositoryKey | null;
}

interface Concern {
  /** The actions that are heard; `null`: the event has none. */
  readonly actions: readonly string[] | null;
  jobs(context: Context): readonly Job[];
}

/**
 * Every event and action that can change a verdict. What is not listed is not heard; `app.yml` lists the same
 * events.
 */
const CONCERNS: Readonly<Record<string, Concern>> = {
  pull_request: {
    actions: [
      "opened",
      "reopened",
      "edited",
      "synchronize",
      "labeled",
      "unlabeled",
      "closed",
      "ready_for_review",
      "converted_to_draft",
    ],
    jobs: ofPullRequest,
  },
  pull_request_review: { actions: ["submitted", "edited", "dismissed"], jobs: ofPullRequest },
  issue_comment: { actions: ["created", "edited", "deleted"], jobs: ofComment },
  push: { actions: null, jobs: ofPush },
  issues: {
    actions: ["opened", "edited", "closed", "reopened", "deleted", "transferred", "unlabeled", "unlocked"],
    jobs: ofIssue,
  },
  // A label that is only created is on nothing yet.
  label: { actions: ["edited", "deleted"], jobs: ofRepository },
  deployment_status: { actions: ["created"], jobs: ofDeploymentStatus },
  deployment_protection_rule: { actions: ["requested"], jobs: ofProtectionRule },
  check_run: { actions: ["rerequested", "requested_action"], jobs: ofCheckRun },
  check_suite: { actions: ["rerequested"], jobs: ofCheckSuite },
  merge_group: { actions: ["checks_requested"], jobs: ofMergeGroup },
  member: { actions: ["added", "edited", "removed"], jobs: ofRepository },
  membership: { actions: ["added", "removed"], jobs: ofInstallation },
  team: {
    actions: ["edited", "deleted", "added_to_repository", "removed_from_repository"],
    jobs: (context) => (context.repository === null ? ofInstallation(context) : ofRepository(context)),
  },
  organization: { actions: ["member_added", "member_removed"], jobs: ofInstallation },
  repository: { actions: ["renamed", "transferred", "edited", "unarchived"], jobs: ofChangedRepository },
  installation: {
    actions: ["created", "new_permissions_accepted", "unsuspend"],
    jobs: (context) => [
      ...ofInstallation(context).map((job) =>
        context.action === "new_permissions_accepted" ? { ...job, hint: { newPermissions: true } } : job,
      ),
      ...ofInstalledRepositories(context, "repositories"),
    ],
  },
  installation_repositories: {
    actions: ["added"],
    jobs: (context) => ofInstalledRepositories(context, "repositories_added"),
  },
};

/** The names of the events that are heard. */
export const HEARD_EVENTS: readonly string[] = Object.keys(CONCERNS);

/**
 * Only where the operator has granted `deployments` as well (docs/operations.md); `app.yml` has them as
 * comments.
 */
export const OPTIONAL_EVENTS: readonly string[] = ["deployment_protection_rule", "deployment_status"];

/** GitHub sends these to every app; `app.yml` must not list them. */
export const UNSUBSCRIBED_EVENTS: readonly string[] = ["installation", "installation_repositories"];

/**
 * Which pull requests, branches and repositories an event asks to look at again. Never throws: an event that
 * is not heard, and a payload that lacks what is needed, concern nothing.
 */
export function concernsOf(
  event: string,
  payload: unknown,
  { appId }: { readonly appId: number },
): readonly Job[] {
  const concern = Object.hasOwn(CONCERNS, event) ? CONCERNS[event] : undefined;
  const action = textAt(payload, "action") ?? "";
  const installationId = numberAt(payload, "installation", "id");
  if (concern === undefined || installationId === undefined) return [];
  if (concern.actions !== null && !concern.actions.includes(action)) return [];
  const repository = repositoryAt(payload, installationId);
  return concern.jobs({ payload, action, appId, installationId, repository });
}

function ofPullRequest({ payload, action, repository }: Context): readonly Job[] {
  const pullRequest = at(payload, "pull_request");
  const former = action === "synchronize" ? commitAt(payload, "before") : undefined;
  const byBot = ["labeled", "unlabeled"].includes(action) && textAt(payload, "sender", "type") === "Bot";
  return pullRequestJob(repository, numberAt(pullRequest, "number") ?? numberAt(payload, "number"), {
    ...optional("notBefore", textAt(pullRequest, "updated_at")),
    ...optional("headSha", commitAt(pullRequest, "head", "sha")),
    ...refsOf(pullRequest),
    ...mergeSettingsOf(at(pullRequest, "base", "repo")),
    ...(former === undefined ? {} : { formerHeads: [former] }),
    ...optional("labeledBy", byBot ? textAt(payload, "sender", "login") : undefined),
  });
}

/** How the repository merges, where the event shows all of it. */
function mergeSettingsOf(repo: unknown): Pick<ReconcileHint, "mergeSettings"> {
  const [merge, squash, rebase] = ["merge_commit", "squash_merge", "rebase_merge"].map((way) =>
    at(repo, `allow_${way}`),
  );
  if (typeof merge !== "boolean" || typeof squash !== "boolean" || typeof rebase !== "boolean") return {};
  return {
    mergeSettings: {
      allow_merge_commit: merge,
      allow_squash_merge: squash,
      allow_rebase_merge: rebase,
      ...optional("squash_merge_commit_title", textAt(repo, "squash_merge_commit_title")),
      ...optional("squash_merge_commit_message", textAt(repo, "squash_merge_commit_message")),
    },
  };
}

/** The branches of an open one that is no fork's. */
function refsOf(pullRequest: unknown): Pick<ReconcileHint, "refs"> {
  const head = textAt(pullRequest, "head", "ref");
  const base = textAt(pullRequest, "base", "ref");
  const own = numberAt(pullRequest, "head", "repo", "id") === numberAt(pullRequest, "base", "repo", "id");
  const open = textAt(pullRequest, "state") === "open";
  return head === undefined || base === undefined || !own || !open ? {} : { refs: { head, base } };
}

/**
 * An issue of the app's is a post-mortem. Of others, what changes a link: one appears, goes, or is another
 * one now.
 */
function ofIssue(context: Context): readonly Job[] {
  const { payload, action, repository } = context;
  if (!isOwnIssue(context))
    return ["edited", "unlabeled", "unlocked"].includes(action) ? [] : issueJob(repository, payload);
  // Bots that edit are answered when a person or the time asks for a look; what the app itself does is an
  // echo.
  const byBot = textAt(payload, "sender", "type") === "Bot";
  if (action === "opened" || (byBot && action !== "closed")) return [];
  const own = postMortemJob(repository, numberAt(payload, "issue", "number"));
  if (repository === null || !["deleted", "transferred"].includes(action)) return own;
  // Where it is gone, people are told on the pull request that it is about.
  const subject = subjectOf(textAt(payload, "issue", "body") ?? "");
  if (subject?.kind !== "pull-request") return own;
  const { owner, repo } = subject;
  const same = `${owner}/${repo}`.toLowerCase() === `${repository.owner}/${repository.repo}`.toLowerCase();
  const place = same ? repository : { installationId: repository.installationId, owner, repo };
  return [...own, ...pullRequestJob(place, subject.number, {})];
}

/** Not every payload names the app: a bot's issue with the marker is looked at, which tells whose it is. */
function isOwnIssue({ payload, appId }: Context): boolean {
  const issue = at(payload, "issue");
  const via = numberAt(issue, "performed_via_github_app", "id");
  if (via !== undefined) return via === appId;
  return (
    textAt(issue, "user", "type") === "Bot" &&
    (textAt(issue, "body")?.includes("<!-- hotfix-guard:post-mortem") ?? false)
  );
}

function issueJob(repository: RepositoryKey | null, payload: unknown): readonly Job[] {
  const number = numberAt(payload, "issue", "number");
  return repository === null || number === undefined
    ? []
    : [{ key: { ...repository, kind: "issue", number }, hint: {}, background: true }];
}

function postMortemJob(repository: RepositoryKey | null, number: number | undefined): readonly Job[] {
  return repository === null || number === undefined
    ? []
    : [{ key: { ...repository, kind: "post-mortem", number }, hint: {} }];
}

/** Commands, and what others did to the app's own comments; what the app itself writes is an echo. */
function ofComment(context: Context): readonly Job[] {
  const { payload, action, appId, repository } = context;
  const onPullRequest = at(payload, "issue", "pull_request") !== undefined;
  if (!onPullRequest && !isOwnIssue(context)) return [];
  const ours = numberAt(payload, "comment", "performed_via_github_app", "id") === appId;
  const concerns = ours
    ? action !== "created" && textAt(payload, "sender", "type") !== "Bot"
    : action === "deleted" ||
      [at(payload, "comment", "body"), at(payload, "changes", "body", "from")].some(
        (body) => typeof body === "string" && parseCommand(body) !== null,
      );
  if (!concerns) return [];
  const number = numberAt(payload, "issue", "number");
  return onPullRequest ? pullRequestJob(repository, number, {}) : postMortemJob(repository, number);
}

const BRANCH_REF = /^refs\/heads\//;
const CONFIGURATION = [".github/hotfix.yml", ".github/hotfix.yaml"];
/** GitHub lists at most so many commits in a push. */
const PUSH_COMMITS = 2048;

function ofPush(context: Context): readonly Job[] {
  const { payload, repository } = context;
  const fullRef = textAt(payload, "ref");
  if (repository === null || !fullRef?.match(BRANCH_REF)) return [];
  const ref = fullRef.replace(BRANCH_REF, "");
  const before = commitAt(payload, "before");
  const hint: ReconcileHint = {
    ...optional("headSha", commitAt(payload, "after")),
    ...(before === undefined ? {} : { formerHeads: [before] }),
  };
  const branch: Job = { key: { ...repository, kind: "branch", ref }, hint };
  const defaultBranch = textAt(payload, "repository", "default_branch") ?? ref;
  if (ref !== defaultBranch || !mayTouchConfiguration(payload)) return [branch];
  const all: Job = { key: { ...repository, kind: "repository", all: true }, hint: {} };
  // The owner's `.github` repository configures the others too.
  const others = repository.repo.toLowerCase() === ".github" ? ofInstallation(context) : [];
  return [branch, all, ...others];
}

/** Does the push change the configuration, or does the event not tell? */
function mayTouchConfiguration(payload: unknown): boolean {
  const commits = listAt(payload, "commits");
  if (at(payload, "forced") === true || commits.length === 0 || commits.length >= PUSH_COMMITS) return true;
  return commits.some((commit) =>
    ["added", "modified", "removed"].some((change) =>
      listAt(commit, change).some((path) => CONFIGURATION.some((one) => one === path)),
    ),
  );
}

function ofRepository({ repository }: Context): readonly Job[] {
  return repository === null ? [] : [{ key: { ...repository, kind: "repository", all: false }, hint: {} }];
}

function ofChangedRepository({ payload, action, repository }: Context): readonly Job[] {
  const relevant = action !== "edited" || at(payload, "changes", "default_branch") !== undefined;
  return repository === null || !relevant
    ? []
    : [{ key: { ...repository, kind: "repository", all: true }, hint: {} }];
}

function ofInstallation({ installationId }: Context): readonly Job[] {
  return [{ key: { kind: "installation", installationId }, hint: {}, background: true }];
}

/** The check may be required from now on, so every open pull request needs one. */
function ofInstalledRepositories({ payload, installationId }: Context, list: string): readonly Job[] {
  return listAt(payload, list).flatMap((entry): readonly Job[] => {
    const repository = repositoryKey(installationId, numberAt(entry, "id"), textAt(entry, "full_name"));
    if (repository === null) return [];
    return [{ key: { ...repository, kind: "repository", all: true }, hint: {}, background: true }];
  });
}

const CHECK_NAMES = ["hotfix-gate", "hotfix-post-mortem"];

function ofCheckRun(context: Context): readonly Job[] {
  const name = textAt(context.payload, "check_run", "name");
  return name === undefined || CHECK_NAMES.includes(name)
    ? ofCheck(context, at(context.payload, "check_run"))
    : [];
}

function ofCheckSuite(context: Context): readonly Job[] {
  return ofCheck(context, at(context.payload, "check_suite"));
}

/** `check` is a check run or a suite: both name app, head and pull requests alike. */
function ofCheck({ payload, appId, repository }: Context, check: unknown): readonly Job[] {
  const sha = commitAt(check, "head_sha");
  if (repository === null || (numberAt(check, "app", "id") ?? appId) !== appId) return [];
  const repositoryId = numberAt(payload, "repository", "id");
  const jobs = listAt(check, "pull_requests")
    // A fork's checks list the pull requests of the repository it was made from.
    .filter((one) => (numberAt(one, "base", "repo", "id") ?? repositoryId) === repositoryId)
    .flatMap((one) => pullRequestJob(repository, numberAt(one, "number"), { rerequested: true }));
  if (sha === undefined) return jobs;
  const hint: ReconcileHint = { rerequested: true };
  // What no open pull request is asked for has to be answered too: a merged head, the record of a
  // post-mortem.
  if (jobs.length > 0) return [...jobs, { key: { ...repository, kind: "commit", sha }, hint }];
  // A fork's pull request, or a branch that nobody opened one for.
  const ref = textAt(check, "head_branch") ?? textAt(check, "check_suite", "head_branch");
  return [
    { key: { ...repository, kind: "commit", sha }, hint },
    ...(ref === undefined ? [] : [{ key: { ...repository, kind: "branch" as const, ref }, hint }]),
  ];
}

/**
 * Only a success changes anything: what is under way, failed, or made inactive by the next one is not on
 * production.
 */
function ofDeploymentStatus({ payload, repository }: Context): readonly Job[] {
  const id = numberAt(payload, "deployment", "id");
  const succeeded = textAt(payload, "deployment_status", "state") === "success";
  if (repository === null || id === undefined || !succeeded) return [];
  return [{ key: { ...repository, kind: "deployment", id }, hint: {} }];
}

const CALLBACK = /\/actions\/runs\/(\d{1,15})\/deployment_protection_rule$/;

/**
 * The address that GitHub wants the answer at names the run; nothing else of the event is needed, nor is it
 * ever asked.
 */
function ofProtectionRule({ payload, repository }: Context): readonly Job[] {
  const run = CALLBACK.exec(textAt(payload, "deployment_callback_url") ?? "")?.[1];
  return repository === null || run === undefined
    ? []
    : [{ key: { ...repository, kind: "waiting-run", run: Number(run) }, hint: {} }];
}

function ofMergeGroup({ payload, repository }: Context): readonly Job[] {
  const group = at(payload, "merge_group");
  const headSha = commitAt(group, "head_sha");
  const baseSha = commitAt(group, "base_sha");
  const baseRef = textAt(group, "base_ref")?.replace(BRANCH_REF, "");
  const headRef = textAt(group, "head_ref")?.replace(BRANCH_REF, "");
  if (repository === null || !headSha || !baseSha || !baseRef || !headRef) return [];
  return [
    { key: { ...repository, kind: "merge-group", headSha, baseSha, baseRef, headRef }, hint: { headSha } },
  ];
}

function pullRequestJob(
  repository: RepositoryKey | null,
  number: number | undefined,
  hint: ReconcileHint,
): readonly Job[] {
  return repository === null || number === undefined
    ? []
    : [{ key: { ...repository, kind: "pull-request", number }, hint }];
}

function repositoryAt(payload: unknown, installationId: number): RepositoryKey | null {
  const repository = at(payload, "repository");
  const [owner, name] = [textAt(repository, "owner", "login"), textAt(repository, "name")];
  const both = owner === undefined || name === undefined ? undefined : `${owner}/${name}`;
  const id = numberAt(repository, "id");
  return repositoryKey(installationId, id, textAt(repository, "full_name") ?? both);
}

function repositoryKey(
  installationId: number,
  id: number | undefined,
  fullName: string | undefined,
): RepositoryKey | null {
  const [owner, repo, ...more] = fullName?.split("/") ?? [];
  if (!owner || !repo || more.length > 0) return null;
  return { installationId, ...(id === undefined ? {} : { repositoryId: id }), owner, repo };
}

/** A commit's id; the zeros that stand for "none" are none. */
function commitAt(value: unknown, ...path: readonly string[]): string | undefined {
  const sha = textAt(value, ...path);
  return sha !== undefined && /^[0-9a-f]{40,64}$/.test(sha) && !/^0+$/.test(sha) ? sha : undefined;
}

function optional<K extends string>(key: K, value: string | undefined): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: string });
}
