import { expect, it } from "vitest";
import { believed, lookAgain, RETRY_TIMES, retryStep, sooner } from "../../src/reconcile/retry.ts";

it("tries again quietly for 15 seconds, then visibly, then gives up", () => {
  let elapsedMs = 0;
  const seen: [string, number][] = [];
  for (let number = 0; number < 100; number++) {
    const step = retryStep({ number, elapsedMs }, RETRY_TIMES);
    seen.push([step.show, elapsedMs]);
    if (step.afterMs === null) break;
    elapsedMs += step.afterMs;
  }
  const at = (show: string) => seen.filter(([is]) => is === show).map(([, ms]) => ms);
  expect(at("quiet")).toEqual([0, 1_000, 3_000, 6_000, 9_000, 12_000]);
  expect(at("retrying")[0]).toBe(15_000);
  // Often enough for five old answers, and five more that are only asked for then.
  expect(seen.filter(([, ms]) => ms < 30_000)).toHaveLength(11);
  expect(seen.length).toBeLessThan(30);
  expect(at("gave-up")).toHaveLength(1);
  expect(at("gave-up")[0]).toBeGreaterThanOrEqual(600_000);
  expect(at("gave-up")[0]).toBeLessThan(660_000);
  expect(seen.at(-1)?.[0]).toBe("gave-up");
});

it("what is older than its event is not believed for six seconds, and then looked at again until thirty are over", () => {
  const [old, now] = ["2026-11-28T10:00:00Z", "2026-11-28T10:00:05Z"];
  const at = (elapsedMs: number) => ({ number: 1, elapsedMs });
  expect(believed({ notBefore: now }, at(5_000))).toEqual({ notBefore: now });
  expect(believed({ notBefore: now }, at(7_000))).toEqual({});
  expect(lookAgain(old, { notBefore: now }, at(7_000))).toEqual({ retryAfterMs: 3_000 });
  expect(lookAgain(old, { notBefore: now }, at(30_000))).toBeNull();
  expect(lookAgain(now, { notBefore: now }, at(7_000))).toBeNull();
  expect(lookAgain(old, {}, at(7_000))).toBeNull();
});

it.each([
  ["done where all are", [{}, {}], {}],
  ["tried again with the first of them", [{ retryAfterMs: 5 }, { retryAfterMs: 2 }, {}], { retryAfterMs: 2 }],
  ["tried again before it is given up", [{ gaveUp: true }, { retryAfterMs: 2 }], { retryAfterMs: 2 }],
  ["given up where one part is", [{}, { gaveUp: true }], { gaveUp: true }],
] as const)("a job of several parts is %s", (_, parts, whole) => expect(sooner(parts)).toEqual(whole));
