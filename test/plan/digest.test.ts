import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { planDigest } from "../../src/plan/digest.ts";
import { DIGEST_ISSUE } from "../../src/policy/digest.ts";

const POLICY = defaultPolicy();
const to = (where: "issue" | "slack" | null) => ({
  ...POLICY,
  digest: { ...POLICY.digest, to: where },
});
const DIGEST = {
  about: "kamiyo/api",
  week: "2026-11-30",
  lines: ["Hotfixes: 2 (1 P0, 1 P1), was 1 the week before"],
  postMortems: [{ title: "Fix @jane's | <b>thing</b>", url: "https://github.example/kamiyo/api/issues/57" }],
  items: [{ text: "Alert @john", due: "2026-11-20", url: "https://github.example/kamiyo/api/issues/57" }],
};

describe("a week's digest", () => {
  it("is one comment on the one issue; foreign text mentions nobody", () => {
    const { actions, announcements, remember } = planDigest(DIGEST, to("issue"), "told");
    expect(actions).toMatchObject([
      {
        type: "post-digest",
        marker: "<!-- hotfix-guard:digest 2026-11-30 -->",
        issue: { marker: DIGEST_ISSUE, title: expect.stringMatching(/digest/i) },
      },
    ]);
    expect(remember).toEqual([{ list: "told", key: "told" }]);
    const [action] = actions;
    const body = action?.type === "post-digest" ? action.body : "";
    expect(body).toContain("Hotfixes: 2 (1 P0, 1 P1), was 1 the week before");
    expect(body.replace(/`[^`]*`/g, "")).not.toMatch(/@|<b>/);
    expect(announcements).toEqual([]);
  });

  it("is told to Slack only with the comment that is new", () => {
    const { actions, announcements } = planDigest(DIGEST, to("slack"), "told");
    expect(announcements).toMatchObject([{ ifNew: actions[0] }]);
    expect(announcements[0]?.text).toContain("Overdue: 1 post-mortem, 1 action item");
  });

  it("is none where there is nothing to tell, or nobody wants one", () => {
    for (const plan of [planDigest(null, to("issue"), "told"), planDigest(DIGEST, to(null), "told")])
      expect([plan.actions, plan.announcements, plan.remember]).toEqual([
        [],
        [],
        [{ list: "told", key: "told" }],
      ]);
  });
});
