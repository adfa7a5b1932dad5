import { isApp, toAccount } from "../github/api/account.ts";
import type { Repo } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { PER_PAGE, readPages } from "../github/api/read.ts";
import { type Fact, known } from "../policy/fact.ts";
import { metricsIn } from "../policy/post-mortem/metrics-block.ts";
import { subjectOf } from "../policy/post-mortem/subject.ts";
import { instant } from "../policy/time.ts";
import { type ReportRow, rowOf } from "./summary.ts";

/** What was read for a report: a row for each post-mortem. */
export interface ReportData {
  readonly rows: readonly ReportRow[];
  /** Issues whose metrics were deleted or broken. */
  readonly unreadable: readonly number[];
}

/**
 * The metrics of all post-mortems of hotfixes merged (or pushed) since then, of whatever repository those
 * are.
 */
export async function readReport(client: GitHubClient, repo: Repo, since: Date): Promise<Fact<ReportData>> {
  const { octokit, app } = client;
  const issues = await readPages("the post-mortems", (page) =>
    octokit.rest.issues.listForRepo({
      ...repo,
      creator: `${app.slug}[bot]`,
      state: "all",
      // Of the last change, which is no earlier than the merge.
      since: since.toISOString(),
      per_page: PER_PAGE,
      page,
    }),
  );
  if (!issues.known) return issues;
  const rows: ReportRow[] = [];
  const unreadable: number[] = [];
  for (const {
    number,
    user,
    performed_via_github_app: via,
    pull_request,
    body,
    created_at,
  } of issues.value) {
    if (pull_request || !isApp(toAccount(user), via, app)) continue;
    const text = (body ?? "").replaceAll("\r\n", "\n");
    const block = metricsIn(text);
    // Something else that the app opened, or nothing is left of the post-mortem.
    if (block === null && subjectOf(text) === null) continue;
    const merged = block?.values?.merged_at;
    const at = typeof merged === "string" && !Number.isNaN(instant(merged)) ? merged : created_at;
    if (instant(at) < since.getTime()) continue;
    if (block?.values == null) unreadable.push(number);
    else rows.push(rowOf(block.values, affectedIn(text)));
  }
  return known({ rows, unreadable });
}

/** The part that was changed, as the summary has it. */
function affectedIn(body: string): string | null {
  const value = /^[-*] \*\*Affected:\*\* `([^`\n]{1,200})`/m.exec(body)?.[1]?.trim();
  return value === undefined || value === "" ? null : value;
}
