import { eligibleHolders, nobodyCan } from "./approval/holders.ts";
import { approverRoles, readApprovals } from "./approval/read-approvals.ts";
import { readOverrides } from "./approval/read-overrides.ts";
import { isPermissionRole, missingTeams, noSuchTeam } from "./approval/roles.ts";
import { classify } from "./classify.ts";
import { readHotfixCommit } from "./commit-message/hotfix-commit.ts";
import { blocksOf } from "./fix/block.ts";
import { withFollows } from "./fix/follows.ts";
import { fixesConfiguration } from "./fixes-configuration.ts";
import { freezing, waitsFor } from "./freeze.ts";
import type { Hotfix } from "./hotfix.ts";
import { landingFinding } from "./landing/landing-finding.ts";
import { queueOf } from "./merge-queue.ts";
import { freezeNotices, noticesOf, rollbackNotices, sharedFileNotice } from "./notices.ts";
import type { Policy } from "./policy.ts";
import { missingForRollback, rollbackFinding } from "./rollback-approval.ts";
import type { RuleInput } from "./rule.ts";
import { RULES } from "./rules/registry.ts";
import { readSeverity } from "./severity.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import { TooMuchWork, withinWork } from "./text/work.ts";
import { neverKnownOf, unknownsOf } from "./unread.ts";
import type {
  ConfigProblem,
  Finding,
  Outcome,
  Override,
  PolicyReading,
  ProposedConfig,
  RuleFinding,
  Verdict,
} from "./verdict.ts";

/** What is derived once for all rules. */
export function readHotfix(snapshot: PullRequestSnapshot, policy: Policy): Hotfix {
  const commit = readHotfixCommit(snapshot, policy);
  const severity = readSeverity(snapshot, policy, commit);
  const settled = severity.known ? severity.value.severity : null;
  return {
    commit,
    severity,
    approval: readApprovals(snapshot, policy, settled),
    overrides: readOverrides(snapshot, policy),
  };
}

/**
 * The verdict on one pull request: from what is known, by the policy of the default branch, and nothing else.
 * The same snapshot gives the same verdict. A fact that is unknown never lets anything pass.
 */
export function evaluate(
  snapshot: PullRequestSnapshot,
  reading: PolicyReading,
  proposedConfig: ProposedConfig | null = null,
): Verdict {
  const blank = { ...BLANK, proposedConfig, author: snapshot.pullRequest.author };
  if (reading.state === "unknown")
    return { ...blank, outcome: "unknown", wouldBe: "unknown", unknowns: [reading.reason] };
  if (reading.state === "invalid") {
    if (fixesConfiguration(snapshot, proposedConfig)) return blank;
    return { ...blank, outcome: "failure", wouldBe: "failure", configProblems: reading.problems };
  }
  try {
    const alone = withinWork(MOST_STEPS, () => evaluateBy(reading.policy, snapshot, blank));
    const verdict = { ...alone, notices: [...sharedFileNotice(reading), ...alone.notices] };
    const teams = verdict.wouldBe === "unknown" ? teamProblems(verdict, snapshot, reading) : [];
    return teams.length === 0
      ? verdict
      : { ...verdict, ...inMode(reading.policy, "failure"), unknowns: [], configProblems: teams };
  } catch (error) {
    if (!(error instanceof TooMuchWork)) throw error;
    return { ...blank, ...inMode(reading.policy, "failure"), configProblems: [tooMuchWork(reading.source)] };
  }
}

/**
 * Teams that are not there, where nothing else is waited for: asking again does not help, a change of the
 * configuration does.
 */
function teamProblems(
  { unknowns }: Verdict,
  snapshot: PullRequestSnapshot,
  { policy, source }: Extract<PolicyReading, { state: "valid" }>,
): readonly ConfigProblem[] {
  const missing = missingTeams(snapshot, policy);
  if (!unknowns.every((reason) => missing.some(({ team }) => reason === noSuchTeam(team)))) return [];
  return missing.map(({ key, team }) => ({
    file: source,
    line: null,
    column: null,
    key,
    message: `there is no team ${team}, or the app cannot see it`,
    fix: "Write the slug that the team's address shows; make a secret team visible.",
  }));
}

/** About 40 ms of the slowest there are. */
const MOST_STEPS = 2_400_000;

function tooMuchWork(source: string): ConfigProblem {
  return {
    file: source,
    line: null,
    column: null,
    key: "",
    message: "its patterns and globs take too long on the names and messages of this pull request",
    fix: "Use fewer and simpler patterns and globs, or split the pull request.",
  };
}

function evaluateBy(policy: Policy, snapshot: PullRequestSnapshot, blank: Verdict): Verdict {
  const classified = classify(snapshot, policy);
  if (!classified.known) {
    const unknowns = [classified.reason];
    return { ...blank, ...inMode(policy, "unknown"), unknowns, ...neverKnownOf(snapshot, unknowns) };
  }
  const kind = classified.value;
  if (kind === "back-merge") return { ...blank, kind, ...broughtBack(snapshot) };
  if (kind === "ordinary")
    return { ...blank, kind, notices: rollbackNotices(snapshot), ...waitsFor(snapshot, policy) };

  const rollback = kind === "rollback";
  const hotfix = readHotfix(snapshot, policy);
  const severity = hotfix.severity.known ? hotfix.severity.value.severity : null;
  const approval = rollback ? readApprovals(snapshot, policy, null) : hotfix.approval;
  const findings = withLanding(
    rollback
      ? [rollbackFinding(snapshot, approval)]
      : withFollows(check({ snapshot, policy, hotfix }, hotfix.overrides.counted)),
    landingFinding(snapshot),
  );
  const roles = rollback || severity !== null ? approverRoles(policy, rollback ? null : severity) : [];
  const wanted = severity === null ? 0 : policy.severities[severity].approvals;
  const left = rollback ? missingForRollback(snapshot, approval) : wanted - approval.counted.length;
  const missing = roles.length === 0 ? 0 : Math.max(0, left);
  const holders = missing > 0 ? eligibleHolders(roles, snapshot, policy.approval.self) : {};
  const freeze = rollback ? {} : freezing(snapshot, policy, hotfix.severity);
  const unknowns = unknownsOf(findings, hotfix.overrides.undecided);
  return {
    ...blank,
    kind,
    ...inMode(policy, outcomeOf(findings)),
    severity,
    findings,
    approvals: {
      counted: approval.counted,
      refused: approval.refused,
      roles,
      missing,
      holders,
      nobodyCan: missing > 0 && nobodyCan(holders),
      permissions: permissionsOf(roles, policy),
    },
    ...blocksOf(findings, snapshot),
    overrides: hotfix.overrides.counted,
    refusedOverrides: hotfix.overrides.refused,
    unknowns,
    ...neverKnownOf(snapshot, unknowns),
    notices: [
      ...noticesOf(snapshot, policy, severity),
      ...freezeNotices(freeze, policy, snapshot.pullRequest.base.ref),
    ],
    rollbackOf: rollback && snapshot.rollbackOf.known ? snapshot.rollbackOf.value : null,
    ...freeze,
    ...queueOf(snapshot.queueEntry),
  };
}

/** The hotfix whose change a back-merge is. */
function broughtBack({ backMergeOf }: PullRequestSnapshot): Pick<Verdict, "backMergeOf"> {
  const proof = backMergeOf?.known === true ? backMergeOf.value : null;
  return proof?.same === true ? { backMergeOf: proof } : {};
}

/** A verdict that asks for nothing. */
const BLANK: Verdict = {
  kind: "ordinary",
  outcome: "skipped",
  wouldBe: "skipped",
  severity: null,
  findings: [],
  approvals: { counted: [], refused: [], roles: [], missing: 0, holders: {}, nobodyCan: false },
  fixBlock: [],
  warningBlocks: [],
  overrides: [],
  refusedOverrides: [],
  unknowns: [],
  neverKnown: [],
  notices: [],
  configProblems: [],
  proposedConfig: null,
  rollbackOf: null,
  author: null,
};

function check(input: RuleInput, overrides: readonly Override[]): readonly RuleFinding[] {
  return RULES.flatMap((rule) => {
    const setting = input.policy.rules[rule.meta.id];
    if (setting.level === "off") return [];
    const found: Finding = rule.check(input, setting.options);
    const blocks = found.state === "violated" || found.state === "pending";
    const override =
      (blocks && rule.meta.overridable && overrides.findLast((o) => o.rule === rule.meta.id)) || null;
    return [
      {
        ...found,
        state: override === null ? found.state : "overridden",
        rule: rule.meta.id,
        level: setting.level,
        override,
      },
    ];
  });
}

/**
 * What would land is asked of a rollback too, and by no rule that can be switched off: it comes in place of
 * the rule that is nearest.
 */
function withLanding(findings: readonly RuleFinding[], landing: RuleFinding | null): readonly RuleFinding[] {
  if (landing === null) return findings;
  const at = findings.findIndex(({ rule }) => rule === landing.rule);
  return at < 0 ? [...findings, landing] : findings.with(at, landing);
}

/** The truth table: only findings at level `error` decide, the worst of them does. */
export function outcomeOf(findings: readonly RuleFinding[]): Outcome {
  const states = new Set(findings.filter(({ level }) => level === "error").map(({ state }) => state));
  if (states.has("violated")) return "failure";
  if (states.has("unknown")) return "unknown";
  if (states.has("pending")) return "action_required";
  return "success";
}

function inMode(policy: Policy, wouldBe: Outcome): Pick<Verdict, "outcome" | "wouldBe"> {
  return { outcome: policy.mode === "enforce" ? wouldBe : "neutral", wouldBe };
}

function permissionsOf(roles: readonly string[], policy: Policy): Readonly<Record<string, string>> {
  return Object.fromEntries(
    roles.flatMap((name) => {
      const role = policy.roles[name];
      return role !== undefined && isPermissionRole(role) ? [[name, role.permission]] : [];
    }),
  );
}
