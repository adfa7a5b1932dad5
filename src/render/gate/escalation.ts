import type { PhrasingContent, RootContent } from "mdast";
import { type PassedOver, whoIsCalled } from "../../policy/called.ts";
import { readHotfixCommit } from "../../policy/commit-message/hotfix-commit.ts";
import { isMissing } from "../../policy/commit-message/left-over.ts";
import type { Ask, Escalation } from "../../policy/escalation.ts";
import type { EscalationStep, Policy } from "../../policy/policy.ts";
import { responseTime } from "../../policy/response-time.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import { type Voucher, voucherOf } from "../../policy/vouching.ts";
import { bold, html, type Inline, inline, link, listed, p } from "../text/markdown.ts";
import { hiddenMarker } from "../text/marker.ts";
import { mentionsOf } from "../text/mention.ts";
import { code, prose } from "../text/neutralize.ts";
import { BODY_LIMIT, fitted } from "../text/size.ts";
import { duration, time } from "../text/time.ts";
import { approvalLabels, whoCan } from "./approvals.ts";

/** A comment that is posted once: `marker` is in its body. */
export interface Notice {
  readonly marker: string;
  readonly body: string;
}

/**
 * What a step is remembered by: a step that the configuration adds is told, the others are not told again.
 */
export function escalationKey({ after, notify }: EscalationStep): string {
  return `${after / 1_000}s/${notify.join(".").slice(0, 100)}`.replace(/[^\w./-]/g, "_");
}

/**
 * One comment for all steps that are due: who is called, how long it has waited, who can approve, and how.
 */
export function renderEscalation(
  { due, since, voucher }: Escalation,
  snapshot: PullRequestSnapshot,
  verdict: Verdict,
  policy: Policy,
): Notice {
  const { pullRequest, repository } = snapshot;
  const roles = [...new Set(due.flatMap(({ notify }) => notify))];
  const { people, passedOver } = whoIsCalled(roles, snapshot, verdict, policy);
  const called = people.flatMap((some) => mentionsOf(some, repository.owner));
  const waited = Math.max(0, ...due.map(({ after }) => after));
  const what = inline("this ", bold(`${verdict.severity} hotfix`), " needs an approval");
  const forHow = waited < 60_000 ? "" : `, and has been waiting over ${duration(waited)}`;
  const nodes: RootContent[] = [
    p(
      "🔔 ",
      ...(called.length === 0 ? ["Attention: "] : [...spaced(called), ": "]),
      what,
      forHow,
      " (since ",
      time(since),
      ").",
    ),
    p(
      ...(verdict.approvals.nobodyCan
        ? [
            "No eligible approver: everyone with a role worked on this hotfix or lacks write access. An administrator can add someone to ",
            listed(
              verdict.approvals.roles.map((role) => code(role)),
              "or",
            ),
            ".",
          ]
        : [
            "Who can approve: ",
            whoCan(verdict.approvals),
            ". Approve in a review, or set the label ",
            approvalLabels(verdict.approvals.roles),
            ".",
          ]),
      ...otherwise(verdict, pullRequest.url),
      ...onWhoseWord(voucher, pullRequest.author?.login ?? null),
    ),
    ...stakes(snapshot, verdict, policy),
    ...passedOver.map((one) => p(...notCalled(one, verdict))),
  ];
  const markers = due.map((step) => hiddenMarker("escalation", escalationKey(step)));
  return {
    marker: markers[0] ?? "",
    body: fitted(
      nodes,
      BODY_LIMIT,
      markers.map((marker) => html(marker)),
    ),
  };
}

/** What is at stake, and until when: the impact as the hotfix commit says it, and the target. */
function stakes(snapshot: PullRequestSnapshot, verdict: Verdict, policy: Policy): RootContent[] {
  const commit = readHotfixCommit(snapshot, policy);
  const impact = commit.known ? commit.value?.message.fields.Impact : undefined;
  const response = responseTime(snapshot, verdict.severity, policy);
  const parts: Inline[] = [
    ...(impact === undefined || isMissing("Impact", impact)
      ? []
      : [inline(bold("Impact:"), " ", prose(impact), ".")]),
    ...(response === null
      ? []
      : [
          inline(
            bold(response.state === "missed" ? "Merge was due by" : "Merge by"),
            " ",
            time(response.dueAt),
            ".",
          ),
        ]),
  ];
  return parts.length === 0 ? [] : [p(...parts.flatMap((part, i) => (i === 0 ? [part] : [" ", part])))];
}

/** Where a review cannot be requested of those who can approve: a comment that calls them, once. */
export function renderApprovalRequest(
  { role, reviewers, teams, voucher }: Ask,
  { repository, pullRequest }: PullRequestSnapshot,
  verdict: Verdict,
): Notice {
  const marker = hiddenMarker("asked", pullRequest.createdAt);
  const called = mentionsOf({ teams, users: reviewers }, repository.owner);
  const nodes = [
    p(
      ...spaced(called),
      ": this ",
      bold(`${verdict.severity} hotfix`),
      " is ready for your approval as ",
      code(role),
      ". Approve in a review, or set the label ",
      approvalLabels(verdict.approvals.roles),
      ".",
      ...onWhoseWord(voucher, pullRequest.author?.login ?? null),
    ),
  ];
  return { marker, body: fitted(nodes, BODY_LIMIT, [html(marker)]) };
}

/** Where the author may not write: who took the pull request up, so that people are called for it. */
function onWhoseWord({ login, how }: Voucher, author: string | null): Inline[] {
  if (how === "opened") return [];
  const did = { labeled: "labeled", reviewed: "reviewed", commanded: "commented on" }[how];
  return [
    " Opened by ",
    author === null ? "an account that is gone" : code(author),
    ", who has no write access; ",
    code(login),
    `, who has, ${did} it.`,
  ];
}

/**
 * Why nobody is called for an outsider's hotfix, and how somebody would be; `null`: people are called, or it
 * is not known.
 */
export function nobodyCalled(snapshot: PullRequestSnapshot, policy: Policy): Inline[] | null {
  const { author, draft } = snapshot.pullRequest;
  const voucher = voucherOf(snapshot);
  if (policy.mode !== "enforce" || draft || !voucher.known || voucher.value !== null) return null;
  return [
    "No one was notified: ",
    author === null ? "its author" : code(author.login),
    " has no write access. Anyone with write access can take it up: with a label, a review or ",
    code("/hotfix recheck"),
    ".",
  ];
}

function notCalled({ role, why }: PassedOver, { severity, approvals }: Verdict): Inline[] {
  if (why === "cannot-approve") return ["Not called: ", code(role), ` can't approve a ${severity}.`];
  if (why === "nobody-eligible")
    return ["Not called: everyone in ", code(role), " worked on this hotfix or lacks write access."];
  const holders = approvals.holders[role] ?? [];
  return [
    "No one was notified for ",
    code(role),
    ": the configuration lists no team or user for it. ",
    holders.length === 0
      ? "Notify them yourself."
      : inline(
          "Notify one of them yourself: ",
          listed(
            holders.map((login) => code(login)),
            "or",
          ),
          ".",
        ),
    " To have them notified automatically, list teams or users under ",
    code(`roles.${role}`),
    " in ",
    code(".github/hotfix.yml"),
    ".",
  ];
}

/** What else is missing stands in the check. */
function otherwise({ wouldBe }: Verdict, url: string): Inline[] {
  if (wouldBe !== "failure") return [];
  return [
    " The author has other rules to fix first: see the check ",
    link(`${url}/checks`, "hotfix-gate"),
    ".",
  ];
}

function spaced(mentions: readonly PhrasingContent[]): Inline[] {
  return mentions.flatMap((one, i): Inline[] => (i === 0 ? [one] : [" ", one]));
}
