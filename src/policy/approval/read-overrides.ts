import { parseCommand } from "../command.ts";
import { known } from "../fact.ts";
import type { Policy, RuleId } from "../policy.ts";
import type { Comment } from "../snapshot/history.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import type { Override, RefusedOverride } from "../verdict.ts";
import { severityChanges, thresholds, until } from "./arrival.ts";
import { involvement } from "./involvement.ts";
import type { OverrideReading } from "./reading.ts";
import type { OverrideRefusal } from "./refusals.ts";
import { standing } from "./standing.ts";

/** What no override lets pass: what kind of emergency it is, and that somebody answers for it. */
const NOT_OVERRIDABLE: readonly RuleId[] = ["severity", "approval"];

/**
 * `/hotfix override <rule> <reason>` comments: which count (a person in `overrides.roles`, not involved in
 * the change, given on this head, base and severity, never edited) and why the others do not.
 */
export function readOverrides(snapshot: PullRequestSnapshot, policy: Policy): OverrideReading {
  if (!snapshot.history.known) return { counted: [], refused: [], undecided: [snapshot.history.reason] };
  const before = until(snapshot);
  const involved = involvement(snapshot);
  const head = thresholds(snapshot);
  const changes = severityChanges(snapshot);
  const limits = !head.known ? head : !changes.known ? changes : known([...head.value, ...changes.value]);
  const counted: Override[] = [];
  const refused: RefusedOverride[] = [];
  const undecided: string[] = [];
  for (const comment of snapshot.history.value.comments) {
    if (comment.byApp || !before(comment.createdAt)) continue;
    const command = parseCommand(comment.body);
    if (command?.kind !== "override" && command?.kind !== "invalid-override") continue;
    const refuse = (code: OverrideRefusal): void => {
      const by = comment.author?.login ?? null;
      refused.push({ rule: command.rule, by, commentId: comment.id, code });
    };
    if (command.kind === "invalid-override") {
      refuse(command.problem === "missing-reason" ? "no-reason" : "unknown-rule");
      continue;
    }
    if (NOT_OVERRIDABLE.includes(command.rule)) refuse("not-overridable");
    else if (isEdited(comment)) refuse("edited");
    else {
      const word = { actor: comment.author, at: comment.createdAt, roles: policy.overrides.roles };
      const result = standing(word, snapshot, policy, limits, involved);
      if (!result.known) undecided.push(result.reason);
      else if (!result.value.counts) refuse(result.value.refusal);
      else
        counted.push({
          rule: command.rule,
          reason: command.reason,
          by: result.value.login,
          at: comment.createdAt,
          commentUrl: comment.url,
        });
    }
  }
  return { counted, refused, undecided: [...new Set(undecided)] };
}

/**
 * Comments can be edited by anyone with write access, so an edited one is nobody's word (design, section 4).
 */
function isEdited(comment: Comment): boolean {
  return comment.updatedAt !== comment.createdAt;
}
