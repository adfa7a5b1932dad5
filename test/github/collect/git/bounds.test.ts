import { describe, expect, it } from "vitest";
import { shortFiles, shortMessages } from "../../../../src/github/collect/git/changes.ts";
import { shortPatches } from "../../../../src/github/collect/git/compared.ts";
import { known, unknown } from "../../../../src/policy/fact.ts";
import { commit, file } from "../../../support/snapshot.ts";

const many = <T>(count: number, one: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => one(i));

describe("shortPatches", () => {
  it("leaves what a review can show as it is", () => {
    const files = many(300, (i) => file(`${i}.py`, { patch: "+".padEnd(5_000, "x") }));
    expect(shortPatches(files)).toBe(files);
  });

  it("hides the largest first, so that a small file cannot be hidden behind a large one", () => {
    const large = many(300, (i) => file(`a/${i}.min.js`, { patch: "+".padEnd(1_000_000, "x") }));
    const files = [...large, file("package.json", { patch: '+  "left-pad": "1.0.0"' })];
    const short = shortPatches(files);
    expect(short.map(({ path }) => path)).toEqual(files.map(({ path }) => path));
    expect(short.at(-1)?.patch).toContain("left-pad");
    expect(short.reduce((sum, { patch }) => sum + (patch?.length ?? 0), 0)).toBeLessThanOrEqual(3_000_000);
  });
});

describe("of short lines", () => {
  it("no more are read than take as long", () => {
    const files = many(20, (i) => file(`${i}.js`, { patch: `@@ -1 +1 @@\n${"+\n".repeat(30_000)}` }));
    const shown = shortPatches(files).filter(({ patch }) => patch !== null);
    expect(shown.length).toBe(3);
    const commits = many(6, () => commit({ message: "#\n".repeat(30_000) }));
    expect(shortMessages(known(commits))).toMatchObject({
      known: false,
      reason: expect.stringContaining("12,000 lines"),
      wayOut: expect.stringContaining("squash"),
    });
  });
});

describe("shortFiles", () => {
  it("takes 3,000 paths of 130 characters, and no more than can be read", () => {
    const paths = (length: number) => many(2_999, (i) => file(`${"a/".repeat(length / 2)}${i}.py`));
    expect(shortFiles(known(paths(120)))).toMatchObject({ known: true });
    expect(shortFiles(known(paths(2_000)))).toMatchObject({
      known: false,
      reason: expect.stringContaining("400 kB"),
      wayOut: expect.stringContaining("split"),
    });
  });
});

describe("shortMessages", () => {
  it("takes a message of 64 KiB, and many ordinary ones", () => {
    for (const commits of [
      many(1, () => commit({ message: "x".repeat(65_536) })),
      many(250, () => commit({ message: "x".repeat(1_500) })),
    ])
      expect(shortMessages(known(commits))).toEqual(known(commits));
  });

  it("reads none of more than all together may be, and names the way out", () => {
    const commits = many(250, () => commit({ message: "x".repeat(65_000) }));
    expect(shortMessages(known(commits))).toMatchObject({
      known: false,
      reason: expect.stringContaining("400 kB"),
      wayOut: expect.stringContaining("squash"),
    });
    expect(shortMessages(unknown("502"))).toEqual(unknown("502"));
  });
});
