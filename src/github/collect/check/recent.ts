import { LRUCache } from "lru-cache";
import type { Fact } from "../../../policy/fact.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { type GateRun, readGates } from "./gates.ts";

/** An evaluation takes about a second; what was read longer ago is read again before it is written over. */
const FRESH_MS = 2_000;

interface Recent {
  readonly runs: LRUCache<string, readonly GateRun[]>;
  /** How often this process has written check runs of the installation. */
  writes: number;
}

const recents = new WeakMap<GitHubClient, Recent>();

function recentOf(client: GitHubClient): Recent {
  const recent = recents.get(client) ?? { runs: new LRUCache({ max: 1_000, ttl: FRESH_MS }), writes: 0 };
  recents.set(client, recent);
  return recent;
}

/** Reads a head's gates and keeps them for whoever writes them next, unless this process writes meanwhile. */
export async function readGatesToWrite(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<Fact<readonly GateRun[]>> {
  const recent = recentOf(client);
  const { writes } = recent;
  const gates = await readGates(client, repo, sha);
  if (gates.known && recent.writes === writes) recent.runs.set(keyOf(repo, sha), gates.value);
  return gates;
}

/** The gates as they were read a moment ago, once: whoever comes after a write has to read them anew. */
export function takeRecentGates(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): readonly GateRun[] | undefined {
  const { runs } = recentOf(client);
  const key = keyOf(repo, sha);
  const found = runs.get(key);
  runs.delete(key);
  return found;
}

/** A check run was written, or may have been: what was read before is no longer so. */
export function forgetRecentGates(client: GitHubClient): void {
  const recent = recentOf(client);
  recent.writes += 1;
  recent.runs.clear();
}

function keyOf({ owner, repo }: Repo, sha: string): string {
  return `${owner}/${repo}@${sha}`.toLowerCase();
}
