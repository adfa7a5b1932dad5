import { createHash, randomBytes, timingSafeEqual } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { beginPage, type DonePage, donePage, plainPage, STYLE_TEXT } from "./setup-page.ts";

/** What the local server of `setup` needs for one app. */
export interface SetupServerOptions {
  readonly port: number;
  /** Where people see GitHub, such as `https://github.com`. */
  readonly github: string;
  readonly organization: string | null;
  readonly webhookUrl: string;
  /** `app.yml`, as data. */
  readonly manifest: object;
  /** Turns GitHub's code into the app's credentials and keeps them. Rejects with what to tell. */
  create(code: string): Promise<DonePage>;
}

/** A server on this machine that lives as long as the setup takes. */
export interface SetupServer {
  /** The page to open, whose address nobody can guess. */
  readonly url: string;
  /** Resolves once the app is created and its page is delivered; nothing listens any more. */
  readonly done: Promise<void>;
}

/** A person who was shown the last page may reload nothing, but the answer has to arrive. */
const LAST_ANSWER_MS = 500;

/**
 * The page of `hotfix-guard setup`, for one person on this machine, once. Other pages in that person's
 * browser can reach it, so: its address is secret, and so is the state that comes back from GitHub; a request
 * under another name (DNS rebinding) or from another origin is refused; nothing is taken by POST; credentials
 * come from GitHub alone.
 */
export async function startSetupServer(options: SetupServerOptions): Promise<SetupServer> {
  const [token, state] = [randomBytes(24).toString("base64url"), randomBytes(24).toString("base64url")];
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 });
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  /** Being created, or created: GitHub's code is used once. */
  let used = false;

  await new Promise<void>((resolve, reject) => {
    server.once("error", reject).listen({ host: "127.0.0.1", port: options.port }, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const origin = `http://127.0.0.1:${port}`;
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  const action = new URL(
    options.organization === null
      ? "/settings/apps/new"
      : `/organizations/${encodeURIComponent(options.organization)}/settings/apps/new`,
    options.github,
  );
  action.searchParams.set("state", state);

  const begin = (error?: string): string =>
    beginPage({
      action: action.href,
      manifest: {
        ...options.manifest,
        hook_attributes: { url: options.webhookUrl },
        redirect_url: `${origin}/${token}/created`,
      },
      organization: options.organization,
      github: new URL(options.github).host,
      webhookUrl: options.webhookUrl,
      ...(error === undefined ? {} : { error }),
    });

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const send = (status: number, html: string) => reply(response, status, html);
    const from = request.headers.origin;
    if (!hosts.includes(request.headers.host?.toLowerCase() ?? ""))
      return send(403, plainPage("Open this page by its address, on this machine only."));
    if (from !== undefined && !hosts.some((host) => from === `http://${host}`))
      return send(403, plainPage("This page accepts no requests from other pages."));
    const url = new URL(request.url ?? "/", origin);
    const [, first = "", second, ...more] = url.pathname.split("/");
    if (!same(first, token) || more.length > 0)
      return send(404, plainPage("Open the address that the terminal shows."));
    if (request.method !== "GET") return send(405, plainPage("This page only accepts GET."));
    if (used) return send(410, plainPage("Setup is done. The terminal shows the next steps."));
    if (second === undefined || second === "") return send(200, begin());
    if (second !== "created") return send(404, plainPage("Open the address that the terminal shows."));
    const code = url.searchParams.get("code") ?? "";
    if (!same(url.searchParams.get("state") ?? "", state) || !/^[\w-]{1,200}$/.test(code))
      return send(400, begin("This did not come from the app that you were creating. Start again."));
    used = true;
    try {
      const page = donePage(await options.create(code));
      response.once("close", () => finish());
      send(200, page);
      setTimeout(finish, LAST_ANSWER_MS);
    } catch (error) {
      used = false;
      send(502, begin(error instanceof Error ? error.message : String(error)));
    }
  }

  function finish(): void {
    server.close(() => end());
    server.closeAllConnections();
  }

  server.on("request", (request, response) => {
    answer(request, response).catch(() => response.destroy());
  });
  return { url: `${origin}/${token}`, done };
}

/** In constant time. */
function same(given: string, expected: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(given), digest(expected));
}

const STYLE_DIGEST = createHash("sha256").update(STYLE_TEXT).digest("base64");

function reply(response: ServerResponse, status: number, html: string): void {
  response
    .writeHead(status, {
      "content-type": "text/html; charset=utf-8",
      "content-security-policy": `default-src 'none'; style-src 'sha256-${STYLE_DIGEST}'; frame-ancestors 'none'; base-uri 'none'`,
      // The address is a secret; only its origin goes along to other pages.
      "referrer-policy": "origin",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      connection: "close",
    })
    .end(html);
}
