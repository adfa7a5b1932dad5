import type { IncomingMessage, ServerResponse } from "node:http";
import type { Logger } from "pino";
import type { Fields } from "../jobs/work.ts";
import { HEARD_EVENTS } from "../webhooks/events.ts";
import { type Delivery, subjectOf } from "../webhooks/intake.ts";
import { createRoom, type Refusal, readBody, refuseBody } from "./body.ts";
import type { PayloadReader } from "./payload.ts";

/** What the webhook's endpoint needs. */
export interface EndpointOptions {
  readonly payloads: Pick<PayloadReader, "read">;
  /** Takes the delivery in; rejects where that cannot be done now. */
  receive(delivery: Delivery): Promise<void>;
  /** The process is about to end. */
  isClosing(): boolean;
  readonly log: Logger;
  /** Called with every answer; `event` is a name that is heard, or `other`. */
  onAnswer(event: string, status: number): void;
}

/** GitHub sends no webhook above 25 MB. */
const BODY_LIMIT = 25 * 1024 * 1024;

/**
 * What bodies that come in may take together: who has no secret can send as many as they like, and all are
 * unsigned until their last byte.
 */
const ROOM = 4 * BODY_LIMIT;

const REFUSED: Readonly<Record<Refusal, readonly [status: number, text: string]>> = {
  "too-large": [413, `the body is larger than ${BODY_LIMIT} bytes`],
  "no-room": [503, "too many bodies at once; deliver it again"],
  "too-slow": [408, "the body comes too slowly; deliver it again"],
};

/** Answers one request to the webhook path: 200 once the delivery is taken in, else what is wrong with it. */
export function createWebhookEndpoint({ payloads, receive, isClosing, log, onAnswer }: EndpointOptions) {
  const room = createRoom(ROOM);
  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const event = header(request, "x-github-event");
    const delivery = header(request, "x-github-delivery");
    let subject: Fields = {};
    const answer = (status: number, text: string, headers: Readonly<Record<string, string>> = {}) => {
      onAnswer(event !== undefined && HEARD_EVENTS.includes(event) ? event : "other", status);
      if (status >= 400)
        log.warn({ status, event: event?.slice(0, 64), delivery: delivery?.slice(0, 64), ...subject }, text);
      const body = status >= 400 ? JSON.stringify({ error: text }) : `${text}\n`;
      if ([408, 413, 503].includes(status)) return refuseBody(request, response, status, body);
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
    const read = await readBody(request, BODY_LIMIT, room).catch(() => null);
    if (read === null) return; // Nobody is left to be answered.
    if (typeof read === "string") return answer(...REFUSED[read]);
    const reading = await payloads
      .read(read.body, signature)
      .catch(() => null)
      .finally(read.release);
    if (reading === null) return answer(503, "the body could not be read in time; deliver it again");
    if (!reading.signed) {
      return answer(
        400,
        "the signature does not match: WEBHOOK_SECRET must equal the webhook secret of the app on GitHub",
      );
    }
    if (reading.payload === null) return answer(400, "the body is not a JSON object");
    // Signed: so it is GitHub's word.
    subject = subjectOf(reading.payload);
    // GitHub is to know that it has not arrived: then it is asked for again at the next start.
    if (isClosing()) return answer(503, "the process is stopping; deliver it again");
    try {
      await receive({ id: delivery, name: event, payload: reading.payload });
    } catch (err) {
      log.error({ err, event, delivery, ...subject }, "the queue did not take a delivery");
      return answer(503, "the queue cannot be reached; deliver it again");
    }
    answer(200, "ok");
  };
}

function header(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === "string" && value !== "" ? value : undefined;
}
