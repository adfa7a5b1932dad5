import { plainDigits } from "./dates.ts";
import { narrowed } from "./look-alikes.ts";

/** Longer texts are read up to here. */
const LONGEST = 2_000;

/** Languages whose names of months are read; Node ships them. */
const LANGUAGES =
  "en de fr es pt it nl da sv nb fi pl cs sk hu ro tr ru uk bg el hr sl sr-Latn et lv lt ca id vi ko ja zh he hi ar-u-ca-gregory-nu-latn fa-u-ca-gregory-nu-latn th-u-ca-gregory".split(
    " ",
  );

/**
 * Months by name, short and long, alone and in a date. `null`: of different months in different languages
 * (`listopad`).
 */
const MONTHS: ReadonlyMap<string, number | null> = monthsByName();

function monthsByName(): ReadonlyMap<string, number | null> {
  const months = new Map<string, number | null>();
  for (const language of LANGUAGES)
    for (const month of ["long", "short"] as const)
      for (const options of [{ month }, { month, day: "numeric" }] as const) {
        const format = new Intl.DateTimeFormat(language, { ...options, timeZone: "UTC" });
        for (let number = 1; number <= 12; number++) {
          const parts = format.formatToParts(Date.UTC(2025, number - 1, 20));
          const name =
            parts
              .find(({ type }) => type === "month")
              ?.value.toLowerCase()
              .replace(/\.$/, "") ?? "";
          if (!/^[\p{L}\p{M}]+$/u.test(name)) continue;
          months.set(
            name,
            (months.get(name) ?? number) === number && months.get(name) !== null ? number : null,
          );
        }
      }
  return months;
}

const YEAR_FIRST = /(?<![\d./-])(20\d\d)([-/.]) ?(\d{1,2})\2 ?(\d{1,2})(?![\d-])/gu;
const YEAR_LAST = /(?<![\d./-])(\d{1,2})([-/.]) ?(\d{1,2})\2 ?(20\d\d)(?!\d)/gu;
const EAST_ASIAN = /(?<!\d)(20\d\d) ?[年년] ?(\d{1,2}) ?[月월] ?(\d{1,2}) ?[日号號일]/gu;
/** `20251020`, as file names and calendars have it. */
const COMPACT = /(?<![\p{L}\d._/#-])(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])(?![\p{L}\d])/gu;
const VIETNAMESE = /(?<!\d)(\d{1,2}) tháng (\d{1,2})(?:, ?| năm | )(20\d\d)(?!\d)/giu;
const DAY_MONTH =
  /(?<![\d.,:/])(\d{1,2})(?:st|nd|rd|th|er|º|°|\.)?[ /-]{0,2}(?:(?:de|of) |d['’])?([\p{L}\p{M}]{3,20})[.,]{0,2}[ /-]{0,2}(?:de |del )?(20\d\d)(?!\d)/giu;
const MONTH_DAY =
  /(?<![\p{L}\p{M}])([\p{L}\p{M}]{3,20})\.?[ -](?:the )?(\d{1,2})(?:st|nd|rd|th)?(?:, ?|[ -])(20\d\d)(?!\d)/giu;
const YEAR_MONTH_DAY = /(?<!\d)(20\d\d)(?:\. ?|[ -])([\p{L}\p{M}]{3,20})(?:\.? |-)(\d{1,2})(?!\d)/giu;

/**
 * The day that a text names, as `2025-10-20`; `null` where it names none with its year, several, or one that
 * can be read in two ways (`10/11/2025`). Linear in the length of the text.
 */
export function dueDateOf(text: string): string | null {
  const plain = plainDigits(narrowed(text, LONGEST))
    .replace(/\p{Cf}/gu, "")
    .replace(/(?<=\d)[\p{Pd}\u2212](?=[\p{L}\d])|(?<=\p{L})[\p{Pd}\u2212](?=\d)/gu, "-")
    .replace(/\s+/gu, " ")
    .replace(/(?<=\d) ([-/.]) (?=\d)/g, "$1");
  const found: (string | null)[] = [
    ...[...plain.matchAll(YEAR_FIRST)].map(([, year, , month, day]) => dayOf(year, Number(month), day)),
    ...[...plain.matchAll(EAST_ASIAN)].map(([, year, month, day]) => dayOf(year, Number(month), day)),
    ...[...plain.matchAll(COMPACT)].map(([, year, month, day]) => dayOf(year, Number(month), day)),
    ...[...plain.normalize("NFC").matchAll(VIETNAMESE)].map(([, day, month, year]) =>
      dayOf(year, Number(month), day),
    ),
    ...[...plain.matchAll(YEAR_LAST)].map(([, a, sign, b, year]) => yearLast(a, sign, b, year)),
    ...[...plain.matchAll(DAY_MONTH)].flatMap(([, day, name, year]) => named(year, name, day)),
    ...[...plain.matchAll(MONTH_DAY)].flatMap(([, name, day, year]) => named(year, name, day)),
    ...[...plain.matchAll(YEAR_MONTH_DAY)].flatMap(([, year, name, day]) => named(year, name, day)),
  ];
  const [first = null] = found;
  return found.every((one) => one === first) ? first : null;
}

/** With dots the day is first; else only where the other order is no date, or the same one. */
function yearLast(a = "", sign = "", b = "", year = ""): string | null {
  const dayFirst = dayOf(year, Number(b), a);
  const monthFirst = sign === "." ? null : dayOf(year, Number(a), b);
  return dayFirst !== null && monthFirst !== null && dayFirst !== monthFirst
    ? null
    : (dayFirst ?? monthFirst);
}

/** Nothing where the word is no month's. */
function named(year = "", name = "", day = ""): readonly (string | null)[] {
  const month = MONTHS.get(name.toLowerCase());
  return month === undefined ? [] : [month === null ? null : dayOf(year, month, day)];
}

/** `null`: there is no such day. */
function dayOf(year = "", month: number, day = ""): string | null {
  const iso = `${year}-${String(month).padStart(2, "0")}-${day.padStart(2, "0")}`;
  const date = new Date(`${iso}T00:00:00Z`);
  return !Number.isNaN(date.getTime()) && date.toISOString().startsWith(iso) ? iso : null;
}
