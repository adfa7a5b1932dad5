import type { HotfixCommit } from "../commit-message/fields.ts";
import { fullName } from "../repository.ts";
import { issueKey } from "../snapshot/issue.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";

/** An issue that the hotfix commit says it fixes. */
export interface LinkedIssue {
  /** As written. */
  readonly text: string;
  /** Its address, where it is an issue of this server that exists. */
  readonly url: string | null;
  readonly title: string | null;
  readonly openedAt: string | null;
  readonly labels: readonly string[];
}

/** Each as it is written, with what is known of it. */
export function linkedIssues(
  commit: HotfixCommit | null,
  snapshot: PullRequestSnapshot,
): readonly LinkedIssue[] {
  const { repository } = snapshot;
  return (commit?.fixes ?? []).map((reference) => {
    const fact = snapshot.issues[issueKey(reference, repository)];
    const issue = fact?.known === true && fact.value.exists === true ? fact.value : null;
    const here = fullName(repository);
    const server = repository.url.slice(0, -here.length);
    const address = `${server}${reference.repository ?? here}/issues/${reference.number}`;
    const sound = repository.url.endsWith(here) && /^[\w.-]+\/[\w.-]+$/.test(reference.repository ?? here);
    return {
      text: reference.text,
      url: issue !== null && reference.number !== null && sound ? address : null,
      title: issue?.title ?? null,
      openedAt: issue?.createdAt ?? null,
      labels: issue?.labels ?? [],
    };
  });
}
