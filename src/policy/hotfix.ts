import type { ApprovalReading, OverrideReading } from "./approval/reading.ts";
import type { HotfixCommit } from "./commit-message/fields.ts";
import type { Fact } from "./fact.ts";
import type { SeverityReading } from "./severity.ts";

/** What is derived from snapshot and policy once, for all rules. */
export interface Hotfix {
  /** The hotfix commit (or what will land in its place) and its fields; `null`: there are no commits. */
  readonly commit: Fact<HotfixCommit | null>;
  readonly severity: Fact<SeverityReading>;
  readonly approval: ApprovalReading;
  readonly overrides: OverrideReading;
}
