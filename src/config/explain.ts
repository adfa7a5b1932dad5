import { closest, distance } from "fastest-levenshtein";
import type { z } from "zod";
import { type Located, type Path, placeOf, placeOfKey, plain, valueAt } from "./located.ts";
import { type ConfigProblem, problem, show, visible } from "./problem.ts";
import { meantBy } from "./synonyms.ts";
import { split } from "./values.ts";

type Issue = z.core.$ZodIssue;
/** `meant`: see `ConfigProblem`. */
type Text = readonly [message: string, fix: string, meant?: string];

/** The keys that there are. */
export interface Vocabulary {
  /** Those of the map at a path. */
  keysAt(path: Path): readonly string[];
  /** The dotted paths of the maps that have this key. */
  homesOf(key: string): readonly string[];
}

/** Says what the schema refused in the words of the file's author, at its place in the file. */
export function explain(issue: Issue, root: Located, words: Vocabulary): readonly ConfigProblem[] {
  const { path } = issue;
  const found = valueAt(root, path);
  if (issue.code === "unrecognized_keys")
    return issue.keys.map((key, i) => unknownKey([...path, key], root, words, i < MOST_GUESSES));
  if (issue.code === "invalid_union" && found?.kind === "map") {
    return ofMap(issue).flatMap((one) => explain({ ...one, path: [...path, ...one.path] }, root, words));
  }
  const [message, fix, meant] = textOf(issue, found);
  return [{ ...problem(placeOf(root, path), path, message, fix), ...(meant === undefined ? {} : { meant }) }];
}

function textOf(issue: Issue, found: Located | undefined): Text {
  const key = String(issue.path.at(-1));
  if (found === undefined) return [`the key ${key} is missing`, `Add ${key}.`];
  const value = plain(found);
  const own = split(issue.message);
  if (own.fix !== "") return [own.message, own.fix];
  if (issue.code === "invalid_value") return notOneOf(value, issue.values.map(String));
  if (issue.code === "invalid_type") return wrongType(issue.expected, value, issue.path);
  if (issue.code === "too_small") return outOfBounds("at least", issue.minimum, issue.origin, value);
  if (issue.code === "too_big") return outOfBounds("at most", issue.maximum, issue.origin, value);
  if (issue.code === "invalid_union") {
    const levels = issue.errors
      .flat()
      .flatMap((one) => (one.code === "invalid_value" ? one.values.map(String) : []));
    const [message, fix, meant] = notOneOf(value, levels);
    const both = `${fix} A map of level and the rule's options stands here too.`;
    return meant === undefined ? [message, both] : [message, both, meant];
  }
  return [issue.message, "See docs/configuration.md."];
}

/** A rule takes a level or a map: what is wrong within the map, where a map is what was written. */
function ofMap({ errors }: Extract<Issue, { code: "invalid_union" }>): readonly Issue[] {
  return errors.flat().filter((one) => one.path.length > 0 || one.code === "unrecognized_keys");
}

/** Guessing what was meant takes longer than all the rest. */
const MOST_GUESSES = 50;

function unknownKey(path: Path, root: Located, words: Vocabulary, guess: boolean): ConfigProblem {
  const key = String(path.at(-1));
  if (!guess) return problem(placeOfKey(root, path), path, `unknown key ${show(key)}`, "Remove it.");
  const valid = words.keysAt(path.slice(0, -1));
  const near = nearest(key, valid);
  const homes = words.homesOf(key);
  const elsewhere =
    homes.length === 0 ? "" : ` ${visible(key)} belongs under ${homes.slice(0, 3).join(" or ")}.`;
  const fix =
    near !== null ? `Did you mean ${near}?` : `${elsewhere.trim()} Valid keys: ${valid.join(", ")}.`.trim();
  const told = problem(placeOfKey(root, path), path, `unknown key ${show(key)}`, fix);
  // Beside the right key it would be there twice.
  const free = near !== null && valueAt(root, [...path.slice(0, -1), near]) === undefined;
  return free ? { ...told, meant: near } : told;
}

function notOneOf(value: unknown, valid: readonly string[]): Text {
  const near = meantBy(value, valid) ?? (typeof value === "string" ? nearest(value, valid) : null);
  const all = [valid.slice(0, -1).join(", "), valid.at(-1)].filter(Boolean).join(" or ");
  const message = `${show(value)} is not one of ${all}`;
  return near === null ? [message, `Write ${all}.`] : [message, `Did you mean ${near}?`, near];
}

const KINDS: Readonly<Record<string, Text>> = {
  object: ["a map of keys", "Write key: value, indented below it."],
  array: ["a list", "Write a list: [one, two], or a line - one for each."],
  string: ["text", "Put it in quotes if it is meant as text."],
  boolean: ["true or false", "Write true or false, without quotes; yes and no are text."],
  number: ["a number", "Write a number without quotes."],
  int: ["a whole number", "Write a whole number without quotes."],
};

/** YAML 1.1 had more words for it, and people still write them. */
const YES_OR_NO: Readonly<Record<string, string>> = {
  yes: "true",
  on: "true",
  true: "true",
  no: "false",
  off: "false",
  false: "false",
};

/** A map that people write as its one list. */
const ONE_LIST: readonly (readonly [path: RegExp, key: string])[] = [
  [/^roles\.[^.]+$/, "users"],
  [/^overrides$/, "roles"],
  [/^freeze$/, "severities"],
];

function mapFor(value: unknown, path: PropertyKey[]): string | null {
  const [, key] = ONE_LIST.find(([form]) => form.test(path.map(String).join("."))) ?? [];
  const items = Array.isArray(value) ? value : [value];
  if (key === undefined || !items.every((item) => typeof item === "string")) return null;
  return `Write { ${key}: [${items.map(asItems).join(", ")}] }.`;
}

function wrongType(expected: string, value: unknown, path: PropertyKey[]): Text {
  const [kind, fix] = KINDS[expected] ?? [expected, "See docs/configuration.md."];
  const answer =
    expected === "boolean" && typeof value === "string" ? YES_OR_NO[value.toLowerCase()] : undefined;
  if (answer !== undefined) return [`expected ${kind}, found ${show(value)}`, `Write ${answer}.`, answer];
  const instead = expected === "object" ? mapFor(value, path) : null;
  return [
    `expected ${kind}, found ${show(value)}`,
    instead ?? (expected === "array" ? listFor(value, fix) : fix),
  ];
}

function listFor(value: unknown, otherwise: string): string {
  if (value === false || (typeof value === "string" && /^(?:off|no|none|never)$/i.test(value)))
    return "Write [] for none.";
  return ["string", "number"].includes(typeof value) ? `Write [${asItems(value)}].` : otherwise;
}

/** `main, release` was meant as two. */
function asItems(value: unknown): string {
  if (typeof value !== "string") return show(value);
  return value
    .split(/[,;]/)
    .map((item) => item.trim())
    .filter((item) => item !== "")
    .map((item) => show(item))
    .join(", ");
}

function outOfBounds(
  side: "at least" | "at most",
  bound: number | bigint,
  origin: string,
  value: unknown,
): Text {
  const plural = Number(bound) === 1 ? "" : "s";
  if (origin === "array")
    return [
      `the list is too ${side === "at least" ? "short" : "long"}`,
      `Write ${side} ${bound} item${plural}.`,
    ];
  if (origin === "string")
    return [
      value === "" ? "the text is empty" : "the text is too long",
      `Write ${side} ${bound} character${plural}.`,
    ];
  return [`${show(value)} is out of range`, `Write ${side} ${bound}.`];
}

const LONGEST_COMPARED = 60;

/** The valid word that was most likely meant; `null`: none is near. */
export function nearest(word: string, valid: readonly string[]): string | null {
  if (valid.length === 0 || word.length > LONGEST_COMPARED) return null;
  const alike = (one: string): string => one.toLowerCase().replaceAll("-", "_");
  const same = valid.find((one) => alike(one) === alike(word));
  if (same !== undefined) return same;
  const near = closest(alike(word), valid.map(alike));
  const away = distance(alike(word), near);
  // Two slips, or in a long word more; of two characters too little is left to tell.
  const close = word.length > 2 && away < word.length && away <= Math.max(2, word.length * 0.4);
  return close ? (valid.find((one) => alike(one) === near) ?? null) : null;
}
