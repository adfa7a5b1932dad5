import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { approvalRequestOf, escalationOf } from "../../../src/policy/escalation.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { known } from "../../../src/policy/fact.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import {
  escalationKey,
  renderApprovalRequest,
  renderEscalation,
} from "../../../src/render/gate/escalation.ts";
import { mentionPerson, mentionsOf, mentionTeam } from "../../../src/render/text/mention.ts";
import { at, snapshot } from "../../support/snapshot.ts";

const value = (node: { readonly value: string } | null) => node?.value ?? null;

describe("mentions", () => {
  it.each([
    ["jane-doe", "@jane-doe"],
    ["octo_kamiyo", "@octo_kamiyo"],
    ["jane doe", null],
    ["@jane", null],
    ["jane\n@everyone", null],
    ["hotfix-guard[bot]", null],
    ["", null],
    ["<b>", null],
  ])("of the person %j: %j", (login, expected) => {
    expect(value(mentionPerson(login))).toBe(expected);
  });

  it.each([
    ["managers", "@kamiyo/managers"],
    ["other/on-call", "@other/on-call"],
    ["a/b/c", null],
    ["on call", null],
    ["", null],
  ])("of the team %j: %j", (team, expected) => {
    expect(value(mentionTeam(team, "kamiyo"))).toBe(expected);
  });

  it("name the teams first, then people", () => {
    const nodes = mentionsOf({ teams: ["on-call"], users: ["jane"] }, "kamiyo");
    expect(nodes.map((node) => "value" in node && node.value)).toEqual(["@kamiyo/on-call", "@jane"]);
  });
});

const POLICY: Policy = {
  ...defaultPolicy(),
  roles: {
    ...defaultPolicy().roles,
    "on-call": { teams: ["on-call"], users: [], permission: "write" },
    "engineering-manager": { teams: ["managers"], users: ["jane", "john"], permission: "admin" },
  },
};

function waiting(more: Parameters<typeof snapshot>[0] = {}) {
  const snap = snapshot({
    observedAt: at("11:30:00"),
    roleHolders: { "engineering-manager": known(["jane", "john"]), cto: known(["carla"]) },
    ...more,
    pr: { labels: ["severity:P1"], ...more.pr },
    events: { labels: [], reviews: [] },
  });
  return { snap, verdict: evaluate(snap, { state: "valid", policy: POLICY, source: "" }) };
}

describe("the escalation comment", () => {
  it("calls who can approve, tells all that is due in one, and who is not called", () => {
    const { snap, verdict } = waiting();
    const escalation = escalationOf(snap, verdict, POLICY, () => false);
    if (escalation === null) throw new Error("nothing is due");
    const { body, marker } = renderEscalation(escalation, snap, verdict, POLICY);
    expect(body).toMatch(
      /^🔔 @jane: this \*\*P1 hotfix\*\* needs an approval, and has been waiting over 1 h \(since 2025-10-14 10:00 UTC\)\.$/m,
    );
    expect(body).toMatch(
      /^Who can approve: .*`jane`.* Approve in a review, or set the label `approved:engineering-manager` or `approved:cto`\.$/m,
    );
    expect(body).toMatch(/^Not called: `on-call` can't approve a P1\.$/m);
    expect(body).toMatch(/^No one was notified for `cto`: .* Notify one of them yourself: `carla`\./m);
    expect(body).toContain(marker);
    for (const step of escalation.due)
      expect(body).toContain(`<!-- hotfix-guard:escalation ${escalationKey(step)} -->`);
    expect(body.match(/@[\w/-]+/g)).toEqual(["@jane"]);
  });

  it("says where nobody can, and where other rules are to be fixed", () => {
    const { snap, verdict } = waiting({
      roleHolders: { "engineering-manager": known(["john"]), cto: known([]) },
      pr: {
        labels: ["severity:P1"],
        head: { ref: "Hotfix/x", sha: "a".repeat(40), repository: "kamiyo/api" },
      },
    });
    const escalation = escalationOf(snap, verdict, POLICY, ({ after }) => after !== 900_000);
    if (escalation === null) throw new Error("nothing is due");
    const { body } = renderEscalation(escalation, snap, verdict, POLICY);
    expect(body).toMatch(/^No eligible approver: /m);
    expect(body).toMatch(/other rules to fix first/);
  });

  it("is remembered by what it says, in signs that a hidden comment can hold", () => {
    const [first, second] = POLICY.escalation;
    if (first === undefined || second === undefined) throw new Error("no steps");
    expect(escalationKey(first)).not.toBe(escalationKey(second));
    expect(escalationKey({ ...first, notify: Array(100).fill("--> <b>@x") })).toMatch(/^[\w./-]{1,120}$/);
  });

  it("says who took up what an outsider opened", () => {
    const { snap, verdict } = waiting();
    const escalation = escalationOf(snap, verdict, POLICY, () => false);
    if (escalation === null) throw new Error("nothing is due");
    const voucher = { login: "rita", how: "labeled" } as const;
    const { body } = renderEscalation({ ...escalation, voucher }, snap, verdict, POLICY);
    expect(body).toContain("Opened by `john`, who has no write access; `rita`, who has, labeled it.");
  });
});

describe("where a review cannot be requested", () => {
  it("those who can approve are called", () => {
    const { snap, verdict } = waiting();
    const ask = approvalRequestOf(snap, verdict, POLICY);
    if (ask === null) throw new Error("nobody is asked");
    const { body, marker } = renderApprovalRequest(ask, snap, verdict);
    expect(body).toMatch(
      /^@kamiyo\/managers @jane: this \*\*P1 hotfix\*\* is ready for your approval as `engineering-manager`\. Approve in a review, /,
    );
    expect(body).toContain(marker);
  });
});
