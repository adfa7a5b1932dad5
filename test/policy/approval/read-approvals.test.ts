import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { readApprovals } from "../../../src/policy/approval/read-approvals.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { Policy, Severity } from "../../../src/policy/policy.ts";
import type { History, LabelEvent, Review } from "../../../src/policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import {
  AUTHOR,
  at,
  commit,
  snapshot as example,
  HEAD,
  HISTORY,
  MANAGER,
  person,
  REVIEWER,
} from "../../support/snapshot.ts";

/** The example without its review, which is another rule's. */
const snapshot: typeof example = (more = {}) => example({ ...more, events: { reviews: [], ...more.events } });

const EM = "approved:engineering-manager";
const SEVERITY = HISTORY.labels[0] as LabelEvent;
const APPROVAL = HISTORY.labels[1] as LabelEvent;
const BOT = { login: "hotfix-guard[bot]", type: "Bot" } as const;
const labeled = (more: Partial<LabelEvent> = {}): LabelEvent => ({ ...APPROVAL, ...more });
const withLabels = (...labels: LabelEvent[]) => snapshot({ events: { labels } });
const john = { login: "john", name: "John Smith", email: "john@kamiyo.example" };

interface Case {
  name: string;
  snapshot: PullRequestSnapshot;
  severity?: Severity;
  policy?: Partial<Policy>;
  counted?: readonly string[];
  refused?: readonly string[];
  undecided?: number;
  remove?: readonly string[];
  add?: readonly string[];
}

const policyWith = (role: Partial<Policy["roles"][string]>): Partial<Policy> => {
  const roles = defaultPolicy().roles;
  const em = roles["engineering-manager"];
  if (em === undefined) throw new Error("no such role");
  return { roles: { ...roles, "engineering-manager": { ...em, ...role } } };
};

const CASES: readonly Case[] = [
  { name: "a label by a holder of the role after the head", snapshot: snapshot(), counted: ["jane"] },

  // Section 5.1: it is on now, the last event is `labeled`, its actor is the grantor.
  {
    name: "5.1: nobody on record as having set it (a renamed label)",
    snapshot: withLabels(SEVERITY, labeled({ label: "old-name" })),
    refused: ["no-provenance"],
    remove: [EM],
  },
  {
    name: "5.1: nobody on record, and the pull request changed a moment ago: the timeline may lag",
    snapshot: snapshot({ pr: { updatedAt: at("10:19:30") }, events: { labels: [SEVERITY] } }),
    undecided: 1,
  },
  {
    name: "5.1: set by the manager, taken off, set again by the author",
    snapshot: withLabels(
      SEVERITY,
      labeled(),
      labeled({ event: "unlabeled", at: at("10:11:00") }),
      labeled({ actor: AUTHOR, at: at("10:12:00") }),
    ),
    refused: ["author"],
    remove: [EM],
  },
  {
    name: "5.1: taken off by a person: nothing is left of it",
    snapshot: snapshot({
      pr: { labels: ["severity:P1"] },
      events: { labels: [SEVERITY, labeled(), labeled({ event: "unlabeled", at: at("10:11:00") })] },
    }),
  },
  {
    name: "5.1: taken off by the app: the reason is still told",
    snapshot: snapshot({
      pr: { labels: ["severity:P1"] },
      events: {
        labels: [
          SEVERITY,
          labeled({ actor: AUTHOR }),
          labeled({ event: "unlabeled", actor: BOT, byApp: true, at: at("10:10:02") }),
        ],
      },
    }),
    refused: ["author"],
  },
  {
    name: "5.1: nobody on record, and taken off by the app: the reason is still told",
    snapshot: snapshot({
      pr: { labels: ["severity:P1"] },
      events: {
        labels: [
          SEVERITY,
          labeled(),
          labeled({ event: "unlabeled", at: at("10:11:00") }),
          labeled({ event: "unlabeled", actor: BOT, byApp: true, at: at("10:12:00") }),
        ],
      },
    }),
    refused: ["no-provenance"],
  },
  {
    name: "5.1: label names are case-insensitive",
    snapshot: snapshot({
      pr: { labels: ["severity:P1", "Approved:Engineering-Manager"] },
      events: { labels: [SEVERITY, labeled({ label: "APPROVED:engineering-manager" })] },
    }),
    counted: ["jane"],
  },

  // 5.2: a person who holds the role now.
  {
    name: "5.2: set by a bot",
    snapshot: withLabels(SEVERITY, labeled({ actor: { login: "ci[bot]", type: "Bot" } })),
    refused: ["not-a-person"],
    remove: [EM],
  },
  {
    name: "5.2: set again and again by a bot: it does not count, and is left on in the end",
    snapshot: withLabels(
      SEVERITY,
      ...[11, 12, 13].flatMap((minute) => [
        labeled({ actor: { login: "ci[bot]", type: "Bot" }, at: at(`10:${minute}:00`) }),
        labeled({ event: "unlabeled", actor: BOT, byApp: true, at: at(`10:${minute}:30`) }),
      ]),
      labeled({ actor: { login: "ci[bot]", type: "Bot" }, at: at("10:14:00") }),
    ),
    refused: ["not-a-person"],
  },
  ...(
    [
      ["the app has taken it off twice", [11, 12], {}],
      ["the app has taken another label off", [11, 12, 13], { label: "approved:nobody" }],
      ["somebody else has taken it off", [11, 12, 13], { actor: MANAGER, byApp: false }],
      ["the app has set it as well", [11, 12, 13], { event: "labeled" }],
    ] as const
  ).map(
    ([name, minutes, more]): Case => ({
      name: `5.2: set by a bot, and ${name}: it is taken off`,
      snapshot: withLabels(
        SEVERITY,
        ...minutes.map((minute) =>
          labeled({ event: "unlabeled", actor: BOT, byApp: true, at: at(`10:${minute}:30`), ...more }),
        ),
        labeled({ actor: { login: "ci[bot]", type: "Bot" }, at: at("10:14:00") }),
      ),
      refused: ["not-a-person"],
      remove: [EM],
    }),
  ),
  {
    name: "5.4: a review carries its commit: reopened since, it counts",
    snapshot: reviewed({ author: MANAGER }, { labels: [SEVERITY], reopenedAt: [at("10:12:00")] }),
    counted: ["jane"],
    add: [EM],
  },
  {
    name: "5.2: set by an account that is gone",
    snapshot: withLabels(SEVERITY, labeled({ actor: null })),
    refused: ["actor-gone"],
    remove: [EM],
  },
  {
    name: "5.2: set by somebody outside the role",
    snapshot: withLabels(SEVERITY, labeled({ actor: REVIEWER })),
    refused: ["not-in-role"],
    remove: [EM],
  },
  {
    name: "5.2: maintain is not admin",
    snapshot: snapshot({ people: { jane: person("maintain") } }),
    refused: ["not-in-role"],
    remove: [EM],
  },
  {
    name: "5.2: a custom role counts by what GitHub says it amounts to",
    snapshot: snapshot({
      people: {
        jane: person("admin", { access: known({ permission: "admin", roleName: "incident-lead" }) }),
      },
    }),
    counted: ["jane"],
  },
  {
    name: "5.2: an active member of the team",
    snapshot: snapshot({ people: { jane: person("write", { teams: { managers: known(true) } }) } }),
    policy: policyWith({ teams: ["managers"] }),
    counted: ["jane"],
  },
  ...["triage", "read", "none"].map((permission) => ({
    name: `5.2: in the team, and with ${permission} access only`,
    snapshot: snapshot({ people: { jane: person(permission, { teams: { managers: known(true) } }) } }),
    policy: policyWith({ teams: ["managers"] }),
    refused: ["no-write-access"],
    remove: [EM],
  })),
  {
    name: "5.2: somebody who has left the team (or whose membership is pending), administrator or not",
    snapshot: snapshot({ people: { jane: person("admin", { teams: { managers: known(false) } }) } }),
    policy: policyWith({ teams: ["managers"] }),
    refused: ["not-in-role"],
    remove: [EM],
  },
  {
    name: "5.2: a team that cannot be read is no no",
    snapshot: snapshot({ people: { jane: person("admin", { teams: { managers: unknown("the team") } }) } }),
    policy: policyWith({ teams: ["managers"] }),
    undecided: 1,
  },
  {
    name: "5.2: one team says yes, the other cannot be read",
    snapshot: snapshot({
      people: { jane: person("write", { teams: { a: unknown("the team a"), b: known(true) } }) },
    }),
    policy: policyWith({ teams: ["a", "b"] }),
    counted: ["jane"],
  },
  {
    name: "5.2: a listed user, whatever the case",
    snapshot: snapshot({ people: { jane: person("write") } }),
    policy: policyWith({ users: ["JANE"] }),
    counted: ["jane"],
  },
  {
    name: "5.2: a listed login without any access is nobody",
    snapshot: snapshot({ people: { jane: person("none") } }),
    policy: policyWith({ users: ["jane"] }),
    refused: ["no-write-access"],
    remove: [EM],
  },
  {
    name: "5.2: a listed user whose permission was not read",
    snapshot: snapshot({ people: {} }),
    policy: policyWith({ users: ["jane"] }),
    undecided: 1,
  },
  { name: "5.2: a permission that was not read", snapshot: snapshot({ people: {} }), undecided: 1 },

  // 5.3: neither author, nor pusher, nor contributor.
  {
    name: "5.3: the author, administrator or not",
    snapshot: snapshot({ pr: { author: { login: "Jane", type: "User" } } }),
    refused: ["author"],
    remove: [EM],
  },
  {
    name: "5.3: the author by another login than before, told by the account's id",
    snapshot: snapshot({
      pr: { author: { id: 5, login: "jane-before", type: "User" } },
      events: { labels: [SEVERITY, labeled({ actor: { ...MANAGER, id: 5 } })] },
    }),
    refused: ["author"],
    remove: [EM],
  },
  {
    name: "5.3: somebody who has the author's former login by now is somebody else",
    snapshot: snapshot({
      pr: { author: { id: 4, login: "jane", type: "User" } },
      events: { labels: [SEVERITY, labeled({ actor: { ...MANAGER, id: 5 } })] },
    }),
    counted: ["jane"],
  },
  {
    name: "5.3: a co-author by the id in GitHub's own address",
    snapshot: snapshot({
      commits: known([commit({ message: "x\n\nCo-authored-by: J <5+former@users.noreply.github.com>\n" })]),
      events: { labels: [SEVERITY, labeled({ actor: { ...MANAGER, id: 5 } })] },
    }),
    refused: ["contributor"],
    remove: [EM],
  },
  {
    name: "5.3: the pusher of the head",
    snapshot: snapshot({
      activity: known([{ before: "0", after: HEAD, at: at("09:59:00"), type: "push", actor: MANAGER }]),
    }),
    refused: ["pusher"],
    remove: [EM],
  },
  {
    name: "5.3: the pusher of an earlier commit of it",
    snapshot: snapshot({
      commits: known([commit({ sha: "e".repeat(40) }), commit()]),
      activity: known([
        { before: "e".repeat(40), after: HEAD, at: at("09:59:00"), type: "push", actor: AUTHOR },
        { before: "0", after: "e".repeat(40), at: at("09:50:00"), type: "push", actor: MANAGER },
      ]),
    }),
    refused: ["pusher"],
    remove: [EM],
  },
  {
    name: "5.3: the author of a commit",
    snapshot: snapshot({ commits: known([commit({ author: { ...john, login: "jane" } })]) }),
    refused: ["contributor"],
    remove: [EM],
  },
  {
    name: "5.3: the committer of a commit",
    snapshot: snapshot({ commits: known([commit({ committer: { ...john, login: "JANE" } })]) }),
    refused: ["contributor"],
    remove: [EM],
  },
  {
    name: "5.3: a co-author by GitHub's own address",
    snapshot: snapshot({
      commits: known([
        commit({ message: "x\n\nCo-authored-by: Someone <123+jane@users.noreply.github.com>\r\n" }),
      ]),
    }),
    refused: ["contributor"],
    remove: [EM],
  },
  {
    name: "5.3: a co-author by another address, and the profile's name",
    snapshot: snapshot({
      commits: known([commit({ message: "x\n\nco-authored-by: Jane Doe <jd@home.example>" })]),
      people: { jane: person("admin", { profile: known({ name: "jane doe", email: null }) }) },
    }),
    refused: ["contributor"],
    remove: [EM],
  },
  {
    name: "5.3: the author of a commit whose address GitHub does not know, by the profile's address",
    snapshot: snapshot({
      commits: known([commit({ author: { login: null, name: "x", email: "jane@home.example" } })]),
      people: { jane: person("admin", { profile: known({ name: null, email: "Jane@Home.example" }) }) },
    }),
    refused: ["contributor"],
    remove: [EM],
  },
  {
    name: "5.3: a stranger's commit, and the profile cannot be read",
    snapshot: snapshot({
      commits: known([commit({ author: { login: null, name: "x", email: "x@y.example" } })]),
      people: { jane: person("admin", { profile: unknown("the profile") }) },
    }),
    undecided: 1,
  },
  {
    name: "5.3: a stranger's commit that is not the approver's",
    snapshot: snapshot({
      commits: known([commit({ author: { login: null, name: "x", email: "x@y.example" } })]),
      people: { jane: person("admin", { profile: known({ name: "Jane Doe", email: null }) }) },
    }),
    counted: ["jane"],
  },
  {
    name: "5.3: unless the policy lets people approve their own",
    snapshot: snapshot({ pr: { author: MANAGER } }),
    policy: { approval: { by: ["label"], self: true } },
    counted: ["jane"],
  },
  { name: "5.3: commits unknown", snapshot: snapshot({ commits: unknown("the commits") }), undecided: 1 },

  // 5.4: strictly newer than the head's arrival.
  {
    name: "5.4: before the push of the head",
    snapshot: withActivity(at("10:15:00")),
    refused: ["before-head"],
    remove: [EM],
  },
  {
    name: "5.4: in the very second of the push",
    snapshot: withActivity(at("10:10:00")),
    refused: ["before-head"],
    remove: [EM],
  },
  { name: "5.4: a second after the push", snapshot: withActivity(at("10:09:59")), counted: ["jane"] },
  {
    name: "5.4: the head went away and came back after the label",
    snapshot: snapshot({
      activity: known([
        { before: "d".repeat(40), after: HEAD, at: at("10:15:00"), type: "force_push", actor: AUTHOR },
        { before: HEAD, after: "d".repeat(40), at: at("10:14:00"), type: "push", actor: AUTHOR },
        { before: "0", after: HEAD, at: at("09:59:00"), type: "push", actor: AUTHOR },
      ]),
    }),
    refused: ["before-head"],
    remove: [EM],
  },
  {
    name: "5.4: the activity does not know the head yet",
    snapshot: snapshot({
      activity: known([
        { before: "0", after: "d".repeat(40), at: at("09:59:00"), type: "push", actor: AUTHOR },
      ]),
    }),
    undecided: 1,
  },
  { name: "5.4: an empty activity", snapshot: snapshot({ activity: known([]) }), undecided: 1 },
  {
    name: "5.4: the activity cannot be read",
    snapshot: snapshot({ activity: unknown("the activity") }),
    undecided: 1,
  },
  {
    name: "5.4: no such route: the app's own record on the head",
    snapshot: snapshot({ activity: known(null), firstSeenAt: known(at("10:09:00")) }),
    counted: ["jane"],
  },
  {
    name: "5.4: no such route: seen by the app only after the label",
    snapshot: snapshot({ activity: known(null), firstSeenAt: known(at("10:10:00")) }),
    refused: ["before-head"],
    remove: [EM],
  },
  {
    name: "5.4: no such route: never seen by the app before now",
    snapshot: snapshot({ activity: known(null), firstSeenAt: known(null) }),
    refused: ["before-head"],
    remove: [EM],
  },
  {
    name: "5.4: no such route, and the record cannot be read",
    snapshot: snapshot({ activity: known(null), firstSeenAt: unknown("the check runs") }),
    undecided: 1,
  },
  {
    name: "5.4: no such route: forced away and back after the label",
    snapshot: snapshot({
      activity: known(null),
      firstSeenAt: known(at("10:00:05")),
      events: { headForcePushedAt: [at("10:12:00")] },
    }),
    refused: ["before-head"],
    remove: [EM],
  },
  {
    name: "5.4: reopened after the label",
    snapshot: snapshot({ events: { reopenedAt: [at("10:12:00")] } }),
    refused: ["before-reopening"],
    remove: [EM],
  },
  {
    name: "5.6: what would land changed after the label",
    snapshot: snapshot({ changedAt: known(at("10:12:00")) }),
    refused: ["before-change"],
    remove: [EM],
  },
  {
    name: "5.6: what would land changed before the label",
    snapshot: snapshot({ changedAt: known(at("10:09:00")) }),
    counted: ["jane"],
  },
  {
    name: "5.6: whether what would land changed could not be read",
    snapshot: snapshot({ changedAt: unknown("the check runs") }),
    undecided: 1,
  },
  {
    name: "5.4: base changed after the label",
    snapshot: snapshot({ events: { baseChangedAt: [at("10:12:00")] } }),
    refused: ["before-base-change"],
    remove: [EM],
  },
  {
    name: "5.4: the label is on from a pull request opened later (creation counts)",
    snapshot: snapshot({ pr: { createdAt: at("10:10:00") } }),
    refused: ["before-head"],
    remove: [EM],
  },

  // 5.5: newer than the last change of the severity.
  {
    name: "5.5: severity set after the approval",
    snapshot: withLabels(labeled(), { ...SEVERITY, at: at("10:11:00") }),
    refused: ["before-severity-change"],
    remove: [EM],
  },
  {
    name: "5.5: severity taken off and put back by the app from the commit",
    snapshot: withLabels(
      SEVERITY,
      labeled(),
      { ...SEVERITY, event: "unlabeled", at: at("10:11:00") },
      { ...SEVERITY, actor: BOT, byApp: true, at: at("10:11:02") },
    ),
    refused: ["before-severity-change"],
    remove: [EM],
  },
  {
    name: "5.5: renamed in the repository: the severity that was approved is not the one that holds",
    snapshot: snapshot({ pr: { labels: ["severity:P0", EM] } }),
    severity: "P0",
    refused: ["severity-off-record"],
    remove: [EM],
  },
  {
    name: "5.5: deleted in the repository",
    snapshot: snapshot({ pr: { labels: [EM] } }),
    severity: "P0",
    refused: ["severity-off-record"],
    remove: [EM],
  },
  {
    name: "5.5: deleted in the repository; the app set another, which the description says now",
    snapshot: snapshot({
      pr: { labels: ["severity:P0", EM] },
      events: {
        labels: [
          SEVERITY,
          labeled(),
          labeled({ label: "severity:P0", actor: BOT, byApp: true, at: at("10:11:00") }),
        ],
      },
    }),
    severity: "P0",
    refused: ["before-severity-change"],
    remove: [EM],
  },
  {
    name: "5.5: deleted in the repository; the app set the same again",
    snapshot: withLabels(
      SEVERITY,
      labeled(),
      labeled({ label: "severity:P1", actor: BOT, byApp: true, at: at("10:11:00") }),
    ),
    counted: ["jane"],
  },
  {
    name: "5.5: the app writing down what the commit says is no change",
    snapshot: withLabels(labeled(), { ...SEVERITY, actor: BOT, byApp: true, at: at("10:11:00") }),
    counted: ["jane"],
  },

  // Roles and severities.
  {
    name: "valid, but P1 asks for another role: shown, and left on",
    snapshot: snapshot({
      pr: { labels: ["severity:P1", "approved:on-call"] },
      events: { labels: [SEVERITY, labeled({ label: "approved:on-call" })] },
    }),
    refused: ["role-not-enough"],
  },
  {
    name: "the same for P0",
    severity: "P0",
    snapshot: snapshot({
      pr: { labels: ["severity:P0", "approved:on-call"] },
      events: { labels: [{ ...SEVERITY, label: "severity:P0" }, labeled({ label: "approved:on-call" })] },
    }),
    counted: ["jane"],
  },
  {
    name: "one person with two roles is one approval",
    severity: "P0",
    snapshot: snapshot({
      pr: { labels: [EM, "approved:cto"] },
      events: { labels: [labeled(), labeled({ label: "approved:cto", at: at("10:11:00") })] },
    }),
    counted: ["jane"],
  },
  {
    name: "a label that is no role's is none of ours",
    snapshot: snapshot({
      pr: { labels: ["approved:legal"] },
      events: { labels: [labeled({ label: "approved:legal", actor: AUTHOR })] },
    }),
  },

  // Reviews.
  {
    name: "an approving review of the head by a holder: counts, and the app sets the label",
    snapshot: reviewed({ author: MANAGER }),
    counted: ["jane"],
    add: [EM],
  },
  {
    name: "the app's own label is no evidence: without the review it goes",
    snapshot: withLabels(SEVERITY, labeled({ actor: BOT, byApp: true })),
    remove: [EM],
  },
  {
    name: "the app's own label stays while the review counts",
    snapshot: snapshot({
      events: {
        labels: [SEVERITY, labeled({ actor: BOT, byApp: true })],
        reviews: [{ author: MANAGER, state: "approved", commit: HEAD, at: at("10:08:00") }],
      },
    }),
    counted: ["jane"],
  },
  {
    name: "a review of an earlier head, by a holder of the role",
    snapshot: reviewed({ author: MANAGER, commit: "d".repeat(40) }),
    refused: ["before-head"],
  },
  {
    name: "a review without a commit",
    snapshot: reviewed({ author: MANAGER, commit: null }),
    refused: ["before-head"],
  },
  {
    name: "a review of an earlier head, by nobody in particular",
    snapshot: reviewed({ author: { login: "passer-by", type: "User" }, commit: "d".repeat(40) }),
  },
  {
    name: "a review by a manager whose suggestion was committed",
    snapshot: {
      ...reviewed({ author: MANAGER, commit: HEAD }),
      commits: known([
        commit({ message: `x\n\nCo-authored-by: Jane <${MANAGER.login}@users.noreply.github.com>` }),
      ]),
    },
    refused: ["contributor"],
  },
  {
    name: "an approval followed by a request for changes",
    snapshot: snapshot({
      pr: { labels: [] },
      events: {
        labels: [],
        reviews: [
          { author: MANAGER, state: "approved", commit: HEAD, at: at("10:08:00") },
          { author: MANAGER, state: "changes_requested", commit: HEAD, at: at("10:09:00") },
        ],
      },
    }),
  },
  {
    name: "an approval followed by a comment still stands",
    snapshot: snapshot({
      pr: { labels: [EM] },
      events: {
        labels: [labeled({ actor: BOT, byApp: true })],
        reviews: [
          { author: MANAGER, state: "approved", commit: HEAD, at: at("10:08:00") },
          { author: MANAGER, state: "commented", commit: HEAD, at: at("10:09:00") },
        ],
      },
    }),
    counted: ["jane"],
  },
  { name: "a dismissed approval", snapshot: reviewed({ author: MANAGER, state: "dismissed" }) },
  {
    name: "a review before the base was changed",
    snapshot: reviewed({ author: MANAGER }, { baseChangedAt: [at("10:09:00")] }),
    refused: ["before-base-change"],
  },
  {
    name: "5.6: a review before what would land changed",
    snapshot: { ...reviewed({ author: MANAGER }), changedAt: known(at("10:09:00")) },
    refused: ["before-change"],
  },
  {
    name: "a review before the severity was changed",
    snapshot: reviewed({ author: MANAGER }, { labels: [{ ...SEVERITY, at: at("10:09:00") }] }),
    refused: ["before-severity-change"],
  },
  { name: "a review by somebody without the role", snapshot: reviewed({ author: REVIEWER }) },
  {
    name: "reviews do not count where only labels do",
    snapshot: reviewed({ author: MANAGER }),
    policy: { approval: { by: ["label"], self: false } },
  },
  {
    name: "labels do not count where only reviews do",
    snapshot: snapshot(),
    policy: { approval: { by: ["review"], self: false } },
  },

  // The moment of the merge.
  {
    name: "merged: as it was at the merge, whatever came later",
    snapshot: snapshot({
      pr: { labels: [], state: "closed", merged: { at: at("10:15:00"), by: null, sha: null } },
      activity: known([
        { before: HEAD, after: "0", at: at("10:15:01"), type: "branch_deletion", actor: AUTHOR },
        { before: "0", after: HEAD, at: at("09:59:00"), type: "branch_creation", actor: AUTHOR },
      ]),
      events: {
        labels: [SEVERITY, labeled(), labeled({ event: "unlabeled", at: at("10:16:00") })],
        reopenedAt: [at("10:17:00")],
      },
    }),
    counted: ["jane"],
  },
  {
    name: "merged: approved only after the merge",
    snapshot: snapshot({
      pr: { state: "closed", merged: { at: at("10:09:00"), by: null, sha: null } },
    }),
  },

  { name: "the timeline is unknown", snapshot: snapshot({ history: unknown("the timeline") }), undecided: 1 },
];

function withActivity(pushedAt: string): PullRequestSnapshot {
  return snapshot({
    pr: { createdAt: at("09:00:00") },
    activity: known([{ before: "0", after: HEAD, at: pushedAt, type: "push", actor: AUTHOR }]),
  });
}

function reviewed(review: Partial<Review>, events: Partial<History> = {}): PullRequestSnapshot {
  return snapshot({
    pr: { labels: ["severity:P1"] },
    events: {
      labels: [SEVERITY],
      reviews: [{ author: MANAGER, state: "approved", commit: HEAD, at: at("10:08:00"), ...review }],
      ...events,
    },
  });
}

describe("readApprovals", () => {
  it.each(CASES)("$name", (c) => {
    const reading = readApprovals(c.snapshot, { ...defaultPolicy(), ...c.policy }, c.severity ?? "P1");
    expect({
      counted: reading.counted.map(({ login }) => login),
      refused: reading.refused.map(({ code }) => code),
      undecided: reading.undecided.length,
      remove: reading.labelsToRemove,
      add: reading.labelsToAdd,
    }).toEqual({
      counted: c.counted ?? [],
      refused: c.refused ?? [],
      undecided: c.undecided ?? 0,
      remove: c.remove ?? [],
      add: c.add ?? [],
    });
  });
});
