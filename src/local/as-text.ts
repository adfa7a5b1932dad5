import Table from "cli-table3";
import pc from "picocolors";
import { oneLine } from "../policy/text/shell.ts";
import type { RuleFinding } from "../policy/verdict.ts";
import type { LocalReport } from "./check.ts";
import { isFailure, isWarning, wordsOf } from "./words.ts";

/**
 * Where it is printed. `columns` is `null` where it is no terminal: then lines, which programs cut more
 * easily than a table.
 */
export interface Surface {
  readonly columns: number | null;
  readonly color: boolean;
}

/** A report for people. */
export function asText(report: LocalReport, surface: Surface): string {
  const paint = pc.createColors(surface.color);
  const where = `${oneLine(report.branch)} → ${oneLine(report.base.revision)}`;
  if (report.problems.length > 0)
    return lines(
      `${paint.red("✖")} The configuration is invalid (${report.source}), so every pull request is blocked:`,
      ...report.problems.map(
        ({ file, line, column, key, message, fix }) =>
          `  ${file}:${line}:${column}: ${key === "" ? "" : `${key}: `}${message}. ${fix}`,
      ),
    );
  if (!report.hotfix) return lines(`${where}: not a hotfix, nothing to check.`);

  const open = report.findings.filter((one) => isFailure(one) || isWarning(one));
  const shown = [...open.filter(isFailure), ...open.filter((one) => !isFailure(one))];
  const passed = report.findings.filter((one) => one.state === "satisfied" && !isWarning(one)).length;
  const rest = report.findings.length - passed - open.length;
  return lines(
    `${paint.bold(where)}${report.severity === null ? "" : `, ${report.severity}`}`,
    headline(report, paint),
    "",
    ...(shown.length === 0
      ? []
      : [surface.columns === null ? plainRows(shown) : table(shown, surface, paint), ""]),
    ...(report.fixBlock.length === 0 ? [] : [blockTitle(report), "", ...report.fixBlock, ""]),
    `Passed: ${passed}${rest > 0 ? `, n/a: ${rest}` : ""}. Configuration: ${report.source}.`,
    `Not checked here, but on the pull request: ${report.elsewhere.map(({ rule, why }) => `${rule} (${why})`).join(", ")}.`,
    ...report.notes.map((note) => `${paint.yellow("!")} ${note}`),
  );
}

function blockTitle({ fixBlock }: LocalReport): string {
  return fixBlock.some((line) => /: (?:#?\[[^\]]+\]|P0\/P1)$/.test(line))
    ? "Fill in and run this block:"
    : "Run this block:";
}

type Paint = ReturnType<typeof pc.createColors>;

function headline({ findings, outcome }: LocalReport, paint: Paint): string {
  const failures = findings.filter((one) => one.level === "error" && one.state === "violated");
  const following = failures.filter(({ follows }) => follows !== undefined).length;
  const failed = failures.length - following;
  const unknown = findings.filter((one) => one.level === "error" && one.state === "unknown").length;
  const warned = findings.filter(isWarning).length;
  const warnings = warned === 0 ? "" : ` ${count(warned, "warning")}.`;
  const observed = outcome === "neutral" ? " Observe mode: nothing is blocked." : "";
  const more = following === 0 ? "" : `; fixing ${failed === 1 ? "it" : "them"} fixes ${following} more`;
  if (failed > 0) return `${paint.red("✖")} ${count(failed, "rule")} failed${more}.${warnings}${observed}`;
  if (unknown > 0)
    return `${paint.yellow("?")} ${count(unknown, "rule")} could not be checked.${warnings}${observed}`;
  return `${paint.green("✔")} Ready to push.${warnings}${observed}`;
}

function stateOf(found: RuleFinding): readonly [text: string, color: "red" | "yellow"] {
  if (isWarning(found)) return ["⚠ warning", "yellow"];
  return found.state === "unknown" ? ["? unknown", "yellow"] : ["✖ failed", "red"];
}

function fixOf(found: RuleFinding): string {
  return isFailure(found) && found.steps.length > 0 && found.follows === undefined
    ? "In the block below."
    : wordsOf(found).fix;
}

function table(findings: readonly RuleFinding[], { columns }: Surface, paint: Paint): string {
  // Three columns have ten characters of borders and padding.
  const room = Math.max(40, Math.min(columns ?? 100, 120) - 10 - 10 - 18);
  const drawn = new Table({
    head: ["State", "Rule", "Result and fix"],
    colWidths: [12, 20, room + 2],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  for (const found of findings) {
    const [state, color] = stateOf(found);
    const fix = fixOf(found);
    const text = fix === "" ? wordsOf(found).found : `${wordsOf(found).found}\n→ ${fix}`;
    drawn.push([paint[color](state), found.rule, unbroken(text, room)]);
  }
  return drawn.toString();
}

/** The table would cut a word that is longer than its column: it goes on in the next line. */
function unbroken(text: string, room: number): string {
  return text.replace(/\S+/g, (word) => {
    const letters = [...word];
    if (letters.length <= room) return word;
    const parts = Array.from({ length: Math.ceil(letters.length / room) }, (_, i) =>
      letters.slice(i * room, (i + 1) * room).join(""),
    );
    return parts.join("\n");
  });
}

function plainRows(findings: readonly RuleFinding[]): string {
  return findings
    .map((found) => {
      const fix = fixOf(found);
      return `${stateOf(found)[0]}: ${found.rule}: ${wordsOf(found).found}${fix === "" ? "" : `\n    ${fix}`}`;
    })
    .join("\n");
}

function count(many: number, noun: string): string {
  return `${many} ${noun}${many === 1 ? "" : "s"}`;
}

function lines(...all: readonly string[]): string {
  return `${all.join("\n")}\n`;
}
