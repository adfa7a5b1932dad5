import { createHmac, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Readable } from "node:stream";
import type { Environment } from "../../src/environment.ts";
import type { Worker } from "../../src/jobs/queue.ts";
import { createLog } from "../../src/log.ts";
import { type RunningServer, type ServerOptions, startServer } from "../../src/server/server.ts";

export const SECRET = "a-long-and-random-secret";
export const PEM = generateKeyPairSync("rsa", { modulusLength: 2048 })
  .privateKey.export({ type: "pkcs8", format: "pem" })
  .toString();

/** Nothing listens there. */
export const NOWHERE = "http://127.0.0.1:65530/api/v3";

export function environment(more: Partial<Environment> = {}): Environment {
  return {
    appId: 7,
    privateKey: PEM,
    webhookSecret: SECRET,
    baseUrl: NOWHERE,
    host: "127.0.0.1",
    port: 0,
    webhookPath: "/api/github/webhooks",
    logLevel: "debug",
    logFormat: "json",
    sweepIntervalMs: null,
    slackWebhookUrl: null,
    docsUrl: null,
    stateFolder: null,
    redisUrl: null,
    metricsPort: null,
    metricsToken: null,
    ...more,
  };
}

/** A server of which every log line is kept. */
export async function start(
  worker: Worker,
  { environment: more, ...options }: Partial<ServerOptions> & { environment?: Partial<Environment> } = {},
): Promise<RunningServer & { readonly lines: string[] }> {
  const lines: string[] = [];
  const log = createLog({ level: "debug", format: "json" }, { write: (line) => lines.push(line) });
  const server = await startServer(environment(more), { createWorker: () => worker, log, ...options });
  return { ...server, lines };
}

/** A stand-in for GitHub on a port of its own. */
export async function github(handler: (request: IncomingMessage, response: ServerResponse) => void) {
  const server = createServer(handler).listen(0, "127.0.0.1");
  await new Promise((resolve) => server.once("listening", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/api/v3`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

export const sign = (body: string, secret = SECRET) =>
  `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`;

export interface Answer {
  readonly status: number;
  readonly body: string;
  readonly headers: IncomingMessage["headers"];
}

/**
 * Posts as GitHub does; a header that is `undefined` is left out. A stream is sent in chunks without a
 * length.
 */
export function deliver(
  server: { readonly url: string },
  body: string | Buffer | Readable,
  headers: Readonly<Record<string, string | undefined>> = {},
  path = "/api/github/webhooks",
): Promise<Answer> {
  const all = {
    "content-type": "application/json",
    "x-github-event": "pull_request",
    "x-github-delivery": "d-1",
    ...(typeof body === "string" ? { "x-hub-signature-256": sign(body) } : {}),
    ...headers,
  };
  const sent = Object.fromEntries(Object.entries(all).filter(([, value]) => value !== undefined));
  return new Promise((resolve, reject) => {
    const call = request(
      `${server.url}${path}`,
      { method: "POST", agent: false, headers: sent },
      (response) => {
        let text = "";
        response.setEncoding("utf8");
        response.on("data", (chunk: string) => {
          text += chunk;
        });
        response.on("end", () =>
          resolve({ status: response.statusCode ?? 0, body: text, headers: response.headers }),
        );
      },
    );
    call.on("error", reject);
    if (typeof body === "string" || Buffer.isBuffer(body)) call.end(body);
    else body.pipe(call);
  });
}

export const LABELED = JSON.stringify({
  action: "labeled",
  installation: { id: 5 },
  repository: { id: 1, full_name: "acme/payments", default_branch: "main" },
  pull_request: { number: 12, updated_at: "2025-10-14T10:00:00Z", head: { sha: "a".repeat(40) } },
});
