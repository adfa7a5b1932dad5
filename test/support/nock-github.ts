import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { afterAll, afterEach, beforeAll } from "vitest";
import type { GitHubClient } from "../../src/github/api/client.ts";
import { createExclusively } from "../../src/github/api/exclusively.ts";
import { Octokit } from "../../src/github/api/octokit.ts";

export const API = "https://api.github.com";

/** No test of the file reaches the network; what one test expects of GitHub ends with it. */
export function withoutNetwork(): void {
  beforeAll(() => nock.disableNetConnect());
  afterEach(() => {
    nock.abortPendingRequests();
    nock.cleanAll();
  });
  afterAll(() => {
    nock.enableNetConnect();
    nock.restore();
  });
}

/** A key that Probot takes, made anew in each run. */
export function privateKey(): string {
  return generateKeyPairSync("rsa", {
    modulusLength: 2048,
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
  }).privateKey;
}

/** Probot's log, silent. */
export const silentLog = {
  ...Object.fromEntries(
    ["trace", "debug", "info", "warn", "error", "fatal"].map((level) => [level, () => undefined]),
  ),
  child: () => silentLog,
} as never;

export const APP = { id: 7, slug: "hotfix-guard" };

/** An answer with this header stands for none in time: `testClient` does not wait for it. */
const TIMED_OUT = { "x-test-timed-out": "1" };

async function timingOut(...request: Parameters<typeof fetch>): Promise<Response> {
  const response = await fetch(...request);
  if (response.headers.has("x-test-timed-out")) throw new DOMException("aborted", "TimeoutError");
  return response;
}

/** A client with a token, without pauses: no throttle unless asked for, retries of reads after no time. */
export function testClient({ throttle = false } = {}): GitHubClient {
  const octokit = new Octokit({
    authStrategy: undefined,
    auth: "token",
    log: silentLog,
    request: { fetch: timingOut },
    throttle: { enabled: throttle, id: `test-${Math.random()}` },
    retry: { retryAfterBaseValue: 1, retries: 1 },
  } as never);
  // A write's turn comes at once.
  octokit.hook.wrap("request", async (request, options) => {
    await (options.request as { before?: () => Promise<void> } | undefined)?.before?.();
    return request(options);
  });
  return {
    octokit,
    app: APP,
    installationId: 1,
    serverTime: () => new Date(),
    permits: async () => true,
    exclusively: createExclusively(),
  };
}

/** How GitHub can fail, for `nock(…).get(…).reply` by way of `fail`. */
export const FAULTS = [
  "401",
  "403",
  "404",
  "409",
  "422",
  "429",
  "500",
  "502",
  "timeout",
  "network",
  "truncated",
] as const;
export type Fault = (typeof FAULTS)[number];

/** The answer of a GitHub that fails in that way. */
export async function failing(fault: Fault): Promise<nock.ReplyFnResult> {
  switch (fault) {
    case "timeout":
      return [200, {}, TIMED_OUT];
    case "network":
      throw Object.assign(new Error("socket hang up"), { code: "ECONNRESET" });
    case "truncated":
      return [200, '{"id": 1, "na', { "content-type": "application/json; charset=utf-8" }];
    case "429":
      return [429, { message: "You have exceeded a secondary rate limit." }, { "retry-after": "60" }];
    default:
      return [Number(fault), { message: `fault ${fault}`, documentation_url: "https://x" }];
  }
}

/** Makes the intercepted request fail in that way; `delayMs` for clients that time out by themselves. */
export function fail(interceptor: nock.Interceptor, fault: Fault, { delayMs = 0 } = {}): nock.Scope {
  return interceptor.delay(delayMs).reply(async () => failing(fault));
}
