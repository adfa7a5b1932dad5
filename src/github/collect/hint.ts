import type { RawMergeSettings } from "./merge-settings.ts";

/** What an event knew, to recognize what is read as older than the event. Never evidence for a verdict. */
export interface EventHint {
  /** The pull request's `updated_at` in the newest event: an older read is stale. */
  readonly notBefore?: string;
  /** The head in the newest event, so that a gate can be shown where even the pull request cannot be read. */
  readonly headSha?: string;
  /** How the repository merges, as the event shows it. */
  readonly mergeSettings?: RawMergeSettings;
  /**
   * Names of head and base in the event that told of the head: what depends on them is read without waiting
   * for the pull request.
   */
  readonly refs?: { readonly head: string; readonly base: string };
  /** Heads that the branch had before: their green checks are to be cancelled. */
  readonly formerHeads?: readonly string[];
}
