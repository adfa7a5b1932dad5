import { type Fact, known } from "../../policy/fact.ts";
import type { GitHubClient } from "../client.ts";
import { describeFailure, read } from "../read.ts";
import { isApp, toAccount } from "./account.ts";
import { text } from "./answer.ts";
import { wasTransferred } from "./issues.ts";

/** What the status comment says was opened, and for what. */
export interface OpenedRecord {
  readonly repository: string;
  readonly number: number;
  /** The hidden marker of the pull request's post-mortem. */
  readonly marker: string;
  /** The merge: a post-mortem cannot be older. */
  readonly since: string;
}

/** Every post-mortem marker; the class has no `>`, so that a search takes time linear in the text. */
const MARKER = /<!-- hotfix-guard:post-mortem [^<>\n]{1,200} -->/g;

/**
 * Is that issue the post-mortem? Whoever has write access can edit the app's comments, so the record in one is only a pointer: the issue
 * has to be the app's own, opened since the merge, and not another's. One that was deleted or moved away was there.
 */
export async function isOwnPostMortem(
  { octokit, app }: GitHubClient,
  { repository, number, marker, since }: OpenedRecord,
): Promise<Fact<boolean>> {
  const [owner = "", repo = ""] = repository.split("/");
  if (owner === "" || repo === "") return known(false);
  return read("the post-mortem issue", async () => {
    try {
      const { data } = await octokit.rest.issues.get({ owner, repo, issue_number: number });
      const markers: readonly string[] = data.body?.match(MARKER) ?? [];
      return (
        (data.pull_request ?? null) === null &&
        isApp(toAccount(data.user), data.performed_via_github_app, app) &&
        Date.parse(text(data.created_at)) >= Date.parse(since) &&
        // People may have lost the marker while they filled it in.
        (markers.length === 0 || markers.includes(marker))
      );
    } catch (error) {
      const { status } = describeFailure(error);
      if (status === 410) return true;
      if (status === 404) return wasTransferred(error, `/repos/${owner}/${repo}/issues/${number}`);
      throw error;
    }
  });
}
