import { z } from "zod";
import { compare } from "../diff/area.ts";
import { type ClassifiedFile, classifyFiles } from "../diff/classify-files.ts";
import { finding, type Rule, unknownFinding } from "../rule.ts";
import type { MessageData } from "../verdict.ts";

const limit = (value: number, description: string) =>
  z.int().min(0).max(1_000_000).default(value).describe(description);

const options = z.strictObject({
  max_files: limit(10, "Files that may change, of every kind."),
  max_lines: limit(200, "Added and deleted lines, without those of tests and generated files."),
  max_test_lines: limit(
    400,
    "Added and deleted lines of tests and generated files; lockfiles are not counted.",
  ),
});

const SIZE =
  "{files} of at most {max_files} files, {lines} of at most {max_lines} lines, {test_lines} of at most {max_test_lines} lines in tests and generated files";
const MEND =
  "Leave the smallest change that mends the problem, and move the rest to a normal pull request; or ask for an override.";

/** The smallest change is the one that can be reviewed in minutes and taken back in one. */
export const diffSize: Rule<z.output<typeof options>> = {
  meta: {
    id: "diff-size",
    title: "Size of the change",
    rationale:
      "A hotfix is the smallest change that mends the problem: it is reviewed in minutes and goes live at once.",
    level: "error",
    overridable: true,
    options,
    messages: {
      small: { found: SIZE, mend: "" },
      "small-with-notes": { found: `${SIZE}. To look at: {notes}`, mend: "" },
      empty: {
        found: "The pull request changes nothing",
        mend: "Push the commit with the fix to the hotfix branch, or close the pull request.",
      },
      "too-many-files": { found: "Too many files: {files} (at most {max_files})", mend: MEND },
      "too-many-lines": {
        found: "Too many lines: {lines} (at most {max_lines}, without tests and generated files)",
        mend: MEND,
      },
      "too-many-test-lines": {
        found: "Too many lines in tests and generated files: {test_lines} (at most {max_test_lines})",
        mend: MEND,
      },
      "too-large": { found: `Too large: ${SIZE}`, mend: MEND },
    },
  },
  check({ snapshot }, limits) {
    if (!snapshot.files.known) return unknownFinding(snapshot.files.reason);
    const files = classifyFiles(snapshot.files.value);
    if (files.length === 0) return finding("violated", "empty");
    const size = measure(files);
    const over = [
      ...(size.files > limits.max_files ? ["too-many-files"] : []),
      ...(size.lines > limits.max_lines ? ["too-many-lines"] : []),
      ...(size.test_lines > limits.max_test_lines ? ["too-many-test-lines"] : []),
    ];
    const data: MessageData = { ...size, ...limits };
    if (over.length > 0) return finding("violated", over.length === 1 ? (over[0] ?? "") : "too-large", data);
    const notes = notesOn(files);
    return notes.length === 0
      ? finding("satisfied", "small", data)
      : finding("satisfied", "small-with-notes", { ...data, notes });
  },
};

function measure(files: readonly ClassifiedFile[]): { files: number; lines: number; test_lines: number } {
  let lines = 0;
  let testLines = 0;
  for (const file of files) {
    if (file.test || (file.generated && !file.lockfile)) testLines += file.lines;
    else if (!file.lockfile) lines += file.lines;
  }
  return { files: files.length, lines, test_lines: testLines };
}

/** What the numbers do not tell: a name makes a file generated, and a binary file has no lines. */
function notesOn(files: readonly ClassifiedFile[]): readonly string[] {
  return files
    .flatMap((file) => {
      if (file.withoutLines) return [`${file.file.path} (no lines to count: binary, or its mode)`];
      return file.generated && !file.test ? [`${file.file.path} (generated, ${file.lines} lines)`] : [];
    })
    .sort(compare);
}
