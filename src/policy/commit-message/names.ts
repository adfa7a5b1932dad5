import { plainLetters } from "../text/plain-letters.ts";

/** Is the name found in the text as whole words, whatever case, marks and punctuation? */
export function mentions(text: string, name: string): boolean {
  const words = wordsOf(name);
  return words !== "" && ` ${wordsOf(text)} `.includes(` ${words} `);
}

/** The roles that the text names in words: `engineering-manager` by "Engineering Manager". */
export function rolesNamed(text: string, roles: readonly string[]): readonly string[] {
  return roles.filter((role) => mentions(text, role));
}

/** Words with a space between them. */
function wordsOf(text: string): string {
  const words = plainLetters(text).normalize("NFKD").replace(/\p{M}/gu, "");
  return words.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
}
