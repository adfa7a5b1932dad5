import type { IncomingMessage, ServerResponse } from "node:http";

/** What bodies that are not small may hold in memory together, while they come in. */
export interface Room {
  /** Bodies up to this size always find room. */
  readonly small: number;
  /** Bytes that are left for all others. */
  left: number;
}

/**
 * The body of a request. `too-large`: it is larger than the limit, and no more than the limit was kept of it; `no-room`: too many large ones
 * come at once. Rejects where the request breaks off.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  room: Room,
): Promise<Buffer | "too-large" | "no-room"> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve("too-large");
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    let taken = 0;
    const giveBack = () => {
      room.left += taken;
      taken = 0;
    };
    const refuse = (why: "too-large" | "no-room") => {
      chunks = [];
      size = Number.POSITIVE_INFINITY;
      giveBack();
      resolve(why);
    };
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size === Number.POSITIVE_INFINITY) return;
      if (size > limit) return refuse("too-large");
      if (size > room.small) {
        const more = size - taken;
        if (more > room.left) return refuse("no-room");
        room.left -= more;
        taken += more;
      }
      chunks.push(chunk);
    });
    request.on("close", giveBack);
    request.on("end", () => resolve(Buffer.concat(chunks)));
    request.on("error", reject);
    request.on("close", () => reject(new Error("the request broke off")));
  });
}

/** How long the rest of a body that is too large is read and thrown away. */
const DRAIN_MS = 2_000;

/**
 * Answers at once and closes the connection. Only after the sender has stopped, or a moment later: a connection closed
 * while it still sends is reset, and the answer lost.
 */
export function refuseBody(
  request: IncomingMessage,
  response: ServerResponse,
  status: number,
  answer: string,
): void {
  response.writeHead(status, {
    "content-type": "application/json",
    "content-length": Buffer.byteLength(answer),
    connection: "close",
  });
  response.write(answer);
  const end = () => {
    clearTimeout(timer);
    response.end();
  };
  const timer = setTimeout(end, DRAIN_MS);
  request.on("end", end);
  request.on("close", end);
  request.resume();
}
