import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { cliPage } from "./document.ts";
import { program } from "./program.ts";

/**
 * Writes docs/cli.md; with `--check` it only says whether it is up to date. Run from the project's root,
 * after the build: `npm run generate`.
 */
const FILE = "docs/cli.md";
const page = cliPage(program);
if (!existsSync(FILE) || readFileSync(FILE, "utf8") !== page) {
  if (process.argv.includes("--check")) {
    console.error(`${FILE} is out of date: run npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(FILE, page);
    console.log(`wrote ${FILE}`);
  }
}
