import type { Context, Variables } from "./context.ts";

/** Paths that the server answers itself. */
const OWN_PATHS: readonly string[] = ["/", "/healthz", "/readyz", "/metrics"];

/** The API of the GitHub that the variables name, or what is wrong with them, in a line. */
export function gitHubAddress(
  variables: Variables,
): { readonly baseUrl: string } | { readonly problem: string } {
  let problem = "";
  const baseUrl = readBaseUrl({
    get: (name) => variables[name]?.trim() || undefined,
    broken(variable, what, fix) {
      problem = `${variable} ${what}. ${fix}`;
      return undefined;
    },
    warn: () => undefined,
  });
  return baseUrl === undefined ? { problem } : { baseUrl };
}

/** GitHub's API, without a slash at the end, by `GHE_HOST` and `GHE_PROTOCOL`. */
export function readBaseUrl({ get, broken, warn }: Context): string | undefined {
  const host = get("GHE_HOST");
  const protocol = get("GHE_PROTOCOL")?.toLowerCase() ?? "https";
  if (protocol !== "http" && protocol !== "https") {
    return broken("GHE_PROTOCOL", "is neither http nor https", "Leave it out for https.");
  }
  if (host === undefined) {
    if (get("GHE_PROTOCOL") !== undefined) warn("GHE_PROTOCOL has no effect without GHE_HOST.");
    return "https://api.github.com";
  }
  if (!/^(?:[\w.-]+|\[[\da-f:.]+\])(?::\d{1,5})?$/i.test(host)) {
    const fix =
      "Set it to the name of your GitHub Enterprise Server, like github.example.com or 127.0.0.1:4600.";
    return broken("GHE_HOST", "is not a host name (no protocol and no path belong in it)", fix);
  }
  return `${protocol}://${host}/api/v3`;
}

/** `PORT`; 3000 where it is not set. */
export function readPort({ get, broken }: Context): number | undefined {
  const value = get("PORT") ?? "3000";
  const port = /^\d{1,5}$/.test(value) ? Number(value) : Number.NaN;
  return port <= 65_535
    ? port
    : broken("PORT", "is not a port", "Set it to a number up to 65535, or leave it out for 3000.");
}

/** Where webhooks are received; none of the paths that the server answers itself. */
export function readWebhookPath({ get, broken }: Context): string | undefined {
  const path = get("WEBHOOK_PATH") ?? "/api/github/webhooks";
  if (/^\/[\w\-./~]*$/.test(path) && !OWN_PATHS.includes(path)) return path;
  return broken(
    "WEBHOOK_PATH",
    `is not a path that can be used: it begins with / and is none of ${OWN_PATHS.join(" ")}`,
    "Leave it out for /api/github/webhooks.",
  );
}

/** The whole address is a secret, so nothing of it is repeated. */
export function readSlackUrl({ get, broken }: Context): string | null | undefined {
  const value = get("HOTFIX_SLACK_WEBHOOK_URL");
  if (value === undefined) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  const loopback = url !== null && /^(?:localhost|127(?:\.\d{1,3}){3}|\[::1\])$/.test(url.hostname);
  if (
    url !== null &&
    url.username === "" &&
    (url.protocol === "https:" || (url.protocol === "http:" && loopback))
  )
    return url.href;
  const fix =
    "Use the whole address that Slack shows under Incoming Webhooks (https://hooks.slack.com/…), or leave it out.";
  return broken("HOTFIX_SLACK_WEBHOOK_URL", "is not an https address", fix);
}

/** It stands in links of checks and comments, so nothing may be in it that ends one. */
export function readDocsUrl({ get, broken }: Context): string | null | undefined {
  const value = get("HOTFIX_DOCS_URL");
  if (value === undefined) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  const plain =
    url !== null && url.search === "" && url.hash === "" && url.username === "" && !/[()<>\s]/.test(value);
  if (plain && (url.protocol === "https:" || url.protocol === "http:")) return url.href.replace(/\/+$/, "");
  const fix =
    "Set it to the address of the folder docs/, such as https://github.example.com/tools/hotfix-guard/blob/main/docs, or leave it out.";
  return broken("HOTFIX_DOCS_URL", "is not an address of a folder", fix);
}

/** `HOTFIX_METRICS_PORT`; `null`: metrics stand beside the webhooks. */
export function readMetricsPort({ get, broken }: Context): number | null | undefined {
  const value = get("HOTFIX_METRICS_PORT");
  if (value === undefined) return null;
  const port = /^\d{1,5}$/.test(value) ? Number(value) : 0;
  if (port === Number(get("PORT") ?? "3000"))
    return broken(
      "HOTFIX_METRICS_PORT",
      "is the port of webhooks",
      "Set it to another port, or leave it out: then metrics stand beside the webhooks.",
    );
  if (port > 0 && port <= 65_535) return port;
  return broken(
    "HOTFIX_METRICS_PORT",
    "is not a port",
    "Set it to a number from 1 to 65535, or leave it out.",
  );
}

/** It may hold a password, so nothing of it is repeated. */
export function readRedisUrl({ get, broken }: Context): string | null | undefined {
  const value = get("REDIS_URL");
  if (value === undefined) return null;
  const url = URL.canParse(value) ? new URL(value) : null;
  if (url !== null && ["redis:", "rediss:"].includes(url.protocol) && url.hostname !== "") return value;
  const fix =
    "Set it to redis://host:6379 or rediss://user:password@host:6379/0, or leave it out for one instance.";
  return broken("REDIS_URL", "is not an address of Redis", fix);
}
