import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { findingOf, runExample } from "../../support/example.ts";
import { snapshot } from "../../support/snapshot.ts";

const find = (labels: readonly string[], field: string, config: Record<string, unknown> = {}) =>
  runExample("severity", { labels: [...labels], commits: [`HOTFIX: x\n\nSeverity: ${field}`], config });

describe("severity", () => {
  it.each<[readonly string[], string, string]>([
    [["severity:P1"], "P1", "ok"],
    [["severity:P0"], "P0 - Critical", "ok"],
    [["severity:P1"], "", "ok"],
    [[], "P1", "from-field"],
    [[], "", "none"],
    [[], "P0/P1", "none"],
    [[], "High", "unclear-field"],
    [[], "P0?", "unclear-field"],
    [[], "\u04201", "unclear-field"],
    [[], "P0 → P1", "two-in-field"],
    [[], "P0 -> P1", "two-in-field"],
    [[], "P0 until 10:40, then P1", "two-in-field"],
    [[], "P0? P1?", "two-in-field"],
    [[], "P0\n\nsince 10:40: P1", "two-in-field"],
    [[], "P1 (was P0)", "from-field"],
    [["severity:P0"], "P1 (was P0)", "contradiction"],
    // The label is clear, and the field does not speak against it.
    [["severity:P1"], "P0 → P1", "ok"],
    [["severity:P4"], "", "none"],
    [["severity:P1"], "P0", "contradiction"],
    [["severity:P0", "severity:P1"], "P1", "several-labels"],
    [["severity:P1", "severity:P2"], "", "several-labels"],
    [["severity:P2"], "P2", "not-hotfixable"],
    [[], "P3", "not-hotfixable"],
    [["severity:P2"], "P1", "contradiction"],
  ])("labels %j and field %j: %s", (labels, field, code) => {
    const state = ["ok", "from-field"].includes(code) ? "satisfied" : "violated";
    expect(find(labels, field)).toMatchObject({ state, code });
  });

  it("names what may be chosen, by the configuration", () => {
    expect(find([], "").data.labels).toEqual(["severity:P0", "severity:P1"]);
    const config = { severities: { P1: { hotfix: false }, P2: { hotfix: true, approvers: ["cto"] } } };
    expect(find([], "", config).data.labels).toEqual(["severity:P0", "severity:P2"]);
    expect(find(["severity:P2"], "P2", config)).toMatchObject({ state: "satisfied" });
    expect(find(["severity:P1"], "P1", config)).toMatchObject({ code: "not-hotfixable" });
  });

  it("names the character that decides", () => {
    expect(find([], "\u04201").data.odd).toEqual([": the first character is a Cyrillic letter (U+0420)"]);
  });

  it("names the labels that are too many, and those that would do", () => {
    expect(find(["severity:P1", "severity:P2"], "").data.labels).toEqual(["severity:P1", "severity:P2"]);
    expect(find([], "P3").data).toEqual({ severity: "P3", labels: ["severity:P0", "severity:P1"] });
    expect(find(["severity:P1"], "P1").data).toEqual({ severity: "P1" });
  });

  it("quotes a hundred characters of what it cannot read", () => {
    expect(find([], `High ${"x".repeat(200)}`).data).toEqual({
      text: `High ${"x".repeat(95)}`,
      odd: [],
      labels: ["severity:P0", "severity:P1"],
    });
  });

  it("has none without a hotfix commit", () => {
    expect(runExample("severity", { labels: [], commits: [] }).code).toBe("none");
    expect(runExample("severity", { labels: [], commits: ["HOTFIX: x"] }).code).toBe("none");
  });

  it("says both where they contradict each other, and what the app sets", () => {
    expect(find(["severity:P1"], "P0").data).toMatchObject({ label: "P1", field: "P0" });
    expect(find([], "P1").data).toMatchObject({ severity: "P1", label: "severity:P1" });
  });

  it("is unknown while the commits are", () => {
    const finding = findingOf("severity", snapshot({ commits: unknown("commits: 502") }));
    expect(finding).toMatchObject({ state: "unknown", data: { reason: "commits: 502" } });
  });
});
