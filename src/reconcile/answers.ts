import type { Action } from "../policy/action.ts";
import { readOverrides } from "../policy/approval/read-overrides.ts";
import { type Command, parseCommand } from "../policy/command.ts";
import type { Policy } from "../policy/policy.ts";
import type { Comment } from "../policy/snapshot.ts";
import { type Answer, renderAnswer } from "../render/answers.ts";
import type { Judged } from "./judge.ts";

/** What a merged pull request adds to the answers. */
export interface AfterMerge {
  readonly postMortem: { readonly number: number; readonly url: string } | null;
  /** How to take it back; `null`: it could not be read. */
  readonly rollback: Extract<Answer, { kind: "rollback" }>["rollback"] | null;
}

/** A comment takes three seconds to write, and the gate has to follow what happens meanwhile: the others wait for the next run. */
const MOST_AT_ONCE = 2;
/** Anybody may comment, so answers come to an end; what commands do, they do all the same. */
const MOST_ON_ONE = 100;

/**
 * Answers to commands that have none yet, the first few. Only people are answered, each command once; `recheck` is answered by the
 * check itself.
 */
export function planAnswers(
  { collected, number, verdict }: Judged,
  policy: Policy,
  afterMerge: AfterMerge | null = null,
): readonly Action[] {
  const { answers, snapshot } = collected;
  if (!answers.known || !snapshot.history.known || answers.value.size >= MOST_ON_ONE) return [];
  const overrides = readOverrides(snapshot, policy);
  const missing = snapshot.history.value.comments.flatMap((comment): readonly Action[] => {
    if (comment.byApp || comment.author?.type !== "User") return [];
    const command = parseCommand(comment.body);
    const answer = command === null ? null : answerTo(command, comment);
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
          merged: afterMerge !== null,
          postMortem: afterMerge?.postMortem ?? null,
        };
      case "rollback":
        if (afterMerge === null || verdict.kind !== "hotfix")
          return { kind: "nothing-to-roll-back", merged: afterMerge !== null };
        return afterMerge.rollback === null ? null : { kind: "rollback", rollback: afterMerge.rollback };
    }
  }
}
