import { expect, it } from "vitest";
import { createForesight } from "../../src/jobs/redis/foresight.ts";
import { BAND } from "../../src/jobs/redis/scripts.ts";

it("a job is likely to come after the installation's last one, and after what has begun in its band", () => {
  const foresight = createForesight();
  const guess = (flow: string, band = 1) => foresight.guess("verdict", band, flow);
  expect(guess("5")).toBe(1);
  foresight.given("verdict", "5", BAND + 7);
  expect([guess("5"), guess("6"), guess("5", 0), foresight.guess("people", 1, "5")]).toEqual([8, 1, 1, 1]);
  foresight.begun("verdict", BAND + 20);
  expect([guess("5"), guess("6"), guess("5", 0)]).toEqual([21, 21, 1]);
  // Redis begins anew where a band is full.
  foresight.begun("verdict", 2 * BAND - 1);
  expect(guess("5")).toBe(BAND - 1);
});
