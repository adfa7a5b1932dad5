import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import { HEARD_EVENTS } from "../webhooks/events.ts";
import type { Delivery } from "../webhooks/intake.ts";
import { readBody, refuseBody } from "./body.ts";

export interface EndpointOptions {
  /** Is this the signature of the body? Compares in constant time. */
  verify(body: string, signature: string): Promise<boolean>;
  /** Takes the delivery in. */
  receive(delivery: Delivery): void;
  readonly log: Logger;
  /** Called with every answer; `event` is a name that is heard, or `other`. */
  onAnswer(event: string, status: number): void;
}

/** GitHub sends no webhook above 25 MB. */
export const BODY_LIMIT = 25 * 1024 * 1024;

/** GitHub's bodies are small but for a few; who has no secret could fill the memory with large ones that are never signed. */
const SMALL_BODY = 1024 * 1024;
const ROOM_FOR_LARGE = 4 * BODY_LIMIT;

/** Answers one request to the webhook path: 200 once the delivery is taken in, else what is wrong with it. */
export function createWebhookEndpoint({ verify, receive, log, onAnswer }: EndpointOptions) {
  const room = { small: SMALL_BODY, left: ROOM_FOR_LARGE };
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const event = header(request, "x-github-event");
    const delivery = header(request, "x-github-delivery");
    const answer = (status: number, text: string, headers: Readonly<Record<string, string>> = {}) => {
      onAnswer(event !== undefined && HEARD_EVENTS.includes(event) ? event : "other", status);
      if (status >= 400)
        log.warn({ status, event: event?.slice(0, 64), delivery: delivery?.slice(0, 64) }, text);
      const body = status >= 400 ? JSON.stringify({ error: text }) : `${text}\n`;
      if (status === 413 || status === 503) return refuseBody(request, response, status, body);
      const type = status >= 400 ? "application/json" : "text/plain";
      response.writeHead(status, { "content-type": type, ...headers }).end(body);
    };

    if (request.method !== "POST") return answer(405, "webhooks are sent with POST", { allow: "POST" });
    if (!/^\s*application\/json\s*(?:;|$)/i.test(request.headers["content-type"] ?? "")) {
      return answer(
        415,
        'the content type must be application/json: choose it on the settings page of the app ("Webhook")',
      );
    }
    const signature = header(request, "x-hub-signature-256");
    if (event === undefined || delivery === undefined || signature === undefined) {
      const required = ["x-github-event", "x-github-delivery", "x-hub-signature-256"];
      const missing = required.filter((name) => header(request, name) === undefined);
      return answer(400, `required headers missing: ${missing.join(", ")}`);
    }
    let body: Buffer | "too-large" | "no-room";
    try {
      body = await readBody(request, BODY_LIMIT, room);
    } catch {
      return; // Nobody is left to be answered.
    }
    if (body === "too-large") return answer(413, `the body is larger than ${BODY_LIMIT} bytes`);
    if (body === "no-room") return answer(503, "too many large bodies at once; deliver it again");
    const text = body.toString("utf8");
    if (text === "" || !(await verify(text, signature))) {
      return answer(
        400,
        "the signature does not match: WEBHOOK_SECRET must equal the webhook secret of the app on GitHub",
      );
    }
    const payload = parseObject(text);
    if (payload === null) return answer(400, "the body is not a JSON object");
    receive({ id: delivery, name: event, payload });
    answer(200, "ok");
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}

function parseObject(text: string): object | null {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
  } catch {
    return null;
  }
}
