import { evaluate } from "../../policy/evaluate.ts";
import type { Fact } from "../../policy/fact.ts";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import { writes } from "../../policy/mode.ts";
import type { Policy } from "../../policy/policy.ts";
import { type PostMortemFacts, postMortemFacts } from "../../policy/post-mortem/facts.ts";
import { MISSED_MS, REMEMBERED_MS } from "../../policy/recent.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { PolicyReading, Verdict } from "../../policy/verdict.ts";

/** What people see of facts that are still unknown. */
export type Shown = "quiet" | "retrying" | "gave-up";

/** What has landed, as the rules see it. */
export interface Landing {
  readonly snapshot: PullRequestSnapshot;
  readonly verdict: Verdict;
  readonly policy: Policy;
}

/** `again`: something could not be read yet. `nothing`: it needs no post-mortem (any more). */
export type LandingDecision =
  | { readonly do: "again" }
  | { readonly do: "nothing" }
  | { readonly do: "open"; readonly landing: Landing; readonly facts: PostMortemFacts };

const AGAIN: LandingDecision = { do: "again" };

const NOTHING: LandingDecision = { do: "nothing" };

/** A merged pull request as it was read. */
export interface MergedPullRequest {
  readonly snapshot: PullRequestSnapshot;
  readonly verdict: Verdict;
  readonly policy: PolicyReading;
  /** The app's check runs on the head. */
  readonly gates: Fact<readonly unknown[]>;
  readonly statusComment: Fact<{ readonly id: number; readonly body: string } | null>;
}

/**
 * Does a merged pull request need a post-mortem that is not there yet? An invalid configuration keeps
 * hotfixes from being merged properly, not from being learnt from: then `defaults` decide.
 */
export function decideMerged(
  { snapshot, verdict: current, policy: reading, gates, statusComment }: MergedPullRequest,
  show: Shown,
  defaults: Policy,
): LandingDecision {
  const { merged } = snapshot.pullRequest;
  if (merged === null) return NOTHING;
  if (reading.state === "unknown" || !statusComment.known) return AGAIN;
  // After a day only where the app was there before the merge: whoever installs it does not want last week's
  // hotfixes.
  const age = Date.parse(snapshot.observedAt) - Date.parse(merged.at);
  if (age > REMEMBERED_MS) return NOTHING;
  if (age > MISSED_MS && statusComment.value === null) {
    if (!gates.known) return AGAIN;
    if (gates.value.length === 0) return NOTHING;
  }
  const policy = reading.state === "valid" ? reading.policy : defaults;
  const verdict =
    reading.state === "valid" ? current : evaluate(snapshot, { state: "valid", policy, source: "defaults" });
  if (verdict.kind !== "hotfix") return verdict.unknowns.length > 0 ? AGAIN : NOTHING;
  return decide({ snapshot, verdict, policy }, verdict.unknowns.length > 0, show);
}

/**
 * Does a hotfix that was deployed before its merge need one? What was deployed a week ago does not any more.
 */
export function decideDeployedEarly(landing: Landing, show: Shown): LandingDecision {
  const { snapshot, verdict } = landing;
  if (snapshot.deployedEarly?.known === false) return AGAIN;
  const early = earlyOf(snapshot);
  if (early === null || verdict.kind !== "hotfix") return NOTHING;
  if (Date.parse(snapshot.observedAt) - Date.parse(early.at) > REMEMBERED_MS) return NOTHING;
  return decide(landing, verdict.unknowns.length > 0 || !early.gate.known, show);
}

/** Does a push of hotfix commits need one? */
export function decidePushed(landing: Landing, show: Shown): LandingDecision {
  return decide(landing, landing.verdict.unknowns.length > 0, show);
}

/** What is read late would be missing in the text for good. */
function decide(landing: Landing, unread: boolean, show: Shown): LandingDecision {
  if (!writes(landing.policy, "post-mortem")) return NOTHING;
  if (unread && show === "quiet") return AGAIN;
  const facts = postMortemFacts(landing.snapshot, landing.verdict, landing.policy);
  return facts === null ? NOTHING : { do: "open", landing, facts };
}
