import type { Fact } from "./fact.ts";

const STATES = ["QUEUED", "AWAITING_CHECKS", "MERGEABLE", "UNMERGEABLE", "LOCKED"] as const;
/** How GitHub calls the state of an entry (GraphQL: `MergeQueueEntryState`). */
export type QueueState = (typeof STATES)[number];

/**
 * Where a pull request stood in the merge queue when it was read: nothing tells the app when the queue moves.
 */
export interface QueueEntry {
  /** 1: next. */
  readonly position: number;
  /** `null`: one that this app does not know. */
  readonly state: QueueState | null;
  /** What GitHub estimates until it is merged; `null`: it does not say. */
  readonly secondsLeft: number | null;
  readonly queuedAt: string;
  /** GitHub's clock when that was read. */
  readonly asOf: string;
}

/** A state as GitHub names it. */
export function queueState(name: unknown): QueueState | null {
  return STATES.find((one) => one === name) ?? null;
}

/** That it waits in the queue, and where if that could be read; not set: it does not. */
export function queueOf(entry: Fact<QueueEntry | null> | undefined): { queue?: QueueEntry | "unread" } {
  if (entry === undefined || (entry.known && entry.value === null)) return {};
  return { queue: entry.known && entry.value !== null ? entry.value : "unread" };
}
