import type { LocalReport } from "./check.ts";
import { isFailure, isWarning, wordsOf } from "./words.ts";

/** What a workflow command says of a place in the repository. */
export interface WorkflowCommand {
  readonly level: "error" | "warning" | "notice";
  readonly title: string;
  readonly message: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  readonly endLine?: number | undefined;
  readonly column?: number | undefined;
}

/**
 * One line, `::error file=…,line=…::message`: GitHub shows it as an annotation. Foreign text can begin no
 * command of its own.
 */
export function workflowCommand({
  level,
  title,
  message,
  file,
  line,
  endLine,
  column,
}: WorkflowCommand): string {
  const properties = { file, line, endLine, col: column, title };
  const shown = Object.entries(properties)
    .filter(([, value]) => value !== undefined && value !== null)
    .map(
      ([name, value]) => `${name}=${escaped(String(value)).replaceAll(":", "%3A").replaceAll(",", "%2C")}`,
    );
  return `::${level} ${shown.join(",")}::${escaped(message)}\n`;
}

function escaped(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

/** A report as annotations: those of a finding where it has any, else one for the finding. */
export function asGitHub(report: LocalReport): string {
  const { problems, findings, hotfix, fixBlock, outcome } = report;
  if (problems.length > 0)
    return problems
      .map(({ file, line, column, key, message, fix }) =>
        workflowCommand({
          level: "error",
          title: key === "" ? "configuration" : key,
          message: `${message}. ${fix}`,
          file,
          line: line ?? 1,
          column: column ?? 1,
        }),
      )
      .join("");
  if (!hotfix) return `${report.branch.replace(/[\r\n]/g, " ")} is not a hotfix: nothing to check.\n`;
  // Where nothing is blocked, nothing is red.
  const failed = outcome === "neutral" ? "warning" : "error";
  const shown = findings.filter((one) => isFailure(one) || isWarning(one));
  const commands = shown.flatMap((found) => {
    const level = isFailure(found) ? failed : "warning";
    const { found: what, fix } = wordsOf(found);
    const places = found.annotations.map(({ path, startLine, endLine, message }) =>
      workflowCommand({ level, title: found.rule, message, file: path, line: startLine, endLine }),
    );
    return places.length > 0
      ? places
      : [workflowCommand({ level, title: found.rule, message: fix === "" ? what : `${what}. ${fix}` })];
  });
  const block = fixBlock.join("\n");
  return [
    ...commands,
    ...(block === "" ? [] : [workflowCommand({ level: "notice", title: "Run this block", message: block })]),
    ...(shown.length === 0 ? ["hotfix-guard: ready to push\n"] : []),
  ].join("");
}
