import type { Fact } from "../../../policy/fact.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { headIdentity } from "../../api/repositories.ts";
import { type GateRun, readGates } from "./gates.ts";

const recentOf = remembered<readonly GateRun[]>("recent gates");
/** How often this process has written check runs, by installation. */
const writesOf = new WeakMap<GitHubClient, number>();

/** Reads a head's gates and keeps them for whoever writes them next, unless this process writes meanwhile. */
export async function readGatesToWrite(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<Fact<readonly GateRun[]>> {
  const writes = writesOf.get(client);
  const gates = await readGates(client, repo, sha);
  if (gates.known && writesOf.get(client) === writes)
    recentOf(client).set(headIdentity(client, repo, sha), gates.value);
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

/** A check run was written, or may have been: what was read before is no longer so. */
export function forgetRecentGates(client: GitHubClient): void {
  writesOf.set(client, (writesOf.get(client) ?? 0) + 1);
  recentOf(client).clear();
}
