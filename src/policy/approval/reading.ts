import type { CountedApproval, Override, RefusedApproval, RefusedOverride } from "../verdict.ts";

/** Section 5, applied: which approvals count and which do not. */
export interface ApprovalReading {
  /** One a person. */
  readonly counted: readonly CountedApproval[];
  readonly refused: readonly RefusedApproval[];
  /** Approvals that could not be decided: a fact is missing. Each reason in plain words. */
  readonly undecided: readonly string[];
  /** Labels `approved:<role>` that are on and do not count, to be taken off. */
  readonly labelsToRemove: readonly string[];
  /** Labels that the app sets because an approving review counts. */
  readonly labelsToAdd: readonly string[];
  /** Logins (lower case) that may approve nothing here: author, pusher, contributors. */
  readonly contributors: ReadonlySet<string>;
}

export interface OverrideReading {
  readonly counted: readonly Override[];
  readonly refused: readonly RefusedOverride[];
  readonly undecided: readonly string[];
}
