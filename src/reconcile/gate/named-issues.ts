import { remembered } from "../../github/api/memory.ts";
import { identityOf } from "../../github/api/repositories.ts";
import { listOpenPullRequests } from "../../github/collect/git/listing.ts";
import { loadPolicy } from "../../github/collect/policy.ts";
import type { Job } from "../../jobs/queue.ts";
import { isHotfixLike } from "../../policy/classify.ts";
import { issueKey } from "../../policy/snapshot/issue.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import { keyOf, type Place } from "../context.ts";

const namedOf = remembered<string>("issues named");

/** Which issues a pull request names, as it was evaluated last. */
export function rememberIssues(
  place: Place,
  number: number,
  { issues }: Pick<PullRequestSnapshot, "issues">,
): void {
  namedOf(place.client).set(pullKey(place, number), ["", ...Object.keys(issues), ""].join("\n"));
}

/**
 * Anybody may open, close and reopen issues: only the open hotfixes that name this one are evaluated again,
 * and those that this process has not evaluated yet.
 */
export async function expandIssue(place: Place, number: number): Promise<readonly Job[]> {
  const { client, repo } = place;
  const [open, reading] = await Promise.all([listOpenPullRequests(client, repo), loadPolicy(client, repo)]);
  if (!open.known) throw new Error(open.reason);
  const policy = reading.state === "valid" ? reading.policy : null;
  const issue = issueKey({ repository: null, number, text: "" }, { owner: repo.owner, name: repo.repo });
  const mayName = (pull: number) =>
    namedOf(client).get(pullKey(place, pull))?.includes(`\n${issue}\n`) ?? true;
  return open.value
    .filter((pull) => isHotfixLike(pull, policy) && mayName(pull.number))
    .map((pull) => ({ key: { ...keyOf(place), kind: "pull-request", number: pull.number }, hint: {} }));
}

function pullKey({ client, repo }: Place, number: number): string {
  return `${identityOf(client, repo)}#${number}`;
}
