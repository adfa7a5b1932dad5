import { type Fact, known } from "../../policy/fact.ts";
import { fullName } from "../../policy/repository.ts";
import { onStatus, type Repo, text } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { remembered } from "../api/memory.ts";
import { read } from "../api/read.ts";

/** Who sees a repository, from few to many. */
const VISIBILITIES = ["private", "internal", "public"] as const;
type Visibility = (typeof VISIBILITIES)[number];

const visibilities = remembered<Visibility | "none">("visibilities");

/**
 * Does everybody who sees `here` see `there` too, as far as visibility tells? Only then may anything of
 * `there` be shown here, even whether it exists. `null`: the app cannot read one of them.
 */
export async function isAsVisible(
  client: GitHubClient,
  there: Repo,
  here: Repo,
): Promise<Fact<boolean | null>> {
  const [a, b] = await Promise.all([readVisibility(client, there), readVisibility(client, here)]);
  if (!a.known) return a;
  if (!b.known) return b;
  if (a.value === "none" || b.value === "none") return known(null);
  return known(VISIBILITIES.indexOf(a.value) >= VISIBILITIES.indexOf(b.value));
}

async function readVisibility(client: GitHubClient, repo: Repo): Promise<Fact<Visibility | "none">> {
  const key = fullName(repo).toLowerCase();
  const cache = visibilities(client);
  const there = cache.get(key);
  if (there !== undefined) return known(there);
  const reading = await read(`who sees ${fullName(repo)}`, async (): Promise<Visibility | "none"> => {
    const found = await client.octokit.rest.repos
      .get({ owner: repo.owner, repo: repo.repo })
      .catch(onStatus([403, 404, 410, 451], null));
    if (found === null) return "none";
    const said = VISIBILITIES.find((one) => one === text(found.data.visibility ?? ""));
    // Servers that do not name it tell at least private from public.
    return said ?? (found.data.private === false ? "public" : "private");
  });
  if (reading.known) cache.set(key, reading.value);
  return reading;
}
