import type { MergeSettings } from "../../policy/snapshot.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { remembered } from "../api/memory.ts";
import { read, UnexpectedAnswer } from "../api/read.ts";
import { identityOf } from "../api/repositories.ts";

/** A repository as REST and events show it. */
export interface RawMergeSettings {
  readonly allow_merge_commit?: boolean | undefined;
  readonly allow_squash_merge?: boolean | undefined;
  readonly allow_rebase_merge?: boolean | undefined;
  readonly squash_merge_commit_title?: string | undefined;
  readonly squash_merge_commit_message?: string | undefined;
}

/** Every way of merging is taken to be open, so that the commits themselves are held to the format. */
const HIDDEN: MergeSettings = {
  mergeCommit: true,
  squash: true,
  rebase: true,
  squashTitle: null,
  squashMessage: null,
  hidden: true,
};

/**
 * REST shows these to tokens with write access to contents only, which the app does not ask for. What is not
 * there is not known, and never "allowed" or "forbidden".
 */
export function toMergeSettings(repo: RawMergeSettings): MergeSettings {
  const { allow_merge_commit: mergeCommit, allow_squash_merge: squash, allow_rebase_merge: rebase } = repo;
  if (mergeCommit === undefined || squash === undefined || rebase === undefined) return HIDDEN;
  return {
    mergeCommit,
    squash,
    rebase,
    squashTitle: (repo.squash_merge_commit_title ?? null) as MergeSettings["squashTitle"],
    squashMessage: (repo.squash_merge_commit_message ?? null) as MergeSettings["squashMessage"],
  };
}

const settingsOf = remembered<MergeSettings>("merge settings");

const QUERY = `query ($owner: String!, $name: String!) {
  repository(owner: $owner, name: $name) {
    mergeCommitAllowed squashMergeAllowed rebaseMergeAllowed squashMergeCommitTitle squashMergeCommitMessage
  }
}`;

/** What GraphQL answers; all of it is non-null in its schema. */
interface Answer {
  readonly repository?: {
    readonly mergeCommitAllowed?: unknown;
    readonly squashMergeAllowed?: unknown;
    readonly rebaseMergeAllowed?: unknown;
    readonly squashMergeCommitTitle?: MergeSettings["squashTitle"];
    readonly squashMergeCommitMessage?: MergeSettings["squashMessage"];
  } | null;
}

/**
 * The settings that REST hides: as the event shows them, else by GraphQL, which shows them to whoever may
 * read and is asked once in ten minutes, whatever comes of it. Where that does not tell either they stay
 * hidden.
 */
export async function readMergeSettings(
  client: GitHubClient,
  repo: Repo,
  shown: MergeSettings,
  told: RawMergeSettings | undefined,
): Promise<MergeSettings> {
  if (shown.hidden !== true) return shown;
  const settings = settingsOf(client);
  const key = identityOf(client, repo);
  if (told !== undefined) settings.set(key, toMergeSettings(told));
  const earlier = settings.get(key);
  if (earlier !== undefined) return earlier;
  const found = await read("how the repository merges", async () => {
    const variables = { owner: repo.owner, name: repo.repo };
    return toSettings(await client.octokit.graphql<Answer>(QUERY, variables));
  });
  const answer = found.known ? found.value : HIDDEN;
  settings.set(key, answer);
  return answer;
}

function toSettings({ repository }: Answer): MergeSettings {
  const { mergeCommitAllowed, squashMergeAllowed, rebaseMergeAllowed } = repository ?? {};
  if (
    typeof mergeCommitAllowed !== "boolean" ||
    typeof squashMergeAllowed !== "boolean" ||
    typeof rebaseMergeAllowed !== "boolean"
  )
    throw new UnexpectedAnswer("merge settings that are not there");
  return {
    mergeCommit: mergeCommitAllowed,
    squash: squashMergeAllowed,
    rebase: rebaseMergeAllowed,
    squashTitle: repository?.squashMergeCommitTitle ?? null,
    squashMessage: repository?.squashMergeCommitMessage ?? null,
  };
}
