// Compiles src/ to dist/: into a fresh folder, which then takes dist/'s place. A server that runs from dist/
// meanwhile keeps a whole program under its feet at every moment, and what was renamed or removed does not
// live on.
//
// `--where-possible` (npm's `prepare`): an installation without development dependencies has no compiler, and
// needs none where dist/ was built before.
import { execFileSync } from "node:child_process";
import { chmodSync, cpSync, existsSync, renameSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const compiler = `${root}node_modules/typescript/bin/tsc`;
const built = `${root}dist`;
const fresh = `${root}dist-new-${process.pid}`;
/** What pages load as it is. */
const ASSETS = "src/playground/assets";
const former = `${root}dist-old-${process.pid}`;

if (existsSync(compiler)) build();
else if (process.argv.includes("--where-possible")) {
  if (!existsSync(`${built}/cli/main.js`))
    console.error(
      "Nothing is built: development dependencies are not installed. Run `npm ci --include=dev`.",
    );
} else {
  console.error("The compiler is not installed: run `npm ci --include=dev`, which also builds.");
  process.exitCode = 2;
}

function build() {
  try {
    execFileSync(process.execPath, [compiler, "-p", "tsconfig.build.json", "--outDir", fresh], {
      cwd: root,
      stdio: "inherit",
    });
    cpSync(`${root}${ASSETS}`, `${fresh}/playground/assets`, {
      recursive: true,
      filter: (path) => !/\.(?:d\.ts|json)$/.test(path),
    });
    chmodSync(`${fresh}/cli/main.js`, 0o755);
    if (existsSync(built)) renameSync(built, former);
    renameSync(fresh, built);
  } catch (error) {
    // The compiler has said what is wrong; dist/ is as it was.
    if (error.status === undefined) console.error(`dist/ is not replaced: ${error.message}`);
    process.exitCode = 1;
  } finally {
    for (const folder of [fresh, former]) rmSync(folder, { recursive: true, force: true });
  }
}
