import type { Action } from "../../policy/action.ts";
import { readOverrides } from "../../policy/approval/read-overrides.ts";
import { type Command, parseCommand } from "../../policy/command.ts";
import type { Fact } from "../../policy/fact.ts";
import { freezes, readUnfreezes } from "../../policy/freeze.ts";
import { landedAt } from "../../policy/landing/early-deployment.ts";
import type { Policy } from "../../policy/policy.ts";
import { isLate } from "../../policy/post-mortem/commands.ts";
import type { Comment } from "../../policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import { type Answer, renderAnswer } from "../../render/gate/answers.ts";
import { MOST_AT_ONCE, MOST_ON_ONE } from "../answers.ts";

/** A pull request, and the markers of the answers that were given on it. */
interface Commented {
  readonly number: number;
  readonly collected: {
    readonly answers: Fact<ReadonlySet<string>>;
    readonly snapshot: PullRequestSnapshot;
  };
}

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

  function unfreezeAnswer(commentId: number): Answer | null {
    if (!freezes(policy)) return { kind: "nothing-frozen", why: "not-configured" };
    const { counted, refused } = readUnfreezes(snapshot, policy);
    const no = refused.find((one) => one.commentId === commentId);
    const { base } = snapshot.pullRequest;
    if (no !== undefined)
      return { kind: "unfreeze-refused", by: no.by, refusal: no.code, roles: policy.overrides.roles };
    const yes = counted.find((one) => one.commentId === commentId);
    return yes === undefined ? null : { kind: "unfrozen", base: base.ref, by: yes.by, reason: yes.reason };
  }

  function answerTo(command: Command, comment: Comment): Answer | null {
    switch (command.kind) {
      case "recheck":
        return null;
      case "help":
        return { kind: "help", freezes: freezes(policy) };
      case "unknown":
        return { ...command, freezes: freezes(policy) };
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
      case "unfreeze":
      case "invalid-unfreeze":
        return unfreezeAnswer(comment.id);
      case "rollback":
        return { kind: "nothing-to-roll-back", merged: false };
    }
  }
}
