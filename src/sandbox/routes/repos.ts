import { assignable } from "../actions/issues.ts";
import { notFound, refuse } from "../errors.ts";
import { type Call, empty, list, ok } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { profileJson, repositoryJson, userJson, userOrNull } from "../json/basic.ts";
import { commitJson } from "../json/commits.ts";
import { repoUrl } from "../json/issues.ts";
import type { ActivityState, JsonObject, RepoState, UserState } from "../state.ts";
import { atLeast, type World } from "../world.ts";
import { seesSettings } from "./app.ts";

/** An entry of a repository's activity as the API has it. */
export function activityJson(world: World, entry: ActivityState): JsonObject {
  return {
    id: entry.id,
    node_id: `PU_${entry.id}`,
    before: entry.before,
    after: entry.after,
    ref: entry.ref,
    timestamp: entry.at,
    activity_type: entry.type,
    actor: userOrNull(world, entry.actor),
  };
}

/** Shown where a role is asked for: `permission` knows four levels only. */
function permissionJson(world: World, repo: RepoState, user: UserState): JsonObject {
  const role = world.role(repo, user);
  const old: Record<string, string> = { maintain: "write", triage: "read" };
  const permission = old[role] ?? role;
  const permissions = {
    admin: role === "admin",
    maintain: atLeast(role, "maintain"),
    push: atLeast(role, "write"),
    triage: atLeast(role, "triage"),
    pull: atLeast(role, "read"),
  };
  return { permission, role_name: role, user: { ...userJson(world, user), permissions, role_name: role } };
}

/** GitHub's numbers of repository roles in bypass lists. */
const ROLE_IDS = { maintain: 2, write: 4, admin: 5 } as const;

/** Bypass lists are shown to whoever may change the ruleset. */
function mayChangeRulesets({ caller, world }: Call, repo: RepoState): boolean {
  if (caller.kind === "installation") return caller.token.permissions.administration === "write";
  return caller.kind === "user" && world.role(repo, caller.user) === "admin";
}

function branchJson(call: Call, repo: RepoState, name: string, full: boolean): JsonObject {
  const { world } = call;
  const sha = repo.git.branches.get(name);
  if (!sha) throw refuse(404, "Branch not found");
  const protection = repo.protection.get(name);
  const contexts = (protection?.requiredChecks ?? []).map((check) => check.context);
  const url = `${repoUrl(world, repo)}/branches/${encodeURIComponent(name)}`;
  return {
    name,
    commit: full ? commitJson(world, repo, sha) : { sha, url: `${repoUrl(world, repo)}/commits/${sha}` },
    ...(full ? { _links: { self: url, html: `${world.url}/${repo.owner}/${repo.name}/tree/${name}` } } : {}),
    protected: protection !== undefined,
    protection: {
      enabled: protection !== undefined,
      required_status_checks: {
        enforcement_level:
          contexts.length === 0 ? "off" : protection?.enforceAdmins ? "everyone" : "non_admins",
        contexts,
        checks: (protection?.requiredChecks ?? []).map((check) => ({
          context: check.context,
          app_id: check.appId ?? null,
        })),
      },
    },
    protection_url: `${url}/protection`,
  };
}

/** The repository itself, its branches, activity, people and rules. */
export function repositoryRoutes(router: Router): void {
  router.on("GET /repos/:owner/:repo", (call) => {
    const repo = call.repo({ app: "metadata:read" });
    return ok({
      ...repositoryJson(call.world, repo, seesSettings(call, repo)),
      network_count: 0,
      subscribers_count: 0,
    });
  });
  router.on("GET /repos/:owner/:repo/branches", (call) => {
    const repo = call.repo({ app: "contents:read" });
    const wanted = call.query.get("protected");
    const names = [...repo.git.branches.keys()].filter(
      (name) => wanted === null || repo.protection.has(name) === (wanted === "true"),
    );
    return list(names.sort(), (name) => branchJson(call, repo, name, false));
  });
  router.on("GET /repos/:owner/:repo/branches/*branch/protection", (call) => {
    const repo = call.repo({ app: "administration:read", user: "admin" });
    const protection = repo.protection.get(call.param("branch"));
    if (!protection) throw refuse(404, "Branch not protected");
    const checks = protection.requiredChecks ?? [];
    return ok({
      url: `${repoUrl(call.world, repo)}/branches/${encodeURIComponent(call.param("branch"))}/protection`,
      required_status_checks: {
        strict: false,
        contexts: checks.map((check) => check.context),
        checks: checks.map((check) => ({ context: check.context, app_id: check.appId ?? null })),
      },
      ...(protection.requiredReviews
        ? {
            required_pull_request_reviews: {
              required_approving_review_count: protection.requiredReviews,
              dismiss_stale_reviews: false,
              require_code_owner_reviews: false,
            },
          }
        : {}),
      enforce_admins: { enabled: protection.enforceAdmins === true, url: "" },
    });
  });
  router.on("GET /repos/:owner/:repo/branches/*branch", (call) =>
    ok(branchJson(call, call.repo({ app: "contents:read" }), call.param("branch"), true)),
  );
  router.on("GET /repos/:owner/:repo/rules/branches/*branch", (call) => {
    const repo = call.repo({ app: "metadata:read" });
    const protection = repo.protection.get(call.param("branch"));
    const source = {
      ruleset_source_type: "Repository",
      ruleset_source: `${repo.owner}/${repo.name}`,
      ruleset_id: 1,
    };
    const rules: JsonObject[] = [];
    if (protection && protection.ruleset !== false) {
      const checks = protection.requiredChecks ?? [];
      if (checks.length > 0)
        rules.push({
          type: "required_status_checks",
          parameters: {
            strict_required_status_checks_policy: false,
            do_not_enforce_on_create: false,
            required_status_checks: checks.map((check) => ({
              context: check.context,
              ...(check.appId ? { integration_id: check.appId } : {}),
            })),
          },
          ...source,
        });
      if (protection.mergeQueue)
        rules.push({
          type: "merge_queue",
          parameters: {
            check_response_timeout_minutes: 60,
            grouping_strategy: "ALLGREEN",
            max_entries_to_build: 5,
            max_entries_to_merge: 5,
            merge_method: "MERGE",
            min_entries_to_merge: 1,
            min_entries_to_merge_wait_minutes: 5,
          },
          ...source,
        });
      if (protection.requiredReviews)
        rules.push({
          type: "pull_request",
          parameters: {
            required_approving_review_count: protection.requiredReviews,
            dismiss_stale_reviews_on_push: false,
            require_code_owner_review: false,
            require_last_push_approval: false,
            required_review_thread_resolution: false,
            allowed_merge_methods: ["merge", "squash", "rebase"],
          },
          ...source,
        });
    }
    return list(rules, (rule) => rule);
  });
  router.on("GET /repos/:owner/:repo/rulesets/:id", (call) => {
    const repo = call.repo({ app: "metadata:read" });
    const protection = [...repo.protection.values()].find(({ ruleset }) => ruleset !== false);
    if (protection === undefined || call.param("id") !== "1") throw notFound();
    return ok({
      id: 1,
      name: "protection",
      target: "branch",
      source_type: "Repository",
      source: `${repo.owner}/${repo.name}`,
      enforcement: "active",
      ...(mayChangeRulesets(call, repo)
        ? {
            bypass_actors: (protection.bypass ?? []).map((role) => ({
              actor_id: ROLE_IDS[role],
              actor_type: "RepositoryRole",
              bypass_mode: "always",
            })),
          }
        : {}),
      rules: [],
    });
  });
  router.on("GET /repos/:owner/:repo/activity", (call) => {
    const repo = call.repo({ app: "contents:read" });
    const { query } = call;
    const ref = query.get("ref");
    const full = ref === null ? null : ref.startsWith("refs/") ? ref : `refs/heads/${ref}`;
    const type = query.get("activity_type");
    const actor = query.get("actor");
    const entries = repo.activity.filter(
      (entry) =>
        (full === null || entry.ref === full) &&
        (!type || entry.type === type) &&
        (!actor || entry.actor === actor),
    );
    return cursorList(call, query.get("direction") === "asc" ? entries : entries.reverse());
  });
  peopleRoutes(router);
}

/** The activity route pages by cursor (`before`/`after`), not by number. */
function cursorList(call: Call, entries: ActivityState[]) {
  const size = Math.min(100, Math.max(1, Number(call.query.get("per_page") ?? 30) || 30));
  const after = call.query.get("after");
  const from = after === null ? 0 : entries.findIndex((entry) => String(entry.id) === after) + 1;
  const page = entries.slice(from, from + size);
  const headers: Record<string, string> = {};
  if (from + size < entries.length) {
    const query = new URLSearchParams(call.query);
    query.set("after", String(page.at(-1)?.id));
    const path = `/repos/${call.param("owner")}/${call.param("repo")}/activity`;
    headers.link = `<${call.world.url}/api/v3${path}?${query}>; rel="next"`;
  }
  return { status: 200, body: page.map((entry) => activityJson(call.world, entry)), headers };
}

function peopleRoutes(router: Router): void {
  router.on("GET /repos/:owner/:repo/collaborators/:user/permission", (call) => {
    const repo = call.repo({ app: "metadata:read", user: "write" });
    const user = call.world.user(call.param("user"));
    if (!user || user.type === "Organization") throw refuse(404, `${call.param("user")} is not a user`);
    return ok(permissionJson(call.world, repo, user));
  });
  const collaborators = (world: World, repo: RepoState) =>
    [...world.users.values()].filter(
      (user) =>
        user.type === "User" &&
        (repo.permissions.has(user.login.toLowerCase()) ||
          repo.owner === user.login ||
          world.isMember(repo.owner, user.login)),
    );
  router.on("GET /repos/:owner/:repo/collaborators", (call) => {
    const repo = call.repo({ app: "metadata:read", user: "write" });
    const wanted = call.query.get("permission");
    const role: Record<string, string> = { pull: "read", push: "write" };
    const people = collaborators(call.world, repo).filter(
      (user) => !wanted || atLeast(call.world.role(repo, user), role[wanted] ?? wanted),
    );
    return list(people, (user) => permissionJson(call.world, repo, user).user);
  });
  router.on("GET /repos/:owner/:repo/collaborators/:user", (call) => {
    const repo = call.repo({ app: "metadata:read", user: "write" });
    if (
      !collaborators(call.world, repo).some(
        (user) => user.login.toLowerCase() === call.param("user").toLowerCase(),
      )
    )
      throw notFound();
    return empty();
  });
  router.on("GET /repos/:owner/:repo/assignees", (call) => {
    const repo = call.repo({ app: "issues:read|pull_requests:read" });
    const people = [...call.world.users.values()].filter((user) => assignable(call.world, repo, user.login));
    return list(people, (user) => userJson(call.world, user));
  });
  router.on("GET /repos/:owner/:repo/assignees/:user", (call) => {
    const repo = call.repo({ app: "issues:read|pull_requests:read" });
    if (!assignable(call.world, repo, call.param("user"))) throw notFound();
    return empty();
  });
  router.on("GET /users/:user", (call) => {
    const user = call.world.user(call.param("user"));
    if (!user) throw notFound();
    return ok(profileJson(call.world, user));
  });
}
