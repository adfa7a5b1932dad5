import { readFileSync } from "node:fs";
import { join } from "node:path";
import { stripVTControlCharacters } from "node:util";
import { closest, distance } from "fastest-levenshtein";
import { markdownText } from "../demo/markdown.ts";
import { packageRoot } from "../package.ts";
import { RULE_IDS } from "../policy/policy.ts";
import type { Rule } from "../policy/rule.ts";
import { RULES } from "../policy/rules/registry.ts";
import { oneLine } from "../policy/text/shell.ts";
import type { Output } from "./output.ts";

/**
 * `hotfix-guard explain`: a rule's page in the terminal, what a reason code means, or the list of rules. Exit
 * status 2: there is no such rule.
 */
export async function explainCommand(asked: string | undefined, out: Output): Promise<number> {
  if (asked === undefined) {
    out.stdout(`${RULES.map(inList).join("\n")}\n\nhotfix-guard explain <rule> shows its page.\n`);
    return 0;
  }
  const name = asked.trim().toLowerCase();
  const rule = RULES.find(({ meta }) => meta.id === name);
  if (rule !== undefined) {
    const page = readFileSync(join(packageRoot(), "docs/rules", `${rule.meta.id}.md`), "utf8");
    const text = markdownText(page);
    out.stdout(`${process.stdout.isTTY ? text : stripVTControlCharacters(text)}\n`);
    return 0;
  }
  const having = RULES.filter(({ meta }) => Object.hasOwn(meta.messages, name));
  if (having.length > 0) {
    out.stdout(`${having.map((one) => reason(one, name)).join("\n")}\n`);
    return 0;
  }
  const typed = name.slice(0, 100);
  const near = closest(typed, [...RULE_IDS]);
  const meant = distance(typed, near) <= near.length / 2 ? ` Did you mean ${near}?` : "";
  out.stderr(
    `There is no rule ${oneLine(asked).slice(0, 100)}.${meant} hotfix-guard explain lists all of them.\n`,
  );
  return 2;
}

function inList({ meta: { id, level, title, rationale } }: Rule<unknown>): string {
  return `${id.padEnd(20)}${level.padEnd(7)}${title}. ${rationale}`;
}

function reason({ meta: { id, messages } }: Rule<unknown>, code: string): string {
  const { found = "", fix = "" } = messages[code] ?? {};
  return `${id}: ${code}\n  ${found}${fix === "" ? "" : `\n  Fix: ${fix}`}\n  More: hotfix-guard explain ${id}`;
}
