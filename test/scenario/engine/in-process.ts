import { setMaxListeners } from "node:events";
import { PerformanceObserver } from "node:perf_hooks";
import { setTimeout as pause } from "node:timers/promises";
import { vi } from "vitest";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";
import type { RunningServer } from "../../../src/server/server.ts";
import { MANIFEST, type ScenarioOptions, serve } from "../support.ts";

/**
 * The app in this process, which can be ended as if by SIGKILL: it says and hears nothing any more, and
 * cleans nothing up.
 */
export interface Running {
  readonly server: RunningServer;
  /** What it has asked GitHub, "METHOD /path", tokens included; of one that is answered later too. */
  readonly asked: readonly string[];
  /**
   * At its n-th request from now: before GitHub hears of it, or after GitHub has done it and before the app
   * hears of that.
   */
  dieAt(n: number, when: "before" | "after"): void;
  isDead(): boolean;
  die(): void;
  /** Deliveries are answered, nothing waits or runs, nothing is being asked. */
  quiet(): Promise<void>;
  /** As at SIGTERM. */
  stop(): Promise<void>;
}

/** A request of the app's, and what sends it on to GitHub, as often as it is called. */
export type Through = (
  ask: { readonly method: string; readonly path: string },
  send: () => Promise<Response>,
) => Promise<Response>;

export interface StartOptions extends ScenarioOptions {
  /** What comes between the app and GitHub. */
  readonly through?: Through;
  /** How long `quiet` waits at most, in milliseconds. */
  readonly quietMs?: number;
  /** Called at its death, before anything else happens. */
  readonly onDeath?: () => void;
}

/** Starts it in front of a sandbox, without the throttle: nothing waits for GitHub's limits. */
export async function startApp(
  sandbox: Sandbox,
  { onDeath, through, quietMs = QUIET_MS, ...options }: StartOptions = {},
): Promise<Running> {
  const asked: string[] = [];
  let inFlight = 0;
  let trap: { readonly at: number; readonly when: "before" | "after" } | null = null;
  let isDead = false;
  const waiting = new Set<(reason: Error) => void>();

  function die(): void {
    if (isDead) return;
    isDead = true;
    for (const end of waiting) end(new Error("killed"));
    sandbox.setWebhookUrl(undefined);
    onDeath?.();
    // Only what holds the port and the timers; what ran hears of it as of a lost connection, and can tell
    // nobody.
    server.close().catch(() => {});
  }

  const mortal: typeof fetch = async (input, init) => {
    if (isDead) throw new Error("killed");
    const url = new URL(input instanceof Request ? input.url : input);
    const path = url.pathname.replace(/^\/api\/v3/, "");
    const method = init?.method ?? "GET";
    asked.push(`${method} ${path}`);
    const mine = asked.length;
    if (trap?.at === mine && trap.when === "before") die();
    if (isDead) throw new Error("killed");
    inFlight += 1;
    const sent =
      through === undefined
        ? fetch(input, init)
        : // Also when the app has long had its answer.
          through({ method, path: `${path}${url.search}` }, () => fetch(input, { ...init, signal: null }));
    const answered = sent.then(whole).finally(() => {
      inFlight -= 1;
    });
    answered.catch(() => {});
    let end: (reason: Error) => void = () => {};
    const death = new Promise<never>((_, reject) => {
      end = reject;
    });
    waiting.add(end);
    const response = await Promise.race([answered, death]).finally(() => waiting.delete(end));
    if (trap?.at === mine) die();
    if (isDead) throw new Error("killed");
    return response;
  };

  // The metrics' observer of the garbage collector holds the app for as long as the process lives; here there
  // are hundreds.
  const observing = vi.spyOn(PerformanceObserver.prototype, "observe").mockReturnValue();
  const server = await serve(sandbox, { throttle: false, ...options, fetch: mortal });
  observing.mockRestore();
  return {
    server,
    asked,
    isDead: () => isDead,
    dieAt(n, when) {
      trap = { at: asked.length + n, when };
    },
    die,
    async quiet() {
      const { tooLate, end } = patience(quietMs);
      setMaxListeners(0, tooLate);
      try {
        for (let seen = -1, same = 0; same < 3; await pause(4)) {
          await sandbox.settle();
          if (!isDead) await within(server.queue.idle(), tooLate, asked);
          same = seen === asked.length && inFlight === 0 ? same + 1 : 0;
          seen = asked.length;
          if (tooLate.aborted) throw new Error("not quiet");
        }
      } finally {
        end();
      }
    },
    async stop() {
      sandbox.setWebhookUrl(undefined);
      if (!isDead) await server.close();
    },
  };
}

/** With its body, which the app would else still be waiting for when nothing seems to be asked. */
async function whole(response: Response): Promise<Response> {
  const body = [204, 205, 304].includes(response.status) ? null : await response.arrayBuffer();
  return Object.defineProperty(new Response(body, response), "url", { value: response.url });
}

/**
 * A job that waits for longer waits for something that does not come; a dead instance's lock on Redis is over
 * after a minute.
 */
const QUIET_MS = 120_000;

/** Over after so long, without the time in which this process was stopped or got no core. */
function patience(ms: number): { readonly tooLate: AbortSignal; end(): void } {
  const controller = new AbortController();
  let left = ms;
  const timer = setInterval(() => {
    left -= TICK_MS;
    if (left <= 0) controller.abort();
  }, TICK_MS);
  return { tooLate: controller.signal, end: () => clearInterval(timer) };
}

const TICK_MS = 250;

async function within(idle: Promise<void>, tooLate: AbortSignal, asked: readonly string[]): Promise<void> {
  const late = new Promise<never>((_, reject) => {
    const give = () => reject(new Error(`not quiet; it asked at last: ${asked.slice(-5).join(", ")}`));
    if (tooLate.aborted) give();
    else tooLate.addEventListener("abort", give, { once: true });
  });
  await Promise.race([idle, late]);
}

/** A sandbox whose clock stands still but where it is moved: what is written twice is written alike. */
export async function startStill(options: Partial<SandboxOptions> = {}) {
  let now = START;
  const sandbox = await startSandbox({
    permissions: MANIFEST.default_permissions,
    events: MANIFEST.default_events,
    clock: () => new Date(now),
    ...options,
  });
  return {
    sandbox,
    later(seconds = 2) {
      now += seconds * 1_000;
    },
  };
}

const START = Math.floor(Date.now() / 1_000) * 1_000;
