import { mkdtempSync, readFileSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseHTML } from "linkedom";
import { describe, expect, it } from "vitest";
import { hasChromium, startBrowser } from "../../scripts/pictures/page.js";
import { asHtml, evidenceAsHtml } from "../../src/report/as-html.ts";
import { storyReport } from "./rows.ts";

/** The page of a report: one file that loads and runs nothing, whatever stands in it. */

const PAGES = { report: asHtml(storyReport()), evidence: evidenceAsHtml(storyReport()) };

describe.each(Object.entries(PAGES))("the page of a %s", (_, page) => {
  it("loads and runs nothing", () => {
    const { document } = parseHTML(page);
    const elements = [...document.querySelectorAll("*")];
    const names = new Set(elements.map(({ localName }) => localName));
    for (const name of ["script", "img", "link", "iframe", "object", "form", "image", "use"])
      expect(names).not.toContain(name);
    const attributes = elements.flatMap((one) => [...one.attributes].map(({ name }) => name));
    expect(attributes.filter((name) => /^on|^src$|^srcset$/.test(name))).toEqual([]);
    const styles = elements.filter(({ localName }) => localName === "style").map((one) => one.textContent);
    expect(styles.join("")).not.toMatch(/url\(|@import/);
    const links = [...document.querySelectorAll("a")].map((one) => one.getAttribute("href") ?? "");
    expect(links.filter((url) => !url.startsWith("https://github.example/kamiyo/api/"))).toEqual([]);
    expect(page).toContain("default-src &#39;none&#39;");
  });

  it("shows foreign text as text", () => {
    expect(page).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
    expect(page).not.toMatch(/\p{Cf}/u);
  });
});

describe("the page of nothing", () => {
  it("says so, without charts", () => {
    const page = asHtml(storyReport({ rows: [] }));
    expect(page).toContain("0 hotfixes");
    expect(page).not.toContain("<svg");
  });
});

describe("in a browser", () => {
  if (!hasChromium()) console.warn("SKIPPED: no Chromium here, so the page of the report is not looked at");

  it.skipIf(!hasChromium())(
    "draws the charts, light and dark, prints, and axe-core finds nothing serious",
    async () => {
      const file = join(mkdtempSync(join(tmpdir(), "hotfix-guard-page-")), "report.html");
      writeFileSync(file, PAGES.report);
      const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
      const browser = await startBrowser();
      try {
        const grounds: string[] = [];
        for (const colorScheme of ["light", "dark"] as const) {
          const context = await browser.newContext({ colorScheme, bypassCSP: true });
          const page = await context.newPage();
          const asked: string[] = [];
          const said: string[] = [];
          page.on("request", (request) => asked.push(request.url()));
          page.on("console", (message) => said.push(message.text()));
          await page.goto(`file://${file}`);
          expect(asked).toEqual([`file://${file}`]);
          expect(said).toEqual([]);
          const charts = page.locator("figure svg");
          expect(await charts.count()).toBe(4);
          for (const chart of await charts.all())
            expect((await chart.boundingBox())?.height).toBeGreaterThan(100);
          const bars = page.locator("figure").first().locator("rect");
          expect(await bars.count()).toBe(3);
          expect(await page.getByRole("heading", { name: "Hotfixes", exact: true }).count()).toBe(1);
          grounds.push(await page.evaluate("getComputedStyle(document.body).backgroundColor"));
          await page.evaluate(axe);
          const found = (await page.evaluate("axe.run()")) as {
            violations: { id: string; impact: string; nodes: { html: string }[] }[];
          };
          const serious = found.violations.filter(({ impact }) => ["serious", "critical"].includes(impact));
          expect(serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 100)}`)).toEqual([]);
          expect((await page.pdf({ preferCSSPageSize: true })).length).toBeGreaterThan(10_000);
          await context.close();
        }
        expect(new Set(grounds).size).toBe(2);
      } finally {
        await browser.close();
      }
    },
  );
});
