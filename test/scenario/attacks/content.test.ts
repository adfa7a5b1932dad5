import { describe } from "vitest";
import { DEPLOYMENT_MESSAGE, type Hotfix, JOHN, REPO, type Scenario, scenario } from "../support.ts";

/**
 * What a hotfix says of itself and what it holds (issue 8, items 15, 17 and 18): each attack beside its
 * honest twin. Harm is a gate that asks for nothing but the approval.
 */

type Row = readonly [name: string, attack: Partial<Hotfix>, honest: Partial<Hotfix>];

const severity = (value: string): Partial<Hotfix> => ({
  message: DEPLOYMENT_MESSAGE.replace("Severity: P1", `Severity: ${value}`),
});
const severities: readonly (readonly [attack: string, honest: string])[] = [
  ["P0 → P1", "P1 (was P0)"],
  ["P0 -> P1", "P1 - High"],
  ["P0 until 10:40, then P1", "P1 since 10:40"],
  ["P0? P1?", "P1"],
  ["P0/P1", "p1"],
  ["P0 or P1", "P1 (formerly P0)"],
  ["P1, lowered from P0", "High (P1)"],
  ["not P0", "Severity: P1"],
  ["P0 downgraded to 1", "P1 – 1 of 3 regions"],
  ["P0 bis 10:40, dann 1", "P1 (zuvor P0)"],
  ["P0 (SEV-1 since noon)", "P1 (was P0)"],
  ["P0 (no longer)", "P1, payments no longer arrive"],
  ["P0 until 10:40", "P1, down until the restart"],
  ["P0 if it recurs", "P1 – carts vanish, if they hold a voucher"],
  ["P0 for customers in EU", "P1 – for all customers"],
  ["P0/medium", "P1/high"],
  ["P0 – payments down (tbc)", "P1 – payments down"],
];

const lines = (count: number): string => "x = 1\n".repeat(count);
/** By file: its lines. */
const files = (counts: Readonly<Record<string, number>>): Partial<Hotfix> => ({
  files: Object.fromEntries(
    Object.entries(counts).map(([path, count]) => [path, `# HOTFIX: Issue #1234\n${lines(count)}`]),
  ),
});
const scoped = (scope: string, more: Partial<Hotfix>): Partial<Hotfix> => ({
  message: `${DEPLOYMENT_MESSAGE}\nScope: ${scope}`,
  ...more,
});
const SPREAD = {
  "src/payments/a.py": 30,
  "src/auth/a.py": 30,
  "src/api/a.py": 30,
  "src/api/b.py": 25,
  "src/auth/b.py": 25,
};
const ONE = { "src/payments/a.py": 50, "src/payments/stripe/client.py": 30, "src/payments/index.py": 10 };

const rows: readonly Row[] = [
  ...severities.map(([attack, honest]): Row => [`severity “${attack}”`, severity(attack), severity(honest)]),
  [
    "one line of 300 kB",
    { files: { "src/payments/long.py": `# HOTFIX: Issue #1234\nx = "${"a".repeat(300_000)}"\n` } },
    { files: { "src/payments/long.py": `# HOTFIX: Issue #1234\nx = "${"a".repeat(300)}"\n` } },
  ],
  [
    "200 lines of 2 kB",
    {
      files: {
        "src/payments/long.py": `# HOTFIX: Issue #1234\n${`x = "${"a".repeat(2_000)}"\n`.repeat(150)}`,
      },
    },
    {
      files: { "src/payments/long.py": `# HOTFIX: Issue #1234\n${`x = "${"a".repeat(60)}"\n`.repeat(150)}` },
    },
  ],
  ["spread evenly over three components", files(SPREAD), files(ONE)],
  [
    "spread, and declared as Scope: src/**",
    scoped("src/**", files(SPREAD)),
    scoped("src/payments/**", files(ONE)),
  ],
  ["spread, and declared as Scope: **", scoped("**", files(SPREAD)), scoped("src/payments/**", files(ONE))],
  [
    "spread, and declared as three scopes",
    scoped("src/payments/**, src/auth/**, src/api/**", files(SPREAD)),
    scoped("src/payments/**", files(ONE)),
  ],
];

let count = 0;
/** The gate on such a hotfix, which is closed then. */
async function gateOn(s: Scenario, more: Partial<Hotfix>): Promise<string | null | undefined> {
  const number = await s.openHotfix({ branch: `hotfix/content-${++count}`, ...more });
  const gate = await s.gate(number);
  await s.sandbox.as(JOHN).editPullRequest(REPO, number, { state: "closed" });
  return gate?.conclusion;
}

describe.concurrent("what a hotfix says and holds", () => {
  scenario(
    "each attack fails, and its honest twin waits for nothing but its approval",
    { throttle: false },
    async (s, expect) => {
      for (const [name, attack, honest] of rows) {
        expect(await gateOn(s, attack), name).toBe("failure");
        expect(await gateOn(s, honest), `${name}: the twin`).toBe("action_required");
      }
    },
  );
});
