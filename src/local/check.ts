import { classify } from "../policy/classify.ts";
import { readHotfixCommit } from "../policy/commit-message/hotfix-commit.ts";
import { evaluate, outcomeOf } from "../policy/evaluate.ts";
import { known } from "../policy/fact.ts";
import { fixBlock } from "../policy/fix/block.ts";
import { snapshotOfBranch } from "../policy/landing/push-snapshot.ts";
import type { Policy, RuleId, Severity } from "../policy/policy.ts";
import { issueKey } from "../policy/snapshot/issue.ts";
import type { PullRequestSnapshot } from "../policy/snapshot.ts";
import type { ConfigProblem, Outcome, RuleFinding } from "../policy/verdict.ts";
import { readChanges, readForeign } from "./changes.ts";
import { readConfiguration } from "./configuration.ts";
import { type Git, LocalError } from "./git.ts";
import { findBase, type LocalBase, readRepository, repositoryFacts } from "./repository.ts";

/** What a branch on this machine is checked against. */
export interface CheckOptions {
  /** Where the branch is to go; `null`: the default branch. */
  readonly base: string | null;
  /** The branch's name where HEAD is detached, as in CI; `null`: HEAD's. */
  readonly branch: string | null;
}

/** What can be said of a branch before it is pushed. */
export interface LocalReport {
  readonly branch: string;
  readonly head: string;
  readonly base: LocalBase;
  /** Where the configuration was read. */
  readonly source: string;
  /** Set: the configuration is invalid, and nothing was checked. */
  readonly problems: readonly ConfigProblem[];
  /** `null`: not known, since the configuration is invalid. */
  readonly hotfix: boolean | null;
  /** `neutral`: observe mode, which blocks nothing; `skipped`: no hotfix. */
  readonly outcome: Outcome;
  readonly severity: Severity | null;
  /** Of the rules that can be evaluated here, in the order of the registry. */
  readonly findings: readonly RuleFinding[];
  /** What could not be evaluated here, and where it is. */
  readonly elsewhere: readonly { readonly rule: RuleId; readonly why: string }[];
  readonly notes: readonly string[];
  /** One block to copy that fixes what git can fix; empty: nothing. */
  readonly fixBlock: readonly string[];
}

/** Rules that ask for what only GitHub has. */
const ELSEWHERE: Readonly<Partial<Record<RuleId, string>>> = {
  approval: "people approve on the pull request",
  "approved-by": "compared with who approved",
  review: "people review on the pull request",
  checklist: "in the pull request's description",
};

/**
 * Evaluates the branch that is checked out by the rules that need nothing but git. Reads, and asks no server.
 * Throws `LocalError` where there is nothing that could be checked.
 */
export async function checkBranch(git: Git, options: CheckOptions, now: Date): Promise<LocalReport> {
  const repository = await readRepository(git);
  const { head } = repository;
  if (head === "") throw new LocalError("There are no commits yet: commit the fix, then check.");
  const branch = options.branch ?? repository.branch;
  if (branch === null)
    throw new LocalError(
      "HEAD is detached: switch to the branch (git switch …), or name it: --branch <name>.",
    );
  const base = await findBase(git, repository, options.base);
  const decides = await configurationBase(git, repository, base);
  const [configuration, changes, facts, dirty] = await Promise.all([
    readConfiguration(git, repository, decides),
    readChanges(git, repository, base),
    repositoryFacts(git, repository, base),
    git.text(["status", "--porcelain", "--untracked-files=no"]),
  ]);
  const blank = { branch, head, base, source: configuration.source };
  if ("problems" in configuration)
    return { ...NOTHING, ...blank, hotfix: null, outcome: "failure", problems: configuration.problems };

  const { policy } = configuration;
  const { commits, files, comparison } = changes;
  const foreign = await readForeign(git, { ...repository, branch }, { base, head, commits }, policy);
  const lone = { ref: branch, sha: head, base, commits, files: known(files), activity: known(null) };
  const surroundings = { app: { id: 0, slug: "" }, repository: facts, observedAt: now.toISOString() };
  const assumed = snapshotOfBranch(lone, surroundings, policy);
  const snapshot = withIssues(
    {
      ...assumed,
      // Nothing says yet that it is a hotfix but its name and its commits.
      pullRequest: { ...assumed.pullRequest, labels: [] },
      comparison: known(comparison),
      foreign: known(foreign),
    },
    policy,
  );
  const kind = classify(snapshot, policy);
  if (!kind.known || kind.value !== "hotfix") return { ...NOTHING, ...blank };
  const verdict = evaluate(snapshot, { state: "valid", policy, source: configuration.source });
  const findings = verdict.findings.filter(({ rule }) => ELSEWHERE[rule] === undefined).map(withRename);
  const wouldBe = outcomeOf(findings);
  return {
    ...blank,
    problems: [],
    hotfix: true,
    outcome: policy.mode === "enforce" ? wouldBe : "neutral",
    severity: verdict.severity,
    findings,
    elsewhere: elsewhere(findings, policy),
    notes: [
      ...(dirty === null || dirty === "" ? [] : ["Uncommitted changes were not checked."]),
      ...(changes.crossed ? [CROSSED] : []),
      ...configuration.notes,
    ],
    fixBlock: fixBlock(
      findings
        .filter((one) => one.state === "violated" && one.level === "error" && one.follows === undefined)
        .flatMap(({ steps }) => steps),
      snapshot,
      { remote: repository.remote, pushRemote: repository.pushRemote, base: base.revision },
    ),
  };
}

const CROSSED =
  "The base and this branch were merged into each other, so a merge may change something else than what was checked.";

const NOTHING = {
  problems: [],
  hotfix: false,
  outcome: "skipped",
  severity: null,
  findings: [],
  elsewhere: [],
  notes: [],
  fixBlock: [],
} as const;

/** The configuration is the default branch's, whatever branch the hotfix goes to. */
async function configurationBase(
  git: Git,
  repository: { readonly remote: string | null; readonly defaultBranch: string | null },
  base: LocalBase,
): Promise<LocalBase> {
  const { defaultBranch } = repository;
  if (defaultBranch === null || defaultBranch === base.ref) return base;
  return findBase(git, repository, defaultBranch).catch(() => base);
}

/** Whether an issue exists is asked on GitHub; here its form is. */
function withIssues(snapshot: PullRequestSnapshot, policy: Policy): PullRequestSnapshot {
  const commit = readHotfixCommit(snapshot, policy);
  const fixes = (commit.known ? commit.value?.fixes : null) ?? [];
  const unasked = known({ exists: "not-verified" } as const);
  return {
    ...snapshot,
    issues: Object.fromEntries(fixes.map((fix) => [issueKey(fix, snapshot.repository), unasked])),
  };
}

/** Without a pull request there is none to be opened anew: the branch gets its name here. */
function withRename(found: RuleFinding): RuleFinding {
  const { proposal } = found.data;
  return found.rule === "branch-name" && found.state === "violated" && typeof proposal === "string"
    ? { ...found, steps: [{ kind: "rename-branch", branch: proposal }] }
    : found;
}

function elsewhere(findings: readonly RuleFinding[], policy: Policy): LocalReport["elsewhere"] {
  const asked = Object.entries(ELSEWHERE).map(([rule, why]) => ({ rule: rule as RuleId, why }));
  const formOnly = findings.some(({ rule, code }) => rule === "linked-issue" && code === "not-verified");
  return [
    ...asked.filter(({ rule }) => policy.rules[rule].level !== "off"),
    { rule: "severity", why: "a label on the pull request may say another one" },
    ...(formOnly ? [{ rule: "linked-issue", why: "whether the issue exists" } as const] : []),
  ];
}
