import { execFileSync, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { afterEach, describe, expect, it } from "vitest";
import {
  BRANCH,
  FILES,
  isInstalled,
  removeWorlds,
  type Shell,
  type ShellWorld,
  shellWorld,
} from "./support/shell-world.ts";

/**
 * Every block of commands that goldens and pages show: all are sound in the shells that people paste them
 * into, and those that use git or gh are run in a repository.
 */
const PAGES = execFileSync(
  "git",
  ["ls-files", "README.md", "CONTRIBUTING.md", "docs/*.md", "docs/**/*.md", "test/**/__golden__/*.md"],
  { encoding: "utf8" },
)
  .trim()
  .split("\n");

interface Block {
  readonly page: string;
  readonly text: string;
}

const BLOCKS: readonly Block[] = PAGES.flatMap((page) =>
  [...readFileSync(page, "utf8").matchAll(/^( *)(`{3,})(?:sh|bash|shell)\n([\s\S]*?)^\1\2$/gm)].map(
    (match) => ({
      page,
      text: (match[3] ?? "").replace(new RegExp(`^${match[1]}`, "gm"), ""),
    }),
  ),
)
  // How a command is called is no block to copy.
  .filter(({ text }) => !/^\s*hotfix-guard .*\[options\]/.test(text));

afterEach(removeWorlds);

// zsh, the shell of macOS, takes `#` at its prompt for a word like any other.
it.each(BLOCKS.map(({ page, text }) => [page, text]))("a block of %s has no comment", (_, text) => {
  const commands = text.replace(/<<-?'?([A-Z_]+)'?.*\n[\s\S]*?^\1$/gm, "").replace(/"[^"]*"|'[^']*'/g, "");
  expect(commands).not.toMatch(/(?:^|\s)#/m);
});

describe.each(["bash", "zsh"] as Shell[])("in %s", (shell) => {
  it.skipIf(!isInstalled(shell)).each(BLOCKS.map(({ page, text }) => [page, text]))(
    "a block of %s is sound",
    (_, text) => {
      // What the reader is to fill in stands for itself.
      const { status, stderr } = spawnSync(shell, ["-n"], { input: text, encoding: "utf8" });
      expect({ status, stderr }).toEqual({ status: 0, stderr: "" });
    },
  );
});

/** What each block that changes a repository does there, by its first line that tells it from others. */
const RUN: Readonly<Record<string, (world: ShellWorld, text: string) => void>> = {
  // The check of a sloppy hotfix: another name, files dropped, a message, a new pull request.
  "git commit --amend": (world, text) => {
    const block = text
      .replace(/a{12}/g, world.head.slice(0, 12))
      .replace("'Hotfix/Stripe_Webhook'", `'${BRANCH}'`)
      .replace("'package.json' 'src/payments/stripe.py'", "'fix.txt'");
    runs(world, block);
    expect(world.remote("repository", "log", "-1", "--format=%s", "hotfix/stripe-webhook")).toBe(
      "HOTFIX: fix stripe stuff",
    );
    expect(world.gh().map((call) => call.slice(0, 2))).toEqual([
      ["pr", "create"],
      ["pr", "close"],
    ]);
  },
  "git switch --no-track --create rollback/42": (world, text) => {
    runs(world, text.replace(/d{40}/g, landed(world, text)));
    expect(world.remote("repository", "show", "rollback/42:fix.txt")).toBe("broken");
    expect(world.gh()[0]?.slice(0, 2)).toEqual(["pr", "create"]);
  },
  "git switch --detach FETCH_HEAD": (world, text) => {
    runs(world, text.replace(/d{40}/g, landed(world, text)));
    expect(world.remote("repository", "show", "main:fix.txt")).toBe("broken");
  },
  "gh pr create -R": (world, text) => {
    runs(world, text);
    expect(world.gh()[0]?.slice(0, 2)).toEqual(["pr", "create"]);
  },
  "git switch main && git pull": (world, text) => {
    world.git("branch", "--quiet", "--delete", "--force", BRANCH);
    world.git("fetch", "--quiet", "origin");
    world.git("branch", "--quiet", "--set-upstream-to=origin/main", "main");
    runs(world, text);
    expect(world.git("branch", "--show-current")).toBe(BRANCH);
  },
  "git commit --all": (world, text) => {
    world.git("switch", "--quiet", BRANCH);
    world.run(`echo more >> ${FILES.fixed}`);
    runs(world, text);
    expect(world.remote("repository", "log", "-1", "--format=%s", BRANCH)).toMatch(/^HOTFIX: /);
  },
  // The merge queue, and past it.
  "gh api graphql": (world, text) => {
    runs(world, `id=X\n${text}`);
    expect(world.gh()[0]?.at(-1)).toMatch(/^query=(?:query|mutation)\(\$id: ID!\) \{[\s\S]*\}$/);
  },
  "gh pr merge": (world, text) => {
    runs(world, text);
    expect(world.gh()[0]?.slice(0, 2)).toEqual(["pr", "merge"]);
  },
  "gh api ": (world, text) => {
    runs(world, text.startsWith("APP_ID=") ? text : `APP_ID=1\n${text}`);
    const [call] = world.gh();
    expect(call?.[0]).toBe("api");
    expect(JSON.parse(call?.at(-1)?.replace(/^input: /, "") ?? "")).toBeTypeOf("object");
  },
  // These go to the network, or run the app itself: `npm run test:package` does.
  "git clone https://github.com/hotfix-guard": () => {},
  "gh auth token": () => {},
};

/** The hotfix as it landed on main: by a merge, as one commit, or as three. */
function landed(world: ShellWorld, text: string): string {
  world.git("fetch", "--quiet", "origin");
  world.git("switch", "--quiet", "--detach", "origin/main");
  if (text.includes("-m 1")) world.git("merge", "--quiet", "--no-ff", "-m", "Merge", world.head);
  else if (text.includes("~3..")) {
    world.git("cherry-pick", `${world.head}~1`, world.head);
    world.git("commit", "--quiet", "--allow-empty", "-m", "third");
    world.git("commit", "--quiet", "--amend", "--allow-empty", "--date=now", "-m", "third", "--only");
    world.run("echo z > third.txt && git add third.txt && git commit --quiet --amend -m third");
  } else {
    world.git("merge", "--quiet", "--squash", world.head);
    world.git("commit", "--quiet", "-m", "Squash");
  }
  world.git("push", "--quiet", "origin", "HEAD:main");
  return world.git("rev-parse", "HEAD");
}

function runs({ run }: ShellWorld, block: string): void {
  const { status, stderr } = run(block);
  expect({ status, stderr: status === 0 ? "" : stderr }).toEqual({ status: 0, stderr: "" });
}

const CHANGING = BLOCKS.filter(({ text }) => /(?:^|[\s(])(?:git|gh) /m.test(text));

describe("each block that uses git or gh", () => {
  it.each(CHANGING.map(({ page, text }, i) => [`${i + 1}, of ${page}`, text] as const))(
    "%s, does in a repository what it says",
    (_, text) => {
      const [, act] = Object.entries(RUN).find(([sign]) => text.includes(sign)) ?? [];
      expect(act, `no test runs this block: say in RUN what it does\n${text}`).toBeDefined();
      act?.(shellWorld(), text);
    },
  );

  it("is there", () => {
    expect(CHANGING.length).toBeGreaterThan(10);
  });
});
