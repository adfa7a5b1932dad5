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

describe("the first check of the demo", () => {
  if (!hasChromium()) console.warn("SKIPPED: no Chromium here, so the height of the check is not measured");

  it.skipIf(!hasChromium())("takes one screen at 1012 px and 250 words", async () => {
    const browser = await startBrowser();
    try {
      const wide = await measure(browser, "check-sloppy", 1012);
      const narrow = await measure(browser, "check-sloppy", 390);
      console.info(`${wide.words} words, ${wide.height} px at 1012 px, ${narrow.height} px at 390 px`);
      expect(wide.words).toBeLessThanOrEqual(250);
      expect(wide.height).toBeLessThanOrEqual(1400);
    } finally {
      await browser.close();
    }
  });
});
