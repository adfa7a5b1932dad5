import type { PullRequestSnapshot } from "../snapshot.ts";
import { earlyOf } from "./early-deployment.ts";

/**
 * The commit that landed, and what its post-mortem is recorded as: a name that stays when the repository gets
 * another one.
 */
export interface RecordPlace {
  readonly sha: string;
  readonly subject: string;
}

/** `null`: it is neither merged nor pushed. */
export function landedPlace({ origin, pullRequest }: PullRequestSnapshot): RecordPlace | null {
  if (origin.kind === "push") return { sha: origin.push.after, subject: `@${origin.push.after}` };
  return pullRequest.merged === null || origin.kind !== "pull-request"
    ? null
    : { sha: pullRequest.head.sha, subject: `#${origin.number}` };
}

/**
 * What was deployed before that: the head may be another by the time of the merge, and so may the pull
 * request.
 */
function earlyPlace(snapshot: PullRequestSnapshot): RecordPlace | null {
  const early = earlyOf(snapshot);
  return early === null ? null : { sha: early.sha, subject: EARLY };
}

export const EARLY = "deployment";

/** The commits on which it is recorded that the post-mortem was opened. */
export function recordPlaces(snapshot: PullRequestSnapshot): readonly RecordPlace[] {
  return [landedPlace(snapshot), earlyPlace(snapshot)].filter((at) => at !== null);
}

/** Each place once. */
export function uniquely(places: readonly RecordPlace[]): readonly RecordPlace[] {
  return [...new Map(places.map((at) => [`${at.sha} ${at.subject}`, at])).values()];
}
