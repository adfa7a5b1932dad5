import type { Field } from "./fields.ts";
import { visibleLines } from "./visible-lines.ts";

/** Placeholders of the procedure's template: wherever one stands, the value is not filled in. */
const TEMPLATE = [
  "[issue description]",
  "[issue-number]",
  "[brief impact]",
  "[brief cause]",
  "[brief solution]",
  "[testing performed]",
  "[manager name]",
  "[engineer name]",
];

/** Words that say "to be filled in" or say nothing. `unknown` is an answer. */
const NO_ANSWER =
  /^(?:tb[adc]|to ?do|to be (?:done|determined|defined|filled(?: in)?)|fixme|n ?a|not applicable|none|nil|null|x{2,5}|placeholder|pending|wip)$/;

/**
 * What the procedure's template offers. Two severities in any other notation are the severity rule's to tell.
 */
const EITHER_SEVERITY = /^[^\p{L}\p{N}]*p0 ?(?:\/|\||or) ?p1[^\p{L}\p{N}]*$/u;

/**
 * One pair of brackets around all of it: `[Brief impact]`, `<reason>`, `{{ impact }}`. Not an address, not
 * `[#12]`.
 */
const BRACKETED = /^#?(?:\[[^\][\d]*\]|<[^<>@:\d]*>|\{[^\d]*\})$/;

/** Longer texts are answers, unless they hold a placeholder of the template. */
const LONGEST = 200;

/** Does one of the template's placeholders stand in the text? */
export function hasPlaceholder(text: string): boolean {
  if (!text.includes("[")) return false;
  const lower = text.toLowerCase();
  return TEMPLATE.some((placeholder) => lower.includes(placeholder));
}

/** Is this empty, or what a template says, rather than an answer? Linear in the length of the value. */
export function isLeftOver(value: string): boolean {
  const visible = value.includes("<!--") ? visibleLines(value, { code: true }).join("\n") : value;
  const text = visible.trim().toLowerCase();
  if (hasPlaceholder(text)) return true;
  if (text.length > LONGEST) return !/[\p{L}\p{N}]/u.test(text);
  const words = text.replace(/[^\p{L}\p{N}]+/gu, " ").trim();
  return (
    words === "" ||
    NO_ANSWER.test(words) ||
    EITHER_SEVERITY.test(text) ||
    BRACKETED.test(text.replace(/[*_`]/g, ""))
  );
}

/** These may say `pending`: the app records who it was. */
const MAY_BE_PENDING: readonly Field[] = ["Approved-By", "Deployed-By"];

const PENDING =
  /^[[(<*_`]{0,3}(?:pending|ausstehend|en attente|pendiente|pendente|in attesa|in afwachting|oczekuje|ожидается|в ожидании|очікується|保留中?|待定|待批准|承認待ち|대기 ?중?)(?![\p{L}\p{N}])/iu;

/** Does the value say `pending` in a field that may? */
export function isPending(field: Field, value: string): boolean {
  return MAY_BE_PENDING.includes(field) && PENDING.test(value);
}

/** Does the field count as missing: absent, empty, or left-over text? */
export function isMissing(field: Field, value: string | undefined): boolean {
  return value === undefined || (!isPending(field, value) && isLeftOver(value));
}
