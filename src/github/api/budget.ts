/** What GitHub's answers say of an installation's requests in the hour. */
export interface Budget {
  readonly limit: number;
  readonly remaining: number;
  /** When the hour ends, in milliseconds of GitHub's clock. */
  readonly resetAt: number;
}

type Headers = Readonly<Record<string, string | number | undefined>>;

/** The budget in an answer's headers; `null`: they say nothing of it. Searches and GraphQL have others. */
export function budgetIn(headers: Headers): Budget | null {
  const resource = headers["x-ratelimit-resource"];
  if (resource !== undefined && resource !== "core") return null;
  const [limit, remaining, reset] = ["limit", "remaining", "reset"].map((name) =>
    Number(headers[`x-ratelimit-${name}`] ?? Number.NaN),
  );
  if (!limit || remaining === undefined || Number.isNaN(remaining) || !reset) return null;
  return { limit, remaining, resetAt: reset * 1_000 };
}

/**
 * How much of it is left: `ample`; `half`, where the sweep slows down; `scarce` (a tenth), where only gates
 * are served; `spent` (a fiftieth), where a check can still say that it waits.
 */
export type Level = "ample" | "half" | "scarce" | "spent";

/** The level now, by GitHub's clock; what is not known, or over, is ample. */
export function levelOf(budget: Budget | null | undefined, now: number): Level {
  if (!budget || budget.resetAt <= now) return "ample";
  const left = budget.remaining / budget.limit;
  return left < 1 / 50 ? "spent" : left < 1 / 10 ? "scarce" : left < 1 / 2 ? "half" : "ample";
}
