import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { z } from "zod";
import { packageRoot } from "../package.ts";
import { CANNOT } from "./cannot.ts";
import { readEnvFile, writeEnvFile } from "./env-file.ts";
import type { DonePage } from "./setup-page.ts";
import { startSetupServer } from "./setup-server.ts";

/** The options of `hotfix-guard setup`, as commander gives them. */
export interface SetupOptions {
  /** Where GitHub will reach the app: its public address, or a channel of a webhook proxy. */
  readonly url?: string;
  /** The organization that will own the app; without it, the person's own account. */
  readonly org?: string;
}

const WEBHOOK_PATH = "/api/github/webhooks";
/** GitHub takes no address without one that looks public; it is replaced in the settings later. */
const PLACEHOLDER = `https://example.com${WEBHOOK_PATH}`;
const ENV_FILE = ".env";
const TIMEOUT_MS = 20_000;

/** Where people and programs reach GitHub. */
interface GitHub {
  readonly web: string;
  readonly api: string;
}

/**
 * `hotfix-guard setup`: GitHub's manifest flow. A page on this machine sends app.yml to GitHub, which creates
 * the app and comes back with a code; for that it gives the credentials, which are written to .env. Returns
 * the exit status once that is done; runs until then.
 */
export async function setupCommand({ url, org = process.env.GH_ORG }: SetupOptions): Promise<number> {
  const say = (text: string) => process.stdout.write(`${text}\n`);
  const webhookUrl = url === undefined ? PLACEHOLDER : webhookUrlOf(url);
  const organization = org === undefined || org === "" ? null : org;
  const problem = obstacle(webhookUrl, organization);
  const github = gitHubOf(process.env);
  if (problem !== null || webhookUrl === null || github === null) {
    process.stderr.write(
      `${problem ?? "GHE_HOST is not a host name (no protocol and no path belong in it)"}\n`,
    );
    return CANNOT;
  }
  const port = Number(process.env.PORT ?? "3000");
  const server = await startSetupServer({
    port,
    github: github.web,
    organization,
    webhookUrl,
    manifest: parse(readFileSync(join(packageRoot(), "app.yml"), "utf8")) as object,
    create: async (code) => {
      const app = await convert(github, code);
      keep(app);
      return pageOf(app, github, webhookUrl);
    },
  }).catch((error: NodeJS.ErrnoException) => {
    process.stderr.write(
      error.code === "EADDRINUSE"
        ? `Port ${port} is taken. Choose another one: PORT=3001 npm run setup\n`
        : `The setup page cannot be served: ${error.message}\n`,
    );
    return null;
  });
  if (server === null) return CANNOT;
  say(`Open ${server.url} in your browser, on this machine.`);
  say("GitHub will show what the app asks for (app.yml), and create it when you agree. Ctrl-C gives up.");
  if (organization === null)
    say("It will belong to your own account. For an organization: Ctrl-C, then add --org your-organization");
  if (url === undefined) {
    say(
      "\nThe app's webhook address will be a placeholder, since --url was not given: set it on GitHub afterwards.",
    );
  }
  await server.done;
  say(whatNext(webhookUrl));
  return 0;
}

/**
 * The address of webhooks at the app's address; one with a path of its own is a proxy's, and taken as it is.
 */
function webhookUrlOf(text: string): string | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  if (url.protocol !== "https:" && url.protocol !== "http:") return null;
  if (url.pathname === "/") url.pathname = process.env.WEBHOOK_PATH ?? WEBHOOK_PATH;
  return url.href;
}

function gitHubOf({ GHE_HOST: host, GHE_PROTOCOL: protocol = "https" }: NodeJS.ProcessEnv): GitHub | null {
  if (host === undefined || host === "") return { web: "https://github.com", api: "https://api.github.com" };
  const web = `${protocol}://${host}`;
  if (!/^https?:\/\/[\w.:[\]-]+$/i.test(web) || !URL.canParse(web)) return null;
  return { web, api: `${web}/api/v3` };
}

/** Why the set-up cannot begin; `null`: it can. */
function obstacle(webhookUrl: string | null, organization: string | null): string | null {
  if (webhookUrl === null) return "--url must be an address that begins with https:// or http://";
  if (organization !== null && !/^[A-Za-z0-9](?:[A-Za-z0-9-_]{0,99})$/.test(organization))
    return "--org must be the organization's name as its address shows it, such as acme";
  if (process.env.APP_ID || readEnvFile(ENV_FILE).APP_ID) {
    return "There already is an app: APP_ID is set. To create another, remove APP_ID, PRIVATE_KEY and WEBHOOK_SECRET from .env and the environment.";
  }
  return null;
}

/** What GitHub answers for the code. */
const CREATED = z.object({
  id: z.int().positive(),
  name: z.string().catch("The app"),
  pem: z.string().startsWith("-----BEGIN "),
  webhook_secret: z.string().min(1),
  html_url: z.string().catch(""),
});
type CreatedApp = z.infer<typeof CREATED>;

async function convert({ api }: GitHub, code: string): Promise<CreatedApp> {
  const again = "Create it again; one that was created meanwhile can be deleted on GitHub.";
  const response = await fetch(`${api}/app-manifests/${encodeURIComponent(code)}/conversions`, {
    method: "POST",
    headers: { accept: "application/vnd.github+json", "x-github-api-version": "2022-11-28" },
    redirect: "error",
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error: unknown) => {
    throw new Error(
      `GitHub could not be reached (${error instanceof Error ? error.message : error}). ${again}`,
    );
  });
  if (!response.ok)
    throw new Error(`GitHub answered ${response.status} instead of the credentials. ${again}`);
  const app = CREATED.safeParse(await response.json().catch(() => null));
  if (!app.success) throw new Error(`GitHub's answer lacks the credentials. ${again}`);
  return app.data;
}

/** An Enterprise server's name belongs to the credentials: they are good nowhere else. */
function keep({ id, pem, webhook_secret }: CreatedApp): void {
  const { GHE_HOST, GHE_PROTOCOL } = process.env;
  writeEnvFile(ENV_FILE, {
    APP_ID: String(id),
    PRIVATE_KEY: pem,
    WEBHOOK_SECRET: webhook_secret,
    ...(GHE_HOST ? { GHE_HOST } : {}),
    ...(GHE_HOST && GHE_PROTOCOL ? { GHE_PROTOCOL } : {}),
  });
}

function pageOf({ name, html_url }: CreatedApp, { web }: GitHub, webhookUrl: string): DonePage {
  const ours = URL.canParse(html_url) && new URL(html_url).origin === new URL(web).origin;
  return { name, install: ours ? `${html_url}/installations/new` : null, address: addressStep(webhookUrl) };
}

function addressStep(webhookUrl: string): string {
  return webhookUrl === PLACEHOLDER
    ? `Set its webhook address on the app's settings page ("Webhook URL") to where GitHub reaches this app, with the path ${WEBHOOK_PATH}.`
    : `Its webhook address is ${webhookUrl}; it can be changed on the app's settings page.`;
}

function whatNext(webhookUrl: string): string {
  return `
The app is created; its credentials are in .env (keep that file to yourself).

Next:
  1. Install it: the browser shows the page.
  2. ${addressStep(webhookUrl)}
  3. npm start
  4. Require the check "hotfix-gate", pinned to the app, in the protection of your production branch.`;
}
