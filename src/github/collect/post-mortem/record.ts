import { type Fact, mapFact } from "../../../policy/fact.ts";
import { count, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, readPages } from "../../api/read.ts";

/** The check run that records a post-mortem. It is no gate: it is neutral, and nothing asks for it. */
export const RECORD_NAME = "hotfix-post-mortem";

/** Where a post-mortem was opened; it may have been deleted or transferred since. */
export interface OpenedPostMortem {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
}

/** Two instances have opened one each for the same subject: is `one` the older? */
export function isOlder(one: OpenedPostMortem, other: OpenedPostMortem): boolean {
  return one.repository.toLowerCase() === other.repository.toLowerCase() && one.number < other.number;
}

/** What a record's `external_id` says: whose post-mortem (`#42`, `@<sha>`) was opened as which issue. */
export function encodeOpened(subject: string, { repository, number }: OpenedPostMortem): string {
  return `${subject} ${repository}#${number}`;
}

/** `null`: it is none, or of another subject. */
export function decodeOpened(externalId: string | null, subject: string): OpenedPostMortem | null {
  const match = /^(\S{1,70}) ([\w.-]{1,100}\/[\w.-]{1,100})#(\d{1,15})$/.exec(externalId ?? "");
  return match === null || match[1] !== subject
    ? null
    : { repository: match[2] ?? "", number: Number(match[3]) };
}

/**
 * The post-mortem that the app has opened for a subject, as it recorded on the commit that was merged or
 * pushed. Check runs are written by their app alone and cannot be deleted, so this outlives the issue, its
 * marker and the app's comments, and a repository's name. The first record counts, and of two issues that two
 * instances have opened side by side the older.
 */
export async function readOpenedPostMortem(
  { octokit, app }: GitHubClient,
  repo: Repo,
  sha: string,
  subject: string,
): Promise<Fact<OpenedPostMortem | null>> {
  const runs = await readPages("the record of the post-mortem", async (page) => {
    const { data, headers } = await octokit.rest.checks.listForRef({
      ...repo,
      ref: sha,
      check_name: RECORD_NAME,
      app_id: app.id,
      filter: "all",
      per_page: PER_PAGE,
      page,
    });
    return { data: data.check_runs, headers };
  });
  return mapFact(runs, (all) => {
    const opened = all
      .filter((run) => text(run.name) === RECORD_NAME && Number(run.app?.id) === app.id)
      .toSorted((a, b) => count(a.id) - count(b.id))
      .flatMap((run) => decodeOpened(run.external_id, subject) ?? []);
    return opened.reduce<OpenedPostMortem | null>(
      (first, next) => (first === null || isOlder(next, first) ? next : first),
      null,
    );
  });
}
