// Makes docs/images/*.png of the goldens in test/render/__golden__, as GitHub draws Markdown. See
// docs/images/README.md.
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { digestOf, PICTURES, pageOf, startBrowser, THEMES } from "./pictures/page.js";
import { takePlayground } from "./pictures/playground.js";

const IMAGES = fileURLToPath(new URL("../docs/images/", import.meta.url));
const WIDTH = 1012;

const browser = await startBrowser();
try {
  const digests = {};
  for (const [name, golden] of Object.entries(PICTURES)) {
    for (const theme of THEMES) {
      const page = await browser.newPage({
        viewport: { width: WIDTH, height: 200 },
        javaScriptEnabled: true,
      });
      await pageOf(page, golden, theme);
      const path = `${IMAGES}${name}-${theme}.png`;
      await page.screenshot({ path, fullPage: true });
      await page.close();
      console.log(`${path}: ${readFileSync(path).length} bytes`);
    }
    digests[golden] = digestOf(golden);
  }
  await takePlayground(browser, (theme) => `${IMAGES}playground-${theme}.png`);
  writeFileSync(`${IMAGES}goldens.json`, `${JSON.stringify(digests, null, 2)}\n`);
} finally {
  await browser.close();
}
