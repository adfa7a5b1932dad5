import type { Fact } from "../../../policy/fact.ts";
import {
  type ActionIssue,
  type ActionIssues,
  issuesNamedByItems,
} from "../../../policy/post-mortem/action-items.ts";
import { fullName } from "../../../policy/repository.ts";
import { onStatus, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";

/**
 * The issues of the same repository that a post-mortem's action items name and that may have the owner and
 * the date which the item lacks, as GitHub's "Convert to issue" leaves `- [ ] #4`. At most ten are asked for.
 */
export async function readActionIssues(
  client: GitHubClient,
  repo: Repo,
  body: string,
): Promise<{ readonly repository: string; readonly issues: ActionIssues }> {
  const repository = fullName(repo);
  const numbers = issuesNamedByItems(body, repository);
  const facts = await Promise.all(
    numbers.map(async (number) => [String(number), await readActionIssue(client, repo, number)] as const),
  );
  return { repository, issues: Object.fromEntries(facts) };
}

/** One issue of the repository that an action item names; `null`: there is none. */
export function readActionIssue(
  { octokit }: GitHubClient,
  repo: Repo,
  number: number,
): Promise<Fact<ActionIssue | null>> {
  const what = `the action item's issue #${number}`;
  return read<ActionIssue | null>(what, async () => {
    // 410: it was deleted.
    const found = await octokit.rest.issues
      .get({ ...repo, issue_number: number })
      .catch(onStatus([404, 410], null));
    if (found === null) return null;
    const { state, assignees, milestone } = found.data;
    return {
      closed: state === "closed",
      assigned: (assignees ?? []).length > 0,
      scheduled: milestone !== null && milestone !== undefined,
      assignees: (assignees ?? []).map(({ login }) => login),
      due: milestone?.due_on?.slice(0, 10) ?? null,
    };
  });
}
