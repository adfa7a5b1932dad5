import { describe, expect, it } from "vitest";
import { problemsOf } from "./support.ts";

/** What somebody may write to hurt: one clear problem, at once, and no crash. */

const MOST = 250_000;
const fill = (text: string, bytes = MOST): string => text.repeat(Math.floor(bytes / Buffer.byteLength(text)));

const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
  .concat(
    [..."bcdefghijk"].map(
      (key, i) => `${key}: &${key} [${Array(9).fill(`*${"abcdefghijk"[i]}`).join(", ")}]`,
    ),
  )
  .join("\n");
const chain = ["a0: &a0 [x]"]
  .concat(Array.from({ length: 300 }, (_, i) => `a${i + 1}: &a${i + 1} [*a${i}]`))
  .join("\n");

const CASES: readonly (readonly [name: string, input: string | Uint8Array, says: RegExp])[] = [
  ["over 250 kB", "a".repeat(MOST + 1), /larger than 250 kB/],
  ["26 MB", new Uint8Array(26_000_000), /larger than 250 kB/],
  ["Latin-1", new Uint8Array([0x6d, 0x3a, 0x20, 0xe9, 0x0a]), /not UTF-8/],
  ["UTF-16", new Uint8Array([0xff, 0xfe, 0x61, 0x00]), /not UTF-8/],
  ["a lone surrogate's bytes", new Uint8Array([0xed, 0xa0, 0x80]), /not UTF-8/],
  ["zero bytes", new Uint8Array(MOST), /line is longer than 10000/],
  ["an alias bomb", bomb, /more than 5000 values/],
  ["an alias bomb of maps", bomb.replaceAll("[", "{ k: [").replaceAll("]", "] }"), /more than 5000 values/],
  ["a chain of aliases", chain, /nested too deeply/],
  ["open lists", fill("[", 9_000), /nested too deeply/],
  ["open maps", fill("{a: ", 9_000), /nested too deeply/],
  ["lists in lists", fill("- ", 9_000), /nested too deeply/],
  ["keys of keys", fill("? ", 9_000), /nested too deeply/],
  [
    "maps by indentation",
    Array.from({ length: 600 }, (_, i) => `${" ".repeat(i)}a:\n`).join(""),
    /nested too deeply/,
  ],
  ["the same key again and again", fill("mode: enforce\n"), /more than 5000 lines/],
  [
    "different keys",
    Array.from({ length: 20_000 }, (_, i) => `key${i}: 1`).join("\n"),
    /more than 5000 lines/,
  ],
  ["closed lists side by side", fill(`${"[]".repeat(4_000)}\n`), /too many parts/],
  ["closing brackets", fill(`${"]".repeat(9_000)}\n`), /too many parts/],
  ["keys in a map", `{ ${fill(`${"a: b, ".repeat(1_000)}\n`, MOST - 100)} }`, /too many parts/],
  ["anchors", fill(`${"&a ".repeat(3_000)}\n`), /too many parts/],
  ["tags", fill(`${"!a ".repeat(3_000)}\n`), /too many parts/],
  ["documents", fill("---\n"), /more than 5000 lines/],
  ["directives", fill("%a b\n"), /more than 5000 lines/],
  ["line breaks", fill("\n"), /more than 5000 lines/],
  ["comments", fill("#\n"), /more than 5000 lines/],
  ["a long block", `mode: |\n${fill(" x\n", MOST - 100)}`, /more than 5000 lines/],
  ["a long line", `mode: "${fill("a", MOST - 100)}"`, /line is longer than 10000/],
  ["an open text", `mode: "${fill(`${"a".repeat(9_000)}\n `, MOST - 100)}`, /not valid YAML/],
  [
    "a long text",
    `mode: "${fill(`${"a".repeat(9_000)}\n `, MOST - 100)}"`,
    /is not one of enforce, observe or off/,
  ],
  ["a long key", `${"a".repeat(9_000)}: 1`, /not valid YAML/],
  ["a long pattern", `branches: { name: '${fill("(a|b)*", 9_000)}' }`, /too long/],
  [
    "a long pattern of many lines",
    `branches: { name: '${fill(`${"(a|b)*".repeat(1_000)}\n `, MOST - 100)}' }`,
    /too long/,
  ],
  ["a long glob", `components: { a: ['${fill("{a,b}", 9_000)}'] }`, /too long/],
  ["a long line of spaces with a fault", `k: a${" ".repeat(9_900)}: b`, /unknown key|not valid YAML/],
  [
    "faults in each line",
    Array.from({ length: 900 }, (_, i) => `\tk${i}: a\n`).join(""),
    /Tabs are not allowed/,
  ],
  ["a long number", `severities: { P0: { approvals: ${"9".repeat(9_000)} } }`, /Infinity/],
  ["many patterns", `commit:\n  issues:\n${fill("    - 'a{900}'\n", 20_000)}`, /too long/],
  ["one open list to a line", fill("[\n", 9_000), /nested too deeply/],
  [
    "many roles",
    `roles:\n${Array.from({ length: 900 }, (_, i) => `  r${i}: {}`).join("\n")}`,
    /too many names/,
  ],
  [
    "many components",
    `components:\n${Array.from({ length: 101 }, (_, i) => `  c${i}: [a]`).join("\n")}`,
    /too many names/,
  ],
];

describe("harmful input", () => {
  it.each(CASES)("%s", (_, input, says) => {
    // Processor time: other work on the machine is not counted.
    const start = process.cpuUsage();
    const problems = problemsOf(input);
    const { user, system } = process.cpuUsage(start);
    expect((user + system) / 1_000).toBeLessThan(1_000);
    expect(problems[0]?.message).toMatch(says);
    expect(problems[0]?.message.length).toBeLessThan(300);
    expect(problems.length).toBeLessThanOrEqual(51);
  });
});
