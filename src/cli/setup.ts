import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { parseEnv } from "node:util";

export interface SetupOptions {
  /** Where GitHub will reach the app: its public address, or a channel of a webhook proxy. */
  readonly url?: string;
}

const WEBHOOK_PATH = "/api/github/webhooks";
/** GitHub takes no address without one that looks public; it is replaced in the settings later. */
const PLACEHOLDER = `https://example.com${WEBHOOK_PATH}`;

/**
 * `hotfix-guard setup`: Probot's manifest flow. A page on this machine sends app.yml to GitHub, which makes the app and
 * sends back its credentials; they are written to .env. Returns the exit status once that is done; runs until then.
 */
export async function setupCommand({ url }: SetupOptions): Promise<number> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const webhookUrl = url === undefined ? PLACEHOLDER : webhookUrlOf(url);
  const problem = obstacle(webhookUrl);
  if (problem !== null || webhookUrl === null) {
    process.stderr.write(`${problem}\n`);
    return 1;
  }
  const [{ run }, { createLog }] = await Promise.all([import("probot"), import("../log.ts")]);
  // Probot reads these from the process: the address for the manifest (set, it asks no proxy of its own on the internet).
  process.env.WEBHOOK_PROXY_URL = webhookUrl;
  process.env.NO_SMEE_SETUP = "true";
  delete process.env.NODE_ENV;
  let done = () => {};
  const saved = new Promise<void>((resolve) => {
    done = resolve;
  });
  const server = await run(() => {}, {
    env: { HOST: process.env.HOST ?? "127.0.0.1", PORT: process.env.PORT ?? "3000", LOG_LEVEL: "warn" },
    log: createLog({ level: "warn", format: "pretty" }),
    updateEnv(variables) {
      const { WEBHOOK_PROXY_URL: _, ...settings } = variables;
      save(settings);
      done();
      return variables;
    },
  });
  say(`Open http://${server.host}:${server.port}/probot in your browser, on this machine.`);
  say("GitHub will show what the app asks for (app.yml), and make it when you agree. Ctrl-C gives up.");
  if (!process.env.GH_ORG) {
    say(
      "It will be your own account's. For an organisation's: Ctrl-C, then the same command after GH_ORG=your-organisation",
    );
  }
  if (url === undefined) {
    say(
      "\nThe app's webhook address will be a placeholder, since --url was not given: set it on GitHub afterwards.",
    );
  }
  await saved;
  say(whatNext(webhookUrl));
  // The browser still has to be sent on.
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  await server.stop();
  return 0;
}

/** The address of webhooks at the app's address; one with a path of its own is a proxy's, and taken as it is. */
function webhookUrlOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  if (url.pathname === "/") url.pathname = process.env.WEBHOOK_PATH ?? WEBHOOK_PATH;
  return url.href;
}

/** Why the set-up cannot begin; `null`: it can. */
function obstacle(webhookUrl: string | null): string | null {
  if (webhookUrl === null) return "--url must be an address that begins with https:// or http://";
  if (!existsSync("app.yml")) return "app.yml is not here: run this in the directory of Hotfix Guard.";
  if (process.env.APP_ID || readFile(".env").APP_ID) {
    return "There is an app already: APP_ID is set. To make another, take APP_ID, PRIVATE_KEY and WEBHOOK_SECRET out of .env and the environment.";
  }
  return null;
}

function readFile(path: string): Record<string, string | undefined> {
  return existsSync(path) ? (parseEnv(readFileSync(path, "utf8")) as Record<string, string | undefined>) : {};
}

/** Adds settings to .env, readable by its owner only. */
function save(settings: Readonly<Record<string, string | undefined>>): void {
  const before = existsSync(".env") ? readFileSync(".env", "utf8").replace(/\n*$/, "\n") : "";
  const lines = Object.entries(settings).map(
    ([name, value = ""]) => `${name}=${value.trim().replaceAll("\n", "\\n")}\n`,
  );
  writeFileSync(".env", `${before.trimStart()}${lines.join("")}`, { mode: 0o600 });
}

function whatNext(webhookUrl: string): string {
  const address =
    webhookUrl === PLACEHOLDER
      ? `Set its webhook address on the app's settings page ("Webhook URL") to where GitHub reaches this app, with the path ${WEBHOOK_PATH}.`
      : `Its webhook address is ${webhookUrl}; it can be changed on the app's settings page.`;
  return `
The app is made; its credentials are in .env (keep that file to yourself).

Next:
  1. Install it: the browser shows the page.
  2. ${address}
  3. npm start
  4. Require the check "hotfix-gate", pinned to the app, in the protection of your production branch.`;
}
