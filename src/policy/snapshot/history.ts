import type { Account } from "./account.ts";

/** What the timeline tells, oldest first. `byApp`: done by this app as itself (design, section 8). */
export interface History {
  readonly labels: readonly LabelEvent[];
  readonly reviews: readonly Review[];
  readonly comments: readonly Comment[];
  readonly baseChangedAt: readonly string[];
  readonly reopenedAt: readonly string[];
  readonly headForcePushedAt: readonly string[];
  /** Changes of the title, oldest first: what it was before. */
  readonly renamed?: readonly { readonly at: string; readonly from: string }[];
  /** When a draft was marked as ready. */
  readonly readyAt?: readonly string[];
  /** When the app itself asked for reviews. */
  readonly reviewRequestedAt?: readonly string[];
  /** Does it wait in the merge queue? */
  readonly inMergeQueue?: boolean;
}

/** A label was set or taken off. The name is the one it had then, not the one it has now. */
export interface LabelEvent {
  readonly event: "labeled" | "unlabeled";
  readonly label: string;
  readonly actor: Account | null;
  readonly byApp: boolean;
  readonly at: string;
}

/** A review as it was submitted; `commit` is the head it was given for. */
export interface Review {
  readonly author: Account | null;
  readonly state: "approved" | "changes_requested" | "commented" | "dismissed" | "pending";
  readonly commit: string | null;
  readonly at: string;
}

/** A comment in the conversation. Edited: `updatedAt` is later than `createdAt`. */
export interface Comment {
  readonly id: number;
  readonly author: Account | null;
  readonly byApp: boolean;
  readonly body: string;
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly url: string;
}

/** A change of the head branch, by the server's clock; all zeros: the branch was not there. */
export interface ActivityEntry {
  readonly before: string;
  readonly after: string;
  readonly at: string;
  readonly type: string;
  readonly actor: Account | null;
}
