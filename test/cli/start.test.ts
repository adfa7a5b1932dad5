import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compile } from "./program.ts";
import { type Clone, clone, cloneAt, emptyClone, temporary } from "./repository.ts";

beforeAll(compile, 120_000);

const template = (made: Clone): string =>
  readFileSync(join(made.path, ".git/hotfix-commit-template"), "utf8");
const branch = (made: Clone): string => made.git("branch", "--show-current").trim();

describe("hotfix-guard start", () => {
  it("makes the branch from the latest base, and a template with what is known", async () => {
    const made = clone();
    const other = cloneAt(join(temporary(), "other"));
    made.git("clone", "--quiet", made.git("remote", "get-url", "origin").trim(), other.path);
    other.git(
      "-c",
      "user.name=R",
      "-c",
      "user.email=r@x",
      "commit",
      "--quiet",
      "--allow-empty",
      "-m",
      "Newer",
    );
    other.git("push", "--quiet");
    const { code, output } = await made.guard(
      "start",
      "Check the signature, again!",
      "--issue",
      "123",
      "--severity",
      "p1",
    );
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(
        /^On hotfix\/check-the-signature-again, from origin\/main \(\w{7}\); P1, merge within 2 h\.\n/,
      ),
    ]);
    expect(branch(made)).toBe("hotfix/check-the-signature-again");
    expect(made.git("log", "-1", "--format=%s").trim()).toBe("Newer");
    expect(template(made)).toBe(`HOTFIX: Check the signature, again!

Fixes: #123
Severity: P1
Impact: [Brief impact]
Root Cause: [Brief cause]
Solution: [Brief solution]
Tested: [Testing performed]
Approved-By: pending
Deployed-By: pending
`);
    // Nobody's settings are changed.
    expect(made.git("config", "--local", "--list")).not.toContain("commit.template");
    expect(output).toContain("git commit -t '.git/hotfix-commit-template'");
  });

  it("sets the template for the repository where that is asked for", async () => {
    const made = clone();
    const { output } = await made.guard("start", "x", "--template");
    expect(made.git("config", "--local", "commit.template").trim()).toBe(
      join(made.path, ".git/hotfix-commit-template"),
    );
    expect(output).toContain("&& git commit\n");
  });

  it("does without network, and says so", async () => {
    const made = clone();
    made.git("remote", "set-url", "origin", join(temporary(), "gone"));
    const { code, output } = await made.guard("start", "Read it once");
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/! origin could not be reached .*: origin\/main as of the last fetch\./),
    ]);
    made.git("switch", "--quiet", "main");
    expect((await made.guard("start", "Read it twice", "--offline")).output).toContain(
      "! Offline: origin/main as of",
    );
  });

  it("takes uncommitted changes along, unless they are in the way", async () => {
    const made = clone({ "a.py": "a\n" });
    made.git("switch", "--quiet", "--create", "feature");
    made.commit("Other", { "a.py": "b\n" });
    made.write({ "a.py": "c\n" });
    const { code, output } = await made.guard("start", "x");
    expect([code, output]).toEqual([2, expect.stringMatching(/^The branch was not created: .*overwritten/)]);
    expect(branch(made)).toBe("feature");
    expect(existsSync(join(made.path, ".git/hotfix-commit-template.new"))).toBe(false);
    made.git("switch", "--quiet", "--discard-changes", "main");
    made.write({ "a.py": "c\n" });
    expect((await made.guard("start", "x")).output).toContain("! Your uncommitted changes came along.");
  });

  it.each<[situation: string, make: () => Clone, args: readonly string[], says: RegExp]>([
    ["outside a repository", () => cloneAt(temporary()), ["x"], /^Not in a git repository/],
    ["without commits", emptyClone, ["x"], /^No base branch found/],
    [
      "of a severity that is none",
      clone,
      ["x", "--severity", "high"],
      /^--severity takes P0 or P1, not high\.$/,
    ],
    ["of a severity without hotfixes", clone, ["x", "--severity", "P2"], /^P2 doesn't qualify for a hotfix/],
    ["of an issue that is none", clone, ["x", "--issue", "soon"], /^--issue takes 123, .*not soon\.$/],
    ["without words", clone, [" "], /^Say what is fixed/],
    ["of a name that is taken", taken, ["It is there"], /^The branch hotfix\/it-is-there already exists/],
    [
      "with an invalid configuration",
      () => clone({ ".github/hotfix.yml": "x: 1\n" }),
      ["x"],
      /^The configuration is invalid/,
    ],
  ])("%s says so in a line, makes nothing, and exits with 2", async (_, make, args, says) => {
    const made = make();
    const { code, output } = await made.guard("start", ...args);
    expect(output.trim().split("\n")).toEqual([expect.stringMatching(says)]);
    expect(code).toBe(2);
    expect(existsSync(join(made.path, ".git/hotfix-commit-template"))).toBe(false);
  });
});

function taken(): Clone {
  const made = clone();
  made.git("branch", "hotfix/it-is-there");
  return made;
}
