import type { Severity } from "./policy.ts";

/** What label and commit field say of the severity. */
export interface SeverityReading {
  /** The one severity; `null`: none, or a contradiction. */
  readonly severity: Severity | null;
  /** From `severity:*` labels that are on; more than one is a contradiction. */
  readonly labels: readonly Severity[];
  /** From the deployment message; `null`: absent or unreadable. */
  readonly field: Severity | null;
  /** The label that the app is to set from the field: `severity:P1`, or `null`. */
  readonly labelToSet: string | null;
}
