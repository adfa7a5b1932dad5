import { known } from "../../src/policy/fact.ts";
import type { AfterMerge } from "../../src/policy/landing/after-merge.ts";
import type { Account, Person } from "../../src/policy/snapshot/account.ts";
import type { ChangedFile, Commit } from "../../src/policy/snapshot/change.ts";
import type { History } from "../../src/policy/snapshot/history.ts";
import type { PullRequestFacts, PullRequestSnapshot } from "../../src/policy/snapshot.ts";

/** The procedure's own example, as a snapshot in which every rule is satisfied. */
export const MESSAGE = `HOTFIX: Fix Stripe webhook signature verification

Fixes: #1234
Severity: P1
Impact: Payment webhooks failing, revenue impact
Root Cause: Incorrect UTF-8 encoding of webhook secret
Solution: Added explicit encoding handling

Tested: Local + Staging, all webhook events processed
Approved-By: Jane Doe (Engineering Manager)
Deployed-By: John Smith`;

export const HEAD = "a".repeat(40);
export const BASE = "b".repeat(40);
export const AUTHOR: Account = { login: "john", type: "User" };
export const MANAGER: Account = { login: "jane", type: "User" };
export const REVIEWER: Account = { login: "rita", type: "User" };

/** A time on the day of the example, `HH:MM:SS`. */
export const at = (time: string): string => `2025-10-14T${time}Z`;

export function commit(more: Partial<Commit> = {}): Commit {
  const john = { login: "john", name: "John Smith", email: "john@kamiyo.example" };
  return { sha: HEAD, message: MESSAGE, author: john, committer: john, parents: [BASE], ...more };
}

export function file(path: string, more: Partial<ChangedFile> = {}): ChangedFile {
  return {
    path,
    previousPath: null,
    status: "modified",
    additions: 4,
    deletions: 2,
    patch:
      "@@ -10,3 +10,5 @@ def verify\n+# HOTFIX: Issue #1234 - Stripe webhook signature verification\n+secret = secret.encode('utf-8')\n def verify():\n-    pass\n+    return True\n",
    sha: "c".repeat(40),
    ...more,
  };
}

export function person(permission: string, more: Partial<Person> = {}): Person {
  return {
    access: known({ permission: permission === "maintain" ? "write" : permission, roleName: permission }),
    teams: {},
    profile: known({ name: null, email: null }),
    ...more,
  };
}

export const HISTORY: History = {
  labels: [
    { event: "labeled", label: "severity:P1", actor: AUTHOR, byApp: false, at: at("10:02:00") },
    {
      event: "labeled",
      label: "approved:engineering-manager",
      actor: MANAGER,
      byApp: false,
      at: at("10:10:00"),
    },
  ],
  reviews: [{ author: REVIEWER, state: "approved", commit: HEAD, at: at("10:08:00") }],
  comments: [],
  baseChangedAt: [],
  reopenedAt: [],
  headForcePushedAt: [],
};

export const PULL_REQUEST: PullRequestFacts = {
  title: "HOTFIX: Fix Stripe webhook signature verification",
  body: "- [x] Fix verified locally\n- [x] No unrelated changes",
  author: AUTHOR,
  state: "open",
  draft: false,
  createdAt: at("10:00:00"),
  updatedAt: at("10:10:00"),
  merged: null,
  base: { ref: "main", sha: BASE },
  head: { ref: "hotfix/stripe-webhook-verification", sha: HEAD, repository: "kamiyo/api" },
  fork: false,
  labels: ["severity:P1", "approved:engineering-manager"],
  url: "https://github.example/kamiyo/api/pull/42",
  commitCount: 1,
  changedFiles: 1,
};

/**
 * The example with parts replaced: top-level keys, and `pr` for keys of the pull request, `events` for keys
 * of the history.
 */
export function snapshot(
  more: Partial<PullRequestSnapshot> & {
    number?: number;
    pr?: Partial<PullRequestFacts>;
    events?: Partial<History>;
  } = {},
): PullRequestSnapshot {
  const { number = 42, pr, events, ...rest } = more;
  return {
    app: { id: 1, slug: "hotfix-guard" },
    repository: {
      owner: "kamiyo",
      name: "api",
      defaultBranch: "main",
      url: "https://github.example/kamiyo/api",
    },
    origin: { kind: "pull-request", number },
    pullRequest: { ...PULL_REQUEST, ...pr },
    observedAt: at("10:20:00"),
    commits: known([commit()]),
    files: known([file("src/payments/stripe.py")]),
    history: known({ ...HISTORY, ...events }),
    activity: known([
      {
        before: "0".repeat(40),
        after: HEAD,
        at: at("09:59:00"),
        type: "branch_creation",
        actor: AUTHOR,
      },
    ]),
    firstSeenAt: known(at("10:00:05")),
    comparison: known({ behindBy: 0, mergeBase: BASE, baseChangedPaths: [] }),
    inProduction: known(false),
    issues: {
      "kamiyo/api#1234": known({
        exists: true,
        pullRequest: false,
        state: "open",
        createdAt: at("09:30:00"),
        labels: ["payment"],
        title: "Stripe webhooks are rejected",
      }),
    },
    people: { john: person("write"), jane: person("admin"), rita: person("write") },
    roleHolders: {},
    mergeSettings: known({
      mergeCommit: true,
      squash: true,
      rebase: true,
      squashTitle: null,
      squashMessage: null,
    }),
    branchRules: known({ gate: "pinned", reviews: 0, mergeQueue: false }),
    rollbackOf: known(null),
    ...rest,
  };
}

/** The gate was green at the merge, and nothing has happened since. */
export const QUIET_SINCE: AfterMerge = {
  deployed: known(null),
  verified: null,
  rolledBack: known(null),
  backMerges: {},
  landedWithout: known([]),
  gateAtMerge: known("success"),
};
