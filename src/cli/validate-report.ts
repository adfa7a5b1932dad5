import type { ConfigProblem } from "../config/index.ts";
import { workflowCommand } from "../local/as-github.ts";
import { ownVersion } from "../package.ts";
import type { CheckedFile } from "./validate-file.ts";

/**
 * How `hotfix-guard validate` prints: for people, as JSON, as annotations of a workflow, or for code
 * scanning.
 */
export type ValidateFormat = "text" | "json" | "github" | "sarif";

interface Written {
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * One message a problem. `inRepository` gives a file's path from the root of the repository, as GitHub knows
 * it.
 */
export function reportAs(
  format: ValidateFormat,
  files: readonly CheckedFile[],
  inRepository: (file: string) => string,
): Written {
  switch (format) {
    case "json":
      return { stdout: json({ version: 1, files: files.map(forPrograms) }), stderr: "" };
    case "sarif":
      return { stdout: json(sarif(files, inRepository)), stderr: unreadable(files) };
    case "github":
      return { stdout: files.map((file) => annotations(file, inRepository)).join(""), stderr: "" };
    default:
      return { stdout: files.map(asText).join(""), stderr: unreadable(files) };
  }
}

function unreadable(files: readonly CheckedFile[]): string {
  return files
    .filter(({ state }) => state === "unreadable")
    .map(({ file, reason }) => `${file}: cannot be read: ${reason}\n`)
    .join("");
}

function asText({ file, state, problems, warnings, notes = [], extended }: CheckedFile): string {
  if (state === "unreadable") return "";
  const lines = [
    ...problems.map((one) => lineOf(one)),
    ...warnings.map((one) => lineOf(one, "warning: ")),
    ...notes.map((one) => lineOf(one, "note: ")),
  ];
  if (state === "invalid")
    return written(...lines, `${file}: invalid, ${counted(problems.length, "problem")}`);
  const [repo = "", path = ""] = (extended ?? "").split(":");
  const warned = warnings.length === 0 ? "" : `, ${counted(warnings.length, "warning")}`;
  return written(
    ...lines,
    ...(extended === null
      ? []
      : [`${file}: ${path} of ${repo}, which it extends, was not read; names of roles were not checked`]),
    `${file}: valid${warned}${state === "empty" ? "; it is empty, so all defaults hold" : ""}`,
  );
}

function lineOf({ file, line, column, key, message, fix }: ConfigProblem, kind = ""): string {
  return `${file}:${line}:${column}: ${kind}${key === "" ? "" : `${key}: `}${message} — ${fix}`;
}

function forPrograms({ file, state, reason, problems, warnings, notes, extended }: CheckedFile) {
  const shown = ({ line, column, key, message, fix }: ConfigProblem) => ({
    line,
    column,
    key,
    message,
    fix: fix,
  });
  return {
    file,
    state,
    ...(reason === undefined ? {} : { reason }),
    ...(extended === null ? {} : { extends: extended, extends_read: false }),
    problems: problems.map(shown),
    warnings: warnings.map(shown),
    ...(notes === undefined ? {} : { notes: notes.map(shown) }),
  };
}

function annotations(checked: CheckedFile, inRepository: (file: string) => string): string {
  const { file, state, reason = "", problems, warnings } = checked;
  const path = inRepository(file);
  if (state === "unreadable")
    return workflowCommand({
      level: "error",
      title: "hotfix-guard",
      message: `${path} cannot be read: ${reason}`,
    });
  const command = (level: "error" | "warning") => (one: ConfigProblem) =>
    workflowCommand({
      level,
      title: one.key === "" ? "hotfix-guard" : one.key,
      message: `${one.message} — ${one.fix}`,
      file: path,
      line: one.line,
      column: one.column,
    });
  const lines = [...problems.map(command("error")), ...warnings.map(command("warning"))];
  return lines.length > 0
    ? lines.join("")
    : `${path}: valid${state === "empty" ? "; it is empty, so all defaults hold" : ""}\n`;
}

/** SARIF 2.1.0, as GitHub's code scanning takes it. */
function sarif(files: readonly CheckedFile[], inRepository: (file: string) => string) {
  const results = files.flatMap(({ file, problems, warnings }) => {
    const result = (ruleId: string, level: string) => (one: ConfigProblem) => ({
      ruleId,
      level,
      message: { text: `${one.key === "" ? "" : `${one.key}: `}${one.message} — ${one.fix}` },
      locations: [
        {
          physicalLocation: {
            artifactLocation: { uri: inRepository(file).split(/[\\/]/).map(encodeURIComponent).join("/") },
            region: { startLine: one.line, startColumn: one.column },
          },
        },
      ],
    });
    return [
      ...problems.map(result("invalid-configuration", "error")),
      ...warnings.map(result("configuration-warning", "warning")),
    ];
  });
  const rules = [
    { id: "invalid-configuration", shortDescription: { text: "The configuration is invalid" } },
    { id: "configuration-warning", shortDescription: { text: "The configuration may not do what is meant" } },
  ];
  const driver = { name: "hotfix-guard", version: ownVersion(), rules };
  return {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [{ tool: { driver }, results }],
  };
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}

function written(...lines: readonly string[]): string {
  return lines.map((line) => `${line}\n`).join("");
}

function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? "" : "s"}`;
}
