import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { AxeResults } from "axe-core";
import type { Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { compile } from "../../cli/program.ts";
import { hasChromium, press, sees, type Visit, visit } from "./browser.ts";

/**
 * Every page, in light and dark, for people with a keyboard, a screen reader or weak eyes: axe-core finds
 * nothing.
 */

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const POST_MORTEM = "/kamiyo/api/issues/1237";
const PULL = "/kamiyo/api/pull/1236";
const PAGES = [
  "/",
  "/kamiyo/api",
  "/kamiyo/api/compare",
  "/kamiyo/api/issues",
  "/kamiyo/api/issues/1234",
  POST_MORTEM,
  "/kamiyo/api/pulls",
  "/kamiyo/api/pull/1235",
  "/kamiyo/api/pull/1235/checks",
  "/kamiyo/api/pull/1235/files",
  PULL,
  `${PULL}/commits`,
  `${PULL}/checks`,
  "/webhooks",
  "/docs/rules/scope.md",
  "/nowhere",
];

async function problems(page: Page): Promise<readonly string[]> {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate<AxeResults>("axe.run()");
  return violations.map(
    ({ id, impact, nodes }) => `${impact}: ${id}: ${nodes.map(({ target }) => target.join(" ")).join(" | ")}`,
  );
}

describe.skipIf(!hasChromium())("the pages of the playground", () => {
  let visited: Visit;
  beforeAll(async () => {
    compile();
    visited = await visit();
    const { page } = visited;
    await press(page, "Open the pull request");
    await press(page, "Run the block");
    await press(page, "Set the label approved:engineering-manager");
    await press(page, "Rita reviews, Jane approves");
    await press(page, "Push one more line");
    await press(page, "Rita and Jane approve again");
    await press(page, "Merge the pull request");
    await sees(page, ".tour-count", "step 7 of 8");
  }, 300_000);
  afterAll(() => visited.close());

  describe.each(["light", "dark"] as const)("in %s", (colorScheme) => {
    it.each(PAGES)("%s has nothing that axe-core finds", async (path) => {
      const { page, url } = visited;
      await page.emulateMedia({ colorScheme });
      await page.goto(`${url}${path}`);
      // What is folded is to be read as well.
      await page.evaluate("for (const one of document.querySelectorAll('details')) one.open = true");
      expect(await problems(page)).toEqual([]);
    });
  });

  it("on a phone the tour does not stay over the page, nothing is wider than it, and the diagram can be read", async () => {
    const { page, url } = visited;
    await page.setViewportSize({ width: 390, height: 844 });
    await page.goto(`${url}${POST_MORTEM}`);
    expect(await page.evaluate("getComputedStyle(document.querySelector('.tour')).position")).toBe("static");
    await page.goto(`${url}${PULL}/checks`);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    await page.goto(`${url}${POST_MORTEM}`);
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    await page.getByText("Diagram", { exact: true }).click();
    const drawing = page.frameLocator("iframe.diagram").locator("svg").first();
    await drawing.waitFor();
    expect((await drawing.boundingBox())?.width).toBeGreaterThan(700);
    await page.setViewportSize({ width: 1300, height: 900 });
  });

  it("a refusal is an alert, and everything is reached by keyboard", async () => {
    const { page, url } = visited;
    await page.goto(`${url}${POST_MORTEM}`);
    await page.keyboard.press("Tab");
    expect(await page.evaluate("document.activeElement.textContent.trim()")).toBe("Skip to content");
    await page.goto(`${url}/kamiyo/api`);
    await page.getByText("Commit and push").focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Push to main" }).focus();
    await page.keyboard.press("Enter");
    await sees(page, "[role=alert]", "GitHub refused: GH006");
    expect(await problems(page)).toEqual([]);
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Push to main");
    await page.getByRole("button", { name: "Let 20 hours pass" }).focus();
    await page.keyboard.press("Enter");
    await sees(page, "h1", "Post-mortem: ");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
    // Also once the page has drawn itself anew.
    await sees(page, ".timeline .comment", "Due in");
    expect(await page.evaluate("document.activeElement.tagName")).toBe("H1");
  });

  it.each([320, 768])("fit a screen of %i px without scrolling sideways", async (width) => {
    const { page, url } = visited;
    await page.setViewportSize({ width, height: 800 });
    for (const path of PAGES) {
      await page.goto(`${url}${path}`);
      const wider = await page.evaluate<number>("document.documentElement.scrollWidth - innerWidth");
      expect(wider, path).toBeLessThanOrEqual(0);
    }
  });
});
