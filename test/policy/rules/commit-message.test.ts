import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { FIELDS } from "../../../src/policy/commit-message/fields.ts";
import { parseMessage } from "../../../src/policy/commit-message/parse.ts";
import { readHotfix } from "../../../src/policy/evaluate.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import { fixBlock } from "../../../src/policy/fix/block.ts";
import { ruleById } from "../../../src/policy/rules/registry.ts";
import type { Finding } from "../../../src/policy/verdict.ts";
import { type Example, findingOf, policyOf, runExample } from "../../support/example.ts";
import { commit, HEAD, MESSAGE, snapshot } from "../../support/snapshot.ts";

const find = (example: Omit<Example, "expect">) => runExample("commit-message", example);
const without = (field: string): string => MESSAGE.replace(new RegExp(`^${field}: .*$`, "m"), `${field}:`);
const EVERY = { commit: { require_in: "every" } };
const MERGE = { message: "Merge branch 'main' into hotfix/x", parents: ["fix", "of-main"] };
const UNTITLED = MESSAGE.replace("HOTFIX: ", "");
const DESCRIPTION = MESSAGE.split("\n").slice(2).join("\n");
const INCIDENTS = { commit: { title: "^INC-\\d+ " } };
const squash = (
  title: "PR_TITLE" | "COMMIT_OR_PR_TITLE",
  message: "PR_BODY" | "COMMIT_MESSAGES" | "BLANK",
) => ({
  squash_only: { title, message },
});
const BY_TITLE = squash("PR_TITLE", "PR_BODY");

describe("commit-message", () => {
  it.each<[string, Omit<Example, "expect">, string]>([
    ["the procedure's example", {}, "ok"],
    ["with CRLF", { commits: [MESSAGE.replaceAll("\n", "\r\n")] }, "ok"],
    [
      "approved and deployed pending",
      { commits: [MESSAGE.replace(/^(Approved|Deployed)-By: .*$/gm, "$1-By: pending")] },
      "ok",
    ],
    ["another commit without the title", { commits: [MESSAGE, "add a test"] }, "other-titles"],
    ["another commit with the title", { commits: [MESSAGE, "HOTFIX: add a test"] }, "ok"],
    ["a merge of the base", { commits: [{ name: "fix", message: MESSAGE }, MERGE] }, "ok"],
    ["no commit", { commits: [] }, "no-commit"],
    ["only a merge", { commits: [{ ...MERGE, parents: ["base", "of-main"] }] }, "no-commit"],
    ["without the title", { commits: [UNTITLED] }, "title"],
    ["with an empty title", { commits: [MESSAGE.replace(/^HOTFIX: .*$/m, "HOTFIX: ")] }, "title"],
    ["with the title in lower case", { commits: [MESSAGE.replace("HOTFIX", "hotfix")] }, "title"],
    ["a field is missing", { commits: [without("Tested")] }, "fields"],
    ["a field is left over", { commits: [MESSAGE.replace("P1", "P0/P1")] }, "fields"],
    [
      "a left-over title",
      { commits: [MESSAGE.replace(/^HOTFIX: .*/, "HOTFIX: [Issue description]")] },
      "title",
    ],
    ["only a title", { commits: ["HOTFIX: x"] }, "fields"],
    ["neither", { commits: ["fix it"] }, "several"],
    ["a fixup!", { commits: [MESSAGE, "fixup! HOTFIX: x"] }, "fixup-commits"],
    ["a squash!", { commits: [MESSAGE, "squash! HOTFIX: x"] }, "fixup-commits"],
    ["an amend!", { commits: [MESSAGE, `amend! ${MESSAGE}`] }, "fixup-commits"],
    ["a title that only has fixup! in it", { commits: [MESSAGE, "Revert fixup! x"] }, "other-titles"],
    ["a fixup! and a missing field", { commits: [without("Tested"), "fixup! x"] }, "several"],
    [
      "every: another commit is incomplete",
      { commits: [MESSAGE, "HOTFIX: x"], config: EVERY },
      "every-commit",
    ],
    ["every: another commit has no title", { commits: [MESSAGE, UNTITLED], config: EVERY }, "every-commit"],
    ["every: all are complete", { commits: [MESSAGE, MESSAGE], config: EVERY }, "ok"],
    ["every: the only one is incomplete", { commits: ["HOTFIX: x"], config: EVERY }, "fields"],
    ["every: a merge", { commits: [{ name: "fix", message: MESSAGE }, MERGE], config: EVERY }, "ok"],
    ["every: a fixup!", { commits: [MESSAGE, "fixup! x"], config: EVERY }, "fixup-commits"],
    [
      "another title by the configuration",
      { commits: [UNTITLED], config: { commit: { title: "^Fix " } } },
      "ok",
    ],
    [
      "squash: title of the pull request",
      { title: "Fix it", ...squash("PR_TITLE", "COMMIT_MESSAGES") },
      "pull-request-title",
    ],
    [
      "squash: a good title on a bad commit",
      { commits: [UNTITLED], ...squash("PR_TITLE", "COMMIT_MESSAGES") },
      "ok",
    ],
    ["squash: fields from the description", { ...squash("PR_TITLE", "PR_BODY") }, "description-fields"],
    [
      "squash: the description is complete",
      { body: MESSAGE, commits: ["x"], ...squash("PR_TITLE", "PR_BODY") },
      "ok",
    ],
    ["squash: fields from the commits", { title: "HOTFIX: x", ...squash("PR_TITLE", "BLANK") }, "ok"],
    [
      "squash: the only commit's title",
      { title: "x", ...squash("COMMIT_OR_PR_TITLE", "COMMIT_MESSAGES") },
      "ok",
    ],
    [
      "squash: fixups do not land",
      { commits: [MESSAGE, "fixup! x"], ...squash("PR_TITLE", "COMMIT_MESSAGES") },
      "ok",
    ],
    [
      "squash: every does not ask for more",
      { commits: [MESSAGE, "x"], config: EVERY, ...squash("PR_TITLE", "BLANK") },
      "ok",
    ],
    [
      "squash: a no-break space in the title",
      { title: "HOTFIX\u00a0: Fix it", ...squash("PR_TITLE", "COMMIT_MESSAGES") },
      "pull-request-title-character",
    ],
    ["squash: both", { title: "x", ...squash("PR_TITLE", "PR_BODY") }, "several-by-hand"],
  ])("%s: %s", (_, example, code) => {
    const state = ["ok", "other-titles"].includes(code) ? "satisfied" : "violated";
    expect(find(example)).toMatchObject({ state, code });
  });

  it("lists every missing field, and tells a placeholder from nothing", () => {
    const message =
      "HOTFIX: x\n\nFixes: #1\nSeverity: P0/P1\nImpact: [Brief impact]\nRoot Cause:\nTested: yes";
    expect(find({ commits: [message] }).data.missing).toEqual([
      "Severity (placeholder)",
      "Impact (placeholder)",
      "Root Cause",
      "Solution",
      "Approved-By",
      "Deployed-By",
    ]);
  });

  it("names commits by short name and title", () => {
    const commits = known([commit({ sha: "d".repeat(40), message: "fixup! a\n\nb" }), commit()]);
    expect(findingOf("commit-message", snapshot({ commits })).data.commits).toEqual(["ddddddd fixup! a"]);
  });

  it("says all that is wrong where it is more than one thing", () => {
    const { data } = find({ commits: ["fixup! x", "fix it"] });
    expect(data.problems).toEqual([
      expect.stringContaining("Not squashed yet: "),
      'Title "fix it" should be "HOTFIX: fix it"',
      "Missing: all 8 fields",
    ]);
  });

  it("names of several what is missing, the character that decides, and each commit", () => {
    const message = without("Tested").replace("HOTFIX:", "HOTFIX\u00a0:").replace("P1", "P0/P1");
    const commits = known([
      commit({ sha: "d".repeat(40), message: "fixup! a" }),
      commit({ sha: "e".repeat(40), message: `fixup! ${"b".repeat(200)}` }),
      commit({ message }),
    ]);
    const title = "Fix Stripe webhook signature verification";
    expect(findingOf("commit-message", snapshot({ commits })).data.problems).toEqual([
      `Not squashed yet: ddddddd fixup! a, eeeeeee fixup! ${"b".repeat(93)}`,
      `In the title "HOTFIX\u00a0: ${title}" the space before the colon is a no-break space (U+00A0); write "HOTFIX: ${title}"`,
      "Missing: Severity (placeholder), Tested",
    ]);
  });

  it.each(["", "HOTFIX\u00a0: "])(
    "cuts a long title that begins with %j where it says what is wrong",
    (start) => {
      const { problems } = find({ commits: [`${start}${"x".repeat(300)}`] }).data;
      const shown = `${start}${"x".repeat(300)}`.slice(0, 100);
      const [first] = problems as readonly string[];
      expect(first).toContain(`"${shown}"`);
      expect(first).toContain(`"HOTFIX: ${"x".repeat(92)}"`);
    },
  );

  it.each([
    ["HOTFIX\u00a0: Fix it", "title-character", "the space before the colon is a no-break space (U+00A0)"],
    [
      "HOTFIX\u202f: Fix it",
      "title-character",
      "the space before the colon is a narrow no-break space (U+202F)",
    ],
    ["HOTFIX：Fix it", "title-character", "the 7th character is a full-width colon (U+FF1A)"],
    ["H\u041eTFIX: Fix it", "title-character", "the 2nd character is a Cyrillic letter (U+041E)"],
    ["HOTFIX : Fix it", "title", undefined],
    // A ticket before the word: what the word ends with is not looked for.
    ["[PAY-12] HOTFIX\u00a0: Fix it", "title", undefined],
    ["Fix\u00a0it", "title", undefined],
  ])("names the character in the title %j that decides", (title, code, odd) => {
    const finding = find({ commits: [MESSAGE.replace(/^HOTFIX: .*/, title)] });
    expect(finding.code).toBe(code);
    expect(finding.data.odd).toEqual(odd === undefined ? undefined : [odd]);
  });

  it.each([
    "HOTFIX:\u00a0Fix it",
    "HOTFIX:\u2009Fix it",
    "\u200bHOTFIX: Fix it",
    "HOT\u00adFIX: Fix it".replace("\u00ad", "\u200d"),
    "ＨＯＴＦＩＸ： Fix it",
  ])("reads the title %j as what it looks like", (title) =>
    expect(find({ commits: [MESSAGE.replace(/^HOTFIX: .*/, title)] }).code).toBe("ok"),
  );

  it("squashes fixups as well", () => {
    const { steps } = find({ base: "it's", commits: [without("Tested"), "fixup! x"] });
    expect(steps.map(({ kind }) => kind)).toEqual(["squash-fixups", "write-message"]);
  });

  it("proposes a title of the form, or shows the form", () => {
    const proposal = (title: string, form?: string) =>
      find({
        commits: [MESSAGE.replace(/^HOTFIX: .*/, title)],
        config: form === undefined ? {} : { commit: { title: form } },
      }).data.proposal;
    expect(proposal("fix it")).toBe("HOTFIX: fix it");
    expect(proposal("[Hotfix] fix it")).toBe("HOTFIX: fix it");
    expect(proposal("fixup! squash!fix it")).toBe("HOTFIX: fix it");
    expect(proposal("Merge branch 'main' into x")).toBe("HOTFIX: [Issue description]");
    expect(proposal("hotfix:")).toBe("HOTFIX: [Issue description]");
    expect(proposal("fix it", "^INC-\\d+ ")).toBe("^INC-\\d+ ");
  });

  it("gives no command that leaves the older commit incomplete where every commit counts", () => {
    expect(find({ commits: [without("Tested"), "HOTFIX: y"], config: EVERY }).steps).toEqual([]);
  });

  it("gives lines to add to a description", () => {
    const { data, steps } = find({ body: "Impact: payments", ...squash("PR_TITLE", "PR_BODY") });
    expect(steps).toEqual([]);
    expect(data.lines).toContain("Root Cause: [Brief cause]");
    expect(data.lines).not.toContain("Impact: [Brief impact]");
  });

  it("gives the command for the title of the pull request", () => {
    const { steps } = find({ title: "hotfix: it's `x`", ...squash("PR_TITLE", "BLANK") });
    expect(steps).toEqual([{ kind: "retitle", title: "HOTFIX: it's `x`" }]);
  });

  it.each<[string, Omit<Example, "expect">, string, readonly string[]]>([
    [
      "a title of the pull request",
      { title: "x", body: DESCRIPTION, ...BY_TITLE },
      "pull-request-title",
      ["retitle"],
    ],
    [
      "a title of the pull request, with a character that decides",
      { title: "HOTFIX\u00a0: x", body: DESCRIPTION, ...BY_TITLE },
      "pull-request-title-character",
      ["retitle"],
    ],
    [
      "a title for which there is no proposal",
      { title: "x", body: DESCRIPTION, config: INCIDENTS, ...BY_TITLE },
      "pull-request-title",
      [],
    ],
    ["fields of a description", { title: "HOTFIX: x", body: "", ...BY_TITLE }, "description-fields", []],
    ["title and description", { title: "x", body: "", ...BY_TITLE }, "several-by-hand", ["retitle"]],
    [
      "a title without a proposal, and a description",
      { title: "x", body: "", config: INCIDENTS, ...BY_TITLE },
      "several-by-hand",
      [],
    ],
    ["title and fields of the commit", { commits: ["fix it"] }, "several", ["write-message"]],
    [
      "each commit, and a fixup",
      { commits: ["fix it", "fixup! x"], config: EVERY },
      "several-by-hand",
      ["squash-fixups", "write-message"],
    ],
  ])("says whether commands mend all of it: %s", (_, example, code, kinds) => {
    const { steps, ...finding } = find(example);
    expect(finding.code).toBe(code);
    expect(steps.map(({ kind }) => kind)).toEqual(kinds);
  });

  it("names the commits whose titles are others", () => {
    expect(find({ commits: [MESSAGE, "add a test"] }).data.commits).toEqual([
      expect.stringMatching(/^[0-9a-f]{7} add a test$/),
    ]);
  });

  it("is unknown without the commits even where the message is the pull request's", () => {
    const facts = { ...snapshot(), commits: unknown("commits: 502") };
    const hotfix = readHotfix(snapshot(), policyOf({}));
    const { check } = ruleById("commit-message");
    expect(check({ snapshot: facts, policy: policyOf({}), hotfix }, {})).toMatchObject({ state: "unknown" });
  });

  it.each([
    ["the commits", { commits: unknown("commits: 502") }, "commits: 502"],
    ["the merge settings", { mergeSettings: unknown("settings: 502") }, "settings: 502"],
  ])("is unknown without %s", (_, facts, reason) => {
    expect(findingOf("commit-message", snapshot(facts))).toMatchObject({
      state: "unknown",
      data: { reason },
    });
  });

  it("reads 250 commits of 64 KiB in linear time", () => {
    const commits = Array.from({ length: 250 }, (_, i) =>
      commit({ sha: String(i), message: `HOTFIX: ${"x".repeat(100)}\n\nImpact: ${"y ".repeat(32_000)}` }),
    );
    const started = performance.now();
    findingOf("commit-message", snapshot({ commits: known(commits) }), policyOf(EVERY));
    expect(performance.now() - started).toBeLessThan(8000);
  });
});

describe("the commands of commit-message", () => {
  /** What git would be given as the message, were the commands run. */
  const messageOf = ({ steps }: Finding): string => {
    const commands = fixBlock(steps, snapshot({}));
    const folder = mkdtempSync(join(tmpdir(), "hotfix-commands-"));
    try {
      // In place of git: a program that copies its input.
      writeFileSync(join(folder, "git"), `#!/bin/sh\n[ "$1" = commit ] && cat > message; exit 0\n`, {
        mode: 0o755,
      });
      execFileSync("sh", ["-c", commands.join("\n")], {
        cwd: folder,
        env: { PATH: `${folder}:${process.env.PATH}` },
      });
      return execFileSync("cat", ["message"], { cwd: folder, encoding: "utf8" });
    } finally {
      rmSync(folder, { recursive: true });
    }
  };

  it("keep what is there, and have a place for what is missing", () => {
    const finding = find({ commits: [without("Tested").replace("HOTFIX: ", "").replace("P1", "P0/P1")] });
    expect(finding.code).toBe("several");
    expect(messageOf(finding).trimEnd()).toBe(
      `HOTFIX: Fix Stripe webhook signature verification

Fixes: #1234
Severity: P1
Impact: Payment webhooks failing, revenue impact
Root Cause: Incorrect UTF-8 encoding of webhook secret
Solution: Added explicit encoding handling
Tested: [Testing performed]
Approved-By: Jane Doe (Engineering Manager)
Deployed-By: John Smith`,
    );
    expect(finding.steps).toMatchObject([{ kind: "write-message", amend: true }]);
  });

  it("put the message on an empty commit where the deployment commit is not the head", () => {
    const { steps } = find({ commits: [without("Tested"), "typo"] });
    expect(steps).toMatchObject([{ kind: "write-message", amend: false }]);
  });

  it("keep co-authors: they may not approve", () => {
    const finding = find({
      commits: [`${without("Tested")}\n\nCo-authored-by: Jane Doe <jane@kamiyo.example>`],
    });
    expect(messageOf(finding)).toContain("\nCo-authored-by: Jane Doe <jane@kamiyo.example>\n");
  });

  /** The lines of the one message that the commands write. */
  const linesOf = (...commits: readonly string[]): readonly string[] =>
    find({ commits: [...commits] }).steps.flatMap((step) =>
      step.kind === "write-message" ? step.lines : [],
    );

  it("keep the co-authors of that commit alone, in a paragraph of their own", () => {
    const missing = without("Tested").replace("revenue impact", "as Signed-off-by: says");
    expect(linesOf("wip\n\nCo-authored-by: Eve <eve@x>", missing).slice(-1)).toEqual([
      "Deployed-By: John Smith",
    ]);
    expect(linesOf("wip", `${missing}\n\nCo-authored-by: Eve <eve@x>`).slice(-3)).toEqual([
      "Deployed-By: John Smith",
      "",
      "Co-authored-by: Eve <eve@x>",
    ]);
  });

  it("are not given where the title comes from the pull request: no commit would carry all of it", () => {
    const example = { title: "HOTFIX: x", commits: [without("Tested")], ...squash("PR_TITLE", "BLANK") };
    expect(find(example)).toMatchObject({ code: "fields", steps: [] });
  });

  it("keep the optional fields", () => {
    const finding = find({ commits: [`${without("Tested")}\nScope: src/payments/**`] });
    expect(messageOf(finding)).toContain("\nScope: src/payments/**\n");
  });

  it("are not given where they would be too long to read", () => {
    expect(find({ commits: [`HOTFIX: x\n\nImpact: ${"y".repeat(5000)}`] })).toMatchObject({
      code: "fields",
      steps: [],
    });
  });

  it("execute nothing of the message, and put nothing else into it", { timeout: 60_000 }, () => {
    const nasty = fc
      .array(
        fc.constantFrom(
          "'",
          '"',
          "`",
          "$(touch pwned)",
          "\\",
          "\n",
          "\r",
          "!",
          ";",
          "x",
          " ",
          "%s",
          "\u202e",
          "#",
          "EOF",
          "MESSAGE",
        ),
      )
      .map((parts) => parts.join(""));
    fc.assert(
      fc.property(nasty, nasty, (title, impact) => {
        const message = `x${title}\n\nImpact: x${impact}`;
        const finding = findingOf(
          "commit-message",
          snapshot({ commits: known([commit({ sha: HEAD, message })]) }),
        );
        const made = messageOf(finding);
        expect(made.split("\n").filter((line) => line.startsWith("Impact: "))).toHaveLength(1);
        expect(Object.keys(parseMessage(made).fields).sort()).toEqual(FIELDS.slice(0, 8).toSorted());
        expect(made).not.toContain("\u202e");
      }),
      { numRuns: 40 },
    );
  });
});
