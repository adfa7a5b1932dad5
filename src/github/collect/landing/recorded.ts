import { isHotfixLike, isProductionBase } from "../../../policy/classify.ts";
import { titleAndLabelsAt } from "../../../policy/landing/at-merge.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { allPages, PER_PAGE, UnexpectedAnswer } from "../../api/read.ts";
import { headIdentity } from "../../api/repositories.ts";
import { saidAt } from "../check/at.ts";
import { GATE_NAME } from "../check/gates.ts";
import { decodeOpened, RECORD_NAME } from "../post-mortem/record.ts";
import { readPullRequest } from "../pull-request/pull-request.ts";
import { readHistory } from "../pull-request/timeline.ts";
import type { Landing } from "./landings.ts";

const recordedHotfixes = remembered<true>("recorded hotfixes");

/**
 * Was it a hotfix when it landed, by the app's own word, which nobody else can write or take away? Either it
 * has a post-mortem on record; or the gate on its head asked something of it at the merge, and branch, title
 * and labels were a hotfix's at that moment. What anybody has changed of these since does not matter. Rejects
 * where it cannot be read.
 */
export async function isRecordedHotfix(
  client: GitHubClient,
  repo: Repo,
  landing: Landing,
  policy: Policy,
): Promise<boolean> {
  const cache = recordedHotfixes(client);
  const { number, mergeSha, headSha } = landing;
  const subject = number === null ? `@${mergeSha}` : `#${number}`;
  const key = `${headIdentity(client, repo, headSha)} ${subject}`;
  if (cache.has(key)) return true;
  const runs = await ownRuns(client, repo, headSha);
  const opened = runs.some(
    ({ name, external_id: id }) => name === RECORD_NAME && decodeOpened(id, subject) !== null,
  );
  if (!opened) {
    const gates = runs.filter(({ name }) => name === GATE_NAME);
    const said = saidAt(gates, landing.mergedAt);
    if (number === null || said === null || said === "skipped") return false;
    if (!(await wasHotfixAtMerge(client, repo, number, policy))) return false;
  }
  cache.set(key, true);
  return true;
}

/** The check runs of this app on a commit, of whatever name. */
async function ownRuns({ octokit, app }: GitHubClient, repo: Repo, ref: string) {
  const all = await allPages(async (page) => {
    const parameters = { ...repo, ref, app_id: app.id, filter: "all", per_page: PER_PAGE, page } as const;
    const { data, headers } = await octokit.rest.checks.listForRef(parameters);
    return { data: data.check_runs, headers };
  });
  return all.filter((run) => Number(run.app?.id) === app.id);
}

async function wasHotfixAtMerge(
  client: GitHubClient,
  repo: Repo,
  number: number,
  policy: Policy,
): Promise<boolean> {
  const [pull, history] = await Promise.all([
    readPullRequest(client, repo, number),
    readHistory(client, repo, number),
  ]);
  if (!pull.known) throw new UnexpectedAnswer(pull.reason);
  // What was on it at the merge cannot be told: today's labels prove nothing.
  if (!history.known) throw new UnexpectedAnswer(history.reason);
  if (pull.value === null) return false;
  const { pullRequest, repository } = pull.value;
  const { title, labels } = titleAndLabelsAt(pullRequest, history.value);
  return (
    pullRequest.merged !== null &&
    isProductionBase(pullRequest.base.ref, policy, repository) &&
    isHotfixLike({ headRef: pullRequest.head.ref, title, labels }, policy)
  );
}
