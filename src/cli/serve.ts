import type { Environment } from "../environment.ts";
import { CANNOT } from "./cannot.ts";
import { favorTime } from "./heap.ts";
import { loadSettings } from "./settings.ts";
import { openState } from "./state.ts";

/**
 * `hotfix-guard serve`: runs until it is told to stop (SIGTERM, SIGINT), and lets running jobs end. Returns
 * the exit status: 2 where settings are missing or broken, or the port cannot be had.
 */
export async function serveCommand(): Promise<number> {
  const settings = loadSettings();
  if (settings === null) return CANNOT;
  const { environment, log } = settings;
  // Several instances are there for what is too much for one.
  if (environment.redisUrl !== null) favorTime();
  // Loaded only now: what is to be fixed is said at once.
  const [{ startServer }, { createWorker }] = await Promise.all([
    import("../server/server.ts"),
    import("../app.ts"),
  ]);
  // One job's oversight must not end the others.
  process.on("unhandledRejection", (err) => log.error({ err }, "an error that nobody handled"));
  // Node's own way prints all that the error holds: what was sent to GitHub, or to Redis.
  process.on("uncaughtException", (err) => {
    log.fatal({ err }, "an error that nobody handled ends the process");
    process.exit(1);
  });
  try {
    const store = openState(environment, "serve", log);
    const server = await startServer(environment, { createWorker, log, store });
    log.info(
      `Hotfix Guard listens on ${server.url}, webhooks at ${environment.webhookPath}, GitHub is ${environment.baseUrl}`,
    );
    const signal = await stopSignal();
    log.info(`${signal}: stopping when the running jobs have ended`);
    await server.close();
    return 0;
  } catch (err) {
    const known = failure(err, environment);
    if (known === null) log.fatal({ err }, "Hotfix Guard cannot start.");
    else log.fatal(known);
    return CANNOT;
  }
}

/** What people can do something about; `null`: something else. */
function failure(
  error: unknown,
  { host, ...settings }: Pick<Environment, "host" | "port" | "metricsPort">,
): string | null {
  const { code, port = settings.port } = error as NodeJS.ErrnoException & { readonly port?: number };
  const setting = port === settings.metricsPort ? "HOTFIX_METRICS_PORT" : "PORT";
  if (code === "EADDRINUSE")
    return `Port ${port} is taken: stop what listens there, or set ${setting} to another.`;
  if (code === "EACCES")
    return `Port ${port} may not be used by this user: set ${setting} to one above 1023.`;
  if (code === "EADDRNOTAVAIL" || code === "ENOTFOUND") return `HOST is no address of this machine: ${host}.`;
  return null;
}

/** npm passes on what a terminal has sent to both: a second signal within this time is the same one. */
const SAME_MS = 1_000;

/** The first signal is waited for; a later one ends the process at once, as without us. */
function stopSignal(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    const stop = (signal: NodeJS.Signals) => {
      setTimeout(() => process.off("SIGTERM", stop).off("SIGINT", stop), SAME_MS).unref();
      resolve(signal);
    };
    process.on("SIGTERM", stop).on("SIGINT", stop);
  });
}
