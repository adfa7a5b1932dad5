import { type ClassifiedFile, classifyFiles } from "../diff/classify-files.ts";
import { addedComments, commentSyntaxOf } from "../diff/comments.ts";
import { readPatch } from "../diff/patch.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import type { IssueReference } from "../snapshot/issue.ts";

/** Who reads the code in a year sees that this was a hotfix, and why. */
export const hotfixComment: Rule<NoOptions> = {
  meta: {
    id: "hotfix-comment",
    title: "Comment in the code",
    rationale: "Whoever reads the code later sees that it was a hotfix, and finds the reason in the issue.",
    level: "warn",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      found: { found: "Found in {file}", fix: "" },
      missing: {
        found: "No added comment says HOTFIX and {issues}",
        fix: "Add one at the fix, such as {example}",
      },
      "without-issue": {
        found: "The comment in {file} does not name {issues}",
        fix: "Name the issue in that comment.",
      },
      "no-code": { found: "No code added", fix: "" },
      "not-shown": { found: "GitHub does not show the changes of {files}", fix: "" },
    },
  },
  check({ snapshot, hotfix }) {
    if (!snapshot.files.known) return unknownFinding(snapshot.files.reason);
    const code = classifyFiles(snapshot.files.value).filter(addsCode);
    if (code.length === 0) return finding("not-applicable", "no-code");
    if (!hotfix.commit.known) return unknownFinding(hotfix.commit.reason);

    const fixes = hotfix.commit.value?.fixes ?? [];
    const issues = fixes.length === 0 ? ["#…"] : fixes.map(({ text }) => text);
    let withoutIssue: string | null = null;
    for (const { file } of code) {
      for (const comment of hotfixComments(file.path, file.patch)) {
        if (namesIssue(comment, fixes)) return finding("satisfied", "found", { file: file.path });
        withoutIssue ??= file.path;
      }
    }
    const hidden = code.filter(({ file }) => file.patch === null).map(({ file }) => file.path);
    if (hidden.length > 0) return finding("not-applicable", "not-shown", { files: hidden });
    if (withoutIssue !== null) return finding("violated", "without-issue", { file: withoutIssue, issues });
    return finding("violated", "missing", { issues, example: `HOTFIX: Issue ${issues[0]} - what was wrong` });
  },
};

function addsCode({ file, test, generated, documentation, packageManager }: ClassifiedFile): boolean {
  const handWritten = !test && !generated && !documentation && packageManager === null;
  return handWritten && file.additions > 0 && commentSyntaxOf(file.path) !== null;
}

/** Most patches do not hold the word at all: looking for it first spares reading them. */
function hotfixComments(path: string, patch: string | null): readonly string[] {
  const syntax = commentSyntaxOf(path);
  if (syntax === null || !patch?.includes("HOTFIX")) return [];
  return readPatch(patch)
    .flatMap((hunk) => addedComments(hunk, syntax))
    .filter((comment) => /(?<![A-Za-z0-9_])HOTFIX(?![A-Za-z0-9_])/.test(comment));
}

/**
 * Does the comment name one of the issues: by its number, or as `Fixes` writes it? Without `Fixes`, any
 * number will do.
 */
function namesIssue(comment: string, fixes: readonly IssueReference[]): boolean {
  if (fixes.length === 0) return /#\d/.test(comment);
  const numbers = new Set(comment.match(/\d+/g));
  return fixes.some(({ number, text }) =>
    number === null ? comment.toLowerCase().includes(text.toLowerCase()) : numbers.has(String(number)),
  );
}
