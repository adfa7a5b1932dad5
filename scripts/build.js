// Compiles src/ to dist/, from scratch: what was renamed or removed must not live on.
import { execFileSync } from "node:child_process";
import { chmodSync, rmSync } from "node:fs";

const root = new URL("../", import.meta.url);
rmSync(new URL("dist/", root), { recursive: true, force: true });
execFileSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
  cwd: root,
  stdio: "inherit",
});
chmodSync(new URL("dist/cli/main.js", root), 0o755);
