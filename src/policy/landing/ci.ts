import { instant, isAfter } from "../time.ts";

/** An attempt of a check on a commit that has ended: of an app's check run, or a commit status. */
export interface CheckAttempt {
  /** As whoever runs it calls it: foreign text. */
  readonly name: string;
  /** Tells checks of the same name apart: the app, or that it is a status. */
  readonly source: string;
  readonly result: "failed" | "passed" | "other";
  /** ISO 8601, UTC. */
  readonly at: string;
  /** On this server. */
  readonly url: string;
}

/** A check that failed on the commit that landed, after it landed. */
export interface FailedCheck {
  readonly name: string;
  readonly at: string;
  readonly url: string;
  /** When it passed at last; `null`: it has not. */
  readonly passedAt: string | null;
}

const DAY_MS = 24 * 3_600_000;
/** After the merge it is looked at so late without an event. */
const LOOKS_MS = [15 * 60_000, 3_600_000, 4 * 3_600_000, 12 * 3_600_000, DAY_MS];
/** That many tell what is wrong. */
const MOST = 10;

/**
 * Is what happened to its checks still the hotfix's doing? For a day after it landed. `now`: milliseconds.
 */
export function isYoung(landedAt: string, now: number): boolean {
  return now - instant(landedAt) < DAY_MS;
}

/** When its checks are looked at next though no event told of them, in milliseconds; `null`: no more. */
export function nextCiLook(landedAt: string, observedAt: string): number | null {
  const now = instant(observedAt);
  return LOOKS_MS.map((after) => instant(landedAt) + after).find((at) => at > now) ?? null;
}

/**
 * The checks that failed after it landed, first failures first; what ran on the commit before is not counted.
 */
export function failedChecks(attempts: readonly CheckAttempt[], landedAt: string): readonly FailedCheck[] {
  const after = attempts
    .filter(({ at, result }) => isAfter(at, landedAt) && result !== "other")
    .toSorted((a, b) => instant(a.at) - instant(b.at));
  const checks = new Map<string, CheckAttempt[]>();
  for (const one of after) {
    const key = `${one.source} ${one.name}`;
    checks.set(key, [...(checks.get(key) ?? []), one]);
  }
  return [...checks.values()]
    .flatMap((all): FailedCheck[] => {
      const first = all.find(({ result }) => result === "failed");
      const last = all.at(-1);
      if (first === undefined || last === undefined) return [];
      const { name, at, url } = first;
      return [{ name, at, url, passedAt: last.result === "passed" ? last.at : null }];
    })
    .toSorted((a, b) => instant(a.at) - instant(b.at))
    .slice(0, MOST);
}
