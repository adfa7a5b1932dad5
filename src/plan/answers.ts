import type { Action } from "../policy/action.ts";
import { readOverrides } from "../policy/approval/read-overrides.ts";
import { type Command, parseCommand } from "../policy/command.ts";
import type { Fact } from "../policy/fact.ts";
import { landedAt } from "../policy/landing/early-deployment.ts";
import type { Policy, Severity } from "../policy/policy.ts";
import { type CommandPlace, isLate, type LateCommand } from "../policy/post-mortem/commands.ts";
import type { Comment, PullRequestSnapshot } from "../policy/snapshot.ts";
import { type Answer, type PostMortemLink, renderAnswer } from "../render/gate/answers.ts";
import type { RollbackPlan } from "../render/gate/rollback-commands.ts";
import { mentionsOf } from "../render/text/mention.ts";

type Mentions = ReturnType<typeof mentionsOf>;

/** A pull request, and the markers of the answers that were given on it. */
interface Commented {
  readonly number: number;
  readonly collected: {
    readonly answers: Fact<ReadonlySet<string>>;
    readonly snapshot: PullRequestSnapshot;
  };
}

/** What is more urgent on other pull requests comes before the third: the others wait for the next run. */
const MOST_AT_ONCE = 2;

/** Anybody may comment, so answers come to an end; what commands do, they do all the same. */
const MOST_ON_ONE = 100;

/**
 * Answers to commands that have none yet, the first few. Only people are answered, each command once;
 * `recheck` is answered by the check itself.
 */
export function planAnswers({ collected, number }: Commented, policy: Policy): readonly Action[] {
  const { answers, snapshot } = collected;
  if (!answers.known || !snapshot.history.known || answers.value.size >= MOST_ON_ONE) return [];
  const overrides = readOverrides(snapshot, policy);
  const times = { mergedAt: snapshot.pullRequest.merged?.at ?? null, landedAt: landedAt(snapshot) };
  const missing = snapshot.history.value.comments.flatMap((comment): readonly Action[] => {
    if (comment.byApp || comment.author?.type !== "User") return [];
    const command = parseCommand(comment.body);
    // Late ones are answered by `planLateAnswers`.
    const answer = command === null || isLate(command, comment, times) ? null : answerTo(command, comment);
    if (answer === null) return [];
    const { marker, body } = renderAnswer(answer, comment.id);
    return answers.value.has(marker) ? [] : [{ type: "post-answer", number, marker, body }];
  });
  return missing.slice(0, MOST_AT_ONCE);

  function answerTo(command: Command, comment: Comment): Answer | null {
    switch (command.kind) {
      case "recheck":
        return null;
      case "help":
        return { kind: "help" };
      case "unknown":
        return command;
      case "invalid-override":
        return command;
      case "override": {
        const accepted = overrides.counted.find(({ commentUrl }) => commentUrl === comment.url);
        if (accepted !== undefined) return { kind: "override-accepted", override: accepted };
        const refused = overrides.refused.find(({ commentId }) => commentId === comment.id);
        return refused === undefined
          ? null
          : { kind: "override-refused", override: refused, roles: policy.overrides.roles };
      }
      case "verified":
        return {
          kind: "verified",
          merged: false,
          postMortem: null,
        };
      case "override-post-mortem":
        return {
          kind: "not-counted",
          command: "override-post-mortem",
          refusal: "not-here",
          roles: [],
          postMortem: null,
        };
      case "rollback":
        return { kind: "nothing-to-roll-back", merged: false };
    }
  }
}

/** What the answers after the merge need to know. */
export interface LateAnswers {
  readonly commands: readonly LateCommand[];
  /** Markers of answers that were given, on the pull request and on the post-mortem. */
  readonly given: ReadonlySet<string>;
  /** The or pull request's number, by place. */
  readonly numbers: Readonly<Record<CommandPlace, number>>;
  readonly postMortem: PostMortemLink | null;
  /** Or pushed; false: it was only deployed. */
  readonly merged: boolean;
  /** How to take it back; `null`: it could not be read, or there is nothing to take back. */
  readonly rollback: RollbackPlan | null;
  /** Who is called where a rollback is asked for by somebody who may. */
  readonly tell: Mentions;
}

/**
 * Answers to commands after the merge that have none yet, the first few, by place: the two may be in
 * different repositories.
 */
export function planLateAnswers(
  late: LateAnswers,
  policy: Policy,
): Readonly<Record<CommandPlace, readonly Action[]>> {
  const missing = late.commands.flatMap((one) => {
    const answer = lateAnswerTo(one, late, policy);
    if (answer === null) return [];
    const { marker, body } = renderAnswer(answer, one.comment.id);
    if (late.given.has(marker)) return [];
    const action: Action = { type: "post-answer", number: late.numbers[one.place], marker, body };
    return [{ place: one.place, action }];
  });
  const first = late.given.size >= MOST_ON_ONE ? [] : missing.slice(0, MOST_AT_ONCE);
  const of = (place: CommandPlace) => first.filter((one) => one.place === place).map(({ action }) => action);
  return { "pull-request": of("pull-request"), "post-mortem": of("post-mortem") };
}

function lateAnswerTo(
  { command, counts, login }: LateCommand,
  late: LateAnswers,
  policy: Policy,
): Answer | null {
  if (!counts.known) return null;
  const refused = {
    kind: "not-counted",
    roles: policy.overrides.roles,
    postMortem: late.postMortem,
  } as const;
  switch (command.kind) {
    case "recheck":
      return null;
    case "help":
      return { kind: "help" };
    case "unknown":
    case "invalid-override":
      return command;
    case "override":
      return { kind: "too-late", merged: late.merged };
    case "rollback":
      // Anybody may see the commands; people are called only by those who could run them.
      return late.rollback === null || counts.value === "edited"
        ? null
        : { kind: "rollback", rollback: late.rollback, tell: counts.value === true ? late.tell : [] };
    case "verified":
      return counts.value === true
        ? { kind: "verified", merged: true, postMortem: late.postMortem }
        : { ...refused, command: command.kind, refusal: counts.value };
    case "override-post-mortem":
      return counts.value === true
        ? { kind: "post-mortem-overridden", by: login, reason: command.reason }
        : { ...refused, command: command.kind, refusal: counts.value };
  }
}

/** Everybody whom the escalation path names for the severity. */
export function escalationPath(policy: Policy, owner: string, severity: Severity | null): Mentions {
  if (policy.mode !== "enforce") return [];
  const roles = policy.escalation
    .filter(({ severities }) => severity === null || severities.includes(severity))
    .flatMap(({ notify }) => notify);
  const nodes = [...new Set(roles)].flatMap((name) => mentionsOf(policy.roles[name] ?? NOBODY, owner));
  const each = new Map(nodes.map((node) => ["value" in node ? node.value : "", node]));
  return [...each.values()];
}

const NOBODY = { teams: [], users: [] };
