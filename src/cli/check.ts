import pc from "picocolors";
import { asGitHub } from "../local/as-github.ts";
import { asJson } from "../local/as-json.ts";
import { asText } from "../local/as-text.ts";
import { checkBranch, type LocalReport } from "../local/check.ts";
import { gitIn, LocalError } from "../local/git.ts";
import { isFailure, isWarning } from "../local/words.ts";
import type { Output } from "./output.ts";

/** The options of `hotfix-guard check`, as commander gives them. */
export interface CheckCommandOptions {
  readonly base?: string;
  readonly branch?: string;
  readonly json?: boolean;
  /** Print nothing where nothing failed and nothing warns. */
  readonly quiet?: boolean;
  readonly format?: "text" | "json" | "github";
}

/**
 * `hotfix-guard check`: the rules that need no server, on the branch that is checked out. Exit status 0:
 * nothing failed, or no hotfix; 1: a rule failed; 2: it could not be checked.
 */
export async function checkCommand(options: CheckCommandOptions, out: Output): Promise<number> {
  const format = options.json === true ? "json" : (options.format ?? "text");
  if (options.json === true && ![undefined, "text", "json"].includes(options.format)) {
    out.stderr(`--json and --format ${options.format} exclude each other\n`);
    return 2;
  }
  try {
    const asked = { base: options.base ?? null, branch: options.branch ?? null };
    const report = await checkBranch(gitIn(process.cwd()), asked, new Date());
    const status = statusOf(report);
    const calm = status === 0 && !report.findings.some((one) => isFailure(one) || isWarning(one));
    if (options.quiet !== true || !calm) out.stdout(shown(report, format));
    return status;
  } catch (error) {
    if (!(error instanceof LocalError)) throw error;
    out.stderr(`${error.message}\n`);
    return 2;
  }
}

function shown(report: LocalReport, format: "text" | "json" | "github"): string {
  if (format === "json") return asJson(report);
  if (format === "github") return asGitHub(report);
  const { isTTY, columns } = process.stdout;
  return asText(report, { columns: isTTY ? columns || 100 : null, color: isTTY && pc.isColorSupported });
}

function statusOf({ outcome, problems }: LocalReport): number {
  if (problems.length > 0 || outcome === "unknown") return 2;
  return outcome === "failure" ? 1 : 0;
}
