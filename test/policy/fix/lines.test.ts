import { describe, expect, it } from "vitest";
import { blocksOf, fixBlock } from "../../../src/policy/fix/block.ts";
import { withFollows } from "../../../src/policy/fix/follows.ts";
import { ghRepository } from "../../../src/policy/fix/pull-request-commands.ts";
import type { LocalClone } from "../../../src/policy/fix/remotes.ts";
import { directRollbackBlock, type Landed, rollbackBlock } from "../../../src/policy/fix/rollback-block.ts";
import type { FixStep } from "../../../src/policy/fix/steps.ts";
import { exactArguments } from "../../../src/policy/fix/windows.ts";
import type { RuleFinding } from "../../../src/policy/verdict.ts";
import { HEAD, snapshot } from "../../support/snapshot.ts";

/** The text of the commands; that shells do with it what it says is shown in `block.test.ts`. */

const SHA = HEAD.slice(0, 12);
const BRANCH = "'hotfix/stripe-webhook-verification'";
const REPO =
  "repo=$(git remote -v | awk 'tolower($2) ~ \"[:/]kamiyo/api([.]git)?/?$\" { print $1; exit }') &&";
const FORK = "fork=$(git remote -v | awk 'tolower($2) ~ \"[:/]john/api([.]git)?/?$\" { print $1; exit }') &&";
const FETCH = `git fetch "\${repo:=https://github.example/kamiyo/api}" 'main'`;
const TO_HEAD = [
  `{ git switch --no-guess ${BRANCH} || git switch --no-track --create ${BRANCH} ${SHA}; } &&`,
  `git merge --ff-only ${SHA} &&`,
];
const LEASE = `--force-with-lease=${BRANCH}:${SHA} `;
const PUSH = `git push "$repo" ${BRANCH}`;
const CLONE: LocalClone = { remote: "origin", pushRemote: "origin", base: "origin/main" };
const message = (amend: boolean, ...lines: string[]): FixStep => ({ kind: "write-message", amend, lines });
const drop = (more: { restored?: string[]; removed?: string[] }): FixStep => ({
  kind: "drop-files",
  restored: [],
  removed: [],
  ...more,
});
const COMMITS: FixStep = { kind: "rebuild-branch", commits: ["1".repeat(40), "2".repeat(40)] };
const SQUASH: FixStep = { kind: "squash-branch", head: "3".repeat(40), message: "4".repeat(40) };
const RETITLE: FixStep = { kind: "retitle", title: "HOTFIX: Pay" };
const BASE: FixStep = { kind: "change-base", base: "release/1" };
const RENAME: FixStep = { kind: "rename-branch", branch: "hotfix/pay" };
const EDIT = "gh pr edit 42 -R github.example/kamiyo/api";
const FROM_FORK = {
  fork: true,
  head: { ref: "hotfix/x", sha: HEAD, repository: "john/api" },
};

describe("the fix as commands: the branch", () => {
  it.each<[what: string, steps: readonly FixStep[], middle: readonly string[], push: string]>([
    ["the base is merged into it", [{ kind: "merge-base" }], ["git merge --no-edit FETCH_HEAD &&"], PUSH],
    [
      "fixups go where they belong",
      [{ kind: "squash-fixups" }],
      ["git -c sequence.editor=true rebase --interactive --autosquash FETCH_HEAD &&"],
      `git push ${LEASE}"$repo" ${BRANCH}`,
    ],
    [
      "the last commit gets another message",
      [message(true, "HOTFIX: Pay", "", "a\tb\u202Ec\r\nMESSAGE")],
      [
        "git commit --amend --only --file - <<'MESSAGE_' &&",
        "HOTFIX: Pay",
        "",
        "a bc",
        "MESSAGE",
        "MESSAGE_",
      ],
      `git push ${LEASE}"$repo" ${BRANCH}`,
    ],
    [
      "a commit with the message goes on top: nothing is written over",
      [message(false, "HOTFIX: Pay")],
      ["git commit --allow-empty --only --file - <<'MESSAGE' &&", "HOTFIX: Pay", "MESSAGE"],
      PUSH,
    ],
  ])("%s", (_what, steps, middle, push) => {
    expect(fixBlock(steps, snapshot())).toEqual([REPO, `${FETCH} ${BRANCH} &&`, ...TO_HEAD, ...middle, push]);
  });

  const CHECKOUT = `git --literal-pathspecs checkout "$(git merge-base HEAD FETCH_HEAD)" -- 'a.md' 'b.md' &&`;
  const REMOVE = "git --literal-pathspecs rm --quiet --ignore-unmatch -- 'c.md' &&";
  it.each<[what: string, steps: readonly FixStep[], behind: readonly string[]]>([
    [
      "into the last commit; a file that two rules name goes once",
      [drop({ restored: ["a.md", "b.md"] }), drop({ restored: ["a.md"], removed: ["c.md"] })],
      [CHECKOUT, REMOVE, "git commit --amend --no-edit &&"],
    ],
    [
      "with its new message",
      [drop({ removed: ["c.md"] }), message(true, "HOTFIX: Pay")],
      [REMOVE, "git commit --amend --file - <<'MESSAGE' &&", "HOTFIX: Pay", "MESSAGE"],
    ],
    [
      "before a commit on top of it",
      [drop({ removed: ["c.md"] }), message(false, "HOTFIX: Pay")],
      [
        REMOVE,
        "git commit --amend --no-edit &&",
        "git commit --allow-empty --only --file - <<'MESSAGE' &&",
        "HOTFIX: Pay",
        "MESSAGE",
      ],
    ],
  ])("files are dropped, not where something is staged: %s", (_what, steps, behind) => {
    const [first, ...more] = TO_HEAD;
    expect(fixBlock(steps, snapshot())).toEqual([
      REPO,
      `${FETCH} ${BRANCH} &&`,
      `git diff --cached --stat --exit-code && ${first}`,
      ...more,
      ...behind,
      `git push ${LEASE}"$repo" ${BRANCH}`,
    ]);
  });

  it.each<[what: string, step: FixStep, how: readonly string[]]>([
    ["of its own commits", COMMITS, ["git cherry-pick 111111111111 222222222222 &&"]],
    [
      "as one commit",
      SQUASH,
      ["git merge --squash 333333333333 &&", "git commit --reuse-message=444444444444 &&"],
    ],
  ])("it is made anew from the base, %s", (_what, step, how) => {
    expect(fixBlock([step], snapshot())).toEqual([
      REPO,
      `${FETCH} ${BRANCH} &&`,
      `git switch --no-track --force-create ${BRANCH} FETCH_HEAD &&`,
      ...how,
      `git push ${LEASE}"$repo" ${BRANCH}`,
    ]);
    expect(fixBlock([step, RENAME], snapshot())).toEqual(
      expect.arrayContaining([
        "git switch --no-track --create 'hotfix/pay' FETCH_HEAD &&",
        ...how,
        `git push --set-upstream "$repo" 'hotfix/pay' &&`,
      ]),
    );
    expect(fixBlock([step], snapshot({ pr: FROM_FORK }))).toEqual([
      FORK,
      REPO,
      `${FETCH} refs/pull/42/head &&`,
      "git switch --detach FETCH_HEAD &&",
      ...how,
      `git push --force-with-lease='hotfix/x':${SHA} "\${fork:=https://github.example/john/api}" HEAD:'refs/heads/hotfix/x'`,
    ]);
  });

  it("a fork's is not made here, and pushed to the fork", () => {
    expect(fixBlock([{ kind: "merge-base" }], snapshot({ pr: FROM_FORK }))).toEqual([
      FORK,
      REPO,
      `${FETCH} refs/pull/42/head &&`,
      `git switch --detach ${SHA} &&`,
      "git merge --no-edit FETCH_HEAD &&",
      `git push "\${fork:=https://github.example/john/api}" HEAD:'refs/heads/hotfix/x'`,
    ]);
  });

  it.each<[what: string, clone: LocalClone, fetch: readonly string[], push: readonly string[]]>([
    ["of one remote", CLONE, ["git fetch origin &&"], [`git push --force-with-lease origin ${BRANCH}`]],
    [
      "with a remote for pushes, of strange names",
      { ...CLONE, remote: "-u x", pushRemote: "my fork" },
      ["git fetch '-u x' &&"],
      [`git push --force-with-lease 'my fork' ${BRANCH}`],
    ],
    ["without a remote", { ...CLONE, remote: null, pushRemote: null }, [], []],
  ])("in this clone, %s", (_what, clone, fetch, push) => {
    const commands = [
      ...fetch,
      `git switch ${BRANCH} &&`,
      "git -c sequence.editor=true rebase --interactive --autosquash 'origin/main'",
    ];
    if (push.length > 0) commands[commands.length - 1] += " &&";
    expect(fixBlock([{ kind: "squash-fixups" }], snapshot(), clone)).toEqual([...commands, ...push]);
  });

  it.each<[what: string, steps: readonly FixStep[]]>([
    ["nothing to do", []],
    ["more than anybody would read", [message(true, ...Array<string>(100).fill("x".repeat(60)))]],
  ])("none: %s", (_what, steps) => expect(fixBlock(steps, snapshot())).toEqual([]));

  it("of many files names twenty", () => {
    const removed = Array.from({ length: 30 }, (_, i) => `${i}.md`);
    expect(
      fixBlock([drop({ removed })], snapshot())
        .join("\n")
        .match(/\.md'/g),
    ).toHaveLength(20);
  });
});

describe("the fix as commands: the pull request", () => {
  it.each<[what: string, steps: readonly FixStep[], commands: readonly string[]]>([
    ["title", [RETITLE], [`${EDIT} --title 'HOTFIX: Pay'`]],
    ["base", [BASE], [`${EDIT} --base 'release/1'`]],
    ["both", [BASE, RETITLE], [`${EDIT} --title 'HOTFIX: Pay' --base 'release/1'`]],
    [
      "a title that Git for Windows takes for a path",
      [{ kind: "retitle", title: "/pay" }],
      [`MSYS_NO_PATHCONV=1 ${EDIT} --title '/pay'`],
    ],
  ])("%s alone: one command", (_what, steps, commands) =>
    expect(fixBlock(steps, snapshot())).toEqual(commands),
  );

  it.each<[steps: readonly FixStep[], edit: string, byHand: string]>([
    [[RETITLE], "--title 'HOTFIX: Pay'", "title: HOTFIX: Pay"],
    [[BASE], "--base 'release/1'", "base: release/1"],
    [[BASE, RETITLE], "--title 'HOTFIX: Pay' --base 'release/1'", "title: HOTFIX: Pay; base: release/1"],
  ])("behind git's commands says what is left without gh: %j", (steps, edit, byHand) => {
    const lines = fixBlock([{ kind: "merge-base" }, ...steps], snapshot());
    expect(lines.slice(-3)).toEqual([
      `${PUSH} &&`,
      `{ ${EDIT} ${edit} ||`,
      `echo 'If gh did not, edit #42 by hand: ${byHand}'; }`,
    ]);
  });

  const VIEW = "gh pr view 42 -R github.example/kamiyo/api --json";
  const create = (title: string, more: string, { base = "main", head = "hotfix/pay" } = {}) => [
    `{ ${VIEW} body --jq .body |`,
    `  MSYS_NO_PATHCONV=1 gh pr create -R github.example/kamiyo/api --base '${base}' --head '${head}' --title ${title} --body-file -${more} &&`,
  ];
  const LABELED = {
    labels: ["severity:P1", "approved:cto", "a,b"],
    assignees: ["rita"],
    reviewers: ["jane"],
  };
  const PEOPLE = "--label 'severity:P1' --assignee 'rita' --reviewer 'jane'";
  it.each<[what: string, steps: readonly FixStep[], title: string]>([
    ["its title", [], `"$(${VIEW} title --jq .title)"`],
    ["that of the new message", [message(true, "HOTFIX: Pay")], '"$(git log -1 --format=%s)"'],
    ["the one that it should have", [RETITLE, message(true, "HOTFIX: X")], "'HOTFIX: Pay'"],
  ])("another branch is another pull request, with labels and people, and %s", (_what, steps, title) => {
    const lines = fixBlock([RENAME, ...steps], snapshot({ pr: LABELED }));
    expect(lines).toContain(`git switch --no-track --create 'hotfix/pay' ${SHA} &&`);
    expect(lines.slice(-5)).toEqual([
      `git push --set-upstream "$repo" 'hotfix/pay' &&`,
      ...create(title, ` ${PEOPLE}`),
      "gh pr close 42 -R github.example/kamiyo/api ||",
      "echo 'If gh did not: open https://github.example/kamiyo/api/compare/main...hotfix/pay?expand=1 with the text and labels of #42, then close #42.'; }",
    ]);
  });

  it("to the base that it should have, without labels and people where there are none", () => {
    const lines = fixBlock([RENAME, BASE, RETITLE], snapshot({ pr: { labels: [] } }));
    expect(lines.slice(-4, -2)).toEqual(create("'HOTFIX: Pay'", "", { base: "release/1" }));
    expect(lines.at(-1)).toContain("/compare/release/1...hotfix/pay?expand=1");
  });

  it("of a fork: its labels come when the old one is closed", () => {
    const lines = fixBlock([RENAME, RETITLE], snapshot({ pr: { ...FROM_FORK, ...LABELED } }));
    expect(lines.slice(-5)).toEqual([
      ...create("'HOTFIX: Pay'", "", { head: "john:hotfix/pay" }),
      "gh pr close 42 -R github.example/kamiyo/api &&",
      `gh pr edit 'john:hotfix/pay' -R github.example/kamiyo/api ${PEOPLE.replaceAll("--", "--add-")} ||`,
      "echo 'If gh did not: open https://github.example/kamiyo/api/compare/main...john:hotfix/pay?expand=1 with the text and labels of #42, then close #42.'; }",
    ]);
    expect(fixBlock([RENAME], snapshot({ pr: { ...FROM_FORK, labels: [] } })).at(-2)).toBe(
      "gh pr close 42 -R github.example/kamiyo/api ||",
    );
  });

  it("of a branch has none", () => {
    expect(fixBlock([RETITLE], { ...snapshot(), origin: { kind: "branch" } as never })).toEqual([]);
  });

  it.each([
    ["https://github.com/kamiyo/api", "-R kamiyo/api"],
    ["https://git.kamiyo.example/kamiyo/api", "-R git.kamiyo.example/kamiyo/api"],
    ["http://localhost:3000/kamiyo/api", "-R localhost:3000/kamiyo/api"],
  ])("gh is told of %s", (url, option) => expect(ghRepository(url)).toBe(option));
});

describe("Git for Windows takes for a path", () => {
  it.each([
    ["/health", true],
    ["token=/x", true],
    ["a:/b", true],
    ["'/x", true],
    ["src/health", false],
    ["https://kamiyo.example/x=/y", false],
    ["see https://kamiyo.example/x", true],
    ["plain text", false],
  ])("%s: %s", (text, is) => {
    expect(exactArguments("gh x", ["no", text])).toBe(is ? "MSYS_NO_PATHCONV=1 gh x" : "gh x");
  });
});

describe("a rollback as commands", () => {
  const landed = (how: Landed["how"]): Landed => ({
    repository: { owner: "kamiyo", name: "api", url: "https://github.example/kamiyo/api" },
    number: 42,
    base: "main",
    sha: "5555",
    how,
  });
  it.each<[how: Landed["how"], revert: string]>([
    [{ kind: "merge" }, "git revert --no-edit -m 1 5555"],
    [{ kind: "squash" }, "git revert --no-edit 5555"],
    [{ kind: "rebase", commits: 3 }, "git revert --no-edit '5555~3..5555'"],
  ])("of %j", (how, revert) => {
    expect(directRollbackBlock(landed(how)).split("\n")).toEqual([
      REPO,
      `${FETCH} &&`,
      "git switch --detach FETCH_HEAD &&",
      `${revert} &&`,
      `git push "$repo" HEAD:'refs/heads/main'`,
    ]);
    expect(rollbackBlock(landed(how)).split("\n")).toEqual([
      REPO,
      `${FETCH} &&`,
      "git switch --no-track --create rollback/42 FETCH_HEAD &&",
      `${revert} &&`,
      `git push --set-upstream "$repo" rollback/42 &&`,
      "{ gh pr create -R github.example/kamiyo/api --base 'main' --head rollback/42 --title 'Roll back #42' --body 'Reverts #42.' ||",
      "echo 'If gh did not: open https://github.example/kamiyo/api/compare/main...rollback/42?expand=1'; }",
    ]);
  });
});

describe("findings and their fix", () => {
  const of = (rule: RuleFinding["rule"], more: Partial<RuleFinding> = {}): RuleFinding =>
    ({
      rule,
      level: "error",
      state: "violated",
      code: "none",
      data: {},
      steps: [],
      override: null,
      ...more,
    }) as never;
  const WRITES = of("commit-message", { code: "missing", steps: [message(true, "HOTFIX: Pay")] });
  const DROPS = of("scope", { code: "unrelated", steps: [drop({ restored: ["a"], removed: ["b"] })] });
  const followed = (...findings: RuleFinding[]) => withFollows(findings).at(-1)?.follows ?? null;

  it.each<[what: string, findings: readonly RuleFinding[], follows: string | null]>([
    ["no severity follows from the message", [WRITES, of("severity")], "commit-message"],
    ["no issue follows from the message", [WRITES, of("linked-issue")], "commit-message"],
    ["two severities do not", [WRITES, of("severity", { code: "contradiction" })], null],
    ["another rule does not", [WRITES, of("review")], null],
    ["what holds does not", [WRITES, of("severity", { state: "satisfied" })], null],
    ["nor where the message holds", [{ ...WRITES, state: "warned" as never }, of("severity")], null],
    ["nor where nobody writes a message", [of("commit-message"), of("severity")], null],
    [
      "a lockfile follows from what is dropped",
      [DROPS, of("dependency-changes", { steps: [drop({ restored: ["a"], removed: ["b"] })] })],
      "scope",
    ],
    [
      "not where one of its files stays",
      [DROPS, of("dependency-changes", { steps: [drop({ restored: ["a", "c"] })] })],
      null,
    ],
    [
      "not where it removes one that stays",
      [DROPS, of("dependency-changes", { steps: [drop({ restored: ["a"], removed: ["c"] })] })],
      null,
    ],
    ["not where nothing is dropped", [of("dependency-changes", { steps: [drop({})] })], null],
    ["not without a step of its own", [DROPS, of("dependency-changes")], null],
    ["nor of another rule", [DROPS, of("diff-size", { steps: [drop({ restored: ["a"] })] })], null],
  ])("%s", (_what, findings, follows) => expect(followed(...findings)).toBe(follows));

  it("errors share a block, each warning has its own, and what follows from another has none", () => {
    const retitle = (title: string): FixStep[] => [{ kind: "retitle", title }];
    const blocks = blocksOf(
      [
        of("commit-message", { steps: retitle("A") }),
        of("severity", { steps: [BASE], follows: "commit-message" }),
        of("scope", { level: "warn", steps: retitle("B") }),
        of("diff-size", { level: "warn" }),
        of("base-branch", { steps: [BASE], state: "satisfied" }),
        of("branch-freshness", { level: "warn", steps: [BASE] }),
      ],
      snapshot(),
    );
    expect(blocks).toEqual({
      fixBlock: [`${EDIT} --title 'A'`],
      warningBlocks: [
        { rule: "scope", commands: [`${EDIT} --title 'B'`] },
        { rule: "branch-freshness", commands: [`${EDIT} --base 'release/1'`] },
      ],
    });
  });
});
