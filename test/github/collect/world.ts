import nock from "nock";
import type { GitHubClient } from "../../../src/github/api/client.ts";
import { API, APP, type Fault, fail, testClient } from "../../support/nock-github.ts";
import { at, BASE, HEAD, MESSAGE } from "../../support/snapshot.ts";

/** GitHub as the collecting code sees it: one answer a route, each of which a test can replace or break. */
export const REPO = { owner: "kamiyo", repo: "api" };
export const ROOT = "/repos/kamiyo/api";
export const NOW = at("10:20:00");

type Json = unknown;
export type Answer =
  | Json
  | ((url: URL) => Json)
  | { readonly fault: Fault }
  | { readonly status: number; readonly body: Json; readonly headers?: Record<string, string> }
  /** A list with `Link` headers, a hundred entries a page. */
  | { readonly paged: readonly Json[] };

export interface World {
  readonly client: GitHubClient;
  /** Paths with query of every request that came, in order. */
  readonly requests: string[];
}

/** Starts answering, and ends what answered before. Keys are paths without query; a function sees the URL. */
export function world(answers: Readonly<Record<string, Answer>>): World {
  nock.cleanAll();
  const requests: string[] = [];
  for (const [path, answer] of Object.entries(answers)) {
    const scope = nock(API).persist();
    scope.on("request", (request: { path: string }) => requests.push(request.path));
    const interceptor = scope.get(path).query(true);
    if (isFault(answer) && answer.fault === "network") interceptor.replyWithError("socket hang up");
    else if (isFault(answer)) fail(interceptor, answer.fault);
    else if (isStatus(answer)) interceptor.reply(answer.status, answer.body as nock.Body, answer.headers);
    else if (isPaged(answer)) interceptor.reply((uri) => page(answer.paged, new URL(uri, API)));
    else {
      interceptor.reply(
        200,
        (uri) => (typeof answer === "function" ? answer(new URL(uri, API)) : answer) as nock.Body,
      );
    }
  }
  return { client: { ...testClient(), serverTime: () => new Date(NOW) }, requests };
}

function isFault(answer: Answer): answer is { fault: Fault } {
  return typeof answer === "object" && answer !== null && "fault" in answer;
}

function isStatus(
  answer: Answer,
): answer is { status: number; body: Json; headers?: Record<string, string> } {
  return typeof answer === "object" && answer !== null && "status" in answer && "body" in answer;
}

function isPaged(answer: Answer): answer is { paged: readonly Json[] } {
  return typeof answer === "object" && answer !== null && "paged" in answer;
}

function page(all: readonly Json[], url: URL): [number, nock.Body, Record<string, string>] {
  const number = Number(url.searchParams.get("page"));
  const last = Math.ceil(all.length / 100);
  const link = (to: number, rel: string) => {
    url.searchParams.set("page", String(to));
    return `<${url.href}>; rel="${rel}"`;
  };
  const links = number < last ? [link(number + 1, "next"), link(last, "last")] : [];
  const body = all.slice((number - 1) * 100, number * 100) as unknown as nock.Body;
  return [200, body, links.length > 0 ? { link: links.join(", ") } : {}];
}

export const user = (login: string, type = "User") => ({
  login,
  // An account's number is its own.
  id: [...login].reduce((sum, c) => (sum * 31 + c.charCodeAt(0)) % 1_000_003, 7),
  type,
});
export const APP_BOT = user("hotfix-guard[bot]", "Bot");

export function rawCommit(sha: string, more: Record<string, unknown> = {}) {
  const identity = { name: "John Smith", email: "john@kamiyo.example", date: at("09:50:00") };
  return {
    sha,
    commit: { message: MESSAGE, author: identity, committer: identity, tree: { sha: "t" } },
    author: user("john"),
    committer: user("john"),
    parents: [{ sha: BASE }],
    ...more,
  };
}

export function rawFile(filename: string, more: Record<string, unknown> = {}) {
  return {
    sha: "c".repeat(40),
    filename,
    status: "modified",
    additions: 4,
    deletions: 2,
    changes: 6,
    contents_url: `${API}${ROOT}/contents/${filename}?ref=${HEAD}`,
    patch: "@@ -10,2 +10,3 @@\n+# HOTFIX: Issue #1234 - signature\n secret = 1\n",
    ...more,
  };
}

export const repository = {
  name: "api",
  full_name: "kamiyo/api",
  owner: user("kamiyo", "Organization"),
  default_branch: "main",
  html_url: "https://github.example/kamiyo/api",
  allow_merge_commit: true,
  allow_squash_merge: true,
  allow_rebase_merge: false,
  squash_merge_commit_title: "PR_TITLE",
  squash_merge_commit_message: "BLANK",
};

export function rawPull(more: Record<string, unknown> = {}) {
  return {
    number: 42,
    title: "HOTFIX: Fix Stripe webhook signature verification",
    body: "- [x] Fix verified locally",
    user: user("john"),
    state: "open",
    draft: false,
    merged: false,
    merged_at: null,
    merged_by: null,
    merge_commit_sha: "d".repeat(40),
    created_at: at("10:00:00"),
    updated_at: at("10:12:00"),
    base: { ref: "main", sha: BASE, repo: repository },
    head: { ref: "hotfix/stripe-webhook-verification", sha: HEAD, repo: { full_name: "kamiyo/api" } },
    labels: [{ name: "severity:P1" }, { name: "approved:engineering-manager" }],
    html_url: "https://github.example/kamiyo/api/pull/42",
    commits: 3,
    changed_files: 5,
    ...more,
  };
}

export const COMMITS = [rawCommit("1".repeat(40)), rawCommit("2".repeat(40)), rawCommit(HEAD)];
export const FILES = [1, 2, 3, 4, 5].map((n) => rawFile(`src/payments/stripe${n}.py`));

export function rawCompare(more: Record<string, unknown> = {}) {
  return {
    status: "ahead",
    ahead_by: 3,
    behind_by: 0,
    total_commits: 3,
    base_commit: { sha: BASE },
    merge_base_commit: { sha: BASE },
    commits: COMMITS,
    files: FILES,
    ...more,
  };
}

export const TIMELINE = [
  { event: "committed", sha: HEAD, message: MESSAGE },
  {
    event: "labeled",
    id: 1,
    actor: user("john"),
    created_at: at("10:02:00"),
    label: { name: "severity:P1" },
  },
  {
    event: "reviewed",
    id: 2,
    user: user("rita"),
    state: "APPROVED",
    commit_id: HEAD,
    submitted_at: at("10:08:00"),
    body: "",
  },
  {
    event: "labeled",
    id: 3,
    actor: user("jane"),
    created_at: at("10:10:00"),
    label: { name: "approved:engineering-manager" },
  },
];

export const ACTIVITY = [
  {
    id: 1,
    before: "0".repeat(40),
    after: HEAD,
    ref: "refs/heads/hotfix/stripe-webhook-verification",
    timestamp: at("09:59:00"),
    activity_type: "branch_creation",
    actor: user("john"),
  },
];

export const ISSUE = {
  number: 1234,
  state: "open",
  title: "Stripe webhooks are rejected",
  created_at: at("09:30:00"),
  labels: [{ name: "payment" }, "raw"],
};

export function rawRun(more: Record<string, unknown> = {}) {
  return {
    id: 9,
    name: "hotfix-gate",
    app: APP,
    status: "completed",
    conclusion: "failure",
    external_id: "digest",
    output: { text: "" },
    ...more,
  };
}

export const PATHS = {
  pull: `${ROOT}/pulls/42`,
  timeline: `${ROOT}/issues/42/timeline`,
  compare: `${ROOT}/compare/main...${HEAD}`,
  commits: `${ROOT}/pulls/42/commits`,
  files: `${ROOT}/pulls/42/files`,
  activity: `${ROOT}/activity`,
  gates: `${ROOT}/commits/${HEAD}/check-runs`,
  siblings: `${ROOT}/commits/${HEAD}/pulls`,
  issue: `${ROOT}/issues/1234`,
  jane: `${ROOT}/collaborators/jane/permission`,
  rita: `${ROOT}/collaborators/rita/permission`,
  closed: `${ROOT}/pulls`,
  history: `${ROOT}/commits`,
  collaborators: `${ROOT}/collaborators`,
} as const;

/** The procedure's example: three commits, five files, a label and a review that approve. */
export const EXAMPLE: Readonly<Record<string, Answer>> = {
  [PATHS.pull]: rawPull(),
  [PATHS.timeline]: TIMELINE,
  [PATHS.compare]: rawCompare(),
  [PATHS.commits]: COMMITS,
  [PATHS.files]: FILES,
  [PATHS.activity]: ACTIVITY,
  [PATHS.gates]: { total_count: 0, check_runs: [] },
  [PATHS.siblings]: [rawPull()],
  [PATHS.issue]: ISSUE,
  [PATHS.jane]: { permission: "admin", role_name: "admin", user: user("jane") },
  [PATHS.rita]: { permission: "write", role_name: "maintain", user: user("rita") },
  [PATHS.closed]: [],
  [PATHS.history]: [],
  [PATHS.collaborators]: ({ searchParams }: URL) => [
    { ...user("jane"), permissions: { admin: true, push: true }, role_name: "admin" },
    ...(searchParams.get("permission") === "push"
      ? [{ ...user("rita"), permissions: { maintain: true, push: true }, role_name: "maintain" }]
      : []),
  ],
};
