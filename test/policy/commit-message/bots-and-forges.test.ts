import { describe, expect, it } from "vitest";
import { parseMessage } from "../../../src/policy/commit-message/parse.ts";

/**
 * Messages as programs leave them behind what a person wrote: trailers of bots, of git and of other forges,
 * and notations of editors and languages. What a sensible reader would read is right.
 */

const BODY = `Fixes: #12
Severity: P1
Impact: Logins fail
Root Cause: Expired key
Solution: New key
Tested: Staging
Approved-By: Jane Doe
Deployed-By: John Smith`;

const FIELDS = {
  Fixes: "#12",
  Severity: "P1",
  Impact: "Logins fail",
  "Root Cause": "Expired key",
  Solution: "New key",
  Tested: "Staging",
  "Approved-By": "Jane Doe",
  "Deployed-By": "John Smith",
};

const read = (body: string, title = "HOTFIX: Fix login") => parseMessage(`${title}\n\n${body}`).fields;

describe("what stands below the fields is none of them", () => {
  it.each<[name: string, footer: string]>([
    ["co-authors", "\n\nCo-authored-by: Ada <ada@x.example>\nCo-authored-by: Copilot <copilot@github.com>"],
    ["co-authors, and no blank line", "\nCo-authored-by: Ada <ada@x.example>"],
    [
      "GitHub's squash with a rule",
      "\n\n---------\n\nCo-authored-by: Ada <ada@x.example>\nSigned-off-by: John <j@x.example>",
    ],
    [
      "dependabot",
      "\n\n---\nupdated-dependencies:\n- dependency-name: lodash\n  dependency-type: direct:production\n...\n\nSigned-off-by: dependabot[bot] <support@github.com>",
    ],
    [
      "dependabot, squashed",
      "\n\nBumps [lodash](https://github.com/lodash/lodash) from 4.17.20 to 4.17.21.\n- [Release notes](https://github.com/lodash/lodash/releases)\n- [Commits](https://github.com/lodash/lodash/compare/4.17.20...4.17.21)\n\n---\nupdated-dependencies:\n- dependency-name: lodash\n...",
    ],
    ["renovate", "\n\nCo-authored-by: renovate[bot] <29139614+renovate[bot]@users.noreply.github.com>"],
    [
      "copilot",
      "\n\nAgent-Logs-Url: https://github.com/acme/x/sessions/1\n\nCo-authored-by: ada <1+ada@users.noreply.github.com>",
    ],
    ["copilot's own words", "\n\nInitial plan\n\n* Fix the thing\n\n* Address review comments"],
    [
      "claude",
      "\n\n🤖 Generated with [Claude Code](https://claude.com/claude-code)\n\nCo-Authored-By: Claude <noreply@anthropic.com>",
    ],
    ["cursor", "\n\nMade-with: Cursor"],
    [
      "gerrit",
      "\n\nChange-Id: I0123456789abcdef0123456789abcdef01234567\nReviewed-on: https://review.example/c/12\nTested-by: Zuul\nReviewed-by: Eve <eve@x.example>",
    ],
    [
      "chromium",
      "\n\nBug: 12345\nChange-Id: I01\nCq-Include-Trybots: luci.x\nCommit-Queue: Eve <eve@x.example>\nCr-Commit-Position: refs/heads/main@{#123}",
    ],
    ["git cherry-pick -x", "\n\n(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)"],
    [
      "git cherry-pick -x twice, signed",
      "\n\nSigned-off-by: A <a@x.example>\n(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)\nSigned-off-by: B <b@x.example>",
    ],
    ["git cherry-pick -x at once", "\n(cherry picked from commit 0123456789abcdef0123456789abcdef01234567)"],
    ["gitlab's merge", "\n\nSee merge request acme/web!12"],
    [
      "gitlab's merge with an address",
      "\n\nSee merge request https://gitlab.example/acme/web/-/merge_requests/12",
    ],
    [
      "gitlab's squash",
      "\n\nMerge request: https://gitlab.example/acme/web/-/merge_requests/12\nApproved-by: Eve <eve@x.example>",
    ],
    ["bitbucket's merge", "\n\nApproved-by: Eve Example\nApproved-by: Max"],
    ["azure", "\n\nRelated work items: #77"],
    ["azure in German", "\n\nVerwandte Arbeitselemente: #77"],
    [
      "phabricator",
      "\n\nTest Plan: unit tests\n\nReviewers: eve\n\nReviewed By: eve\n\nDifferential Revision: https://phab.example/D12",
    ],
    [
      "reviewable",
      '\n\n<!-- Reviewable:start -->\nThis change is [<img src="x">](https://reviewable.io/1)\n<!-- Reviewable:end -->',
    ],
    ["a conventional commit's footer", "\n\nBREAKING CHANGE: the key is new\nRefs: #99"],
    ["jira's smart commit", "\n\nPAY-12 #comment deployed #time 1h"],
    ["skip ci", "\n\n[skip ci]"],
    ["skip-checks", "\n\n\nskip-checks: true"],
    ["graphite", "\n\nGraphite-base: #11"],
    [
      "ghstack",
      "\n\nghstack-source-id: 0123456789\nPull Request resolved: https://github.com/acme/x/pull/12",
    ],
    [
      "git's scissors",
      "\n\n# ------------------------ >8 ------------------------\n# Do not modify or remove the line above.\ndiff --git a/x b/x\n+Severity: P3",
    ],
    ["git's comments", "\n\n# Please enter the commit message for your changes.\n# On branch hotfix/x"],
    ["conflicts", "\n\n# Conflicts:\n#\tsrc/a.ts"],
    ["conflicts without the hash", "\n\nConflicts:\n\tsrc/a.ts"],
    ["a signature", "\n\n-- \nJohn Smith\nAcme"],
    ["git notes of a revert", "\n\nThis reverts commit 0123456789abcdef0123456789abcdef01234567."],
    ["tabs before trailers", "\n\n\tCo-authored-by: Ada <ada@x.example>"],
    ["kodiak", "\n\nCo-authored-by: kodiakhq[bot] <49736102+kodiakhq[bot]@users.noreply.github.com>"],
    ["bors", "\n\nr? @eve\n\nbors r+"],
    ["homu", "\n\nReviewed-by: eve"],
    [
      "coderabbit",
      "\n\n<!-- This is an auto-generated comment: release notes by coderabbit.ai -->\n\n## Summary by CodeRabbit\n\n* **Bug Fixes**\n  * Fixed login\n\n<!-- end of auto-generated comment -->",
    ],
    ["sonar", "\n\n[![Quality Gate](https://sonar.example/x.svg)](https://sonar.example/x)"],
    ["pull request link of GitHub", "\n\nPull-Request: #12"],
    ["svn", "\n\ngit-svn-id: https://svn.example/trunk@12 0123"],
    ["CRLF", "\r\n\r\nCo-authored-by: Ada <ada@x.example>\r\n"],
  ])("%s", (_, footer) => {
    expect(read(BODY + footer)).toEqual(FIELDS);
    expect(read(`${BODY}${footer}`.replaceAll(/\r?\n/g, "\r\n"))).toEqual(FIELDS);
  });
});

describe("a list of commits in a squash", () => {
  it.each<[name: string, body: string]>([
    [
      "GitHub's, the fields in the first",
      `* HOTFIX: Fix login\n\n${BODY}\n\n* review\n\n* lint\n\n* fix tests`,
    ],
    ["GitHub's, the fields in the last", `* wip\n\n* fix: y\n\n* HOTFIX: Fix login\n\n${BODY}`],
    [
      "GitHub's, with co-authors",
      `* wip\n\n* HOTFIX: Fix login\n\n${BODY}\n\n* Apply suggestions from code review\n\nCo-authored-by: Eve <e@x.example>\n\n---------\n\nCo-authored-by: Eve <e@x.example>`,
    ],
    [
      "GitHub's, template first",
      `* wip\n\nSeverity: P0/P1\nImpact: [Brief impact]\nFixes: #[issue-number]\n\n* HOTFIX: Fix login\n\n${BODY}`,
    ],
    [
      "GitHub's, a merge of main in it",
      `* HOTFIX: Fix login\n\n${BODY}\n\n* Merge branch 'main' into hotfix/login`,
    ],
    ["GitLab's list of commits", `${BODY}\n\n* fix login\n* review\n\nSee merge request acme/web!12`],
    ["Azure's merged PR", `${BODY}\n\n- fix login\n- review\n\nRelated work items: #77`],
    ["GitHub's, dashes", `- HOTFIX: Fix login\n\n${BODY}\n\n- review`],
  ])("%s", (_, body) => {
    expect(read(body)).toEqual(FIELDS);
  });

  it.each([
    "Merged PR 77: HOTFIX: Fix login",
    "Merge branch 'hotfix/login' into 'main'",
    "Merge pull request #12 from acme/hotfix/login",
    "Pull request #12: HOTFIX: Fix login",
    "Merged in hotfix/login (pull request #12)",
  ])("of the title %s", (title) => {
    expect(read(BODY, title)).toEqual(FIELDS);
  });
});

describe("notations", () => {
  const p1 = { Severity: "P1", Impact: "Logins fail" };
  it.each<[name: string, body: string, fields: object]>([
    ["no-break spaces", "Severity\u00a0: P1\nImpact\u202f:\u00a0Logins fail", p1],
    ["marks of direction", "\u200fSeverity: P1\n\u202bImpact: Logins fail\u202c", { Severity: "P1" }],
    ["left-to-right marks", "\u200eSeverity:\u200e P1\nImpact: Logins fail", { Impact: "Logins fail" }],
    ["full-width letters", "Ｓｅｖｅｒｉｔｙ：P1\nＩｍｐａｃｔ：Logins fail", p1],
    ["an ideographic space", "Severity：\u3000P1\nImpact：\u3000Logins fail", p1],
    ["tabs", "Severity:\tP1\nImpact:\tLogins fail", p1],
    ["aligned", "Severity   : P1\nImpact     : Logins fail", p1],
    ["emoji keys", "🚨 Severity: P1\n💥 Impact: Logins fail", p1],
    ["emoji in bold", "**🚨 Severity:** P1\n**💥 Impact:** Logins fail", p1],
    ["emoji behind the key", "Severity 🚨: P1\nImpact 💥: Logins fail", p1],
    ["bold with the colon outside", "**Severity**: P1\n__Impact__: Logins fail", p1],
    ["italic", "_Severity:_ P1\n*Impact:* Logins fail", p1],
    ["code", "`Severity`: P1\n`Impact`: Logins fail", p1],
    ["struck out and new", "~~Severity: P0~~\nSeverity: P1\nImpact: Logins fail", p1],
    ["a list", "- Severity: P1\n- Impact: Logins fail", p1],
    ["a list with plus", "+ Severity: P1\n+ Impact: Logins fail", p1],
    ["a numbered list", "1. Severity: P1\n2. Impact: Logins fail", p1],
    ["a numbered list with brackets", "1) Severity: P1\n2) Impact: Logins fail", p1],
    ["a task list", "- [x] Severity: P1\n- [x] Impact: Logins fail", p1],
    ["a nested list", "- Details\n  - Severity: P1\n  - Impact: Logins fail", p1],
    ["headings", "## Severity\n\nP1\n\n## Impact\n\nLogins fail", p1],
    ["headings with a colon", "### Severity:\nP1\n### Impact:\nLogins fail", p1],
    ["a table", "| Field | Value |\n| - | - |\n| Severity | P1 |\n| Impact | Logins fail |", p1],
    ["a table without a head", "| Severity | P1 |\n|---|---|\n| Impact | Logins fail |", p1],
    ["a table in bold", "| **Severity** | P1 |\n| - | - |\n| **Impact** | Logins fail |", p1],
    ["definition list", "Severity\n: P1\n\nImpact\n: Logins fail", p1],
    [
      "a definition list in bold, of two definitions",
      "**Severity**\n: P1\n\n**Impact**\n: Logins fail\n: in Europe",
      { Severity: "P1", Impact: "Logins fail\n: in Europe" },
    ],
    [
      "a colon at the beginning of the next line",
      "Severity: P1\n: as agreed\nImpact = Logins fail\n  : in Europe",
      { Severity: "P1\n: as agreed", Impact: "Logins fail\n  : in Europe" },
    ],
    ["an equals sign", "Severity = P1\nImpact = Logins fail", p1],
    ["an arrow", "Severity -> P1\nImpact → Logins fail", p1],
    ["html", "<b>Severity:</b> P1<br>\n<b>Impact:</b> Logins fail<br>", p1],
    ["yaml", "severity: P1\nimpact: Logins fail", p1],
    ["yaml in quotes", "severity: \"P1\"\nimpact: 'Logins fail'", {}],
    ["upper case", "SEVERITY: P1\nIMPACT: Logins fail", p1],
    ["camel case", "rootCause: Expired key\nRootCause: x", { "Root Cause": "Expired key" }],
    [
      "snake case",
      "root_cause: Expired key\napproved_by: Jane",
      { "Root Cause": "Expired key", "Approved-By": "Jane" },
    ],
    ["a hint behind the key", "Severity (P0-P3): P1\nImpact (users): Logins fail", p1],
    ["smart quotes", "Severity: P1\nImpact: “Logins fail”", { Impact: "“Logins fail”" }],
    [
      "Japanese text",
      "Severity: P1\nImpact: ログインできません。\n全ユーザーに影響します。",
      { Impact: "ログインできません。\n全ユーザーに影響します。" },
    ],
    ["Arabic text", "Severity: P1\nImpact: فشل تسجيل الدخول", { Impact: "فشل تسجيل الدخول" }],
    ["Hebrew text with marks", "Severity: P1\nImpact: \u200fהכניסה נכשלת\u200f", { Severity: "P1" }],
    [
      "Turkish capitals",
      "SEVERİTY: P1\nİMPACT: Giriş yapılamıyor",
      { Severity: "P1", Impact: "Giriş yapılamıyor" },
    ],
    ["decomposed text", "Severity: P1\nImpact: Anme\u0301lden", { Impact: "Anme\u0301lden" }],
    ["a byte order mark", "\ufeffSeverity: P1\nImpact: Logins fail", p1],
    ["line separators", "Severity: P1\u2028Impact: Logins fail", p1],
    ["old Mac lines", "Severity: P1\rImpact: Logins fail", p1],
    ["an arrow of ASCII", "Severity => P1\nImpact -> Logins fail", p1],
    ["soft hyphens", "Sever\u00adity: P1\nImpact: Logins fail", p1],
  ])("%s", (_, body, fields) => {
    expect(read(body)).toMatchObject(fields);
  });

  it("a quotation is somebody else's", () => {
    expect(read("> Severity: P0\n> Impact: all\n\nSeverity: P1")).toEqual({ Severity: "P1" });
  });
});
