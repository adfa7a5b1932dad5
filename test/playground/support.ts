import { readFileSync } from "node:fs";
import { request } from "node:http";
import { resolve } from "node:path";
import { parse } from "yaml";
import { type Playground, startPlayground } from "../../src/playground/playground.ts";

const MANIFEST = parse(readFileSync("app.yml", "utf8")) as {
  default_permissions: Record<string, "read" | "write">;
  default_events: string[];
};

/** The pages on a GitHub without the app: nothing answers by itself. */
export function startPages(): Promise<Playground> {
  return startPlayground({
    manifest: { permissions: MANIFEST.default_permissions, events: MANIFEST.default_events },
    root: resolve("."),
    port: 0,
    withApp: false,
  });
}

export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
}

/** One request with exactly these headers, as no browser would send it. */
export function ask(
  url: string,
  options: { method?: string; headers?: Record<string, string>; body?: string } = {},
): Promise<Answer> {
  const { method = "GET", headers = {}, body = "" } = options;
  return new Promise((done, reject) => {
    const call = request(url, { method, headers, agent: false }, (response) => {
      let text = "";
      response.setEncoding("utf8").on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("end", () =>
        done({ status: response.statusCode ?? 0, headers: response.headers, body: text }),
      );
    });
    call.on("error", reject);
    call.end(body);
  });
}

/** A form, as the page itself sends it. */
export function send(
  url: string,
  path: string,
  fields: Readonly<Record<string, string>>,
  headers: Record<string, string> = {},
): Promise<Answer> {
  return ask(`${url}${path}`, {
    method: "POST",
    headers: { origin: url, "content-type": "application/x-www-form-urlencoded", ...headers },
    body: new URLSearchParams(fields).toString(),
  });
}
