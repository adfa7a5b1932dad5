import { defaultPolicy } from "#built/config/index";
import { shortFiles, shortMessages } from "#built/github/collect/git/changes";
import { evaluate } from "#built/policy/evaluate";
import { renderCheck } from "#built/render/gate/check";
import { type Fact, known } from "../src/policy/fact.ts";
import type { Policy } from "../src/policy/policy.ts";
import type { ChangedFile, Commit } from "../src/policy/snapshot/change.ts";
import type { Comment, LabelEvent } from "../src/policy/snapshot/history.ts";
import type { PullRequestSnapshot } from "../src/policy/snapshot.ts";
import { at, commit, file, HISTORY, PULL_REQUEST } from "../test/support/snapshot.ts";
import { type Case, longest, many } from "./hostile.ts";
import { snapshotOf } from "./snapshot.ts";

const MB = 1_000_000;

/** What a pull request can do, with the default policy and with one that has all that is allowed. */
export function pullRequests(): readonly Case[] {
  const change = (more: Partial<PullRequestSnapshot>): PullRequestSnapshot => ({
    ...snapshotOf(1, 5),
    ...more,
  });
  const commits = (count: number, message: string): Pick<PullRequestSnapshot, "commits"> => ({
    commits: known(many(count, (i) => commit({ sha: String(i).padStart(40, "0"), message }))),
  });
  const files = (
    count: number,
    path: (i: number) => string,
    patch: string,
  ): Pick<PullRequestSnapshot, "files"> => ({ files: known(many(count, (i) => file(path(i), { patch }))) });
  const comments = (count: number, body: string): Pick<PullRequestSnapshot, "history"> => {
    const author = { login: "mallory", type: "User" } as const;
    const createdAt = at("10:20:00");
    const one = (id: number): Comment => ({
      id,
      author,
      byApp: false,
      body,
      createdAt,
      updatedAt: createdAt,
      url: "u",
    });
    return { history: known({ ...HISTORY, comments: many(count, one) }) };
  };
  const labelEvents = (count: number): Pick<PullRequestSnapshot, "history"> => {
    const one = (i: number): LabelEvent => ({
      event: i % 2 === 0 ? "labeled" : "unlabeled",
      label: "approved:engineering-manager",
      actor: { login: `mallory-${i}`, type: "User" },
      byApp: false,
      at: at("10:20:00"),
    });
    return { history: known({ ...HISTORY, labels: many(count, one) }) };
  };
  const body = (text: string): Pick<PullRequestSnapshot, "pullRequest"> => ({
    pullRequest: { ...PULL_REQUEST, body: text },
  });
  const evil = "*a".repeat(60);
  const components = { a: many(90, (i) => `${evil}?b*${"?".repeat(100)}${i}`) };
  const long = `@@ -1 +1 @@\n+${"a ".repeat(MB / 2)}`;
  const inputs: Readonly<Record<string, readonly [PullRequestSnapshot, Partial<Policy>?]>> = {
    "300 files with lines of 1 MB": [change(files(300, (i) => `src/a/${i}.py`, long))],
    "3,000 files": [change(files(3_000, (i) => `src/${i % 90}/${i}.py`, "@@ -1 +1 @@\n-a\n+b"))],
    "a patch of 20,000 lines": [
      change(files(5, (i) => `src/${i}.py`, `@@ -1 +20000 @@\n${"+/* HOTFIX\n".repeat(20_000)}`)),
    ],
    "3,000 paths that fit the globs": [
      change(files(3_000, (i) => `${"a".repeat(250)}${i}`, "")),
      { components },
    ],
    "250 titles of 65 kB": [change(commits(250, `HOTFIX: ${"a ".repeat(32_000)}`))],
    "250 messages of 1.6 kB": [change(commits(250, `HOTFIX: x\n\n${"Fixes: #1\nImpact: ".repeat(83)}`))],
    "250 messages of 65 kB": [change(commits(250, `HOTFIX: x\n\n${"Fixes: #1\nImpact: ".repeat(3_400)}`))],
    "a message of quotes": [change(commits(1, `HOTFIX: x\n\n${">".repeat(60_000)}`))],
    "a body of 65 kB of open comments": [change(body("<!-- ".repeat(13_000)))],
    "a body of 65 kB of tick boxes": [change(body("- [ ] x\n".repeat(8_000)))],
    "3,000 paths of 130 characters": [
      change(files(2_999, (i) => `src/${deep(i, 40)}/${i}.py`, "@@ -1 +1 @@\n+b")),
    ],
    "3,000 paths of 2 kB": [change(files(2_999, (i) => `${"a/".repeat(1_000)}${i}.py`, "@@ -1 +1 @@\n+b"))],
    "20 patches of 65,000 empty lines": [
      change(files(20, (i) => `src/${i}.js`, `@@ -1 +1 @@\n${"+\n".repeat(65_000)}`)),
    ],
    "a message of 30,000 headings": [change(commits(1, `HOTFIX: x\n\n${"#\n".repeat(30_000)}`))],
    "a message of 11,000 lines that may be keys": [
      change(commits(1, `HOTFIX: x\n\n${many(11_000, (i) => `é${i} = x`).join("\n")}`)),
    ],
    "a message of 6,000 trailers above 6,000 rules": [
      change(commits(1, `HOTFIX: x\n\nImpact: x\n\n${"A-b: x\n".repeat(6_000)}${"\n---\n".repeat(6_000)}`)),
    ],
    "a message of 70,000 comments that open in code": [
      change(commits(1, `HOTFIX: x\n\nImpact: ${"`<!--".repeat(70_000)}-->`)),
    ],
    "250 messages of 30 co-authors each": [
      change(
        commits(250, `HOTFIX: x\n\n${many(30, (i) => `Co-authored-by: u${i} <u${i}@x.example>`).join("\n")}`),
      ),
    ],
    "5,000 events of one label": [change(labelEvents(5_000))],
    "5,000 overrides": [change(comments(5_000, "/hotfix override scope because"))],
    "5,000 comments": [change(comments(5_000, "/hotfix recheck"))],
    "100 comments of 65 kB": [change(comments(100, `/hotfix override scope ${"x ".repeat(32_000)}`))],
  };
  return Object.entries(inputs).map(([what, [input, more]]) => {
    const json = JSON.stringify(input);
    const policy: Policy = { ...defaultPolicy(), ...more };
    return {
      what,
      measure: () =>
        longest(
          (): PullRequestSnapshot => JSON.parse(json),
          (given) => check(asCollected(given), policy),
        ),
    };
  });
}

/** From the snapshot to what the check says. */
function check(given: PullRequestSnapshot, policy: Policy): void {
  const verdict = evaluate(given, { state: "valid", policy, source: "bench" }, null);
  renderCheck([{ number: 42, url: "https://github.com/kamiyo/api/pull/42", verdict }], {
    docsUrl: "https://example.com",
  });
}

/** So many directories below each other, other ones for each file. */
function deep(i: number, levels: number): string {
  return many(levels, (level) => `d${(i * level) % 97}`).join("/");
}

/** Within the bounds that reading a change keeps. */
function asCollected(given: PullRequestSnapshot): PullRequestSnapshot {
  const commits: Fact<readonly Commit[]> = shortMessages(given.commits);
  const files: Fact<readonly ChangedFile[]> = shortFiles(given.files);
  return { ...given, commits, files };
}
