import type { RepositoryKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";
import { ofCheckRun, ofCheckSuite, ofMergeGroup, ofStatus } from "./concerns/check.ts";
import { type Context, repositoryKey } from "./concerns/context.ts";
import { ofDeploymentStatus, ofProtectionRule } from "./concerns/deployment.ts";
import { ofComment, ofIssue, ownCreation } from "./concerns/issue.ts";
import { ofPullRequest } from "./concerns/pull-request.ts";
import { ofPush } from "./concerns/push.ts";
import {
  ofChangedRepository,
  ofInstallation,
  ofInstalledRepositories,
  ofRepository,
} from "./concerns/repository.ts";
import { at, numberAt, textAt } from "./payload.ts";

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
      "enqueued",
      "dequeued",
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
  check_run: { actions: ["completed", "rerequested", "requested_action"], jobs: ofCheckRun },
  check_suite: { actions: ["completed", "rerequested"], jobs: ofCheckSuite },
  status: { actions: null, jobs: ofStatus },
  merge_group: { actions: ["checks_requested"], jobs: ofMergeGroup },
  member: { actions: ["added", "edited", "removed"], jobs: ofRepository },
  membership: { actions: ["added", "removed"], jobs: ofInstallation },
  team: {
    actions: ["edited", "deleted", "added_to_repository", "removed_from_repository"],
    jobs: (context) => (context.repository === null ? ofInstallation(context) : ofRepository(context)),
  },
  organization: { actions: ["member_added", "member_removed"], jobs: ofInstallation },
  repository: { actions: ["renamed", "transferred", "edited", "unarchived"], jobs: ofChangedRepository },
  repository_ruleset: {
    actions: ["created", "edited", "deleted"],
    // An organization's concerns any of its repositories.
    jobs: (context) => (context.repository === null ? ofInstallation(context) : ofRepository(context)),
  },
  branch_protection_rule: { actions: ["created", "edited", "deleted"], jobs: ofRepository },
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
export const OPTIONAL_EVENTS: readonly string[] = [
  "deployment_protection_rule",
  "deployment_status",
  "status",
];

/**
 * Only where an administrator has granted `administration: read`, which nobody is asked for
 * (docs/break-glass.md): whether the check is a gate at all is looked at again.
 */
export const ADMINISTRATION_EVENTS: readonly string[] = ["branch_protection_rule", "repository_ruleset"];

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

/** What the app itself has created, as an event tells; `null`: the event tells of something else. */
export function ownCreationOf(
  event: string,
  payload: unknown,
  { appId }: { readonly appId: number },
): ReturnType<typeof ownCreation> {
  const installationId = numberAt(payload, "installation", "id");
  if (installationId === undefined) return null;
  const action = textAt(payload, "action") ?? "";
  const repository = repositoryAt(payload, installationId);
  return ownCreation(event, { payload, action, appId, installationId, repository });
}

function repositoryAt(payload: unknown, installationId: number): RepositoryKey | null {
  const repository = at(payload, "repository");
  const [owner, name] = [textAt(repository, "owner", "login"), textAt(repository, "name")];
  const both = owner === undefined || name === undefined ? undefined : `${owner}/${name}`;
  const id = numberAt(repository, "id");
  return repositoryKey(installationId, id, textAt(repository, "full_name") ?? both);
}
