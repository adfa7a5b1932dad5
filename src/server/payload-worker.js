// @ts-check Verifies and parses large webhook bodies beside the process's own thread, which both would hold
// for hundreds of milliseconds. Plain JavaScript, so that it runs from src and dist alike.
import { parentPort } from "node:worker_threads";
import { isSigned } from "./signature.js";

/** Longer than any text that events are heard for: a comment is at most 65,536 characters. */
const LONGEST_TEXT = 70_000;
const LONGEST_LIST = 250;
const DEEPEST = 8;
/** What comes back is copied on the process's own thread. */
const MOST_VALUES = 20_000;

/**
 * The payload without what makes it large, and is not needed: long texts, long lists, whatever is deep. Of
 * long lists of repositories the names stay; any other is as good as empty, and an event that names no files
 * may touch all. @param {unknown} value @param {{ left: number }} room @param {number} depth @returns
 * {unknown}
 */
function shrink(value, room, depth = 0) {
  if (--room.left < 0) return null;
  if (typeof value === "string") return value.length > LONGEST_TEXT ? "" : value;
  if (typeof value !== "object" || value === null) return value;
  if (depth > DEEPEST) return null;
  if (Array.isArray(value)) {
    if (value.length <= LONGEST_LIST) return value.map((item) => shrink(item, room, depth + 1));
    const names = value.flatMap((item) =>
      typeof item?.full_name === "string" && item.full_name.length < 300
        ? [{ id: item.id, full_name: item.full_name }]
        : [],
    );
    return names.slice(0, MOST_VALUES);
  }
  const entries = Object.entries(value).slice(0, 1_000);
  return Object.fromEntries(entries.map(([key, one]) => [key, shrink(one, room, depth + 1)]));
}

parentPort?.on("message", ({ body, secret, signature }) => {
  const bytes = Buffer.from(body.buffer, body.byteOffset, body.byteLength);
  if (!isSigned(bytes, secret, signature)) {
    parentPort?.postMessage({ signed: false, payload: null });
    return;
  }
  let payload = null;
  try {
    payload = shrink(JSON.parse(bytes.toString("utf8")), { left: MOST_VALUES });
  } catch {}
  parentPort?.postMessage({ signed: true, payload });
});
