import { messageOf } from "../policy/rules/registry.ts";
import type { Verdict } from "../policy/verdict.ts";
import { countByRule, countOutcomes } from "./history.ts";
import type { Simulated } from "./pull-request.ts";
import type { Simulation } from "./simulation.ts";

/** The verdict on one pull request as data; keys are added, none is taken away. */
export function simulatedAsJson(one: Simulated): string {
  const { conclusion, title, summary, annotations } = one.check;
  return json({ version: 1, ...asValue(one), check: { conclusion, title, summary, annotations } });
}

/** A history as data. */
export function simulationAsJson({ about, kind, since, until, repositories, notes }: Simulation): string {
  const hotfixes = repositories.flatMap((one) => one.hotfixes);
  return json({
    version: 1,
    repository: kind === "repository" ? about : null,
    organization: kind === "owner" ? about : null,
    since,
    until,
    pull_requests: repositories.reduce((sum, one) => sum + one.pulls, 0),
    hotfixes: hotfixes.length,
    outcomes: countOutcomes(hotfixes),
    rules: countByRule(hotfixes),
    repositories: repositories.map(({ repository, source, pulls, hotfixes: of, notes }) => ({
      repository,
      configuration: source,
      pull_requests: pulls,
      hotfixes: of.length,
      outcomes: countOutcomes(of),
      notes,
    })),
    list: hotfixes.map((one) => ({ ...asValue(one), at: one.at })),
    notes,
  });
}

function asValue({ repository, number, url, title, state, source, mode, verdict }: Simulated) {
  return {
    repository,
    number,
    url,
    title,
    state,
    configuration: source,
    mode,
    kind: verdict.kind,
    outcome: verdict.outcome,
    would_be: verdict.wouldBe,
    severity: verdict.severity,
    findings: findingsOf(verdict),
    unknowns: verdict.unknowns,
    problems: verdict.configProblems,
  };
}

function findingsOf({ findings }: Verdict) {
  return findings.map(({ rule, level, state, code, data }) => ({
    rule,
    level,
    state,
    code,
    message: messageOf(rule, code).found,
    data,
  }));
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
