import { readFileSync } from "node:fs";
import { beforeAll, describe, expect, it } from "vitest";
import { cliPage } from "../../src/cli/document.ts";
import { program } from "../../src/cli/program.ts";
import { RULE_IDS } from "../../src/policy/policy.ts";
import { compile, start } from "./program.ts";
import { ended } from "./repository.ts";

beforeAll(compile, 120_000);
const explain = (...args: readonly string[]) => ended(start(["explain", ...args]));

describe("hotfix-guard explain", () => {
  it("shows a rule's page", async () => {
    const { code, output } = await explain("diff-size");
    expect(code).toBe(0);
    expect(output).toMatch(/^diff-size\n[\s\S]*Reason codes[\s\S]*too-many-files/);
    expect(output).not.toContain("\u001b");
  });

  it("says what a reason code means", async () => {
    const { code, output } = await explain("too-many-files");
    expect([code, output]).toEqual([0, expect.stringMatching(/^diff-size: too-many-files\n.*\n {2}Fix: /)]);
  });

  it("lists the rules", async () => {
    const { code, output } = await explain();
    expect(code).toBe(0);
    for (const id of RULE_IDS) expect(output).toContain(`${id} `);
  });

  it("suggests the nearest where there is none of that name, and exits with 2", async () => {
    const { code, output } = await explain("dif-size");
    expect([code, output]).toEqual([
      2,
      expect.stringMatching(/^There is no rule dif-size\. Did you mean diff-size\?/),
    ]);
  });
});

describe("docs/cli.md", () => {
  it("is what the program says of itself", () => {
    expect(readFileSync("docs/cli.md", "utf8"), "npm run generate").toBe(cliPage(program));
  });
});
