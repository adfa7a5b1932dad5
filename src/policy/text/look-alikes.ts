/**
 * Characters that look like those of ASCII in keys and prefixes, and what they are called. People paste them
 * from word processors, chats and keyboards of other languages without seeing a difference.
 */

const HYPHENS = /[\u00ad\u2010-\u2015\u2212\ufe58\ufe63\uff0d]/gu;
const COLONS = /[\u02d0\u02f8\u2236\ua789\ufe13\ufe55\uff1a]/gu;
/**
 * Shown as nothing: zero-width characters, marks of direction, the byte order mark. The soft hyphen is a
 * hyphen to whoever wrote it.
 */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\p{Cf}/gu;

/** Looks as it is. */
const PLAIN = /^[\n\x20-\x7e]*$/;

/**
 * The text as it looks: spaces of all widths as a space, one hyphen, one colon, full-width forms narrow,
 * nothing invisible.
 */
export function asItLooks(text: string): string {
  // Most text is plain, and messages have many lines.
  if (PLAIN.test(text)) return text;
  return text
    .replace(HYPHENS, "-")
    .replace(INVISIBLE, "")
    .normalize("NFKC")
    .replace(COLONS, ":")
    .replace(/[^\S\n]/gu, " ");
}

/**
 * The beginning of a text with full-width forms narrow, at most `longest` characters: some characters become
 * eighteen.
 */
export function narrowed(text: string, longest: number): string {
  return text.slice(0, longest).normalize("NFKC").slice(0, longest);
}

/** Cyrillic and Greek letters that look like Latin ones, small and capital, letter for letter. */
const CYRILLIC_AND_GREEK = "аеорсухіјѕһԁԛԝкмтнвАВЕКМНОРСТХУІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοανρτυκι";
const LATIN = "aeopcyxijshdqwkmthbABEKMHOPCTXYIJSABEZHIKMNOPTYXoavptuki";
const LATIN_FOR = new Map([...CYRILLIC_AND_GREEK].map((letter, i) => [letter, LATIN[i] ?? letter]));

/** A key with the letters that it seems to have: `Sеverity` with a Cyrillic е is `Severity`. */
export function inLatinLetters(key: string): string {
  if (PLAIN.test(key)) return key;
  return Array.from(key, (letter) => LATIN_FOR.get(letter) ?? letter).join("");
}

const NAMES: readonly (readonly [RegExp, string])[] = [
  [/^\u00a0$/u, "a no-break space"],
  [/^\u202f$/u, "a narrow no-break space"],
  [/^\u3000$/u, "a full-width space"],
  [/^[\u2000-\u200a\u205f]$/u, "a space of another width"],
  [/^\u00ad$/u, "a soft hyphen"],
  [/^\u2011$/u, "a no-break hyphen"],
  [/^[\u2010\u2012-\u2015\u2212\ufe58\ufe63\uff0d]$/u, "a dash, not a hyphen"],
  [/^\uff1a$/u, "a full-width colon"],
  [/^[\u02d0\u02f8\u2236\ua789\ufe13\ufe55]$/u, "a character that only looks like a colon"],
  [/^\ufeff$/u, "a byte order mark"],
  [/^(?:\p{Default_Ignorable_Code_Point}|\p{Cf})$/u, "an invisible character"],
  [/^[\uff01-\uff5e]$/u, "a full-width character"],
  [/^[“”„‟«»‘’‚‛]$/u, "a typographic quote"],
  [/^(?=\p{L})\p{Script=Cyrillic}$/u, "a Cyrillic letter"],
  [/^(?=\p{L})\p{Script=Greek}$/u, "a Greek letter"],
];

/**
 * Where the first character stands that looks like another one, in words without foreign text but its code:
 * `the space before the colon is a no-break space (U+00A0)`. `null`: there is none.
 */
export function oddCharacter(text: string): string | null {
  const characters = [...text.slice(0, 300)];
  for (const [i, character] of characters.entries()) {
    const name = /^[\0-\x7f]$/.test(character) ? undefined : NAMES.find(([is]) => is.test(character))?.[1];
    if (name === undefined) continue;
    const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, "0");
    return `the ${placeOf(characters, i)} is ${name} (U+${code})`;
  }
  return null;
}

function placeOf(characters: readonly string[], at: number): string {
  const kind = /\s/u.test(characters[at] ?? "") ? "space" : "character";
  const next = asItLooks(characters[at + 1] ?? "");
  const before = asItLooks(characters[at - 1] ?? "");
  if (next === ":") return `${kind} before the colon`;
  if (before === ":") return `${kind} after the colon`;
  if (at === 0) return "first character";
  return kind === "space" ? `space at position ${at + 1}` : `${ordinal(at + 1)} character`;
}

function ordinal(n: number): string {
  const suffix = n % 100 >= 11 && n % 100 <= 13 ? "th" : (["th", "st", "nd", "rd"][n % 10] ?? "th");
  return `${n}${suffix}`;
}
