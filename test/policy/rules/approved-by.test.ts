import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import { findingOf } from "../../support/example.ts";
import { commit, person, snapshot } from "../../support/snapshot.ts";

const JANE = { name: "Maria Meyer", email: null };
/** The finding where jane, an engineering manager by permission, has set her label. */
const find = (
  value: string | null,
  more: Parameters<typeof snapshot>[0] = {},
  profile = known(JANE) as typeof unread | ReturnType<typeof known<typeof JANE>>,
) =>
  findingOf(
    "approved-by",
    snapshot({
      commits: known([
        commit({ message: value === null ? "HOTFIX: x" : `HOTFIX: x\n\nApproved-By: ${value}` }),
      ]),
      people: { john: person("write"), jane: person("admin", { profile }), rita: person("write") },
      ...more,
    }),
  );
const unread = unknown("the profile of jane: 502");
const UNAPPROVED = { pr: { labels: ["severity:P1"] }, events: { labels: [] } };

describe("approved-by", () => {
  it.each<[string | null, string, string]>([
    ["jane", "satisfied", "ok"],
    ["@Jane", "satisfied", "ok"],
    ["Maria Meyer", "satisfied", "ok"],
    ["maria meyer (CTO)", "satisfied", "ok"],
    ["Maria", "violated", "somebody-else"],
    ["Engineering Manager", "satisfied", "ok"],
    ["engineering-manager, by telephone", "satisfied", "ok"],
    ["pending", "satisfied", "pending"],
    ["Pending (asked)", "satisfied", "pending"],
    ["Rita", "violated", "somebody-else"],
    ["Janet Doe", "violated", "somebody-else"],
    ["the CTO", "violated", "somebody-else"],
    ["the director", "violated", "somebody-else"],
    ["john", "violated", "somebody-else"],
    [null, "not-applicable", "no-field"],
    ["", "not-applicable", "no-field"],
    ["[Manager name]", "not-applicable", "no-field"],
    ["TBD", "not-applicable", "no-field"],
  ])("%j: %s, %s", (value, state, code) => expect(find(value)).toMatchObject({ state, code }));

  it("says who did approve", () => {
    expect(find("Rita").data).toEqual({ named: "Rita", approvers: ["jane (engineering-manager)"] });
  });

  it("waits while nobody has approved", () => {
    expect(find("Jane Doe", UNAPPROVED)).toMatchObject({ state: "not-applicable", code: "nobody-yet" });
    expect(find("pending", UNAPPROVED)).toMatchObject({ state: "satisfied", code: "pending" });
  });

  it.each([
    ["the commits", "Jane", { commits: unknown("commits: 502") }, "commits: 502"],
    ["the timeline", "Rita", { history: unknown("timeline: 502") }, "timeline: 502"],
  ])("is unknown without %s", (_, value, facts, reason) => {
    expect(find(value, facts)).toMatchObject({ state: "unknown", data: { reason } });
  });

  it("is unknown where only a profile could tell, and it was not read", () => {
    expect(find("Maria Meyer", {}, unread)).toMatchObject({
      state: "unknown",
      data: { reason: unread.reason },
    });
    expect(find("jane", {}, unread)).toMatchObject({ code: "ok" });
    expect(find("the CTO", {}, unread)).toMatchObject({ state: "unknown" });
  });
});
