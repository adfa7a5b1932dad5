// Times of the pure evaluation, without network or GitHub: `npm run build && node bench/pure.js [dist]`. Each number is
// the median of fresh snapshots, since lists of files are classified once.
import { performance } from "node:perf_hooks";
import { pathToFileURL } from "node:url";

const RUNS = 15;
const AIM_MS = { "four rules about the diff": 20, "whole evaluation": 50 };
const RULES = ["diff-size", "scope", "dependency-changes", "hotfix-comment"];

const MESSAGE = `HOTFIX: Fix Stripe webhook signature verification

Fixes: #1234
Severity: P1
Impact: Payment webhooks failing, revenue impact
Root Cause: Incorrect UTF-8 encoding of webhook secret
Solution: Added explicit encoding handling

Tested: Local + Staging, all webhook events processed
Approved-By: Jane Doe (Engineering Manager)
Deployed-By: John Smith`;
const PATCH = `@@ -10,3 +10,5 @@ def verify
 def verify():
-    pass
+    # HOTFIX: Issue #1 - another one, so that every comment is read
+    secret = secret.encode("utf-8")
+    return stripe.Webhook.verify_signature(payload, signature, secret)
${" \n".repeat(12)}`;
const ENDINGS = [
  "service.py",
  "view.test.ts",
  "package.json",
  "README.md",
  "model.go",
  "app.min.js",
  "Main.java",
];

const known = (value) => ({ known: true, value });
const account = (login) => ({ login, type: "User" });
const time = (minute) => `2025-10-14T10:${String(minute).padStart(2, "0")}:00Z`;
const sha = (n) => n.toString(16).padStart(40, "0");

export function snapshot(commits, files) {
  const identity = { login: "john", name: "John Smith", email: "john@kamiyo.example" };
  const head = sha(commits);
  return {
    app: { id: 1, slug: "hotfix-guard" },
    repository: {
      owner: "kamiyo",
      name: "api",
      defaultBranch: "main",
      url: "https://github.example/kamiyo/api",
    },
    origin: { kind: "pull-request", number: 42 },
    pullRequest: {
      number: 42,
      title: "HOTFIX: Fix Stripe webhook signature verification",
      body: "- [x] Fix verified locally",
      author: account("john"),
      state: "open",
      draft: false,
      createdAt: time(0),
      merged: null,
      base: { ref: "main", sha: sha(0) },
      head: { ref: "hotfix/stripe-webhook", sha: head, repository: "kamiyo/api" },
      fork: false,
      labels: ["severity:P1", "approved:engineering-manager"],
      url: "https://github.example/kamiyo/api/pull/42",
      commitCount: commits,
      changedFiles: files,
    },
    observedAt: time(30),
    commits: known(
      Array.from({ length: commits }, (_, i) => ({
        sha: sha(i + 1),
        message: `${MESSAGE}\n\n(${i})`,
        author: identity,
        committer: identity,
        parents: [sha(i)],
      })),
    ),
    files: known(
      Array.from({ length: files }, (_, i) => ({
        path: `services/area-${i % 7}/module-${i % 90}/${i}-${ENDINGS[i % ENDINGS.length]}`,
        previousPath: null,
        status: "modified",
        additions: 3,
        deletions: 1,
        patch: PATCH,
        sha: sha(i),
      })),
    ),
    history: known({
      labels: [
        { event: "labeled", label: "severity:P1", actor: account("john"), byApp: false, at: time(2) },
        {
          event: "labeled",
          label: "approved:engineering-manager",
          actor: account("jane"),
          byApp: false,
          at: time(9),
        },
      ],
      reviews: [{ author: account("rita"), state: "approved", commit: head, at: time(8) }],
      comments: [],
      baseChangedAt: [],
      reopenedAt: [],
      headForcePushedAt: [],
    }),
    activity: known([{ before: sha(0), after: head, at: time(0), type: "push", actor: account("john") }]),
    firstSeenAt: known(time(1)),
    comparison: known({ behindBy: 0, mergeBase: sha(0), baseChangedPaths: [] }),
    inProduction: known(false),
    issues: {
      "kamiyo/api#1234": known({
        exists: true,
        pullRequest: false,
        state: "open",
        createdAt: time(0),
        labels: [],
        title: "",
      }),
    },
    people: Object.fromEntries(
      ["john", "jane", "rita"].map((login) => [
        login,
        {
          access: known({
            permission: login === "jane" ? "admin" : "write",
            roleName: login === "jane" ? "admin" : "write",
          }),
          teams: {},
          profile: known({ name: null, email: null }),
        },
      ]),
    ),
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
  };
}

/** Median milliseconds of `run` on fresh input: on the clock, and of processor time, which a busy machine does not stretch. */
function median(make, run) {
  const clock = [];
  const processor = [];
  for (let i = 0; i < RUNS; i++) {
    const input = make();
    const start = performance.now();
    const used = process.cpuUsage();
    run(input);
    const { user, system } = process.cpuUsage(used);
    clock.push(performance.now() - start);
    processor.push((user + system) / 1000);
  }
  const middle = (times) => times.sort((a, b) => a - b)[RUNS >> 1] ?? 0;
  return { ms: middle(clock), cpu: middle(processor) };
}

/** Rows of `{ what, commits, files, ms, cpu, aim }`; `aim` is for the largest pull request that GitHub shows. */
export async function measurePure(dist = new URL("../dist/", import.meta.url)) {
  const load = (path) => import(new URL(path, dist).href);
  const { evaluate, readHotfix } = await load("policy/evaluate.js");
  const { ruleById } = await load("policy/rules/registry.js");
  const { defaultPolicy } = await load("config/index.js");
  const policy = {
    ...defaultPolicy(),
    components: { payments: ["services/area-1/**"], web: ["web/**", "{app,lib}/**/*.ts"] },
  };
  const reading = { state: "valid", policy, source: "bench" };

  const rows = [];
  for (const commits of [1, 250]) {
    for (const files of [10, 3000]) {
      // As it comes from GitHub: text that was parsed, not put together.
      const json = JSON.stringify(snapshot(commits, files));
      const make = () => JSON.parse(json);
      const withHotfix = () => {
        const input = make();
        return { snapshot: input, policy, hotfix: readHotfix(input, policy) };
      };
      const pieces = {
        "reading commits, severity, approvals": median(make, (input) => readHotfix(input, policy)),
        ...Object.fromEntries(
          RULES.map((id) => [
            id,
            median(withHotfix, (input) => ruleById(id).check(input, policy.rules[id].options)),
          ]),
        ),
        "four rules about the diff": median(withHotfix, (input) => {
          for (const id of RULES) ruleById(id).check(input, policy.rules[id].options);
        }),
        "whole evaluation": median(make, (input) => evaluate(input, reading, null)),
      };
      for (const [what, times] of Object.entries(pieces)) {
        rows.push({ what, commits, files, ...times, aim: AIM_MS[what] ?? null });
      }
    }
  }
  return rows;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const dist = process.argv[2] === undefined ? undefined : pathToFileURL(`${process.argv[2]}/`);
  const number = (ms) => `${ms.toFixed(2).padStart(8)} ms`;
  for (const { what, commits, files, ms, cpu, aim } of await measurePure(dist)) {
    const size = `${commits} commits, ${files} files`.padEnd(26);
    const against = aim === null ? "" : `  (aim: ${aim})`;
    console.log(`${size}${what.padEnd(38)}${number(ms)}  processor${number(cpu)}${against}`);
  }
}
