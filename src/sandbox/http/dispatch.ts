import { createHash } from "node:crypto";
import { moved, notFound, SandboxError } from "../errors.ts";
import type { JsonObject } from "../state.ts";
import type { World } from "../world.ts";
import type { Caller } from "./auth.ts";
import { Call, type Result } from "./call.ts";
import type { Router } from "./router.ts";

/** A request to the API, parsed. */
export interface ApiRequest {
  method: string;
  /** Without `/api/v3`. */
  path: string;
  query: URLSearchParams;
  body: JsonObject;
  caller: Caller;
  accept: string;
}

/** An answer, ready to be sent. */
export interface ApiAnswer {
  status: number;
  body: Buffer;
  contentType: string;
  headers: Record<string, string>;
  /** The path is not modeled. */
  unknown?: boolean;
}

const json = "application/json; charset=utf-8";

/** Runs one API request: route, changes one at a time, errors as GitHub words them, pages. */
export async function dispatch(world: World, router: Router, request: ApiRequest): Promise<ApiAnswer> {
  try {
    const to = movedTo(world, request);
    if (to !== undefined) return to;
    const route = router.match(request.method, byName(world, request.path));
    if (!route) return { ...failure(notFound()), unknown: true };
    const call = new Call(world, { ...request, params: route.params });
    const result =
      request.method === "GET" ? await route.handler(call) : await world.mutate(() => route.handler(call));
    return await render(world, request, result);
  } catch (error) {
    return failure(error);
  }
}

/** Where a repository that has another name now is to be found, by its id. */
function movedTo(world: World, { method, path, query }: ApiRequest): ApiAnswer | undefined {
  const [, owner = "", name = "", rest = ""] = /^\/repos\/([^/]+)\/([^/]+)(.*)$/.exec(path) ?? [];
  if (owner === "" || world.find(`${owner}/${name}`)) return undefined;
  const repo = world.repos.find(
    (one) => one.owner.toLowerCase() === owner.toLowerCase() && one.formerNames.includes(name),
  );
  if (!repo) return undefined;
  const search = query.size === 0 ? "" : `?${query}`;
  const url = `${world.url}/api/v3/repositories/${repo.id}${rest}${search}`;
  const error = moved(url);
  return { ...failure(error), status: method === "GET" ? 301 : 307 };
}

function byName(world: World, path: string): string {
  return path.replace(/^\/repositories\/(\d+)(?=\/|$)/, (whole, id: string) => {
    const repo = world.repoById(Number(id));
    return repo ? `/repos/${repo.owner}/${repo.name}` : whole;
  });
}

/** An error as an answer. What is no refusal of GitHub's is a fault of the sandbox: 500 with its message. */
export function failure(error: unknown): ApiAnswer {
  const known = error instanceof SandboxError;
  const body = known
    ? error.body
    : { message: `sandbox: ${error instanceof Error ? (error.stack ?? error.message) : error}` };
  return {
    status: known ? error.status : 500,
    body: Buffer.from(JSON.stringify(body)),
    contentType: json,
    headers: known && error.location ? { location: error.location } : {},
  };
}

async function render(world: World, request: ApiRequest, result: Result): Promise<ApiAnswer> {
  if ("page" in result) {
    const size = clamp(request.query.get("per_page"), 30, 100);
    const page = clamp(request.query.get("page"), 1, 1_000_000);
    const items = await result.page((page - 1) * size, page * size);
    const last = Math.max(1, Math.ceil(result.total / size));
    const body = result.body
      ? result.body(items)
      : result.wrap
        ? { total_count: result.total, [result.wrap]: items }
        : items;
    const link = links(world, request, page, last);
    return {
      status: 200,
      body: Buffer.from(JSON.stringify(body)),
      contentType: json,
      headers: link ? { link } : {},
    };
  }
  return {
    status: result.status,
    body:
      result.raw ?? (result.body === undefined ? Buffer.alloc(0) : Buffer.from(JSON.stringify(result.body))),
    contentType: result.contentType ?? json,
    headers: result.headers ?? {},
  };
}

function clamp(value: string | null, standard: number, max: number): number {
  const number = Number(value ?? standard);
  return Number.isInteger(number) && number > 0 ? Math.min(number, max) : standard;
}

function links(world: World, request: ApiRequest, page: number, last: number): string {
  const to = (number: number, rel: string) => {
    const query = new URLSearchParams(request.query);
    query.set("page", String(number));
    return `<${world.url}/api/v3${request.path}?${query}>; rel="${rel}"`;
  };
  const out: string[] = [];
  if (page > 1) out.push(to(page - 1, "prev"));
  if (page < last) out.push(to(page + 1, "next"), to(last, "last"));
  if (page > 1) out.push(to(1, "first"));
  return out.join(", ");
}

/** A weak ETag, bound to the credentials as GitHub's are. */
export const etag = (authorization: string | undefined, body: Buffer): string =>
  `W/"${createHash("sha256")
    .update(authorization ?? "")
    .update("\0")
    .update(body)
    .digest("hex")}"`;
