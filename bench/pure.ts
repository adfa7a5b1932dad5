// Times of the pure evaluation, without network or GitHub. Each number is the median of fresh snapshots,
// since lists of files are classified once.
import { performance } from "node:perf_hooks";
import { defaultPolicy } from "#built/config/index";
import { evaluate, readHotfix } from "#built/policy/evaluate";
import { ruleById } from "#built/policy/rules/registry";
import type { Policy, RuleId } from "../src/policy/policy.ts";
import type { PullRequestSnapshot } from "../src/policy/snapshot.ts";
import type { Row } from "./row.ts";
import { snapshotOf } from "./snapshot.ts";

const RUNS = 15;
/** Milliseconds for the largest pull request that GitHub shows. */
const AIM_MS: Readonly<Record<string, number>> = { "four rules about the diff": 20, "whole evaluation": 50 };
const RULES: readonly RuleId[] = ["diff-size", "scope", "dependency-changes", "hotfix-comment"];

interface Times {
  readonly ms: number;
  readonly cpu: number;
}

/**
 * Median milliseconds of `run` on fresh input: on the clock, and of processor time, which a busy machine does
 * not stretch.
 */
function median<T>(make: () => T, run: (input: T) => void): Times {
  const clock: number[] = [];
  const processor: number[] = [];
  for (let i = 0; i < RUNS; i++) {
    const input = make();
    const start = performance.now();
    const used = process.cpuUsage();
    run(input);
    const { user, system } = process.cpuUsage(used);
    clock.push(performance.now() - start);
    processor.push((user + system) / 1000);
  }
  const middle = (times: number[]): number => times.sort((a, b) => a - b)[RUNS >> 1] ?? 0;
  return { ms: middle(clock), cpu: middle(processor) };
}

/** Processor time of each part of an evaluation, for small and for the largest pull requests. */
export function measurePure(): readonly Row[] {
  const policy: Policy = {
    ...defaultPolicy(),
    components: { payments: ["services/area-1/**"], web: ["web/**", "{app,lib}/**/*.ts"] },
  };
  const sizes = [1, 250].flatMap((commits) => [10, 3000].map((files) => ({ commits, files })));
  return sizes.flatMap(({ commits, files }) =>
    Object.entries(measureOne(commits, files, policy)).map(([what, { ms, cpu }]) => {
      const aim = AIM_MS[what];
      return {
        what: `${commits} commits, ${files} files: ${what}`,
        value: cpu,
        unit: "ms",
        more: `${ms.toFixed(1)} ms`,
        ...(aim !== undefined && { aim }),
      };
    }),
  );
}

function measureOne(commits: number, files: number, policy: Policy): Readonly<Record<string, Times>> {
  // As it comes from GitHub: text that was parsed, not put together.
  const json = JSON.stringify(snapshotOf(commits, files));
  const make = (): PullRequestSnapshot => JSON.parse(json);
  const withHotfix = () => {
    const snapshot = make();
    return { snapshot, policy, hotfix: readHotfix(snapshot, policy) };
  };
  const check = (id: RuleId, input: ReturnType<typeof withHotfix>) =>
    ruleById(id).check(input, policy.rules[id].options);
  return {
    "reading commits, severity, approvals": median(make, (input) => readHotfix(input, policy)),
    ...Object.fromEntries(RULES.map((id) => [id, median(withHotfix, (input) => check(id, input))])),
    "four rules about the diff": median(withHotfix, (input) => {
      for (const id of RULES) check(id, input);
    }),
    "whole evaluation": median(make, (input) =>
      evaluate(input, { state: "valid", policy, source: "bench" }, null),
    ),
  };
}
