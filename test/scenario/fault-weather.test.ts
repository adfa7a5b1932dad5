import { describe } from "vitest";
import { EM, JANE, JOHN, REPO, RITA, scenario, toGreen, until } from "./support.ts";

/** GitHub as a whole on a bad day. */

const SHORT = { quiet: 1_500, giveUp: 5_000 };

describe("bad weather", () => {
  for (const ms of [500, 2_000]) {
    scenario(`reads that are ${ms} ms old: the result is the same`, {}, async (s) => {
      const { sandbox } = s;
      sandbox.knobs.staleReads(ms);
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      await sandbox.as(JOHN).addLabel(REPO, number, EM);
      await until("the author's label is taken off", async () =>
        sandbox.labelsOf(REPO, number).includes(EM) ? null : true,
      );
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      s.later();
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await s.expectGate(number, "success");
    });
  }

  scenario("every answer 50 ms late", {}, async (s) => {
    s.sandbox.knobs.latencyMs = 50;
    await toGreen(s, await s.openHotfix());
  });

  scenario(
    "the rate limit is used up for an hour: said, and no green",
    { retryTimes: SHORT },
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      const fix = sandbox.knobs.fail(
        { method: "GET", path: /\/pulls\/\d+$|\/timeline$/ },
        {
          status: 403,
          headers: {
            "x-ratelimit-remaining": "0",
            "x-ratelimit-reset": String(Math.floor(Date.now() / 1_000) + 3_600),
          },
          body: { message: "API rate limit exceeded" },
        },
      );
      await sandbox.as(JANE).review(REPO, number, "APPROVED");
      const gate = await s.expectGate(number, "failure");
      expect(gate.summary).toMatch(/rate limit is used up, free again at \d\d:\d\d UTC/);
      expect((await fetch(`${s.url}/healthz`)).status).toBe(200);
      fix();
      await sandbox.as(JANE).comment(REPO, number, "/hotfix recheck");
      await s.expectGate(number, "success");
    },
  );

  scenario("tokens and the app's identity cannot be had at the start: made up for later", {}, async (s) => {
    const { sandbox } = s;
    sandbox.knobs.fail({ path: /^\/app$/ }, { status: 502, times: 3 });
    sandbox.knobs.fail({ path: /\/access_tokens$/ }, { status: 500, times: 2 });
    await s.restartServer();
    await toGreen(s, await s.openHotfix());
  });

  scenario("the installation is suspended for a while", {}, async (s, expect) => {
    const { sandbox } = s;
    const fix = sandbox.knobs.fail(
      { path: /\/access_tokens$/ },
      { status: 403, body: { message: "This installation has been suspended" } },
    );
    await s.restartServer();
    const number = await s.openHotfix();
    await sandbox.settle();
    expect((await fetch(`${s.url}/healthz`)).status).toBe(200);
    fix();
    await s.expectGate(number, "action_required");
  });
});
