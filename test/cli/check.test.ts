import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { compile, start } from "./program.ts";
import {
  type Clone,
  clone,
  cloneAt,
  emptyClone,
  ended,
  GIT_ENV,
  LINES,
  MESSAGE,
  temporary,
} from "./repository.ts";

beforeAll(compile, 120_000);

const FIX = { "src/pay/stripe.py": `${LINES}# HOTFIX: Issue #123 - read it once\n` };

/** On a branch that may be pushed. */
function ready(): Clone {
  const made = clone();
  made.git("switch", "--quiet", "--create", "hotfix/signature");
  made.commit(MESSAGE, FIX);
  return made;
}

interface Json {
  readonly outcome: string;
  readonly findings: readonly { readonly rule: string; readonly state: string; readonly code: string }[];
  readonly not_checked: readonly { readonly rule: string }[];
  readonly notes: readonly string[];
  readonly fix_block: string;
}

async function checked(made: Clone, ...args: readonly string[]): Promise<Json & { code: number | null }> {
  const { code, output } = await made.guard("check", "--json", ...args);
  return { ...(JSON.parse(output) as Json), code };
}

const codesOf = ({ findings }: Json): readonly string[] =>
  findings.map(({ rule, code }) => `${rule}: ${code}`);

describe("hotfix-guard check", () => {
  it("passes a hotfix that may be pushed, and says what is checked elsewhere", async () => {
    const { code, output } = await ready().guard("check");
    expect(code).toBe(0);
    expect(output).toContain("hotfix/signature → origin/main, P1\n✔ Ready to push.\n");
    expect(output).toMatch(
      /Not checked here, .*approval .*review .*linked-issue \(whether the issue exists\)/,
    );
    // No terminal, no color.
    expect(output).not.toContain("\u001b");
  });

  it("judges by the rules that need nothing but git", async () => {
    const report = await checked(ready());
    expect(codesOf(report)).toEqual([
      "branch-name: ok",
      "base-branch: ok",
      "branch-freshness: ok",
      "commit-message: ok",
      "severity: from-field",
      "linked-issue: not-verified",
      "diff-size: small",
      "scope: all-related",
      "dependency-changes: none",
      "hotfix-comment: found",
      "staging-tested: ok",
    ]);
  });

  it("fails one that the gate would block, and its block fixes it", async () => {
    const made = clone();
    made.git("switch", "--quiet", "--create", "Hotfix/Stripe_Fix");
    made.commit("fix stripe", { ...FIX, "README.md": "a\n", "notes/ü '1.md": "b\n", ".editorconfig": "c\n" });
    const { code, output } = await made.guard("check");
    expect(code).toBe(1);
    expect(output).toContain("✖ failed: branch-name: Hotfix/Stripe_Fix should be hotfix/stripe-fix");
    const report = await checked(made);
    expect(codesOf(report)).toEqual(expect.arrayContaining(["commit-message: several", "scope: unrelated"]));
    const filled = report.fix_block
      .replace("Fixes: #[issue-number]", "Fixes: #123")
      .replace("P0/P1", "P1")
      .replace(/: \[.*\]$/gm, ": on staging, it works");
    execFileSync("bash", ["-ec", filled], {
      cwd: made.path,
      env: { ...process.env, ...GIT_ENV },
      stdio: "pipe",
    });
    expect(await checked(made)).toMatchObject({ code: 0, outcome: "success" });
    expect(made.git("diff", "--name-only", "origin/main", "origin/hotfix/stripe-fix")).toBe(
      "src/pay/stripe.py\n",
    );
  });

  it("annotates for GitHub, and foreign text begins no command", async () => {
    const made = clone();
    made.git("switch", "--quiet", "--create", "hotfix/signature");
    made.commit(MESSAGE.replace("Fixes: #123", "Fixes: ::error::gone%"), {
      ...FIX,
      "a,b:c\n::error::x.md": "a\n",
      "d.md": "b\n",
      "e.md": "c\n",
    });
    const { code, output } = await made.guard("check", "--format", "github");
    expect(code).toBe(1);
    expect(output).toContain("::error file=a%2Cb%3Ac%0A%3A%3Aerror%3A%3Ax.md,line=1,");
    expect(output).toMatch(/^::error title=linked-issue::Fixes says ::error::gone%25/m);
    expect(output.split("\n").filter((line) => /^::error::/.test(line))).toEqual([]);
  });

  it("reads renames, deletions, binary files and odd names as GitHub does", async () => {
    const made = clone({ "src/a.py": LINES, "src/gone.py": LINES, "src/link.py": "x\n", "pic.png": "a\0b" });
    made.git("switch", "--quiet", "--create", "hotfix/names");
    made.git("mv", "src/a.py", "src/b\tc.py");
    made.git("rm", "--quiet", "src/gone.py", "src/link.py");
    execFileSync("ln", ["-s", "b", join(made.path, "src/link.py")]);
    made.commit(MESSAGE, {
      "pic.png": "a\0c",
      "src/new.py": "diff --git a/x b/x\r@@ -1 +1 @@\n# HOTFIX: #123\n",
    });
    const report = await checked(made);
    expect(report.findings.find(({ rule }) => rule === "diff-size")).toMatchObject({
      data: { files: 5, lines: 40 + 2 + 2, hidden: [] },
    });
    expect(codesOf(report)).toContain("hotfix-comment: found");
  });

  it("says that the base moved on where it matters", async () => {
    const made = ready();
    made.git("switch", "--quiet", "main");
    made.commit("More", { "src/pay/stripe.py": `first\n${LINES}` });
    made.git("push", "--quiet");
    made.git("switch", "--quiet", "hotfix/signature");
    const report = await checked(made);
    expect(codesOf(report)).toContain("branch-freshness: base-moved");
    // The default level of the rule is a warning.
    expect(report.code).toBe(0);
  });

  it("finds commits of another long-lived branch", async () => {
    const made = clone();
    made.git("switch", "--quiet", "--create", "develop");
    made.commit("A feature", { "src/feature.py": "a\n" });
    made.git("push", "--quiet", "origin", "develop");
    made.git("switch", "--quiet", "--create", "hotfix/signature");
    made.commit(MESSAGE, FIX);
    expect(codesOf(await checked(made))).toContain("branch-freshness: made-from-another");
  });

  it("goes by the configuration of the default branch, and says that another one is here", async () => {
    const made = clone({
      ...{ "src/pay/stripe.py": LINES },
      ".github/hotfix.yml": "rules: { diff-size: { max_lines: 0 } }\n",
    });
    made.git("switch", "--quiet", "--create", "hotfix/signature");
    made.commit(MESSAGE, FIX);
    expect(codesOf(await checked(made))).toContain("diff-size: too-many-lines");
    made.write({ ".github/hotfix.yml": "rules: { diff-size: off }\n" });
    const report = await checked(made);
    expect(codesOf(report)).toContain("diff-size: too-many-lines");
    expect(report.notes).toEqual([
      "Uncommitted changes were not checked.",
      ".github/hotfix.yml here differs from origin/main, whose configuration decides until yours is merged.",
    ]);
  });

  it("blocks nothing in observe mode", async () => {
    const made = clone({ ".github/hotfix.yml": "mode: observe\n" });
    made.git("switch", "--quiet", "--create", "hotfix/x");
    made.commit("x", { "a.py": "a\n" });
    const { code, output } = await made.guard("check");
    expect([code, output]).toEqual([
      0,
      expect.stringMatching(/1 rule failed; fixing it fixes 2 more.*Observe mode: nothing is blocked/),
    ]);
  });

  it("asks nothing of what is no hotfix", async () => {
    const made = clone();
    made.git("switch", "--quiet", "--create", "feature/x");
    made.commit("Anything");
    const { code, output } = await made.guard("check");
    expect([code, output]).toEqual([0, "feature/x → origin/main: not a hotfix, nothing to check.\n"]);
  });

  it.each<[situation: string, make: () => Clone, args: readonly string[], says: RegExp]>([
    ["outside a repository", () => cloneAt(temporary()), [], /^Not in a git repository/],
    ["in a bare repository", bare, [], /^This repository cannot be used: .*work tree/],
    ["without commits", emptyClone, [], /^There are no commits yet/],
    ["with a detached head", () => detached(), [], /^HEAD is detached: .*--branch/],
    ["with a base that is not there", ready, ["--base", "gone"], /^There is no branch gone here\. Fetch it/],
    ["without any base", () => withoutBase(), [], /^No base branch found .*--base/],
    ["in a shallow clone", () => shallow(), [], /^This is a shallow clone .*git fetch --unshallow origin$/],
    ["without a common commit", () => orphan(), [], /have no commit in common/],
    ["of a text that is an option", ready, ["--base=--output=/tmp/x"], /^There is no branch --output/],
  ])("%s says so in a line, and exits with 2", async (_, make, args, says) => {
    const { code, output } = await make().guard("check", ...args);
    expect(output.trim().split("\n")).toEqual([expect.stringMatching(says)]);
    expect(code).toBe(2);
  });

  it("shows each problem of a configuration that is invalid, and exits with 2", async () => {
    const made = clone({ ".github/hotfix.yml": "mod: observe\n" });
    made.git("switch", "--quiet", "--create", "hotfix/x");
    made.commit("x");
    const { code, output } = await made.guard("check");
    expect([code, output]).toEqual([2, expect.stringContaining(".github/hotfix.yml:1:1: mod: ")]);
    expect((await made.guard("check", "--format", "github")).output).toMatch(
      /^::error file=\.github\/hotfix\.yml,line=1,col=1,title=mod::/,
    );
    // Whether it is a hotfix is for the configuration to say.
    expect(await checked(made)).toMatchObject({ outcome: "failure", hotfix: null, code: 2 });
  });

  it("takes the name of a detached head", async () => {
    expect(await checked(detached(), "--branch", "hotfix/signature")).toMatchObject({
      code: 0,
      outcome: "success",
    });
  });

  it("ends quietly where nobody reads on", () => {
    const main = start(["--version"]).process.spawnargs[1] ?? "";
    const piped = `node '${main}' explain diff-size | true`;
    const both = execFileSync("bash", ["-c", `{ ${piped}; } 2>&1`], { encoding: "utf8" });
    expect(both).toBe("");
  });

  it("works in a subdirectory", async () => {
    const made = ready();
    expect(await ended(start(["check"], GIT_ENV, join(made.path, "src/pay")))).toMatchObject({ code: 0 });
  });
});

function detached(): Clone {
  const made = ready();
  made.git("switch", "--quiet", "--detach");
  return made;
}

function bare(): Clone {
  const path = temporary();
  execFileSync("git", ["init", "--quiet", "--bare", path]);
  return cloneAt(path);
}

function withoutBase(): Clone {
  const made = emptyClone();
  made.git("switch", "--quiet", "--create", "hotfix/x");
  made.commit("x");
  return made;
}

function shallow(): Clone {
  const made = ready();
  made.git("push", "--quiet", "origin", "hotfix/signature");
  const path = join(temporary(), "shallow");
  const remote = made.git("remote", "get-url", "origin").trim();
  const from = ["clone", "--quiet", "--depth=1", "--no-single-branch", "--branch=hotfix/signature"];
  execFileSync("git", [...from, `file://${remote}`, path], { stdio: "pipe" });
  return cloneAt(path);
}

function orphan(): Clone {
  const made = clone();
  made.git("switch", "--quiet", "--orphan", "hotfix/x");
  made.commit("x", { a: "a" });
  return made;
}
