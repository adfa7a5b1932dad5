import { isProductionBase, productionBases } from "../../../policy/classify.ts";
import { type Fact, known, unknown } from "../../../policy/fact.ts";
import { samePaths, touchedPaths } from "../../../policy/landing/rollback.ts";
import { type Change, differences, sameChange } from "../../../policy/landing/same-work.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { BackMergeProof } from "../../../policy/snapshot/proof.ts";
import type { Attempt, Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { describeFailure } from "../../api/read.ts";
import { COMPARED_FILES, compare } from "../git/changes.ts";
import { type Compared, isWholeChange } from "../git/compared.ts";
import { type PullRequestReading, readPullRequest } from "../pull-request/pull-request.ts";
import { readChange, readLandedChange } from "./change.ts";
import { commitBefore } from "./effect.ts";
import { commitsOf, type Landing, landingsOf, pushedLandings } from "./landings.ts";
import { hotfixReader } from "./merged-hotfixes.ts";
import { isRecordedHotfix } from "./recorded.ts";
import { type Part, proofOfSeveral } from "./several-hotfixes.ts";

/**
 * Files by whose changes it is looked for: of a rebase only the last commit may be known as the pull
 * request's.
 */
const MOST_PATHS = 5;
/** Changes of these files in production among which the hotfix is looked for, newest first. */
const MOST_COMMITS = 30;
/** Hotfixes that may be brought back together. */
const MOST_PARTS = 5;
/** Numbers in the title and in the branch's name that are tried first. */
const MOST_HINTS = 3;

type Reading = Pick<PullRequestReading, "number" | "pullRequest" | "repository">;

/** What tells a back-merge from another pull request that goes to a branch outside production. */
export interface BackMerge {
  /** Are all its commits in a production branch already? */
  readonly inProduction: Fact<boolean>;
  /** The hotfix whose change it brings, or nearly; `null`: none. */
  readonly backMergeOf: Fact<BackMergeProof | null>;
}

/**
 * Does a pull request bring back what is in production? Asked only where its base is no production branch, of
 * the production branches that the policy names in full, else of the default branch. Its commits are there;
 * or its change is that of a hotfix which landed there, compared with its base or with production, whichever
 * it was made from. Names only say where to look first.
 */
export async function readBackMerge(
  client: GitHubClient,
  repo: Repo,
  reading: Reading,
  compared: Attempt<Compared>,
  policy: Policy,
): Promise<BackMerge> {
  const { pullRequest, repository } = reading;
  const none = known(null);
  if (isProductionBase(pullRequest.base.ref, policy, repository))
    return { inProduction: known(false), backMergeOf: none };
  const named = productionBases(policy, repository).filter((branch) => !/[*?[\]{}()!\\]/.test(branch));
  const branches = named.length > 0 ? named : [repository.defaultBranch];
  const production = await Promise.all(
    branches.map(async (branch) => ({
      branch,
      against: await compare(client, repo, branch, pullRequest.head.sha),
    })),
  );
  if (production.some(({ against }) => against.ok && against.value.aheadBy === 0))
    return { inProduction: known(true), backMergeOf: none };
  const inProduction =
    production
      .map(({ branch, against }) =>
        against.ok ? null : unknown(`whether ${branch} has the commits already: ${against.failure.reason}`),
      )
      .find((fact) => fact !== null) ?? known(false);
  try {
    const all = [compared, ...production.map(({ against }) => against)];
    const { sha, ref } = pullRequest.head;
    const hints = { number: reading.number, title: pullRequest.title, ref, sha };
    const found = await findHotfix(client, repo, hints, viewsOf(all, sha), branches, policy);
    return { inProduction, backMergeOf: known(found) };
  } catch (error) {
    const reason = `whether it brings a hotfix back: ${describeFailure(error).reason}`;
    return { inProduction, backMergeOf: unknown(reason) };
  }
}

/**
 * The commits of the hotfixes on `production` that a merged pull request brought to another branch, by the
 * same proof; empty: it is none. Rejects where it cannot be read.
 */
export async function hotfixesBroughtBy(
  client: GitHubClient,
  repo: Repo,
  landing: Landing,
  production: string,
  policy: Policy,
): Promise<readonly string[]> {
  const before = await commitBefore(client, repo, landing);
  if (before === null) return [];
  const compared = await compare(client, repo, before, landing.mergeSha);
  const hints = { ...landing, ref: "", sha: landing.headSha };
  const views = viewsOf([compared], landing.mergeSha);
  const found = await findHotfix(client, repo, hints, views, [production], policy);
  return found?.same === true ? [found, ...(found.also ?? [])].map(({ mergeSha }) => mergeSha) : [];
}

/** Where to look first: the pull request, its title and branch, and its head. */
interface Hints {
  readonly number: number | null;
  readonly title: string;
  readonly ref: string;
  readonly sha: string;
}

/** The change as seen from a branch that it may have been made from. */
interface View {
  readonly files: Compared["files"];
  readonly from: string;
  readonly to: string;
}

function viewsOf(all: readonly Attempt<Compared>[], to: string): readonly View[] {
  return all.flatMap((against) => {
    if (!against.ok || !isWholeChange(against.value)) return [];
    const { files, mergeBase: from } = against.value;
    return files.length > 0 && files.length < COMPARED_FILES ? [{ files, from, to }] : [];
  });
}

async function findHotfix(
  client: GitHubClient,
  repo: Repo,
  hints: Hints,
  views: readonly View[],
  branches: readonly string[],
  policy: Policy,
): Promise<BackMergeProof | null> {
  if (views.length === 0) return null;
  let nearest: BackMergeProof | null = null;
  const changes = new Map<View, Promise<Change | null>>();
  const changeOf = (view: View): Promise<Change | null> => {
    const change = changes.get(view) ?? readChange(client, repo, view);
    changes.set(view, change);
    return change;
  };
  for (const branch of branches) {
    const parts: Part[] = [];
    for await (const { landing, hinted } of candidates(client, repo, hints, views, branch, policy)) {
      const paths = await pathsOf(client, repo, landing);
      const alike = views.filter(({ files }) => paths !== null && samePaths(touchedPaths(files), paths));
      const isPart = paths !== null && paths.size > 0 && views.some(({ files }) => isWithin(paths, files));
      if (alike.length === 0 && !isPart && !(hinted && nearest === null)) continue;
      const landed = await readLandedChange(client, repo, landing);
      if (landed === null) continue;
      if (isPart && parts.length < MOST_PARTS && (await isRecordedHotfix(client, repo, landing, policy)))
        parts.push({ landing, landed });
      if (alike.length === 0 && !(hinted && nearest === null)) continue;
      const { number, mergeSha } = landing;
      let differs: readonly string[] | null = null;
      for (const view of alike.length > 0 ? alike : views) {
        const own = await changeOf(view);
        if (own === null) continue;
        const here = sameChange(own, landed) ? [] : differences(own, landed);
        if (differs === null || here.length < differs.length) differs = here;
      }
      if (differs === null || !(await isRecordedHotfix(client, repo, landing, policy))) continue;
      const same = differs.length === 0;
      if (same || nearest === null) nearest = { number, mergeSha, branch, same, differs };
      if (same) return nearest;
    }
    for (const view of parts.length < 2 ? [] : views) {
      const own = await changeOf(view);
      const several = own === null ? null : await proofOfSeveral(client, repo, own, parts);
      if (several !== null) return { ...several, branch, same: true, differs: [] };
    }
  }
  return nearest;
}

function isWithin(paths: ReadonlySet<string>, files: View["files"]): boolean {
  const all = touchedPaths(files);
  return [...paths].every((path) => all.has(path));
}

async function pathsOf(
  client: GitHubClient,
  repo: Repo,
  landing: Landing,
): Promise<ReadonlySet<string> | null> {
  const { number } = landing;
  if (number !== null) return hotfixReader(client).paths(repo, { number });
  return (await readLandedChange(client, repo, landing))?.effect.paths ?? null;
}

/**
 * What landed on a production branch and may be what the pull request brings, likely ones first, each once.
 */
async function* candidates(
  client: GitHubClient,
  repo: Repo,
  { number: own, title, ref, sha: head }: Hints,
  views: readonly View[],
  branch: string,
  policy: Policy,
): AsyncGenerator<{ readonly landing: Landing; readonly hinted: boolean }> {
  const seen = new Set<string>();
  const fresh = (landings: readonly Landing[]): readonly Landing[] =>
    landings.filter(({ mergeSha, number }) => {
      const isNew = (number === null || number !== own) && !seen.has(mergeSha);
      seen.add(mergeSha);
      return isNew;
    });
  for (const landing of fresh(await landingsOf(client, repo, branch, head))) yield { landing, hinted: true };
  for (const number of hintsIn(`${title} ${ref}`)) {
    const pull = number === own ? known(null) : await readPullRequest(client, repo, number);
    if (!pull.known || pull.value === null) continue;
    const { merged, base, head, title } = pull.value.pullRequest;
    if (merged === null || merged.sha === null || base.ref !== branch) continue;
    const { at: mergedAt, sha: mergeSha } = merged;
    for (const landing of fresh([{ number, title, mergeSha, mergedAt, headSha: head.sha }]))
      yield { landing, hinted: true };
  }
  const smallest = views.toSorted((a, b) => a.files.length - b.files.length)[0];
  const paths = smallest === undefined ? [] : [...touchedPaths(smallest.files)];
  const looked = new Set<string>();
  let pushed = false;
  for (const path of paths.slice(0, MOST_PATHS))
    for (const { sha } of await commitsOf(client, repo, branch, path, MOST_COMMITS)) {
      if (looked.has(sha) || looked.size >= MOST_COMMITS) continue;
      looked.add(sha);
      const landings = await landingsOf(client, repo, branch, sha);
      pushed ||= landings.length === 0;
      for (const landing of fresh(landings)) yield { landing, hinted: false };
    }
  if (!pushed) return;
  for (const landing of fresh(await pushedLandings(client, repo, branch, policy)))
    yield { landing, hinted: false };
}

/**
 * Numbers of pull requests: `(backport #12)`, `mergify/bp/release-1/pr-12`, `cherry-pick-12-to-release-1`.
 */
function hintsIn(text: string): readonly number[] {
  const found = text.matchAll(
    /(?:#|(?<![\p{L}\p{N}])(?:pr|bp|backport|cherry-?pick)[-/])(\d{1,9})(?![\p{L}\p{N}])/giu,
  );
  return [...new Set([...found].map(([, digits]) => Number(digits)))].slice(0, MOST_HINTS);
}
