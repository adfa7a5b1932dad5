import { effectOf } from "../../../policy/landing/rollback.ts";
import { type Change, patchesOf } from "../../../policy/landing/same-work.ts";
import type { ChangedFile } from "../../../policy/snapshot/change.ts";
import { list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { headIdentity } from "../../api/repositories.ts";
import { COMPARED_FILES } from "../git/changes.ts";
import { toCompared, toFile } from "../git/compared.ts";
import { commitBefore, type LandedHotfix, readEffect } from "./effect.ts";
import { hotfixReader } from "./merged-hotfixes.ts";

const changesOf = remembered<Change>("changes");

/**
 * What a hotfix, or whatever else landed, changed; `null`: not to be told with certainty. Rejects where it
 * cannot be read.
 */
export async function readLandedChange(
  client: GitHubClient,
  repo: Repo,
  landed: LandedHotfix,
): Promise<Change | null> {
  const key = `${headIdentity(client, repo, landed.mergeSha)} landed`;
  const kept = changesOf(client).get(key);
  if (kept !== undefined) return kept;
  const effect = await readEffect(client, repo, landed);
  const before = effect === null ? null : await commitBefore(client, repo, landed);
  if (effect === null || before === null) return null;
  const basehead = `${before}...${landed.mergeSha}`;
  const { data } = await client.octokit.rest.repos.compareCommitsWithBasehead({ ...repo, basehead });
  const { files } = toCompared(data);
  if (files.length >= COMPARED_FILES) return null;
  const change = { patches: patchesOf(files), effect };
  changesOf(client).set(key, change);
  return change;
}

/**
 * What a commit changed, against its first parent; `null`: more than GitHub shows. Rejects where it cannot be
 * read.
 */
export async function readCommitChange(
  client: GitHubClient,
  repo: Repo,
  sha: string,
): Promise<Change | null> {
  const key = headIdentity(client, repo, sha);
  const kept = changesOf(client).get(key);
  if (kept !== undefined) return kept;
  const { data } = await client.octokit.rest.repos.getCommit({ ...repo, ref: sha });
  const files = list(data.files ?? []).map(toFile);
  const [parent] = data.parents;
  if (parent === undefined || files.length >= COMPARED_FILES) return null;
  const change = await readChange(client, repo, { files, from: text(parent.sha), to: sha });
  if (change !== null) changesOf(client).set(key, change);
  return change;
}

/** The change from one commit to another, of which the files are known; `null`: more than GitHub tells. */
export async function readChange(
  client: GitHubClient,
  repo: Repo,
  { files, from, to }: { readonly files: readonly ChangedFile[]; readonly from: string; readonly to: string },
): Promise<Change | null> {
  const { tree } = hotfixReader(client);
  const [before, after] = await Promise.all([tree(repo, from), tree(repo, to)]);
  if (before === null || after === null) return null;
  return { patches: patchesOf(files), effect: effectOf(before, after) };
}
