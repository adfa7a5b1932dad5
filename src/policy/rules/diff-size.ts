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
  max_bytes: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(50_000)
    .describe("Bytes of the added and deleted lines, without those of tests and generated files."),
  max_test_bytes: z
    .int()
    .min(0)
    .max(10_000_000)
    .default(150_000)
    .describe(
      "Bytes of the added and deleted lines of tests and generated files; lockfiles are not counted.",
    ),
});

/** Nobody reads a longer line in a review. */
const READABLE_LINE = 1_000;

const SIZE =
  "{files} of {max_files} files, {lines} of {max_lines} lines, {test_lines} of {max_test_lines} lines in tests and generated files";
const FIX =
  "Keep the smallest change that fixes the problem; move the rest to a normal pull request. Or ask for an override.";

/** The smallest change is the one that can be reviewed in minutes and reverted in one. */
export const diffSize: Rule<z.output<typeof options>> = {
  meta: {
    id: "diff-size",
    title: "Size of the change",
    rationale: "A hotfix is the smallest change that fixes the problem: reviewed in minutes, live at once.",
    level: "error",
    overridable: true,
    options,
    messages: {
      small: { found: SIZE, fix: "" },
      "small-with-notes": { found: `${SIZE}. Look at: {notes}`, fix: "" },
      empty: {
        found: "The pull request changes nothing",
        fix: "Push the fix to the hotfix branch, or close the pull request.",
      },
      "too-many-files": { found: "{files} files (at most {max_files})", fix: FIX },
      "too-many-lines": {
        found: "{lines} lines (at most {max_lines}, without tests and generated files)",
        fix: FIX,
      },
      "too-many-test-lines": {
        found: "{test_lines} lines in tests and generated files (at most {max_test_lines})",
        fix: FIX,
      },
      "too-many-bytes": {
        found: "{bytes} bytes (at most {max_bytes}, without tests and generated files): {largest}",
        fix: FIX,
      },
      "too-many-test-bytes": {
        found: "{test_bytes} bytes in tests and generated files (at most {max_test_bytes}): {largest}",
        fix: FIX,
      },
      "not-shown": {
        found: "Too large for GitHub to show: {hidden}",
        fix: FIX,
      },
      "too-large": { found: `${SIZE}, {bytes} and {test_bytes} bytes`, fix: FIX },
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
      ...(size.bytes > limits.max_bytes ? ["too-many-bytes"] : []),
      ...(size.test_bytes > limits.max_test_bytes ? ["too-many-test-bytes"] : []),
    ];
    if (over.length === 0 && size.hidden.length > 0) over.push("not-shown");
    const data: MessageData = { ...size, ...limits, largest: largest(files) };
    if (over.length > 0) return finding("violated", over.length === 1 ? (over[0] ?? "") : "too-large", data);
    const notes = notesOn(files);
    return notes.length === 0
      ? finding("satisfied", "small", data)
      : finding("satisfied", "small-with-notes", { ...data, notes });
  },
};

interface Size {
  readonly files: number;
  readonly lines: number;
  readonly test_lines: number;
  readonly bytes: number;
  readonly test_bytes: number;
  /** Files with lines that GitHub does not show, lockfiles left out. */
  readonly hidden: readonly string[];
}

function measure(files: readonly ClassifiedFile[]): Size {
  const counted = files.filter(({ lockfile }) => !lockfile);
  const ofTests = counted.filter(({ test, generated }) => test || generated);
  const ofCode = counted.filter(({ test, generated }) => !test && !generated);
  const linesOf = (some: readonly ClassifiedFile[]) => some.reduce((sum, { lines }) => sum + lines, 0);
  const bytesOf = (some: readonly ClassifiedFile[]) => some.reduce((sum, { bytes }) => sum + (bytes ?? 0), 0);
  return {
    files: files.length,
    lines: linesOf(ofCode),
    test_lines: linesOf(ofTests),
    bytes: bytesOf(ofCode),
    test_bytes: bytesOf(ofTests),
    hidden: counted.filter(({ bytes }) => bytes === null).map(({ file }) => file.path),
  };
}

/** The three files with most bytes. */
function largest(files: readonly ClassifiedFile[]): readonly string[] {
  return files
    .filter(({ lockfile, bytes }) => !lockfile && (bytes ?? 0) > 0)
    .toSorted((a, b) => (b.bytes ?? 0) - (a.bytes ?? 0) || compare(a.file.path, b.file.path))
    .slice(0, 3)
    .map(({ file, bytes }) => `${file.path} (${bytes})`);
}

/**
 * What the numbers do not tell: a name makes a file generated, a binary file has no lines, nobody reads
 * minified code.
 */
function notesOn(files: readonly ClassifiedFile[]): readonly string[] {
  return files.flatMap((file) => noteOn(file) ?? []).sort(compare);
}

/** Another object that a pointer of Git LFS leads to, whatever its size. */
function isPointer(patch: string | null): boolean {
  return patch !== null && patch.length < 2_000 && /^[-+]oid sha256:[0-9a-f]{64}$/m.test(patch);
}

function noteOn({
  file: { path, patch },
  generated,
  lines,
  longestLine,
  test,
  withoutLines,
}: ClassifiedFile): string | null {
  if (withoutLines) return `${path} (no lines to count: binary, or its mode)`;
  const minified =
    longestLine > READABLE_LINE ? `a line of ${longestLine} characters, too long to review` : null;
  const made = generated && !test ? `generated, ${lines} lines` : null;
  const notes = [made, minified, isPointer(patch) ? "Git LFS: what it points to is not shown" : null].filter(
    (note) => note !== null,
  );
  return notes.length === 0 ? null : `${path} (${notes.join("; ")})`;
}
