import type { FixStep } from "../fix/steps.ts";
import { finding, unknownFinding } from "../rule.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import type { Finding, RuleFinding } from "../verdict.ts";
import { ownLine, rebuildSteps } from "./remake.ts";

/**
 * Where it cannot be shown that what the rules see is what a merge changes, nothing passes, whatever level
 * `branch-freshness` has, and nobody can override it: all other rules would speak of another change (design,
 * section 1.8). `null`: it is shown.
 */
export function landingFinding(snapshot: PullRequestSnapshot): RuleFinding | null {
  const found = find(snapshot);
  return found === null ? null : { ...found, rule: "branch-freshness", level: "error", override: null };
}

function find(snapshot: PullRequestSnapshot): Finding | null {
  const { landing, pullRequest, commits } = snapshot;
  if (landing === undefined) return null;
  if (!landing.known) return unknownFinding(landing.reason);
  const { value } = landing;
  if (value.shown) return null;
  const { base } = pullRequest;
  const own = commits.known ? [...ownLine(commits.value, pullRequest.head.sha)] : [];
  const single = own.filter(({ parents }) => parents.length < 2);
  const { sha } = pullRequest.head;
  const squash: readonly FixStep[] = [{ kind: "squash-branch", head: sha, message: single[0]?.sha ?? sha }];
  if (value.why === "replay-differs") {
    if (value.paths.length === 0)
      return finding("violated", "too-many-commits", { base: base.ref }, { steps: squash });
    const data = { base: base.ref, paths: value.paths.slice(0, 10) };
    return finding("violated", "replay-differs", data, { steps: squash });
  }
  if (value.why === "takes-back") {
    const fix = own.toReversed().filter((commit) => !value.shas.includes(commit.sha));
    const last = fix.find(({ message }) => !/^revert(?![\p{L}\p{N}_])/iu.test(message)) ?? fix.at(-1);
    const steps = [{ kind: "squash-branch", head: sha, message: last?.sha ?? sha } as const];
    return finding(
      "violated",
      value.why,
      { base: base.ref, pulls: value.pulls.map((one) => `#${one}`) },
      { steps },
    );
  }
  if (value.why === "queue-differs")
    return finding("violated", value.why, { base: base.ref, paths: value.paths.slice(0, 10) });
  const rebuilt = rebuildSteps(own.reverse());
  const steps = rebuilt.length > 0 ? rebuilt : squash;
  const paths = value.why === "hidden-changes" ? { paths: value.paths.slice(0, 10) } : {};
  return finding("violated", value.why, { base: base.ref, ...paths }, { steps });
}
