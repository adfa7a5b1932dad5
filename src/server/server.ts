import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type AppOptions, createApp } from "../app.ts";
import type { Environment } from "../environment.ts";
import type { GitHubClients } from "../github/api/client.ts";
import type { Job, Queue } from "../jobs/queue.ts";
import { NO_STORE } from "../jobs/store.ts";
import { startSweep } from "../sweep/sweep.ts";
import { type IntakeOptions, takeIn } from "../webhooks/intake.ts";
import { createPace } from "../webhooks/pace.ts";
import { type Alone, watchAlone } from "./alone.ts";
import { limitConnections } from "./connections.ts";
import { createWebhookEndpoint } from "./endpoint.ts";
import { createMetricsEndpoint, serveMetrics } from "./metrics-endpoint.ts";
import { createPayloadReader } from "./payload.ts";
import { createReadiness } from "./readiness.ts";

/** As the app's, and the time limits of the server's connections. */
export interface ServerOptions extends AppOptions {
  readonly timeouts?: Partial<Timeouts>;
}

/** A server that takes webhooks. */
export interface RunningServer {
  /** Where it listens, without a slash at the end. */
  readonly url: string;
  readonly queue: Queue;
  /** Looks again at what is due, now. */
  sweep(): Promise<void>;
  /** Takes no more deliveries, lets running jobs end (20 s at most), and frees the port. */
  close(): Promise<void>;
}

/** How long a sender may take, in milliseconds. */
interface Timeouts {
  readonly headers: number;
  readonly request: number;
}
const TIMEOUTS: Timeouts = { headers: 10_000, request: 30_000 };
/** Longer than load balancers keep idle connections (60 s): one closed under a delivery would lose it. */
const KEEP_ALIVE_MS = 65_000;
const CLOSE_MS = 20_000;
/** GitHub and probes need a few dozen; each costs some kilobytes even where nothing comes. */
const MOST_CONNECTIONS = 512;

/** Starts the app: server, queue, worker and sweep. Rejects where the port cannot be had. */
export async function startServer(environment: Environment, options: ServerOptions): Promise<RunningServer> {
  const { log } = options;
  const { clients, queue, metrics, watch, precedence, slack } = await createApp(environment, options);
  let closing = false;
  const webhookLog = log.child({ name: "webhooks" });
  const pace = createPace((job) => queue.add(job));
  const { alone, ownCreation } = watchOthers(options, clients, queue);
  const payloads = createPayloadReader(environment.webhookSecret);
  const webhook = createWebhookEndpoint({
    payloads,
    receive: (delivery) =>
      precedence.first(() =>
        takeIn(delivery, { pace, watch, appId: environment.appId, log: webhookLog, ownCreation }),
      ),
    isClosing: () => closing,
    log: webhookLog,
    onAnswer: metrics.webhook,
  });
  const ready = createReadiness(clients, queue);
  const { host, metricsPort, metricsToken } = environment;
  metrics.watchOthers(() => alone?.warning() != null);
  const showMetrics = createMetricsEndpoint(metrics, metricsToken);
  const closeMetrics =
    metricsPort === null ? null : await serveMetrics({ host, port: metricsPort }, showMetrics);

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split("?", 1)[0]?.replace(/(?<=.)\/$/, "") ?? "";
    if (path === environment.webhookPath.replace(/(?<=.)\/$/, "")) return webhook(request, response);
    const reading = request.method === "GET" || request.method === "HEAD";
    if (reading && path === "/healthz") return json(response, 200, { status: "alive" });
    if (reading && path === "/readyz") {
      const reason = await ready();
      const warning = alone?.warning() ?? null;
      return reason === null
        ? json(response, 200, { status: "ready", ...(warning === null ? {} : { warning }) })
        : json(response, 503, { status: "not ready", reason });
    }
    if (reading && path === "/metrics" && metricsPort === null) return showMetrics(request, response);
    if (reading && path === "/") {
      response
        .writeHead(200, { "content-type": "text/html; charset=utf-8" })
        .end(pageOf(metricsPort === null));
      return;
    }
    json(response, 404, { error: "not found; see /" });
  }

  const { headers, request } = { ...TIMEOUTS, ...options.timeouts };
  const server = createServer(
    {
      headersTimeout: headers,
      requestTimeout: request,
      connectionsCheckingInterval: Math.min(headers, 5_000),
      keepAliveTimeout: KEEP_ALIVE_MS,
    },
    (incoming, response) => {
      answer(incoming, response).catch((err: unknown) => {
        log.error({ err }, "a request failed");
        if (!response.headersSent) json(response, 500, { error: "internal error" });
        else response.destroy();
      });
    },
  );
  limitConnections(server, MOST_CONNECTIONS);
  await listen(server, environment);
  const sweep = startSweep({
    clients,
    queue,
    watch,
    log: log.child({ name: "sweep" }),
    intervalMs: environment.sweepIntervalMs,
  });

  return {
    url: urlOf(server),
    queue,
    sweep: sweep.now,
    async close() {
      closing = true;
      closeMetrics?.();
      alone?.stop();
      sweep.stop();
      await pace.close();
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeIdleConnections();
      await queue.close(CLOSE_MS);
      slack?.close();
      server.closeAllConnections();
      await Promise.all([closed, payloads.close()]);
    },
  };
}

/** Nobody else may work without Redis; what another one does all the same is looked at again. */
function watchOthers(
  { store = NO_STORE, log }: ServerOptions,
  { instance }: GitHubClients,
  queue: Queue,
): { alone: Alone | null; ownCreation: IntakeOptions["ownCreation"] } {
  if (queue.engine !== "memory") return { alone: null, ownCreation: undefined };
  const alone = watchAlone(store, log, { instance });
  // What the queue does not take is found by the sweep.
  const look = (job: Job) => void queue.add(job).catch(() => undefined);
  return { alone, ownCreation: ({ job, ...own }) => alone.heard(own, () => look(job)) };
}

function listen(server: Server, { host, port }: Environment): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, () => {
      server.off("error", reject);
      resolve();
    });
  });
}

function urlOf(server: Server): string {
  const { address, family, port } = server.address() as AddressInfo;
  return `http://${family === "IPv6" ? `[${address}]` : address}:${port}`;
}

function json(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { "content-type": "application/json" }).end(`${JSON.stringify(body)}\n`);
}

/** What a person sees who opens the address of webhooks. */
function pageOf(hasMetrics: boolean): string {
  const metrics = hasMetrics ? ' · <a href="/metrics">metrics</a>' : "";
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Hotfix Guard</title>
<h1>Hotfix Guard</h1>
<p>A GitHub App that makes sure a hotfix follows the procedure, and stays with it until the post-mortem is complete.
It is running; there is nothing to do here. Its work shows as the check <code>hotfix-gate</code> on pull requests.</p>
<p>For operators: <a href="/healthz">alive?</a> · <a href="/readyz">can it reach GitHub?</a>${metrics}</p>
</html>
`;
}
