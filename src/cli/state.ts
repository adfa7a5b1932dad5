import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Environment } from "../environment.ts";
import { prefixOf } from "../jobs/redis/names.ts";
import { createFileStore, NO_STORE, type Store } from "../jobs/store.ts";

/** What runs of `hotfix-guard sweep` leave to the next one. */
export interface Runs {
  readonly store: Store;
  close(): void;
}

/** In Redis where that is set, which runs on any machine reach; else in the folder. */
export async function openRuns(environment: Environment, log: Logger): Promise<Runs> {
  const { redisUrl, appId } = environment;
  if (redisUrl === null) return { store: openState(environment, "sweep", log), close: () => undefined };
  const [{ connectFast, settled }, { createRedisStore }] = await Promise.all([
    import("../jobs/redis/connection.ts"),
    import("../jobs/redis/store.ts"),
  ]);
  const redis = connectFast(redisUrl, log);
  await settled(redis);
  return { store: createRedisStore(redis, prefixOf(String(appId))), close: () => redis.disconnect() };
}

/**
 * The folder of this command for this app on this GitHub: two commands do not write to the same files. Nor do
 * two servers that share their work by Redis on one machine, whose ports differ; without Redis they have to
 * find each other there.
 */
export function openState(environment: Environment, command: "serve" | "sweep", log: Logger): Store {
  const { stateFolder, baseUrl, appId, redisUrl, port } = environment;
  if (stateFolder === null) return NO_STORE;
  const app = createHash("sha256").update(`${baseUrl} ${appId}`).digest("hex").slice(0, 12);
  const own = command === "serve" && redisUrl !== null ? `${command}-${port}` : command;
  return createFileStore(join(stateFolder, app, own), log);
}
