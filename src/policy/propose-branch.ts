import anyAscii from "any-ascii";
import type { Policy } from "./policy.ts";
import { matchesAny } from "./text/glob.ts";
import { withoutHotfix } from "./text/hotfix-prefix.ts";
import { compilePattern } from "./text/pattern.ts";
import { plainLetters } from "./text/plain-letters.ts";

/** Longer names and titles are read up to here. */
const LONGEST_SOURCE = 300;
const LONGEST_TAIL = 60;

/** Is the branch named as the policy wants it: one of its hotfix branches, with a name of the wanted form? */
export function isHotfixBranch(ref: string, policy: Policy): boolean {
  return (
    matchesAny(policy.branches.hotfix, ref) && (compilePattern(policy.branches.name)?.test(ref) ?? false)
  );
}

/**
 * A valid name made from the one given, or from the title where nothing is left of the name. Proven by the
 * policy's own pattern and globs; `null`: none of the forms that the app can think of is valid. Letters,
 * digits and `._-/` only. Other scripts are transliterated; for Chinese characters, whose reading depends on
 * the language, the issue's number stands where it is known.
 */
export function proposeBranch(
  ref: string,
  title: string,
  policy: Policy,
  numbers: { readonly issue: number | null; readonly pullRequest: number | null },
): string | null {
  const prefixes = policy.branches.hotfix.map((glob) => glob.replace(/[*?[{\\].*/s, ""));
  const sources = [tailOf(ref), withoutHotfix(title.slice(0, LONGEST_SOURCE))];
  const isReadable = (text: string): boolean => !/\p{Script=Han}/u.test(text);
  const named = [
    ...sources.filter(isReadable),
    ...(numbers.issue === null ? [] : [`issue-${numbers.issue}`]),
    ...sources,
    ...(numbers.pullRequest === null ? [] : [`pr-${numbers.pullRequest}`]),
  ];
  const tails = named.flatMap((text) => formsOf(asciiOf(text)));
  const names = prefixes.flatMap((prefix) => [...tails, ""].map((tail) => prefix + tail));
  return names.find((name) => isSafeName(name) && isHotfixBranch(name, policy)) ?? null;
}

/** What is left of a branch's name without the word that says hotfix. */
function tailOf(ref: string): string {
  const plain = ref.slice(0, LONGEST_SOURCE).replace(/\p{Cf}/gu, "");
  return plain.replace(/^[^\p{L}\p{N}]*hot[-_. ]?fix(?:es)?(?!\p{L})/iu, "");
}

/** Transliterated; emoji have no letters. */
function asciiOf(text: string): string {
  return anyAscii(text.replace(/\p{Extended_Pictographic}/gu, " ")).replace(/['"`]/g, "");
}

/** Kebab case first; then with the ticket's case kept, with underscores, or the ticket's number ahead. */
function formsOf(text: string): readonly string[] {
  const words = (source: string, separator: string): string =>
    source
      .replace(/[^A-Za-z0-9]+/g, separator)
      .slice(0, LONGEST_TAIL)
      .replace(/^[-_]|[-_]$/g, "");
  const kebab = words(plainLetters(text), "-");
  const number = /\d+/.exec(kebab)?.[0];
  return [
    kebab,
    words(text, "-"),
    words(plainLetters(text), "_"),
    ...(number === undefined
      ? []
      : [`${number}-${kebab.replace(number, "")}`.replace(/-+/g, "-").replace(/-$/, "")]),
  ].filter((form) => form !== "");
}

/** By `git check-ref-format`, and without anything that a shell knows. */
function isSafeName(name: string): boolean {
  return /^[A-Za-z0-9][A-Za-z0-9._/-]*$/.test(name) && !/\.\.|\/\/|\/\.|\.lock(?:\/|$)|[./]$/.test(name);
}
