import { type RollbackCandidate, samePaths, takesBack } from "../../../policy/landing/rollback.ts";
import type { Policy } from "../../../policy/policy.ts";
import { ROLLBACK_MISSES, type RollbackMiss } from "../../../policy/snapshot/proof.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { commitsBetween } from "../git/commits-between.ts";
import { commitBefore, readEffect } from "./effect.ts";
import { commitsOf, type Landing, landingsOf, lastChangeOf, pushedLandings } from "./landings.ts";
import { hotfixReader } from "./merged-hotfixes.ts";
import { isRecordedHotfix } from "./recorded.ts";

/** A hotfix is rolled back soon or not at all. */
const WINDOW_MS = 30 * 24 * 3_600_000;
/**
 * Paths by whose last change the hotfix is looked for: of a rebase only the last commit may be known as the
 * pull request's.
 */
const MOST_STARTS = 5;
/** Files of a rollback, each of which has to be as the hotfix left it. */
const MOST_PATHS = 100;
/**
 * Earlier changes of a path among which is looked for one that the hotfix itself took back; more are too many
 * to tell.
 */
const MOST_EARLIER = 60;

/** A change to a branch that may roll back a hotfix there. */
export interface TakingBack {
  readonly branch: string;
  /** The branch's tip before the change. */
  readonly tip: string;
  /** By GitHub's clock. */
  readonly at: number;
  /** Every path that it touches. */
  readonly paths: ReadonlySet<string>;
  /** Only read where paths are the same. `null`: more files than GitHub tells. */
  trees(): Promise<RollbackCandidate | null>;
  /** What landed besides what GitHub's lists tell of. */
  readonly more?: readonly Landing[];
  /** The pull request that makes the change. */
  readonly number?: number;
}

/** What is asked of: the repository and its rules. */
interface Place {
  readonly client: GitHubClient;
  readonly repo: Repo;
  readonly policy: Policy;
}

/** The hotfix that is rolled back, or what is missing for one. */
export type TakenBack =
  | { readonly landing: Landing; readonly miss: null }
  | { readonly landing: null; readonly miss: RollbackMiss };

/**
 * The hotfix that a change takes back, or why none is proven to be. It is found by what it did, whatever
 * lists of pull requests show: it is the last change of each of these paths, so that nothing has been built
 * on it or has undone it since; the change makes the paths what they were before it; and the app has it on
 * record as a hotfix. One that itself took a hotfix back is none that can be rolled back: that would bring a
 * fault in again. Rejects where it cannot be read.
 */
export async function findTakenBack(place: Place, change: TakingBack): Promise<TakenBack> {
  let miss: RollbackMiss = { why: "nothing-recent", number: null };
  if (change.paths.size > MOST_PATHS) miss = { why: "too-large", number: null };
  if (change.paths.size === 0 || change.paths.size > MOST_PATHS) return { landing: null, miss };
  for (const landing of await lastLandings(place, change)) {
    const why =
      (await missingToUndo(place, change, landing)) ?? (await missingToBeWhole(place, change, landing));
    if (why === null) return { landing, miss: null };
    // The one that is nearest to being rolled back is told of.
    if (ROLLBACK_MISSES.indexOf(why) > ROLLBACK_MISSES.indexOf(miss.why))
      miss = { why, number: landing.number };
  }
  return { landing: null, miss };
}

/** What changed the paths last: no other can be what is rolled back. */
async function lastLandings(
  { client, repo, policy }: Place,
  change: TakingBack,
): Promise<readonly Landing[]> {
  const { branch, tip, at, paths, more = [] } = change;
  for (const path of [...paths].slice(0, MOST_STARTS)) {
    const newest = await lastChangeOf(client, repo, tip, path);
    // Nobody ever changed it here, or it was long ago.
    if (newest === undefined || at - newest.at > 2 * WINDOW_MS) return recent(change, more);
    const merged = await landingsOf(client, repo, branch, newest.sha);
    if (merged.length > 0) return recent(change, [...merged, ...more]);
  }
  return recent(change, [...(await pushedLandings(client, repo, branch, policy)), ...more]);
}

/** All that changed a path in the time in which hotfixes are rolled back; `null`: more than are looked at. */
async function earlierLandings(
  { client, repo, policy }: Place,
  change: TakingBack,
): Promise<readonly Landing[] | null> {
  const { branch, tip, at, paths, more = [] } = change;
  const [path = ""] = paths;
  const commits = await commitsOf(client, repo, tip, path, MOST_EARLIER + 1);
  const late = commits.filter((commit) => !(at - commit.at > 2 * WINDOW_MS));
  if (late.length > MOST_EARLIER) return null;
  const merged = await Promise.all(late.map(({ sha }) => landingsOf(client, repo, branch, sha)));
  const pushed = merged.some((landings) => landings.length === 0)
    ? await pushedLandings(client, repo, branch, policy)
    : [];
  const all = recent(change, [...merged.flat(), ...pushed, ...more]);
  return [...new Map(all.map((landing) => [landing.mergeSha, landing])).values()];
}

function recent({ at, number }: TakingBack, landings: readonly Landing[]): readonly Landing[] {
  return landings.filter((landing) => {
    const age = at - Date.parse(landing.mergedAt);
    return age >= 0 && age <= WINDOW_MS && (number === undefined || landing.number !== number);
  });
}

type Missing = Promise<RollbackMiss["why"] | null>;

/** Does the change make of the paths what they were before a recorded hotfix? `null`: yes; else why not. */
async function missingToUndo({ client, repo, policy }: Place, change: TakingBack, landing: Landing): Missing {
  const { number } = landing;
  if (number !== null) {
    const paths = await hotfixReader(client).paths(repo, { ...landing, number });
    if (paths === null || !samePaths(paths, change.paths)) return "other-files";
  }
  const effect = await readEffect(client, repo, landing);
  if (effect === null || !samePaths(effect.paths, change.paths)) return "other-files";
  const trees = await change.trees();
  if (trees === null) return "too-large";
  if (!takesBack(effect, trees))
    return [...effect.paths].every((path) => trees.base.get(path) === effect.after.get(path))
      ? "other-content"
      : "changed-since";
  return (await isRecordedHotfix(client, repo, landing, policy)) ? null : "no-hotfix";
}

/**
 * Has nothing else changed the paths since the hotfix, not even there and back, and did it not itself take
 * one back? `null`: so it is; else why not.
 */
async function missingToBeWhole(place: Place, change: TakingBack, landing: Landing): Missing {
  const { client, repo } = place;
  const before = await commitBefore(client, repo, landing);
  const effect = await readEffect(client, repo, landing);
  if (before === null || effect === null) return "changed-since";
  const own = new Set((await commitsBetween(client, repo, before, landing.mergeSha)).map(({ sha }) => sha));
  const newest = await Promise.all(
    [...change.paths].map((path) => lastChangeOf(client, repo, change.tip, path)),
  );
  if (!newest.every((commit) => commit !== undefined && own.has(commit.sha))) return "changed-since";
  const itself: TakingBack = {
    branch: change.branch,
    tip: before,
    at: Date.parse(landing.mergedAt),
    paths: effect.paths,
    trees: async () => ({ head: effect.after, base: effect.before, mergeBase: effect.before }),
    more: change.more ?? [],
  };
  const earlier = await earlierLandings(place, itself);
  if (earlier === null) return "changed-since";
  for (const one of earlier) if ((await missingToUndo(place, itself, one)) === null) return "of-rollback";
  return null;
}
