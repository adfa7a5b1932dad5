import { isNoAnswer } from "../text/no-answer.ts";
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
  const lower = text.toLowerCase();
  return TEMPLATE.some((placeholder) => lower.includes(placeholder));
}

/** Is this empty, or what a template says, rather than an answer? Linear in the length of the value. */
export function isLeftOver(value: string): boolean {
  const text = visibleLines(value, { code: true }).join("\n").trim().toLowerCase();
  if (hasPlaceholder(text) || !/[\p{L}\p{N}]/u.test(text)) return true;
  if (text.length > LONGEST) return false;
  return isNoAnswer(text) || EITHER_SEVERITY.test(text) || BRACKETED.test(text.replace(/[*_`]/g, ""));
}

/** These may say `pending`: the app records who it was. */
const MAY_BE_PENDING: readonly Field[] = ["Approved-By", "Deployed-By"];

/** Not yet, and nobody: who it was is not said. */
const PENDING =
  /^[[(<*_`]{0,3}(?:pending|waiting|awaiting|not yet|nobody|no one|unknown|ausstehend|steht aus|wartet|noch offen|noch nicht|niemand|en attente|attend|personne|pendiente|esperando|nadie|pendente|aguardando|ninguém|in attesa|nessuno|in afwachting|niemand|oczekuje|oczekiwanie|nikt|ожида(?:ет(?:ся)?|ние)|в ожидании|никто|очікується|beklemede|bekleniyor|onay bekl\p{L}{2,6}|kimse|قيد الانتظار|في الانتظار|بانتظار|待定|待批|待审|待審|审批中|審核中|审核中|保留中?|承認待ち|未承認|未定|승인 ?대기|결재 ?대기|대기 ?중?|미정)(?![\p{L}\p{N}]|\p{M})/iu;
/** The same where words are not parted by spaces. */
const PENDING_UNSPACED = /^[[(<*_`]{0,3}(?:待批准|待审批|待审核|待審核|待核准|承認待ちです|승인대기중)/u;

/** Does the value say `pending` in a field that may? */
export function isPending(field: Field, value: string): boolean {
  return MAY_BE_PENDING.includes(field) && (PENDING.test(value) || PENDING_UNSPACED.test(value));
}

/** Does the field count as missing: absent, empty, or left-over text? */
export function isMissing(field: Field, value: string | undefined): boolean {
  return value === undefined || (!isPending(field, value) && isLeftOver(value));
}
