import { defaultPolicy } from "../../src/config/index.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { Policy } from "../../src/policy/policy.ts";
import type { Review } from "../../src/policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import type { Verdict } from "../../src/policy/verdict.ts";
import {
  AUTHOR,
  at,
  commit,
  file,
  HEAD,
  HISTORY,
  MANAGER,
  MESSAGE,
  person,
  snapshot,
} from "../support/snapshot.ts";

/** Typical situations of the procedure's example, evaluated by the real rules. */
export interface Situation {
  readonly snapshot: PullRequestSnapshot;
  readonly policy: Policy;
  readonly verdict: Verdict;
}

export const DOCS = "https://docs.example/hotfix-guard";

export function situation(snapshot: PullRequestSnapshot, more: Partial<Policy> = {}): Situation {
  const policy = { ...defaultPolicy(), ...more };
  return { snapshot, policy, verdict: evaluate(snapshot, { state: "valid", policy, source: "defaults" }) };
}

const waiting = { labels: ["severity:P1"] };
const [severityLabel, approvalLabel] = HISTORY.labels;
if (severityLabel === undefined || approvalLabel === undefined) throw new Error("the example has changed");
const onlySeverity = { labels: [severityLabel] };

const P0 = MESSAGE.replace("Severity: P1", "Severity: P0").replace(
  "Payment webhooks failing",
  "All payments failing",
);

export const SITUATIONS = {
  ready: () => situation(snapshot()),
  sloppy: () =>
    situation(
      snapshot({
        pr: {
          ...waiting,
          title: "Stripe fix",
          head: { ref: "Hotfix/Stripe_Webhook", sha: HEAD, repository: "kamiyo/api" },
          labels: ["hotfix"],
        },
        events: { labels: [], reviews: [] },
        commits: known([commit({ message: "fix stripe stuff\n\nSeverity: P0/P1\nImpact: [Brief impact]" })]),
        files: known([
          file("src/payments/stripe.py"),
          file("src/theme/colors.css", { additions: 40 }),
          file("src/theme/fonts.css"),
          file("README.md"),
          file("package.json"),
        ]),
        roleHolders: { "engineering-manager": known(["jane"]), cto: known(["carol"]) },
      }),
    ),
  waiting: () =>
    situation(
      snapshot({
        pr: { labels: ["severity:P1", "approved:engineering-manager"] },
        events: {
          ...onlySeverity,
          labels: [severityLabel, { ...approvalLabel, actor: AUTHOR }],
          reviews: [],
        },
        roleHolders: { "engineering-manager": known(["jane", "bob"]), cto: known(["carol"]) },
      }),
    ),
  stale: () =>
    situation(
      snapshot({
        activity: known([
          { before: "e".repeat(40), after: HEAD, at: at("10:15:00"), type: "push", actor: AUTHOR },
          {
            before: "0".repeat(40),
            after: "e".repeat(40),
            at: at("09:59:00"),
            type: "branch_creation",
            actor: AUTHOR,
          },
        ]),
        roleHolders: { "engineering-manager": known(["jane"]), cto: unknown("the team cto") },
      }),
    ),
  "nobody-can": () =>
    situation(
      snapshot({
        pr: waiting,
        events: onlySeverity,
        roleHolders: { "engineering-manager": known(["john"]), cto: known([]) },
        people: { john: person("admin"), rita: person("write") },
      }),
    ),
  unread: () => situation(snapshot({ files: unknown("the files of the pull request: GitHub answered 502") })),
  observed: () => situation(snapshot({ pr: waiting, events: onlySeverity }), { mode: "observe" }),
  p0: () =>
    situation(
      snapshot({
        pr: { labels: ["severity:P0", "approved:on-call"] },
        commits: known([commit({ message: P0 })]),
        events: {
          labels: [
            { ...severityLabel, label: "severity:P0" },
            { ...approvalLabel, label: "approved:on-call", actor: MANAGER },
          ],
          reviews: [],
        },
        branchRules: known({ gate: "pinned", reviews: 1, mergeQueue: false }),
      }),
    ),
  ordinary: () =>
    situation(
      snapshot({
        pr: {
          title: "Add a page",
          labels: [],
          head: { ref: "feature/x", sha: HEAD, repository: "kamiyo/api" },
        },
      }),
    ),
  "rollback-reviewed": () => {
    const [review] = HISTORY.reviews as [Review];
    return situation(
      snapshot({
        pr: { ...waiting, title: 'Revert "HOTFIX: x"', labels: [] },
        events: { labels: [], reviews: [review] },
        rollbackOf: known({ number: null, title: "", mergeSha: "f".repeat(40) }),
      }),
      { roles: { "on-call": { teams: [], users: ["olga"], permission: "write" } } },
    );
  },
  rollback: () =>
    situation(
      snapshot({
        pr: { ...waiting, title: 'Revert "HOTFIX: x"', labels: [] },
        events: { labels: [], reviews: [] },
        rollbackOf: known({
          number: 41,
          title: "HOTFIX: Fix Stripe webhook signature verification",
          mergeSha: "f".repeat(40),
        }),
        roleHolders: {
          "on-call": known(["olga"]),
          "engineering-manager": known(["jane"]),
          cto: known(["carol"]),
        },
      }),
    ),
} satisfies Record<string, () => Situation>;

const MERGED = { at: at("10:30:00"), by: AUTHOR, sha: "d".repeat(40) };

/** The same, merged. */
export const MERGES = {
  ready: () => situation(snapshot({ greenSince: at("10:10:02"), pr: { merged: MERGED, state: "closed" } })),
  "without-approval": () =>
    situation(
      snapshot({
        pr: { labels: ["severity:P0", "approved:engineering-manager"], merged: MERGED, state: "closed" },
        commits: known([commit({ message: `${P0}\nDetected: 2025-10-14 09:05` })]),
        files: known([
          file("src/payments/stripe.py"),
          file("src/theme/a.css"),
          file("src/theme/b.css"),
          file("src/theme/c.css"),
        ]),
        events: {
          labels: [
            { ...severityLabel, label: "severity:P0" },
            { ...approvalLabel, actor: AUTHOR },
          ],
          reviews: [],
          comments: [
            {
              id: 7,
              author: MANAGER,
              byApp: false,
              body: "/hotfix override scope the generated theme changed too",
              createdAt: at("10:12:00"),
              updatedAt: at("10:12:00"),
              url: "https://github.example/kamiyo/api/pull/42#issuecomment-7",
            },
          ],
        },
      }),
    ),
} satisfies Record<string, () => Situation>;
