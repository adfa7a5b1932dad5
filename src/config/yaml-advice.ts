import { visible } from "./problem.ts";

/** The library's message, of which only the first line is about the matter, and how to fix it. */
export function adviceOn(
  code: string,
  message: string,
  line: string,
): readonly [message: string, fix: string] {
  if (code === "TAG_RESOLVE_FAILED") {
    return ["tags (words with ! in front) are not supported", "Remove the tag, or put the value in quotes."];
  }
  const said = visible(message.split("\n", 1)[0] ?? "", 200).replace(/\.$/, "");
  const advice = ADVICE.find(([words]) => said.includes(words))?.[1];
  if (advice !== undefined) return [`not valid YAML: ${said}`, advice];
  const quoted = UNQUOTED.includes(code) ? quotedValue(line) : null;
  if (quoted !== null)
    return ["this value needs quotes, since it holds characters that mean something to YAML", quoted];
  return [`not valid YAML: ${said}`, FIXES[code] ?? "Fix the YAML at this place."];
}

/** What YAML says of a plain text with `: ` in it, or with more behind a `]`. */
export const UNQUOTED = ["BLOCK_AS_IMPLICIT_KEY", "UNEXPECTED_TOKEN"];

/** A key or a dash, and the plain text behind it. */
export const VALUE = /^(\s*(?:- )?(?:[\w-]+:|-) +)([^\s'"{&*!|>](?:.*\S)?)\s*$/;

/** The line's own key and value, as they can stand. */
function quotedValue(line: string): string | null {
  const [, before = "", value] = VALUE.exec(line) ?? [];
  const key = before.trim().replace(/^- (?=.)/, "");
  return value === undefined || line.length > 200
    ? null
    : `Write ${visible(`${key} '${value.replaceAll("'", "''")}'`, 220)}`;
}

/** What a mark at the beginning was meant as, by what the library says of it. */
const ADVICE: readonly (readonly [words: string, fix: string])[] = [
  ["character @", "Write logins and teams without @; put other text in single quotes."],
  ["Alias cannot be an empty string", "Put a glob that begins with * in single quotes."],
  ["Comments must be separated", "Put text that begins with # in single quotes."],
];

const FIXES: Readonly<Record<string, string>> = {
  BAD_DQ_ESCAPE: "In double quotes \\ begins an escape; write patterns in single quotes.",
  TAB_AS_INDENT: "Indent with spaces.",
  BAD_SCALAR_START: "Put the value in single quotes.",
  BAD_INDENT: "Indent what belongs together by the same number of spaces, and close every [ and {.",
  MISSING_CHAR: "Add the missing character; a missing space after : is common too.",
};
