import { until } from "./approval/arrival.ts";
import { labelStates } from "./approval/label-state.ts";
import type { PersonNeed } from "./approval/needs.ts";
import { writeAccess } from "./approval/roles.ts";
import { standing } from "./approval/standing.ts";
import { isProductionBase } from "./classify.ts";
import { parseCommand } from "./command.ts";
import { type Fact, known } from "./fact.ts";
import type { Policy, Severity } from "./policy.ts";
import { type SeverityReading, severityLabel } from "./severity.ts";
import type { Comment } from "./snapshot/history.ts";
import { type FrozenFor, type PullRequestSnapshot, pullRequestNumber } from "./snapshot.ts";
import type { Unfreeze, Verdict } from "./verdict.ts";

/**
 * A freeze, for those who want it: while a hotfix of these severities is open, ordinary pull requests to its
 * base branch wait. It is no gate: what could not be read freezes nobody, and nobody without write access can
 * start one.
 */

/** Why a `/hotfix unfreeze` is not counted. */
export type UnfreezeRefusal =
  | "no-reason"
  | "edited"
  | "actor-gone"
  | "not-a-person"
  | "not-in-role"
  | "no-write-access";

/** The `/hotfix unfreeze` comments of a pull request. */
export interface UnfreezeReading {
  /** Oldest first. */
  readonly counted: readonly (Unfreeze & { readonly commentId: number })[];
  readonly refused: readonly {
    readonly by: string | null;
    readonly commentId: number;
    readonly code: UnfreezeRefusal;
  }[];
  /** Somebody has asked for it whose right could not be read. */
  readonly undecided: boolean;
}

/** Does the policy freeze anything at all? In observe mode nothing is held up. */
export function freezes({ freeze, mode }: Policy): boolean {
  return freeze.severities.length > 0 && mode === "enforce";
}

/**
 * What an open hotfix freezes; `null`: nothing. Its severity has to be the word of somebody with write
 * access: who set the label, or the author where the commit's field says it.
 */
function freezeOf(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  { severity, labels }: Pick<SeverityReading, "severity" | "labels">,
): FrozenFor | null {
  const { pullRequest, repository } = snapshot;
  const number = pullRequestNumber(snapshot);
  if (number === null || severity === null || !policy.freeze.severities.includes(severity)) return null;
  if (!freezes(policy) || pullRequest.state !== "open" || pullRequest.draft) return null;
  if (!isProductionBase(pullRequest.base.ref, policy, repository)) return null;
  const { counted, undecided } = readUnfreezes(snapshot, policy);
  if (counted.length > 0 || undecided || !isBacked(snapshot, severity, labels.length > 0)) return null;
  return { number, url: pullRequest.url, base: pullRequest.base.ref };
}

function isBacked(snapshot: PullRequestSnapshot, severity: Severity, labeled: boolean): boolean {
  if (!labeled) return authorMayWrite(snapshot);
  const set = severityEvent(snapshot, severity);
  if (set === null) return false;
  return set.byApp
    ? authorMayWrite(snapshot)
    : set.actor?.type === "User" && mayWrite(snapshot, set.actor.login);
}

function authorMayWrite(snapshot: PullRequestSnapshot): boolean {
  const { author, fork } = snapshot.pullRequest;
  if (author === null) return false;
  // An app that can push here was given that by an administrator.
  return author.type === "User" ? mayWrite(snapshot, author.login) : author.type === "Bot" && !fork;
}

function mayWrite(snapshot: PullRequestSnapshot, login: string): boolean {
  const access = writeAccess(login, snapshot);
  return access.known && access.value;
}

/** Who set the severity's label that is on; `null`: it is off, or nobody is on record. */
function severityEvent(snapshot: PullRequestSnapshot, severity: Severity) {
  if (!snapshot.history.known) return null;
  const name = severityLabel(severity).toLowerCase();
  const states = labelStates(snapshot, snapshot.history.value, name);
  return states.find(({ label, on }) => on && label.toLowerCase() === name)?.set ?? null;
}

/**
 * Reads the `/hotfix unfreeze` comments: they count from a person with write access in one of
 * `overrides.roles`, never edited, whether they worked on the hotfix or not. One ends the freeze for good.
 */
export function readUnfreezes(snapshot: PullRequestSnapshot, policy: Policy): UnfreezeReading {
  const counted: UnfreezeReading["counted"][number][] = [];
  const refused: UnfreezeReading["refused"][number][] = [];
  let undecided = false;
  for (const comment of asking(snapshot)) {
    const command = parseCommand(comment.body);
    const reason = command?.kind === "unfreeze" ? command.reason : "";
    const refuse = (code: UnfreezeRefusal) =>
      refused.push({ by: comment.author?.login ?? null, commentId: comment.id, code });
    if (reason === "") refuse("no-reason");
    else if (comment.updatedAt !== comment.createdAt) refuse("edited");
    else {
      const word = { actor: comment.author, at: comment.createdAt, roles: policy.overrides.roles };
      const result = standing(word, snapshot, policy, known([]), () => known(null));
      if (!result.known) undecided = true;
      else if (!result.value.counts) refuse(asRefusal(result.value.refusal));
      else
        counted.push({
          by: result.value.login,
          at: comment.createdAt,
          reason,
          commentUrl: comment.url,
          commentId: comment.id,
        });
    }
  }
  return { counted, refused, undecided };
}

/** Of what refuses a word only this is asked here. */
function asRefusal(code: string): UnfreezeRefusal {
  return code === "actor-gone" || code === "not-a-person" || code === "no-write-access"
    ? code
    : "not-in-role";
}

function asking(snapshot: PullRequestSnapshot): readonly Comment[] {
  if (!snapshot.history.known) return [];
  const before = until(snapshot);
  return snapshot.history.value.comments.filter(({ byApp, body, createdAt }) => {
    const kind = byApp || !before(createdAt) ? undefined : parseCommand(body)?.kind;
    return kind === "unfreeze" || kind === "invalid-unfreeze";
  });
}

/** Whose access and roles have to be read before `freezeOf` and `readUnfreezes`. */
export function freezeNeeds(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
): readonly PersonNeed[] {
  if (!freezes(policy) || severity === null || !policy.freeze.severities.includes(severity)) return [];
  const teams = [...new Set(policy.overrides.roles.flatMap((role) => policy.roles[role]?.teams ?? []))];
  return [
    { account: snapshot.pullRequest.author, teams: [] },
    { account: severityEvent(snapshot, severity)?.actor ?? null, teams: [] },
    ...asking(snapshot).map(({ author }) => ({ account: author, teams })),
  ].flatMap(({ account, teams }) =>
    account?.type !== "User"
      ? []
      : [
          {
            login: account.login,
            ...(account.id === undefined ? {} : { id: account.id }),
            access: true,
            teams,
            profile: false,
          },
        ],
  );
}

/**
 * May the pull request freeze or have frozen something? By its labels of today and before, whatever it is
 * now: whoever may have to be released is looked at.
 */
export function mayHaveFrozen(
  { history, pullRequest }: Pick<PullRequestSnapshot, "history" | "pullRequest">,
  policy: Policy,
): boolean {
  if (!freezes(policy)) return false;
  const names = policy.freeze.severities.map((one) => severityLabel(one).toLowerCase());
  const had = history.known ? history.value.labels.map(({ label }) => label) : [];
  return [...pullRequest.labels, ...had].some((label) => names.includes(label.toLowerCase()));
}

/** For the verdict on an ordinary pull request: the hotfix that it has to wait for. */
export function waitsFor(
  { frozenFor, pullRequest }: PullRequestSnapshot,
  policy: Policy,
): Pick<Verdict, "frozenFor"> {
  return frozenFor === undefined || !freezes(policy) || pullRequest.state !== "open" ? {} : { frozenFor };
}

/** For the verdict on a hotfix: what it freezes, or who ended that. */
export function freezing(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Fact<SeverityReading>,
): Pick<Verdict, "freeze" | "unfrozen"> {
  if (!freezes(policy)) return {};
  const [unfrozen] = readUnfreezes(snapshot, policy).counted;
  return {
    freeze: severity.known ? freezeOf(snapshot, policy, severity.value) : null,
    ...(unfrozen === undefined ? {} : { unfrozen }),
  };
}
