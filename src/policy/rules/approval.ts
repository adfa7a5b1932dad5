import { eligibleHolders, nobodyCan } from "../approval/holders.ts";
import { approverRoles } from "../approval/read-approvals.ts";
import { approvalLabel } from "../approval/roles.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";

/** The severity's approval, from people who may give it, on this head (design, section 5). */
export const approval: Rule<NoOptions> = {
  meta: {
    id: "approval",
    title: "Approval",
    rationale: "A hotfix goes past the release process, so an eligible approver answers for it.",
    level: "error",
    overridable: false,
    options: NO_OPTIONS,
    messages: {
      approved: { found: "Approved by {people}", fix: "" },
      missing: {
        found: "Needs {missing} more from {roles:or}",
        fix: "Approve in a review, or set the label {labels:or}.",
      },
      "nobody-can": {
        found: "No eligible approver in {roles:or}: everyone worked on this hotfix or lacks write access",
        fix: "Add someone to a role: in its team, or under roles in .github/hotfix.yml on the default branch.",
      },
      "rollback-approved": { found: "Rollback approved by {people}", fix: "" },
      "rollback-missing": {
        found: "A rollback needs one approval",
        fix: "Anyone with write access who didn't work on it approves in a review, or a role holder sets their label.",
      },
      "no-severity": { found: "Pending severity", fix: "" },
    },
  },
  check({ snapshot, policy, hotfix }) {
    if (!hotfix.severity.known) return unknownFinding(hotfix.severity.reason);
    const severity = hotfix.severity.value.severity;
    if (severity === null || !policy.severities[severity].hotfix)
      return finding("not-applicable", "no-severity");
    const roles = approverRoles(policy, severity);
    const { counted, undecided } = hotfix.approval;
    const missing = policy.severities[severity].approvals - counted.length;
    if (missing <= 0)
      return finding("satisfied", "approved", {
        people: counted.map(({ login, role, by }) => `${login} (${role}, ${by})`),
      });
    if (undecided.length > 0) return unknownFinding(undecided.join("; "));
    const holders = eligibleHolders(roles, snapshot, policy.approval.self);
    const data = { missing, roles, labels: roles.map(approvalLabel) };
    return finding("pending", nobodyCan(holders) ? "nobody-can" : "missing", data);
  },
};
