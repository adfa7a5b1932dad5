import { FIELDS, type Field, type ParsedMessage } from "./fields.ts";

const KEY = /^([A-Za-z]{1,12}(?:[ -][A-Za-z]{1,12})?)[ \t]{0,8}[:：]/;
/** `Co-authored-by: …` and its like: a word with hyphens, a colon and a space. Known keys are looked for first. */
const TRAILER = /^[A-Za-z]{1,30}(?:-[A-Za-z]{1,30}){1,4}: /;
/** What GitHub puts between the messages of a squash (`* title`, `---------`), and a heading in a description. */
const SECTION = /^(?:\* |#{1,6} |-{3,}$)/;

/** `rootcause` → `Root Cause`: keys are alike without case, spaces and hyphens. */
const FIELD_BY_KEY = new Map<string, Field>(FIELDS.map((field) => [plainKey(field), field]));

function plainKey(key: string): string {
  return key.toLowerCase().replace(/[ -]/g, "");
}

/**
 * Reads a message by the procedure's format. Known keys count at the start of a line whatever their case; a value goes
 * on until the next known key, the next git trailer, or the next message of a squash. The first value of a key counts.
 * Never throws; linear in the length of the text.
 */
export function parseMessage(text: string): ParsedMessage {
  const lines = text.split(/\r\n|\r|\n/);
  const values = new Map<Field, string[]>();
  let value: string[] | null = null;
  let afterBlank = false;
  for (const line of lines.slice(1)) {
    const key = KEY.exec(line);
    const field = key === null ? undefined : FIELD_BY_KEY.get(plainKey(key[1] ?? ""));
    if (key !== null && field !== undefined) {
      value = [line.slice(key[0].length)];
      if (!values.has(field)) values.set(field, value);
    } else if (TRAILER.test(line) || (afterBlank && SECTION.test(line) && value?.some(isText))) {
      value = null;
    } else {
      value?.push(line);
    }
    afterBlank = !isText(line);
  }
  const fields: Partial<Record<Field, string>> = {};
  for (const [field, parts] of values)
    fields[field] = parts
      .map((part) => part.trimEnd())
      .join("\n")
      .trim();
  return { title: (lines[0] ?? "").trim(), fields };
}

function isText(line: string): boolean {
  return line.trim() !== "";
}
