import type { HotfixCommit } from "../../../src/policy/commit-message/fields.ts";
import { known } from "../../../src/policy/fact.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { Rule, RuleInput } from "../../../src/policy/rule.ts";
import type { ChangedFile } from "../../../src/policy/snapshot/change.ts";
import type { PullRequestSnapshot } from "../../../src/policy/snapshot.ts";
import type { Finding } from "../../../src/policy/verdict.ts";
import { HEAD, snapshot } from "../../support/snapshot.ts";

/** A changed file with so many lines, all of them added. */
export function changed(path: string, lines = 10, more: Partial<ChangedFile> = {}): ChangedFile {
  const patch =
    lines === 0
      ? null
      : `@@ -7,0 +7,${lines} @@\n${Array.from({ length: lines }, (_, i) => `+line ${i}`).join("\n")}`;
  return {
    path,
    previousPath: null,
    status: "modified",
    additions: lines,
    deletions: 0,
    patch,
    sha: "c".repeat(40),
    ...more,
  };
}

export interface Given {
  readonly files: readonly ChangedFile[];
  readonly deployment?: Partial<HotfixCommit>;
  readonly components?: Policy["components"];
  readonly snapshot?: Partial<PullRequestSnapshot>;
  readonly hotfix?: Partial<RuleInput["hotfix"]>;
}

/** What the rules about the diff look at; the rest of the policy is not there. */
export function input(given: Given): RuleInput {
  const deployment: HotfixCommit = {
    source: { kind: "commit", sha: HEAD },
    message: { title: "HOTFIX: Fix", fields: {} },
    missing: [],
    closes: null,
    titleValid: true,
    fixes: [{ repository: null, number: 1234, text: "#1234" }],
    unreadableFixes: [],
    scope: [],
    dependencyFix: null,
    ...given.deployment,
  };
  return {
    snapshot: snapshot({ files: known(given.files), ...given.snapshot }),
    policy: { components: given.components ?? {} } as Policy,
    hotfix: { commit: known(deployment), ...given.hotfix } as RuleInput["hotfix"],
  };
}

/** The rule's finding, with options as configured (else its defaults). */
export function check<Options>(rule: Rule<Options>, given: Given, options: unknown = {}): Finding {
  return rule.check(input(given), rule.meta.options.parse(options));
}

/**
 * Milliseconds of processor time that `run` takes: a busy machine does not stretch it as it does the clock.
 */
export function processorTime(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
