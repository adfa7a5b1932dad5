import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { Place } from "../../src/reconcile/context.ts";
import type { Evaluated } from "../../src/reconcile/evaluate/evaluated.ts";
import { withFreeze } from "../../src/reconcile/evaluate/freeze.ts";
import { evaluated } from "../plan/support.ts";
import { SITUATIONS } from "../render/situations.ts";

/** GitHub must not be asked. */
const PLACE = {
  repo: { owner: "kamiyo", repo: "api" },
  get client(): never {
    throw new Error("asked");
  },
} as Place;
const FREEZES: Policy = { ...defaultPolicy(), freeze: { severities: ["P0", "P1"] } };
const of = (name: keyof typeof SITUATIONS, policy: Policy): Evaluated => {
  const one = evaluated(SITUATIONS[name](), { policy: { state: "valid", policy, source: "" } });
  return one as unknown as Evaluated;
};
const nobody = () => Promise.reject(new Error("evaluated"));

describe("whether somebody has to wait for a freeze", () => {
  it.each<[what: string, one: Evaluated]>([
    ["nothing is ever frozen", of("ordinary", defaultPolicy())],
    ["it is only observed", of("ordinary", { ...FREEZES, mode: "observe" })],
    ["it is a hotfix", of("ready", FREEZES)],
    [
      "it goes elsewhere",
      of("ordinary", { ...FREEZES, branches: { ...FREEZES.branches, base: ["release/*"] } }),
    ],
  ])("asks GitHub for nothing: %s", async (_what, one) => {
    expect(await withFreeze(PLACE, one, nobody)).toBe(one);
  });

  it("is asked where it may have to", async () => {
    await expect(withFreeze(PLACE, of("ordinary", FREEZES), nobody)).rejects.toThrow("asked");
  });
});
