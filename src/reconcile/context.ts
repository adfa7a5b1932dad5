import { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import type { GitHubClient, GitHubClients } from "../github/api/client.ts";
import type { PostMortem } from "../github/apply/apply.ts";
import type { RepositoryKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";
import type { Watch } from "../jobs/watch-list.ts";
import type { RetryTimes } from "./retry.ts";

/** What every reconciliation needs. */
export interface ReconcileContext {
  readonly clients: GitHubClients;
  readonly log: Pick<Logger, "debug" | "info" | "warn" | "error">;
  /** Where the pages about rules are, without a slash at the end. */
  readonly docsUrl: string;
  /** Puts further work in the queue. */
  enqueue(job: Job): void;
  /** Counts verdicts as they are shown. */
  onVerdict?(outcome: string): void;
  /** Tells people outside GitHub, in plain text; absent: nobody is told. Never throws, never waits. */
  readonly announce?: ((text: string) => void) | undefined;
  readonly memory: ReconcileMemory;
  /** Is told what was seen and when something is due, so that the sweep need not look for it. */
  readonly watch: Pick<Watch, "seen" | "over">;
  readonly retryTimes: RetryTimes;
}

/** What saves requests and is no loss when it is gone. */
export interface ReconcileMemory {
  /** Former heads, `owner/repo@sha`, on which no green check is left. */
  readonly cleared: LRUCache<string, true>;
  /** Hotfixes whose approvers were asked: GitHub's timeline may not show it yet. */
  readonly asked: LRUCache<string, true>;
  /** Post-mortems that were opened, by commit and subject: GitHub's lists may not show them yet. */
  readonly opened: LRUCache<string, PostMortem>;
}

export function createMemory(): ReconcileMemory {
  return {
    cleared: new LRUCache({ max: 20_000 }),
    asked: new LRUCache({ max: 20_000 }),
    opened: new LRUCache({ max: 1_000 }),
  };
}

/** A repository as one installation sees it. */
export interface Place {
  readonly client: GitHubClient;
  readonly repo: { readonly owner: string; readonly repo: string };
}

export function headKey({ owner, repo }: Place["repo"], sha: string): string {
  return `${owner}/${repo}@${sha}`.toLowerCase();
}

/** The place as the queue's keys have it. */
export function keyOf({ client, repo }: Place): RepositoryKey {
  return { installationId: client.installationId, owner: repo.owner, repo: repo.repo };
}

/** Has these pull requests looked at. */
export function enqueueAll(
  context: ReconcileContext,
  place: Place,
  pullRequests: readonly { readonly number: number }[],
): void {
  for (const { number } of pullRequests)
    context.enqueue({ key: { ...keyOf(place), kind: "pull-request", number }, hint: {} });
}
