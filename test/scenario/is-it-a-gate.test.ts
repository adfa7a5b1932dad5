import { describe } from "vitest";
import { ADMINISTRATION_EVENTS } from "../../src/webhooks/events.ts";
import { EM, JANE, MANIFEST, REPO, RITA, type Scenario, scenario, until } from "./support.ts";

/** What branch protection says, and what the author reads in the check. */
const CASES = [
  {
    what: "a branch that requires nothing",
    counted: "not-required",
    protection: null,
    says: /`main` does not require hotfix-gate, so it can be merged whatever the check says/,
  },
  {
    what: "a check from any source",
    counted: "any-source",
    protection: { requiredChecks: [{ context: "hotfix-gate" }] },
    says: /`main` requires hotfix-gate from any source/,
  },
  {
    what: "classic protection that pins nothing",
    counted: "any-source",
    protection: { requiredChecks: [{ context: "hotfix-gate" }], ruleset: false },
    says: /`main` requires hotfix-gate from any source/,
  },
  {
    what: "a check from another app",
    counted: "other-app",
    protection: { requiredChecks: [{ context: "hotfix-gate", appId: 999_999 }] },
    says: /`main` requires hotfix-gate from another app/,
  },
] as const;

describe("is it a gate at all?", () => {
  for (const { what, counted, protection, says } of CASES)
    scenario(`${what} is told, with the command that fixes it`, {}, async (s, expect) => {
      s.sandbox.protect(REPO, "main", protection === null ? null : (structuredClone(protection) as never));
      const number = await s.openHotfix();
      const gate = await s.expectGate(number, "action_required");
      expect(gate.summary).toMatch(says);
      expect(gate.summary).toContain(`gh api repos/${REPO}/rulesets --input -`);
      expect(gate.summary).toContain(`"integration_id": ${s.sandbox.app.id}`);
      expect(gate.summary).toContain('"refs/heads/main"');
      const metrics = await (await fetch(new URL("/metrics", s.url))).text();
      expect(metrics).toMatch(
        new RegExp(`^hotfix_gate_requirement_total\\{requirement="${counted}"\\} [1-9]`, "m"),
      );
    });

  for (const ruleset of [true, false])
    scenario(
      `nothing is said where it is required and pinned, ruleset: ${ruleset}`,
      {},
      async (s, expect) => {
        s.sandbox.protect(REPO, "main", {
          requiredChecks: [{ context: "hotfix-gate", appId: s.sandbox.app.id }],
          ruleset,
        });
        const number = await s.openHotfix();
        const gate = await s.expectGate(number, "action_required");
        expect(gate.summary).not.toMatch(/rulesets|any source|does not require/);
      },
    );

  // Nobody is asked for that permission; where an organization grants it, the app sees more.
  for (const granted of [true, false])
    scenario(
      `a check that everybody may bypass is told where the app may see that, granted: ${granted}`,
      { permissions: { ...MANIFEST.default_permissions, ...(granted ? { administration: "write" } : {}) } },
      async (s, expect) => {
        s.sandbox.protect(REPO, "main", {
          requiredChecks: [{ context: "hotfix-gate", appId: s.sandbox.app.id }],
          bypass: ["write"],
        });
        const number = await s.openHotfix();
        const gate = await s.expectGate(number, "action_required");
        expect(/everyone with write access may bypass/.test(gate.summary)).toBe(granted);
      },
    );

  for (const ruleset of [true, false])
    scenario(
      `a requirement that is switched off is told at once where the app hears of it, and no more once it is back, ruleset: ${ruleset}`,
      {
        permissions: { ...MANIFEST.default_permissions, administration: "read" },
        events: [...MANIFEST.default_events, ...ADMINISTRATION_EVENTS],
      },
      async (s, expect) => {
        const required = {
          requiredChecks: [{ context: "hotfix-gate", appId: s.sandbox.app.id }],
          ruleset,
        };
        s.sandbox.protect(REPO, "main", required);
        const number = await s.openHotfix();
        expect((await s.expectGate(number, "action_required")).summary).not.toMatch(/does not require/);
        await s.idle();
        s.sandbox.protect(REPO, "main", null);
        await until("it is said", async () =>
          (await s.gate(number))?.summary.includes("`main` does not require hotfix-gate") ? true : null,
        );
        s.sandbox.protect(REPO, "main", required);
        await until("it is said no more", async () =>
          (await s.gate(number))?.summary.includes("does not require") ? null : true,
        );
      },
    );

  scenario("what cannot be read is not “no”", {}, async (s, expect) => {
    s.sandbox.protect(REPO, "main", null);
    s.sandbox.knobs.fail({ method: "GET", path: /\/rules\/branches\// }, { status: 403 });
    const number = await s.openHotfix();
    const gate = await s.expectGate(number, "action_required");
    expect(gate.summary).not.toMatch(/does not require/);
  });

  scenario("the post-mortem says that the check was no gate", {}, async (s, expect) => {
    s.sandbox.protect(REPO, "main", null);
    const number = await s.openHotfix();
    await approveAndMerge(s, number);
    const body = await until("the post-mortem", async () => {
      const issue = (await s.sandbox.issues(REPO)).find(({ title }) => title.startsWith("Post-mortem:"));
      return issue?.body ?? null;
    });
    expect(body).toMatch(/`main` does not require hotfix-gate/);
  });
});

async function approveAndMerge(s: Scenario, number: number): Promise<void> {
  await s.expectGate(number, "action_required");
  s.later();
  await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
  await s.sandbox.as(JANE).addLabel(REPO, number, EM);
  await s.expectGate(number, "success");
  await s.sandbox.as(JANE).merge(REPO, number);
}
