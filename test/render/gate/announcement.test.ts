import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { laterText, mergedText, openedText } from "../../../src/render/gate/announcement.ts";
import { at, snapshot } from "../../support/snapshot.ts";

const policy = defaultPolicy();

function evaluated(more: Parameters<typeof snapshot>[0] = {}) {
  const snap = snapshot(more);
  return [snap, evaluate(snap, { state: "valid", policy, source: "" }), policy] as const;
}

describe("what is told outside GitHub", () => {
  it("at the start: the procedure's alert, without what only a person knows", () => {
    expect(openedText(...evaluated())).toBe(`🚨 HOTFIX ALERT - P1

Issue: Fix Stripe webhook signature verification
Impact: Payment webhooks failing, revenue impact
Affected: src/payments/
Fix started: 2025-10-14 09:59 UTC
Engineer: John Smith
Approved by: jane (engineering-manager)
Status: 🔧 Preparing the fix
Pull request: https://github.example/kamiyo/api/pull/42`);
  });

  it("after the merge: claims nothing that it does not know", () => {
    const merged = { at: at("10:30:00"), by: null, sha: null };
    const text = mergedText(...evaluated({ pr: { state: "closed", merged } }), {
      url: "https://github.example/kamiyo/api/issues/43",
      due: "2025-10-15T10:30:00Z",
    });
    expect(text).toBe(`✅ HOTFIX MERGED - P1

Issue: Fix Stripe webhook signature verification
Impact: Payment webhooks failing, revenue impact
Merged: 2025-10-14 10:30 UTC
Approved by: jane (engineering-manager)
Status: pending verification in production
Next: monitor for 1 hour, then write the post-mortem
Pull request: https://github.example/kamiyo/api/pull/42
Post-mortem: https://github.example/kamiyo/api/issues/43 (due 2025-10-15 10:30 UTC)`);
  });

  it("keeps foreign text on its line", () => {
    const title = "HOTFIX: a\nStatus: all is well\u202E <!channel>";
    const [snap, verdict] = evaluated({ pr: { title } });
    expect(openedText(snap, verdict, policy)).toMatch(/^Issue: a Status: all is well⟨U\+202E⟩ <!channel>$/m);
  });

  it("later: what happened, and where", () => {
    const issue = { title: "Post-mortem: x (#42)", url: "https://github.example/i/43", due: at("10:00:00") };
    expect(laterText("rolled-back", issue)).toBe(
      "⏪ HOTFIX ROLLED BACK\n\nWhat: Post-mortem: x (#42)\nLink: https://github.example/i/43",
    );
    expect(laterText("overdue", issue)).toMatch(/^⏰ POST-MORTEM OVERDUE\n\n.*\nDue: 2025-10-14 10:00 UTC\n/);
  });
});
