// `node scripts/release-notes.js v1.2.3`: prints what CHANGELOG.md says of that version; fails where
// package.json or the changelog names another.
import { readFileSync } from "node:fs";

const tag = process.argv[2] ?? "";
const read = (name) => readFileSync(new URL(`../${name}`, import.meta.url), "utf8");
const { version } = JSON.parse(read("package.json"));
const section = read("CHANGELOG.md")
  .split(/^## /m)
  .find((one) => one.startsWith(`[${version}]`));

const problem =
  tag !== `v${version}`
    ? `The tag is ${tag || "missing"}, and package.json is at ${version}: tag v${version}.`
    : section === undefined
      ? `CHANGELOG.md has no section "## [${version}] - <date>".`
      : null;
if (problem !== null) {
  console.error(problem);
  process.exitCode = 1;
} else
  console.log(
    section
      .slice(section.indexOf("\n") + 1)
      .replace(/^\[[^\]]+\]: .*$/gm, "")
      .trim(),
  );
