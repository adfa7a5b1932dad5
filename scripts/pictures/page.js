// A golden as a page in GitHub's own Markdown style.
import { createHash } from "node:crypto";
import { existsSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

const require = createRequire(import.meta.url);
const GOLDENS = fileURLToPath(new URL("../../test/render/__golden__/", import.meta.url));

/** Where Chromium is; the variable CHROMIUM may name another program. */
export const CHROMIUM = process.env.CHROMIUM ?? "/usr/bin/chromium";
export const THEMES = ["light", "dark"];
/** Each picture's name, and the golden that it is made from. */
export const PICTURES = {
  "check-failed": "check-sloppy",
  "check-waiting": "check-waiting",
  "check-ready": "check-ready",
  comment: "comment-waiting",
  "post-mortem": "post-mortem-ready",
};

const goldenText = (golden) => readFileSync(`${GOLDENS}${golden}.md`, "utf8");

/** Of the golden's text: tells whether a picture is older. */
export const digestOf = (golden) => createHash("sha256").update(goldenText(golden)).digest("hex");

export const hasChromium = () => existsSync(CHROMIUM);

/** Headless Chromium that asks nothing of the network by itself. */
export async function startBrowser() {
  const { chromium } = await import("playwright-core");
  return chromium.launch({
    executablePath: CHROMIUM,
    args: [
      "--headless",
      "--no-sandbox",
      "--disable-gpu",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
      "--no-first-run",
    ],
  });
}

/** The golden without what tests add to it: the conclusion, the annotations, and marks for machines. */
const shownText = (golden) =>
  goldenText(golden)
    .replace(/^\((?:success|failure|neutral|skipped|action_required|in_progress|queued)\)\n/m, "")
    .replace(/^Annotations:\n[\s\S]*$/m, "");

function htmlOf(golden, theme) {
  const style = readFileSync(require.resolve(`github-markdown-css/github-markdown-${theme}.css`), "utf8");
  const body = micromark(shownText(golden), {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <style>${style}
      html, body { margin: 0; background: ${theme === "dark" ? "#0d1117" : "#ffffff"}; }
      .markdown-body { padding: 16px 24px; font-family: "Liberation Sans", "DejaVu Sans", "Noto Color Emoji", sans-serif; font-size: 14px; }
    </style><article class="markdown-body">${body}</article></html>`;
}

/** Shows the golden on the page, its diagrams drawn. */
export async function pageOf(page, golden, theme) {
  await page.setContent(htmlOf(golden, theme));
  if ((await page.locator("code.language-mermaid").count()) === 0) return;
  await page.addScriptTag({ path: require.resolve("mermaid/dist/mermaid.min.js") });
  await page.evaluate(async (look) => {
    const { mermaid, document } = globalThis;
    for (const code of document.querySelectorAll("code.language-mermaid")) {
      const drawn = document.createElement("div");
      drawn.className = "mermaid";
      drawn.textContent = code.textContent;
      // A diagram in folded text has no size to be measured by.
      if (code.closest("details:not([open])") === null) code.parentElement.replaceWith(drawn);
    }
    mermaid.initialize({ startOnLoad: false, theme: look === "dark" ? "dark" : "default" });
    await mermaid.run();
  }, theme);
}

/** How long the golden is at a width, without what is folded: pixels, words, and words in blocks to copy. */
export async function measure(browser, golden, width) {
  const page = await browser.newPage({ viewport: { width, height: 200 } });
  await pageOf(page, golden, "light");
  const measured = await page.evaluate(() => {
    const article = globalThis.document.querySelector("article");
    const height = Math.ceil(article.getBoundingClientRect().height);
    const count = () => article.innerText.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
    for (const left of article.querySelectorAll("details")) left.remove();
    const all = count();
    for (const left of article.querySelectorAll("pre")) left.remove();
    const words = count();
    return { height, words, wordsToCopy: all - words };
  });
  await page.close();
  return measured;
}
