import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join, resolve } from "node:path";
import { distance } from "fastest-levenshtein";
import {
  readBaseUrl,
  readDocsUrl,
  readMetricsPort,
  readPort,
  readRedisUrl,
  readSlackUrl,
  readWebhookPath,
} from "./environment/addresses.ts";
import type { Context, Variables } from "./environment/context.ts";
import { readPrivateKey } from "./environment/private-key.ts";

const LOG_LEVELS = ["trace", "debug", "info", "warn", "error", "fatal", "silent"] as const;

/** How much is logged, from everything to nothing: a value of `LOG_LEVEL`. */
export type LogLevel = (typeof LOG_LEVELS)[number];

/** The settings of the process, checked. Holds secrets: never log it. */
export interface Environment {
  readonly appId: number;
  /** PKCS#8 PEM. */
  readonly privateKey: string;
  readonly webhookSecret: string;
  /** GitHub's API, without a slash at the end. */
  readonly baseUrl: string;
  readonly host: string;
  readonly port: number;
  readonly webhookPath: string;
  readonly logLevel: LogLevel;
  readonly logFormat: "json" | "pretty";
  /** Milliseconds between sweeps; `null`: only at start-up. */
  readonly sweepIntervalMs: number | null;
  /** Where alerts and updates are posted, a secret; `null`: nowhere. */
  readonly slackWebhookUrl: string | null;
  /**
   * Where the files of docs/ are to be read, without a slash at the end; `null`: the project's own, at this
   * version.
   */
  readonly docsUrl: string | null;
  /** Where jobs are kept for any number of instances, a secret; `null`: in memory, for one instance. */
  readonly redisUrl: string | null;
  /** Where metrics are shown instead of the port of webhooks; `null`: there. */
  readonly metricsPort: number | null;
  /** Whoever asks for metrics has to say it, a secret; `null`: nobody has to. */
  readonly metricsToken: string | null;
  /** A folder for what saves requests and for messages that wait; `null`: nothing outlives the process. */
  readonly stateFolder: string | null;
}

/** A setting that is missing or invalid. Holds no value of a secret. */
export interface EnvironmentProblem {
  readonly variable: string;
  readonly what: string;
  /** How to fix it. */
  readonly fix: string;
}

/** The settings made of environment variables, or all problems of them, never both. */
export type EnvironmentReading =
  | { readonly ok: true; readonly environment: Environment; readonly warnings: readonly string[] }
  | { readonly ok: false; readonly problems: readonly EnvironmentProblem[] };

/** Our own settings; everything else that begins with `HOTFIX_` is probably misspelt. */
const OWN_VARIABLES: readonly string[] = [
  "HOTFIX_DOCS_URL",
  "HOTFIX_METRICS_PORT",
  "HOTFIX_METRICS_TOKEN",
  "HOTFIX_SLACK_WEBHOOK_URL",
  "HOTFIX_SWEEP_INTERVAL",
  "HOTFIX_STATE_DIR",
];

/** What Probot takes where no secret is set: everybody knows it. */
const KNOWN_SECRET = "development";

const SHORT_SECRET = 16;

/** Reads all settings, and names all problems at once. Reads a file only where `PRIVATE_KEY_PATH` is set. */
export function readEnvironment(
  variables: Variables,
  readFile = (path: string) => readFileSync(path, "utf8"),
): EnvironmentReading {
  const problems: EnvironmentProblem[] = [];
  const warnings: string[] = [];
  const get = (name: string) => variables[name]?.trim() || undefined;
  const broken = (variable: string, what: string, fix: string) => {
    problems.push({ variable, what, fix });
    return undefined;
  };
  const context: Context = { get, broken, warn: (message) => warnings.push(message) };
  const format = get("LOG_FORMAT") ?? (get("NODE_ENV") === "production" ? "json" : "pretty");
  const environment = {
    appId: readAppId(context),
    privateKey: readPrivateKey(context, readFile),
    webhookSecret: readSecret(context),
    baseUrl: readBaseUrl(context),
    // On all systems `localhost` is this address; on some it is `::1` as well, where nobody expects us only.
    host: get("HOST")?.replace(/^localhost$/i, "127.0.0.1") ?? "127.0.0.1",
    port: readPort(context),
    webhookPath: readWebhookPath(context),
    logLevel: oneOf(context, "LOG_LEVEL", LOG_LEVELS, get("LOG_LEVEL")?.toLowerCase() ?? "info"),
    logFormat: oneOf(context, "LOG_FORMAT", ["json", "pretty"] as const, format),
    sweepIntervalMs: readSweepInterval(context),
    slackWebhookUrl: readSlackUrl(context),
    docsUrl: readDocsUrl(context),
    redisUrl: readRedisUrl(context),
    metricsPort: readMetricsPort(context),
    metricsToken: get("HOTFIX_METRICS_TOKEN") ?? null,
    stateFolder: readStateFolder(context),
  };
  warnOfUnused(variables, context);
  return problems.length > 0
    ? { ok: false, problems }
    : { ok: true, environment: environment as Environment, warnings };
}

function readAppId({ get, broken }: Context): number | undefined {
  const value = get("APP_ID");
  const where = `Set it to the number that GitHub shows as "App ID" on the settings page of your app.`;
  if (value === undefined) return broken("APP_ID", "is missing", where);
  const id = /^\d{1,15}$/.test(value) ? Number(value) : 0;
  return id > 0 ? id : broken("APP_ID", "is not a number", where);
}

function readSecret({ get, broken, warn }: Context): string | undefined {
  const secret = get("WEBHOOK_SECRET");
  const fix =
    'Choose a long random one (`openssl rand -hex 32`) and set it here and as "Webhook secret" on the settings page of your app.';
  if (secret === undefined) {
    return broken("WEBHOOK_SECRET", "is missing; without it anyone could send events", fix);
  }
  if (secret === KNOWN_SECRET) {
    if (get("NODE_ENV") === "production") {
      return broken("WEBHOOK_SECRET", `is "${KNOWN_SECRET}", which everybody knows`, fix);
    }
    warn(`WEBHOOK_SECRET is "${KNOWN_SECRET}", which everybody knows. ${fix}`);
  } else if (secret.length < SHORT_SECRET) {
    warn(`WEBHOOK_SECRET is shorter than ${SHORT_SECRET} characters. ${fix}`);
  }
  return secret;
}

const UNITS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 };

const SWEEP_DEFAULT = "1m";

function readSweepInterval({ get, broken }: Context): number | null | undefined {
  const value = get("HOTFIX_SWEEP_INTERVAL") ?? SWEEP_DEFAULT;
  if (value === "off") return null;
  const [, number, unit = ""] = /^(\d{1,5})([smhd])$/.exec(value) ?? [];
  const ms = Number(number) * (UNITS[unit] ?? Number.NaN);
  // Timers cannot wait longer than 2^31 ms.
  if (ms >= 10_000 && ms < 2 ** 31) return ms;
  const fix = `Set it to a duration like 1m, 10s at least and 24d at most, or "off"; left out it is ${SWEEP_DEFAULT}.`;
  return broken("HOTFIX_SWEEP_INTERVAL", "is not a duration that can be used", fix);
}

/** systemd names the folder of a unit itself (`StateDirectory=`); else it is where such things go (XDG). */
function readStateFolder({ get }: Context): string | null {
  const value = get("HOTFIX_STATE_DIR") ?? get("STATE_DIRECTORY");
  if (value === "off") return null;
  if (value !== undefined) return resolve(value);
  return join(get("XDG_STATE_HOME") ?? join(homedir(), ".local", "state"), "hotfix-guard");
}

function oneOf<T extends string>(
  { broken }: Context,
  name: string,
  values: readonly T[],
  value: string,
): T | undefined {
  const found = values.find((one) => one === value);
  return found ?? broken(name, `is none of ${values.join(", ")}`, "Leave it out for the default.");
}

function warnOfUnused(variables: Variables, { get, warn }: Context): void {
  if (get("WEBHOOK_PROXY_URL") !== undefined) {
    warn("WEBHOOK_PROXY_URL is not used: start the proxy beside the app (`npx smee-client`).");
  }
  for (const name of Object.keys(variables)) {
    if (!name.startsWith("HOTFIX_") || OWN_VARIABLES.includes(name)) continue;
    const near = OWN_VARIABLES.find((one) => distance(one, name.slice(0, 64)) <= 4);
    warn(`${name} is not a setting${near === undefined ? "" : `; did you mean ${near}?`}`);
  }
}

/** What to print where the settings cannot be used: one problem in one line, several each with its own. */
export function describeProblems(
  problems: readonly EnvironmentProblem[],
  envFile: "read" | "absent",
): string {
  const [first, ...others] = problems;
  if (first !== undefined && others.length === 0)
    return `Hotfix Guard cannot start: ${first.variable} ${first.what}. ${first.fix}\n`;
  return [
    `Hotfix Guard cannot start: ${problems.length} settings are missing or invalid.`,
    ...problems.map(({ variable, what, fix }) => `\n  ${variable} ${what}.\n    ${fix}`),
    "",
    envFile === "read"
      ? "Settings are environment variables; those in the file .env were read too."
      : "Settings are environment variables; a file .env in the current directory is read too (there is none).",
    "No app yet? `npm run setup` creates one on GitHub and writes .env.",
    "",
  ].join("\n");
}
