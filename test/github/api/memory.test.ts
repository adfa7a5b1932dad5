import { expect, test } from "vitest";
import { remembered } from "../../../src/github/api/memory.ts";

test("a memory takes room for what is in it, and no more than its bound", () => {
  const cache = remembered<number>("settled runs")({});
  // An LRU cache bounded by `max` has arrays of that length from the start, and there is one for each
  // installation.
  expect(cache.max).toBe(0);
  for (let i = 0; i < 5_010; i++) cache.set(String(i), i);
  expect([cache.size, cache.get("9"), cache.get("10")]).toEqual([5_000, undefined, 10]);
});

test("where entries have a weight, that is what is bounded", () => {
  const cache = remembered<string>("listed deployments", (rows) => rows.length)({});
  for (const name of ["a", "b", "c"]) cache.set(name, name.repeat(20_000));
  expect([cache.has("a"), cache.has("b"), cache.has("c")]).toEqual([false, true, true]);
});
