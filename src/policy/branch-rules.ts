/**
 * Does GitHub ask for `hotfix-gate` before anything lands on a branch? Anybody with write access can set a
 * check of any name, so it counts only from this app (GitHub's documentation, "About protected branches").
 * `pinned`: from this app. `bypassable`: it is required, and everybody with write access may bypass that.
 * `any-source`: from whoever sets it. `other-app`: from an app that is not this one.
 */
export const GATE_REQUIREMENTS = [
  "pinned",
  "bypassable",
  "any-source",
  "other-app",
  "not-required",
  "unknown",
] as const;

/** One of `GATE_REQUIREMENTS`. */
export type GateRequirement = (typeof GATE_REQUIREMENTS)[number];

/** What rulesets and classic protection ask for before something lands on a branch. */
export interface BranchRules {
  readonly gate: GateRequirement;
  /** Approving reviews, of whatever kind, before any merge; 0: none. Classic protection does not tell. */
  readonly reviews: number;
  /** Merges go through a merge queue. */
  readonly mergeQueue: boolean;
}

/**
 * A ruleset beside the ones that are there, as GitHub's API takes it: it requires the check from this app
 * alone.
 */
export function gateRuleset(branch: string, appId: number | "<APP_ID>") {
  return {
    name: "hotfix-gate",
    target: "branch",
    enforcement: "active",
    conditions: { ref_name: { include: [`refs/heads/${branch}`], exclude: [] } },
    rules: [
      {
        type: "required_status_checks",
        parameters: {
          strict_required_status_checks_policy: false,
          required_status_checks: [{ context: "hotfix-gate", integration_id: appId }],
        },
      },
    ],
  };
}
