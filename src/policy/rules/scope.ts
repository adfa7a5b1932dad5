import { z } from "zod";
import { type ClassifiedFile, classifyFiles } from "../diff/classify-files.ts";
import { declaredArea } from "../diff/declared-scope.ts";
import { dropFiles } from "../diff/drop-files.ts";
import { firstChangedLine } from "../diff/patch.ts";
import { relate, type UnrelatedFile, type Unrelatedness } from "../diff/relate.ts";
import { finding, type Rule, unknownFinding } from "../rule.ts";
import type { Annotation, MessageData } from "../verdict.ts";

const options = z.strictObject({
  max_unrelated_files: z
    .int()
    .min(0)
    .max(3000)
    .default(2)
    .describe("Files that may change without belonging to the fix."),
  max_unrelated_lines: z
    .int()
    .min(0)
    .max(1_000_000)
    .default(20)
    .describe("Added and deleted lines in such files, together."),
});

const BYTES_A_LINE = 400;

/** GitHub takes 50 annotations a request. */
const MOST_ANNOTATIONS = 50;

const WHY: Readonly<Record<Unrelatedness, string>> = {
  configuration: "the configuration of the hotfix gate",
  rename: "moved, and nothing else",
  whitespace: "only whitespace changes",
  documentation: "documentation",
  ci: "CI configuration",
  outside: "elsewhere",
};

const ABOUT = "Fix area: {area}";
const DECLARED = "Declared Scope: {area}";
const UNRELATED = "Unrelated: {size:prose}: {files}";
const SCOPE_FIX = "Write at most two globs, each inside one component, such as Scope: src/payments/**";

/** One hotfix, one thing: what else is in the diff goes live untested with it. */
export const scope: Rule<z.output<typeof options>> = {
  meta: {
    id: "scope",
    title: "Only the fix",
    rationale: "Whatever is not part of the fix goes live with it, in a hurry and hardly tested.",
    level: "error",
    overridable: true,
    options,
    messages: {
      "all-related": { found: `${ABOUT}, nothing else`, fix: "" },
      related: { found: `${ABOUT}. ${UNRELATED}`, fix: "" },
      "all-declared": { found: `${DECLARED}, nothing else`, fix: "" },
      declared: { found: `${DECLARED}. ${UNRELATED}`, fix: "" },
      unrelated: {
        found: `${ABOUT}. ${UNRELATED}`,
        fix: "Drop the unrelated files.",
        also: "Part of it? Add {declare}.",
      },
      "outside-declared": {
        found: `${DECLARED}. ${UNRELATED}`,
        fix: "Drop the unrelated files.",
        also: "Or correct the field Scope.",
      },
      "scope-too-many": { found: "Scope has more than two globs: {area}", fix: SCOPE_FIX },
      "scope-too-wide": {
        found: "Scope covers several components: {area}",
        fix: SCOPE_FIX,
      },
      "scope-unusable": {
        found: "Scope is too long, or contains ..: {area}",
        fix: SCOPE_FIX,
      },
      empty: { found: "The pull request changes nothing", fix: "" },
    },
  },
  check({ snapshot, policy, hotfix }, limits) {
    if (!snapshot.files.known) return unknownFinding(snapshot.files.reason);
    if (!hotfix.commit.known) return unknownFinding(hotfix.commit.reason);
    const files = classifyFiles(snapshot.files.value);
    if (files.length === 0) return finding("not-applicable", "empty");

    const commit = hotfix.commit.value;
    const globs = commit?.scope ?? [];
    const repository = snapshot.repository.name;
    const declared = globs.length === 0 ? null : declaredArea(globs, files, repository);
    if (typeof declared === "string") return finding("violated", declared, { area: globs });
    const { area, unrelated } = relate(files, {
      declared,
      components: policy.components,
      repository,
      dependencyFix: Boolean(commit?.dependencyFix),
    });
    const lines = unrelated.reduce((sum, { file }) => sum + linesOf(file), 0);
    const data: MessageData = {
      ...limits,
      area: area.names,
      basis: area.basis,
      unrelated_files: unrelated.length,
      unrelated_lines: lines,
      size: size(unrelated.length, lines, limits),
      files: unrelated.map(({ file: { file }, why }) =>
        why === "outside" ? file.path : `${file.path} (${WHY[why]})`,
      ),
      declare: `Scope: ${area.directories[0] ? `${area.directories[0]}/**` : "<path>"} <path>`,
    };
    const annotations = unrelated.slice(0, MOST_ANNOTATIONS);
    if (unrelated.length <= limits.max_unrelated_files && lines <= limits.max_unrelated_lines) {
      const code = declared === null ? "related" : "declared";
      return finding("satisfied", unrelated.length === 0 ? `all-${code}` : code, data, {
        annotations: annotations.map((file) => annotation(file, "notice")),
      });
    }
    return finding("violated", declared === null ? "unrelated" : "outside-declared", data, {
      annotations: annotations.map((file) => annotation(file, "failure")),
      steps: [dropFiles(unrelated.map(({ file }) => file.file))],
    });
  },
};

/** "3 files (max 2)": what exceeds its limit, or all where nothing does. */
function size(
  files: number,
  lines: number,
  { max_unrelated_files: mostFiles, max_unrelated_lines: mostLines }: z.output<typeof options>,
): string {
  const words = (n: number, one: string) => `${n} ${one}${n === 1 ? "" : "s"}`;
  const over = [
    ...(files > mostFiles ? [`${words(files, "file")} (max ${mostFiles})`] : []),
    ...(lines > mostLines ? [`${words(lines, "line")} (max ${mostLines})`] : []),
  ];
  return (over.length > 0 ? over : [words(files, "file"), words(lines, "line")]).join(", ");
}

/** A line longer than anybody reads counts as several; lines that GitHub does not show are too many. */
function linesOf({ lines, bytes }: ClassifiedFile): number {
  return bytes === null ? Math.max(lines, 1_000_000) : Math.max(lines, Math.ceil(bytes / BYTES_A_LINE));
}

function annotation({ file: { file }, why }: UnrelatedFile, level: Annotation["level"]): Annotation {
  const line = firstChangedLine(file.patch);
  return {
    path: file.path,
    startLine: line,
    endLine: line,
    level,
    title: "Unrelated to the hotfix",
    message:
      why === "outside"
        ? "This file is outside the fix area."
        : `This file counts as unrelated: ${WHY[why]}.`,
  };
}
