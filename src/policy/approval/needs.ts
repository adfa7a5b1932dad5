import { parseCommand } from "../command.ts";
import type { Policy, Severity } from "../policy.ts";
import type { Account } from "../snapshot/account.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { currentReviews } from "./current-reviews.ts";
import { unlinked } from "./involvement.ts";
import { labelStates } from "./label-state.ts";
import { approverRoles } from "./read-approvals.ts";
import { APPROVAL_PREFIX, roleOfLabel } from "./roles.ts";

/** What has to be looked up about a person before the approvals can be read. */
export interface PersonNeed {
  readonly login: string;
  /** Of the account that gave its word: a login may be another's by now. */
  readonly id?: number;
  /** The permission on the repository. */
  readonly access: boolean;
  /** Teams as the configuration writes them. */
  readonly teams: readonly string[];
  readonly profile: boolean;
}

/**
 * Whose role, permission or profile decides something: givers of approval labels, reviewers, those who wrote
 * an override. People that are refused anyway (bots, the author) are not looked up. `profiles`: read
 * everybody's profile, not only where commits of unknown accounts have to be compared. Reads the timeline and
 * the commits of the snapshot only.
 */
export function peopleNeeded(
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
  profiles = false,
): readonly PersonNeed[] {
  if (!snapshot.history.known) return [];
  const needs = new Map<string, PersonNeed>();
  const strangers =
    !policy.approval.self && snapshot.commits.known && unlinked(snapshot.commits.value).length > 0;
  const author = snapshot.pullRequest.author?.login.toLowerCase();
  const need = (actor: Account | null, roles: readonly string[]): void => {
    if (actor?.type !== "User") return;
    const key = actor.login.toLowerCase();
    if (key === author && !policy.approval.self) return;
    const former = needs.get(key);
    const open = roles
      .map((name) => policy.roles[name])
      .filter((role) => role !== undefined && !role.users.some((user) => user.toLowerCase() === key));
    const teams = open.flatMap((role) => role?.teams ?? []);
    needs.set(key, {
      login: actor.login,
      ...(actor.id === undefined ? {} : { id: actor.id }),
      access: true,
      teams: [...new Set([...(former?.teams ?? []), ...teams])],
      profile: profiles || strangers,
    });
  };

  for (const state of labelStates(snapshot, snapshot.history.value, APPROVAL_PREFIX)) {
    const role = roleOfLabel(state.label, policy);
    if (role !== null && state.set !== null) need(state.set.actor, [role]);
  }
  for (const review of currentReviews(snapshot, snapshot.history.value.reviews)) {
    const approves = review.state === "approved" && review.commit === snapshot.pullRequest.head.sha;
    const roles = approves && policy.approval.by.includes("review") ? approverRoles(policy, severity) : [];
    if (approves || review.state === "changes_requested") need(review.author, roles);
  }
  for (const comment of snapshot.history.value.comments) {
    const command = comment.byApp ? null : parseCommand(comment.body);
    if (command?.kind === "override") need(comment.author, policy.overrides.roles);
  }
  return [...needs.values()];
}
