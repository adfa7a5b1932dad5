import { createHash } from "node:crypto";
import { join } from "node:path";
import type { Logger } from "pino";
import type { Environment } from "../environment.ts";
import { createFileStore, NO_STORE, type Store } from "../jobs/store.ts";

/** The folder of this command for this app on this GitHub: two commands do not write to the same files. */
export function openState(environment: Environment, command: "serve" | "sweep", log: Logger): Store {
  const { stateFolder, baseUrl, appId } = environment;
  if (stateFolder === null) return NO_STORE;
  const app = createHash("sha256").update(`${baseUrl} ${appId}`).digest("hex").slice(0, 12);
  return createFileStore(join(stateFolder, app, command), log);
}
