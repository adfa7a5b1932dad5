import type { RestEndpointMethodTypes } from "@octokit/rest";
import { type Fact, known, mapFact } from "../../../policy/fact.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";
import type { Claim } from "../../../policy/voters.ts";
import { onStatus, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { PER_PAGE, readPages } from "../../api/read.ts";
import { headIdentity, isRepository } from "../../api/repositories.ts";
import { listOpenPullRequests } from "../git/listing.ts";

type RawPullRequest =
  RestEndpointMethodTypes["repos"]["listPullRequestsAssociatedWithCommit"]["response"]["data"][number];

/** Another open pull request with the same head. */
export interface Sibling extends Claim {
  readonly url: string;
}

/** What is looked at again before a head passes; `null`: the list does not show it. */
export type Listed = Pick<PullRequestFacts, "title" | "body" | "labels" | "updatedAt"> | null;

/** An open pull request with the head, as a list shows it. */
export interface OpenPullRequest extends Sibling {
  readonly shows: Listed;
}

const openOf = remembered<readonly OpenPullRequest[]>("pull requests of heads");
/** How often what is remembered was given up, by installation: what was being read meanwhile may be older. */
const forgottenOf = new WeakMap<GitHubClient, number>();

/**
 * An event of pull request `number`, which has this head and goes to `base` (not set: the event does not say,
 * or it is closed): what is remembered of the head does not hold unless it shows just that.
 */
export function forgetSiblings(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  number: number,
  base: string | undefined,
): void {
  const key = headIdentity(client, repo, sha);
  const same = openOf(client)
    .get(key)
    ?.some((pull) => pull.number === number && pull.base === base);
  if (same === true) return;
  openOf(client).delete(key);
  forgottenOf.set(client, (forgottenOf.get(client) ?? 0) + 1);
}

/**
 * As `readSiblings`, but what is remembered of a head of which no event has told since; `null`: nothing.
 * Enough to word a check by: before one passes GitHub is asked again.
 */
export function recallSiblings(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  number: number,
): readonly Sibling[] | null {
  const seen = openOf(client).get(headIdentity(client, repo, sha));
  return seen?.some((pull) => pull.number === number) === true ? othersOf(seen, number) : null;
}

/**
 * Other open pull requests into this repository that have exactly this head. The short way is the list of a
 * commit's pull requests; but of a commit that is in the default branch GitHub names only the one that
 * brought it there, and a new one may lag. Where that list does not name the pull request itself, all open
 * ones are asked for.
 */
export async function readSiblings(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  number: number,
): Promise<Fact<readonly Sibling[]>> {
  return mapFact(await readOpenWithHead(client, repo, sha, number), (pulls) => othersOf(pulls, number));
}

/** Those of the pull requests of a head that are not this one. */
export function othersOf(pulls: readonly OpenPullRequest[], number: number): readonly Sibling[] {
  return pulls
    .filter((pull) => pull.number !== number)
    .map(({ number, base, url, author }) => ({ number, base, url, author }));
}

/** As `readSiblings`, the pull request itself included where it still has the head; by number. */
export async function readOpenWithHead(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  number: number,
): Promise<Fact<readonly OpenPullRequest[]>> {
  const forgotten = forgottenOf.get(client);
  const open = await listOpenWithHead(client, repo, sha, number);
  if (open.known && forgottenOf.get(client) === forgotten)
    openOf(client).set(headIdentity(client, repo, sha), open.value);
  return open;
}

async function listOpenWithHead(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  number: number,
): Promise<Fact<readonly OpenPullRequest[]>> {
  const short = await readPullRequestsOfCommit(client, repo, sha);
  if (!short.known) return short;
  const whole = short.value.some((pull) => pull.number === number)
    ? short
    : mapFact(await listOpenPullRequests(client, repo), (all) =>
        all
          .filter(({ headSha }) => headSha === sha)
          .map(({ number, baseRef, url, author }) => ({ number, base: baseRef, url, author, shows: null })),
      );
  return mapFact(whole, (pulls) => pulls.toSorted((a, b) => a.number - b.number));
}

async function readPullRequestsOfCommit(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<Fact<readonly OpenPullRequest[]>> {
  const { octokit } = client;
  const pulls = await readPages("the pull requests of the head", async (page) => {
    const parameters = { ...repo, commit_sha: sha, per_page: PER_PAGE, page };
    const { data, headers } = await octokit.rest.repos
      .listPullRequestsAssociatedWithCommit(parameters)
      // A server without that route, or to which the commit is too new: then nobody is named, and all are
      // asked for.
      .catch(onStatus([404, 409, 422], { data: [], headers: {} }));
    const rows = Array.isArray(data)
      ? data.map((pull) => ({
          number: pull.number,
          url: pull.html_url ?? "",
          base: pull.base.ref,
          author: pull.user?.login ?? null,
          shows: shownBy(pull),
          open: pull.state === "open",
          sha: pull.head.sha,
          // One of a fork's own has that head as well.
          here: pull.base.repo ? isRepository(client, repo, pull.base.repo) : true,
        }))
      : data;
    return { data: rows, headers };
  });
  if (!pulls.known) return pulls;
  return known(
    pulls.value
      .filter((pull) => pull.open && pull.sha === sha && pull.here)
      .map(({ number, base, url, author, shows }) => ({ number, base, url, author, shows })),
  );
}

/** Older servers show less in a list. */
function shownBy({ title, body, labels, updated_at }: Partial<RawPullRequest>): Listed {
  if (title === undefined || body === undefined || labels === undefined || updated_at === undefined)
    return null;
  return {
    title,
    body: body ?? "",
    labels: labels.flatMap(({ name }) => name ?? []),
    updatedAt: updated_at,
  };
}
