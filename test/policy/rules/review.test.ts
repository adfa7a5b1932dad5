import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { Person } from "../../../src/policy/snapshot/account.ts";
import type { Review } from "../../../src/policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import { findingOf, policyOf } from "../../support/example.ts";
import { AUTHOR, at, commit, HEAD, MESSAGE, person, REVIEWER, snapshot } from "../../support/snapshot.ts";

const approved: Review = { author: REVIEWER, state: "approved", commit: HEAD, at: at("10:08:00") };
const changes: Review = { ...approved, state: "changes_requested", at: at("10:09:00") };
const given = (reviews: readonly Review[], people: Record<string, Person> = {}): PullRequestSnapshot =>
  snapshot({ events: { reviews }, people: { ...snapshot().people, ...people } });
const asP0 = (one: PullRequestSnapshot): PullRequestSnapshot => ({
  ...one,
  pullRequest: { ...one.pullRequest, labels: ["severity:P0"] },
  commits: known([commit({ message: MESSAGE.replace("Severity: P1", "Severity: P0") })]),
});
const find = (one: PullRequestSnapshot, config: Record<string, unknown> = {}) =>
  findingOf("review", one, policyOf(config));

describe("review", () => {
  it.each<[string, PullRequestSnapshot, string, string]>([
    ["an approving review of the head", given([approved]), "satisfied", "reviewed"],
    ["none", given([]), "pending", "missing"],
    ["one of an earlier head", given([{ ...approved, commit: "d".repeat(40) }]), "pending", "missing"],
    ["the author's own", given([{ ...approved, author: AUTHOR }]), "pending", "missing"],
    ["a bot's", given([{ ...approved, author: { login: "ai[bot]", type: "Bot" } }]), "pending", "missing"],
    ["by an account that is gone", given([{ ...approved, author: null }]), "pending", "missing"],
    ["without write access", given([approved], { rita: person("triage") }), "pending", "missing"],
    [
      "by a contributor",
      {
        ...given([approved]),
        commits: known([
          commit({ message: `${MESSAGE}\nCo-authored-by: R <1+rita@users.noreply.github.com>` }),
        ]),
      },
      "pending",
      "missing",
    ],
    ["approved, then changes requested", given([approved, changes]), "violated", "changes-requested"],
    [
      "changes requested, then approved",
      given([changes, { ...approved, at: at("10:10:00") }]),
      "satisfied",
      "reviewed",
    ],
    [
      "changes requested by somebody without a say",
      given([changes], { rita: person("read") }),
      "pending",
      "missing",
    ],
    ["dismissed", given([{ ...changes, state: "dismissed" }]), "pending", "missing"],
    ["a comment is no review", given([{ ...approved, state: "commented" }]), "pending", "missing"],
    [
      "a permission that could not be read",
      given([approved], { rita: person("write", { access: unknown("the permission") }) }),
      "unknown",
      "unknown",
    ],
    [
      "changes requested by one whose permission could not be read, approved by another",
      given([{ ...changes, author: { login: "who", type: "User" } }, approved]),
      "unknown",
      "unknown",
    ],
    [
      "approved by two, one of whom could not be read",
      given([{ ...approved, author: { login: "who", type: "User" } }, approved]),
      "satisfied",
      "reviewed",
    ],
    ["the timeline is unknown", snapshot({ history: unknown("the timeline") }), "unknown", "unknown"],
    ["P0: owed after the merge", asP0(given([])), "satisfied", "owed"],
    ["P0: done already", asP0(given([approved])), "satisfied", "reviewed"],
    ["P0: changes requested block all the same", asP0(given([changes])), "violated", "changes-requested"],
  ])("%s", (_, one, state, code) => {
    expect(find(one)).toMatchObject({ state, code });
  });

  it("waits for the severity", () => {
    const none = { ...given([]), commits: known([commit({ message: "x" })]) };
    expect(find({ ...none, pullRequest: { ...none.pullRequest, labels: [] } })).toMatchObject({
      state: "not-applicable",
      code: "no-severity",
    });
  });

  it("is not asked for where the severity asks for none", () => {
    expect(find(given([]), { severities: { P1: { review: "none" } } })).toMatchObject({ code: "not-asked" });
  });
});
