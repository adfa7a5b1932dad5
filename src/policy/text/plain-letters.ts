/** Cyrillic and Greek letters that look like those of "hotfix", which no normal form makes equal. */
const LOOK_ALIKES: Readonly<Record<string, string>> = {
  "\u043e": "o",
  "\u03bf": "o",
  "\u0445": "x",
  "\u03c7": "x",
  "\u0456": "i",
  "\u03b9": "i",
  "\u0131": "i",
  "\u0442": "t",
  "\u03c4": "t",
  "\u04bb": "h",
};

/** Lower case, full-width forms narrow, invisible characters gone, look-alikes replaced. */
export function plainLetters(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/[^\0-\x7f]/gu, (letter) => LOOK_ALIKES[letter] ?? letter);
}
