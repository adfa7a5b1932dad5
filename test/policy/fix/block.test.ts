import { afterEach, describe, expect, it } from "vitest";
import { fixBlock } from "../../../src/policy/fix/block.ts";
import type { FixStep } from "../../../src/policy/fix/steps.ts";
import { looksLikePath } from "../../../src/policy/fix/windows.ts";
import {
  BRANCH,
  CLONES,
  type Clone,
  isInstalled,
  LOOKS_LIKE_PATH,
  removeWorlds,
  SHELLS,
  type Shell,
  type ShellWorld,
  shellWorld,
  type WorldOptions,
} from "../../support/shell-world.ts";
import { snapshot } from "../../support/snapshot.ts";

const MESSAGE: FixStep = {
  kind: "write-message",
  amend: true,
  lines: ["HOTFIX: Fix it", "", "Impact: [Brief impact]", "Tested: [Testing performed]"],
};
const DROP: FixStep = {
  kind: "drop-files",
  restored: ["README.md", "it's $HOME.md"],
  removed: ["new `x`.txt"],
};
const RENAME: FixStep = { kind: "rename-branch", branch: "hotfix/renamed" };
const RETITLE: FixStep = { kind: "retitle", title: "HOTFIX: /health answers !500, 'quoted' token=/x" };
const CHANGE_BASE: FixStep = { kind: "change-base", base: "release/1.x" };

/** What people fill in, which a shell must not touch. */
const NASTY = [
  "Users can't pay; token's gone",
  'a "quoted" value',
  "`touch pwned`",
  "$(touch pwned) $HOME $x 100% !! !1 !x",
  "Ärger, 支払い, 🚨 \\ \\n",
  "EOF",
  "/health and token=/x, C:\\temp",
  "# no comment",
  "MESSAGE is not alone on its line",
];

const ALL_SHELLS = Object.keys(SHELLS) as Shell[];
const ALL_CLONES = Object.keys(CLONES) as Clone[];

afterEach(removeWorlds);

const PEOPLE = {
  labels: ["severity:P1", "approved:cto", "//urgent"],
  assignees: ["rita"],
  reviewers: ["jane", "kamiyo/engineering-managers"],
};

function blockOf(
  steps: readonly FixStep[],
  head: string,
  { from = "repository", branch = BRANCH, ...more }: WorldOptions & object = {},
): string {
  const fork = from === "fork";
  const repository = fork ? "john/api" : "kamiyo/api";
  return fixBlock(
    steps,
    snapshot({ pr: { head: { ref: branch, sha: head, repository }, fork, ...more } }),
  ).join("\n");
}

/** Runs it; what went wrong is said. */
function runs({ run }: ShellWorld, block: string): void {
  const { status, stderr } = run(block);
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
}

const newOne = (head: string, people: readonly string[]): readonly string[] => [
  ...["pr", "create", "-R", "github.example/kamiyo/api", "--base", "main", "--head", head],
  ...["--title", "HOTFIX: Fix it", "--body-file", "-", ...people, "body: read body"],
];
const CLOSE = ["pr", "close", "42", "-R", "github.example/kamiyo/api"];

for (const shell of ALL_SHELLS)
  describe.skipIf(!isInstalled(shell))(`the block, pasted into ${shell}`, () => {
    it("drops files, writes the message and pushes once, whatever is filled in", () => {
      const world = shellWorld({ shell });
      const text = NASTY.join("\n");
      runs(
        world,
        blockOf([DROP, MESSAGE], world.head).replace("[Brief impact]", () => text),
      );
      expect(world.remote("repository", "log", "-1", "--format=%B", BRANCH).trim()).toBe(
        `HOTFIX: Fix it\n\nImpact: ${text}\nTested: [Testing performed]`,
      );
      expect(world.remote("repository", "diff", "--name-only", `main...${BRANCH}`)).toBe("fix.txt");
      expect(world.git("status", "--porcelain")).toBe("");
    });

    it("opens the new pull request before it closes the old one, and takes labels and people along", () => {
      const world = shellWorld({ shell });
      runs(world, blockOf([RENAME, DROP, MESSAGE], world.head, PEOPLE));
      expect(world.remote("repository", "log", "-1", "--format=%s", "hotfix/renamed")).toBe("HOTFIX: Fix it");
      expect(world.gh()).toEqual([
        newOne("hotfix/renamed", [
          ...["--label", "severity:P1,//urgent", "--assignee", "rita"],
          ...["--reviewer", "jane,kamiyo/engineering-managers"],
        ]),
        CLOSE,
      ]);
    });

    it("stops at the first command that fails, and runs nothing after it", () => {
      const world = shellWorld({ shell });
      const block = blockOf([RENAME, DROP], world.head).replace("README.md", "not-there.md");
      expect(world.run(block).status).not.toBe(0);
      expect(world.remote("repository", "branch")).not.toContain("renamed");
      expect(world.gh()).toEqual([]);
    });

    it("without gh does its work, and says what is left", () => {
      const world = shellWorld({ shell, gh: false });
      const { status, stdout, stderr } = world.run(blockOf([RENAME, MESSAGE], world.head));
      expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
      expect(stdout).toContain(
        "open https://github.example/kamiyo/api/compare/main...hotfix/renamed?expand=1 with the text and labels of #42, then close #42.",
      );
      expect(world.remote("repository", "log", "-1", "--format=%s", "hotfix/renamed")).toBe("HOTFIX: Fix it");
    });

    it("gives the pull request another title and base", () => {
      const world = shellWorld({ shell });
      runs(world, blockOf([RETITLE, CHANGE_BASE], world.head));
      expect(world.gh()).toEqual([
        ["pr", "edit", "42", "-R", "github.example/kamiyo/api"].concat(
          "--title",
          "HOTFIX: /health answers !500, 'quoted' token=/x",
          "--base",
          "release/1.x",
        ),
      ]);
    });
  });

for (const clone of ALL_CLONES)
  describe(`the block, where ${clone}`, () => {
    it.each(["current", "behind", "none"] as const)("and the local branch is %s", (local) => {
      const world = shellWorld({ clone, local });
      runs(world, blockOf([DROP, MESSAGE], world.head));
      expect(world.remote("repository", "log", "-2", "--format=%s", BRANCH)).toBe(
        "HOTFIX: Fix it\nwork in progress",
      );
      expect(world.remote("repository", "diff", "--name-only", `main...${BRANCH}`)).toBe("fix.txt");
      expect(world.remote("fork", "branch")).toBe("* main");
      // What is pushed next from here is what is there now.
      expect(world.git("rev-parse", BRANCH)).toBe(world.remote("repository", "rev-parse", BRANCH));
    });

    it.each([BRANCH, "main"])("from a fork's branch %s: into the fork, and nowhere else", (branch) => {
      const world = shellWorld({ clone, from: "fork", branch, local: branch === "main" ? "none" : "behind" });
      const main = world.git("rev-parse", "main");
      runs(world, blockOf([DROP, MESSAGE], world.head, { from: "fork", branch }));
      expect(world.remote("fork", "log", "-2", "--format=%s", branch)).toBe(
        "HOTFIX: Fix it\nwork in progress",
      );
      expect(world.remote("repository", "branch", "--format=%(refname:short)")).toBe("main");
      expect(world.git("rev-parse", "main")).toBe(main);
    });

    it("under a new name, in the repository and in a fork", () => {
      const own = shellWorld({ clone });
      runs(own, blockOf([RENAME, MESSAGE], own.head, PEOPLE));
      expect(own.remote("repository", "log", "-1", "--format=%s", "hotfix/renamed")).toBe("HOTFIX: Fix it");
      const fork = shellWorld({ clone, from: "fork" });
      runs(fork, blockOf([RENAME, MESSAGE], fork.head, { from: "fork", ...PEOPLE }));
      expect(fork.remote("fork", "log", "-1", "--format=%s", "hotfix/renamed")).toBe("HOTFIX: Fix it");
      // Who has a fork may not set labels: that comes last, so that it stops nothing.
      expect(fork.gh()).toEqual([
        newOne("john:hotfix/renamed", []),
        CLOSE,
        [
          ...["pr", "edit", "john:hotfix/renamed", "-R", "github.example/kamiyo/api"],
          ...["--add-label", "severity:P1,//urgent", "--add-assignee", "rita"],
          ...["--add-reviewer", "jane,kamiyo/engineering-managers"],
        ],
      ]);
    });

    it("makes the branch anew with its own commits alone, or as one", () => {
      for (const from of ["repository", "fork"] as const)
        for (const kind of ["rebuild", "squash"] as const) {
          const world = shellWorld({ clone, from });
          const commits = [world.git("rev-parse", `${BRANCH}~1`), world.head];
          const step: FixStep =
            kind === "rebuild"
              ? { kind: "rebuild-branch", commits }
              : { kind: "squash-branch", head: world.head, message: world.head };
          runs(world, blockOf([step, MESSAGE], world.head, { from }));
          const main = world.remote("repository", "rev-parse", "main");
          const lines = world.remote(from, "log", "--format=%s", `${main}..${BRANCH}`).split("\n");
          expect(lines).toEqual(
            kind === "rebuild" ? ["HOTFIX: Fix it", "work in progress"] : ["HOTFIX: Fix it"],
          );
          expect(world.remote(from, "merge-base", main, BRANCH)).toBe(main);
        }
    });

    it("brings the base in, without an editor", () => {
      const world = shellWorld({ clone, from: "fork" });
      runs(world, blockOf([{ kind: "merge-base" }], world.head, { from: "fork" }));
      expect(world.remote("fork", "diff", "--name-only", "main", BRANCH)).toContain("other.txt");
    });
  });

describe("the block", () => {
  it("puts the message on top where an older commit has it", () => {
    const world = shellWorld();
    runs(world, blockOf([DROP, { ...MESSAGE, amend: false } as FixStep], world.head));
    expect(world.remote("repository", "log", "-2", "--format=%s", BRANCH)).toBe("HOTFIX: Fix it\nfix stuff");
  });

  it("squashes fixups, without an editor", () => {
    const world = shellWorld();
    runs(world, blockOf([{ kind: "squash-fixups" }], world.head));
    expect(world.remote("repository", "merge-base", "main", BRANCH)).toBe(
      world.remote("repository", "rev-parse", "main"),
    );
  });

  it("writes over nothing that was pushed since", () => {
    const world = shellWorld({ local: "none" });
    const block = blockOf([MESSAGE], world.head);
    const theirs = world.git("commit-tree", `${world.head}^{tree}`, "-p", world.head, "-m", "theirs");
    world.git("push", "--quiet", "origin", `${theirs}:refs/heads/${BRANCH}`);
    const { status, stderr } = world.run(block);
    expect(status).not.toBe(0);
    expect(stderr).toContain("rejected");
    expect(world.remote("repository", "log", "-1", "--format=%s", BRANCH)).toBe("theirs");
  });

  it("leaves alone a local branch with other commits", () => {
    const world = shellWorld({ local: "behind" });
    world.git("switch", "--quiet", BRANCH);
    world.git("commit", "--quiet", "--allow-empty", "--message", "mine, not pushed");
    expect(world.run(blockOf([MESSAGE], world.head)).status).not.toBe(0);
    expect(world.git("log", "-1", "--format=%s", BRANCH)).toBe("mine, not pushed");
  });

  it.each(["/health", "token=/x", "a:/b", "@/components/x", "origin/main:.gitignore", "x;/y"])(
    "knows that Windows changes %s",
    (text) => {
      expect(looksLikePath(text)).toBe(true);
      expect(new RegExp(LOOKS_LIKE_PATH).test(text)).toBe(true);
    },
  );

  it.each(["src/[id]/x", "hotfix/x", "HOTFIX: x", "https://a/b", "kamiyo/api", "HEAD:refs/heads/x"])(
    "knows that Windows leaves %s",
    (text) => {
      expect(looksLikePath(text)).toBe(false);
    },
  );
});

it("runs in bash at least", () => {
  expect(isInstalled("bash")).toBe(true);
});

describe("fixBlock", () => {
  it.each<[string, readonly FixStep[], object, readonly string[]]>([
    ["nothing", [], {}, []],
    [
      "the base of the pull request",
      [{ kind: "change-base", base: "it's" }],
      {},
      ["gh pr edit 42 -R github.example/kamiyo/api --base 'it'\\''s'"],
    ],
    [
      "title and base at once",
      [
        { kind: "change-base", base: "main" },
        { kind: "retitle", title: "HOTFIX: `x`" },
      ],
      {},
      ["gh pr edit 42 -R github.example/kamiyo/api --title 'HOTFIX: `x`' --base 'main'"],
    ],
  ])("%s", (_, steps, more, lines) => {
    expect(blockOf(steps, "a".repeat(40), more).split("\n")).toEqual(lines.length === 0 ? [""] : lines);
  });

  it("ends the message by a line that the message does not have", () => {
    const lines = ["HOTFIX: x", "", "MESSAGE", "MESSAGE_"];
    expect(blockOf([{ kind: "write-message", amend: true, lines }], "a".repeat(40))).toContain(
      "<<'MESSAGE__'",
    );
  });

  it("is not given where nobody would read it", () => {
    const paths = Array.from({ length: 30 }, (_, i) => `${"long/".repeat(60)}${i}.txt`);
    expect(fixBlock([{ kind: "drop-files", restored: paths, removed: [] }], snapshot({}))).toEqual([]);
  });
});
