import type { ReconcileHint } from "../../jobs/hint.ts";
import type { RepositoryKey } from "../../jobs/key.ts";
import type { Job } from "../../jobs/queue.ts";
import { at, listAt, numberAt, textAt } from "../payload.ts";
import { BRANCH_REF, type Context, commitAt, pullRequestJob } from "./context.ts";

const CHECK_NAMES = ["hotfix-gate", "hotfix-post-mortem"];

/** What another's check says ends on many commits; on those of open pull requests it concerns nobody here. */
function ofEnded({ appId, repository }: Context, check: unknown): readonly Job[] {
  const own = numberAt(check, "app", "id") === appId;
  return own || listAt(check, "pull_requests").length > 0
    ? []
    : landedJob(repository, commitAt(check, "head_sha"));
}

/** What a CI system without check runs says. */
export function ofStatus({ payload, repository }: Context): readonly Job[] {
  return textAt(payload, "state") === "pending" ? [] : landedJob(repository, commitAt(payload, "sha"));
}

function landedJob(repository: RepositoryKey | null, sha: string | undefined): readonly Job[] {
  return repository === null || sha === undefined
    ? []
    : [{ key: { ...repository, kind: "landed-check", sha }, hint: {}, background: true }];
}

/** A re-run of one of the app's checks, and of no other one's. */
export function ofCheckRun(context: Context): readonly Job[] {
  if (context.action === "completed") return ofEnded(context, at(context.payload, "check_run"));
  const name = textAt(context.payload, "check_run", "name");
  return name === undefined || CHECK_NAMES.includes(name)
    ? ofCheck(context, at(context.payload, "check_run"))
    : [];
}

/** A re-run of all of the app's checks on a head. */
export function ofCheckSuite(context: Context): readonly Job[] {
  if (context.action === "completed") return ofEnded(context, at(context.payload, "check_suite"));
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

/** A group of the merge queue that waits for its checks. */
export function ofMergeGroup({ payload, repository }: Context): readonly Job[] {
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
