import { SERVER_ROUTES } from "../../support/routes.ts";
import type { Through } from "./in-process.ts";

/** What may come in place of GitHub's answer, to a request that GitHub has not heard of, or has done. */
export interface Fault {
  readonly name: string;
  /** GitHub does what it is asked for all the same. */
  readonly isDone: boolean;
  answer(done: Response | null): Promise<Response>;
}

const json =
  (status: number, message: string, headers: Record<string, string> = {}) =>
  async () =>
    new Response(JSON.stringify({ message }), {
      status,
      headers: { "content-type": "application/json", ...headers },
    });
const refused = (name: string, status: number, message: string, headers = {}): Fault => ({
  name,
  isDone: false,
  answer: json(status, message, headers),
});
const broken = (name: string, isDone: boolean, answer: Fault["answer"]): Fault => ({ name, isDone, answer });
const reset = async (): Promise<never> => {
  throw Object.assign(new TypeError("fetch failed"), {
    cause: Object.assign(new Error("reset"), { code: "ECONNRESET" }),
  });
};

export const FAULTS: readonly Fault[] = [
  refused("401", 401, "Bad credentials"),
  refused("403", 403, "Resource not accessible by integration"),
  refused("403 secondary limit", 403, "You have exceeded a secondary rate limit.", { "retry-after": "1" }),
  refused("404", 404, "Not Found"),
  refused("409", 409, "Conflict"),
  refused("422", 422, "Validation Failed"),
  refused("429", 429, "You have exceeded a secondary rate limit.", { "retry-after": "1" }),
  refused("500", 500, "Server Error"),
  broken("502, done", true, async () => new Response("<html>Bad gateway</html>", { status: 502 })),
  refused("503", 503, "Service unavailable"),
  // As if the time were over.
  broken("no answer, done", true, async () => {
    throw new DOMException("The operation was aborted due to timeout", "TimeoutError");
  }),
  broken("reset, done", true, reset),
  broken("reset", false, reset),
  broken("half an answer, done", true, async (done) => {
    const body = (await done?.text()) ?? "";
    const headers = { "content-type": "application/json" };
    return new Response(body.slice(0, body.length / 2), {
      status: done?.status === 304 ? 200 : (done?.status ?? 200),
      headers,
    });
  }),
  broken(
    "HTML",
    false,
    async () =>
      new Response("<html>Unicorn</html>", { status: 200, headers: { "content-type": "text/html" } }),
  ),
];

const PATTERNS = SERVER_ROUTES.map((route) => ({
  route,
  pattern: new RegExp(
    `^${route.replace(/\{(path|ref|basehead|branch|name)\}/g, ".+").replace(/\{[^}]+\}/g, "[^/]+")}$`,
  ),
  fixed: route.replace(/\{[^}]+\}/g, "").length,
})).sort((one, other) => other.fixed - one.fixed);

/** The route of a request, "METHOD /path?query", with the names of its parameters as GitHub documents them. */
export function endpointOf(line: string): string {
  const bare = line.replace(/\?.*/, "");
  const found = PATTERNS.find(({ pattern }) => pattern.test(bare));
  if (found === undefined) throw new Error(`${bare}: not in test/support/routes.ts`);
  return found.route;
}

/** Faults of one endpoint, for as long as they are switched on. */
export function failing(endpoint: string, fault: Fault, isOn: () => boolean): Through {
  return async ({ method, path }, send) => {
    if (!isOn() || endpointOf(`${method} ${path}`) !== endpoint) return send();
    return fault.answer(fault.isDone ? await send() : null);
  };
}
