import { spawnSync } from "node:child_process";
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect, it } from "vitest";

/** `npm start` and `npm run build` as they are, on a program of one line. */

function project() {
  const root = mkdtempSync(join(tmpdir(), "hotfix-guard-start-"));
  for (const name of ["package.json", "tsconfig.json", "tsconfig.build.json", "scripts"])
    cpSync(name, join(root, name), { recursive: true });
  mkdirSync(join(root, "src/cli"), { recursive: true });
  mkdirSync(join(root, "src/playground/assets"), { recursive: true });
  writeFileSync(join(root, "src/playground/assets/page.css"), "");
  const main = join(root, "src/cli/main.ts");
  return {
    root,
    write(text: string) {
      writeFileSync(main, text);
      // A second later, for file systems that know no less.
      utimesSync(main, new Date(), new Date(Date.now() + 1_000));
    },
    withCompiler: () => symlinkSync(resolve("node_modules"), join(root, "node_modules")),
    withoutCompiler: () => rmSync(join(root, "node_modules")),
    npm(...args: readonly string[]) {
      const { status, stdout, stderr } = spawnSync("npm", args, { cwd: root, encoding: "utf8" });
      return { status, said: `${stdout}${stderr}` };
    },
  };
}

it("npm start compiles and deletes nothing; what is built takes the place of the old in one piece, or not at all", () => {
  const { root, npm, write, withCompiler, withoutCompiler } = project();
  const files = () => readdirSync(root).filter((name) => name.startsWith("dist"));
  write('console.log("the first", process.argv[2]);\n');

  // As after `npm ci --omit=dev` in a clone.
  const omitted = npm("run", "prepare");
  expect(omitted.status).toBe(0);
  expect(omitted.said).toContain("Nothing is built: development dependencies are not installed");
  const unbuilt = npm("start");
  expect(unbuilt.status).not.toBe(0);
  expect(unbuilt.said).toContain("npm ci --include=dev");
  expect(npm("run", "build").said).toContain("npm ci --include=dev");
  expect(files()).toEqual([]);

  withCompiler();
  expect(npm("run", "build").status).toBe(0);
  writeFileSync(join(root, "dist/renamed-since.js"), "");
  expect(npm("start").said).toContain("the first serve");

  write('console.log("the second", process.argv[2]);\n');
  const older = npm("start");
  expect(older.said).toContain("the first serve");
  expect(older.said).toContain("src/ is newer than what was built");

  write("this is no program");
  expect(npm("run", "build").status).toBe(1);
  expect(npm("start").said).toContain("the first serve");
  expect(existsSync(join(root, "dist/renamed-since.js"))).toBe(true);

  write('console.log("the third", process.argv[2]);\n');
  expect(npm("run", "build").status).toBe(0);
  expect(existsSync(join(root, "dist/renamed-since.js"))).toBe(false);
  expect(existsSync(join(root, "dist/playground/assets/page.css"))).toBe(true);

  // As after `npm ci --omit=dev`, or `npm prune --omit=dev`, where it was built before.
  withoutCompiler();
  expect(npm("run", "prepare")).toMatchObject({
    status: 0,
    said: expect.not.stringContaining("Nothing is built"),
  });
  expect(npm("start").said).toContain("the third serve");
  expect(files()).toEqual(["dist"]);
});
