import { notFound, refuse } from "../errors.ts";
import { mint } from "../http/auth.ts";
import { type Call, list, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { appJson, installationJson, profileJson, repositoryJson } from "../json/basic.ts";
import type { JsonObject, RepoState } from "../state.ts";
import type { Delivery } from "../types.ts";
import { atLeast, type World } from "../world.ts";

function asApp(call: Call): World {
  if (call.caller.kind !== "app") throw refuse(401, "A JSON web token could not be decoded");
  return call.world;
}

function deliveryJson(world: World, one: Delivery, full: boolean): JsonObject {
  const code = one.statusCode ?? 0;
  return {
    id: one.id,
    guid: one.guid,
    delivered_at: one.deliveredAt.replace("Z", ".000Z"),
    redelivery: one.redelivery,
    duration: (one.durationMs ?? 0) / 1000,
    status:
      code >= 200 && code < 300 ? "OK" : code === 0 ? "failed to connect to host" : "Invalid HTTP Response",
    status_code: code,
    event: one.event,
    action: one.action,
    installation_id: one.installationId,
    repository_id: ((one.payload.repository as JsonObject | undefined)?.id as number | undefined) ?? null,
    throttled_at: null,
    ...(full
      ? {
          url: world.hooks.url ?? "",
          request: {
            headers: { "X-GitHub-Delivery": one.guid, "X-GitHub-Event": one.event },
            payload: one.payload,
          },
          response: { headers: {}, payload: "" },
        }
      : {}),
  };
}

/**
 * What a token that sees installations gets: the app itself, its installations, deliveries, and odds and
 * ends.
 */
export function appRoutes(router: Router): void {
  router.on("GET /app", (call) =>
    ok({ ...appJson(asApp(call)), installations_count: call.world.installations.length }),
  );
  router.on("GET /apps/:slug", (call) => {
    if (call.param("slug") !== call.world.app.slug) throw notFound();
    return ok(appJson(call.world));
  });
  router.on("GET /app/installations", (call) => {
    const world = asApp(call);
    return list(world.installations, (one) => installationJson(world, one));
  });
  router.on("GET /app/installations/:id", (call) => {
    const world = asApp(call);
    const one = world.installations.find(({ id }) => id === call.number("id"));
    if (!one) throw notFound();
    return ok(installationJson(world, one));
  });
  router.on("POST /app/installations/:id/access_tokens", (call) => {
    const world = asApp(call);
    const one = world.installations.find(({ id }) => id === call.number("id"));
    if (!one) throw notFound();
    const names = call.strings("repositories");
    const ids = Array.isArray(call.body.repository_ids) ? (call.body.repository_ids as number[]) : undefined;
    const repos =
      names || ids
        ? world.repos.filter(
            (repo) =>
              repo.installed &&
              repo.owner === one.login &&
              (names?.includes(repo.name) || ids?.includes(repo.id)),
          )
        : null;
    if (repos && repos.length < (names?.length ?? 0) + (ids?.length ?? 0))
      throw refuse(
        422,
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
      );
    const token = mint(
      world,
      one.id,
      call.body.permissions as Record<string, string> | undefined,
      repos?.map(({ id }) => id) ?? null,
    );
    return ok(
      {
        token: token.token,
        expires_at: new Date(token.expiresAt * 1000).toISOString().replace(".000Z", "Z"),
        permissions: token.permissions,
        repository_selection: repos ? "selected" : "all",
        ...(repos ? { repositories: repos.map((repo) => repositoryJson(world, repo)) } : {}),
      },
      201,
    );
  });
  for (const kind of ["repos/:owner/:repo", "orgs/:owner", "users/:owner"])
    router.on(`GET /${kind}/installation`, (call) => {
      const world = asApp(call);
      const repo = call.params.repo ? world.find(`${call.param("owner")}/${call.param("repo")}`) : undefined;
      const one = world.installations.find(
        ({ login }) => login.toLowerCase() === call.param("owner").toLowerCase(),
      );
      if (!one || (call.params.repo && !repo?.installed)) throw notFound();
      return ok(installationJson(world, one));
    });
  deliveryRoutes(router);
  router.on("GET /installation/repositories", (call) => {
    if (call.caller.kind !== "installation")
      throw refuse(
        403,
        "You must authenticate with an installation access token in order to list repositories for an installation.",
      );
    const repos = call.world.repos.filter((repo) => call.installed(repo));
    return {
      ...list(
        repos,
        (repo: RepoState) => ({
          ...repositoryJson(call.world, repo),
          permissions: { admin: false, maintain: false, push: false, triage: false, pull: true },
        }),
        "repositories",
      ),
    };
  });
  router.on("DELETE /installation/token", (call) => {
    if (call.caller.kind === "installation") call.world.tokens.delete(call.caller.token.token);
    return { status: 204 };
  });
  router.on("GET /rate_limit", (call) => {
    const reset = Math.floor(Date.parse(call.world.now()) / 1000) + 3600;
    const core = { limit: 5000, used: 0, remaining: 5000, reset, resource: "core" };
    return ok({
      resources: { core, search: { ...core, limit: 30, remaining: 30, resource: "search" } },
      rate: core,
    });
  });
  router.on("GET /meta", () =>
    ok({ verifiable_password_authentication: false, installed_version: "3.21.0" }),
  );
  router.on("GET /zen", () => ({
    status: 200,
    raw: Buffer.from("Keep it logically awesome."),
    contentType: "text/plain;charset=utf-8",
  }));
  router.on("GET /user", (call) => {
    if (call.caller.kind !== "user")
      throw refuse(
        call.caller.kind === "nobody" ? 401 : 403,
        call.caller.kind === "nobody" ? "Requires authentication" : "Resource not accessible by integration",
      );
    return ok(profileJson(call.world, call.caller.user));
  });
}

function deliveryRoutes(router: Router): void {
  // Newest first, by cursor: GitHub gives `next` as `?cursor=…`, not as a page number.
  router.on("GET /app/hook/deliveries", (call) => {
    const world = asApp(call);
    const size = Math.min(100, Number(call.query.get("per_page") ?? 30) || 30);
    const cursor = Number((call.query.get("cursor") ?? "").replace(/^v1_/, "") || Number.POSITIVE_INFINITY);
    const wanted = call.query.get("status");
    const success = (one: Delivery) => (one.statusCode ?? 0) >= 200 && (one.statusCode ?? 0) < 300;
    const all = world.hooks.log
      .filter(
        (one) =>
          one.id < cursor &&
          !world.hooks.unsent.has(one) &&
          (!wanted || success(one) === (wanted === "success")),
      )
      .reverse();
    const page = all.slice(0, size);
    const query = new URLSearchParams({ per_page: String(size), ...(wanted ? { status: wanted } : {}) });
    query.set("cursor", `v1_${page.at(-1)?.id ?? 0}`);
    const link = `<${world.url}/api/v3/app/hook/deliveries?${query}>; rel="next"`;
    return {
      status: 200,
      body: page.map((one) => deliveryJson(world, one, false)),
      ...(all.length > size ? { headers: { link } } : {}),
    };
  });
  router.on("GET /app/hook/deliveries/:id", (call) => {
    const one = asApp(call).hooks.log.find(({ id }) => id === call.number("id"));
    if (!one) throw notFound();
    return ok(deliveryJson(call.world, one, true));
  });
  router.on("POST /app/hook/deliveries/:id/attempts", (call) => {
    const one = asApp(call).hooks.log.find(({ id }) => id === call.number("id"));
    if (!one) throw notFound();
    void call.world.hooks.redeliver(one.guid);
    return { status: 202, body: {} };
  });
}

/** Whether the caller may write to a repository's contents: only then are the merge settings shown. */
export function seesSettings(call: Call, repo: RepoState): boolean {
  if (call.caller.kind === "installation")
    return call.installed(repo) && call.caller.token.permissions.contents === "write";
  return call.caller.kind === "user" && atLeast(call.world.role(repo, call.caller.user), "write");
}
