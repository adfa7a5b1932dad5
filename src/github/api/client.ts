import { LRUCache } from "lru-cache";
import { type Probot, ProbotOctokit } from "probot";
import type { AppIdentity } from "../../policy/snapshot/account.ts";
import { type Budget, budgetIn } from "./budget.ts";
import { type AnswerCache, createAnswerCache, useConditionalRequests } from "./conditional-requests.ts";
import type { Instance } from "./instance.ts";
import type { TokenCache } from "./kept.ts";
import { createLanes, type SharedLimits } from "./lanes.ts";
import { describeFailure, UnexpectedAnswer } from "./read.ts";

/** GitHub as one installation sees it. */
export interface GitHubClient {
  readonly octokit: ProbotOctokit;
  /** The app itself: what it wrote is told by this from what others wrote. */
  readonly app: AppIdentity;
  readonly installationId: number;
  /** This process among others; absent: nobody asks. */
  readonly instance?: Instance;
  /** Nobody is meant to write for this app beside this process; `instance` tells of those who do. */
  readonly writesAlone?: boolean;
  /** What the last answers said of the hour's requests; `null` or absent: nothing yet. */
  budget?(): Budget | null;
  /**
   * GitHub's clock: the local one, corrected by the last `Date` header seen (whole seconds, rounded down).
   */
  serverTime(): Date;
  /**
   * Did the installation grant this? The token says so, without a request of its own; what is granted later
   * is seen with the next token (`renewToken`, else within the hour). Rejects where there is no token to be
   * had.
   */
  permits(permission: OptionalPermission, level: "read" | "write"): Promise<boolean>;
}

/**
 * What the app makes use of where it is granted, and goes without where it is not: then it asks nothing and
 * says nothing. `app.yml` has them as comments.
 */
export const OPTIONAL_PERMISSIONS = { actions: "read", deployments: "write", statuses: "read" } as const;

/** A permission without which the app works; what needs it is then left out. Nobody is asked for `administration`, which shows who may bypass a ruleset. */
export type OptionalPermission = keyof typeof OPTIONAL_PERMISSIONS | "administration";

/** Clients of GitHub for the process: one for each installation, and one for the app itself. */
export interface GitHubClients {
  /** This process among others; absent: nobody asks. */
  readonly instance?: Instance;
  /**
   * The installation's client, with a throttle budget of its own. Rejects where the app's identity cannot be
   * read.
   */
  forInstallation(installationId: number): Promise<GitHubClient>;
  /**
   * Takes another token: the one in use knows nothing of permissions that were granted since. Rejects where
   * there is none to be had.
   */
  renewToken(installationId: number): Promise<void>;
  /** Authenticated as the app (JWT): `/app/…` only. */
  asApp(): Promise<ProbotOctokit>;
  /** `GET /app`, read once; a failure is not remembered. */
  app(): Promise<AppIdentity>;
  /** GitHub's clock, as a client has it. */
  serverTime(): Date;
  /** What is known of the hours of installations. */
  budgets(): ReadonlyMap<number, Budget>;
}

/** A request without an answer after so long has failed, body included. */
const TIMEOUT_MS = 10_000;
/** Later ones leave out fields that are read here: `merge_commit_sha` of a pull request, for one. */
const API_VERSION = "2022-11-28";
/**
 * A rate limit is waited for at most so long in place; otherwise the request fails and the queue tries later.
 */
const LONGEST_WAIT_S = 10;
/** More clients than this are not kept: the least recently used is made anew when it is needed. */
const MAX_CLIENTS = 200;

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

/** The class with tokens of installations kept in this cache instead of Probot's, which ends with the process. */
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

const bounded = new WeakSet<object>();

/** `fetch` with an end: the whole answer within `timeoutMs`, and what should be JSON is JSON. */
function boundedFetch(timeoutMs: number, inner: typeof fetch = (...args) => fetch(...args)): typeof fetch {
  // An installation's client inherits the options of the app's, and may come with a bounded one.
  if (bounded.has(inner)) return inner;
  const outer: typeof fetch = async (input, init) => {
    const timeout = AbortSignal.timeout(timeoutMs);
    const signal = init?.signal ? AbortSignal.any([init.signal, timeout]) : timeout;
    const response = await inner(input, { ...init, signal });
    // Octokit takes a body that breaks off, and JSON that does not parse, for a success with a string as
    // data.
    const body = await response.arrayBuffer();
    const text = new TextDecoder().decode(body);
    requireJson(init?.method ?? "GET", response, text);
    const { status, statusText, ok, url, headers } = response;
    // A `Response` made anew would have a stream of its own for what is there already.
    const whole = {
      status,
      statusText,
      ok,
      url,
      headers,
      text: async () => text,
      arrayBuffer: async () => body,
    };
    return whole as Response;
  };
  bounded.add(outer);
  return outer;
}

function requireJson(method: string, { ok, status, headers }: Response, text: string): void {
  if (!ok || status === 204 || status === 205) return;
  // Answers to writes may be empty; those to reads may not.
  if (method !== "GET" && (method === "HEAD" || text === "")) return;
  try {
    if (headers.get("content-type")?.includes("json")) {
      JSON.parse(text);
      return;
    }
  } catch {}
  throw Object.assign(new Error("the answer is cut off or not JSON"), { name: "InvalidAnswer" });
}

/**
 * Clients made from a running Probot. One set serves the process: token cache, throttles and ETags are shared
 * by it.
 */
export function createClients({
  probot,
  answers: cache = createAnswerCache(),
  instance,
  writesAlone = false,
}: {
  probot: Pick<Probot, "auth">;
  /** Signs what these clients write, and finds what others have signed. */
  instance?: Instance | undefined;
  /** See `GitHubClient`. */
  writesAlone?: boolean;
  /** Answers kept by ETag; by default 30 MB that are gone with the process. */
  answers?: AnswerCache;
}): GitHubClients {
  const clients = new LRUCache<number, Promise<GitHubClient>>({ max: MAX_CLIENTS });
  const budgets = new LRUCache<number, Budget>({ max: MAX_CLIENTS });
  let clockOffsetMs = 0;

  async function equipped(installationId?: number): Promise<ProbotOctokit> {
    const octokit = await probot.auth(installationId);
    useConditionalRequests(octokit, cache, String(installationId ?? "app"));
    if (installationId !== undefined) renewToken(octokit);
    const learn = (headers: Parameters<typeof budgetIn>[0]) => {
      const budget = budgetIn(headers);
      if (installationId !== undefined && budget !== null) budgets.set(installationId, budget);
    };
    octokit.hook.after("request", ({ headers }) => {
      const date = Date.parse(headers.date ?? "");
      if (!Number.isNaN(date)) clockOffsetMs = date - Date.now();
      learn(headers);
    });
    octokit.hook.error("request", (error) => {
      if ("response" in error && error.response !== undefined) learn(error.response.headers);
      throw error;
    });
    if (installationId !== undefined) instance?.follow(octokit, () => serverTime().getTime());
    return octokit;
  }

  const asApp = once(() => equipped());
  const app = once(async () => {
    const { data } = await (await asApp()).rest.apps.getAuthenticated();
    if (typeof data?.id !== "number" || typeof data.slug !== "string") {
      throw new UnexpectedAnswer("GET /app without id and slug");
    }
    return { id: data.id, slug: data.slug };
  });

  const serverTime = () => new Date(Date.now() + clockOffsetMs);
  const clientsOf: GitHubClients = {
    ...(instance === undefined ? {} : { instance }),
    asApp,
    app,
    serverTime,
    budgets: () => new Map(budgets.entries()),
    async renewToken(installationId) {
      const { octokit } = await clientsOf.forInstallation(installationId);
      await octokit.auth({ type: "installation", refresh: true });
    },
    forInstallation(installationId) {
      const existing = clients.get(installationId);
      if (existing !== undefined) return existing;
      const client = Promise.all([equipped(installationId), app()]).then(
        ([octokit, identity]): GitHubClient => ({
          octokit,
          app: identity,
          installationId,
          ...(instance === undefined ? {} : { instance }),
          writesAlone,
          budget: () => budgets.get(installationId) ?? null,
          serverTime,
          permits: (permission, level) => permits(octokit, permission, level),
        }),
      );
      clients.set(installationId, client);
      client.catch(() => clients.delete(installationId));
      return client;
    },
  };
  return clientsOf;
}

async function permits(
  octokit: ProbotOctokit,
  permission: OptionalPermission,
  level: "read" | "write",
): Promise<boolean> {
  // The token that every request has; Octokit keeps what GitHub said of it.
  const { permissions } = (await octokit.auth({ type: "installation" })) as {
    readonly permissions?: Readonly<Record<string, string>>;
  };
  const granted = permissions?.[permission];
  return granted === "write" || granted === level;
}

/**
 * Octokit keeps a token for 59 minutes, whatever becomes of it: one that GitHub takes no more is replaced,
 * once a minute.
 */
function renewToken(octokit: ProbotOctokit): void {
  let renewal = { at: Number.NEGATIVE_INFINITY, done: Promise.resolve<unknown>(null) };
  octokit.hook.wrap("request", async (request, options) => {
    const startedAt = Date.now();
    try {
      return await request(options);
    } catch (error) {
      if (describeFailure(error).status !== 401 || options.url.endsWith("/access_tokens")) throw error;
      if (Date.now() - renewal.at >= 60_000) {
        renewal = { at: Date.now(), done: octokit.auth({ type: "installation", refresh: true }) };
      } else if (startedAt > renewal.at) {
        throw error;
      }
      await renewal.done;
      return request(options);
    }
  });
}

/** Runs `make` at the first call and again only after a failure. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    if (result === undefined) {
      result = make();
      result.catch(() => {
        result = undefined;
      });
    }
    return result;
  };
}
