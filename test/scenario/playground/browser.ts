import type { Browser, BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { hasChromium, startBrowser } from "../../../scripts/pictures/page.js";
import { type Program, start } from "../../cli/program.ts";

export { hasChromium };

if (!hasChromium()) console.warn("SKIPPED: no Chromium here, so nobody visits the playground");

/** The playground as a user starts it, and a browser. */
export interface Visit {
  readonly url: string;
  readonly page: Page;
  /** What the browser complained about: errors of scripts, and what the page's policy refused. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

export async function visit(
  options: { colorScheme?: "light" | "dark"; script?: boolean } = {},
): Promise<Visit> {
  const { colorScheme = "light", script = true } = options;
  const program: Program = start(["demo", "--open"], { BROWSER: "/bin/false" });
  const [, url = ""] = await program.says(/The playground is at (\S+)/);
  const browser: Browser = await startBrowser();
  const context: BrowserContext = await browser.newContext({
    viewport: { width: 1300, height: 900 },
    colorScheme,
    javaScriptEnabled: script,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on("pageerror", ({ message }) => complaints.push(message));
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  page.on("request", (request) => {
    if (!request.url().startsWith(url)) complaints.push(`loads ${request.url()}`);
  });
  await page.goto(url);
  return {
    url,
    page,
    complaints,
    async close() {
      await browser.close();
      program.process.kill("SIGINT");
      expect(await program.exit).toBe(0);
    },
  };
}

/** Waits for a text somewhere in an element of the page; the app takes a moment. */
export async function sees(page: Page, selector: string, text: string | RegExp): Promise<void> {
  await page.locator(selector, { hasText: text }).first().waitFor({ timeout: 90_000 });
}

/** Chooses who acts from now on. */
export async function become(page: Page, login: string): Promise<void> {
  await page.getByLabel("Acting as").selectOption(login);
  await page.locator(`#login option[value="${login}"][selected]`).waitFor({ state: "attached" });
}

/** Presses the button of the tour, once it is there. */
export async function press(page: Page, label: string): Promise<void> {
  await page.locator(".press button", { hasText: label }).click({ timeout: 90_000 });
}
