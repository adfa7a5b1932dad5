import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Job } from "../../jobs/queue.ts";
import { at, numberAt, textAt } from "../payload.ts";
import { type Context, commitAt, optional, pullRequestJob } from "./context.ts";

/** The pull request, with what the event says of head, branches and time. */
export function ofPullRequest({ payload, action, repository }: Context): readonly Job[] {
  const pullRequest = at(payload, "pull_request");
  const former = action === "synchronize" ? commitAt(payload, "before") : undefined;
  const isLabel = ["labeled", "unlabeled"].includes(action);
  const byBot = isLabel && textAt(payload, "sender", "type") === "Bot";
  return pullRequestJob(repository, numberAt(pullRequest, "number") ?? numberAt(payload, "number"), {
    ...optional("notBefore", textAt(pullRequest, "updated_at")),
    ...optional("headSha", commitAt(pullRequest, "head", "sha")),
    ...refsOf(pullRequest),
    ...mergeSettingsOf(at(pullRequest, "base", "repo")),
    ...(textAt(pullRequest, "merged_at") === undefined ? {} : { merged: true }),
    ...(former === undefined ? {} : { formerHeads: [former] }),
    ...(isLabel || at(payload, "review") !== undefined ? { labelsAndReviews: true } : {}),
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
