import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { pageWithTables } from "./document.ts";
import { policySchema } from "./index.ts";
import { schemaFiles } from "./schema-files.ts";

/**
 * Writes what is made of the configuration's schema: JSON Schemas for editors, and the tables of
 * docs/configuration.md. `--check` writes nothing, and exits with 1 where a file is out of date.
 * Run from the project's root, after the build: `npm run generate`.
 */

const made: Readonly<Record<string, (old: string) => string>> = {
  ...Object.fromEntries(
    Object.entries(schemaFiles(policySchema)).map(([name, content]) => [
      `docs/schema/${name}`,
      () => content,
    ]),
  ),
  "docs/configuration.md": (page) => pageWithTables(page, policySchema),
};
for (const [file, make] of Object.entries(made)) {
  const old = existsSync(file) ? readFileSync(file, "utf8") : "";
  const content = make(old);
  if (old === content) continue;
  if (process.argv.includes("--check")) {
    console.error(`${file} is out of date: run npm run generate`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, content);
    console.log(`wrote ${file}`);
  }
}
