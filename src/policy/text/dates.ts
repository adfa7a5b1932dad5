import { MONTHS, NEAR, WEEKDAYS } from "./date-words.ts";
import { saysDeadline } from "./deadlines.ts";
import { narrowed } from "./look-alikes.ts";

/** Longer texts are read up to here. */
const LONGEST = 2_000;

/** Numbers only: each with the places of day and month, to be checked. */
const YEAR_FIRST =
  /(?<![\d.])(?:19|20|21|25)\d\d(?:([-/._· ])\s?(\d{1,2})\1\s?(\d{1,2})|(\d\d)(\d\d))(?!\d)/gu;
const YEAR_LAST =
  /(?<![\p{L}\d.])(\d{1,2})([./,·-])\s?(\d{1,2})\2\s?(?:(?:19|20|25)\d\d|[2-9]\d)(?!\d|-\p{L})/gu;
/** `20.10.` as in German, and `20/10` at the end or behind a word that asks for a date. */
const SHORT = /(?<![\p{L}\d.])(\d{1,2})\.(\d{1,2})\.(?![\d.])/gu;
const SLASH = /(?<![\p{L}\d./])(\d{1,2})\/(\d{1,2})(?![\d/])/gu;
const YEAR_AND_MONTH =
  /(?<![\d.-])20\d\d[-/](?:0[1-9]|1[0-2])(?![\d-])|(?<![\d/])(?:0[1-9]|1[0-2])\/20\d\d(?!\d)/u;
const EAST_ASIAN =
  /(?<!\d)(?:1[0-2]|0?[1-9]) ?[月월] ?(?:[12]\d|3[01]|0?[1-9]) ?[日号號일]?|[一二三四五六七八九十]{1,3}月[一二三四五六七八九十]{1,3}[日号號]|\d{4} ?[年년] ?(?:1[0-2]|0?[1-9]) ?[月월]|(?:1[0-2]|[1-9])[月월] ?(?:末|中|上旬|下旬|말|중|초)|月末|週末|周末|年末|年底|月底|期末|今週中|今月中|月内|年内|本周内|本月内|월말|연말|주말|분기말/u;
const MONTH_NUMBER = /(?<![\p{L}\d])\d{1,2}[ ,]{1,2}tháng \d{1,2}|(?<![\p{L}\d])tháng \d{1,2}(?!\d)/u;

/** Parts of a year that a plan names. */
const QUARTER =
  /(?<![\p{L}\p{N}])(?:q[1-4]|[1-4]q)(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])(?:q|t|k|h|tr)[1-4][\s/'’-]{0,3}(?:fy ?)?(?:20)?\d\d(?!\d)|(?<!\d)20\d\d[\s/-]{0,2}(?:q|t|h)[1-4](?!\d)|[1-4](?:\.|st|nd|rd|th|e|er|ère|º|ª|°|-?й)? ?(?:quartal|quarter|trimest|квартал|kwarta|kvartal|季度|四半期|분기)|第[1-4一二三四](?:四半期|季度)|(?:first|second|third|fourth|last|erstes|zweites|drittes|viertes|premier|deuxième|troisième|quatrième|primer|segundo|tercer|cuarto|primeiro|terceiro|quarto|primo|secondo|terzo|четв[её]рт\p{L}{1,3}|перв\p{L}{1,3}|втор\p{L}{1,3}|трет\p{L}{1,3}) (?:quartal|quarter|trimest|квартал)/iu;
const WEEK =
  /(?<![\p{L}\p{N}])(?:kw|cw|ww|wk|week|weeks|kalenderwoche|woche|semaine|sem\.|semana|settimana|uge|uke|vecka|v\.|неделя|неделе|нед\.|tydzień|tydz\.|hét|viikko|vko|týden|week nr\.?) ?(?:[1-4]\d|5[0-3]|0?[1-9])(?!\d)|(?<![\p{L}\p{N}])(?:20\d\d-?)?w(?:[1-4]\d|5[0-3]|0[1-9])(?!\d)|(?:第 ?\d{1,2} ?[週周])/iu;
const PLAN =
  /(?<![\p{L}\p{N}])(?:(?:sprint|iteration|итерация|спринт|스프린트|スプリント|迭代|冲刺)[ #]{0,2}\d{1,4}|(?:next|this|current|coming|following|nächsten|nächster|diesem|prochain|próximo|prossimo|следующ\p{L}{1,4}|этот|этом) (?:sprint|iteration|release|milestone|deploy(?:ment)?|спринт\p{L}{0,2}|релиз\p{L}{0,2})|eo(?:d|w|m|q|y)|cob|end of (?:the |this |next )?(?:day|week|month|quarter|year|sprint)|(?:bis )?ende (?:der |des |dieser |dieses |nächster |nächsten )?(?:woche|tages|monats|quartals|jahres)|monatsende|wochenende|jahresende|quartalsende|fin (?:de |du |de la |del |d['’])(?:la )?(?:semaine|mois|trimestre|année|an|semana|mes|año)|final (?:de |del |do |da )(?:la )?(?:semana|mes|mês|año|ano|trimestre)|fine (?:settimana|mese|anno|trimestre)|(?:конец|конца|концу|конце) (?:дня|недели|месяца|квартала|года)|(?:end|close) of business)(?![\p{L}\p{N}])/iu;
/** `within two weeks`, `in a month`, `3 days from now`. */
const SPAN =
  /(?<![\p{L}\p{N}])(?:(?:with)?in|innerhalb von|binnen|dans les|sous|en|entro|в течение|inom|innen|w ciągu|do) (?:#|a|an|one|two|three|four|five|six|seven|eight|ten|einer|einem|zwei|drei|vier|deux|trois|quatre|dos|tres|duas|dois|due|tre|двух|тр[её]х|недели|месяца) ?(?:business |working |calendar |weitere[nr]? )?(?:hours?|days?|weeks?|months?|stunden?|tagen?|wochen?|monate?n?|heures?|jours?|semaines?|mois|horas?|d[ií]as?|semanas?|mes(?:es)?|ore|giorni|settiman[ae]|mes[ei]|дней|недел\p{L}{1,3}|месяц\p{L}{1,3}|час\p{L}{1,3}|dagar|dager|dage|dagen|uker|uger|veckor|weken|dni|tygodni)(?![\p{L}\p{N}])|(?<![\p{L}\p{N}])# ?(?:d|w|days?|weeks?|months?) (?:from now|after)(?![\p{L}\p{N}])|# ?(?:日|天|周|週間|か月|ヶ月|个月)以?[内內后後]|# ?(?:일|주|개월) ?(?:이내|내|안)/iu;

/**
 * Months of some language that are words of everyday in others: with a number they count in capitals, with a
 * dot, a hyphen or a year.
 */
const EVERYDAY = new Set(
  "may march mar out ago set gen sen des me in de no an on or as at us so sol ma un dec man men mat hel sa mes bul fan san je kas sun sat hut ion su nov".split(
    " ",
  ),
);
/** Where words are not parted by spaces they are looked for anywhere. */
const UNSPACED_SCRIPT = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}\p{Script=Thai}]/u;
const UNSPACED = [...NEAR, ...WEEKDAYS].filter((phrase) => UNSPACED_SCRIPT.test(phrase));
/**
 * By their first word: phrases of near days, and names of several words (of months in Irish and Mongolian, of
 * weekdays in Vietnamese).
 */
const PHRASES = new Map<string, (readonly string[])[]>();
for (const phrase of [...NEAR, ...WEEKDAYS, ...[...MONTHS].filter((name) => name.includes(" "))]) {
  const words = phrase.split(" ");
  PHRASES.set(words[0] ?? "", [...(PHRASES.get(words[0] ?? "") ?? []), words]);
}
PHRASES.delete("homme");

/** `Mo`, `пн`, `金`, as they are short in these languages; of three letters in others they are words. */
const SHORT_WEEKDAYS: ReadonlySet<string> = new Set(
  "en de fr es pt it nl da sv pl cs ru uk tr el ko ja zh".split(" ").flatMap((language) => {
    const format = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });
    return Array.from({ length: 7 }, (_, day) =>
      format
        .format(new Date(Date.UTC(2025, 5, 1 + day)))
        .toLowerCase()
        .replace(/\.$/, ""),
    );
  }),
);

/** Said before a month that stands alone. */
const BEFORE_MONTH =
  /(?<![\p{L}\p{N}])(?:by|until|till|before|in|due|end of|mid|early|late|during|bis|ende|anfang|mitte|vor|im|avant|fin|d['’]ici|début|mi|en|antes de|fin de|finales de|hasta|para|em|até|fim de|entro|fine|до|к|в|конец|конца|концу|конце|середина|начало|til|innen|slutet av|do|koniec|w|före|voor|eind|in de loop van|tháng)[\s:-]{1,3}$/iu;
const DAY_BEFORE =
  /(?<![\d.,:/]|\d[-–])(?:\d{1,2}[/–-])?(3[01]|[12]\d|0?[1-9])(?:ter|st|nd|rd|th|er|ère|º|°|ª|\.|-?(?:го|е|ое|й|ша|ma|ego))?[\s,./-]{0,3}(?:(?:de|of|dos|do|di|den|der|da|le|o|ng|n|na)\s{1,2}|d['’]){0,2}(?:the )?$/iu;
const DAY_AFTER =
  /^[.,]?['’]?[\s-]{0,3}(?:the |de |del |den |an |ngày )?(?:3[01]|[12]\d|0?[1-9])(?![\d.,:]\d|\d|%| ?(?:ms|kb|mb|gb))/iu;
const YEAR_AFTER = /^[.,]?[\s/-]{0,3}(?:de |del |of |г\. ?)?(?:(?:19|20|25)\d\d|['’]\d\d)(?!\d)/iu;
/** `20 octobre`, `10 月` and the like, and languages that put the number of the day behind. */
const WORD = /[\p{L}\p{M}]+/gu;

/**
 * Does the text name a day, or a time that people plan by (`next Friday`, `Q4 2025`, `KW 42`, `Sprint 12`)?
 * In all languages of Intl as far as months go, in the notations of most countries. When in doubt it does.
 * Linear in the length of the text.
 */
export function namesDate(text: string): boolean {
  const plain = plainDigits(
    narrowed(text, LONGEST)
      .replace(/\p{Cf}/gu, "")
      .replace(/(?<=\d)[\p{Pd}\u2212](?=[\p{L}\d])|(?<=\p{L})[\p{Pd}\u2212](?=\d)/gu, "-")
      .replace(/\s+/gu, " ")
      .replace(/(?<=\d) ([-/.]) (?=\d)/g, "$1"),
  );
  return (
    byNumbers(plain) ||
    byWords(plain) ||
    byMonth(plain) ||
    saysDeadline(plain.toLowerCase(), (word) => SHORT_WEEKDAYS.has(word) || isMonthAlone(word))
  );
}

function byNumbers(text: string): boolean {
  const dayAndMonth = (a = "", b = ""): boolean => isDay(a, b) || isDay(b, a);
  for (const [, , month, day, basicMonth, basicDay] of text.matchAll(YEAR_FIRST))
    if (dayAndMonth(day ?? basicDay, month ?? basicMonth)) return true;
  for (const [, a, , b] of text.matchAll(YEAR_LAST)) if (dayAndMonth(a, b)) return true;
  for (const [, a, b] of text.matchAll(SHORT)) if (isDay(a ?? "", b ?? "")) return true;
  for (const match of text.matchAll(SLASH)) {
    const end = match.index + match[0].length;
    const asked = /(?:[\p{Pd}|(,:：—–]\s?|(?:by|due|until|before|bis|am|le|el|para|до|まで)\s)$/iu;
    if (
      dayAndMonth(match[1], match[2]) &&
      (asked.test(text.slice(0, match.index)) || /^[\s).|]*$/.test(text.slice(end)))
    )
      return true;
  }
  return YEAR_AND_MONTH.test(text) || EAST_ASIAN.test(text) || MONTH_NUMBER.test(text.toLowerCase());
}

function isDay(day: string, month: string): boolean {
  return Number(day) >= 1 && Number(day) <= 31 && Number(month) >= 1 && Number(month) <= 12;
}

function byWords(text: string): boolean {
  const lower = text.toLowerCase();
  if (QUARTER.test(lower) || WEEK.test(lower) || PLAN.test(lower)) return true;
  const counted = lower.replace(/\d+/g, "#");
  if (SPAN.test(counted)) return true;
  const words = counted
    .replace(/[^\p{L}\p{M}\p{N}#'’-]+/gu, " ")
    .trim()
    .split(" ");
  return (
    words.some((word, at) =>
      (PHRASES.get(word) ?? []).some((phrase) =>
        phrase.every((one, i) => isWord(words[at + i] ?? "", one, i > 0 && i === phrase.length - 1)),
      ),
    ) ||
    words.some((word) => withoutEnding(word, WEEKDAYS) !== null) ||
    (UNSPACED_SCRIPT.test(counted) && UNSPACED.some((phrase) => counted.includes(phrase)))
  );
}

/** The word itself; the last of several with the ending of a case. */
function isWord(word: string, wanted: string, isLast: boolean): boolean {
  return (
    word === wanted ||
    (isLast && wanted.length >= 3 && word.length <= wanted.length + 3 && word.startsWith(wanted))
  );
}

function byMonth(text: string): boolean {
  for (const match of text.matchAll(WORD)) {
    const [word] = match;
    const name = monthOf(word.toLowerCase());
    if (name === null) continue;
    const before = text.slice(Math.max(0, match.index - 30), match.index);
    const after = text.slice(match.index + word.length, match.index + word.length + 30);
    const everyday =
      EVERYDAY.has(name) &&
      /^\p{Ll}/u.test(word) &&
      !after.startsWith(".") &&
      !before.endsWith("-") &&
      !/^ ?(?:$|[),.;:|–—])/u.test(after);
    if (YEAR_AFTER.test(after)) return true;
    if (!everyday && (DAY_BEFORE.test(before) || DAY_AFTER.test(after))) return true;
    if (everyday && /\d{1,2}\.? de $/iu.test(before)) return true;
    const alone = [...word].length >= 4 || /[^\p{Script=Latin}]/u.test(word);
    if (alone && !everyday && BEFORE_MONTH.test(before)) return true;
    if (/\d{4}[\s.,]{1,2}(?:év |m\. )?$/u.test(before) && !everyday) return true;
  }
  return false;
}

/**
 * The name of a month, also with the ending that a language puts behind it, or the preposition that Hebrew
 * puts before.
 */
function monthOf(word: string): string | null {
  const forms = [word, word.replace(/\p{M}+$/u, ""), word.replace(/^[\u05d1\u05dc\u05d4]/u, "")];
  return forms.find((one) => MONTHS.has(one)) ?? withoutEnding(word, MONTHS);
}

function withoutEnding(word: string, names: ReadonlySet<string>): string | null {
  for (let end = word.length; end >= Math.max(4, word.length - 5); end--) {
    const name = word.slice(0, end);
    if (names.has(name) && (end === word.length || end > 4)) return name;
  }
  return null;
}

/** A month by itself: three letters, or any word that is no month of another script's everyday. */
function isMonthAlone(word: string): boolean {
  const name = monthOf(word);
  return name !== null && [...word].length >= 3 && !/\s/u.test(word);
}

/** Digits of all scripts as those of ASCII. */
export function plainDigits(text: string): string {
  return text.replace(/[^\0-\x7f]/gu, (character) => {
    if (!/\p{Nd}/u.test(character)) return character;
    const code = character.codePointAt(0) ?? 0;
    let value = 0;
    while (value < 9 && /\p{Nd}/u.test(String.fromCodePoint(code - value - 1))) value++;
    return String(value);
  });
}
