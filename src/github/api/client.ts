import { LRUCache } from "lru-cache";
import type { Probot, ProbotOctokit } from "probot";
import type { AppIdentity } from "../../policy/snapshot/account.ts";
import { type Budget, budgetIn } from "./budget.ts";
import { type AnswerCache, createAnswerCache, useConditionalRequests } from "./conditional-requests.ts";
import { createExclusively, type Exclusively } from "./exclusively.ts";
import type { Instance } from "./instance.ts";
import { describeFailure, UnexpectedAnswer } from "./read.ts";

/** GitHub as one installation sees it. */
export interface GitHubClient {
  readonly octokit: ProbotOctokit;
  /** The app itself: what it wrote is told by this from what others wrote. */
  readonly app: AppIdentity;
  readonly installationId: number;
  /** This process among others; absent: nobody asks. */
  readonly instance?: Instance;
  /** Of two jobs that would create the same thing, one after the other. */
  readonly exclusively: Exclusively;
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

/**
 * A permission without which the app works; what needs it is then left out. Nobody is asked for
 * `administration`, which shows who may bypass a ruleset.
 */
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
  /** What is known of the hours of installations that are not over. */
  budgets(): ReadonlyMap<number, Budget>;
}

/** More clients than this are not kept: the least recently used is made anew when it is needed. */
const MAX_CLIENTS = 200;

/**
 * Clients made from a running Probot. One set serves the process: token cache, throttles and ETags are shared
 * by it.
 */
export function createClients({
  probot,
  answers: cache = createAnswerCache(),
  instance,
  writesAlone = false,
  exclusively = createExclusively(),
}: {
  probot: Pick<Probot, "auth">;
  /** Signs what these clients write, and finds what others have signed. */
  instance?: Instance | undefined;
  /** See `GitHubClient`. */
  writesAlone?: boolean;
  /** By default within the process. */
  exclusively?: Exclusively;
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
    budgets: () =>
      new Map([...budgets.entries()].filter(([, { resetAt }]) => resetAt > serverTime().getTime())),
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
          exclusively,
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
