import { expect, test } from "vitest";
import { rolledBackBy, type Standing, standingOf } from "../../../src/policy/landing/rolled-back.ts";

const tree = (files: Record<string, string>) => new Map(Object.entries(files));
const EFFECT = {
  paths: new Set(["changed", "added", "deleted"]),
  before: tree({ changed: "1", deleted: "1" }),
  after: tree({ changed: "2", added: "1" }),
};

test.each<[string, Record<string, string>, Standing]>([
  ["as after it, with other files", { changed: "2", added: "1", other: "9" }, "after"],
  ["as before it", { changed: "1", deleted: "1", other: "9" }, "before"],
  ["half of it", { changed: "1", added: "1", deleted: "1" }, "neither"],
  ["all gone", {}, "neither"],
])("%s", (_, files, standing) => {
  expect(standingOf(tree(files), EFFECT)).toBe(standing);
});

test("a hotfix that changed nothing is never taken back", () => {
  const nothing = { paths: new Set<string>(), before: tree({}), after: tree({}) };
  expect(standingOf(tree({}), nothing)).toBe("neither");
});

// Newest first: a(fter), b(efore), n(either). The index that took it back.
test.each<[string, number | null]>([
  ["", null],
  ["a", null],
  ["n", null],
  ["b", 0],
  ["bba", 1],
  ["nbba", 2],
  ["bnba", 2],
  ["abba", null],
  ["naba", null],
  ["baba", 0],
])("%s", async (stretch, expected) => {
  const words = { a: "after", b: "before", n: "neither" } as const;
  const entries = [...stretch].map((letter, i) => ({ letter: letter as keyof typeof words, i }));
  const found = await rolledBackBy(entries, async ({ letter }) => words[letter]);
  expect(found?.i ?? null).toBe(expected);
});
