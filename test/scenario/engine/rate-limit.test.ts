import { setTimeout as pause } from "node:timers/promises";
import { describe } from "vitest";
import { gateOf, JANE, openOrdinary, REPO, scenario, until, writes } from "../support.ts";

/** Issue 11: what is left of the hour's requests goes to gates. GitHub's limit is 5,000 here. */

describe("the rate limit", () => {
  scenario("half of it used: the sweep looks every five minutes", {}, async (s, expect) => {
    await s.idle();
    s.sandbox.knobs.requestsLeft = 2_400;
    await s.sweep();
    await s.sweep();
    s.sandbox.resetRequests();
    await s.sweep();
    await s.sweep();
    expect(s.sandbox.requests.map(({ path }) => path)).toEqual([]);
    // Events are served as ever.
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await until("the comment", async () =>
      (await s.sandbox.comments(REPO, number)).length > 0 ? true : null,
    );
  });

  scenario(
    "a tenth left: gates are served, no comment is written, nothing is swept",
    {},
    async (s, expect) => {
      await s.sweep();
      await s.idle();
      s.sandbox.knobs.requestsLeft = 480;
      await s.expectGate(await openOrdinary(s), "skipped");
      s.sandbox.resetRequests();
      // What waits is not waited for.
      await Promise.race([s.sweep(), pause(1_500)]);
      const swept = s.sandbox.requests.filter(({ path }) => /^\/(?:search|installation)\//.test(path));
      expect(swept).toEqual([]);
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      expect(writes(s).filter((one) => /comments|labels/.test(one))).toEqual([]);
      expect(await s.sandbox.comments(REPO, number)).toEqual([]);
    },
  );

  scenario("a fiftieth left: the check says that it waits, and until when", {}, async (s, expect) => {
    // What the server does at its start is over, and leaves enough for an ordinary pull request.
    await s.idle();
    s.sandbox.knobs.requestsLeft = 200;
    const ordinary = await openOrdinary(s);
    await s.expectGate(ordinary, "skipped");
    await s.idle();
    s.sandbox.knobs.requestsLeft = 90;
    // The next answer tells what is left.
    s.sandbox.resetRequests();
    await s.sandbox.as(JANE).comment(REPO, ordinary, "/hotfix recheck");
    await until("an answer", async () => (s.sandbox.requests.length > 0 ? true : null));
    await pause(500);
    const number = await s.openHotfix();
    const gate = await until("the gate", () => gateOf(s.sandbox, REPO, number));
    expect(gate.conclusion).toBeNull();
    expect(gate.summary).toMatch(/rate limit.*resumes automatically at \d\d:\d\d UTC/);
    s.sandbox.resetRequests();
    await pause(3_000);
    expect(s.sandbox.requests.length).toBeLessThan(5);
  });
});
