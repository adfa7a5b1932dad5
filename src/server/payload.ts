import { Worker } from "node:worker_threads";
import { isSigned } from "./signature.js";

/** A body that was looked at. `payload`: `null` where it is not a JSON object. */
export type Reading = { readonly signed: false } | { readonly signed: true; readonly payload: object | null };

/** Reads the bodies of webhooks. */
export interface PayloadReader {
  /** Rejects where a large body takes longer than ten seconds. */
  read(body: Buffer, signature: string): Promise<Reading>;
  close(): Promise<void>;
}

/** Up to here it is done on the spot, within some milliseconds; GitHub sends few larger ones. */
const SMALL = 256 * 1024;
const LIMIT_MS = 10_000;

/**
 * Verifies and parses bodies without holding up the process: large ones in a thread of their own, one after
 * the other, in bounded time.
 */
export function createPayloadReader(secret: string): PayloadReader {
  let worker: Worker | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function here(body: Buffer, signature: string): Promise<Reading> {
    if (!isSigned(body, secret, signature)) return { signed: false };
    return { signed: true, payload: parseObject(body.toString("utf8")) };
  }

  function inThread(body: Buffer, signature: string): Promise<Reading> {
    const thread = worker ?? new Worker(new URL("./payload-worker.js", import.meta.url));
    worker = thread;
    return new Promise((resolve, reject) => {
      const end = (how: () => void) => {
        clearTimeout(timer);
        thread.off("message", answered).off("error", failed).off("exit", failed);
        how();
      };
      const failed = () => {
        worker = null;
        void thread.terminate();
        end(() => reject(new Error("a payload could not be read, or not in time")));
      };
      const answered = ({ signed, payload }: { signed: boolean; payload: unknown }) =>
        end(() => resolve(signed ? { signed, payload: objectOf(payload) } : { signed: false }));
      const timer = setTimeout(failed, LIMIT_MS);
      thread.on("message", answered).on("error", failed).on("exit", failed);
      thread.unref();
      const copy = new Uint8Array(body);
      thread.postMessage({ body: copy, secret, signature }, [copy.buffer]);
    });
  }

  return {
    read(body, signature) {
      if (body.length <= SMALL) return here(body, signature);
      const reading = last.then(() => inThread(body, signature));
      last = reading.catch(() => {});
      return reading;
    },
    async close() {
      await worker?.terminate();
    },
  };
}

function parseObject(text: string): object | null {
  try {
    return objectOf(JSON.parse(text));
  } catch {
    return null;
  }
}

function objectOf(value: unknown): object | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? value : null;
}
