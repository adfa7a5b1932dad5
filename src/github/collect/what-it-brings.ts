import { isHotfixLike } from "../../policy/classify.ts";
import { known, unknown } from "../../policy/fact.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PullRequestFacts } from "../../policy/snapshot.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import type { OfHead } from "./ahead.ts";
import { readChanges } from "./git/changes.ts";
import { readSince } from "./git/comparison.ts";
import { readBackMerge } from "./landing/back-merge.ts";
import { readModes } from "./landing/modes.ts";
import { readWouldLand } from "./landing/would-land.ts";
import type { PullRequestReading } from "./pull-request/pull-request.ts";
import { type RollbackReading, readRollback } from "./rollback.ts";

/** Of what is read of hotfixes alone. */
export const NOT_A_HOTFIX = unknown("not read, as the pull request is no hotfix");

/**
 * What the pull request brings, and what the gate has said of it: read before anything else is known of it.
 */
export async function readWhatItBrings(
  client: GitHubClient,
  repo: Repo,
  reading: PullRequestReading,
  policy: Policy | null,
  of: OfHead,
) {
  const { number, pullRequest } = reading;
  const hotfixLike = policy !== null && isHotfixLike(heading(pullRequest), policy);
  const changing = of
    .compared()
    .then((compared) => readChanges(client, repo, number, pullRequest, hotfixLike, compared));
  const [changes, gates, backMerge] = await Promise.all([
    changing,
    of.gates(),
    hotfixLike
      ? changing.then(({ compared }) => readBackMerge(client, repo, reading, compared, policy))
      : { inProduction: NOT_A_HOTFIX },
    hotfixLike ? of.activity() : null,
  ]);
  const { compared } = changes;
  // For what is no hotfix by name, being a rollback is decided first; a hotfix has to be one only where it
  // does not pass.
  const rollback: RollbackReading =
    policy !== null && !hotfixLike
      ? await readRollback(client, repo, reading, compared, policy)
      : { rollbackOf: known(null) };
  const { rollbackOf } = rollback;
  const inDepth = hotfixLike || (rollbackOf.known && rollbackOf.value !== null);
  const whole =
    inDepth && !hotfixLike && !changes.commits.known
      ? await readChanges(client, repo, number, pullRequest, true, compared)
      : changes;
  const since = inDepth ? await readSince(client, repo, pullRequest, compared) : null;
  const lands =
    inDepth && pullRequest.state === "open"
      ? await readWouldLand(client, repo, reading, whole, since)
      : { files: whole.files, change: NOT_A_HOTFIX };
  const change = await readModes(client, repo, { gates, number, base: pullRequest.base.ref, ...lands });
  return { changes, compared, gates, backMerge, rollback, inDepth, hotfixLike, since, whole, lands, change };
}

/** See `readWhatItBrings`. */
export type Brought = Awaited<ReturnType<typeof readWhatItBrings>>;

/** By what a pull request shows itself to be a hotfix. */
export function heading({ head, title, labels }: PullRequestFacts) {
  return { headRef: head.ref, title, labels };
}
