import { setImmediate as nextTurn, setTimeout as pause } from "node:timers/promises";
import { describe, expect, it } from "vitest";
import { createPrecedence } from "../../src/jobs/precedence.ts";

describe("who goes first", () => {
  it("gives one turn in each turn of the event loop, in the order of asking", async () => {
    const { turn } = createPrecedence();
    const done: number[] = [];
    for (const n of [1, 2, 3]) void turn().then(() => done.push(n));
    const seen: number[] = [];
    while (done.length < 3) {
      await nextTurn();
      seen.push(done.length);
    }
    expect(done).toEqual([1, 2, 3]);
    expect(seen.filter((count, i) => count > (seen[i - 1] ?? 0) + 1)).toEqual([]);
  });

  it("gives no turn while something goes first, and the next one when all of it has settled", async () => {
    const { first, turn } = createPrecedence(60_000);
    const log: string[] = [];
    let end = () => {};
    const works = [
      first(() => new Promise<void>((resolve) => (end = resolve))),
      first(async () => {
        await pause(10);
        log.push("failed");
        throw new Error("no");
      }).catch(() => {}),
    ];
    const turned = turn().then(() => log.push("turn"));
    await works[1];
    await pause(10);
    expect(log).toEqual(["failed"]);
    end();
    await turned;
    expect(log).toEqual(["failed", "turn"]);
  });

  it("holds nobody up for longer than its time, whatever goes first", async () => {
    const { first, turn } = createPrecedence(20);
    void first(() => new Promise(() => {}));
    const started = performance.now();
    await Promise.all([turn(), turn(), turn()]);
    const tookMs = performance.now() - started;
    expect(tookMs).toBeGreaterThanOrEqual(19);
    await turn();
    expect(performance.now() - started).toBeGreaterThanOrEqual(tookMs + 19);
  });

  it("hands on what the work brings or throws", async () => {
    const { first } = createPrecedence();
    await expect(first(async () => 7)).resolves.toBe(7);
    await expect(first(() => Promise.reject(new Error("no")))).rejects.toThrow("no");
  });
});
