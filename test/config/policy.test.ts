import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import { Ajv2020 } from "ajv/dist/2020.js";
import { describe, expect, it } from "vitest";
import { pageWithTables } from "../../src/config/document.ts";
import { defaultPolicy, parseConfig, policySchema } from "../../src/config/index.ts";
import { schemaFiles } from "../../src/config/schema-files.ts";
import { RULE_IDS } from "../../src/policy/policy.ts";
import { lineOf, parse, policyOf, problemsOf } from "./support.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

/** Section 3 of the design, as written there. */
const DESIGN = `
version: 1
extends: null
mode: enforce
report_on: all
branches:
  hotfix: ["hotfix/**"]
  name: '^hotfix/[a-z0-9]+(?:-[a-z0-9]+)*$'
  base: []
  back_merge: []
roles:
  on-call:             { teams: [], users: [], permission: write }
  engineering-manager: { teams: [], users: [], permission: admin }
  cto:                 { teams: [], users: [], permission: admin }
severities:
  P0: { hotfix: true,  approvers: [on-call, engineering-manager, cto], approvals: 1, review: after-merge,  staging: optional, respond_within: 15m }
  P1: { hotfix: true,  approvers: [engineering-manager, cto],          approvals: 1, review: before-merge, staging: expected, respond_within: 2h }
  P2: { hotfix: false }
  P3: { hotfix: false }
approval: { by: [label, review], self: false }
commit:
  title: '^HOTFIX: \\S.*$'
  require_in: one
components: {}
rules:
  branch-name: error
  base-branch: error
  branch-freshness: warn
  commit-message: error
  severity: error
  linked-issue: error
  approval: error
  approved-by: warn
  review: error
  diff-size: { level: error, max_files: 10, max_lines: 200, max_test_lines: 400 }
  scope: { level: error, max_unrelated_files: 2, max_unrelated_lines: 20 }
  dependency-changes: error
  hotfix-comment: warn
  staging-tested: warn
  checklist: warn
overrides: { roles: [engineering-manager, cto] }
escalation:
  - { after: 0m,  severities: [P0], notify: [engineering-manager] }
  - { after: 15m, notify: [on-call] }
  - { after: 30m, notify: [engineering-manager] }
  - { after: 60m, notify: [cto] }
post_mortem: { due: 24h, remind: [4h, 0h], repository: null, template: null, assign: [author, approver], labels: [] }
verification: { remind_after_deploy: [15m, 1h] }
environments: []
communication: { status_comment: true }
`;

describe("the defaults", () => {
  it("are those of the design", () => {
    expect(policyOf(DESIGN)).toEqual(defaultPolicy());
    expect(policyOf("")).toEqual(defaultPolicy());
    expect(parseConfig([])).toEqual({ policy: defaultPolicy(), warnings: [] });
  });

  it("are resolved: milliseconds, roles, severities of the escalation, every rule", () => {
    const policy = defaultPolicy();
    expect(policy.severities.P0.respond_within).toBe(15 * MINUTE);
    expect(policy.severities.P1.respond_within).toBe(2 * HOUR);
    expect(policy.severities.P2).toMatchObject({ hotfix: false, approvers: [], respond_within: null });
    expect(policy.post_mortem).toMatchObject({ due: 24 * HOUR, remind: [4 * HOUR, 0] });
    expect(policy.verification.remind_after_deploy).toEqual([15 * MINUTE, HOUR]);
    expect(policy.escalation.map((step) => [step.after, step.severities, step.notify])).toEqual([
      [0, ["P0"], ["engineering-manager"]],
      [15 * MINUTE, ["P0", "P1"], ["on-call"]],
      [30 * MINUTE, ["P0", "P1"], ["engineering-manager"]],
      [60 * MINUTE, ["P0", "P1"], ["cto"]],
    ]);
    expect(Object.keys(policy.rules)).toEqual([...RULE_IDS]);
    expect(Object.keys(policy.verification.checklists)).toEqual(["payment", "auth", "api", "database"]);
    expect(policy).not.toHaveProperty("extends");
  });

  it("of one file do not leak into another", () => {
    const first = defaultPolicy();
    (first.severities.P0.approvers as string[]).push("eve");
    (first.branches.hotfix as string[]).length = 0;
    (first.verification.checklists.api as string[]).length = 0;
    expect(policyOf(DESIGN)).toEqual(defaultPolicy());
    expect(policyOf(DESIGN).severities.P0.approvers).not.toContain("eve");
  });
});

describe("a valid configuration", () => {
  it("keeps the defaults of all that it does not name", () => {
    const policy = policyOf(
      "roles:\n  on-call: { teams: [sre] }\n  qa: { users: [jane] }\nverification: { checklists: { api: [Look], mail: [Send] } }",
    );
    expect(policy.roles["on-call"]).toEqual({ teams: ["sre"], users: [], permission: "write" });
    expect(policy.roles.qa).toEqual({ teams: [], users: ["jane"], permission: "admin" });
    expect(policy.roles.cto).toEqual(defaultPolicy().roles.cto);
    expect(policy.verification.checklists).toEqual({
      ...defaultPolicy().verification.checklists,
      api: ["Look"],
      mail: ["Send"],
    });
  });

  it("escalates for the severities that may be hotfixed", () => {
    const policy = policyOf("severities:\n  P1: { hotfix: false }\n  P2: { hotfix: true, approvers: [cto] }");
    expect(policy.escalation[1]?.severities).toEqual(["P0", "P2"]);
  });

  it("takes a rule as level or as map", () => {
    const { rules } = policyOf(
      "rules:\n  scope: off\n  diff-size: { max_files: 3 }\n  checklist: { level: error }",
    );
    expect(rules.scope).toEqual({
      level: "off",
      options: { max_unrelated_files: 2, max_unrelated_lines: 20 },
    });
    expect(rules["diff-size"]).toEqual({
      level: "error",
      options: {
        max_files: 3,
        max_lines: 200,
        max_test_lines: 400,
        max_bytes: 50_000,
        max_test_bytes: 150_000,
      },
    });
    expect(rules.checklist).toEqual({ level: "error", options: {} });
  });

  it("warns of roles that escalation notifies and that have nobody to mention, each once, where it is written", () => {
    const result = parse(
      "roles: { cto: { users: [ada] } }\nescalation:\n  - { after: 0m, notify: [cto, on-call] }\n  - { after: 1m, notify: [on-call] }",
    );
    expect(result).toMatchObject({ warnings: [{ line: 3, column: 32, key: "escalation[0].notify[1]" }] });
    expect(parse("mode: observe")).toMatchObject({ warnings: [{ line: 1 }, { line: 1 }, { line: 1 }] });
  });

  it("may name all the branches, people and places that exist", () => {
    expect(() =>
      policyOf(`
branches: { base: [main, "release/*", "v[0-9].x"], back_merge: [develop, release/1.2] }
roles: { sre_2: { teams: [sre, other-org/sre.team], users: [jane-doe, jane_corp, x] } }
environments: [production, "Production (EU)"]
post_mortem: { repository: incidents, template: .github/post-mortem.md, labels: ["team: sre"] }
components: { "Payments & billing": ["src/{payments,billing}/**", "**/stripe*"] }
`),
    ).not.toThrow();
  });
});

describe("fixtures/hotfix.yml", () => {
  const text = readFileSync("fixtures/hotfix.yml", "utf8");

  it("is the default policy but for people and components, and has nothing to warn of", () => {
    const result = parse(text);
    if ("problems" in result) throw new Error(result.problems.map(lineOf).join("\n"));
    const { roles, components, ...rest } = result.policy;
    const { roles: _roles, components: _components, ...defaults } = defaultPolicy();
    expect(rest).toEqual(defaults);
    expect(result.warnings).toEqual([]);
    expect(Object.keys(roles)).toEqual(Object.keys(defaultPolicy().roles));
    expect(Object.keys(components)).toEqual(
      expect.arrayContaining(Object.keys(defaults.verification.checklists)),
    );
  });
});

const SCHEMA = JSON.parse(schemaFiles(policySchema)["hotfix.schema.json"] ?? "");

describe("the JSON Schemas", () => {
  it("have one address each, and say the same in both drafts", () => {
    const newer = JSON.parse(schemaFiles(policySchema)["hotfix.2020-12.schema.json"] ?? "");
    expect([SCHEMA.$id, newer.$id]).toEqual([
      expect.stringMatching(/^https:.*\/hotfix\.schema\.json$/),
      expect.stringMatching(/^https:.*\/hotfix\.2020-12\.schema\.json$/),
    ]);
    expect([SCHEMA.$schema, newer.$schema]).toEqual([
      "http://json-schema.org/draft-07/schema#",
      "https://json-schema.org/draft/2020-12/schema",
    ]);
    expect(Object.keys(newer.properties)).toEqual(Object.keys(SCHEMA.properties));
    new Ajv({ strict: false, validateFormats: false }).compile(SCHEMA);
    new Ajv2020({ strict: false, validateFormats: false }).compile(newer);
  });

  const described: [path: string, example: unknown][] = [];
  const walk = (node: unknown, path: readonly string[]): void => {
    if (typeof node !== "object" || node === null) return;
    const { properties, items, additionalProperties, anyOf, examples, description } = node as Record<
      string,
      never
    >;
    if (path.length > 0 && description !== undefined) described.push([path.join("."), examples?.[0]]);
    for (const [name, child] of Object.entries(properties ?? {})) walk(child, [...path, name]);
    walk(items, [...path, "[]"]);
    walk(additionalProperties, [...path, "security"]);
    for (const one of anyOf ?? []) walk(one, path);
  };
  walk(SCHEMA, []);

  it.each(described)("%s has an example that is valid", (path, example) => {
    expect(example).toBeDefined();
    const steps = path.split(".");
    const config = steps.reduceRight<unknown>((value, step, i) => {
      if (step === "[]")
        return [
          steps[i - 1] === "escalation" ? { after: "1m", notify: ["cto"], ...(value as object) } : value,
        ];
      return { [step]: value };
    }, example);
    const roles = { roles: { security: { users: ["lin"] } } };
    const text = JSON.stringify({ ...(path.startsWith("roles") ? {} : roles), ...(config as object) });
    expect(parse(text, undefined, { alone: true })).toHaveProperty("policy");
  });
});

describe("docs/configuration.md and the JSON Schema", () => {
  const page = readFileSync("docs/configuration.md", "utf8");

  it("are up to date (npm run generate)", () => {
    expect(pageWithTables(page, policySchema)).toBe(page);
    for (const [name, content] of Object.entries(schemaFiles(policySchema)))
      expect(readFileSync(`docs/schema/${name}`, "utf8")).toBe(content);
  });

  it("describe every key", () => {
    const rows = page.split("\n").filter((line) => /^\| \[?`/.test(line));
    expect(rows.length).toBeGreaterThan(60);
    for (const row of rows) expect(row).toMatch(/ \| [^|]+ \|$/);
  });

  it("is closed: no key that the schema does not know, but for names", () => {
    const open: string[] = [];
    const walk = (node: unknown, path: string): void => {
      if (typeof node !== "object" || node === null) return;
      if (
        "type" in node &&
        node.type === "object" &&
        "additionalProperties" in node &&
        node.additionalProperties !== false
      )
        open.push(path);
      if ("type" in node && node.type === "object" && !("additionalProperties" in node))
        open.push(`${path}!`);
      for (const [key, value] of Object.entries(node)) walk(value, `${path}/${key}`);
    };
    walk(SCHEMA, "");
    expect(open).toEqual(
      ["roles", "components", "verification/properties/checklists"].map((key) => `/properties/${key}`),
    );
  });

  const examples = [...page.matchAll(/^```yaml\n([\s\S]*?)^```/gm)]
    .map(([, yaml = ""]) => yaml)
    .filter((yaml) => !yaml.startsWith("- "));
  it.each(examples)("has examples that are valid: %j", (yaml) => {
    expect(parse(yaml, undefined, { alone: true })).toHaveProperty("policy");
  });

  it("shows the real message of a problem", () => {
    const problem = problemsOf("branches:\n  naem: a")[0];
    expect(page).toContain(lineOf(problem as never).replace("own.yml", ".github/hotfix.yml"));
  });
});
