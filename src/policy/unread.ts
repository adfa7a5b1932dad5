import type { Fact } from "./fact.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { RuleFinding, Verdict } from "./verdict.ts";

/** What of it can never be read, and what people can do instead. */
export function neverKnownOf(
  {
    commits,
    files,
    history,
    activity,
    reached,
    inProduction,
    rollbackOf,
    landing,
    people,
    issues,
  }: PullRequestSnapshot,
  unknowns: readonly string[],
): Pick<Verdict, "neverKnown" | "waysOut"> {
  const facts: readonly Fact<unknown>[] = [
    ...[commits, files, history, activity, inProduction, rollbackOf],
    ...(landing === undefined ? [] : [landing]),
    ...Object.values(reached ?? {}),
    ...Object.values(issues),
    ...Object.values(people).flatMap(({ access, teams, profile }) => [
      access,
      profile,
      ...Object.values(teams),
    ]),
  ];
  const hopeless = facts.flatMap((fact) =>
    !fact.known && fact.wayOut !== undefined
      ? unknowns
          .filter((reason) => reason.includes(fact.reason))
          .map((reason) => ({ reason, wayOut: fact.wayOut ?? "" }))
      : [],
  );
  return {
    neverKnown: [...new Set(hopeless.map(({ reason }) => reason))],
    ...(hopeless.length === 0 ? {} : { waysOut: [...new Set(hopeless.map(({ wayOut }) => wayOut))] }),
  };
}

/**
 * What the verdict waits for: reasons of unknown findings that would block, and overrides that could not be
 * decided.
 */
export function unknownsOf(
  findings: readonly RuleFinding[],
  undecidedOverrides: readonly string[],
): readonly string[] {
  const reasons = findings
    .filter(({ state, level }) => state === "unknown" && level === "error")
    .map(({ data }) => String(data.reason ?? ""));
  const overridable = findings.some(({ state, level }) => state === "violated" && level === "error");
  return [...new Set([...reasons, ...(overridable ? undecidedOverrides : [])])];
}
