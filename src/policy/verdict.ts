import type { FixStep } from "./fix/steps.ts";
import type { QueueEntry } from "./merge-queue.ts";
import type { Level, Policy, RuleId, Severity } from "./policy.ts";
import type { Account } from "./snapshot/account.ts";
import type { BackMergeProof, RollbackProof } from "./snapshot/proof.ts";
import type { FrozenFor } from "./snapshot.ts";

/**
 * What a finding may carry into its message: foreign text stays a value here and is neutralized where it is
 * rendered.
 */
export type MessageData = Readonly<Record<string, string | number | readonly string[]>>;

/** How a rule stands. Those that let a merge pass are `satisfied`, `overridden` and `not-applicable`. */
export type FindingState =
  | "satisfied"
  | "violated"
  /** Nothing is wrong; a person still has to do something. */
  | "pending"
  /** Violated, and someone who may has let it pass. */
  | "overridden"
  | "not-applicable"
  /** A fact that it needs could not be read. */
  | "unknown";

/** Where GitHub shows the finding in the diff. */
export interface Annotation {
  readonly path: string;
  readonly startLine: number;
  readonly endLine: number;
  readonly level: "failure" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
}

/** What a rule found. `code` is one of the reason codes in the rule's `meta.messages`. */
export interface Finding {
  readonly state: FindingState;
  readonly code: string;
  readonly data: MessageData;
  readonly annotations: readonly Annotation[];
  /** What git or the GitHub CLI can do to fix it; `fixBlock` makes one block of the steps of all findings. */
  readonly steps: readonly FixStep[];
  /** The rule whose fix fixes this as well. */
  readonly follows?: RuleId;
}

/** A rule that somebody let pass by `/hotfix override`, and who, when, why and where. */
export interface Override {
  readonly rule: RuleId;
  readonly reason: string;
  readonly by: string;
  readonly at: string;
  readonly commentUrl: string;
}

/** A `/hotfix unfreeze` that counts. The reason is foreign text. */
export interface Unfreeze {
  readonly by: string;
  readonly at: string;
  readonly reason: string;
  readonly commentUrl: string;
}

/** A `/hotfix override` that is not counted, and why (a code of `OVERRIDE_REFUSALS`). */
export interface RefusedOverride {
  /** As written: may be no rule's id. */
  readonly rule: string;
  readonly by: string | null;
  readonly commentId: number;
  readonly code: string;
}

/** A finding with the rule that made it, at the level the policy gives it. */
export interface RuleFinding extends Finding {
  readonly rule: RuleId;
  readonly level: Exclude<Level, "off">;
  /** Why a rule was let pass; set where `state` is `overridden`. */
  readonly override: Override | null;
}

/** An approval that counts; `at` is when it was given. */
export interface CountedApproval {
  readonly login: string;
  readonly role: string;
  readonly by: "label" | "review";
  readonly at: string;
}

/** An approval that is not counted. `code` is one of `APPROVAL_REFUSALS`. */
export interface RefusedApproval {
  readonly by: "label" | "review";
  readonly login: string | null;
  /** The role the label names, or that the reviewer holds. */
  readonly role: string;
  readonly code: string;
  readonly at: string;
  /** The label is on and is to be taken off. */
  readonly labelIsOn: boolean;
}

/** What the procedure takes a pull request for. `ordinary` and `back-merge` are skipped. */
export type PullRequestKind = "ordinary" | "hotfix" | "rollback" | "back-merge";

/** The outcome, worst first when several pull requests share a head (`WORST_FIRST`). */
export type Outcome = "failure" | "unknown" | "action_required" | "neutral" | "success" | "skipped";
export const WORST_FIRST: readonly Outcome[] = [
  "failure",
  "unknown",
  "action_required",
  "neutral",
  "success",
  "skipped",
];

/** A problem in the configuration, where it stands, and how to fix it. */
export interface ConfigProblem {
  /** `.github/hotfix.yml`, or `owner/.github:.github/hotfix.yml`. */
  readonly file: string;
  /** 1-based; `null` where the problem has no place (not UTF-8, too large). */
  readonly line: number | null;
  readonly column: number | null;
  /** Dotted path of the key, `""` for the whole file. */
  readonly key: string;
  /** What is wrong. */
  readonly message: string;
  /** How to fix it. */
  readonly fix: string;
}

/** The policy, or why there is none. An API error is never "no file". */
export type PolicyReading =
  | {
      readonly state: "valid";
      readonly policy: Policy;
      readonly source: string;
      /** A shared file is not valid: this is by its last valid version, which holds so long (ISO 8601). */
      readonly lastValid?: { readonly file: string; readonly until: string };
      /** What is valid and hardly meant; not set: nothing. */
      readonly warnings?: readonly ConfigProblem[];
    }
  | { readonly state: "invalid"; readonly problems: readonly ConfigProblem[] }
  | { readonly state: "unknown"; readonly reason: string };

/**
 * A pull request that changes the configuration is told whether the new file is valid; the old one decides.
 */
export interface ProposedConfig {
  readonly problems: readonly ConfigProblem[];
  /** What is valid and hardly meant, in its own file; not set: nothing. */
  readonly warnings?: readonly ConfigProblem[];
  /** Whoever proposes it has no write access: it was not looked at. */
  readonly unread?: true;
  /** It extends another file than the default branch does, which was not read. */
  readonly alone?: true;
  /** Of two files, which are ambiguous, it keeps one. */
  readonly leavesOne?: true;
}

/** What the gate says about one snapshot under one policy. The same two give the same one. */
export interface Verdict {
  readonly kind: PullRequestKind;
  readonly outcome: Outcome;
  /** In `observe` mode the outcome is `neutral`; this is what it would have been. */
  readonly wouldBe: Outcome;
  readonly severity: Severity | null;
  /** In the order of the registry; empty where the kind has no rules. */
  readonly findings: readonly RuleFinding[];
  readonly approvals: {
    readonly counted: readonly CountedApproval[];
    readonly refused: readonly RefusedApproval[];
    /** Roles any of which may approve; empty where no approval is asked for. */
    readonly roles: readonly string[];
    /** How many people are still missing. */
    readonly missing: number;
    /** Who could still give one, by role; `null`: could not be read, or known only by permission. */
    readonly holders: Readonly<Record<string, readonly string[] | null>>;
    /** Nobody but people who may not approve holds a role: the hotfix cannot be approved as things stand. */
    readonly nobodyCan: boolean;
    /**
     * The repository permission that gives a role, for roles that the configuration fills with nobody by
     * name.
     */
    readonly permissions?: Readonly<Record<string, string>>;
  };
  /** Commands that fix all that blocks and that git can fix, in one block to copy; empty: nothing. */
  readonly fixBlock: readonly string[];
  /** The same for warnings, each by itself: who heeds one pushes a new head, which ends approvals. */
  readonly warningBlocks: readonly { readonly rule: RuleId; readonly commands: readonly string[] }[];
  readonly overrides: readonly Override[];
  readonly refusedOverrides: readonly RefusedOverride[];
  /** What could not be read, each once, in plain words. */
  readonly unknowns: readonly string[];
  /** Those of `unknowns` that no further look will fix. */
  readonly neverKnown: readonly string[];
  /** What people have to do instead, as in "the author has to …". */
  readonly waysOut?: readonly string[];
  /** Things worth knowing that block nothing. Reason code and data, as in findings (`NOTICES`). */
  readonly notices: readonly { readonly code: string; readonly data: MessageData }[];
  readonly configProblems: readonly ConfigProblem[];
  readonly proposedConfig: ProposedConfig | null;
  /** The hotfix that a rollback takes back. */
  readonly rollbackOf: RollbackProof | null;
  /** The hotfix that a back-merge brings, where that is told by its change; not set: by its commits. */
  readonly backMergeOf?: BackMergeProof;
  readonly author: Account | null;
  /** Of an ordinary pull request: the hotfix that it has to wait for. */
  readonly frozenFor?: FrozenFor;
  /** Of an open hotfix: what it freezes; `null`: nothing. Not set where nothing is ever frozen. */
  readonly freeze?: FrozenFor | null;
  /** Who ended the freeze and why; not set: nobody. */
  readonly unfrozen?: Unfreeze;
  /** It waits in the merge queue, and where; `unread`: that could not be read. Not set: it does not. */
  readonly queue?: QueueEntry | "unread";
}

/** Conclusions with which GitHub lets a required check pass. */
const PASSING: readonly string[] = ["success", "neutral", "skipped"];

/** Does a check with this conclusion let a merge pass on GitHub? */
export function isPassing({ conclusion }: { readonly conclusion: string | null }): boolean {
  return conclusion !== null && PASSING.includes(conclusion);
}
