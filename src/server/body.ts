import type { IncomingMessage, ServerResponse } from "node:http";
import { slowest } from "./slowest.ts";

/** Why a body was not read to its end. */
export type Refusal = "too-large" | "no-room" | "too-slow";

interface Incoming {
  readonly since: number;
  bytes: number;
  refuse(why: Refusal): void;
}

/** What all bodies together may hold in memory, from their first byte until their `release`. */
export interface Room {
  /** Bytes. */
  left: number;
  /** Bodies that are not whole yet: whether they are signed cannot be known. */
  readonly incoming: Set<Incoming>;
}

/** Room for so many bytes of bodies at once. */
export function createRoom(bytes: number): Room {
  return { left: bytes, incoming: new Set() };
}

/** What keeping a piece of a body costs besides its bytes; somebody may send one byte at a time. */
const PIECE = 256;
/** A body of up to 250 kB has five seconds; GitHub waits for an answer for ten. */
const GRACE_MS = 5_000;
const LEAST_BYTES_A_MS = 50;

/**
 * The body of a request. Where it needs room and none is left, the slowest of those that are not whole goes,
 * which may be this one. No more than `limit` bytes are kept of it. Rejects where the request breaks off.
 * `release` is called once the body is no longer needed.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  room: Room,
): Promise<{ readonly body: Buffer; release(): void } | Refusal> {
  if (Number(request.headers["content-length"] ?? 0) > limit) return Promise.resolve("too-large");
  return new Promise((resolve, reject) => {
    let pieces: Buffer[] = [];
    let taken = 0;
    let over = false;
    const release = () => {
      room.left += taken;
      taken = 0;
    };
    const leave = () => {
      over = true;
      clearTimeout(timer);
      room.incoming.delete(self);
    };
    const self: Incoming = {
      since: Date.now(),
      bytes: 0,
      refuse(why) {
        leave();
        pieces = [];
        release();
        resolve(why);
      },
    };
    const watch = (): NodeJS.Timeout =>
      setTimeout(() => {
        if (self.bytes < LEAST_BYTES_A_MS * (Date.now() - self.since)) self.refuse("too-slow");
        else timer = watch();
      }, GRACE_MS).unref();
    let timer = watch();
    room.incoming.add(self);

    request.on("data", (piece: Buffer) => {
      if (over) return;
      self.bytes += piece.length;
      if (self.bytes > limit) return self.refuse("too-large");
      const needed = piece.length + PIECE;
      while (room.left < needed) {
        const victim = slowest(withRoomTaken(room, self), Date.now());
        if (victim === null || victim === self) return self.refuse("no-room");
        victim.refuse("no-room");
      }
      room.left -= needed;
      taken += needed;
      pieces.push(piece);
    });
    request.on("end", () => {
      if (over) return;
      leave();
      resolve({ body: pieces.length === 1 ? (pieces[0] as Buffer) : Buffer.concat(pieces), release });
    });
    const broken = (error?: Error) => {
      if (over) return;
      leave();
      release();
      reject(error ?? new Error("the request broke off"));
    };
    request.on("error", broken);
    request.on("close", () => broken());
  });
}

function* withRoomTaken({ incoming }: Room, self: Incoming): Iterable<Incoming> {
  for (const one of incoming) if (one === self || one.bytes > 0) yield one;
}

/** How long the rest of a body that is refused is read and thrown away. */
const DRAIN_MS = 2_000;

/**
 * Answers at once and closes the connection. Only after the sender has stopped, or a moment later: a
 * connection closed while it still sends is reset, and the answer lost.
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
