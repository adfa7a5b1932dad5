import type { LabelDefinition } from "./action.ts";
import { approverRoles } from "./approval/read-approvals.ts";
import { approvalLabel } from "./approval/roles.ts";
import { type Policy, SEVERITIES, type Severity } from "./policy.ts";
import { severityLabel } from "./severity.ts";

/** Labels of the app that no role and no severity names. */
export const HOTFIX_LABEL = "hotfix";
export const POST_MORTEM_LABEL = "post-mortem";
export const POST_MORTEM_OVERDUE_LABEL = "post-mortem:overdue";
export const ROLLED_BACK_LABEL = "rolled-back";

const OWN_LABELS: readonly LabelDefinition[] = [
  { name: HOTFIX_LABEL, color: "1d76db", description: "Goes to production through the hotfix procedure" },
  { name: "severity:P0", color: "b60205", description: "Critical: complete outage, act at once" },
  {
    name: "severity:P1",
    color: "d93f0b",
    description: "High: major functionality broken, fix within 2 hours",
  },
  { name: "severity:P2", color: "fbca04", description: "Medium: degraded, use the normal release" },
  { name: "severity:P3", color: "c2e0c6", description: "Low: minor, use the normal release" },
  { name: POST_MORTEM_LABEL, color: "5319e7", description: "Post-mortem of a hotfix" },
  { name: POST_MORTEM_OVERDUE_LABEL, color: "b60205", description: "Not complete by its due time" },
  { name: ROLLED_BACK_LABEL, color: "e99695", description: "The hotfix was rolled back" },
];

/**
 * A label of the app as it is to look, by its name; of those that the configuration names, nothing is known
 * here.
 */
export function labelDefinition(name: string): LabelDefinition {
  return (
    OWN_LABELS.find((label) => label.name.toLowerCase() === name.toLowerCase()) ?? {
      name,
      color: "ededed",
      description: "",
    }
  );
}

/**
 * The labels that an open hotfix needs: its severity, or those that people may choose from where it has none,
 * and those by which people approve it. All others are made once they are to be set.
 */
export function labelsNeeded(policy: Policy, severity: Severity | null): readonly LabelDefinition[] {
  const severities =
    severity === null ? SEVERITIES.filter((one) => policy.severities[one].hotfix) : [severity];
  const names = [...severities.map(severityLabel), ...approverRoles(policy, severity).map(approvalLabel)];
  return labelDefinitions(policy).filter(({ name }) => names.includes(name));
}

/** The labels that a repository needs for its hotfixes under this policy. */
export function labelDefinitions(policy: Policy): readonly LabelDefinition[] {
  return [
    ...OWN_LABELS,
    ...Object.keys(policy.roles).map((role) => ({
      name: approvalLabel(role),
      color: "0e8a16",
      description: `Approves the current commits as ${role}; counts only from eligible approvers`.slice(
        0,
        100,
      ),
    })),
    ...policy.post_mortem.labels.map((name) => ({
      name,
      color: "bfd4f2",
      description: "Set on every post-mortem (post_mortem.labels)",
    })),
  ];
}
