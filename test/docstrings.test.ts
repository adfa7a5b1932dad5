import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** The formatter begins every declaration at the start of a line, so that lines are enough to tell. */
const DECLARATION =
  /^export (?:default )?(?:declare )?(?:abstract )?(?:async )?(type|interface|class|enum|function\*?) (\w+)/;
/** Named once, and sent out of the file further down. */
const LATER = /^export (?:type )?\{[^}]*\}(?! from)/m;

interface Exported {
  readonly where: string;
  readonly kind: string;
  /** `""`: none. */
  readonly docstring: string;
}

const files = readdirSync("src", { recursive: true, encoding: "utf8" }).filter((name) =>
  /\.tsx?$/.test(name),
);
const sources = new Map(files.map((file) => [file, readFileSync(join("src", file), "utf8")]));
const exported: readonly Exported[] = [...sources].flatMap(([file, source]) => exportedIn(file, source));

function exportedIn(file: string, source: string): readonly Exported[] {
  const lines = source.split("\n");
  const seen = new Set<string>();
  return lines.flatMap((line, i) => {
    const [, kind, name] = DECLARATION.exec(line) ?? [];
    // The first of a function's overloads speaks for all.
    if (kind === undefined || name === undefined || seen.has(name)) return [];
    seen.add(name);
    return { where: `${file}: ${kind} ${name}`, kind, docstring: docstringAbove(lines, i) };
  });
}

function docstringAbove(lines: readonly string[], at: number): string {
  if (!lines[at - 1]?.endsWith("*/")) return "";
  const begin = lines.findLastIndex((line, i) => i < at && line.startsWith("/**"));
  return lines
    .slice(begin, at)
    .map((line) => line.replace(/^\s*(?:\/\*\*|\*\/|\*)|\*\/$/g, "").trim())
    .join(" ")
    .trim();
}

describe("docstrings", () => {
  it("are seen by this test", () => {
    expect(exported.length).toBeGreaterThan(800);
    const sample = ["/**", " * Two", " * lines.", " */", "export interface A {", "", "export type B = 1;"];
    expect(exportedIn("a.ts", sample.join("\n"))).toEqual([
      { where: "a.ts: interface A", kind: "interface", docstring: "Two lines." },
      { where: "a.ts: type B", kind: "type", docstring: "" },
    ]);
  });

  it.each(["type", "interface", "class", "enum", "function"])("has every exported %s", (kind) => {
    const bare = exported.filter((one) => one.kind.startsWith(kind) && one.docstring === "");
    expect(bare.map(({ where }) => where)).toEqual([]);
  });

  it("say more than the name", () => {
    const words = (text: string) => text.toLowerCase().match(/[a-z]+/g) ?? [];
    const empty = exported.filter(({ where, docstring }) => {
      const name = (where.split(" ").at(-1) ?? "").replace(/([A-Z])/g, " $1");
      return words(docstring).every((word) => ["the", "a", "an", "of", ...words(name)].includes(word));
    });
    expect(empty.filter(({ docstring }) => docstring !== "").map(({ where }) => where)).toEqual([]);
  });

  it("stand at what is exported, not at a list of names", () => {
    const lists = [...sources].filter(([, source]) => LATER.test(source));
    expect(lists.map(([file]) => file)).toEqual([]);
  });

  it("end at column 110, as every comment does", () => {
    const long = [...sources].flatMap(([file, source]) =>
      source
        .split("\n")
        .flatMap((line, i) =>
          /^\s*(?:\/\*\*|\*|\/\/) /.test(line) && [...line].length > 110 ? [`${file}:${i + 1}`] : [],
        ),
    );
    expect(long).toEqual([]);
  });
});
