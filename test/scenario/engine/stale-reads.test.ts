import { describe, it } from "vitest";
import { setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import { startApp, startStill, type Through } from "./in-process.ts";
import { ACTS, outcome } from "./life.ts";

/** Issue 11: GitHub's answers are old for a while after something has changed. */

/** Who writes what is then read as it was before. */
type By = "people" | "anybody";

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly body: ArrayBuffer;
}

/** The first `k` reads of anything after a write are as just before it, where it was ever read. */
function stale(k: number, by: By) {
  const before = new Map<string, Answer>();
  const again = new Map<string, () => Promise<Response>>();
  const left = new Map<string, number>();
  async function keep(path: string, response: Response): Promise<void> {
    if (response.status !== 200) return;
    const headers = new Headers(response.headers);
    for (const name of ["etag", "content-length", "content-encoding"]) headers.delete(name);
    before.set(path, { status: 200, headers, body: await response.arrayBuffer() });
  }
  /** The write itself: `act`. */
  async function writing<T>(act: () => Promise<T>): Promise<T> {
    if (k > 0) for (const [path, ask] of again) await keep(path, await ask());
    for (const path of before.keys()) left.set(path, k);
    try {
      return await act();
    } finally {
      for (const path of before.keys()) left.set(path, k);
    }
  }
  const through: Through = async ({ method, path }, send) => {
    if (method !== "GET") return by === "anybody" && !path.includes("access_tokens") ? writing(send) : send();
    const old = before.get(path);
    const more = left.get(path) ?? 0;
    if (old !== undefined && more > 0) {
      left.set(path, more - 1);
      return new Response(old.body.slice(0), { status: old.status, headers: old.headers });
    }
    const response = await send();
    again.set(path, send);
    await keep(path, response.clone());
    return response;
  };
  return { through, writing };
}

async function lived(k: number, by: By = "people"): Promise<{ seen: object[]; slowest: number }> {
  const { sandbox, later } = await startStill();
  const { through, writing } = stale(k, by);
  const app = await startApp(sandbox, { through });
  const seen: object[] = [];
  let slowest = 0;
  try {
    await setUpKamiyo(sandbox);
    for (const { act } of ACTS) {
      later();
      const started = performance.now();
      await writing(() => act(sandbox));
      await app.quiet();
      slowest = Math.max(slowest, performance.now() - started);
      seen.push(await outcome(sandbox));
    }
    return { seen, slowest };
  } finally {
    await app.stop();
    await sandbox.close();
  }
}

describe("old reads", { concurrent: true }, () => {
  const model = lived(0);
  for (const by of ["people", "anybody"] as const)
    for (const k of [1, 2, 3, 4, 5])
      it(`the first ${k} of anything after each write of ${by}: the same in the end`, {
        timeout: 300_000,
      }, async ({ expect }) => {
        const { seen, slowest } = await lived(k, by);
        for (const [i, one] of seen.entries())
          expect.soft(one, `when ${ACTS[i]?.name}`).toEqual((await model).seen[i]);
        // All that is to be written included; a busy machine proves nothing.
        console.info(`${k}, ${by}: until all was quiet it took ${Math.round(slowest)} ms at most`);
      });
});
