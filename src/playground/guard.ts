import type { MiddlewareHandler } from "hono";

/**
 * The playground is for one person on this machine. Other pages in that person's browser can reach it too,
 * so: a request under another name (DNS rebinding) is refused, and so is what would change something and does
 * not come from its own pages. `port`: where it listens.
 */
export function guard(port: number): MiddlewareHandler {
  const hosts = [`127.0.0.1:${port}`, `localhost:${port}`];
  return async (context, next) => {
    const { method } = context.req;
    if (!hosts.includes(context.req.header("host")?.toLowerCase() ?? ""))
      return context.text("Open this page by its address, on this machine only.", 403);
    if (!["GET", "HEAD", "POST"].includes(method)) return context.text("Method not allowed", 405);
    const origin = context.req.header("origin");
    if (method === "POST" && !hosts.some((host) => origin === `http://${host}`))
      return context.text("This takes nothing from other pages.", 403);
    await next();
    for (const [name, value] of Object.entries(HEADERS))
      if (!context.res.headers.has(name)) context.header(name, value);
  };
}

const HEADERS: Readonly<Record<string, string>> = {
  // Nothing is loaded from elsewhere, and nothing written into a page can run or style.
  "content-security-policy": [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "frame-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join("; "),
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-resource-policy": "same-origin",
  "cache-control": "no-store",
};

/** Of the page that draws a diagram: its script alone, in an origin of its own; Mermaid writes styles. */
export const DIAGRAM_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'self'; sandbox allow-scripts";
