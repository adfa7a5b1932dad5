import { ProbotOctokit } from "probot";
import { boundedFetch } from "./bounded-fetch.ts";
import type { TokenCache } from "./kept.ts";
import { createLanes, type SharedLimits } from "./lanes.ts";

/** A request without an answer after so long has failed, body included. */
const TIMEOUT_MS = 10_000;

/** Later ones leave out fields that are read here: `merge_commit_sha` of a pull request, for one. */
const API_VERSION = "2022-11-28";

/**
 * A rate limit is waited for at most so long in place; otherwise the request fails and the queue tries later.
 */
const LONGEST_WAIT_S = 10;

/** The Octokit class to hand to Probot (`new Probot({ Octokit })`). */
export const Octokit = octokitClass();

/**
 * Probot's Octokit with our bounds: every request ends within `timeoutMs`; a cut off answer is an error; a
 * `POST` is tried once, since a create that was committed but answered 502 would be doubled; everything else
 * once more after a 5xx.
 */
export function octokitClass({ timeoutMs = TIMEOUT_MS }: { timeoutMs?: number } = {}): typeof ProbotOctokit {
  const waitIfShort = (seconds: number, _options: unknown, _octokit: unknown, retries: number) =>
    seconds <= LONGEST_WAIT_S && retries === 0;
  return ProbotOctokit.plugin(retryWithCare).defaults((options: OctokitOptions) => {
    // Probot gives the token requests a client that knows neither the server's address nor our bounds;
    // Octokit's own does.
    const { request: _, ...auth } = isRecord(options.auth) ? options.auth : {};
    return {
      ...options,
      ...(isRecord(options.auth) ? { auth } : {}),
      request: { ...options.request, fetch: boundedFetch(timeoutMs, options.request?.fetch) },
      retry: { retries: 1, doNotRetry: [400, 401, 403, 404, 409, 410, 422, 429, 451], ...options.retry },
      throttle: { ...options.throttle, onRateLimit: waitIfShort, onSecondaryRateLimit: waitIfShort },
    };
  }) as typeof ProbotOctokit;
}

/**
 * The class with tokens of installations kept in this cache instead of Probot's, which ends with the process.
 */
export function withTokens(base: typeof ProbotOctokit, tokens: TokenCache): typeof ProbotOctokit {
  return base.defaults((options: OctokitOptions) => ({
    ...options,
    ...(isRecord(options.auth) ? { auth: { ...options.auth, cache: tokens } } : {}),
  })) as typeof ProbotOctokit;
}

/**
 * The class with lanes of its own (`lanes.ts`): those who share it share the budgets of their installations.
 */
export function inLanes(base: typeof ProbotOctokit, shared?: SharedLimits): typeof ProbotOctokit {
  const lanes = createLanes({ longestWaitMs: LONGEST_WAIT_S * 1_000, shared });
  return base.defaults((options: OctokitOptions) => ({
    ...options,
    throttle: { ...options.throttle, ...lanes },
  })) as typeof ProbotOctokit;
}

type OctokitOptions = NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>;

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}

function retryWithCare(octokit: Pick<ProbotOctokit, "hook">): void {
  octokit.hook.before("request", (options) => {
    options.headers["x-github-api-version"] ??= API_VERSION;
    // Octokit gives all requests one object here, in which the retry plugin counts: a copy for each.
    options.request = { ...options.request };
    // Token requests too: what needs the token is tried again, or not, by its own right.
    if (options.method === "POST") options.request.retries ??= 0;
  });
}
