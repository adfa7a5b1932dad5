import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import { type ExpectStatic, it } from "vitest";
import { parse } from "yaml";
import { createWorker } from "../../src/app.ts";
import {
  DEPLOYMENT_MESSAGE,
  JANE,
  JOHN,
  REPO,
  RITA,
  STRIPE,
  STRIPE_FIXED,
  setUpKamiyo,
  UNRELATED,
} from "../../src/demo/kamiyo.ts";
import { type Gate, gateOf, until as watch } from "../../src/demo/watch.ts";
import { readEnvironment } from "../../src/environment.ts";
import { Octokit, octokitClass } from "../../src/github/api/octokit.ts";
import { createLog } from "../../src/log.ts";
import type { RetryTimes } from "../../src/reconcile/retry.ts";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../src/sandbox/index.ts";
import { type RunningServer, startServer } from "../../src/server/server.ts";

export {
  DEPLOYMENT_MESSAGE,
  JANE,
  JOHN,
  REPO,
  RITA,
  STRIPE,
  STRIPE_FIXED,
  UNRELATED,
} from "../../src/demo/kamiyo.ts";
export { gateOf };
export const BRANCH = "hotfix/stripe-webhook-verification";
export const EM = "approved:engineering-manager";

export const MANIFEST = parse(readFileSync(new URL("../../app.yml", import.meta.url), "utf8")) as {
  default_permissions: Record<string, "read" | "write">;
  default_events: string[];
};

/** How long a machine with other work to do may take. */
const WAIT_MS = 60_000;

/** Waits until `look` finds what it looks for; rejects after a minute, saying what did not come. */
export function until<T>(what: string, look: () => Promise<T | null>): Promise<T> {
  return watch(what, look, WAIT_MS);
}

/**
 * A scenario of its own, beside the others of the file. Asking for a route that GitHub does not have fails
 * it.
 */
export function scenario(
  name: string,
  options: ScenarioOptions,
  body: (scenario: Scenario, expect: ExpectStatic) => Promise<void>,
): void {
  it.concurrent(name, { timeout: 3 * WAIT_MS }, async ({ expect }) => {
    const running = await startScenario(options);
    try {
      await body(running, expect);
      expect(running.sandbox.unknownRoutes).toEqual([]);
    } finally {
      await running.close();
    }
  });
}

export interface ScenarioOptions extends Partial<SandboxOptions> {
  readonly config?: string | null;
  readonly logLevel?: string;
  /** Others than the real ones: faults that stay are given up sooner. */
  readonly retryTimes?: RetryTimes;
  /** GitHub is waited for so long instead of 10 s. */
  readonly timeoutMs?: number;
  /** Default true. Without the throttle nothing waits: for tables of faults, never for what people see. */
  readonly throttle?: boolean;
  /** More settings of the process. */
  readonly env?: Readonly<Record<string, string>>;
  /** Instead of the global one: sees and stops what the app asks GitHub. */
  readonly fetch?: typeof fetch;
}

/** Kamiyo on the embedded GitHub, and the real server with real signatures in front of it. */
export interface Scenario {
  readonly sandbox: Sandbox;
  /** Waits until deliveries are answered and the queue is empty, retries included. */
  idle(): Promise<void>;
  /** The latest gate on the pull request's head, once all is quiet. */
  gate(number: number): Promise<Gate | null>;
  /** Waits for this gate; rejects after a minute, saying which one is there. */
  expectGate(number: number, conclusion: string | null, title?: RegExp): Promise<Gate>;
  /** GitHub's clock goes on by so many seconds (default 2): what comes now is strictly newer. */
  later(seconds?: number): void;
  /** The sweep, which else only runs at start-up, and what it sets off. */
  sweep(): Promise<void>;
  /** John's commit on a new branch from main, pushed; returns its SHA. */
  pushHotfix(more?: Partial<Hotfix>): Promise<string>;
  openHotfix(more?: Partial<Hotfix>): Promise<number>;
  /** Where the server listens now. */
  readonly url: string;
  restartServer(): Promise<void>;
  stopServer(): Promise<void>;
  close(): Promise<void>;
}

export interface Hotfix {
  readonly branch: string;
  readonly message: string;
  readonly files: Record<string, string | Buffer | null>;
  readonly title: string;
  readonly body: string | null;
  readonly base: string;
  readonly login: string;
  readonly force: boolean;
}

const DEFAULTS: Hotfix = {
  branch: BRANCH,
  message: DEPLOYMENT_MESSAGE,
  files: { [STRIPE]: STRIPE_FIXED },
  title: "HOTFIX: Fix Stripe webhook signature verification",
  body: "- [x] Tested locally and on staging",
  base: "main",
  login: JOHN,
  force: false,
};

export async function startScenario(options: ScenarioOptions = {}): Promise<Scenario> {
  const { config, logLevel, retryTimes, timeoutMs, throttle, env, ...rest } = options;
  let aheadMs = 0;
  const sandbox = await startSandbox({
    permissions: MANIFEST.default_permissions,
    events: MANIFEST.default_events,
    clock: () => new Date(Date.now() + aheadMs),
    ...rest,
  });
  await setUpKamiyo(sandbox, config);
  const start = () => serve(sandbox, options);
  let server = await start();

  const idle = async (): Promise<void> => {
    for (let quiet = 0; quiet < 2; quiet++) {
      await sandbox.settle();
      await server.queue.idle();
      await pause(10);
    }
  };
  const pushHotfix = async (more: Partial<Hotfix> = {}): Promise<string> => {
    const { branch, message, files, login, force } = { ...DEFAULTS, ...more };
    const git = sandbox.git(REPO);
    const author = sandbox.person(login);
    const parents = [git.head("main") as string];
    const sha = await git.commit(branch, { message, files, author, committer: author, parents });
    return git.push(login, branch, sha, { force: force || git.head(branch) !== undefined });
  };
  const scenario: Scenario = {
    sandbox,
    get url() {
      return server.url;
    },
    idle,
    pushHotfix,
    async gate(number) {
      await idle();
      return gateOf(sandbox, REPO, number);
    },
    async expectGate(number, conclusion, title) {
      let last: Gate | null = null;
      const look = async () => {
        last = await gateOf(sandbox, REPO, number);
        return last?.conclusion === conclusion && (title?.test(last.title) ?? true) ? last : null;
      };
      return until(`hotfix-gate ${conclusion} ${title ?? ""} on #${number}`, look).catch((error) => {
        throw new Error(
          `${error.message}\nthere is: ${last && `${last.conclusion} ${last.title}\n${last.summary}`}`,
        );
      });
    },
    later(seconds = 2) {
      aheadMs += seconds * 1_000;
    },
    async sweep() {
      await server.sweep();
      await idle();
    },
    async openHotfix(more = {}) {
      const { branch, title, body, base, login } = { ...DEFAULTS, ...more };
      await pushHotfix(more);
      return (await sandbox.as(login).openPullRequest(REPO, { head: branch, base, title, body })).number;
    },
    async restartServer() {
      await scenario.stopServer();
      server = await start();
    },
    async stopServer() {
      sandbox.setWebhookUrl(undefined);
      await server.close();
    },
    async close() {
      await server.close();
      await sandbox.close();
    },
  };
  return scenario;
}

/** What is no hotfix by any sign. */
export const ORDINARY = {
  branch: "feature/monthly-report",
  message: "Sort the report by day",
  files: { "src/reports/monthly.py": UNRELATED["src/reports/monthly.py"] },
  title: "Sort the report by day",
} satisfies Partial<Hotfix>;

export function openOrdinary(s: Scenario, more: Partial<Hotfix> = {}): Promise<number> {
  return s.openHotfix({ ...ORDINARY, ...more });
}

/**
 * Waits for the gate, has the manager approve it in a review, which is approval and review in one, and waits
 * for the green.
 */
export async function toGreen(s: Scenario, number: number): Promise<void> {
  await s.expectGate(number, "action_required");
  s.later();
  await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
  await s.expectGate(number, "success");
}

/** Somebody changes the file on the default branch, past all protection. */
export async function configure({ sandbox }: Scenario, text: string | Buffer): Promise<void> {
  sandbox.protect(REPO, "main", null);
  const git = sandbox.git(REPO);
  await git.commit("main", { message: "Configure", files: { ".github/hotfix.yml": text } });
  await git.push(RITA, "main");
}

/** What the app wrote since `resetRequests`, as "METHOD /path". */
export function writes({ sandbox }: Scenario): readonly string[] {
  return sandbox.requests
    .filter(
      ({ method, path }) =>
        method !== "GET" && !path.endsWith("/access_tokens") && !path.endsWith("/graphql"),
    )
    .map(({ method, path }) => `${method} ${path}`);
}

/** The app's server in front of a sandbox that somebody else sets up. */
export async function serve(
  sandbox: Sandbox,
  {
    logLevel = process.env.LOG ?? "silent",
    retryTimes,
    timeoutMs,
    throttle = true,
    env,
    ...rest
  }: ScenarioOptions,
): Promise<RunningServer> {
  const reading = readEnvironment({
    APP_ID: String(sandbox.app.id),
    PRIVATE_KEY: sandbox.app.privateKey,
    WEBHOOK_SECRET: sandbox.app.webhookSecret,
    GHE_HOST: sandbox.host,
    GHE_PROTOCOL: "http",
    HOST: "127.0.0.1",
    PORT: "0",
    LOG_LEVEL: logLevel,
    HOTFIX_SWEEP_INTERVAL: "off",
    HOTFIX_STATE_DIR: "off",
    ...env,
  });
  if (!reading.ok) throw new Error(JSON.stringify(reading.problems));
  const { environment } = reading;
  const log = createLog({ level: environment.logLevel, format: "pretty" });
  const server = await startServer(environment, {
    createWorker: (context) => createWorker(context, retryTimes),
    log,
    octokit: octokitOf(timeoutMs, throttle, rest.fetch),
  });
  sandbox.setWebhookUrl(`${server.url}${environment.webhookPath}`);
  return server;
}

function octokitOf(
  timeoutMs: number | undefined,
  throttle: boolean,
  instead: typeof fetch | undefined,
): typeof Octokit {
  const bounded = timeoutMs === undefined ? Octokit : octokitClass({ timeoutMs });
  if (throttle && instead === undefined) return bounded;
  return (throttle ? bounded : bounded.plugin(atItsTurn)).defaults(
    (options: { readonly request?: object }) => ({
      ...options,
      ...(throttle ? {} : { throttle: { enabled: false } }),
      ...(instead === undefined ? {} : { request: { ...options.request, fetch: instead } }),
    }),
  ) as typeof Octokit;
}

/** What the lanes do besides waiting (`github/api/lanes.ts`), where there are none. */
function atItsTurn(octokit: Pick<InstanceType<typeof Octokit>, "hook">): void {
  octokit.hook.before("request", async ({ method, request }) => {
    const { isMine, before } = (request ?? {}) as {
      isMine?: () => Promise<boolean>;
      before?: () => Promise<void>;
    };
    if (method !== "GET" && (await isMine?.()) === false) throw new Error("another instance has the job");
    await before?.();
  });
}
