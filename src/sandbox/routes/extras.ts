import { createDeployment, deploymentJson, setDeploymentStatus } from "../actions/extras.ts";
import { notFound, refuse } from "../errors.ts";
import { type Call, list, ok, type Result } from "../http/call.ts";
import type { Router } from "../http/router.ts";
import { issueJson } from "../json/issues.ts";
import type { IssueState, RepoState } from "../state.ts";

const base = "/repos/:owner/:repo";

/** Deployments and search. */
export function extraRoutes(router: Router): void {
  router.on("GET /search/issues", search);
  router.on(`GET ${base}/deployments`, (call) => {
    const repo = call.repo({ app: "deployments:read" });
    const { query } = call;
    const found = repo.deployments.filter(
      (one) =>
        (!query.get("sha") || one.sha === query.get("sha")) &&
        (!query.get("ref") || one.ref === query.get("ref")) &&
        (!query.get("environment") || one.environment === query.get("environment")),
    );
    return list(found.reverse(), (one) => deploymentJson(call.world, repo, one));
  });
  router.on(`POST ${base}/deployments`, (call) => {
    const repo = call.repo({ app: "deployments:write", user: "write" });
    const ref = call.string("ref");
    if (!ref)
      throw refuse(422, "Validation Failed", [
        { resource: "Deployment", field: "ref", code: "missing_field" },
      ]);
    const environment = call.string("environment") ?? "production";
    return ok(
      deploymentJson(
        call.world,
        repo,
        createDeployment(call.world, repo, call.actor(), { ref, environment }),
      ),
      201,
    );
  });
  const one = (call: Call, repo: RepoState) => {
    const found = repo.deployments.find(({ id }) => id === call.number("id"));
    if (!found) throw notFound();
    return found;
  };
  router.on(`GET ${base}/deployments/:id`, (call) => {
    const repo = call.repo({ app: "deployments:read" });
    return ok(deploymentJson(call.world, repo, one(call, repo)));
  });
  router.on(`GET ${base}/deployments/:id/statuses`, (call) => {
    const repo = call.repo({ app: "deployments:read" });
    return list([...one(call, repo).statuses].reverse(), (status) => status);
  });
  router.on(`POST ${base}/deployments/:id/statuses`, (call) => {
    const repo = call.repo({ app: "deployments:write", user: "write" });
    return ok(
      setDeploymentStatus(call.world, repo, call.actor(), one(call, repo), call.string("state") ?? ""),
      201,
    );
  });
}

type Test = (repo: RepoState, issue: IssueState) => boolean;

/** `GET /search/issues`, for the qualifiers that apps use. Knows nothing newer than the lag. */
function search(call: Call): Result {
  const { world, query } = call;
  const words = (query.get("q") ?? "").match(/(?:[^\s"]+|"[^"]*")+/g) ?? [];
  const tests: Test[] = [];
  let kind = false;
  for (const word of words) {
    const negative = word.startsWith("-");
    const [key = "", ...rest] = word.replace(/^-/, "").split(":");
    const value = rest.join(":").replace(/^"|"$/g, "");
    if ((key === "is" || key === "type") && /^(issue|pr|pull-request)$/.test(value)) kind = true;
    const test = rest.length > 0 ? qualifier(call, key, value) : text(key);
    tests.push(negative ? (repo, issue) => !test(repo, issue) : test);
  }
  // What an app asks for without saying which of the two it means is refused.
  if (!kind) throw refuse(422, "Query must include 'is:issue' or 'is:pull-request'");
  const before = new Date(Date.parse(world.now()) - world.searchLagMs).toISOString();
  const found = world.repos
    .filter((repo) => sees(call, repo))
    .flatMap((repo) => [...repo.issues.values()].map((issue) => ({ repo, issue })))
    .filter(({ issue }) => !issue.gone && (world.searchLagMs === 0 || issue.updatedAt < before))
    .filter(({ repo, issue }) => tests.every((test) => test(repo, issue)));
  const sort = query.get("sort") === "updated" ? "updatedAt" : "createdAt";
  found.sort((a, b) => a.issue[sort].localeCompare(b.issue[sort]) || a.issue.id - b.issue.id);
  if (query.get("order") !== "asc") found.reverse();
  const limited = found.slice(0, 1000);
  return {
    ...list(limited, ({ repo, issue }) => {
      // GitHub's description has a text here, and not null as elsewhere.
      const { body, ...rest } = issueJson(world, repo, issue);
      return { ...rest, ...(body == null ? {} : { body }), score: 1 };
    }),
    body: (items) => ({
      total_count: found.length,
      incomplete_results: false,
      items,
      search_type: "lexical",
    }),
  };
}

function sees(call: Call, repo: RepoState): boolean {
  try {
    call.need(repo, { app: "issues:read|pull_requests:read" });
    return true;
  } catch {
    return false;
  }
}

function text(word: string): Test {
  const wanted = word.replace(/"/g, "").toLowerCase();
  return (_, issue) => `${issue.title}\n${issue.body ?? ""}`.toLowerCase().includes(wanted);
}

function qualifier(call: Call, key: string, value: string): Test {
  const lower = value.toLowerCase();
  const login = lower.startsWith("app/") ? `${lower.slice(4)}[bot]` : lower;
  const tests: Record<string, Test> = {
    repo: (repo) => `${repo.owner}/${repo.name}`.toLowerCase() === lower,
    org: (repo) => repo.owner.toLowerCase() === lower,
    user: (repo) => repo.owner.toLowerCase() === lower,
    head: (_, issue) => issue.pull?.headRef.toLowerCase().startsWith(lower) ?? false,
    base: (_, issue) => issue.pull?.baseRef.toLowerCase() === lower,
    author: (_, issue) => issue.user?.toLowerCase() === login,
    assignee: (_, issue) => issue.assignees.some((one) => one.toLowerCase() === login),
    label: (repo, issue) =>
      lower
        .split(",")
        .some((name) => issue.labels.includes(repo.labels.get(name.replace(/"/g, ""))?.id ?? -1)),
    state: (_, issue) => issue.state === lower,
    in: () => true,
    sort: () => true,
    archived: (repo) => String(repo.archived) === lower,
    draft: (_, issue) => String(issue.pull?.draft ?? false) === lower,
    created: (_, issue) => date(value, issue.createdAt),
    updated: (_, issue) => date(value, issue.updatedAt),
    closed: (_, issue) => issue.closedAt !== null && date(value, issue.closedAt),
    merged: (_, issue) => issue.pull?.mergedAt != null && date(value, issue.pull.mergedAt),
    sha: (_, issue) => issue.pull?.headSha.startsWith(lower) ?? false,
  };
  const states: Record<string, Test> = {
    issue: (_, issue) => !issue.pull,
    pr: (_, issue) => issue.pull !== null,
    "pull-request": (_, issue) => issue.pull !== null,
    open: (_, issue) => issue.state === "open",
    closed: (_, issue) => issue.state === "closed",
    merged: (_, issue) => issue.pull?.mergedAt != null,
    unmerged: (_, issue) => issue.pull !== null && issue.pull.mergedAt === null,
    draft: (_, issue) => issue.pull?.draft === true,
    locked: (_, issue) => issue.locked,
    public: (repo) => !repo.private,
    private: (repo) => repo.private,
  };
  const test = key === "is" || key === "type" ? states[lower] : tests[key];
  if (!test) throw refuse(422, `sandbox: the search qualifier ${key}:${value} is not modeled`);
  if (key === "repo" && !call.world.find(value))
    throw refuse(422, "Validation Failed", [
      {
        message:
          "The listed users and repositories cannot be searched either because the resources do not exist or you do not have permission to view them.",
        resource: "Search",
        field: "q",
        code: "invalid",
      },
    ]);
  return test;
}

function date(range: string, at: string): boolean {
  const [, sign = "", from = "", to] = /^(>=|<=|>|<)?(.*?)(?:\.\.(.*))?$/.exec(range) ?? [];
  const time = Date.parse(at);
  const low = from === "*" ? Number.NEGATIVE_INFINITY : Date.parse(from);
  if (to !== undefined) return time >= low && (to === "*" || time <= Date.parse(to));
  if (sign === ">=") return time >= low;
  if (sign === ">") return time > low;
  if (sign === "<=") return time <= low;
  if (sign === "<") return time < low;
  return at.startsWith(from);
}
