import { isApp, toAccount } from "../github/api/account.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { allPages, describeFailure, PER_PAGE } from "../github/api/read.ts";
import type { WatchedKey } from "../jobs/watch-list.ts";

/** An open hotfix or post-mortem as the search has it: a hint, maybe minutes old. */
export interface Hit {
  readonly key: WatchedKey;
  readonly updatedAt: string;
}

/** GitHub gives at most 1,000 results. */
const MAX_PAGES = 10;

/**
 * Open post-mortems and open hotfixes of all repositories of an account, in two requests where there are few:
 * everything that the app opened, and everything from branches that begin with `hotfix`. Other hotfixes are
 * not found. `null`: this GitHub has no search for the app.
 */
export async function searchOpen(
  client: GitHubClient,
  account: string,
): Promise<{ readonly hits: readonly Hit[]; readonly complete: boolean } | null> {
  // Without `user:` the whole of public GitHub would be searched.
  const where = `is:open archived:false user:${account}`;
  try {
    const [postMortems, hotfixes] = await Promise.all([
      search(client, `is:issue ${where} author:app/${client.app.slug}`, "post-mortem"),
      search(client, `is:pr ${where} head:hotfix`, "pull-request"),
    ]);
    return {
      hits: [...postMortems.hits, ...hotfixes.hits],
      complete: postMortems.complete && hotfixes.complete,
    };
  } catch (error) {
    const { status, rateLimited } = describeFailure(error);
    if (status !== null && !rateLimited && [403, 404, 410, 422].includes(status)) return null;
    throw error;
  }
}

async function search(client: GitHubClient, q: string, kind: WatchedKey["kind"]) {
  let complete = true;
  const items = await allPages(async (page) => {
    const { data, headers } = await client.octokit.rest.search.issuesAndPullRequests({
      q,
      per_page: PER_PAGE,
      page,
    });
    complete &&= data.incomplete_results !== true;
    return { data: data.items, headers };
  }, MAX_PAGES);
  const hits = items.flatMap((item): readonly Hit[] => {
    const [repo, owner] = (item.repository_url ?? "").split("/").reverse();
    const isPull = item.pull_request !== undefined && item.pull_request !== null;
    if (!owner || !repo || isPull !== (kind === "pull-request")) return [];
    const ours = isApp(toAccount(item.user), item.performed_via_github_app, client.app);
    if (kind === "post-mortem" && !ours) return [];
    const { installationId } = client;
    return [
      { key: { kind, installationId, owner, repo, number: item.number }, updatedAt: item.updated_at ?? "" },
    ];
  });
  return { hits, complete };
}
