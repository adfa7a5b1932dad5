import { describe } from "vitest";
import {
  configure,
  JANE,
  JOHN,
  openOrdinary,
  REPO,
  type Scenario,
  scenario,
  until,
  writes,
} from "./support.ts";

/**
 * Design, section 2: `mode: observe` writes the check and nothing else, unless it is asked to; `mode: off`
 * leaves the repository alone.
 */

const CHECKS = /\/check-runs/;
const HOURS = 3_600;

/**
 * A hotfix's whole life: opened, an unknown label, a command, hours without an approval, merged, a day
 * without a post-mortem.
 */
async function wholeLife(s: Scenario): Promise<number> {
  const number = await s.openHotfix();
  await s.idle();
  s.later();
  await s.sandbox.as(JANE).comment(REPO, number, "/hotfix help");
  await s.idle();
  s.later(2 * HOURS);
  await s.sweep();
  await s.sandbox.as(JOHN).merge(REPO, number);
  await s.idle();
  s.later(26 * HOURS);
  await s.sweep();
  await s.idle();
  return number;
}

function postMortems(s: Scenario) {
  return s.sandbox.issues(REPO).then((all) => all.filter(({ title }) => title.startsWith("Post-mortem:")));
}

describe.concurrent("modes", () => {
  scenario(
    "observe: the check, and nothing else in a hotfix's whole life",
    { config: "version: 1\nmode: observe\n" },
    async (s, expect) => {
      s.sandbox.resetRequests();
      const number = await wholeLife(s);
      expect(writes(s).filter((one) => !CHECKS.test(one))).toEqual([]);
      expect(writes(s).some((one) => CHECKS.test(one))).toBe(true);
      expect((await s.gate(number))?.conclusion).toBe("neutral");
      expect(await postMortems(s)).toEqual([]);
      expect((await s.sandbox.comments(REPO, number)).filter(({ user }) => user?.type === "Bot")).toEqual([]);
    },
  );

  scenario(
    "observe: what it is asked to write, it writes; nobody is called",
    { config: "version: 1\nmode: observe\nobserve: [comment, labels, post-mortem]\n" },
    async (s, expect) => {
      const number = await wholeLife(s);
      const said = (await s.sandbox.comments(REPO, number)).filter(({ user }) => user?.type === "Bot");
      expect(said.some(({ body }) => (body ?? "").includes("Observe mode"))).toBe(false);
      expect(said.map(({ body }) => body).join("\n")).not.toMatch(/@jane-doe|@kamiyo\//);
      expect(said.length).toBeGreaterThan(1);
      expect(s.sandbox.labelsOf(REPO, number)).toContain("severity:P1");
      expect(await postMortems(s)).toHaveLength(1);
    },
  );

  scenario(
    "observe: [comment]: the comment says when it is over",
    { config: "version: 1\nmode: observe\nobserve: [comment]\n" },
    async (s, expect) => {
      const number = await s.openHotfix();
      const comment = async () =>
        (await s.sandbox.comments(REPO, number)).find(({ user }) => user?.type === "Bot")?.body ?? null;
      await until("a status comment", async () =>
        (await comment())?.includes("Observe mode") ? true : null,
      );
      await s.sandbox.as(JOHN).merge(REPO, number);
      await until("that it is over", async () => (/merged/i.test((await comment()) ?? "") ? true : null));
      await s.idle();
      expect(await postMortems(s)).toEqual([]);
      expect(s.sandbox.labelsOf(REPO, number)).toEqual([]);
    },
  );

  scenario(
    "off: nothing is written, not even a check",
    { config: "version: 1\nmode: off\n" },
    async (s, expect) => {
      // Who switches it off does not require its check any more.
      s.sandbox.protect(REPO, "main", null);
      s.sandbox.resetRequests();
      const number = await wholeLife(s);
      await openOrdinary(s);
      await s.pushHotfix({ branch: "hotfix/alone" });
      await s.idle();
      expect(writes(s)).toEqual([]);
      expect(await s.gate(number)).toBeNull();
    },
  );

  scenario("off, and enforced again: the gate is back", { config: "version: 1\nmode: off\n" }, async (s) => {
    const number = await s.openHotfix();
    await s.idle();
    await configure(s, "version: 1\n");
    await s.expectGate(number, "action_required");
  });
});
