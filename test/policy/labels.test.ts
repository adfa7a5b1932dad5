import { expect, it } from "vitest";
import { labelDefinition, labelDefinitions, labelsNeeded } from "../../src/policy/labels.ts";
import { policyOf } from "../support/example.ts";

it("defines every label of the design, with a color and a description that GitHub takes", () => {
  const long = "deputy-head-of-release-management-europe";
  const roles = { "release-captain": { users: ["ada"] }, [long]: { users: ["ada"] } };
  const labels = labelDefinitions(policyOf({ roles, post_mortem: { labels: ["incident"] } }));
  expect(labels.map(({ name }) => name)).toEqual(
    expect.arrayContaining([
      "hotfix",
      ...["P0", "P1", "P2", "P3"].map((severity) => `severity:${severity}`),
      ...["on-call", "engineering-manager", "cto", "release-captain"].map((role) => `approved:${role}`),
      "post-mortem",
      "post-mortem:overdue",
      "rolled-back",
      "incident",
    ]),
  );
  for (const { color, description } of labels) {
    expect(color).toMatch(/^[0-9a-f]{6}$/);
    expect(description.length).toBeGreaterThan(0);
    expect(description.length).toBeLessThanOrEqual(100);
  }
});

it("those that an open hotfix needs", () => {
  const policy = policyOf({});
  const names = (severity: "P0" | "P1" | null) => labelsNeeded(policy, severity).map(({ name }) => name);
  expect(names("P1")).toEqual(["severity:P1", "approved:engineering-manager", "approved:cto"]);
  expect(names(null)).toEqual([
    "severity:P0",
    "severity:P1",
    "approved:on-call",
    "approved:engineering-manager",
    "approved:cto",
  ]);
  for (const label of labelsNeeded(policy, "P0")) expect(label.description).not.toBe("");
});

it("knows how a label of its own looks by its name alone", () => {
  expect(labelDefinition("Rolled-Back")).toMatchObject({ color: "e99695" });
  expect(labelDefinition("team")).toEqual({ name: "team", color: "ededed", description: "" });
});
