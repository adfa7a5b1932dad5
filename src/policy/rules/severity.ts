import { isMissing } from "../commit-message/left-over.ts";
import { SEVERITIES } from "../policy.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import { readSeverityField, severityLabel } from "../severity.ts";
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
      ok: { found: "{severity}", mend: "" },
      "from-field": { found: "{severity}, from the commit; the app sets the label {label}", mend: "" },
      none: {
        found: "No severity: neither a label nor a clear field in the commit",
        mend: "Set the label {labels:or}. P0: the service is completely down, or there is a security vulnerability. P1: major functionality is broken for more than 50 % of the users, or revenue is affected. Anything less is no hotfix.",
      },
      "two-in-field": {
        found: "The field Severity says {text}, which names two severities: that is none",
        mend: "Leave the one that is right, in the commit: Severity: P1. What it was before may stand behind it in brackets: P1 (was P0).",
      },
      "unclear-field": {
        found: "The field Severity says {text}, which does not begin with a clear P0 to P3{odd:prose}",
        mend: "Begin the field with the severity: Severity: P1 – high. Or set the label {labels:or}.",
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
      if (label !== undefined && field !== null)
        return finding("violated", "contradiction", { label, field });
      const said = hotfix.deployment.known ? hotfix.deployment.value?.message.fields.Severity : undefined;
      const unclear = readSeverityField(said ?? "").unclear;
      const several = unclear === "several" && !TEMPLATE.test(said ?? "");
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
