import { createHash, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { Metrics } from "../metrics.ts";

/** Answers with the metrics; 401 where `token` is set and the request does not say it. */
export function createMetricsEndpoint({ registry }: Pick<Metrics, "registry">, token: string | null) {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  const wanted = token === null ? null : digest(`Bearer ${token}`);
  return async ({ headers }: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (wanted !== null && !timingSafeEqual(digest(headers.authorization ?? ""), wanted)) {
      response.writeHead(401, { "www-authenticate": "Bearer", "content-type": "text/plain" }).end("401\n");
      return;
    }
    const text = await registry.metrics();
    response.writeHead(200, { "content-type": registry.contentType }).end(text);
  };
}

/** Metrics on a port of their own. Rejects where it cannot be had; resolves with what closes it. */
export async function serveMetrics(
  { host, port }: { readonly host: string; readonly port: number },
  endpoint: ReturnType<typeof createMetricsEndpoint>,
): Promise<() => void> {
  const server = createServer((request, response) => {
    if (["GET", "HEAD"].includes(request.method ?? "") && /^\/metrics\/?(?:\?|$)/.test(request.url ?? ""))
      endpoint(request, response).catch(() => response.destroy());
    else response.writeHead(404).end();
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen({ host, port }, resolve);
  });
  return () => {
    server.close();
    server.closeAllConnections();
  };
}
