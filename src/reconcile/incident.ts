import type { Policy } from "../policy/policy.ts";
import type { PullRequestSnapshot } from "../policy/snapshot.ts";
import type { Verdict } from "../policy/verdict.ts";
import type { Place } from "./context.ts";
import type { Evaluated } from "./evaluate/pull-request.ts";

/** What a post-mortem is about, read and evaluated as at the merge. */
export interface Incident {
  /** The repository of the hotfix, which need not be the issue's. */
  readonly place: Place;
  readonly policy: Policy;
  readonly snapshot: PullRequestSnapshot;
  readonly verdict: Verdict;
  /** `null`: it was pushed, or deployed from its branch, without a pull request. */
  readonly pullRequest: Evaluated | null;
}
