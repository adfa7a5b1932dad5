import { describe, expect, it } from "vitest";
import { unknown } from "../../../src/policy/fact.ts";
import { findingOf, runExample } from "../../support/example.ts";
import { snapshot } from "../../support/snapshot.ts";

const find = (severity: string, tested: string, words?: readonly string[]) =>
  runExample("staging-tested", {
    labels: [],
    commits: [`HOTFIX: x\n\nSeverity: ${severity}\nTested: ${tested}`],
    config: words === undefined ? {} : { rules: { "staging-tested": { words } } },
  });

describe("staging-tested", () => {
  it.each<[string, string, string, string]>([
    ["P1", "Local + Staging, all events", "satisfied", "ok"],
    ["P1", "on the staging-env", "satisfied", "ok"],
    ["P1", "locally", "violated", "not-mentioned"],
    ["P1", "", "not-applicable", "no-field"],
    ["P1", "[Testing performed]", "not-applicable", "no-field"],
    ["P0", "locally", "not-applicable", "optional"],
    ["", "locally", "not-applicable", "no-severity"],
  ])("%s tested %j: %s, %s", (severity, tested, state, code) => {
    expect(find(severity, tested)).toMatchObject({ state, code });
  });

  it("goes by the configured words and severities", () => {
    expect(find("P1", "on pre-prod", ["staging", "Pre-Prod"])).toMatchObject({
      state: "satisfied",
      code: "ok",
    });
    expect(find("P1", "on staging", ["pre-prod"]).data).toEqual({
      tested: "on staging",
      words: ["pre-prod"],
    });
    const config = { severities: { P0: { staging: "expected" } } };
    const commits = ["HOTFIX: x\n\nSeverity: P0\nTested: locally"];
    expect(runExample("staging-tested", { labels: [], commits, config })).toMatchObject({
      code: "not-mentioned",
    });
  });

  it("is unknown while the commits are", () => {
    const finding = findingOf("staging-tested", snapshot({ commits: unknown("commits: 502") }));
    expect(finding).toMatchObject({ state: "unknown", data: { reason: "commits: 502" } });
  });
});
