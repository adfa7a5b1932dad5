import { describe, expect, it } from "vitest";
import { createExclusively } from "../../../src/github/api/exclusively.ts";
import { describeFailure } from "../../../src/github/api/read.ts";

/** What happens, in its order. */
function diary() {
  const log: string[] = [];
  const work = (name: string) => async () => {
    log.push(`${name} begins`);
    await new Promise((resolve) => setTimeout(resolve, 5));
    log.push(`${name} ends`);
  };
  return { log, work };
}

describe("what is created once", () => {
  it("is done one after the other by its key, and whatever else there is beside it", async () => {
    const { log, work } = diary();
    const exclusively = createExclusively();
    await Promise.all([
      exclusively("a", work("first")),
      exclusively("a", work("second")),
      exclusively("b", work("other")),
    ]);
    expect(log.filter((line) => !line.startsWith("other"))).toEqual([
      "first begins",
      "first ends",
      "second begins",
      "second ends",
    ]);
    expect(log.indexOf("other begins")).toBeLessThan(log.indexOf("first ends"));
  });

  it("does not wait for an app of its own, nor does that one's end touch it", async () => {
    const { log, work } = diary();
    const gone = createExclusively(() => Promise.reject(new Error("Connection is closed.")));
    const other = createExclusively();
    const results = await Promise.allSettled([gone("a", work("gone")), other("a", work("other"))]);
    expect(results.map(({ status }) => status)).toEqual(["rejected", "fulfilled"]);
    expect(log).toEqual(["other begins", "other ends"]);
  });

  it("is not begun where the other instances cannot be asked, and the reason says so", async () => {
    const exclusively = createExclusively(() => Promise.reject(new Error("Connection is closed.")));
    const error = await exclusively("a", async () => {}).catch((reason: unknown) => reason);
    expect(describeFailure(error)).toEqual({
      status: null,
      rateLimited: false,
      reason: "the app's other instances could not be asked, since Redis does not answer",
    });
  });

  it("goes on after work that failed", async () => {
    const exclusively = createExclusively();
    const failed = exclusively("a", () => Promise.reject(new Error("no")));
    const done = exclusively("a", async () => "done");
    await expect(failed).rejects.toThrow("no");
    await expect(done).resolves.toBe("done");
  });
});
