import { expect, it } from "vitest";
import type { RefusedOverride } from "../../../src/policy/verdict.ts";
import { overrideItems } from "../../../src/render/gate/approvals.ts";

it("of thousands of overrides that were not counted the latest are listed, and how many others there are", () => {
  const refused = Array.from(
    { length: 5_000 },
    (_, i): RefusedOverride => ({ rule: "scope", by: `mallory-${i}`, commentId: i, code: "not-in-role" }),
  );
  const items = overrideItems([], refused);
  expect(items).toHaveLength(51);
  expect(JSON.stringify(items[0])).toContain("4950 older ones");
  expect(JSON.stringify(items.at(-1))).toContain("mallory-4999");
  expect(overrideItems([], refused.slice(0, 50))).toHaveLength(50);
});
