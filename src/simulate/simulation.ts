import { count } from "../render/text/markdown.ts";
import { utc } from "../render/text/time.ts";
import { linked, sentence, type Table } from "../report/table.ts";
import { countByRule, countOutcomes, type RepositoryHistory } from "./history.ts";

/** What a policy would have done to the pull requests of one repository, or of several. */
export interface Simulation {
  /** `owner/name`, or the organization. */
  readonly about: string;
  readonly kind: "repository" | "owner";
  /** ISO 8601. */
  readonly since: string;
  readonly until: string;
  readonly repositories: readonly RepositoryHistory[];
  readonly notes: readonly string[];
}

/** What it comes to, in a few lines. */
export function headlineOf(simulation: Simulation): readonly string[] {
  const { about, since, repositories } = simulation;
  const hotfixes = repositories.flatMap((one) => one.hotfixes);
  const pulls = repositories.reduce((sum, one) => sum + one.pulls, 0);
  const { blocked, waiting, passed, unknown, skipped } = countOutcomes(hotfixes);
  const sources = [...new Set(repositories.map(({ source }) => source))];
  return [
    `Simulation for ${about} since ${since.slice(0, 10)}, with ${sources.join("; ") || "no configuration"}`,
    `  ${count(pulls, "pull request")} merged or open, ${hotfixes.length} with the sign of a hotfix; ${pulls - hotfixes.length} would not be touched`,
    `  Blocked: ${blocked}; waiting for approval or review: ${waiting}; passed: ${passed}; skipped: ${skipped}; could not be told: ${unknown}`,
    "  Evaluated by what is there today: who holds a role, and which labels are set, may have been different then.",
    ...simulation.notes.map((note) => `  ${note}`),
    ...repositories.flatMap(({ notes }) => notes.map((note) => `  ${note}`)),
  ];
}

/** By rule, by repository, and each hotfix. */
export function simulationTables({ repositories, kind }: Simulation): readonly Table[] {
  const hotfixes = repositories.flatMap((one) => one.hotfixes);
  return [
    {
      title: "By rule",
      columns: ["Rule", "Level", "Failed", "Waiting", "Passed", "Unknown", "Other"],
      rows: countByRule(hotfixes).map(({ rule, level, failed, waiting, passed, unknown, other }) => [
        rule,
        level,
        ...[failed, waiting, passed, unknown, other].map(String),
      ]),
    },
    ...(kind === "repository" ? [] : [byRepository(repositories)]),
    {
      title: "Hotfixes",
      columns: [
        "Merged or opened (UTC)",
        "Pull request",
        "Title",
        "Severity",
        "Verdict",
        "Failed",
        "Waiting",
      ],
      rows: hotfixes.map(({ at, repository, number, url, title, verdict, check }) => {
        const rules = (state: string) =>
          verdict.findings
            .filter((one) => one.level === "error" && one.state === state)
            .map(({ rule }) => rule)
            .join(", ");
        return [
          utc(at).replace(" UTC", ""),
          linked(kind === "repository" ? `#${number}` : `${repository}#${number}`, url),
          sentence(title),
          verdict.severity ?? "–",
          sentence(check.title),
          rules("violated") || "–",
          rules("pending") || "–",
        ];
      }),
    },
  ];
}

function byRepository(repositories: readonly RepositoryHistory[]): Table {
  return {
    title: "By repository",
    columns: [
      "Repository",
      "Pull requests",
      "Hotfixes",
      "Blocked",
      "Waiting",
      "Passed",
      "Unknown",
      "Configuration",
    ],
    rows: repositories.map(({ repository, pulls, hotfixes, source }) => {
      const { blocked, waiting, passed, unknown } = countOutcomes(hotfixes);
      return [repository, ...[pulls, hotfixes.length, blocked, waiting, passed, unknown].map(String), source];
    }),
  };
}
