import { randomBytes } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { refuse, SandboxError } from "../errors.ts";
import type { JsonObject } from "../state.ts";
import type { Exchange, Failure, Knobs, RequestLog } from "../types.ts";
import type { World } from "../world.ts";
import { authenticate, type Caller } from "./auth.ts";
import { type ApiAnswer, type ApiRequest, dispatch, etag, failure } from "./dispatch.ts";
import type { Router } from "./router.ts";

const maxRequest = 10 * 1024 * 1024;

interface Rule {
  matcher: { method?: string; path: RegExp };
  failure: Failure;
  left: number;
}

/**
 * The HTTP side: credentials, headers, ETags, rate limit, request log, and the faults that the knobs ask for.
 */
export class ApiServer {
  readonly requests: RequestLog[] = [];
  readonly unknownRoutes: string[] = [];
  latencyMs = 0;
  /** Requests that the app's installations have left together; undefined: 5,000 for each token. */
  requestsLeft: number | undefined;
  onExchange: ((exchange: Exchange) => void) | undefined;
  readonly #world: World;
  readonly #router: Router;
  readonly #server: Server;
  readonly #rules: Rule[] = [];
  readonly #used = new Map<string, number>();

  constructor(world: World, router: Router) {
    this.#world = world;
    this.#router = router;
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        response.statusCode = 500;
        response.end(JSON.stringify({ message: `sandbox: ${String(error)}` }));
      });
    });
    this.#server.keepAliveTimeout = 30_000;
  }

  listen(port: number, host: string): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, host, () => {
        const address = this.#server.address();
        resolve(typeof address === "object" && address ? address.port : port);
      });
    });
  }

  close(): Promise<void> {
    return new Promise((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeAllConnections();
    });
  }

  readonly fail: Knobs["fail"] = (matcher, failureOf) => {
    const rule: Rule = { matcher, failure: failureOf, left: failureOf.times ?? Number.POSITIVE_INFINITY };
    this.#rules.push(rule);
    return () => {
      const at = this.#rules.indexOf(rule);
      if (at >= 0) this.#rules.splice(at, 1);
    };
  };

  #rule(method: string, path: string): Failure | undefined {
    for (const rule of this.#rules) {
      if (rule.left <= 0 || (rule.matcher.method && rule.matcher.method.toUpperCase() !== method)) continue;
      rule.matcher.path.lastIndex = 0;
      if (!rule.matcher.path.test(path)) continue;
      rule.left--;
      return rule.failure;
    }
    return undefined;
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const started = performance.now();
    const at = Date.now();
    const method = request.method ?? "GET";
    const url = new URL(request.url ?? "/", "http://sandbox");
    const path = url.pathname.replace(/^\/api\/v3(?=\/|$)/, "") || "/";
    const header = request.headers.authorization;
    const ifNoneMatch = request.headers["if-none-match"];
    const raw = await readBody(request);
    const fault = this.#rule(method, path);
    if (this.latencyMs > 0) await new Promise((done) => setTimeout(done, this.latencyMs));
    const entry: RequestLog = {
      method,
      path: `${path}${url.search}`,
      status: 0,
      ifNoneMatch,
      at,
      installationToken: /^(bearer|token) ghs_/i.test(header ?? ""),
      durationMs: 0,
    };
    this.requests.push(entry);
    let answer: ApiAnswer;
    if (fault && !fault.afterCommit && !fault.truncate && !fault.hang) answer = faulty(fault);
    else if (entry.installationToken && this.requestsLeft !== undefined && this.requestsLeft <= 0)
      answer = failure(refuse(403, "API rate limit exceeded for installation."));
    else {
      answer = await this.#answer(
        { method, path, query: url.searchParams, accept: request.headers.accept ?? "" },
        header,
        raw,
      );
      this.onExchange?.({
        method,
        path: entry.path,
        requestHeaders: request.headers,
        requestBody: raw?.toString() ?? "",
        status: answer.status,
        responseBody: answer.body.toString(),
      });
      if (fault?.hang) return;
      if (fault?.truncate)
        answer = { ...answer, body: answer.body.subarray(0, Math.floor(answer.body.length / 2)) };
      else if (fault) answer = faulty(fault);
    }
    if (answer.unknown) this.unknownRoutes.push(`${method} ${path}`);
    const tag = method === "GET" && answer.status === 200 ? etag(header, answer.body) : undefined;
    const same = tag && ifNoneMatch?.split(/,\s*/).includes(tag);
    const status = same ? 304 : answer.status;
    entry.status = status;
    entry.durationMs = Math.round((performance.now() - started) * 10) / 10;
    response.writeHead(status, {
      ...this.#headers(header, status),
      ...(tag ? { etag: tag, "cache-control": "private, max-age=60, s-maxage=60" } : {}),
      ...answer.headers,
      ...(status === 204 || same
        ? {}
        : { "content-type": answer.contentType, "content-length": answer.body.length }),
    });
    response.end(status === 204 || same || method === "HEAD" ? undefined : answer.body);
  }

  async #answer(
    request: Pick<ApiRequest, "method" | "path" | "query" | "accept">,
    header: string | undefined,
    raw: Buffer | undefined,
  ): Promise<ApiAnswer> {
    let caller: Caller;
    let body: JsonObject = {};
    try {
      if (raw === undefined) throw refuse(413, "Payload Too Large");
      caller = authenticate(this.#world, header);
      if (raw.length > 0) body = parse(raw);
    } catch (error) {
      if (error instanceof SandboxError) return failure(error);
      throw error;
    }
    return dispatch(this.#world, this.#router, { ...request, caller, body });
  }

  #headers(header: string | undefined, status: number): Record<string, string> {
    const key = header ?? "";
    const used = (this.#used.get(key) ?? 0) + (status === 304 ? 0 : 1);
    this.#used.set(key, used);
    const now = Date.parse(this.#world.now());
    const ofApp = /^(bearer|token) ghs_/i.test(key) && this.requestsLeft !== undefined;
    if (ofApp && status !== 304) this.requestsLeft = Math.max(0, (this.requestsLeft ?? 0) - 1);
    return {
      date: new Date(now).toUTCString(),
      server: "github.com",
      vary: "Accept, Authorization, Cookie, X-GitHub-OTP, Accept-Encoding, Accept, X-Requested-With",
      "x-github-media-type": "github.v3; format=json",
      "x-github-request-id": randomBytes(9).toString("hex").toUpperCase(),
      "x-github-api-version-selected": "2022-11-28",
      "x-ratelimit-limit": "5000",
      "x-ratelimit-used": String(used),
      "x-ratelimit-remaining": String(ofApp ? this.requestsLeft : Math.max(0, 5000 - used)),
      "x-ratelimit-reset": String(Math.floor(now / 1000) + 3600),
      "x-ratelimit-resource": "core",
    };
  }
}

function parse(raw: Buffer): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(raw.toString());
  } catch {
    throw refuse(400, "Problems parsing JSON");
  }
  // Label routes also take a bare list.
  if (Array.isArray(value)) return { labels: value };
  if (value === null || typeof value !== "object") throw refuse(400, "Body should be a JSON object");
  return value as JsonObject;
}

function faulty({ status = 502, body, headers = {} }: Failure): ApiAnswer {
  const text = typeof body === "string" ? body : JSON.stringify(body ?? { message: "Server Error" });
  return { status, body: Buffer.from(text), contentType: "application/json; charset=utf-8", headers };
}

/** The whole body, or undefined where it is too large. */
async function readBody(request: IncomingMessage): Promise<Buffer | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += (chunk as Buffer).length;
    if (size <= maxRequest) chunks.push(chunk as Buffer);
  }
  return size <= maxRequest ? Buffer.concat(chunks) : undefined;
}
