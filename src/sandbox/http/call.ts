import { moved, notFound, refuse } from "../errors.ts";
import type { Actor, IssueState, JsonObject, RepoState } from "../state.ts";
import type { Role } from "../types.ts";
import { atLeast, type World } from "../world.ts";
import type { Caller } from "./auth.ts";

/** An answer that is not paginated. */
export interface Plain {
  status: number;
  body?: unknown;
  /** Instead of JSON. */
  raw?: Buffer;
  contentType?: string;
  headers?: Record<string, string>;
}

/** An answer of which the caller gets one page. */
export interface Listing {
  /** Maps one page only, so that long lists stay cheap. */
  page: (from: number, to: number) => Promise<unknown[]>;
  total: number;
  /** `{total_count, [wrap]: […]}` instead of a bare array. */
  wrap?: string;
  /** Turns the page into another body (for pages inside objects). */
  body?: (items: unknown[]) => unknown;
}

/** What a route answers. It refuses by throwing a `SandboxError`. */
export type Result = Plain | Listing;

export const ok = (body: unknown, status = 200): Plain => ({ status, body });
export const empty = (status = 204): Plain => ({ status });

/** A paginated answer. */
export function list<T>(items: readonly T[], map: (item: T) => unknown, wrap?: string): Listing {
  return {
    page: (from, to) => Promise.all(items.slice(from, to).map(map)),
    total: items.length,
    ...(wrap ? { wrap } : {}),
  };
}

/** What a route asks of the app's permissions (`issues:write|pull_requests:write`) and of a person's role. */
export interface Need {
  app: string;
  user?: Role;
}

/** One API request, with what all routes ask of it. */
export class Call {
  readonly world: World;
  readonly method: string;
  readonly params: Record<string, string>;
  readonly query: URLSearchParams;
  readonly body: JsonObject;
  readonly caller: Caller;
  readonly accept: string;

  constructor(
    world: World,
    parts: Omit<
      Call,
      "world" | "actor" | "repo" | "need" | "issue" | "number" | "param" | "string" | "strings" | "installed"
    >,
  ) {
    this.world = world;
    this.method = parts.method;
    this.params = parts.params;
    this.query = parts.query;
    this.body = parts.body;
    this.caller = parts.caller;
    this.accept = parts.accept;
  }

  param(name: string): string {
    return this.params[name] ?? "";
  }

  number(name: string): number {
    const value = this.param(name);
    if (!/^\d+$/.test(value)) throw notFound();
    return Number(value);
  }

  string(name: string): string | undefined {
    const value = this.body[name];
    return typeof value === "string" ? value : undefined;
  }

  /** A list of names in the body; also of objects with a `name`, as the label routes take them. */
  strings(name: string): string[] | undefined {
    const value = this.body[name];
    if (!Array.isArray(value)) return undefined;
    return value.map((one) => {
      if (typeof one === "string") return one;
      if (one && typeof one === "object" && "name" in one && typeof one.name === "string") return one.name;
      throw refuse(422, `Invalid request.\n\nFor '${name}', an item is not a string.`);
    });
  }

  actor(): Actor {
    if (this.caller.kind === "user") return { user: this.caller.user, viaApp: false };
    if (this.caller.kind === "installation") return { user: this.world.bot, viaApp: true };
    throw refuse(401, "Requires authentication");
  }

  /** Whether the caller's installation covers a repository. */
  installed(repo: RepoState): boolean {
    if (this.caller.kind !== "installation" || !repo.installed) return false;
    const { installation, repositories } = this.caller.token;
    return (
      this.world.installation(repo.owner).id === installation &&
      (repositories === null || repositories.includes(repo.id))
    );
  }

  /** The repository of the path: 404 where the caller cannot see it, 403 where it may not do this. */
  repo(need: Need): RepoState {
    const repo = this.world.find(`${this.param("owner")}/${this.param("repo")}`);
    if (!repo) throw notFound();
    this.need(repo, need);
    return repo;
  }

  need(repo: RepoState, need: Need): void {
    const write = need.app.includes(":write");
    const { caller } = this;
    if (write && repo.archived) throw refuse(403, "Repository was archived so is read-only.");
    if (caller.kind === "app") throw refuse(403, "Resource not accessible by integration");
    if (caller.kind === "installation") {
      if (!this.installed(repo)) {
        if (repo.private) throw notFound();
        // What is public can be read without being installed; nothing else can.
        if (write || need.app.includes("administration"))
          throw refuse(403, "Resource not accessible by integration");
        return;
      }
      const has = need.app.split("|").some((one) => {
        const [name = "", level] = one.split(":");
        const granted = caller.token.permissions[name];
        return granted === "write" || (level === "read" && granted === "read");
      });
      if (!has) throw refuse(403, "Resource not accessible by integration");
      return;
    }
    const role = this.world.role(repo, caller.kind === "user" ? caller.user : null);
    if (role === "none") throw notFound();
    if (caller.kind === "nobody" && write) throw refuse(401, "Requires authentication");
    if (!atLeast(role, need.user ?? "read"))
      throw refuse(403, `Must have ${need.user} rights to Repository.`);
  }

  /**
   * The issue (or pull request) of `:number`, checked for the permission of what it is. GETs see it as it
   * was, while reads are stale.
   */
  issue(repo: RepoState, level: "read" | "write", only?: "pull" | "issues"): IssueState {
    const live = this.world.mustIssue(repo, this.number("number"));
    if (live.gone) throw moved(live.gone);
    if (only === "pull" && !live.pull) throw notFound();
    if (!live.pull && !repo.hasIssues) throw refuse(410, "Issues has been disabled in this repository.");
    const app = live.pull && only !== "issues" ? `issues:${level}|pull_requests:${level}` : `issues:${level}`;
    this.need(repo, { app: only === "pull" ? `pull_requests:${level}` : app });
    if (this.method !== "GET") return live;
    const seen = this.world.seen(live);
    if (!seen) throw notFound();
    return seen;
  }
}
