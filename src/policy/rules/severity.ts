import { isMissing } from "../commit-message/left-over.ts";
import { SEVERITIES } from "../policy.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import { severityLabel } from "../severity.ts";
import { readSeverityField } from "../severity-field.ts";
import { oddCharacter } from "../text/look-alikes.ts";

/** What the procedure's template says. */
const TEMPLATE = /^\s*P0 ?\/ ?P1\s*$/i;

/** One severity, the same in label and commit, and one that may be hotfixed. */
export const severity: Rule<NoOptions> = {
  meta: {
    id: "severity",
    title: "Severity",
    rationale:
      "The severity says who may approve and how much may be skipped, and whether it is a hotfix at all.",
    level: "error",
    overridable: false,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "{severity}", fix: "" },
      "from-field": { found: "{severity}", fix: "" },
      none: {
        found: "No severity in a label or in the hotfix commit",
        fix: "Set the label {labels:or}. P0: service completely down, or a security vulnerability. P1: major functionality broken for more than 50% of users, or revenue impact. Anything less is not a hotfix.",
      },
      "two-in-field": {
        found: "Severity says {text}: two severities count as none",
        fix: "Keep one in the commit, such as Severity: P1 or Severity: P1 (was P0).",
      },
      "unclear-field": {
        found: "Severity says {text}, which is not clearly one of P0 to P3{odd:prose}",
        fix: "Write the severity alone, or put what explains it behind a dash, such as Severity: P1 – payments fail. Or set the label {labels:or}.",
      },
      "several-labels": {
        found: "More than one severity: {labels}",
        fix: "Remove all but one. Approvals have to be given again.",
      },
      contradiction: {
        found: "The label says {label}, the commit says {field}",
        fix: "Change the label or amend the commit; they have to match.",
      },
      "not-hotfixable": {
        found: "{severity} doesn't qualify for a hotfix",
        fix: "Use the normal release: close this pull request and open one from an ordinary branch. Is the service completely down (P0), is there a security vulnerability (P0), is major functionality broken for more than 50% of users (P1), or is revenue affected (P1)? Then set {labels:or} and say the same in the commit. Below 5% of users: next release.",
      },
    },
  },
  check({ policy, hotfix }) {
    if (!hotfix.severity.known) return unknownFinding(hotfix.severity.reason);
    const { severity: settled, labels, field, labelToSet } = hotfix.severity.value;
    const usable = SEVERITIES.filter((name) => policy.severities[name].hotfix).map(severityLabel);
    if (labels.length > 1)
      return finding("violated", "several-labels", { labels: labels.map(severityLabel) });
    if (settled === null) {
      const [label] = labels;
      if (label !== undefined && field !== null)
        return finding("violated", "contradiction", { label, field });
      const said = hotfix.commit.known ? hotfix.commit.value?.message.fields.Severity : undefined;
      const several = readSeverityField(said ?? "") === "several" && !TEMPLATE.test(said ?? "");
      if (said === undefined || (!several && isMissing("Severity", said)))
        return finding("violated", "none", { labels: usable });
      const odd = oddCharacter(said);
      return finding("violated", several ? "two-in-field" : "unclear-field", {
        text: said.slice(0, 100),
        odd: odd === null ? [] : [`: ${odd}`],
        labels: usable,
      });
    }
    if (!policy.severities[settled].hotfix)
      return finding("violated", "not-hotfixable", { severity: settled, labels: usable });
    return labelToSet === null
      ? finding("satisfied", "ok", { severity: settled })
      : finding("satisfied", "from-field", { severity: settled, label: labelToSet });
  },
};
