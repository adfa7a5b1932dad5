import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "./program.ts";
import { type Clone, clone, cloneAt, LINES, MESSAGE, temporary } from "./repository.ts";

beforeAll(compile, 120_000);

const hook = (made: Clone): string => join(made.path, ".git/hooks/pre-push");
const pushed = (made: Clone, branch: string): boolean => made.git("ls-remote", "origin", branch) !== "";

describe("hotfix-guard hook", () => {
  it("stops the push of a hotfix that would fail, and no other", async () => {
    const made = clone();
    expect((await made.guard("hook", "install")).code).toBe(0);
    made.git("switch", "--quiet", "--create", "hotfix/x");
    made.commit("x", { "a.py": "a\n" });
    expect(() => made.git("push", "--quiet", "origin", "hotfix/x")).toThrow(/commit-message/);
    expect(pushed(made, "hotfix/x")).toBe(false);
    // What is pushed is another branch, or no branch that is checked out.
    made.git("push", "--quiet", "origin", "main:other");
    made.git("switch", "--quiet", "--create", "feature/x", "main");
    made.commit("Anything");
    made.git("push", "--quiet", "origin", "feature/x");
    expect(pushed(made, "feature/x")).toBe(true);
    made.git("switch", "--quiet", "--create", "hotfix/good", "main");
    made.commit(MESSAGE, { "src/pay/stripe.py": `${LINES}# HOTFIX: Issue #123 - read it once\n` });
    made.git("push", "--quiet", "origin", "HEAD");
    expect(pushed(made, "hotfix/good")).toBe(true);
    made.git("switch", "--quiet", "hotfix/x");
    made.git("push", "--quiet", "--no-verify", "origin", "hotfix/x");
    expect(pushed(made, "hotfix/x")).toBe(true);
  });

  it("lets a push go on that it cannot check", async () => {
    const made = clone();
    await made.guard("hook", "install");
    made.git("switch", "--quiet", "--orphan", "hotfix/x");
    made.commit("x", { "a.py": "a\n" });
    made.git("push", "--quiet", "origin", "hotfix/x");
    expect(pushed(made, "hotfix/x")).toBe(true);
  });

  it("leaves another hook alone, unless it is told to replace it", async () => {
    const made = clone();
    made.write({ ".git/hooks/pre-push": "#!/bin/sh\n# mine\n", ".husky/pre-push": "true\n" });
    const refused = await made.guard("hook", "install");
    expect([refused.code, refused.output]).toEqual([
      2,
      expect.stringMatching(/^There is another pre-push hook[\s\S]*With husky: /),
    ]);
    expect(readFileSync(hook(made), "utf8")).toBe("#!/bin/sh\n# mine\n");
    expect((await made.guard("hook", "uninstall")).code).toBe(2);
    expect((await made.guard("hook", "install", "--force")).code).toBe(0);
    expect(readFileSync(`${hook(made)}.old`, "utf8")).toBe("#!/bin/sh\n# mine\n");
    // Its own is renewed without asking.
    expect((await made.guard("hook", "install")).code).toBe(0);
    expect((await made.guard("hook", "uninstall")).code).toBe(0);
    expect(existsSync(hook(made))).toBe(false);
  });

  it("says how hook managers do it", async () => {
    const { output } = await clone().guard("hook", "install");
    for (const name of ["husky", "lefthook", "pre-commit"]) expect(output).toContain(`  ${name}: `);
  });

  it("needs a repository", async () => {
    expect(await cloneAt(temporary()).guard("hook", "install")).toEqual({
      code: 2,
      output: expect.stringMatching(/^Not in a git repository/),
    });
  });
});
