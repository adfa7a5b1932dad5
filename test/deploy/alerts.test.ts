import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse, stringify } from "yaml";

/** Prometheus's own promtool holds the alert rules to what they fire at; of Debian's package `prometheus`. */

const HAS_PROMTOOL = spawnSync("promtool", ["--version"]).status === 0;
const CASES = "test/deploy/alert-rules.yml";

interface Rules {
  readonly groups: readonly {
    readonly rules: readonly { readonly alert: string; annotations?: unknown }[];
  }[];
}
interface Cases {
  readonly tests: readonly {
    readonly alert_rule_test: readonly {
      readonly alertname: string;
      readonly exp_alerts?: readonly unknown[];
    }[];
  }[];
}

const rules = parse(readFileSync("deploy/prometheus/alerts.yml", "utf8")) as Rules;
const cases = parse(readFileSync(CASES, "utf8")) as Cases;

describe("what alerts fire at", () => {
  it("each alert has a case where it fires, and one where it does not", () => {
    const all = cases.tests.flatMap(({ alert_rule_test: tests }) => tests);
    const names = (fires: boolean) =>
      new Set(
        all.filter((one) => (one.exp_alerts !== undefined) === fires).map(({ alertname }) => alertname),
      );
    const alerts = rules.groups.flatMap((group) => group.rules.map(({ alert }) => alert)).sort();
    expect([...names(true)].sort()).toEqual(alerts);
    expect([...names(false)].sort()).toEqual(alerts);
  });

  it.skipIf(!HAS_PROMTOOL)("promtool sees them fire and not fire", () => {
    execFileSync("promtool", ["check", "rules", "deploy/prometheus/alerts.yml"]);
    const folder = mkdtempSync(join(tmpdir(), "hotfix-guard-alerts-"));
    // Cases are about what fires; what it says is held elsewhere.
    for (const { rules: own } of rules.groups) for (const rule of own) delete rule.annotations;
    writeFileSync(join(folder, "alerts.yml"), stringify(rules));
    writeFileSync(join(folder, "cases.yml"), readFileSync(CASES));
    const { status, stdout, stderr } = spawnSync("promtool", ["test", "rules", "cases.yml"], {
      cwd: folder,
      encoding: "utf8",
    });
    expect(`${stdout}${stderr}`).toContain("SUCCESS");
    expect(status).toBe(0);
  });
});
