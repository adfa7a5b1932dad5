import { messageOf } from "../policy/rules/registry.ts";
import { oneLine } from "../policy/text/shell.ts";
import type { MessageData, RuleFinding } from "../policy/verdict.ts";

/** Longer values, and longer lists, are cut. */
const LONGEST_VALUE = 300;
const MOST_ITEMS = 10;

/**
 * What a finding says, and how to fix it, as plain text on one line each: foreign text in it cannot steer a
 * terminal.
 */
export interface Words {
  readonly found: string;
  /** `""`: nothing is to be done. */
  readonly fix: string;
}

/** What a finding says in a terminal, where the branch has no pull request yet. */
export function wordsOf({ rule, code, state, data, follows }: RuleFinding): Words {
  if (rule === "linked-issue" && code === "not-verified")
    return { found: fill("{issue}, by its form", data), fix: "" };
  if (rule === "diff-size" && code === "empty")
    return { found: "The branch changes nothing", fix: "Commit the fix." };
  const { found, fix } = messageOf(rule, code);
  if (rule === "branch-name" && code === "wrong-name")
    return { found: fill(found, data), fix: fill("Rename the branch: git branch --move {proposal}", data) };
  if (state === "unknown") return { found: fill(found, data), fix: "" };
  return {
    found: fill(found, data),
    fix: follows === undefined ? fill(fix, data) : `With ${follows}.`,
  };
}

/** Does it block nothing, and is to be seen all the same? */
export function isWarning({ rule, code, level, state }: RuleFinding): boolean {
  return (
    (level === "warn" && state === "violated") ||
    (state === "satisfied" && messageOf(rule, code).warns === true)
  );
}

/** Stops the push: failed, or could not be evaluated. */
export function isFailure({ level, state }: RuleFinding): boolean {
  return level === "error" && (state === "violated" || state === "unknown");
}

function fill(message: string, data: MessageData): string {
  return message.replace(/\{(\w+)(?::(or|prose))?\}/g, (_, name: string, how?: string) => {
    const value = data[name] ?? "?";
    if (typeof value !== "object") return short(String(value));
    if (value.length === 0) return how === "prose" ? "" : "none";
    return how === "prose" ? value.map(short).join(". ") : listed(value, how === "or");
  });
}

function listed(values: readonly string[], or: boolean): string {
  const shown = values.slice(0, MOST_ITEMS).map(short);
  const more = values.length - shown.length;
  if (more > 0) return `${shown.join(", ")} and ${more} more`;
  return or && shown.length > 1 ? `${shown.slice(0, -1).join(", ")} or ${shown.at(-1)}` : shown.join(", ");
}

function short(text: string): string {
  const line = oneLine(text);
  return line.length > LONGEST_VALUE ? `${line.slice(0, LONGEST_VALUE)}…` : line;
}
