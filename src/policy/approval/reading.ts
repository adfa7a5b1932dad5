import type { Fact } from "../fact.ts";
import type { AccountName } from "../snapshot/account.ts";
import type {
  CountedApproval,
  Override,
  RefusedApproval as RefusedApprovalRecord,
  RefusedOverride,
} from "../verdict.ts";

/** Section 5, applied: which approvals count and which do not. */
export interface ApprovalReading {
  /** Valid approvals that the severity accepts, oldest first, one a person. */
  readonly counted: readonly CountedApproval[];
  readonly refused: readonly RefusedApprovalRecord[];
  /** Approvals that could not be decided because a fact is missing. Each reason in plain words. */
  readonly undecided: readonly string[];
  /** Labels `approved:<role>` that are on and do not count, to be taken off. */
  readonly labelsToRemove: readonly string[];
  /** Labels that the app sets because an approving review counts. */
  readonly labelsToAdd: readonly string[];
}

/** The overrides given on a pull request: those that count, those that do not, and what could not be read. */
export interface OverrideReading {
  readonly counted: readonly Override[];
  readonly refused: readonly RefusedOverride[];
  readonly undecided: readonly string[];
}

/** What ties a person to the change, so that this person's word about it is not counted. */
export type Involvement = "author" | "pusher" | "contributor";

/**
 * How somebody stands to the change; `null`: not involved. Unknown while commits, activity or profile are.
 */
export type InvolvementOf = (who: AccountName) => Fact<Involvement | null>;
