import type { HotfixCommit } from "./commit-message/fields.ts";
import { type Fact, known } from "./fact.ts";
import { type Policy, SEVERITIES, type Severity } from "./policy.ts";
import { severityOfField } from "./severity-field.ts";
import type { PullRequestFacts } from "./snapshot.ts";

/** What label and commit field say of the severity. */
export interface SeverityReading {
  /** The one severity; `null`: none, or a contradiction. */
  readonly severity: Severity | null;
  /** From `severity:*` labels that are on; more than one is a contradiction. */
  readonly labels: readonly Severity[];
  /** From the hotfix commit's message; `null`: absent or unreadable. */
  readonly field: Severity | null;
  /** The label that the app is to set from the field: `severity:P1`, or `null`. */
  readonly labelToSet: string | null;
}

const SEVERITY_PREFIX = "severity:";

/** The label that stands for a severity. */
export function severityLabel(severity: Severity): string {
  return `${SEVERITY_PREFIX}${severity}`;
}

/** The severity that a label names; label names are case-insensitive on GitHub. */
function severityOfLabel(label: string): Severity | null {
  return SEVERITIES.find((severity) => severityLabel(severity).toLowerCase() === label.toLowerCase()) ?? null;
}

/**
 * Reads label and field together. Unknown while the hotfix commit's message is: a field that was not read
 * could contradict the label. The app sets a label only from a clear field, and never next to another
 * severity label.
 */
export function readSeverity(
  { pullRequest }: { readonly pullRequest: Pick<PullRequestFacts, "labels"> },
  _policy: Policy,
  commit: Fact<HotfixCommit | null>,
): Fact<SeverityReading> {
  if (!commit.known) return commit;
  const labels = SEVERITIES.filter((severity) =>
    pullRequest.labels.some((label) => severityOfLabel(label) === severity),
  );
  const field = severityOfField(commit.value?.message.fields.Severity ?? "");
  const named = new Set(field === null ? labels : [...labels, field]);
  const [only] = named;
  return known({
    severity: named.size === 1 && only !== undefined ? only : null,
    labels,
    field,
    labelToSet: labels.length === 0 && field !== null ? severityLabel(field) : null,
  });
}
