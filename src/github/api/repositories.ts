import { nameKey, parseFullName } from "../../policy/repository.ts";
import { count, onStatus, type Repo } from "./answer.ts";
import type { GitHubClient } from "./client.ts";
import { remembered } from "./memory.ts";

/** By lower-case `owner/name`: whose name that is, as an event or a listing said last. */
const idsOf = remembered<number>("repository ids");

/**
 * The repository of a name that stands in what the app itself wrote; of what is none, one that does not
 * exist.
 */
export function repositoryNamed(name: string): Repo {
  return parseFullName(name) ?? { owner: "", repo: "" };
}

/** From now on the name stands for this repository, whatever had it before. */
export function learnRepository(client: GitHubClient, repo: Repo, id: number): void {
  idsOf(client).set(nameKey(repo), id);
}

/** The id of the repository of that name; `undefined`: nobody has said it yet. */
export function knownId(client: GitHubClient, repo: Repo): number | undefined {
  return idsOf(client).get(nameKey(repo));
}

/**
 * The id, asked for where it is not known; `null`: there is no such repository. A former name leads to the
 * repository.
 */
export async function readId(client: GitHubClient, repo: Repo): Promise<number | null> {
  const there = knownId(client, repo);
  if (there !== undefined) return there;
  const found = await client.octokit.rest.repos.get({ ...repo }).catch(onStatus([404, 410, 451], null));
  if (found === null) return null;
  const id = count(found.data.id);
  learnRepository(client, repo, id);
  return id;
}

/**
 * What tells a repository from all others, for caches and for what must not run side by side: its id, which
 * stays when the repository gets another name; its name where the id is not known.
 */
export function identityOf(client: GitHubClient, repo: Repo): string {
  const id = knownId(client, repo);
  return id === undefined ? nameKey(repo) : `#${id}`;
}

/** A repository as GitHub's answers have it; `null`: it was deleted. */
export interface AnsweredRepository {
  readonly id?: number | undefined;
  readonly full_name?: string | undefined;
}

/**
 * Is this the repository that was asked under that name, which may be a former one? By its id, where that is
 * known.
 */
export function isRepository(
  client: GitHubClient,
  repo: Repo,
  { id, full_name: name }: AnsweredRepository,
): boolean {
  const known = knownId(client, repo);
  if (known !== undefined && typeof id === "number") return id === known;
  return name?.toLowerCase() === nameKey(repo);
}

/** The same of a commit in it. */
export function headIdentity(client: GitHubClient, repo: Repo, sha: string): string {
  return `${identityOf(client, repo)}@${sha}`;
}
