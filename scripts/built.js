// Before `npm start` and `npm run setup`, which compile nothing: is there a build, and is it of this source?
import { existsSync, readdirSync, statSync } from "node:fs";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../", import.meta.url));
const main = `${root}dist/cli/main.js`;

if (!existsSync(main)) {
  console.error(
    "Not built yet: run `npm ci`, which builds. With --omit=dev, or where NODE_ENV is production, it brings no compiler: " +
      "run `npm ci --include=dev`, then `npm prune --omit=dev`.",
  );
  process.exitCode = 2;
} else if (newest(`${root}src`) > statSync(main).mtimeMs) {
  console.error("Warning: src/ is newer than what was built. To run the newer source: npm run build");
}

/** When a file of this folder was last changed, in ms; 0 where there is no such folder, as in a package. */
function newest(folder) {
  if (!existsSync(folder)) return 0;
  const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
  return Math.max(0, ...files.map((one) => statSync(`${one.parentPath ?? one.path}/${one.name}`).mtimeMs));
}
