import { describe, expect, it } from "vitest";
import { readApprovals } from "../../../src/policy/approval/read-approvals.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import { rollbackFinding } from "../../../src/policy/rollback-approval.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { findingOf, policyOf, runExample } from "../../support/example.ts";
import { AUTHOR, at, HISTORY, snapshot } from "../../support/snapshot.ts";

const find = (given: PullRequestSnapshot, config: Record<string, unknown> = {}) =>
  findingOf("approval", given, policyOf(config));
const unapproved = snapshot({
  pr: { labels: ["severity:P1"] },
  events: { labels: HISTORY.labels.slice(0, 1) },
});

describe("approval", () => {
  it.each([
    ["approved by a role", { events: { reviews: [] } }, "satisfied", "rollback-approved"],
    ["reviewed", { pr: { labels: [] }, events: { labels: [] } }, "satisfied", "rollback-approved"],
    ["neither", { pr: { labels: [] }, events: { labels: [], reviews: [] } }, "pending", "rollback-missing"],
  ])("of a rollback: %s", (_, more, state, code) => {
    const given = snapshot(more);
    const reading = readApprovals(given, policyOf({}), null);
    expect(rollbackFinding(given, reading)).toMatchObject({ state, code });
  });

  it.each<[string, PullRequestSnapshot, string, string]>([
    ["approved", snapshot(), "satisfied", "approved"],
    ["nobody yet", unapproved, "pending", "missing"],
    [
      "all holders worked on it",
      { ...unapproved, roleHolders: { "engineering-manager": known(["john"]), cto: known([]) } },
      "pending",
      "nobody-can",
    ],
    [
      "a holder is left",
      { ...unapproved, roleHolders: { "engineering-manager": known(["john", "jane"]), cto: known([]) } },
      "pending",
      "missing",
    ],
    [
      "holders of one role could not be listed: somebody may be left",
      { ...unapproved, roleHolders: { "engineering-manager": unknown("the team"), cto: known([]) } },
      "pending",
      "missing",
    ],
    ["the giver's role could not be read", snapshot({ people: {} }), "unknown", "unknown"],
    ["timeline unknown", snapshot({ history: unknown("the timeline") }), "unknown", "unknown"],
    ["commits unknown", snapshot({ commits: unknown("the commits") }), "unknown", "unknown"],
    [
      "P2 is not hotfixed, so nobody is asked",
      snapshot({ pr: { labels: ["severity:P2"] }, commits: known([]) }),
      "not-applicable",
      "no-severity",
    ],
  ])("%s", (_, given, state, code) => {
    expect(find(given)).toMatchObject({ state, code });
  });

  it("counts people: two approvals by one person are one", () => {
    const config = { severities: { P1: { approvals: 2 } } };
    const twice = snapshot({
      pr: { labels: ["severity:P1", "approved:engineering-manager", "approved:cto"] },
      events: {
        labels: [
          ...HISTORY.labels,
          {
            event: "labeled",
            label: "approved:cto",
            actor: { login: "jane", type: "User" },
            byApp: false,
            at: at("10:11:00"),
          },
        ],
      },
    });
    expect(find(twice, config)).toMatchObject({ state: "pending", data: { missing: 1 } });
    const both = runExample("approval", {
      labels: ["severity:P1", "approved:engineering-manager", { name: "approved:cto", by: "ada" }],
      people: { ada: "admin" },
      config,
    });
    expect(both).toMatchObject({ state: "satisfied" });
  });

  it("an approval that cannot be decided does not matter once there are enough", () => {
    const given = snapshot({
      pr: { labels: [...snapshot().pullRequest.labels, "approved:cto"] },
      events: {
        labels: [
          ...HISTORY.labels,
          {
            event: "labeled",
            label: "approved:cto",
            actor: { login: "who", type: "User" },
            byApp: false,
            at: at("10:11:00"),
          },
        ],
      },
    });
    expect(find(given)).toMatchObject({ state: "satisfied", code: "approved" });
  });

  it("never takes the author's own, unless the policy says so", () => {
    const own = { pr: { author: { ...AUTHOR, login: "jane" } } };
    expect(find(snapshot(own))).toMatchObject({ state: "pending" });
    expect(find(snapshot(own), { approval: { self: true } })).toMatchObject({ state: "satisfied" });
  });
});
