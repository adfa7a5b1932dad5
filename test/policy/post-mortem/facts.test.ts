import { describe, expect, it } from "vitest";
import { postMortemFacts, withoutPrefix } from "../../../src/policy/post-mortem/facts.ts";
import { issueKinds } from "../../../src/policy/post-mortem/kinds.ts";
import { detectedTime } from "../../../src/policy/post-mortem/written.ts";
import { MERGES, SITUATIONS } from "../../render/situations.ts";
import { QUIET_SINCE } from "../../support/snapshot.ts";

const KINDS = ["payment", "auth", "api", "database", "search"];

describe("facts of a post-mortem", () => {
  it("are none before the merge", () => {
    const { snapshot, verdict, policy } = SITUATIONS.ready();
    expect(postMortemFacts(snapshot, verdict, policy)).toBeNull();
  });

  it("of the procedure's example", () => {
    const { snapshot, verdict, policy } = MERGES.ready();
    expect(postMortemFacts(snapshot, verdict, policy)).toMatchObject({
      title: "Fix Stripe webhook signature verification",
      due: "2025-10-15T10:30:00Z",
      approval: "valid",
      reviewOwed: false,
      labels: ["post-mortem", "severity:P1"],
      assignees: ["john", "jane"],
      checklists: [{ kind: "payment" }],
      metrics: {
        time_to_approval: 600,
        time_to_review: 480,
        time_to_merge: 1800,
        time_to_fix: 3600,
        late: false,
      },
    });
  });

  it("whom it is assigned to, and which labels it has besides, are the configuration's", () => {
    const { snapshot, verdict, policy } = MERGES.ready();
    const post_mortem = { ...policy.post_mortem, assign: ["approver" as const], labels: ["incident"] };
    expect(postMortemFacts(snapshot, verdict, { ...policy, post_mortem })).toMatchObject({
      labels: ["post-mortem", "severity:P1", "incident"],
      assignees: ["jane"],
    });
  });

  it("of a merge without a valid approval", () => {
    const { snapshot, verdict, policy } = MERGES["without-approval"]();
    expect(postMortemFacts(snapshot, verdict, policy)).toMatchObject({
      approval: "missing",
      reviewOwed: true,
      assignees: ["john"],
      overrides: [{ rule: "scope", by: "jane" }],
      violations: [{ rule: "approval" }],
      metrics: { detected_at: "2025-10-14T09:05:00Z", late: true, approval_valid: false, overrides: 1 },
    });
  });

  it.each([
    ["the approver has left the role since", "not-in-role", true, "valid"],
    ["the approver's account is gone", "actor-gone", true, "valid"],
    ["it was taken away before the merge, and people say otherwise", null, true, "missing"],
    ["a push had ended it, and people say otherwise", "before-head", true, "missing"],
    ["it was found missing right after the merge", "not-in-role", false, "missing"],
  ])(
    "an approval that does not hold now, with a gate that had passed: %s",
    (_, code, approval_valid, expected) => {
      const { snapshot, verdict, policy } = MERGES["without-approval"]();
      const refused = {
        by: "label",
        login: "jane",
        role: "cto",
        at: "2025-10-14T10:10:00Z",
        labelIsOn: true,
      } as const;
      const approvals = { ...verdict.approvals, refused: code === null ? [] : [{ ...refused, code }] };
      const written = { began: null, detected: null, metrics: { approval_valid } };
      const facts = postMortemFacts(snapshot, { ...verdict, approvals }, policy, QUIET_SINCE, written);
      expect(facts?.approval).toBe(expected);
    },
  );

  it("the review that counts is of the merged commits, whether it approves or reviews", () => {
    const { snapshot, verdict, policy } = MERGES.ready();
    const { history } = snapshot;
    if (!history.known) throw new Error("the example has changed");
    const [counts] = history.value.reviews;
    if (counts === undefined) throw new Error("the example has changed");
    const early = { ...counts, commit: "e".repeat(40), at: "2025-10-14T10:01:00Z" };
    const reviewed = (...reviews: readonly (typeof counts)[]) =>
      postMortemFacts(
        { ...snapshot, history: { known: true, value: { ...history.value, reviews } } },
        verdict,
        policy,
      )?.metrics.reviewed_at;
    expect(reviewed(early, counts)).toBe(counts.at);
    expect(reviewed(early)).toBeNull();
    expect(reviewed({ ...counts, author: snapshot.pullRequest.author })).toBeNull();
  });

  it.each([
    ["HOTFIX: Fix it", "Fix it"],
    ["hotfix(api): Fix it", "Fix it"],
    ["[HOTFIX] Fix it", "Fix it"],
    ["Hotfix for it", "Hotfix for it"],
    ["HOTFIX:", "HOTFIX:"],
  ])("title %s", (title, short) => expect(withoutPrefix(title)).toBe(short));

  it.each([
    ["2025-10-14 09:05", "2025-10-14T09:05:00Z"],
    ["2025-10-14T09:05:30Z", "2025-10-14T09:05:30Z"],
    ["2025-10-14 09:05 +02:00", "2025-10-14T07:05:00Z"],
    ["2025-13-14 09:05", null],
    ["this morning", null],
  ])("detected %s", (text, time) => expect(detectedTime(text)).toBe(time));

  it.each([
    [{ labels: ["type: payments"], components: [], paths: ["src/auth/x.py"] }, ["payment"]],
    [{ labels: ["bug"], components: ["search"], paths: [] }, ["search"]],
    [{ labels: ["bug"], components: [], paths: ["src/db/login.sql"] }, ["auth", "database"]],
    [{ labels: ["capital"], components: [], paths: ["src/theme.css"] }, []],
  ])("kinds of %j", (evidence, kinds) => expect(issueKinds(evidence, KINDS)).toEqual(kinds));
});
