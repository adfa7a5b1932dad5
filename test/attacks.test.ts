import { readdirSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { ROW, TRIED } from "./scenario/attacks/index.ts";

/** What docs/security.md promises of attacks: that they are tried, each beside an honest twin. */

const KINDS = 24;
const LEAST = 80;
const sourceOf = (file: string): string => readFileSync(`test/${file}`, "utf8").replace(/\$\{[^}]*\}/g, "…");
const names = TRIED.flatMap(({ file, attacks, twin }) =>
  [...attacks, ...(twin === ROW ? [] : [twin])].map((name) => ({ file, name })),
);

it("each attack and each honest twin is a test, or a row of one", () => {
  const missing = names.filter(
    ({ file, name }) => !['"', "'", "`"].some((quote) => sourceOf(file).includes(`${quote}${name}${quote}`)),
  );
  expect(missing).toEqual([]);
});

it(`at least ${LEAST} are tried through signed webhooks, each once in the list`, () => {
  const tried = TRIED.flatMap(({ file, attacks }) => attacks.map((name) => `${file}: ${name}`));
  expect(new Set(tried).size).toBe(tried.length);
  expect(tried.filter((name) => name.startsWith("scenario/")).length).toBeGreaterThanOrEqual(LEAST);
  expect(TRIED.every(({ twin, attacks }) => twin !== "" && !attacks.includes(twin))).toBe(true);
});

it("there is one of every kind", () => {
  const kinds = new Set(TRIED.map(({ item }) => item));
  expect(Array.from({ length: KINDS }, (_, i) => i + 1).filter((kind) => !kinds.has(kind))).toEqual([]);
});

it("none is left out", () => {
  const files = readdirSync("test/scenario/attacks").filter((name) => name.endsWith(".test.ts"));
  const listed = new Set(TRIED.map(({ file }) => file));
  for (const name of files) {
    const file = `scenario/attacks/${name}`;
    expect(sourceOf(file), file).not.toMatch(/\.(?:skip|only|todo|fails)\b/);
    // Random acts have no names of their own.
    if (name !== "strangers.test.ts") expect(listed, file).toContain(file);
  }
});
