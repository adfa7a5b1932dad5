import { type Effect, effectOf } from "../../../policy/landing/rollback.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { identityOf } from "../../api/repositories.ts";
import { hotfixReader } from "./merged-hotfixes.ts";

/** A hotfix on a base branch, by a merged pull request or by a push. */
export interface LandedHotfix {
  /** The pull request's; `null`: it was pushed. */
  readonly number: number | null;
  readonly title: string;
  /** The merge's commit, or the branch's tip after the push. */
  readonly mergeSha: string;
  readonly mergedAt: string;
  /** The branch's tip before the push; not asked for where there is a pull request. */
  readonly before?: string | null;
}

/** A hotfix on its base branch, and the head whose gate had to let it there. */
export interface LandedOn {
  readonly hotfix: LandedHotfix;
  readonly base: string;
  readonly headSha: string;
}

/**
 * The base's commit just before the hotfix landed; `null`: not to be told with certainty. Rejects where it
 * cannot be read.
 */
export async function commitBefore(
  client: GitHubClient,
  repo: Repo,
  hotfix: LandedHotfix,
): Promise<string | null> {
  const { number, before = null } = hotfix;
  return number === null ? before : hotfixReader(client).before(repo, { ...hotfix, number });
}

const effectsOf = remembered<Effect>("effects");

/**
 * What the hotfix did to its base; `null`: not to be told with certainty. Rejects where it cannot be read.
 */
export async function readEffect(
  client: GitHubClient,
  repo: Repo,
  hotfix: LandedHotfix,
): Promise<Effect | null> {
  const reader = hotfixReader(client);
  const { number, mergeSha, before = null } = hotfix;
  if (number !== null) return reader.effect(repo, { ...hotfix, number });
  if (before === null) return null;
  const cache = effectsOf(client);
  const key = `${identityOf(client, repo)}@${before}..${mergeSha}`;
  const known = cache.get(key);
  if (known !== undefined) return known;
  const [from, to] = await Promise.all([reader.tree(repo, before), reader.tree(repo, mergeSha)]);
  if (from === null || to === null) return null;
  const effect = effectOf(from, to);
  cache.set(key, effect);
  return effect;
}
