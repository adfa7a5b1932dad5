import { generateKeyPair } from "node:crypto";
import { promisify } from "node:util";
import { addMember, createTeam, deleteUser, setTeamMember } from "./actions/accounts.ts";
import * as administration from "./actions/administration.ts";
import { createRun } from "./actions/checks.ts";
import * as extras from "./actions/extras.ts";
import { LocalGit } from "./actions/local-git.ts";
import { blockers, protect } from "./actions/protection.ts";
import { afterGroupCheck, enqueue } from "./actions/queue.ts";
import * as repositories from "./actions/repositories.ts";
import * as runs from "./actions/runs.ts";
import { makeFolder, removeFolder } from "./folder.ts";
import { mint } from "./http/auth.ts";
import { Router } from "./http/router.ts";
import { ApiServer } from "./http/server.ts";
import { labelJson } from "./json/basic.ts";
import { checkRunJson } from "./json/checks.ts";
import { commentJson, issueJson, timelineJson, visibleEvents } from "./json/issues.ts";
import { pullJson } from "./json/pulls.ts";
import { callApi, PersonActions } from "./person.ts";
import { appRoutes } from "./routes/app.ts";
import { checkRoutes } from "./routes/checks.ts";
import { extraRoutes } from "./routes/extras.ts";
import { gitRoutes } from "./routes/git.ts";
import { graphqlRoutes } from "./routes/graphql.ts";
import { issueRoutes } from "./routes/issues.ts";
import { labelRoutes } from "./routes/labels.ts";
import { organizationRoutes } from "./routes/orgs.ts";
import { pullRoutes } from "./routes/pulls.ts";
import { activityJson, repositoryRoutes } from "./routes/repos.ts";
import { runRoutes } from "./routes/runs.ts";
import type { Actor, JsonObject } from "./state.ts";
import type {
  ActivityJson,
  CheckRunJson,
  CommentJson,
  IssueJson,
  Json,
  Knobs,
  LabelJson,
  PullRequestJson,
  Sandbox,
  SandboxOptions,
} from "./types.ts";
import { World } from "./world.ts";

interface Keys {
  privateKey: string;
  publicKey: string;
}

// Made while modules are still being loaded: a key takes longer than all the rest of a start.
let firstKeys: Promise<Keys> | undefined = makeKeys();
firstKeys.catch(() => undefined);

function makeKeys(): Promise<Keys> {
  return promisify(generateKeyPair)("rsa", {
    modulusLength: 2048,
    // The form of the file that GitHub lets one download.
    privateKeyEncoding: { type: "pkcs1", format: "pem" },
    publicKeyEncoding: { type: "spki", format: "pem" },
  });
}

/** Starts an embedded GitHub: listening, empty, with one app registered in it. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  firstKeys ??= makeKeys();
  const keys = await firstKeys;
  const folder = makeFolder();
  const world = new World(folder, options, keys);
  const router = new Router();
  for (const add of [
    appRoutes,
    repositoryRoutes,
    graphqlRoutes,
    gitRoutes,
    pullRoutes,
    issueRoutes,
    labelRoutes,
    checkRoutes,
    organizationRoutes,
    extraRoutes,
    runRoutes,
  ])
    add(router);
  const server = new ApiServer(world, router);
  const host = options.host ?? "127.0.0.1";
  const port = await server.listen(options.port ?? 0, host).catch((error: unknown) => {
    removeFolder(folder);
    throw error;
  });
  world.url = `http://${host}:${port}`;
  return assemble(world, router, server);
}

function assemble(world: World, router: Router, server: ApiServer): Sandbox {
  const person = (login: string): Actor => ({ user: world.mustUser(login), viaApp: false });
  const seen = (repo: string, number: number) => {
    const where = world.mustRepo(repo);
    return { where, issue: world.mustIssue(where, number) };
  };
  const runOf = (runId: number) => {
    const run = world.runs.find((one) => one.id === runId);
    if (!run) throw new Error(`sandbox: no run ${runId}`);
    return run;
  };
  const { privateKey, id, slug, webhookSecret } = world.app;
  return {
    url: world.url,
    host: world.url.replace("http://", ""),
    app: { id, slug, privateKey, webhookSecret },
    installationId: world.firstInstallation,
    setWebhookUrl: (url) => {
      world.hooks.url = url;
    },

    createUser: (login, { name = null, email = `${login}@example.com`, type = "User" } = {}) => {
      world.addUser(login, { type, name, email });
    },
    deleteUser: (login) => deleteUser(world, login),
    createOrganization: (login) => {
      world.addUser(login, { type: "Organization", name: login, email: null });
      world.members.set(login.toLowerCase(), new Map());
    },
    addOrganizationMember: (org, login, role = "member") => addMember(world, org, login, role, "active"),
    createTeam: (org, team, settings = {}) => createTeam(world, org, team, settings),
    addTeamMember: async (org, team, login, state = "active") =>
      setTeamMember(world, org, team, login, state),
    removeTeamMember: async (org, team, login) => setTeamMember(world, org, team, login, undefined),
    createRepository: (name, settings = {}) =>
      world.mutate(() => repositories.createRepository(world, name, settings)),
    setRepository: (name, settings) => repositories.configure(world.mustRepo(name), settings),
    setPermission: (repo, login, role) => repositories.setPermission(world, repo, login, role),
    createFork: (repo, login) => world.mutate(() => repositories.createFork(world, repo, login)),
    deleteRepository: (name) => world.mutate(() => repositories.deleteRepository(world, name)),
    protect: (repo, branch, protection) => {
      protect(world, world.mustRepo(repo), branch, protection);
    },
    person: (login) => world.person(login),
    git: (repo) => new LocalGit(world, world.mustRepo(repo)),
    as: (login) => new PersonActions(world, router, login),
    asApp: () => ({
      request: (method, path, body) => {
        const token = mint(world, world.firstInstallation, undefined, null);
        return callApi(world, router, { kind: "installation", token }, method, path, body);
      },
    }),
    otherAppCheckRun: (repo, body) =>
      world.mutate(async () => {
        const where = world.mustRepo(repo);
        const actor = { user: world.user(where.owner), viaApp: false };
        const run = await createRun(world, where, actor, body as JsonObject, 15_368);
        await afterGroupCheck(world, where, run.headSha);
        return checkRunJson(world, where, run) as unknown as CheckRunJson;
      }),

    transferIssue: (repo, number, login, to) =>
      world.mutate(() =>
        extras.transferIssue(world, world.mustRepo(repo), number, person(login), world.mustRepo(to)),
      ),
    deleteIssue: (repo, number, login) =>
      world.mutate(() => extras.deleteIssue(world, world.mustRepo(repo), number, person(login))),
    lockIssue: (repo, number, login, locked = true) =>
      world.mutate(() => extras.lockIssue(world, world.mustRepo(repo), number, person(login), locked)),
    convertToDiscussion: (repo, number, login) =>
      world.mutate(() =>
        administration.convertToDiscussion(world, world.mustRepo(repo), number, person(login)),
      ),
    archive: (repo, login, archived = true) =>
      world.mutate(() => administration.archive(world, world.mustRepo(repo), person(login), archived)),
    renameRepository: (repo, login, name) =>
      world.mutate(() => administration.renameRepository(world, world.mustRepo(repo), person(login), name)),
    renameBranch: (repo, login, from, to) =>
      world.mutate(() => administration.renameBranch(world, world.mustRepo(repo), person(login), from, to)),
    uninstall: (account) => world.mutate(() => administration.uninstall(world, account)),
    install: (account) => world.mutate(() => administration.install(world, account)),
    enqueue: (repo, numbers, login, { method } = {}) =>
      world.mutate(() => enqueue(world, world.mustRepo(repo), person(login), numbers, method)),
    createDeployment: (repo, login, deployment) =>
      world.mutate(() => extras.createDeployment(world, world.mustRepo(repo), person(login), deployment).id),
    setDeploymentStatus: (repo, login, deployment, state) =>
      world.mutate(() => {
        const where = world.mustRepo(repo);
        const found = where.deployments.find((one) => one.id === deployment);
        if (!found) throw new Error(`sandbox: no deployment ${deployment}`);
        extras.setDeploymentStatus(world, where, person(login), found, state);
      }),
    requestDeployment: (repo, login, request) =>
      world.mutate(() => runs.requestDeployment(world, world.mustRepo(repo), person(login), request)),
    rerunDeployment: (runId, login) => world.mutate(() => runs.rerun(world, runOf(runId), person(login))),
    nextDeploymentJob: (runId, login) => world.mutate(() => runs.nextJob(world, runOf(runId), person(login))),
    finishJobs: (runId) => {
      runOf(runId).busy = false;
    },
    cancelRun: (runId) => {
      runOf(runId).cancelled = true;
    },
    deploymentReview: (runId, environment) => {
      const { gates, reviews } = runOf(runId);
      const gate = gates.find((one) => environment === undefined || one.environment === environment);
      if (!gate) throw new Error(`sandbox: run ${runId} does not wait at ${environment}`);
      const said = reviews.filter((one) => one.environment === gate.environment);
      return {
        state: gate.state,
        comment: said.at(-1)?.comment ?? null,
        comments: said.map(({ comment }) => comment),
      };
    },

    knobs: knobs(world, server),
    requests: server.requests,
    get onExchange() {
      return server.onExchange;
    },
    set onExchange(listener) {
      server.onExchange = listener;
    },
    resetRequests: () => {
      server.requests.length = 0;
    },
    unknownRoutes: server.unknownRoutes,
    deliveries: world.hooks.log,
    redeliver: (guid) => world.hooks.redeliver(guid),
    deliver: async (event, payload) => {
      world.hooks.send(event, world.firstInstallation, payload);
      await world.hooks.settle();
    },
    settle: () => world.hooks.settle(),

    pullRequest: async (repo, number) => {
      const { where, issue } = seen(repo, number);
      return (await pullJson(world, where, issue)) as unknown as PullRequestJson;
    },
    mergeBlockers: (repo, number) => {
      const { where, issue } = seen(repo, number);
      const { pull } = issue;
      return pull ? blockers(world, where, pull.baseRef, pull.headSha, issue) : [];
    },
    issue: async (repo, number) => {
      const { where, issue } = seen(repo, number);
      return issueJson(world, where, issue) as unknown as IssueJson;
    },
    issues: async (repo) => {
      const where = world.mustRepo(repo);
      const all = [...where.issues.values()].filter((issue) => !issue.pull && !issue.gone);
      return all.map((issue) => issueJson(world, where, issue) as unknown as IssueJson);
    },
    comments: async (repo, number) => {
      const { where, issue } = seen(repo, number);
      return issue.comments.map((one) => commentJson(world, where, issue, one) as unknown as CommentJson);
    },
    checkRuns: async (repo, sha) => {
      const where = world.mustRepo(repo);
      return where.runs
        .filter((run) => run.headSha === sha)
        .map((run) => checkRunJson(world, where, run) as unknown as CheckRunJson);
    },
    labels: (repo) => {
      const where = world.mustRepo(repo);
      return [...where.labels.values()].map(
        (label) => labelJson(world, where, label) as unknown as LabelJson,
      );
    },
    labelsOf: (repo, number) => {
      const { where, issue } = seen(repo, number);
      const all = [...where.labels.values()];
      return issue.labels.flatMap((label) => all.find((one) => one.id === label)?.name ?? []);
    },
    timeline: async (repo, number) => {
      const { where, issue } = seen(repo, number);
      return visibleEvents(where, issue).map((event) => timelineJson(world, where, issue, event)) as Record<
        string,
        Json
      >[];
    },
    activity: (repo, branch) =>
      world
        .mustRepo(repo)
        .activity.filter((one) => branch === undefined || one.ref === `refs/heads/${branch}`)
        .reverse()
        .map((one) => activityJson(world, one) as unknown as ActivityJson),
    close: async () => {
      world.hooks.close();
      await server.close();
      removeFolder(world.folder);
    },
  };
}

function knobs(world: World, server: ApiServer): Knobs {
  return {
    get latencyMs() {
      return server.latencyMs;
    },
    set latencyMs(ms) {
      server.latencyMs = ms;
    },
    get requestsLeft() {
      return server.requestsLeft;
    },
    set requestsLeft(left) {
      server.requestsLeft = left;
    },
    fail: server.fail,
    staleReads: (ms) => world.setStale(ms),
    get searchLagMs() {
      return world.searchLagMs;
    },
    set searchLagMs(ms) {
      world.searchLagMs = ms;
    },
    get deliveries() {
      return world.hooks.faults;
    },
    set deliveries(faults) {
      world.hooks.faults = faults;
    },
  };
}
