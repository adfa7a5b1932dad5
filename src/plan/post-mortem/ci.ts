import type { Action } from "../../policy/action.ts";
import { isYoung, nextCiLook } from "../../policy/landing/ci.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { noticesIn } from "../../policy/post-mortem/subject.ts";
import { instant } from "../../policy/time.ts";
import { renderCiFailed } from "../../render/post-mortem/notices.ts";
import { peopleOf } from "./called.ts";

/** CI failed on the commit that landed and has not passed since: its people are told, once. */
export function planFailedChecks(
  issue: PostMortemIssue,
  facts: PostMortemFacts | null,
  { post_mortem }: Policy,
): readonly Action[] {
  const { after = null, merged = null, base = "" } = facts ?? {};
  const checks = after?.failedChecks?.known === true ? after.failedChecks.value : [];
  const failed = checks.filter(({ passedAt }) => passedAt === null);
  const told = noticesIn(issue.comments).some(({ kind }) => kind === "ci-failed");
  if (failed.length === 0 || told || merged?.sha == null || post_mortem.remind.length === 0) return [];
  const notice = renderCiFailed(failed, { sha: merged.sha, base }, peopleOf(issue.assignees));
  return [{ type: "post-answer", number: issue.number, ...notice }];
}

/** For the watch list: the commit whose checks concern it, and when they are looked at without an event. */
export function watchedCommit(
  facts: PostMortemFacts | null,
  observedAt: string,
): { readonly landed: string | null; readonly nextAt: number | null } {
  const merged = facts?.merged ?? null;
  if (merged === null || merged.sha === null || !isYoung(merged.at, instant(observedAt)))
    return { landed: null, nextAt: null };
  return { landed: merged.sha, nextAt: nextCiLook(merged.at, observedAt) };
}
