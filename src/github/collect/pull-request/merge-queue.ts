import { type Fact, known } from "../../../policy/fact.ts";
import { type QueueEntry, queueState } from "../../../policy/merge-queue.ts";
import { type PullRequestSnapshot, pullRequestNumber } from "../../../policy/snapshot.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read, UnexpectedAnswer } from "../../api/read.ts";

/** Only GraphQL tells it (Enterprise Server since 3.8). */
const QUERY = `query ($owner: String!, $name: String!, $number: Int!) {
  repository(owner: $owner, name: $name) {
    pullRequest(number: $number) {
      mergeQueueEntry { position state estimatedTimeToMerge enqueuedAt }
    }
  }
}`;

/** What GraphQL answers; `estimatedTimeToMerge` is in seconds, and may be null. */
interface Answer {
  readonly repository?: {
    readonly pullRequest?: {
      readonly mergeQueueEntry?: {
        readonly position?: unknown;
        readonly state?: unknown;
        readonly estimatedTimeToMerge?: unknown;
        readonly enqueuedAt?: unknown;
      } | null;
    } | null;
  } | null;
}

/**
 * Where an open pull request stands in the merge queue; `null`: it left it. Asked only where its timeline
 * says that it waits there.
 */
export async function readQueueEntry(
  client: GitHubClient,
  repo: Repo,
  snapshot: PullRequestSnapshot,
): Promise<Fact<QueueEntry | null>> {
  const { history, pullRequest } = snapshot;
  const number = pullRequestNumber(snapshot);
  const waits = pullRequest.state === "open" && history.known && history.value.inMergeQueue === true;
  if (number === null || !waits) return known(null);
  return read("its place in the merge queue", async () => {
    const variables = { owner: repo.owner, name: repo.repo, number };
    const { repository } = await client.octokit.graphql<Answer>(QUERY, variables);
    if (!repository?.pullRequest) throw new UnexpectedAnswer("a pull request that is not there");
    const entry = repository.pullRequest.mergeQueueEntry ?? null;
    if (entry === null) return null;
    const { position, enqueuedAt, estimatedTimeToMerge: left } = entry;
    if (typeof position !== "number" || typeof enqueuedAt !== "string")
      throw new UnexpectedAnswer("an entry of the merge queue without a position");
    return {
      position,
      state: queueState(entry.state),
      secondsLeft: typeof left === "number" && left >= 0 ? left : null,
      queuedAt: enqueuedAt,
      asOf: client.serverTime().toISOString(),
    };
  });
}
