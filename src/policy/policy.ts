import type { Weekday } from "./digest.ts";
/**
 * The policy: `.github/hotfix.yml`, resolved. Keys are the configuration's own; durations are milliseconds.
 */

export const RULE_IDS = [
  "branch-name",
  "base-branch",
  "branch-freshness",
  "commit-message",
  "severity",
  "linked-issue",
  "approval",
  "approved-by",
  "review",
  "diff-size",
  "scope",
  "dependency-changes",
  "hotfix-comment",
  "staging-tested",
  "checklist",
] as const;

/** One of `RULE_IDS`: the name of a rule in the configuration, of its file, its page and its test. */
export type RuleId = (typeof RULE_IDS)[number];

/** `error` blocks the merge, `warn` shows, `off` is not evaluated. */
export type Level = "error" | "warn" | "off";

export const SEVERITIES = ["P0", "P1", "P2", "P3"] as const;

/** One of `SEVERITIES`, `P0` being the worst. */
export type Severity = (typeof SEVERITIES)[number];

/** GitHub's repository roles, weakest first. */
export const PERMISSIONS = ["read", "triage", "write", "maintain", "admin"] as const;

/** A role in a repository that every repository has, the least first in `PERMISSIONS`. */
export type Permission = (typeof PERMISSIONS)[number];

/** Any one of `teams` and `users` qualifies a person; `permission` applies only while both are empty. */
export interface RolePolicy {
  /** Team slugs of the owner (`managers`), or `org/slug`. */
  readonly teams: readonly string[];
  readonly users: readonly string[];
  readonly permission: Permission;
}

/** What a hotfix of a severity needs. */
export interface SeverityPolicy {
  readonly hotfix: boolean;
  /** Names of roles, any of which may approve. */
  readonly approvers: readonly string[];
  /** How many people must approve. */
  readonly approvals: number;
  readonly review: "before-merge" | "after-merge" | "none";
  readonly staging: "expected" | "optional";
  /** Milliseconds; `null` where the severity does not qualify for a hotfix. */
  readonly respond_within: number | null;
}

/** Who is told when an approval is missing for so long; `notify` names roles. */
export interface EscalationStep {
  /** Milliseconds after the hotfix was opened. */
  readonly after: number;
  readonly severities: readonly Severity[];
  readonly notify: readonly string[];
}

/** One rule's level, and its options as the rule's own `meta.options` schema parsed them. */
export interface RuleSetting {
  readonly level: Level;
  readonly options: Readonly<Record<string, unknown>>;
}

/**
 * A configuration with all defaults filled in. Keys are spelled as in the file; durations are milliseconds.
 */
export interface Policy {
  readonly version: 1;
  /** `off`: the repository is left alone. */
  readonly mode: "enforce" | "observe" | "off";
  /** What is written beside the check in `observe` mode. */
  readonly observe: readonly ("comment" | "labels" | "post-mortem")[];
  readonly report_on: "all" | "hotfixes";
  readonly branches: {
    /** Globs on the head branch. */
    readonly hotfix: readonly string[];
    /** RE2 pattern the whole name is searched with. */
    readonly name: string;
    /** Allowed bases (globs); empty: the default branch. */
    readonly base: readonly string[];
    readonly back_merge: readonly string[];
  };
  readonly roles: Readonly<Record<string, RolePolicy>>;
  readonly severities: Readonly<Record<Severity, SeverityPolicy>>;
  readonly approval: { readonly by: readonly ("label" | "review")[]; readonly self: boolean };
  readonly commit: {
    readonly title: string;
    readonly require_in: "one" | "every";
    /** RE2 patterns: accepted forms of one reference in `Fixes`. */
    readonly issues: readonly string[];
  };
  /** Component name → globs. */
  readonly components: Readonly<Record<string, readonly string[]>>;
  readonly rules: Readonly<Record<RuleId, RuleSetting>>;
  readonly overrides: { readonly roles: readonly string[] };
  /** Open hotfixes of these severities hold up ordinary pull requests to their base branch. */
  readonly freeze: { readonly severities: readonly Severity[] };
  readonly escalation: readonly EscalationStep[];
  readonly post_mortem: {
    readonly due: number;
    readonly remind: readonly number[];
    readonly reopen: boolean;
    readonly repository: string | null;
    readonly template: string | null;
    readonly assign: readonly ("author" | "approver")[];
    readonly labels: readonly string[];
    readonly action_items: { readonly remind: readonly number[]; readonly as_issues: boolean };
  };
  readonly verification: {
    readonly remind_after_deploy: readonly number[];
    readonly checklists: Readonly<Record<string, readonly string[]>>;
  };
  readonly environments: readonly string[];
  readonly digest: {
    readonly to: "issue" | "slack" | null;
    readonly every: "1w";
    readonly on: Weekday;
  };
  /** Milliseconds. */
  readonly shared_file_grace: number;
  readonly communication: { readonly status_comment: boolean };
}
