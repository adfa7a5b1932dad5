import { isLeftOver } from "../commit-message/left-over.ts";
import { narrowed } from "../text/look-alikes.ts";

/** List marks, quotes, task boxes and headings at the start of a line. */
const LEAD = /^[\s>]*(?:(?:[-*+]|\d{1,9}[.)])\s+)?(?:\[[ xX]\]\s+)?#{0,6}\s*/;
const LABEL = /^([^:：]{1,60})[:：](?:\*\*|__)?\s*(.*)$/u;

/** "Nothing", said in so many words; `unknown` is an answer. */
const NONE =
  /^(?:none|nothing|no|not)(?: (?:further|more|follow|up|ups|action|actions|item|items|task|tasks|needed|required|necessary|planned|to|do|add|report|here|yet|so|far))*$/;
/** What stands in for a text that nobody wrote. */
const FILLER =
  /^(?:(?:lorem|ipsum|dolor|sit|amet|consectetur|adipiscing|elit|foo|bar|baz|bla|blah|asdf|asdfasdf|qwerty|qwertz|todo|tbd|wip|work in progress|in progress|coming soon|later|see later|in bearbeitung|en cours|en cours de rédaction|en curso|em andamento|in corso|w trakcie|в работе|в процессе|hazırlanıyor|準備中|作成中|编写中|撰写中|작성 중|작성중|قيد الإعداد)(?: |$))+$/;
/** One letter or digit, however often. */
const ONE_SIGN = /^([\p{L}\p{N}])\1*$/u;

/** Longer texts are looked at up to here. */
const LONGEST = 1_000;

/**
 * Is the text, without its marks, no content: empty, "none" without a reason, left over from a template, or
 * filler?
 */
export function isNoContent(text: string): boolean {
  // Most lines of hostile texts.
  if (/^\s*$/.test(text)) return true;
  const words = narrowed(text, LONGEST)
    .toLowerCase()
    .replace(/\p{Cf}|<[^<>]{0,100}>|['’]/gu, "")
    // Spaces and signs by their names: GitHub shows them as such.
    .replace(
      /&(?:nbsp|ensp|emsp|thinsp|zwnj|zwj|shy|mdash|ndash|hellip|minus|middot|bull|#\d{1,7}|#x[\da-f]{1,6});/gu,
      " ",
    )
    .replace(/[^\p{L}\p{N}]+/gu, " ")
    .trim();
  if (words === "" || ONE_SIGN.test(words)) return true;
  if (text.length > LONGEST) return words.startsWith("lorem ipsum dolor");
  return (
    isLeftOver(text) ||
    isLeftOver(words) ||
    NONE.test(words) ||
    FILLER.test(words) ||
    words.startsWith("lorem ipsum dolor")
  );
}

/**
 * Does the line of a section say nothing, or only a label with nothing behind it? "None: it was the
 * provider's" says something.
 */
export function saysNothing(line: string): boolean {
  // An issue, as GitHub's "Convert to issue" leaves it.
  if (/(?:^|[\s/])#\d/.test(line)) return false;
  const text = line.replace(LEAD, "");
  if (text.startsWith("|")) return text.split("|").every(isNoContent);
  if (isNoContent(text)) return true;
  const [, label = "", value = null] = LABEL.exec(text) ?? [];
  return value !== null && isNoContent(value) && !isNoContent(label);
}
