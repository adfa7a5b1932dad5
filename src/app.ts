import type { Logger } from "pino";
import { Probot } from "probot";
import { createEngine } from "./engine.ts";
import type { Environment } from "./environment.ts";
import { createClients, type GitHubClients } from "./github/api/client.ts";
import { createInstance } from "./github/api/instance.ts";
import type { Kept } from "./github/api/kept.ts";
import { inLanes, Octokit, withTokens } from "./github/api/octokit.ts";
import { brokenSharedFiles } from "./github/collect/config/last-valid.ts";
import { createPrecedence, type Precedence } from "./jobs/precedence.ts";
import type { Queue, RunOutcome, Worker } from "./jobs/queue.ts";
import { currentRun } from "./jobs/run.ts";
import { NO_STORE, type Store } from "./jobs/store.ts";
import { inSpan } from "./jobs/trace.ts";
import type { Watch, WatchEntry } from "./jobs/watch-list.ts";
import { askedByCurrent, named } from "./jobs/work.ts";
import { createMetrics, type Metrics } from "./metrics.ts";
import { ownVersion } from "./package.ts";
import { createMemory } from "./reconcile/context.ts";
import { watchDoubles } from "./reconcile/doubles.ts";
import { createReconciler } from "./reconcile/reconcile.ts";
import { RETRY_TIMES, type RetryTimes } from "./reconcile/retry.ts";
import { createSlack, type Slack } from "./slack.ts";

/** What the worker is made of. */
export interface WorkerContext {
  readonly clients: GitHubClients;
  /** For keys that stand for several others. */
  readonly queue: Queue;
  readonly log: Logger;
  readonly metrics: Metrics;
  readonly watch: Watch;
  /** Where checks and comments send people to read on, without a slash at the end. */
  readonly docsUrl: string;
  /** Tells people outside GitHub; absent: nobody. */
  readonly announce?: ((text: string) => void) | undefined;
}

/** What the app is put together from; the server adds its own (`ServerOptions`). */
export interface AppOptions {
  createWorker(context: WorkerContext): Worker;
  readonly log: Logger;
  /** Default: `Octokit` of `github/api/client.ts`; one with other bounds comes from there too. */
  readonly octokit?: typeof Octokit;
  /** Called after every run of a job. */
  onRun?(outcome: RunOutcome): void;
  /** Where what waits outlives the process; by default nowhere. */
  readonly store?: Store;
  /** What the last run has left. */
  readonly kept?: Kept;
  readonly watched?: readonly WatchEntry[];
}

/** The parts of the app, wired. */
export interface App {
  readonly clients: GitHubClients;
  readonly queue: Queue;
  readonly metrics: Metrics;
  readonly watch: Watch;
  /** What goes before evaluations. */
  readonly precedence: Precedence;
  /** `null`: not set up. */
  readonly slack: Slack | null;
}

/** Wires clients, queue and worker. Sends no request. */
export async function createApp(
  environment: Environment,
  { createWorker, log, octokit = Octokit, onRun, store = NO_STORE, kept, watched }: AppOptions,
): Promise<App> {
  const metrics = createMetrics();
  let start: (worker: Worker) => void = () => {};
  const started = new Promise<Worker>((resolve) => {
    start = resolve;
  });
  const precedence = createPrecedence();
  const { queue, watch, exclusively, limits } = await createEngine(
    environment,
    {
      worker: named(async (job, attempt) => {
        await precedence.turn();
        return (await started)(job, attempt);
      }),
      onRun(outcome, durationMs, job) {
        metrics.run(outcome, durationMs, job);
        onRun?.(outcome);
      },
    },
    log,
    watched,
  );
  metrics.watchQueue(queue);
  const probot = new Probot({
    appId: environment.appId,
    privateKey: environment.privateKey,
    secret: environment.webhookSecret,
    baseUrl: environment.baseUrl,
    Octokit: inTurn(
      precedence,
      ofRun(
        traced(
          counting(metrics, inLanes(kept === undefined ? octokit : withTokens(octokit, kept.tokens), limits)),
        ),
      ),
    ),
    log,
  });
  await probot.ready();
  const clients = createClients({
    probot,
    instance: createInstance({ appId: environment.appId }),
    writesAlone: queue.engine === "memory",
    exclusively,
    ...(kept === undefined ? {} : { answers: kept.answers }),
  });
  const { slackWebhookUrl: url } = environment;
  const slack = url === null ? null : createSlack({ url, log: log.child({ name: "slack" }), store });
  const worker = createWorker({
    clients,
    queue,
    log: log.child({ name: "worker" }),
    metrics,
    watch,
    docsUrl: environment.docsUrl ?? docsUrlOf(ownVersion()),
    announce: slack?.send,
  });
  metrics.watchWork({
    async entries() {
      // Where Redis cannot be asked, it is what this instance knows.
      await watch.refresh().catch(() => undefined);
      return watch.entries();
    },
    budgets: clients.budgets,
    brokenFiles: brokenSharedFiles,
  });
  start(worker);
  return { clients, queue, metrics, watch, precedence, slack };
}

/** Our Octokit, whose writes ask whether their run still has its job (`lanes.ts`). */
function ofRun(base: typeof Octokit): typeof Octokit {
  return base.plugin((octokit) => {
    octokit.hook.before("request", (options) => {
      const run = currentRun.getStore();
      if (run !== undefined) options.request = { ...options.request, isMine: run.isMine };
    });
  }) as typeof Octokit;
}

/** Our Octokit, after whose answers work goes on in turn. */
function inTurn(precedence: Precedence, base: typeof Octokit): typeof Octokit {
  return base.plugin((octokit) => {
    octokit.hook.wrap("request", (request, options) =>
      Promise.resolve(request(options)).finally(precedence.turn),
    );
  }) as typeof Octokit;
}

/**
 * The route with the names of its parameters; of what is no template (the next page of a list) only the
 * method. Of an Enterprise Server Octokit gives GraphQL by its address.
 */
function routeOf({ method, url }: { readonly method: string; readonly url: string }): string {
  if (!/^https?:/.test(url)) return `${method} ${url.split("?", 1)[0]}`;
  return `${method} ${url.endsWith("/graphql") ? "/graphql" : "next page"}`;
}

/** Our Octokit, with every answer counted. */
function counting(metrics: Metrics, base: typeof Octokit): typeof Octokit {
  return base.plugin((octokit) => {
    octokit.hook.after("request", ({ status }, options) => {
      metrics.githubRequest(routeOf(options), status);
    });
    octokit.hook.error("request", (error, options) => {
      const answered = "response" in error && error.response !== undefined;
      metrics.githubRequest(routeOf(options), answered && "status" in error ? Number(error.status) : 0);
      throw error;
    });
  }) as typeof Octokit;
}

/** Our Octokit, with a span for every request, its waits and tries included. */
function traced(base: typeof Octokit): typeof Octokit {
  return base.plugin((octokit) => {
    octokit.hook.wrap("request", (request, options) => {
      const attributes = {
        "http.request.method": options.method,
        "url.template": routeOf(options).replace(/^\S+ /, ""),
        "server.address": new URL(options.baseUrl).host,
      };
      return inSpan(`GitHub ${routeOf(options)}`, { kind: "client", attributes }, async (span) => {
        try {
          const response = await request(options);
          span.setAttribute("http.response.status_code", response.status);
          return response;
        } catch (error) {
          const { status, response } = error as { status?: unknown; response?: unknown };
          if (response !== undefined && typeof status === "number")
            span.setAttribute("http.response.status_code", status);
          throw error;
        }
      });
    });
  }) as typeof Octokit;
}

/** The project's own documentation at a version: what a server of that version says and does. */
export function docsUrlOf(version: string): string {
  return `https://github.com/hotfix-guard/hotfix-guard/blob/v${version}/docs`;
}

/** The worker of the real app. */
export function createWorker(
  { clients, queue, log, metrics, watch, docsUrl, announce }: WorkerContext,
  retryTimes: RetryTimes = RETRY_TIMES,
): Worker {
  return createReconciler({
    clients,
    log,
    docsUrl,
    enqueue: (job) => queue.add(askedByCurrent(job)),
    onVerdict: metrics.verdict,
    memory: createMemory(),
    // With Redis they share their work, and nothing is doubled.
    doubles:
      queue.engine === "memory" && clients.instance !== undefined
        ? watchDoubles(clients.instance, queue.add)
        : undefined,
    watch,
    announce,
    retryTimes,
  });
}
