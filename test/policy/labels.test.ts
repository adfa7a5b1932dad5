import { expect, it } from "vitest";
import { labelDefinitions } from "../../src/policy/labels.ts";
import { policyOf } from "../support/example.ts";

it("defines every label of the design, with a colour and a description that GitHub takes", () => {
  const labels = labelDefinitions(policyOf({ roles: { "release-captain": { users: ["ada"] } } }));
  expect(labels.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "hotfix",
      ...["P0", "P1", "P2", "P3"].map((severity) => `severity:${severity}`),
      ...["on-call", "engineering-manager", "cto", "release-captain"].map((role) => `approved:${role}`),
      "post-mortem",
      "post-mortem:overdue",
      "rolled-back",
    ]),
  );
  for (const { color, description } of labels) {
    expect(color).toMatch(/^[0-9a-f]{6}$/);
    expect(description.length).toBeGreaterThan(0);
    expect(description.length).toBeLessThanOrEqual(100);
  }
});
