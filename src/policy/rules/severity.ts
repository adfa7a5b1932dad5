import { SEVERITIES } from "../policy.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import { severityLabel } from "../severity.ts";

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
      ok: { found: "{severity}", mend: "" },
      "from-field": { found: "{severity}, from the commit; the app sets the label {label}", mend: "" },
      none: {
        found: "No severity: neither a label nor a clear field in the commit",
        mend: "Set the label {labels:or}. P0: the service is completely down, or there is a security vulnerability. P1: major functionality is broken for more than 50 % of the users, or revenue is affected. Anything less is no hotfix.",
      },
      "several-labels": {
        found: "More than one severity: {labels}",
        mend: "Take off all labels but the one that is right. Approvals given before that have to be given again.",
      },
      contradiction: {
        found: "The label says {label}, the commit says {field}",
        mend: "Set the label that is right, or amend the commit: both have to say the same.",
      },
      "not-hotfixable": {
        found: "{severity} is not hotfixed",
        mend: "Use the normal release: close this pull request and open one from an ordinary branch. It is a hotfix only if the service is completely down (P0), there is a security vulnerability (P0), major functionality is broken for more than 50 % of the users (P1), or revenue is affected (P1); fewer than 5 % of the users: the next release. If that is so, set {labels:or} and say the same in the commit.",
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
      return label === undefined || field === null
        ? finding("violated", "none", { labels: usable })
        : finding("violated", "contradiction", { label, field });
    }
    if (!policy.severities[settled].hotfix)
      return finding("violated", "not-hotfixable", { severity: settled, labels: usable });
    return labelToSet === null
      ? finding("satisfied", "ok", { severity: settled })
      : finding("satisfied", "from-field", { severity: settled, label: labelToSet });
  },
};
