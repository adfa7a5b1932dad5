import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { stringify } from "yaml";
import { type ConfigProblem, parseConfig, policySchema } from "../../src/config/index.ts";
import { parseDuration } from "../../src/config/values.ts";
import { RULE_IDS, SEVERITIES } from "../../src/policy/policy.ts";
import { anyCharacter } from "../support/any-text.ts";
import { parse, policyOf } from "./support.ts";

const roleName = fc.constantFrom("on-call", "engineering-manager", "cto");
const some = <T>(item: fc.Arbitrary<T>, minLength = 0) => fc.uniqueArray(item, { minLength, maxLength: 3 });
const duration = fc.tuple(fc.nat(300), fc.constantFrom("s", "m", "h", "d")).map(([n, unit]) => `${n}${unit}`);
const optional = { requiredKeys: [] };
const login = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}$/);

const role = fc.record(
  { teams: some(login), users: some(login), permission: fc.constantFrom("read", "write", "admin") },
  optional,
);
const severity = fc.record(
  {
    hotfix: fc.boolean(),
    approvers: some(roleName, 1),
    approvals: fc.integer({ min: 1, max: 10 }),
    review: fc.constantFrom("before-merge", "after-merge", "none"),
    respond_within: duration,
  },
  { requiredKeys: ["approvers"] },
);
const level = fc.constantFrom("error", "warn", "off");
/** Valid configurations, as people write them. */
const config = fc.record(
  {
    version: fc.constant(1),
    mode: fc.constantFrom("enforce", "observe"),
    roles: fc.dictionary(roleName, role),
    severities: fc.dictionary(fc.constantFrom(...SEVERITIES), severity),
    approval: fc.record({ by: some(fc.constantFrom("label", "review"), 1), self: fc.boolean() }, optional),
    components: fc.dictionary(login, some(fc.constantFrom("src/**", "a/*.ts", "**/{x,y}"), 1)),
    rules: fc.dictionary(fc.constantFrom(...RULE_IDS), level),
    escalation: fc.array(fc.record({ after: duration, notify: some(roleName, 1) }), { maxLength: 3 }),
    post_mortem: fc.record(
      { due: duration, remind: some(duration), template: fc.constantFrom(null, "a/b.md") },
      optional,
    ),
    environments: some(fc.string({ minLength: 1, maxLength: 20 }).filter((text) => !/\p{Cc}/u.test(text))),
  },
  optional,
);

describe("parseConfig", () => {
  it("never throws, and always gives a policy or problems with places", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "version: 1\n",
        "roles:\n",
        "  cto: ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "&a ",
        "*a ",
        "!t ",
        "<<: ",
        "? ",
        ": ",
        "|\n",
        "'",
        '"',
        "\\",
        "---\n",
        "#",
        "\t",
        "  ",
        "\n",
        "\r\n",
        "rules: ",
        "scope: ",
        "__proto__: ",
        "null",
        "~",
        "0x1",
        "1e999",
        ".nan",
        "%YAML 1.1\n",
      ),
      fc.string({ unit: anyCharacter, maxLength: 8 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        const result = parse(pieces.join(""));
        if ("policy" in result) return true;
        const fit = ({ line, column, message, fix }: ConfigProblem): boolean =>
          line >= 1 && column >= 1 && message !== "" && fix !== "" && !/\p{Cc}/u.test(message + fix);
        return result.problems.length > 0 && result.problems.every(fit);
      }),
      { numRuns: 150 },
    );
  });

  it("never throws on bytes", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => void parseConfig([{ file: "a", bytes }])),
    );
  });

  it("never throws on values of the wrong kind under keys that there are", () => {
    const key = fc.constantFrom(
      "version",
      "extends",
      "mode",
      "branches",
      "roles",
      "severities",
      "rules",
      "escalation",
      "post_mortem",
      "components",
      "cto",
      "P0",
      "scope",
      "name",
      "after",
    );
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { maxDepth: 5 },
        fc.jsonValue({ maxDepth: 1 }),
        fc.dictionary(key, tie("value"), { maxKeys: 4 }),
        fc.array(tie("value"), { maxLength: 3 }),
      ),
    }));
    fc.assert(
      fc.property(fc.dictionary(key, value as fc.Arbitrary<unknown>), (tree) => {
        const result = parse(stringify(tree));
        expect("policy" in result || result.problems.length > 0).toBe(true);
      }),
      { numRuns: 60 },
    );
  });

  it("reads what YAML wrote: the policy is that of the values themselves", () => {
    fc.assert(
      fc.property(config, (tree) => {
        expect(policyOf(stringify(tree))).toEqual(policySchema.parse(structuredClone(tree)));
      }),
      { numRuns: 60 },
    );
  });

  it("lets this file win: what it says holds, whatever the other says", () => {
    fc.assert(
      fc.property(config, config, (own, base) => {
        const alone = policyOf(stringify(own));
        const merged = policyOf(stringify({ ...own, extends: "policies" }), stringify(base));
        for (const key of ["mode", "escalation", "environments"] as const) {
          if (key in own && key !== "escalation") expect(merged[key]).toEqual(alone[key]);
        }
        for (const [id, level] of Object.entries(own.rules ?? {}))
          expect(merged.rules[id as "scope"].level).toBe(level);
        for (const [name, said] of Object.entries(own.roles ?? {}))
          expect(merged.roles[name]).toMatchObject(said);
        for (const [name, globs] of Object.entries(own.components ?? {}))
          expect(merged.components[name]).toEqual(globs);
        for (const name of Object.keys(base.components ?? {}))
          expect(merged.components).toHaveProperty([name]);
      }),
      { numRuns: 60 },
    );
  });

  it("takes an own file that says nothing for the other", () => {
    fc.assert(
      fc.property(config, (base) => {
        expect(policyOf("extends: policies", stringify(base))).toEqual(policyOf(stringify(base)));
      }),
      { numRuns: 30 },
    );
  });
});

describe("parseDuration", () => {
  it.each([
    ["90s", 90_000],
    ["15m", 900_000],
    ["4h", 14_400_000],
    ["1d", 86_400_000],
    ["0m", 0],
    ["366d", 31_622_400_000],
  ])("%s", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });
  it.each([
    "",
    "m",
    "15",
    "15 m",
    " 15m",
    "15m\n",
    "15M",
    "-1m",
    "+1m",
    "1.5h",
    "1h30m",
    "1w",
    "15min",
    "٣m",
    "367d",
    "9999999999s",
  ])("refuses %j", (text) => {
    expect(parseDuration(text)).toBeNull();
  });
});
