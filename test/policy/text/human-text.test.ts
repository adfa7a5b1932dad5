import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";

/** Classes that know ASCII alone: on what people write they cut words of other scripts in two. */
const ASCII_ONLY = /\\[wWbB]|\[\^?(?:a-z|A-Z|A-Za-z|a-zA-Z)/;
/** Where texts of people come by. Settings, addresses and the sandbox are read elsewhere: they are ASCII. */
const FOLDERS =
  "policy render plan demo github/apply github/collect local reconcile webhooks sweep jobs report".split(" ");

/** How many lines of a file may have them, and what they read that is no text of people's. */
const MACHINE_TEXT: Readonly<Record<string, readonly [number, string]>> = {
  "demo/johns-words.ts": [1, "the app's own words"],
  "github/collect/check/record-text.ts": [1, "the app's own record"],
  "github/collect/git/installations.ts": [1, "logins"],
  "github/collect/post-mortem/record.ts": [1, "the app's own record"],
  "local/configuration-text.ts": [3, "logins and teams"],
  "local/repository.ts": [1, "addresses of remotes"],
  "local/words.ts": [1, "names of values in the app's own messages"],
  "policy/commit-message/footers.ts": [1, "trailers, by git's own rule ASCII"],
  "policy/commit-message/references.ts": [7, "names of owners, repositories and hosts, keys of trackers"],
  "policy/commit-message/parse.ts": [1, "keys as nearly all write them, which are read faster"],
  "policy/diff/dependency-patch.ts": [1, "names of npm's scripts"],
  "policy/diff/classify-files.ts": [4, "names of files that tools make"],
  "policy/diff/related-tests.ts": [1, "names of files that tools make"],
  "policy/fix/remotes.ts": [1, "names of remotes, quoted otherwise"],
  "policy/fix/windows.ts": [1, "what MSYS takes for a path"],
  "policy/post-mortem/action-items.ts": [3, "names of repositories"],
  "policy/post-mortem/body.ts": [1, "the app's own marks"],
  "policy/post-mortem/item-issues.ts": [1, "the app's own marks"],
  "policy/post-mortem/item-owner.ts": [1, "logins"],
  "policy/post-mortem/linked-issues.ts": [1, "names of repositories"],
  "policy/post-mortem/placeholder.ts": [2, "HTML tags, the app's own words"],
  "policy/post-mortem/subject.ts": [2, "the app's own marks"],
  "policy/post-mortem/written.ts": [2, "the app's own words, times"],
  "policy/propose-branch.ts": [2, "names that git and a shell take everywhere"],
  "policy/rules/hotfix-comment.ts": [1, "the word HOTFIX in code"],
  "policy/text/deadlines.ts": [1, "logins"],
  "policy/text/html-nesting.ts": [2, "HTML tags"],
  "policy/text/paragraphs.ts": [2, "HTML tags"],
  "policy/text/hotfix-prefix.ts": [1, "is it a Latin letter?"],
  "policy/post-mortem/open-items.ts": [1, "logins"],
  "report/as-json.ts": [1, "names of the app's own"],
  "report/row.ts": [1, "names of repositories"],
  "report/tables.ts": [1, "the app's own words"],
  "render/gate/escalation.ts": [1, "names of roles"],
  "render/post-mortem/template.ts": [4, "names of placeholders, HTML tags"],
  "render/text/marker.ts": [1, "the app's own marks"],
  "render/text/mention.ts": [2, "logins and teams"],
  "render/text/message.ts": [3, "names of values in the app's own messages"],
  "render/text/neutralize.ts": [1, "what GitHub makes a link of"],
};

describe("text of people", () => {
  it("is read without classes that know ASCII alone", () => {
    const counts = new Map<string, number>();
    for (const folder of FOLDERS)
      for (const name of readdirSync(join("src", folder), { recursive: true, encoding: "utf8" })) {
        if (!name.endsWith(".ts")) continue;
        const code = readFileSync(join("src", folder, name), "utf8").split("\n");
        const lines = code.filter((line) => !/^\s*(?:\/\/|\/?\*)/.test(line) && ASCII_ONLY.test(line));
        if (lines.length > 0) counts.set(join(folder, name), lines.length);
      }
    const wrong = [...counts].filter(([file, count]) => count > (MACHINE_TEXT[file]?.[0] ?? 0));
    expect(wrong).toEqual([]);
  });
});
