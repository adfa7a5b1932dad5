import type { Fact } from "../../../policy/fact.ts";
import { postMortemOfItem } from "../../../policy/post-mortem/item-issues.ts";
import { metricsIn } from "../../../policy/post-mortem/metrics-block.ts";
import { type Subject, subjectOf } from "../../../policy/post-mortem/subject.ts";
import { isApp, toAccount } from "../../api/account.ts";
import { count, list, onStatus, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read } from "../../api/read.ts";

/** A post-mortem as the list of issues has it. */
export interface ListedPostMortem {
  readonly number: number;
  readonly open: boolean;
  /** `null`: people took the marker out. */
  readonly subject: Subject | null;
  /** Its metrics say when the fix was deployed. */
  readonly deployed: boolean;
}

/** Post-mortems that are older and closed are history. */
const WINDOW_MS = 30 * 24 * 3_600_000;

/**
 * The newest hundred issues of the app that something happened to within 30 days, of whatever repository they
 * tell.
 */
export function listPostMortems(
  client: GitHubClient,
  repo: Repo,
): Promise<Fact<readonly ListedPostMortem[]>> {
  return read("the post-mortems", () => loadPostMortems(client, repo));
}

/** As `listPostMortems`; rejects where they cannot be read. */
export async function loadPostMortems(
  { octokit, app, serverTime }: GitHubClient,
  repo: Repo,
): Promise<readonly ListedPostMortem[]> {
  // A whole day, so that GitHub can answer that nothing has changed.
  const since = `${new Date(serverTime().getTime() - WINDOW_MS).toISOString().slice(0, 10)}T00:00:00Z`;
  const answer = await octokit.rest.issues
    .listForRepo({
      ...repo,
      creator: `${app.slug}[bot]`,
      state: "all",
      since,
      sort: "created",
      direction: "desc",
      per_page: PER_PAGE,
    })
    // Issues are switched off, or not for the app.
    .catch(onStatus([403, 404, 410], null));
  return list(answer?.data ?? [])
    .filter(
      ({ user, performed_via_github_app: via, pull_request, title, body }) =>
        pull_request === undefined &&
        isApp(toAccount(user), via, app) &&
        postMortemOfItem({ title, body: body ?? "" }) === null,
    )
    .map(({ number, state, body }) => ({
      number: count(number),
      open: state !== "closed",
      subject: subjectOf(body ?? ""),
      deployed: typeof metricsIn(body ?? "")?.values?.deployed_at === "string",
    }));
}
