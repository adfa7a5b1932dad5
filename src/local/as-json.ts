import type { LocalReport } from "./check.ts";
import { wordsOf } from "./words.ts";

/**
 * A report for programs: reason codes, with the words beside them. Keys are only added to, while `version` is
 * the same.
 */
export function asJson(report: LocalReport): string {
  const { findings, elsewhere, source, fixBlock, ...rest } = report;
  const shown = {
    version: 1,
    ...rest,
    configuration: source,
    findings: findings.map((found) => {
      const { rule, level, state, code, data, annotations, follows } = found;
      return { rule, level, state, code, ...wordsOf(found), data, annotations, ...(follows && { follows }) };
    }),
    not_checked: elsewhere,
    fix_block: fixBlock.join("\n"),
  };
  return `${JSON.stringify(shown, null, 2)}\n`;
}
