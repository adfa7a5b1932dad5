import { generateKeyPairSync } from "node:crypto";
import nock from "nock";
import { afterAll, afterEach, beforeAll } from "vitest";
import { type GitHubClient, octokitClass } from "../../src/github/client.ts";

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

/** A client with a token, without pauses: no throttle unless asked for, retries of reads after no time. */
export function testClient({ throttle = false, timeoutMs = 200 } = {}): GitHubClient {
  const Octokit = octokitClass({ timeoutMs });
  const octokit = new Octokit({
    authStrategy: undefined,
    auth: "token",
    log: silentLog,
    throttle: { enabled: throttle, id: `test-${Math.random()}` },
    retry: { retryAfterBaseValue: 1, retries: 1 },
  } as never);
  return { octokit, app: APP, installationId: 1, serverTime: () => new Date() };
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

/** Makes the intercepted request fail in that way. */
export function fail(interceptor: nock.Interceptor, fault: Fault): nock.Scope {
  switch (fault) {
    case "timeout":
      return interceptor.delay(2_000).reply(200, {});
    case "network":
      return interceptor.replyWithError(Object.assign(new Error("socket hang up"), { code: "ECONNRESET" }));
    case "truncated":
      return interceptor.reply(200, '{"id": 1, "na', { "content-type": "application/json; charset=utf-8" });
    case "429":
      return interceptor.reply(
        429,
        { message: "You have exceeded a secondary rate limit." },
        { "retry-after": "60" },
      );
    default:
      return interceptor.reply(Number(fault), { message: `fault ${fault}`, documentation_url: "https://x" });
  }
}
