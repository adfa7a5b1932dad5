import { existsSync, readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { z } from "zod";
import { defaultPolicy } from "../src/config/index.ts";
import { RULE_IDS, type RuleId } from "../src/policy/policy.ts";
import { COMMON_MESSAGES } from "../src/policy/rule.ts";
import { messageOf, RULES, ruleById } from "../src/policy/rules/registry.ts";
import { parseExample, runExample } from "./support/example.ts";

const ids: readonly string[] = RULE_IDS;
const namesIn = (folder: string, end: string): readonly string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(end))
    .map((name) => name.slice(0, -end.length))
    .sort();
/** `""` where it is missing, so that the other rules are still tested. */
const page = (id: RuleId): string =>
  existsSync(`docs/rules/${id}.md`) ? readFileSync(`docs/rules/${id}.md`, "utf8") : "";

describe("registry, files, pages, tests and configuration name the same rules", () => {
  it("registers them in the order of the design", () => {
    expect(RULES.map(({ meta }) => meta.id)).toEqual(ids);
  });
  it("has one file a rule", () => {
    expect(namesIn("src/policy/rules", ".ts").filter((name) => name !== "registry")).toEqual([...ids].sort());
  });
  it("has one page a rule", () => {
    expect(namesIn("docs/rules", ".md").filter((name) => name !== "README")).toEqual([...ids].sort());
  });
  it("lists the pages, with their levels, in the index", () => {
    const index = readFileSync("docs/rules/README.md", "utf8");
    const rows = [...index.matchAll(/^\| \[([a-z-]+)\]\(([a-z-]+)\.md\) \| (\w+) \|/gm)];
    expect(rows.map(([, id, file, level]) => ({ id, file, level }))).toEqual(
      RULES.map(({ meta: { id, level } }) => ({ id, file: id, level })),
    );
  });
  it("has one test a rule", () => {
    expect(namesIn("test/policy/rules", ".test.ts")).toEqual(expect.arrayContaining([...ids].sort()));
  });
  it("has one configuration key a rule, with its default level", () => {
    const { rules } = defaultPolicy();
    expect(Object.keys(rules)).toEqual(ids);
    for (const { meta } of RULES) expect(rules[meta.id].level, meta.id).toBe(meta.level);
  });
  it("throws for a rule or code that nobody has defined", () => {
    expect(() => ruleById("nonsense" as RuleId)).toThrow("nonsense");
    expect(() => messageOf("scope", "nonsense")).toThrow("nonsense");
    expect(messageOf("scope", "unknown")).toBe(COMMON_MESSAGES.unknown);
  });
});

describe.each(RULE_IDS)("%s", (id) => {
  const { meta } = ruleById(id);
  const source = readFileSync(`src/policy/rules/${id}.ts`, "utf8");

  it("has messages that tell what to do wherever something is to be done", () => {
    expect(meta.rationale).toMatch(/[.?]$/);
    for (const [code, { found }] of Object.entries(meta.messages)) {
      expect(code).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(found, code).not.toBe("");
    }
  });

  it("describes every option and gives it a default", () => {
    const { properties = {}, additionalProperties } = z.toJSONSchema(meta.options, { io: "input" }) as {
      properties?: Record<string, { description?: string; default?: unknown }>;
      additionalProperties?: unknown;
    };
    expect(additionalProperties).toBe(false);
    for (const [name, { description, default: value }] of Object.entries(properties)) {
      expect(description, name).toBeTruthy();
      expect(value, name).toBeDefined();
      expect(page(id), name).toContain(`\`${name}\``);
    }
  });

  it("has a page that says its id and its default level", () => {
    expect(page(id)).toMatch(new RegExp(`^# ${id}\n`));
    expect(page(id)).toMatch(new RegExp(`Default level: \`?${meta.level}`));
  });

  it("has its reason codes in the page's table, and no others", () => {
    const table = /^## Reason codes\n([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(page(id))?.[1] ?? "";
    const codes = [...table.matchAll(/^\| `([a-z0-9-]+)` \|/gm)].map((match) => match[1]);
    expect(codes.filter((code) => code !== "unknown").sort()).toEqual(Object.keys(meta.messages).sort());
  });

  it("has every reason code in its test, and a message for every code that it finds", () => {
    const test = existsSync(`test/policy/rules/${id}.test.ts`)
      ? readFileSync(`test/policy/rules/${id}.test.ts`, "utf8")
      : "";
    for (const code of Object.keys(meta.messages))
      expect(test, code).toMatch(new RegExp(`["'\`]${code}["'\`]`));
    for (const [, code] of source.matchAll(/\bfinding\(\s*"[a-z-]+",\s*"([a-z0-9-]+)"/g))
      expect(Object.keys(meta.messages)).toContain(code);
  });

  const sections = ["Passes", "Fails"].map((name) => {
    const text =
      new RegExp(`^## ${name}\\n([\\s\\S]*?)(?=^## |$(?![\\s\\S]))`, "m").exec(page(id))?.[1] ?? "";
    return {
      name,
      examples: [...text.matchAll(/^```ya?ml\n([\s\S]*?)^```/gm)].map((match) => match[1] ?? ""),
    };
  });
  it.each(sections)("has an example under $name", ({ examples }) => {
    expect(examples).not.toEqual([]);
  });
  const examples = sections.flatMap(({ name, examples }) =>
    examples.map((text, i) => ({ name: `${name} ${i + 1}`, text, passes: name === "Passes" })),
  );
  it.each(examples)("finds in the example $name what it says", ({ text, passes }) => {
    const example = parseExample(text);
    const { state, code, data } = runExample(id, example);
    expect({ state, code }).toEqual(example.expect);
    expect(["satisfied", "not-applicable"].includes(state)).toBe(passes);
    for (const [, name] of `${messageOf(id, code).found} ${messageOf(id, code).fix}`.matchAll(
      /\{(\w+)(?::\w+)?\}/g,
    ))
      expect(Object.keys(data), code).toContain(name);
  });
});
