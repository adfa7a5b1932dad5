import type { IncomingMessage, ServerResponse } from "node:http";

/**
 * The body of a request; `null`: it is larger than the limit, and no more than the limit was kept of it. Rejects where
 * the request breaks off.
 */
export function readBody(request: IncomingMessage, limit: number): Promise<Buffer | null> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve(null);
  return new Promise((resolve, reject) => {
    let chunks: Buffer[] = [];
    let size = 0;
    request.on("data", (chunk: Buffer) => {
      size += chunk.length;
      if (size <= limit) return chunks.push(chunk);
      chunks = [];
      resolve(null);
    });
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
