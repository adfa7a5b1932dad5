import type { LRUCache } from "lru-cache";
import type { Logger } from "pino";
import type { GitHubClient, GitHubClients } from "../github/api/client.ts";
import { remembered } from "../github/api/memory.ts";
import { headIdentity, knownId } from "../github/api/repositories.ts";
import type { PostMortem } from "../github/apply/apply.ts";
import type { RepositoryKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";
import type { Watch } from "../jobs/watch-list.ts";
import type { GateRequirement } from "../policy/branch-rules.ts";
import type { Doubles } from "./doubles.ts";
import type { RetryTimes } from "./retry.ts";

/** What every reconciliation needs. */
export interface ReconcileContext {
  readonly clients: GitHubClients;
  readonly log: Pick<Logger, "debug" | "info" | "warn" | "error">;
  /** Where the pages about rules are, without a slash at the end. */
  readonly docsUrl: string;
  /** Puts further work in the queue; resolves when it is kept there. */
  enqueue(job: Job): Promise<void>;
  /** Counts verdicts as they are shown, and what the base branch asks of the check where that is known. */
  onVerdict?(outcome: string, requirement?: GateRequirement): void;
  /** Tells people outside GitHub, in plain text; absent: nobody is told. Never throws, never waits. */
  readonly announce?: ((text: string) => void) | undefined;
  readonly memory: ReconcileMemory;
  /** Is told what was seen and when something is due, so that the sweep need not look for it. */
  readonly watch: Pick<Watch, "seen" | "over" | "wants" | "landedAs">;
  readonly retryTimes: RetryTimes;
  /** Is told what was created; absent: instances share their work, or nobody else is looked for. */
  readonly doubles?: Doubles | undefined;
}

/** What saves requests and is no loss when it is gone. */
export interface ReconcileMemory {
  /** Former heads, `owner/repo@sha`, on which no green check is left. */
  readonly cleared: LRUCache<string, string>;
  /**
   * What was told about a pull request (`gate/told.ts`): the check that records it may not be written yet.
   */
  readonly told: LRUCache<string, string>;
  /** What was last said to a waiting run, by run, attempt and environment. */
  readonly said: LRUCache<string, string>;
  /**
   * Runs that wait for others (people who review it at the environment, a timer) although the gate has
   * decided, with the environments that were guarded then. Some wait for weeks, and each look costs some ten
   * requests. Their next job and their next attempt ask in an event; lost ones are found when this is over.
   */
  readonly settled: LRUCache<string, string>;
  /** Post-mortems that were opened, by commit and subject: GitHub's lists may not show them yet. */
  readonly opened: LRUCache<string, PostMortem>;
}

/** An empty memory, for one process. */
export function createMemory(): ReconcileMemory {
  const holder = {};
  return {
    cleared: remembered<string>("cleared heads")(holder),
    told: remembered<string>("told")(holder),
    said: remembered<string>("said of runs")(holder),
    settled: remembered<string>("settled runs")(holder),
    opened: remembered<PostMortem>("opened post-mortems")(holder),
  };
}

/** A repository as one installation sees it. */
export interface Place {
  readonly client: GitHubClient;
  readonly repo: { readonly owner: string; readonly repo: string };
}

/** What tells a commit of the place from all others. */
export function headKey({ client, repo }: Place, sha: string): string {
  return headIdentity(client, repo, sha);
}

/** The place as the queue's keys have it. */
export function keyOf({ client, repo }: Place): RepositoryKey {
  const repositoryId = knownId(client, repo);
  const { installationId } = client;
  return { installationId, ...(repositoryId === undefined ? {} : { repositoryId }), ...repo };
}
