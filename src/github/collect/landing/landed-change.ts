import { type Fact, known } from "../../../policy/fact.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read, UnexpectedAnswer } from "../../api/read.ts";
import { type ChangeDigest, unlike } from "../check/change.ts";
import { readGates } from "../check/gates.ts";
import { changeFor, recordOf } from "../check/record.ts";
import { branchActivity } from "../git/activity.ts";
import { COMPARED_FILES, compare } from "../git/changes.ts";
import { commitBefore, type LandedOn } from "./effect.ts";
import { hotfixReader } from "./merged-hotfixes.ts";

const WHAT = "what landed";

/**
 * The paths at which what landed is not what the gate had checked, by the record on the merged head; `[]`: it
 * is the same, or the gate never checked what would land (then its conclusion tells).
 */
export async function readUnchecked(
  client: GitHubClient,
  repo: Repo,
  { hotfix, base, headSha }: LandedOn,
): Promise<Fact<readonly string[]>> {
  const { number, mergeSha } = hotfix;
  if (number === null) return known([]);
  const gates = await readGates(client, repo, headSha);
  if (!gates.known) return gates;
  const checked = changeFor(recordOf(gates.value), number, base);
  if (checked === null) return known([]);
  return read(WHAT, async () => {
    const before = await beforeIt(client, repo, hotfix, base);
    if (before === null) return [];
    return uncheckedPaths(client, repo, { from: before, to: mergeSha, headSha }, checked);
  });
}

/**
 * The paths at which the way from one commit of the base branch to a later one, on which this head has
 * landed, is not what was checked. Rejects where it cannot be read.
 */
export async function uncheckedPaths(
  client: GitHubClient,
  repo: Repo,
  { from, to, headSha }: { readonly from: string; readonly to: string; readonly headSha: string },
  checked: ChangeDigest,
): Promise<readonly string[]> {
  const [landed, expected] = await Promise.all([
    filesOf(client, repo, from, to),
    filesOf(client, repo, from, headSha),
  ]);
  // So many files can be told from few, and not from each other.
  if (landed.length >= COMPARED_FILES && checked.files === null) return [];
  const paths = unlike(landed, checked, expected);
  if (paths.length === 0) return [];
  // What the base had already, to the letter, has landed as well.
  const there = await hotfixReader(client).tree(repo, to);
  const has = (path: string): boolean => {
    const sha = expected.find((file) => file.path === path)?.sha;
    return typeof sha === "string" && there?.get(path)?.endsWith(` ${sha}`) === true;
  };
  const changed = new Set(landed.map(({ path }) => path));
  return paths.filter((path) => changed.has(path) || !has(path));
}

/**
 * The base's commit before the merge. GitHub's own record of the push tells best: of a rebase nothing else
 * says how many commits it made.
 */
async function beforeIt(
  client: GitHubClient,
  repo: Repo,
  hotfix: LandedOn["hotfix"],
  base: string,
): Promise<string | null> {
  const activity = await branchActivity(client, repo, base);
  const push = activity?.find(({ after, type }) => after === hotfix.mergeSha && type === "pr_merge");
  return push?.before ?? commitBefore(client, repo, hotfix);
}

/** The files that differ between two commits, from where they part. Rejects where they cannot be read. */
export async function filesOf(client: GitHubClient, repo: Repo, from: string, to: string) {
  const compared = await compare(client, repo, from, to);
  if (!compared.ok) throw new UnexpectedAnswer(compared.failure.reason);
  return compared.value.files;
}
