import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { initCommand } from "../../src/cli/init.ts";
import { defaultPolicy, parseConfig } from "../../src/config/index.ts";
import { configurationText, readRoleAnswer } from "../../src/local/configuration-text.ts";
import { compile } from "./program.ts";
import { type Clone, clone, cloneAt, temporary } from "./repository.ts";

beforeAll(compile, 120_000);

const read = (made: Clone, path: string): string => readFileSync(join(made.path, path), "utf8");
const FILES = [
  ".github/hotfix.yml",
  ".github/PULL_REQUEST_TEMPLATE/hotfix.md",
  ".github/ISSUE_TEMPLATE/incident.yml",
];
const policyOf = (text: string) => parseConfig([{ file: "hotfix.yml", bytes: Buffer.from(text) }]);

describe("hotfix-guard init", () => {
  it("writes a configuration that is valid, and beside it the templates and the schema", async () => {
    const made = clone();
    const { code, output } = await made.guard("init", "--yes");
    expect([code, output]).toEqual([0, expect.stringMatching(/^(?:written +\.github\/\S+\n){4}/)]);
    expect(read(made, ".github/hotfix.yml")).toMatch(
      /^# yaml-language-server: \$schema=\.\/hotfix\.schema\.json\n/,
    );
    expect(read(made, ".github/hotfix.schema.json")).toBe(
      readFileSync("docs/schema/hotfix.schema.json", "utf8"),
    );
    for (const path of FILES.slice(1)) expect(read(made, path)).toBe(readFileSync(path, "utf8"));
    expect((await made.guard("validate")).code).toBe(0);
    expect((await made.guard("init", "--yes")).output).toMatch(/^(?:unchanged +\S+\n){4}/);
  });

  it("shows the defaults that hold where it is uncommented", () => {
    const text = configurationText("x", {}).replace(/^# (?= |[a-z_]+:(?: \{\})?$)/gm, "");
    expect(text).toContain("\nrules:\n  diff-size:");
    expect(policyOf(text)).toMatchObject({ policy: { ...defaultPolicy(), mode: "observe" } });
  });

  it("never replaces what is there, unless it is told to", async () => {
    const made = clone({ ".github/hotfix.yml": "mode: enforce\n" });
    const { code, output } = await made.guard("init", "--yes");
    expect([code, output]).toEqual([0, expect.stringMatching(/^kept +\.github\/hotfix\.yml\nwritten /)]);
    expect(read(made, ".github/hotfix.yml")).toBe("mode: enforce\n");
    expect((await made.guard("init", "--yes", "--force")).output).toMatch(
      /^replaced +\.github\/hotfix\.yml\n/,
    );
    const other = clone({ ".github/hotfix.yaml": "mode: enforce\n" });
    await other.guard("init", "--yes", "--force");
    expect(existsSync(join(other.path, ".github/hotfix.yml"))).toBe(false);
  });

  it("prints what it would write, and writes nothing", async () => {
    const made = cloneAt(temporary());
    const { code, output } = await made.guard("init", "--print");
    expect(code).toBe(0);
    for (const path of FILES) expect(output).toContain(`==> ${path} <==\n`);
    expect(existsSync(join(made.path, ".github"))).toBe(false);
  });

  it("asks for the roles, again where an answer is no name, and before it replaces a file", async () => {
    const answers = ["on-call, @ada", "not/a/team", "acme/managers @123", ""];
    const roles: string[] = [];
    let text = "";
    const note = (part: string): void => {
      text += part;
    };
    const out = {
      stdout: note,
      stderr: note,
    };
    const made = clone({ ".github/hotfix.yml": "mode: enforce\n" });
    const before = process.cwd();
    process.chdir(made.path);
    try {
      const code = await initCommand({}, out, async (question) => {
        roles.push(question);
        return question.includes("Replace") ? "y" : (answers.shift() ?? "");
      });
      expect(code).toBe(0);
    } finally {
      process.chdir(before);
    }
    expect(text).toContain("not/a/team is not the name of a team or user.");
    expect(roles.at(-1)).toBe(".github/hotfix.yml already exists. Replace it? [y/N] ");
    expect(policyOf(read(made, ".github/hotfix.yml"))).toMatchObject({
      policy: {
        roles: {
          "on-call": { teams: ["on-call"], users: ["ada"] },
          "engineering-manager": { teams: ["acme/managers"], users: ["123"] },
          cto: { teams: [], users: [], permission: "admin" },
        },
      },
    });
  });

  it.each(["null", "true", "1e5", "@no", "0x1", "a.b"])("takes the name %s for a name", (name) => {
    const answer = readRoleAnswer(name);
    if (typeof answer === "string") throw new Error(answer);
    expect(policyOf(configurationText("x", { cto: answer }))).toMatchObject({
      policy: { roles: { cto: { teams: answer.teams, users: answer.users } } },
    });
  });

  it("outside a repository, or with nobody to ask, says so in a line, and writes nothing", async () => {
    expect(await cloneAt(temporary()).guard("init", "--yes")).toEqual({
      code: 2,
      output: expect.stringMatching(/^Not in a git repository.*\n$/),
    });
    const made = clone();
    expect(await made.guard("init")).toEqual({
      code: 2,
      output: expect.stringMatching(/^Not a terminal.*--yes.*\n$/),
    });
    // A file where a directory has to be.
    made.write({ ".github": "" });
    expect(await made.guard("init", "--yes")).toEqual({
      code: 2,
      output: expect.stringMatching(/^Nothing was written: .*\n$/),
    });
  });
});
