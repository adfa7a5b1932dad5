import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { type Located, type Path, placeOf, placeOfKey, plain, valueAt } from "./located.ts";
import { type ConfigProblem, problem, show, visible } from "./problem.ts";
import { split } from "./values.ts";

type Issue = z.core.$ZodIssue;

/** Says what the schema refused in the words of the file's author, at its place in the file. */
export function explain(
  issue: Issue,
  root: Located,
  keysAt: (path: Path) => readonly string[],
): readonly ConfigProblem[] {
  const { path } = issue;
  const found = valueAt(root, path);
  const value = found && plain(found);
  const here = (message: string, mend: string): readonly ConfigProblem[] => [
    problem(placeOf(root, path), path, message, mend),
  ];
  switch (issue.code) {
    case "unrecognized_keys":
      return issue.keys.map((key) => unknownKey(key, path, root, keysAt(path)));
    case "invalid_union":
      return explainUnion(issue, root, keysAt, found, here);
    case "invalid_value":
      return issue.message.includes("\n")
        ? own(issue, here)
        : here(...notOneOf(value, issue.values.map(String)));
    case "invalid_type":
      if (issue.message.includes("\n")) return own(issue, here);
      if (found === undefined)
        return here(`the key ${String(path.at(-1))} is missing`, `Add ${String(path.at(-1))}.`);
      return here(...wrongType(issue.expected, value));
    case "too_small":
    case "too_big":
      return here(...outOfBounds(issue, value));
    default:
      return issue.message.includes("\n")
        ? own(issue, here)
        : here(issue.message, "See docs/configuration.md.");
  }
}

function own(
  issue: Issue,
  here: (message: string, mend: string) => readonly ConfigProblem[],
): readonly ConfigProblem[] {
  const { message, mend } = split(issue.message);
  return here(message, mend);
}

/** A rule: a level, or a map. What the value's own kind was refused for is what helps. */
function explainUnion(
  issue: Extract<Issue, { code: "invalid_union" }>,
  root: Located,
  keysAt: (path: Path) => readonly string[],
  found: Located | undefined,
  here: (message: string, mend: string) => readonly ConfigProblem[],
): readonly ConfigProblem[] {
  const branches = issue.errors.filter(
    (issues) => !issues.some((one) => one.path.length === 0 && one.code === "invalid_type"),
  );
  if (found?.kind === "map") {
    return branches.flatMap((issues) =>
      issues
        .filter((one) => one.path.length > 0 || one.code === "unrecognized_keys")
        .flatMap((one) => explain({ ...one, path: [...issue.path, ...one.path] }, root, keysAt)),
    );
  }
  const levels = issue.errors
    .flat()
    .flatMap((one) => (one.code === "invalid_value" ? one.values.map(String) : []));
  const [message, mend] = notOneOf(found && plain(found), levels);
  return here(message, `${mend.replace(/\.$/, "")}, or a map with level and the rule's options.`);
}

function unknownKey(key: string, path: Path, root: Located, valid: readonly string[]): ConfigProblem {
  const full = [...path, key];
  const near = nearest(key, valid);
  const mend = near === null ? `Keys here are ${valid.join(", ")}.` : `Did you mean ${near}?`;
  return problem(placeOfKey(root, full), full, `${show(key)} is no key of the configuration`, mend);
}

function notOneOf(value: unknown, valid: readonly string[]): [string, string] {
  const near = typeof value === "string" ? nearest(value, valid) : null;
  const all = valid.length === 1 ? `${valid[0]}` : `${valid.slice(0, -1).join(", ")} or ${valid.at(-1)}`;
  return [
    `${show(value)} is not one of ${all}`,
    near === null ? `Write ${all}.` : `Did you mean ${near}? Write ${all}.`,
  ];
}

const KINDS: Readonly<Record<string, readonly [string, string]>> = {
  object: ["a map of keys", "Write key: value, indented below it."],
  array: ["a list", "Write a list: [one, two], or a line - one for each."],
  string: ["text", "Put it in quotes if it is meant as text."],
  boolean: ["true or false", "Write true or false, without quotes; yes and no are text."],
  number: ["a number", "Write a number without quotes."],
  int: ["a whole number", "Write a whole number without quotes."],
};

function wrongType(expected: string, value: unknown): [string, string] {
  const [kind, mend] = KINDS[expected] ?? [expected, "See docs/configuration.md."];
  if (expected === "array" && (typeof value === "string" || typeof value === "number")) {
    return [`expected ${kind}, found ${show(value)}`, `Write [${show(value)}].`];
  }
  return [`expected ${kind}, found ${show(value)}`, mend];
}

function outOfBounds(
  issue: Extract<Issue, { code: "too_small" | "too_big" }>,
  value: unknown,
): [string, string] {
  const bound = issue.code === "too_small" ? `at least ${issue.minimum}` : `at most ${issue.maximum}`;
  const plural = (issue.code === "too_small" ? issue.minimum : issue.maximum) === 1 ? "" : "s";
  if (issue.origin === "array")
    return [
      `the list is too ${issue.code === "too_small" ? "short" : "long"}`,
      `Write ${bound} item${plural}.`,
    ];
  if (issue.origin === "string")
    return [
      value === "" ? "the text is empty" : "the text is too long",
      `Write ${bound} character${plural}.`,
    ];
  return [`${show(value)} is out of bounds`, `Write ${bound}.`];
}

const LONGEST_COMPARED = 60;

/** The valid word that was most likely meant; `null`: none is near. */
export function nearest(word: string, valid: readonly string[]): string | null {
  if (valid.length === 0 || word.length > LONGEST_COMPARED) return null;
  const given = word.toLowerCase().replaceAll("-", "_");
  const comparable = (one: string): string => one.toLowerCase().replaceAll("-", "_");
  const near = closest(given, valid.map(comparable));
  const found = valid.find((one) => comparable(one) === near) ?? "";
  return distance(given, near) <= Math.max(2, Math.floor(word.length / 3)) ? visible(found) : null;
}
