import { type Fact, known } from "../../../policy/fact.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { headIdentity } from "../../api/repositories.ts";
import { type GateRun, readGates } from "./gates.ts";

const recentOf = remembered<readonly GateRun[]>("recent gates");
/** How often this process has written check runs, by installation. */
const writesOf = new WeakMap<GitHubClient, number>();

/** As GitHub answered when this process wrote them last. */
const writtenOf = remembered<readonly GateRun[]>("gates just written");

/**
 * Reads a head's gates and keeps them for whoever writes them next, unless this process writes meanwhile.
 * Those that nobody else can have written since are not asked for again.
 */
export async function readGatesToWrite(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<Fact<readonly GateRun[]>> {
  const key = headIdentity(client, repo, sha);
  const isAlone = client.writesAlone === true && (client.instance?.other() ?? null) === null;
  const written = isAlone ? writtenOf(client).get(key) : undefined;
  if (written !== undefined) {
    recentOf(client).set(key, written);
    return known(written);
  }
  const writes = writesOf.get(client);
  const gates = await readGates(client, repo, sha);
  if (gates.known && writesOf.get(client) === writes) recentOf(client).set(key, gates.value);
  return gates;
}

/** The gates as they were read a moment ago, once: whoever comes after a write has to read them anew. */
export function takeRecentGates(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): readonly GateRun[] | undefined {
  const runs = recentOf(client);
  const key = headIdentity(client, repo, sha);
  const found = runs.get(key);
  runs.delete(key);
  return found;
}

/** A check run of the head is written, or may have been: what was read before is no longer so. */
export function forgetRecentGates(client: GitHubClient, repo: Repo, sha: string): void {
  writesOf.set(client, (writesOf.get(client) ?? 0) + 1);
  recentOf(client).clear();
  writtenOf(client).delete(headIdentity(client, repo, sha));
}

/** All gates of the head, as GitHub answered to the write that has just ended. */
export function rememberWritten(
  client: GitHubClient,
  repo: Repo,
  sha: string,
  runs: readonly GateRun[],
): void {
  writtenOf(client).set(headIdentity(client, repo, sha), runs);
}
