import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";

/**
 * One word for one thing, the field's own (CONTRIBUTING.md, "Words"): what we used to say is said nowhere any
 * more.
 */

const OLD: readonly (readonly [old: RegExp, now: string])[] = [
  [/\bmend(?:s|ed|ing)?\b/i, "fix, correct"],
  [/\bjudg(?:e|es|ed|ing|ment)\b/i, "evaluate"],
  [/\bwent round\b|\bgo round\b|\bgoing round\b/i, "bypass"],
  [/\bpushed straight\b|\bstraight push\b/i, "pushed directly"],
  [/\b(?:opened|opens|open) again\b/i, "reopen"],
  [/\bdeployment (?:commit|message)\b/i, "the hotfix commit"],
  [/\bis no key of\b/i, "unknown key"],
  [/\bready to copy\b/i, "(copy)"],
  [/\bdoes not count\b/i, "not counted"],
  [/\btaken? back\b(?= (?:a|the) hotfix)/i, "roll back"],
  [/\bnot hotfixed\b/i, "doesn't qualify for a hotfix"],
  [/\bTo be written\b/, "TODO"],
];

const sources = readdirSync("src", { recursive: true, encoding: "utf8" })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => `src/${name}`);
const pages = [
  "README.md",
  ...readdirSync("docs", { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".md"))
    .map((name) => `docs/${name}`),
];

/** What still understands the old words, since issues of older versions hold them. */
const UNDERSTANDS =
  /post-mortem\/body\.ts|placeholder|no-answer|left-over|metrics-block|section-names|emptiness|marker/;

describe("words", () => {
  it.each(OLD)("%s is not said: %s", (old) => {
    const said = [...sources.filter((path) => !UNDERSTANDS.test(path)), ...pages].flatMap((path) =>
      // Names of tests stand in quotes.
      readFileSync(path, "utf8")
        .replace(/“[^”]*”/g, "")
        .split("\n")
        .flatMap((line, i) => (old.test(line) ? [`${path}:${i + 1}: ${line.trim().slice(0, 100)}`] : [])),
    );
    expect(said).toEqual([]);
  });
});
