import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { validateCommand } from "../../src/cli/validate.ts";

const folder = mkdtempSync(join(tmpdir(), "hotfix-validate-"));
afterAll(() => rmSync(folder, { recursive: true }));

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
      `${path}:1:1: mod: "mod" is no key of the configuration — Did you mean mode?`,
      expect.stringMatching(/:2:22: overrides\.roles\[0\]: there is no role "boss" — /),
      `${path}: invalid, 2 problems`,
      "",
    ]);
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

  it("looks at .github/hotfix.yml where no file is named", async () => {
    const { code, stderr } = await validate();
    expect([code, stderr]).toEqual([2, expect.stringMatching(/^\.github\/hotfix\.yml: cannot be read/)]);
  });
});
