import { landedAt } from "../../policy/landing/early-deployment.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { issueName, sameName } from "../../policy/repository.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import { lostText } from "../../render/gate/announcement.ts";
import { dueOf, type PostMortemOutcome, postMortemNote } from "../../render/gate/status-comment-parts.ts";
import { renderLost } from "../../render/post-mortem/notices.ts";
import { both, type LogLine, type Plan, plan } from "../plan.ts";
import { eachOnce, escalationPath, managersOf, peopleOf } from "./called.ts";
import type { LandedIncident } from "./input.ts";

/** Why a post-mortem that was opened cannot be kept going, as the rest of "the post-mortem … ". */
export const GONE =
  "is gone: deleted, converted to a discussion, moved where the app can't read it, or issues are disabled there";
/** As `GONE`, where GitHub refuses every write. */
export const ARCHIVED = "cannot be kept up to date: its repository is archived";

/**
 * Nothing can be written where the post-mortem is: told outside GitHub, and on the pull request where that is
 * elsewhere, once. `told`: outside GitHub already.
 */
export function planArchived(
  { repo, number, title, url }: Pick<PostMortemIssue, "repo" | "number" | "title" | "url">,
  incident: LandedIncident | null,
  told: ReadonlySet<string>,
): Plan {
  const lost = issueName(repo, number);
  const key = archivedKey(lost);
  const outside = plan({
    announcements: told.has(key) ? [] : [{ text: lostText({ title, url }, ARCHIVED), ifNew: null }],
    remember: [{ list: "told", key }],
  });
  const landed = incident === null ? null : landedAt(incident.snapshot);
  if (incident?.pullRequest == null || landed === null) return outside;
  if (sameName(repo, incident.snapshot.repository)) return outside;
  const { pullRequest } = incident;
  const { actions, log } = planLost(pullRequest.number, incident, { problem: ARCHIVED, lost }, landed);
  const given = pullRequest.collected.answers;
  const left = actions.filter(
    (action) => action.type === "post-answer" && !(given.known && given.value.has(action.marker)),
  );
  return both(outside, plan({ actions: left, log }));
}

/** What is remembered of a post-mortem, by `owner/name#57`, whose repository is archived. */
export function archivedKey(postMortem: string): string {
  return `archived ${postMortem}`;
}

/**
 * A post-mortem that is gone or cannot be opened is told on the pull request and outside GitHub, once: to the
 * managers and the escalation path, or where nobody can be named for these, to whoever merged.
 */
export function planLost(
  number: number,
  {
    snapshot: { pullRequest, repository },
    verdict: { severity },
    policy,
  }: { readonly snapshot: PullRequestSnapshot; readonly verdict: Verdict; readonly policy: Policy },
  outcome: Extract<PostMortemOutcome, { problem: string }>,
  landedAt: string,
): Plan {
  const line: LogLine = {
    level: "warn",
    fields: { pull_request: number, post_mortem: outcome.lost ?? null, problem: outcome.problem },
    message: "the post-mortem is lost",
  };
  if (policy.mode !== "enforce") return plan({ log: [line] });
  const { owner } = repository;
  const named = eachOnce([...managersOf(policy, owner), ...escalationPath(policy, owner, severity)]);
  const merger = pullRequest.merged?.by ?? null;
  const calls = named.length > 0 ? named : peopleOf(merger?.type === "User" ? [merger.login] : []);
  const text = postMortemNote(outcome, dueOf(landedAt, policy));
  const notice = {
    type: "post-answer",
    number,
    ...renderLost(text, outcome.lost ?? "not-opened", calls),
  } as const;
  return plan({
    actions: [notice],
    announcements: [{ text: lostText(pullRequest, outcome.problem), ifNew: notice }],
    log: [line],
  });
}
