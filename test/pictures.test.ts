import { existsSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { digestOf, hasChromium, measure, PICTURES, startBrowser, THEMES } from "../scripts/pictures/page.js";

/** What people see first is short, and the pictures in docs/images show what the app posts today. */

describe("the pictures in docs/images", () => {
  const made = JSON.parse(readFileSync("docs/images/goldens.json", "utf8")) as Readonly<
    Record<string, string>
  >;

  it.each(Object.entries(PICTURES))(
    "%s is not older than its golden (else: npm run pictures)",
    (name, golden) => {
      for (const theme of THEMES) expect(existsSync(`docs/images/${name}-${theme}.png`), theme).toBe(true);
      expect(made[golden]).toBe(digestOf(golden));
    },
  );
});

it.each(THEMES)("the picture of the playground is there, %s", (theme) => {
  const path = `docs/images/playground-${theme}.png`;
  expect(existsSync(path)).toBe(true);
  expect(readFileSync("README.md", "utf8")).toContain(path);
});

/** Pixels of height that a reader sees at once: a window on a laptop, and a phone. */
const SCREEN = { 1012: 1000, 390: 844 } as const;

describe("what people see first is short", () => {
  if (!hasChromium()) console.warn("SKIPPED: no Chromium here, so no height is measured");

  const cases: readonly (readonly [string, keyof typeof SCREEN, number])[] = [
    ["check-sloppy", 1012, 1],
    ["check-sloppy", 390, 1.3],
    ["check-waiting", 1012, 1],
    ["check-waiting", 390, 1],
    ["comment-waiting", 390, 1],
    ["post-mortem-ready", 1012, 2.5],
  ];
  it.skipIf(!hasChromium()).each(cases)("%s at %i px: %d screens at most", async (golden, width, screens) => {
    const browser = await startBrowser();
    try {
      const { height } = await measure(browser, golden, width);
      expect(height).toBeLessThanOrEqual(screens * SCREEN[width]);
    } finally {
      await browser.close();
    }
  });

  it.skipIf(!hasChromium())(
    "the first check of the demo has 250 words at most, the block included",
    async () => {
      const browser = await startBrowser();
      try {
        const { words, wordsToCopy } = await measure(browser, "check-sloppy", 1012);
        expect(words + wordsToCopy).toBeLessThanOrEqual(250);
      } finally {
        await browser.close();
      }
    },
  );
});
