import { setTimeout as pause } from "node:timers/promises";
import { type Sandbox, type SandboxOptions, startSandbox } from "../../../src/sandbox/index.ts";
import type { RunningServer } from "../../../src/server/server.ts";
import { MANIFEST, type ScenarioOptions, serve } from "../support.ts";

/** The app in this process, which can be ended as if by SIGKILL: it says and hears nothing any more, and cleans nothing up. */
export interface Running {
  readonly server: RunningServer;
  /** What it has asked GitHub, "METHOD /path", tokens included; of one that is answered later too. */
  readonly asked: readonly string[];
  /** At its n-th request from now: before GitHub hears of it, or after GitHub has done it and before the app hears of that. */
  dieAt(n: number, when: "before" | "after"): void;
  isDead(): boolean;
  die(): void;
  /** Deliveries are answered, nothing waits or runs, nothing is being asked. */
  quiet(): Promise<void>;
  /** As at SIGTERM. */
  stop(): Promise<void>;
}

export interface StartOptions extends ScenarioOptions {
  /** Called at its death, before anything else happens. */
  readonly onDeath?: () => void;
}

/** Starts it in front of a sandbox, without the throttle: nothing waits for GitHub's limits. */
export async function startApp(
  sandbox: Sandbox,
  { onDeath, ...options }: StartOptions = {},
): Promise<Running> {
  const asked: string[] = [];
  let inFlight = 0;
  let trap: { readonly at: number; readonly when: "before" | "after" } | null = null;
  let isDead = false;
  let kill: (reason: Error) => void = () => {};
  const death = new Promise<never>((_, reject) => {
    kill = reject;
  });
  death.catch(() => {});

  function die(): void {
    if (isDead) return;
    isDead = true;
    kill(new Error("killed"));
    sandbox.setWebhookUrl(undefined);
    onDeath?.();
    // Only what holds the port and the timers; what ran hears of it as of a lost connection, and can tell nobody.
    server.close().catch(() => {});
  }

  const mortal: typeof fetch = async (input, init) => {
    if (isDead) throw new Error("killed");
    const url = new URL(input instanceof Request ? input.url : input);
    asked.push(`${init?.method ?? "GET"} ${url.pathname.replace(/^\/api\/v3/, "")}`);
    const mine = asked.length;
    if (trap?.at === mine && trap.when === "before") die();
    if (isDead) throw new Error("killed");
    inFlight += 1;
    const answered = fetch(input, init).finally(() => {
      inFlight -= 1;
    });
    answered.catch(() => {});
    const response = await Promise.race([answered, death]);
    if (trap?.at === mine) die();
    if (isDead) throw new Error("killed");
    return response;
  };

  const server = await serve(sandbox, { throttle: false, ...options, fetch: mortal });
  return {
    server,
    asked,
    isDead: () => isDead,
    dieAt(n, when) {
      trap = { at: asked.length + n, when };
    },
    die,
    async quiet() {
      for (let seen = -1; seen !== asked.length || inFlight > 0; await pause(2)) {
        seen = asked.length;
        await sandbox.settle();
        if (!isDead) await server.queue.idle();
        await pause(3);
      }
    },
    async stop() {
      sandbox.setWebhookUrl(undefined);
      if (!isDead) await server.close();
    },
  };
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
