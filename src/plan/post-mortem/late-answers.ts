import type { Action } from "../../policy/action.ts";
import type { Policy } from "../../policy/policy.ts";
import type { CommandPlace, LateCommand } from "../../policy/post-mortem/commands.ts";
import { type Answer, type PostMortemLink, renderAnswer } from "../../render/gate/answers.ts";
import type { RollbackPlan } from "../../render/gate/rollback-commands.ts";
import { MOST_AT_ONCE, MOST_ON_ONE } from "../answers.ts";
import type { Mentions } from "./called.ts";

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
  /** How to roll it back; `null`: it could not be read, or there is nothing to roll back. */
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
    case "unfreeze":
    case "invalid-unfreeze":
      return { kind: "nothing-frozen", why: "over" };
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
