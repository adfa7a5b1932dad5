import type { GitHubClient } from "../github/api/client.ts";
import { type Fact, known } from "../policy/fact.ts";
import { readMergedCount, readPostMortems, readTeams } from "./read.ts";
import { previousStart, type Report, reportOf } from "./report.ts";
import { type HotfixRow, hotfixOf, landedAtOf } from "./row.ts";
import { nameOf, type Scope } from "./scope.ts";

/**
 * Reads all that a report needs, some five requests and one for each further hundred post-mortems, and sums
 * it up. Unknown only where the post-mortems cannot be read; what else is not known is said in its notes.
 */
export async function gatherReport(
  client: GitHubClient,
  scope: Scope,
  { since, until }: { readonly since: Date; readonly until: Date },
): Promise<Fact<Report>> {
  const start = previousStart(since, until);
  const issues = await readPostMortems(client, scope, start);
  if (!issues.known) return issues;
  const rows: HotfixRow[] = [];
  const unreadable: string[] = [];
  for (const issue of issues.value ?? []) {
    const row = hotfixOf(issue, until);
    if (row !== null && row !== "unreadable") rows.push(row);
    else if (row === "unreadable" && Date.parse(landedAtOf(issue)) >= since.getTime())
      unreadable.push(`${issue.repository}#${issue.number}`);
  }
  const [merged, previousMerged, teams] = await Promise.all([
    readMergedCount(client, scope, { from: since, to: until }),
    readMergedCount(client, scope, { from: start, to: since }),
    rows.length === 0 ? known(new Map<string, readonly string[]>()) : readTeams(client, scope),
  ]);
  const notes = [
    ...(issues.value === null ? [NO_APP] : []),
    ...(merged.known && previousMerged.known
      ? []
      : [`Rates are not known: ${reasonOf(merged, previousMerged)}`]),
  ];
  return known(
    reportOf({
      about: nameOf(scope),
      kind: scope.kind,
      since,
      until,
      rows: withoutDuplicates(rows),
      unreadable,
      merged: merged.known ? merged.value : null,
      previousMerged: previousMerged.known ? previousMerged.value : null,
      teams: teams.known && teams.value.size > 0 ? teams.value : null,
      notes,
    }),
  );
}

/** Two instances may have opened a post-mortem each for one hotfix: the older counts. */
function withoutDuplicates(rows: readonly HotfixRow[]): readonly HotfixRow[] {
  const about = ({ repository, pullRequest, commit, postMortem }: HotfixRow) =>
    `${postMortem.repository} ${repository} ${pullRequest ?? commit}`;
  const oldest = new Map<string, number>();
  for (const row of rows) {
    const { number } = row.postMortem;
    oldest.set(about(row), Math.min(number, oldest.get(about(row)) ?? number));
  }
  return rows.filter((row) => row.postMortem.number === oldest.get(about(row)));
}

const NO_APP =
  "There is no post-mortem here that an app has opened. Is the gate installed? If its post-mortems lack the label post-mortem, name the app with --app.";

function reasonOf(...facts: readonly Fact<unknown>[]): string {
  return facts.flatMap((fact) => (fact.known ? [] : fact.reason))[0] ?? "";
}
