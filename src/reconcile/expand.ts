import type { Repo } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { remembered } from "../github/api/memory.ts";
import { identityOf, learnRepository } from "../github/api/repositories.ts";
import { listClosedSince, listOwnIssues, listRepositories } from "../github/collect/git/installations.ts";
import { type ListedPullRequest, listOpenPullRequests } from "../github/collect/git/listing.ts";
import type { ReconcileKey } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";
import { MISSED_MS, REMEMBERED_MS } from "../policy/recent.ts";

/**
 * What an installation's key stands for, in the background: its repositories, and the default branches of
 * those that were pushed to in the last 24 hours, since a hotfix may have been pushed directly there and the
 * event lost.
 */
export async function expandInstallation(client: GitHubClient): Promise<readonly Job[]> {
  const repositories = await listRepositories(client);
  for (const { id, owner, repo } of repositories)
    if (id !== null) learnRepository(client, { owner, repo }, id);
  const since = client.serverTime().getTime() - MISSED_MS;
  const { installationId } = client;
  return repositories.flatMap(({ id, owner, repo, defaultBranch, pushedAt }): readonly Job[] => {
    const where = { installationId, owner, repo, ...(id === null ? {} : { repositoryId: id }) };
    const job = (key: ReconcileKey): Job => ({ key, hint: {}, background: true });
    const repository = job({ ...where, kind: "repository", all: false });
    return defaultBranch !== null && pushedAt !== null && Date.parse(pushedAt) >= since
      ? [repository, job({ ...where, kind: "branch", ref: defaultBranch })]
      : [repository];
  });
}

/** Hotfixes that were closed without a merge: so many are looked at in one go, each once in a process. */
const MOST_GIVEN_UP = 20;

/**
 * What a repository's key stands for: its open hotfixes (with `all`, all open pull requests), the hotfixes
 * merged in the last 24 hours (a week at the first look), those closed without a merge in that time whose
 * heads are not known to be cleared, and the open post-mortems. Hotfixes come first, unless all of it is
 * `background`; the rest is left to the background.
 */
export async function expandRepository(
  client: GitHubClient,
  key: Extract<ReconcileKey, { kind: "repository" }>,
  isHotfix: (pullRequest: ListedPullRequest) => boolean,
  background = false,
  isCleared: (headSha: string) => boolean = () => true,
): Promise<readonly Job[]> {
  const since = new Date(
    client.serverTime().getTime() - (isFirstLook(client, key) ? REMEMBERED_MS : MISSED_MS),
  );
  const { kind: _, all, ...where } = key;
  const { owner, repo } = key;
  const [open, closed, issues] = await Promise.all([
    listOpenPullRequests(client, { owner, repo }),
    listClosedSince(client, { owner, repo }, since),
    listOwnIssues(client, { owner, repo }),
  ]);
  // A part is never taken for the whole.
  if (!open.known) throw new Error(open.reason);
  const job = (kind: "pull-request" | "post-mortem", number: number, later: boolean): Job => ({
    key: { ...where, kind, number },
    hint: {},
    ...(later || background ? { background: true } : {}),
  });
  const merged = closed.filter(({ mergedAt }) => mergedAt !== null);
  const given = closed.filter((one) => one.mergedAt === null && isHotfix(one) && !isCleared(one.headSha));
  return [
    ...[...open.value, ...merged].filter(isHotfix).map(({ number }) => job("pull-request", number, false)),
    ...issues.map((number) => job("post-mortem", number, true)),
    ...given.slice(0, MOST_GIVEN_UP).map(({ number }) => job("pull-request", number, true)),
    ...(all
      ? open.value.filter((one) => !isHotfix(one)).map(({ number }) => job("pull-request", number, true))
      : []),
  ];
}

const lookedAt = remembered<true>("repositories looked at");

function isFirstLook(client: GitHubClient, repo: Repo): boolean {
  const looked = lookedAt(client);
  const id = identityOf(client, repo);
  const first = !looked.has(id);
  looked.set(id, true);
  return first;
}
