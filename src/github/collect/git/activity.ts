import type { RestEndpointMethodTypes } from "@octokit/rest";
import { type Fact, known } from "../../../policy/fact.ts";
import type { ActivityEntry } from "../../../policy/snapshot/history.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";
import { toAccount } from "../../api/account.ts";
import { count, list, onStatus, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { PER_PAGE, read, TooLong, UnexpectedAnswer } from "../../api/read.ts";
import { identityOf } from "../../api/repositories.ts";

/** A branch that was moved more often than fits into so many pages is unknown for good. */
const MAX_PAGES = 50;
/** GitHub refuses what was asked for: there is no such route, or not for this branch. */
const REFUSED = [400, 403, 404, 410, 414, 422, 451];

/**
 * All that happened to the head branch, under its name, in the repository's activity, newest first. `null`:
 * that route cannot be had, for a branch of another repository or on a server that has no such route.
 */
export async function readActivity(
  client: GitHubClient,
  repo: Repo,
  { head, fork }: Pick<PullRequestFacts, "head" | "fork">,
): Promise<Fact<readonly ActivityEntry[] | null>> {
  if (fork) return known(null);
  return read("the activity of the head branch", () => wholeActivity(client, repo, head.ref));
}

type Listing = RestEndpointMethodTypes["repos"]["listActivities"];

interface Numbered {
  readonly id: number;
  readonly entry: ActivityEntry;
}

const entriesOf = remembered<readonly Numbered[]>("branch activity", (entries) => entries.length + 1);
const without = remembered<true>("without activity");

/** Rejects where it cannot be read, and with `TooLong` where it is longer than is read. */
async function wholeActivity(
  client: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<readonly ActivityEntry[] | null> {
  const ref = `refs/heads/${branch}`;
  const entries = entriesOf(client);
  const place = identityOf(client, repo);
  const key = `${place} ${ref}`;
  let all = await readAll(client, { ...repo, ref }, ref, entries.get(key) ?? []);
  if (all === null) {
    // Some names the server does not take, although it has the route: then the branch is looked for among
    // all.
    if (without(client).has(place)) return null;
    all = await readAll(client, { ...repo }, ref, []);
    if (all === null) without(client).set(place, true);
    return all === null ? null : sorted(all);
  }
  entries.set(key, all);
  return sorted(all);
}

/** Page by page until the end, or until what is known already; `null`: GitHub refuses. */
async function readAll(
  { octokit }: GitHubClient,
  parameters: Listing["parameters"],
  ref: string,
  earlier: readonly Numbered[],
): Promise<readonly Numbered[] | null> {
  const newest = earlier[0]?.id;
  const found: Numbered[] = [];
  let after: string | undefined;
  for (let page = 1; page <= MAX_PAGES; page++) {
    const request = { ...parameters, per_page: PER_PAGE, direction: "desc" } as const;
    const asked = octokit.rest.repos.listActivities(after === undefined ? request : { ...request, after });
    const answer: Listing["response"] | null =
      page === 1 ? await asked.catch(onStatus(REFUSED, null)) : await asked;
    if (answer === null) return null;
    const rows = list(answer.data)
      .filter((raw) => raw.ref === ref)
      .map((raw) => ({ id: count(raw.id), entry: toEntry(raw) }));
    const known = newest === undefined ? -1 : rows.findIndex(({ id }) => id === newest);
    found.push(...(known < 0 ? rows : [...rows.slice(0, known), ...earlier]));
    const next = cursorOf(answer.headers.link);
    if (known >= 0 || next === undefined) return found;
    if (next === after) throw new UnexpectedAnswer("the pages lead back");
    after = next;
  }
  throw new TooLong(MAX_PAGES);
}

/** The list is paged by a cursor; `undefined`: this is the last page. */
function cursorOf(link: string | undefined): string | undefined {
  const next = link?.split(",").find((part) => part.includes('rel="next"'));
  if (next === undefined) return undefined;
  const url = next.slice(next.indexOf("<") + 1, next.indexOf(">"));
  const cursor = URL.canParse(url) ? new URL(url).searchParams.get("after") : null;
  if (cursor === null) throw new UnexpectedAnswer("a page without a cursor");
  return cursor;
}

/** Newest first; within a second as GitHub lists them. */
function sorted(all: readonly Numbered[]): readonly ActivityEntry[] {
  return all.map(({ entry }) => entry).sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

function toEntry(raw: Listing["response"]["data"][number]): ActivityEntry {
  return {
    before: text(raw.before),
    after: text(raw.after),
    at: text(raw.timestamp),
    type: text(raw.activity_type),
    actor: toAccount(raw.actor),
  };
}

/**
 * The newest hundred changes of a branch of this repository, newest first; `null`: this server has no such
 * route. Rejects where they cannot be read.
 */
export async function branchActivity(
  { octokit }: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<readonly ActivityEntry[] | null> {
  const ref = `refs/heads/${branch}`;
  const answer = await octokit.rest.repos
    .listActivities({ ...repo, ref, per_page: PER_PAGE, direction: "desc" })
    .catch(onStatus([403, 404, 410, 422], null));
  if (answer === null) return null;
  return list(answer.data)
    .filter((entry) => entry.ref === ref)
    .map(toEntry)
    .sort((a, b) => Date.parse(b.at) - Date.parse(a.at));
}

/**
 * The branches of a repository that were deleted last, and where they were then; `null`: this server has no
 * such route.
 */
export async function deletedBranches(
  { octokit }: GitHubClient,
  repo: Repo,
): Promise<readonly { readonly name: string; readonly tip: string }[] | null> {
  const answer = await octokit.rest.repos
    .listActivities({ ...repo, activity_type: "branch_deletion", per_page: 100, direction: "desc" })
    .catch(onStatus([403, 404, 410, 422], null));
  if (answer === null) return null;
  return list(answer.data)
    .filter(({ activity_type }) => activity_type === "branch_deletion")
    .map(({ ref, before }) => ({ name: text(ref).replace(/^refs\/heads\//, ""), tip: text(before) }));
}
