import { CONFIG_PATH, CONFIG_PATHS } from "../../../config/index.ts";
import { type Fact, known, mapFact } from "../../../policy/fact.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { type FileReading, readConfigFile, unusable } from "./file.ts";

/** The repository whose configuration holds for all of its owner's repositories that have none. */
export const OWNERS_REPOSITORY = ".github";

const [, OTHER_PATH] = CONFIG_PATHS;

export const BOTH = `${CONFIG_PATH} and ${OTHER_PATH} are both there`;

const absentOf = remembered<true>("absent configurations");
/** What is known of the second name beside an `absent`. */
const secondOf = remembered<"left for later" | "there">("second names of configurations");

/** A change of the configuration was seen: nothing that was not there before is taken as still absent. */
export function forgetAbsent(client: GitHubClient, repo: Repo): void {
  const known = absentOf(client);
  known.delete(keyOf(repo, OTHER_PATH));
  if (isOwners(repo)) known.delete(keyOf(repo, "owner"));
}

/**
 * The configuration that a repository has itself, under either name. Both are ambiguous, and so none.
 * `later`: where it is there under the first name, the second is left to `findSecondFile`.
 */
export async function readOwnFile(
  client: GitHubClient,
  repo: Repo,
  { later = false }: { readonly later?: boolean } = {},
): Promise<Fact<FileReading>> {
  const key = keyOf(repo, OTHER_PATH);
  const readFirst = () => readConfigFile(client, repo, CONFIG_PATH, CONFIG_PATH);
  if (later && !absentOf(client).has(key) && secondOf(client).get(key) !== "there") {
    const first = await readFirst();
    if (!first.known) return first;
    if (first.value.state === "absent") return readSecond(client, repo);
    secondOf(client).set(key, "left for later");
    return first;
  }
  const [first, second] = await Promise.all([readFirst(), readSecond(client, repo)]);
  return one(first, second);
}

/** Is the second name there too that `readOwnFile` has left for later? False where nothing was left. */
export async function findSecondFile(client: GitHubClient, repo: Repo): Promise<Fact<boolean>> {
  if (secondOf(client).get(keyOf(repo, OTHER_PATH)) !== "left for later") return known(false);
  return mapFact(await readSecond(client, repo), ({ state }) => state !== "absent");
}

async function readSecond(client: GitHubClient, repo: Repo): Promise<Fact<FileReading>> {
  const absent = absentOf(client);
  const key = keyOf(repo, OTHER_PATH);
  if (absent.has(key)) return ABSENT;
  const second = await readConfigFile(client, repo, OTHER_PATH, OTHER_PATH);
  if (!second.known) return second;
  if (second.value.state === "absent") {
    absent.set(key, true);
    secondOf(client).delete(key);
  } else secondOf(client).set(key, "there");
  return second;
}

/** The same in a commit. */
export async function readFileAt(client: GitHubClient, repo: Repo, sha: string): Promise<Fact<FileReading>> {
  const [first, second] = await Promise.all(
    CONFIG_PATHS.map((path) => readConfigFile(client, repo, path, path, sha)),
  );
  return one(first ?? ABSENT, second ?? ABSENT);
}

/** The owner's configuration, which holds where a repository has none. */
export async function readOwnersFile(
  client: GitHubClient,
  { owner, repo }: Repo,
): Promise<Fact<FileReading>> {
  const place = { owner, repo: OWNERS_REPOSITORY };
  const known = absentOf(client);
  const key = keyOf(place, "owner");
  if (isOwners({ owner, repo }) || known.has(key)) return ABSENT;
  const read = (path: string) => readConfigFile(client, place, path, ownersLabel(owner, path));
  const [first, second] = await Promise.all([read(CONFIG_PATH), read(OTHER_PATH)]);
  const file = one(first, second);
  if (file.known && file.value.state === "absent") known.set(key, true);
  return file;
}

/** The same as it was in a commit of the owner's repository. */
export async function readOwnersFileAt(
  client: GitHubClient,
  owner: string,
  sha: string,
): Promise<Fact<FileReading>> {
  const place = { owner, repo: OWNERS_REPOSITORY };
  const read = (path: string) => readConfigFile(client, place, path, ownersLabel(owner, path), sha);
  const [first, second] = await Promise.all([read(CONFIG_PATH), read(OTHER_PATH)]);
  return one(first, second);
}

/** How people know the owner's file. */
export function ownersLabel(owner: string, path: string = CONFIG_PATH): string {
  return `${owner}/${OWNERS_REPOSITORY}:${path}`;
}

const ABSENT: Fact<FileReading> = known({ state: "absent" });

function one(first: Fact<FileReading>, second: Fact<FileReading>): Fact<FileReading> {
  if (!first.known) return first;
  if (!second.known) return second;
  if (second.value.state === "absent") return first;
  if (first.value.state === "absent") return second;
  return known(unusable(CONFIG_PATH, BOTH, "Keep one of them, and delete the other."));
}

function isOwners({ repo }: Repo): boolean {
  return repo.toLowerCase() === OWNERS_REPOSITORY;
}

function keyOf({ owner, repo }: Repo, what: string): string {
  return `${owner}/${repo} ${what}`.toLowerCase();
}
