// Writes src/policy/text/date-words.ts: the names of months, weekdays and near days in the languages that
// this Node's Intl has. They are a file because asking Intl for all of them takes half a second, for which
// nothing may hold a process up.
import { writeFileSync } from "node:fs";

const letters = "abcdefghijklmnopqrstuvwxyz";
const codes = [...letters].flatMap((a) => [...letters].map((b) => a + b));
const languages = Intl.DateTimeFormat.supportedLocalesOf(codes);
/** Of these, what people say instead of a date is there, too. */
const spoken =
  "ar bg bn ca cs da de el en es et fa fi fr he hi hr hu id it ja ko lt lv ms nb nl pl pt ro ru sk sl sr sv sw ta te th tr uk ur vi zh".split(
    " ",
  );

const plain = (text) =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/\s+/g, " ")
    .trim();
const day = (month) => new Date(Date.UTC(2025, month, 20));
const months = new Set();
for (const language of languages) {
  const calendars = [
    "gregory",
    ...({ fa: ["persian"], ar: ["islamic-umalqura"], he: ["hebrew"] }[language] ?? []),
  ];
  for (const calendar of calendars)
    for (const options of [
      { month: "long" },
      { month: "short" },
      { day: "numeric", month: "long" },
      { day: "numeric", month: "short" },
    ]) {
      const format = new Intl.DateTimeFormat(`${language}-u-ca-${calendar}-nu-latn`, {
        ...options,
        timeZone: "UTC",
      });
      for (let month = 0; month < 12; month++) {
        const { value = "" } = format.formatToParts(day(month)).find(({ type }) => type === "month") ?? {};
        const name = plain(value).replace(/\.$/, "");
        // "10月" and "tháng 10" hold a number, which is read as such.
        if (/[\p{L}\p{M}]{2}/u.test(name) && !/\p{N}/u.test(name)) months.add(name);
      }
    }
}
const weekdays = new Set();
const near = new Set();
for (const language of spoken) {
  const format = new Intl.DateTimeFormat(language, { weekday: "long", timeZone: "UTC" });
  for (let i = 0; i < 7; i++) weekdays.add(plain(format.format(new Date(Date.UTC(2025, 5, 1 + i)))));
  const relative = new Intl.RelativeTimeFormat(`${language}-u-nu-latn`, { numeric: "auto" });
  const named = [
    [1, "day"],
    [2, "day"],
    [0, "week"],
    [1, "week"],
    [0, "month"],
    [1, "month"],
    [0, "quarter"],
    [1, "quarter"],
    [1, "year"],
  ];
  for (const [n, unit] of named) near.add(plain(relative.format(n, unit)).replace(/\d+/g, "#"));
  for (const unit of ["day", "week", "month"])
    for (const n of [1, 2, 3, 5, 11, 21])
      near.add(
        plain(new Intl.RelativeTimeFormat(`${language}-u-nu-latn`).format(n, unit)).replace(/\d+/g, "#"),
      );
}

/** As an array of lines, none too long to read. */
const block = (words) => {
  const lines = [""];
  for (const word of [...words].sort()) {
    if (lines.at(-1).length + word.length > 100) lines.push("");
    lines[lines.length - 1] += `${word}|`;
  }
  return `new Set(\n  [\n${lines.map((line) => `    ${JSON.stringify(line)},`).join("\n")}\n  ]\n    .join("")\n    .split("|")\n    .filter((word) => word !== ""),\n)`;
};
writeFileSync(
  new URL("../src/policy/text/date-words.ts", import.meta.url),
  `// Made by scripts/date-words.js from ICU ${process.versions.icu}; do not edit.

/**
 * Names of months, in lower case, by themselves and behind a day, long and short, in all languages of Intl;
 * of other calendars some.
 */
export const MONTHS: ReadonlySet<string> = ${block(months)};

/** Names of weekdays, in the languages most spoken. */
export const WEEKDAYS: ReadonlySet<string> = ${block(weekdays)};

/** "tomorrow", "next week", "in # days": what is said of a near day, \`#\` being a number. */
export const NEAR: ReadonlySet<string> = ${block(near)};
`,
);
