import { refuse } from "../errors.ts";
import type { Call, Result } from "./call.ts";

/** What answers the requests to a route. */
export type Handler = (call: Call) => Promise<Result> | Result;

interface Route {
  method: string;
  pattern: RegExp;
  names: string[];
  handler: Handler;
}

/**
 * Routes by method and path. `:name` is one (encoded) segment, `*name` may hold slashes. The first that fits
 * wins.
 */
export class Router {
  readonly #routes: Route[] = [];

  /** Adds a route, written like `GET /repos/:owner/:repo`. */
  on(spec: string, handler: Handler): void {
    const [method = "", path = ""] = spec.split(" ");
    const names: string[] = [];
    const source = path.replace(/[.]/g, "\\.").replace(/([:*])(\w+)/g, (_, kind: string, name: string) => {
      names.push(name);
      return kind === ":" ? "([^/]+)" : "(.*)";
    });
    this.#routes.push({ method, pattern: new RegExp(`^${source}/?$`), names, handler });
  }

  /** The handler for a request; undefined for a path that is not modeled. */
  match(method: string, path: string): { handler: Handler; params: Record<string, string> } | undefined {
    for (const route of this.#routes) {
      if (route.method !== method) continue;
      const found = route.pattern.exec(path);
      if (!found) continue;
      const params: Record<string, string> = {};
      route.names.forEach((name, index) => {
        try {
          params[name] = decodeURIComponent(found[index + 1] ?? "");
        } catch {
          throw refuse(400, "Bad Request");
        }
      });
      return { handler: route.handler, params };
    }
    return undefined;
  }
}
