import { type Change, restrictedTo, sameAsSeveral } from "../../../policy/landing/same-work.ts";
import type { BackMergeProof } from "../../../policy/snapshot/proof.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { COMPARED_FILES, compare } from "../git/changes.ts";
import { readChange } from "./change.ts";
import { commitBefore } from "./effect.ts";
import type { Landing } from "./landings.ts";

/** A hotfix that landed, on record, and changed some of the files that a pull request changes. */
export interface Part {
  readonly landing: Landing;
  readonly landed: Change;
}

/**
 * The hotfixes whose changes together are what a pull request changes: those that it needs for that, newest
 * first in the proof; `null`: they are not.
 */
export async function proofOfSeveral(
  client: GitHubClient,
  repo: Repo,
  own: Change,
  parts: readonly Part[],
): Promise<Pick<BackMergeProof, "number" | "mergeSha" | "also"> | null> {
  const ordered = parts.toSorted((a, b) => Date.parse(a.landing.mergedAt) - Date.parse(b.landing.mergedAt));
  // Files that were hotfixed twice: the newest ones that cover all paths are the fewest.
  for (let from = ordered.length - 2; from >= 0; from--) {
    const some = ordered.slice(from);
    const changes = some.map(({ landed }) => landed);
    const last = some.at(-1);
    if (last === undefined) continue;
    if (!sameAsSeveral(own, changes, null)) {
      const together = await changeOfAll(client, repo, some);
      if (together === null || !sameAsSeveral(own, changes, together)) continue;
    }
    const also = some.slice(0, -1).map(({ landing: { number, mergeSha } }) => ({ number, mergeSha }));
    const { number, mergeSha } = last.landing;
    return { number, mergeSha, also };
  }
  return null;
}

/** From before the first to after the last, in the files that they changed. */
async function changeOfAll(client: GitHubClient, repo: Repo, parts: readonly Part[]): Promise<Change | null> {
  const [first] = parts;
  const last = parts.at(-1);
  if (first === undefined || last === undefined) return null;
  const before = await commitBefore(client, repo, first.landing);
  if (before === null) return null;
  const compared = await compare(client, repo, before, last.landing.mergeSha);
  if (!compared.ok || compared.value.files.length >= COMPARED_FILES) return null;
  const { files } = compared.value;
  const paths = new Set(parts.flatMap(({ landed }) => [...landed.effect.paths]));
  const change = await readChange(client, repo, { files, from: before, to: last.landing.mergeSha });
  return change === null ? null : restrictedTo(change, paths);
}
