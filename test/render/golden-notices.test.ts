import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../src/config/index.ts";
import { escalationOf } from "../../src/policy/escalation.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { AfterMerge } from "../../src/policy/landing/after-merge.ts";
import type { Policy } from "../../src/policy/policy.ts";
import { completenessOf } from "../../src/policy/post-mortem/completeness.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import { digestText, renderDigest, renderDigestIssue } from "../../src/render/digest.ts";
import { renderAnswer } from "../../src/render/gate/answers.ts";
import { renderCheck } from "../../src/render/gate/check.ts";
import { renderApprovalRequest, renderEscalation } from "../../src/render/gate/escalation.ts";
import { renderStatusComment } from "../../src/render/gate/status-comment.ts";
import { renderPostMortem } from "../../src/render/post-mortem/issue.ts";
import {
  renderCiFailed,
  renderItemsDue,
  renderLeftClosed,
  renderReminder,
  renderReopened,
  renderVerification,
} from "../../src/render/post-mortem/notices.ts";
import { updatedBody } from "../../src/render/post-mortem/update.ts";
import { mentionsOf } from "../../src/render/text/mention.ts";
import { at, HEAD, QUIET_SINCE, snapshot } from "../support/snapshot.ts";
import { DOCS, MERGES, SITUATIONS, type Situation } from "./situations.ts";

/**
 * What people read after the pull request is open: calls, reminders, answers, the queue, the issue's life.
 */

const golden = (name: string) => `__golden__/${name}.md`;
const all = (texts: Readonly<Record<string, string>>) =>
  Object.entries(texts)
    .map(([name, text]) => `# ${name}\n\n${text.trim()}\n`)
    .join("\n");

const jane = mentionsOf({ teams: [], users: ["jane"] }, "kamiyo");
const POLICY: Policy = {
  ...defaultPolicy(),
  roles: {
    ...defaultPolicy().roles,
    "on-call": { teams: ["on-call"], users: [], permission: "write" },
    "engineering-manager": { teams: [], users: ["jane", "john"], permission: "admin" },
  },
};

function open(more: Parameters<typeof snapshot>[0] = {}): Situation {
  const made = snapshot({
    observedAt: at("11:30:00"),
    roleHolders: { "engineering-manager": known(["jane", "john"]), cto: known(["carol"]) },
    ...more,
    pr: { labels: ["severity:P1"], ...more.pr },
    events: { labels: [], reviews: [] },
  });
  const verdict = evaluate(made, { state: "valid", policy: POLICY, source: "defaults" });
  return { snapshot: made, verdict, policy: POLICY };
}

function escalation({ snapshot, verdict, policy }: Situation): string {
  const due = escalationOf(snapshot, verdict, policy, () => false);
  if (due === null) throw new Error("nothing is due");
  return renderEscalation(due, snapshot, verdict, policy).body;
}

it("calls", async () => {
  const nobody = open({ roleHolders: { "engineering-manager": known(["john"]), cto: known([]) } });
  const ask = {
    role: "engineering-manager",
    reviewers: ["jane"],
    teams: [],
    voucher: { login: "rita", how: "labeled" as const },
  };
  const { snapshot, verdict } = open();
  const texts = {
    "an approval is waited for": escalation(open()),
    "no eligible approver": escalation(nobody),
    "other rules failed as well": escalation(open({ pr: { title: "Stripe fix" } })),
    "asked by a comment": renderApprovalRequest(ask, snapshot, verdict).body,
  };
  await expect(all(texts)).toMatchFileSnapshot(golden("notices-calls"));
});

const AFTER: AfterMerge = {
  ...QUIET_SINCE,
  deployed: known({ at: at("10:40:00"), by: "john", detail: "production" }),
  verified: { at: at("10:55:00"), by: "jane", detail: "" },
  backMerges: { develop: known(false) },
};

function factsOf({ snapshot, verdict, policy }: Situation, after: AfterMerge | null = null) {
  const facts = postMortemFacts(snapshot, verdict, policy, after);
  if (facts === null) throw new Error("not landed");
  return facts;
}

describe("post-mortems", () => {
  const opened = renderPostMortem(factsOf(MERGES.ready()), {}).body;
  const { missing } = completenessOf({
    body: opened,
    assignees: [],
    ownForm: false,
    reviewOwed: known(true),
    backMerges: { develop: known(false) },
  } as never);

  it("notices", async () => {
    const context = { due: at("10:30:00"), missing: [], calls: jane, escalatedTo: null };
    const reminder = (left: number) => ({ id: `${left}`, left, at: 0 });
    const deployed = { at: at("10:40:00"), by: "john", detail: "production" };
    const item = (text: string, left: number) => ({
      reminder: { key: text, left, item: { text, due: "2025-10-20" } } as never,
      calls: jane,
    });
    const few = missing.slice(0, 3);
    const texts = {
      "due in 4 h": renderReminder(reminder(4 * 3_600_000), { ...context, missing }).body,
      "due now": renderReminder(reminder(0), { ...context, missing: few }).body,
      overdue: renderReminder(reminder(-24 * 3_600_000), { ...context, missing: few, escalatedTo: ["cto"] })
        .body,
      "due, nothing missing": renderReminder(reminder(3_600_000), context).body,
      reopened: renderReopened(few, at("11:00:00"), {
        by: "john",
        overrideRoles: ["engineering-manager", "cto"],
      }).body,
      "reopened, by nobody known": renderReopened(few.slice(0, 1), at("11:00:00"), {
        by: null,
        overrideRoles: ["cto"],
      }).body,
      "closed again and again": renderLeftClosed(few, at("11:00:00"), {
        by: "john",
        due: at("10:30:00"),
        againAt: at("23:00:00"),
        calls: jane,
      }).body,
      "verify now": renderVerification(
        { reminder: { id: "900" } as never, checks: ["immediate"] },
        {
          deployed,
          since: 900_000,
          kinds: [{ kind: "payment", items: ["Send test Stripe webhook"] }],
          calls: jane,
        },
      ).body,
      "verify, late": renderVerification(
        { reminder: { id: "3600" } as never, checks: ["immediate", "short-term"] },
        { deployed: { ...deployed, detail: "" }, since: 3_600_000, kinds: [], calls: [] },
      ).body,
      "CI failed": renderCiFailed(
        [{ name: "test (20)", at: at("10:45:00"), url: "https://github.example/run/1", passedAt: null }],
        { sha: "d".repeat(40), base: "main" },
        jane,
      ).body,
      "an action item": renderItemsDue([item("Add a test for empty signatures", 86_400_000)]).body,
      "action items": renderItemsDue([item("Add a test", 0), item("Alert on 5xx", 0)]).body,
    };
    await expect(all(texts)).toMatchFileSnapshot(golden("notices-post-mortem"));
  });

  const pushed: Partial<PullRequestSnapshot> = {
    origin: {
      kind: "push",
      push: { branch: "main", before: "b".repeat(40), after: "d".repeat(40) } as never,
    },
  };
  const early = known({
    at: at("10:05:00"),
    environment: "production",
    by: { login: "john", type: "User" as const },
    sha: HEAD,
    gate: known("failure"),
  });
  const seen = ({ snapshot, policy }: Situation, more: Partial<PullRequestSnapshot>): Situation => {
    const made = { ...snapshot, ...more };
    return {
      snapshot: made,
      policy,
      verdict: evaluate(made, { state: "valid", policy, source: "defaults" }),
    };
  };
  const cases: Readonly<Record<string, () => string>> = {
    "in-work": () => {
      const there = opened.replace(/_TODO: the conditions that allowed it_/, "A library was updated");
      const backMerges = { branches: { ...defaultPolicy().branches, back_merge: ["develop"] } };
      const ready = MERGES.ready();
      return updatedBody(
        there,
        factsOf({ ...ready, policy: { ...ready.policy, ...backMerges } }, AFTER),
        true,
      );
    },
    "rolled-back": () =>
      updatedBody(
        opened,
        factsOf(MERGES.ready(), {
          ...AFTER,
          verified: null,
          rolledBack: known({ at: at("11:10:00"), by: "jane", detail: "eeeeeee" }),
          landedWithout: known(["Impact", "Tested"]),
          gateAtMerge: known("failure"),
        }),
        true,
      ),
    pushed: () => renderPostMortem(factsOf(seen(MERGES.ready(), pushed)), {}).body,
    early: () => renderPostMortem(factsOf(seen(SITUATIONS.waiting(), { deployedEarly: early })), {}).body,
    unread: () =>
      renderPostMortem(
        factsOf(
          seen(MERGES.ready(), {
            commits: unknown("the commits: GitHub answered 502"),
            history: unknown("the timeline: GitHub answered 502"),
          }),
        ),
        {},
      ).body,
  };
  // Down to the form that is the same for all.
  const head = (body: string) => `${body.slice(0, body.indexOf('<a name="prevention">'))}`;
  for (const [name, body] of Object.entries(cases))
    it(name, async () => {
      const text = body();
      const gate = text.slice(text.indexOf("## Approvals and Exceptions"), text.indexOf("## Metrics"));
      const items = text.slice(
        text.indexOf("<!-- hotfix-guard:begin items"),
        text.indexOf("<!-- hotfix-guard:end items"),
      );
      await expect(`${head(text)}${items}\n${gate}`).toMatchFileSnapshot(golden(`post-mortem-${name}`));
    });
});

it("the status comment, once it is over", async () => {
  const { snapshot, verdict, policy } = MERGES.ready();
  const there = { number: 57, url: "https://github.example/kamiyo/api/issues/57", repository: "kamiyo/api" };
  const end = { closedAt: "2025-10-15T09:00:00Z", onTime: true, complete: true };
  const comment = (more: object) =>
    renderStatusComment(snapshot, verdict, policy, { docsUrl: DOCS, ...more });
  const unmerged = (more: Partial<PullRequestSnapshot["pullRequest"]>) => {
    const { snapshot, verdict, policy } = SITUATIONS.waiting();
    const made = { ...snapshot, pullRequest: { ...snapshot.pullRequest, ...more } };
    return renderStatusComment(made, verdict, policy, { docsUrl: DOCS });
  };
  const texts = {
    "the post-mortem opens": comment({}),
    complete: comment({ postMortem: { ...there, end } }),
    "complete, late": comment({ postMortem: { ...there, end: { ...end, onTime: false } } }),
    unfinished: comment({ postMortem: { ...there, end: { ...end, complete: false } } }),
    "it could not be opened": comment({
      postMortem: { problem: "the post-mortem issue: issues are turned off in this repository" },
    }),
    "it is gone": comment({ postMortem: { problem: "was deleted", lost: "kamiyo/api#57" } }),
    "closed without a merge": unmerged({ state: "closed" }),
  };
  await expect(all(texts)).toMatchFileSnapshot(golden("comments-over"));
});

it("the queue and the freeze", async () => {
  const { snapshot, verdict } = SITUATIONS.ordinary();
  const one = { number: 42, url: snapshot.pullRequest.url, verdict };
  const hotfix = { number: 41, url: "https://github.example/kamiyo/api/pull/41", base: "main" };
  const frozen = (more: object, context = {}) => {
    const { title, summary, conclusion, status } = renderCheck([one], {
      docsUrl: DOCS,
      frozen: { hotfix, roles: ["engineering-manager", "cto"], ...more },
      ...context,
    });
    return `**${title}** (${conclusion ?? status})\n\n${summary}`;
  };
  const refused = { kind: "unfreeze-refused", by: "john", refusal: "not-in-role" } as const;
  const texts = {
    frozen: frozen({}),
    "frozen, and nobody can end it": frozen({ roles: [] }),
    "a queue's group ahead of the hotfix": frozen({ inTheWay: true }, { mergeGroup: true }),
    unfrozen: renderAnswer(
      { kind: "unfrozen", base: "main", by: "jane", reason: "the release has to go out" },
      1,
    ).body,
    "unfreeze refused": renderAnswer({ ...refused, roles: ["cto"] }, 2).body,
    "nothing is frozen": renderAnswer({ kind: "nothing-frozen", why: "over" }, 3).body,
    "not configured": renderAnswer({ kind: "nothing-frozen", why: "not-configured" }, 4).body,
  };
  await expect(all(texts)).toMatchFileSnapshot(golden("notices-queue"));
});

it("answers after the merge", async () => {
  const postMortem = { number: 57, url: "https://github.example/kamiyo/api/issues/57" };
  const not = { kind: "not-counted", roles: ["cto"], postMortem } as const;
  const texts = {
    verified: renderAnswer({ kind: "verified", merged: true, postMortem }, 1).body,
    "not merged yet": renderAnswer({ kind: "verified", merged: false, postMortem: null }, 2).body,
    edited: renderAnswer({ ...not, command: "verified", refusal: "edited" }, 3).body,
    "no write access": renderAnswer({ ...not, command: "rollback", refusal: "no-write-access" }, 4).body,
    "not in role": renderAnswer({ ...not, command: "override-post-mortem", refusal: "not-in-role" }, 5).body,
    "not here": renderAnswer({ ...not, command: "override-post-mortem", refusal: "not-here" }, 6).body,
    unfinished: renderAnswer(
      { kind: "post-mortem-overridden", by: "carol", reason: "the service is gone" },
      7,
    ).body,
    "too late": renderAnswer({ kind: "too-late", merged: true }, 8).body,
    "not on the issue": renderAnswer({ kind: "too-late", merged: false }, 9).body,
    "no hotfix": renderAnswer({ kind: "nothing-to-roll-back", merged: true }, 10).body,
  };
  await expect(all(texts)).toMatchFileSnapshot(golden("answers-after-merge"));
});

it("the digest", async () => {
  const digest = {
    about: "kamiyo/api",
    week: "2025-10-19",
    lines: ["Hotfixes: 3 (1 P0, 2 P1), was 2 the week before", "Rolled back: 1, was 0 the week before"],
    postMortems: [{ title: "Post-mortem: Fix login (#40)", url: "https://github.example/i/50" }],
    items: [{ text: "Alert on 5xx", due: "2025-10-17", url: "https://github.example/i/50" }],
  };
  const { title, body } = renderDigestIssue();
  const quiet = { ...digest, lines: ["Hotfixes: 0, was 2 the week before"], postMortems: [], items: [] };
  const texts = {
    "the issue": `**${title}**\n\n${body}`,
    "a week": renderDigest(digest).body,
    "a quiet week": renderDigest(quiet).body,
    "on Slack": digestText(digest),
  };
  await expect(all(texts)).toMatchFileSnapshot(golden("digest"));
});
