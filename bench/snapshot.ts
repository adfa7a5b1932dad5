import { known } from "../src/policy/fact.ts";
import type { PullRequestSnapshot } from "../src/policy/snapshot.ts";
import { commit, file, HEAD, HISTORY, MESSAGE, PULL_REQUEST, snapshot } from "../test/support/snapshot.ts";

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
const sha = (n: number): string => n.toString(16).padStart(40, "0");

/** The example that the tests use as well (test/support/snapshot.ts), with so many commits and files. */
export function snapshotOf(commits: number, files: number): PullRequestSnapshot {
  const last = commits - 1;
  return snapshot({
    pr: { ...PULL_REQUEST, commitCount: commits, changedFiles: files },
    events: HISTORY,
    commits: known(
      Array.from({ length: commits }, (_, i) =>
        commit({
          sha: i === last ? HEAD : sha(i + 1),
          message: `${MESSAGE}\n\n(${i})`,
          ...(i > 0 && { parents: [sha(i)] }),
        }),
      ),
    ),
    files: known(
      Array.from({ length: files }, (_, i) =>
        file(`services/area-${i % 7}/module-${i % 90}/${i}-${ENDINGS[i % ENDINGS.length]}`, {
          additions: 3,
          deletions: 1,
          patch: PATCH,
          sha: sha(i),
        }),
      ),
    ),
  });
}
