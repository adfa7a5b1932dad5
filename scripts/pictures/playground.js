// The playground as a newcomer sees it after the third step of its tour.
import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { THEMES } from "./page.js";

const PROGRAM = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));
const STEPS = ["Open the pull request", "Run the block", "Set the label approved:engineering-manager"];
const SIZE = { width: 1280, height: 960 };

/** Plays the tour up to there, and takes a picture in each theme. `pathOf`: where it goes. */
export async function takePlayground(browser, pathOf) {
  const program = spawn(process.execPath, [PROGRAM, "demo", "--open"], {
    env: { PATH: process.env.PATH, BROWSER: "/bin/false" },
    stdio: ["ignore", "pipe", "ignore"],
  });
  try {
    const page = await browser.newPage({ viewport: SIZE });
    await page.goto(await address(program));
    for (const label of STEPS)
      await page.locator(".press button", { hasText: label }).click({ timeout: 45_000 });
    await page.locator(".tour-count", { hasText: "step 4" }).waitFor({ timeout: 45_000 });
    for (const theme of THEMES) {
      await page.emulateMedia({ colorScheme: theme });
      await page.screenshot({ path: pathOf(theme) });
    }
    await page.close();
  } finally {
    program.kill("SIGINT");
  }
}

async function address(program) {
  let output = "";
  for await (const chunk of program.stdout) {
    output += chunk;
    const [, url] = /The playground is at (\S+)/.exec(output) ?? [];
    if (url !== undefined) return url;
  }
  throw new Error(`the playground did not start: ${output}`);
}
