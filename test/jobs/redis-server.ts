import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Redis } from "ioredis";
import { freePort } from "../../src/demo/free-port.ts";

/** A Redis of the test's own. */
export interface RedisServer {
  readonly url: string;
  readonly client: Redis;
  /** Does not answer, and keeps its connections. */
  freeze(): void;
  thaw(): void;
  kill(): Promise<void>;
  /** Again on the same port, with what it had written down. */
  restart(): Promise<void>;
  stop(): Promise<void>;
}

/** Is there a `redis-server` here? Where not, that is said. */
export const HAS_REDIS = ((): boolean => {
  try {
    execFileSync("redis-server", ["--version"], { stdio: "ignore" });
    return true;
  } catch {
    console.warn(
      "SKIPPED: tests that need Redis, since there is no redis-server here (apt-get install redis-server)",
    );
    return false;
  }
})();

export async function startRedis(): Promise<RedisServer> {
  const port = await freePort();
  const dir = mkdtempSync(join(tmpdir(), "hotfix-guard-redis-"));
  const start = () => {
    const options = ["--port", `${port}`, "--bind", "127.0.0.1", "--dir", dir];
    const child = spawn("redis-server", [...options, "--appendonly", "yes", "--save", ""], {
      stdio: "ignore",
    });
    endWithUs(child);
    return child;
  };
  let server = start();
  const client = new Redis(port, "127.0.0.1", { retryStrategy: () => 50, maxRetriesPerRequest: null });
  client.on("error", () => {});
  await client.ping();
  const ended = () => {
    // Otherwise who waits for it ends before, where nothing else is going on.
    server.ref();
    return new Promise((resolve) =>
      server.exitCode === null && server.signalCode === null ? server.once("exit", resolve) : resolve(null),
    );
  };
  return {
    url: `redis://127.0.0.1:${port}`,
    client,
    freeze: () => void server.kill("SIGSTOP"),
    thaw: () => void server.kill("SIGCONT"),
    async kill() {
      server.kill("SIGKILL");
      await ended();
    },
    async restart() {
      server = start();
      await client.ping();
    },
    async stop() {
      client.disconnect();
      server.kill("SIGKILL");
      await ended();
      rmSync(dir, { recursive: true, force: true });
    },
  };
}

/** However this process ends, a killed one too, its end of a pipe closes then, and the other end sees to it. */
function endWithUs(child: ChildProcess): void {
  const watch = spawn("sh", ["-c", 'cat >/dev/null; kill -9 "$0"', `${child.pid}`], {
    stdio: ["pipe", "ignore", "ignore"],
    // Ctrl-C is for the process that it watches.
    detached: true,
  });
  child.once("exit", () => watch.kill("SIGKILL"));
  for (const handle of [watch, watch.stdin as Socket, child]) handle.unref();
}

/** An address of a Redis that can be cut off, and can become another one's. */
export interface RedisAddress {
  readonly url: string;
  /** Nobody is connected any more, and nobody can be. */
  cut(): void;
  /** All takes so much longer on its way there, and on its way back; said once. */
  slow(ms: number): void;
  /** From now on it is that server's; whoever is connected is cut off. */
  pointTo(redis: Pick<RedisServer, "url">): void;
  close(): void;
}

export async function redisAddress(redis: Pick<RedisServer, "url">): Promise<RedisAddress> {
  let target: number | null = Number(new URL(redis.url).port);
  let slowMs = 0;
  const sockets = new Set<Socket>();
  const cutAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  const server = createServer((socket) => {
    if (target === null) return void socket.destroy();
    const other = connect(target, "127.0.0.1");
    for (const [one, back] of [
      [socket, other],
      [other, socket],
    ] as const) {
      sockets.add(one);
      one.on("data", (data) => {
        if (slowMs === 0) back.write(data);
        else setTimeout(() => back.write(data), slowMs);
      });
      one.on("error", () => {});
      one.on("close", () => {
        sockets.delete(one);
        back.destroy();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `redis://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cut() {
      target = null;
      cutAll();
    },
    slow(ms) {
      slowMs = ms;
    },
    pointTo({ url }) {
      target = Number(new URL(url).port);
      cutAll();
    },
    close() {
      cutAll();
      server.close();
    },
  };
}
