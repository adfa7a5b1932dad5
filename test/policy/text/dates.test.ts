import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { namesDate } from "../../../src/policy/text/dates.ts";
import { anyCharacter } from "../../support/any-text.ts";

const LANGUAGES =
  "af ar az be bg bn bs ca cs cy da de el en es et eu fa fi fil fr ga gl gu he hi hr hu hy id is it ja ka kk km kn ko lt lv mk ml mn mr ms nb nl pa pl pt ro ru sk sl sq sr sv sw ta te th tr uk ur uz vi zh zu".split(
    " ",
  );

/** As the last part of an action item, which they are taken for nowhere else. */
const DEADLINES: Readonly<Record<string, string>> = {
  "figures without a year":
    "20.10|bis 20.10|bis zum 20.10|до 20.10|20/10|10/20(月)|10/20까지|〜10/20|10/20〆|1/2026|R7.10.20",
  "the first and the last day and month": "1.12|31.12|12/31|12.1|1.31|12.2026|1.2026",
  "figures with other signs":
    "2025\u201310\u201320|2025\u221210\u221220|2025 / 10 / 20|20 / 10 / 2025|20·10·2025|2025_10_20|2025 10 20|20/21 October|20 X 2025|1404/07/28",
  "days of the month": "20th|by the 20th|20ter Oktober|20-го",
  "weekdays, short":
    "Mon|by Mon|Mo|bis Fr|lun.|до пн|пт|do pt.|(金)|(금)|周五|周五前|礼拜五|金曜まで|今週金曜",
  "weekdays, declined": "do piątku|до пятницы|к понедельнику|в среду|até sexta|pazartesiye kadar|يوم الإثنين",
  "this day": "today|tonight|EOD|heute|aujourd'hui|hoy|hoje|oggi|сегодня|bugün|今天|本日中|当日中|오늘",
  "spans alone":
    "2 weeks|two weeks|30d|2w|in a fortnight|T+7|14 Tage|deux semaines|sous quinzaine|sous huit jours|15 días|2 semanas|две недели|через неделю|в течение недели|za 2 tygodnie|2 hafta içinde|خلال أسبوع",
  "spans in scripts without spaces":
    "两周内|一周内|三天内|3个工作日内|一週間以内|2週間|일주일 이내|한 달 내|2주",
  "months alone": "January|Jan|ноябрь|im November|courant novembre|mediados de octubre|20 ต.ค. 2568",
  "other names of months": "20 تشرين الأول 2025|20 अक्तूबर 2025",
  "parts of years":
    "3T25|4T2025|4º trimestre|4 кв. 2025|IV кв. 2025|IV kwartał 2025|4. çeyrek|2025 Ç4|1H26|FY2026|early 2026|mid-2026|Q4内|الربع الرابع|S43|T4",
  "their ends":
    "fim do mês|semana que vem|do końca miesiąca|до конца года|ay sonu|yıl sonuna kadar|نهاية الشهر|الأسبوع المقبل|下月|年内|연내|차주",
  plans:
    "S42|PI 12|PI-12.3|milestone v2.3|v2.3 release|before GA|before Christmas|下个迭代|下一个版本|次のスプリント|次回リリース|다음 스프린트|이번주 내",
};

/** With more behind them: what an action item ends with is asked in other ways, too. */
const IN_SENTENCES: Readonly<Record<string, string>> = {
  "figures that a word or a sign asks for":
    "Done by 20/10 for all regions|Rollout (20/10, after the review)|Klappt am 20/10 sicher|Termina el 20/10 sin falta",
  "figures at the end": "Alert 20/10).",
  "the first and the last day":
    "2025-01-01 at noon|2025-12-31 at noon|ready 1.1. in the morning|ready 31.12. at noon",
  "dashes and spaces": "20–Oct–2025|Oct–20 at the latest|20      October at the latest",
  "the year before the month": "2025. október végén kész|2025 október végén kész|2025 m. spalio pabaigoje",
  "months that are everyday words":
    "20-mar en la tarde|20 set. kl. 9|5 de mar en la tarde|15. de set sem falta",
  "months alone": "by June or later|до мая всё готово",
  "near days": "これは来週中に直すつもりです|this weekend we deploy|in the **next** **week** we deploy",
  "with an ending": "am Freitagabend live",
};

/** What looks like one. */
const NO_DATES: Readonly<Record<string, string>> = {
  "a share": "about 9/10 requests fail|by jane 20/10 requests|x 20/10 y",
  "no day of any month":
    "32.1. is no day|0.5. is a half|1.0. is a version|version 1.15. of it|00/05/2025|2025-00-00|13.13.2025",
  "a word that begins so": "läuft morgens nicht|the next quarterback|week by week, next",
  "a number beside an everyday word":
    "20 set a limit of 30.|-20 set retries|in march formation|2025 may fail",
  "somebody's name": "approved by Jan and Ola",
};

describe("a text names a date", () => {
  it.each(
    Object.entries(IN_SENTENCES).flatMap(([kind, texts]) => texts.split("|").map((text) => [kind, text])),
  )("in a sentence, %s: %j", (_, text) => expect(namesDate(text)).toBe(true));

  it.each(Object.entries(NO_DATES).flatMap(([kind, texts]) => texts.split("|").map((text) => [kind, text])))(
    "not by %s: %j",
    (_, text) => expect(namesDate(text)).toBe(false),
  );

  it.each(Object.entries(DEADLINES).flatMap(([kind, texts]) => texts.split("|").map((text) => [kind, text])))(
    "%s: %j",
    (_, text) => {
      expect(namesDate(`Fix it – @jane – ${text}`)).toBe(true);
      expect(namesDate(`Fix it (@jane, ${text})`)).toBe(true);
      expect(namesDate(`Fix it | @jane | ${text} |`)).toBe(true);
    },
  );

  it.each(
    "0.5|32.1|13.13|1.32|12.13.1|20.2025|1.320|one thing|3 things|soon|asap|so bald wie möglich|schnellstmöglich|dès que possible|cuanto antes|o quanto antes|как можно скорее|尽快|早急に|최대한 빨리|en kısa sürede|jak najszybciej|في أقرب وقت|done|ongoing|version 1.2|20 users|2 sets|24 h of logs|P1|EC2|Jan Novak|May Chen|week|next|step 2|yesterday|gestern|hier|вчера|昨日|어제|dün".split(
      "|",
    ),
  )("but not by %j", (text) => expect(namesDate(`Fix it – @jane – ${text}`)).toBe(false));

  it.each([
    ...[
      "2025-10-20",
      "2025/10/20",
      "2025.10.20",
      "2025-10-20T12:00Z",
      "2025-10-20T12:00:00+02:00",
      "20251020",
    ],
    ...[
      "20/10/2025",
      "10/20/2025",
      "20.10.2025",
      "20-10-2025",
      "20. 10. 2025",
      "20.10.25",
      "20.10.",
      "by 20/10",
    ],
    ...[
      "by Tues",
      "Thurs",
      "weekend",
      "year end",
      "end of the year",
      "+7d",
      "la semana que viene",
      "el mes que viene",
    ],
    ...["la prossima settimana", "einde van de week", "अगले सप्ताह", "שבוע הבא", "סוף החודש"],
    ...["Alert – 10/20", "2025-10", "10/2025", "2025. 10. 20.", "2025. október 20.", "október 20-ig"],
    ...[
      "October 20th",
      "October 20",
      "Oct 20",
      "Oct. 20",
      "20 Oct",
      "20-Oct-2025",
      "20th of October",
      "the 20th October",
    ],
    ...[
      "20 October 2025",
      "October 2025",
      "by October",
      "end of October",
      "mid-October",
      "May 20",
      "20 May",
      "20 may 2025",
    ],
    ...["20. Oktober 2025", "bis 20. Oktober", "20. Okt.", "Ende Oktober", "im Oktober", "20. März"],
    ...["20 octobre", "3 décembre", "1er décembre", "le 20 oct. 2025", "fin octobre", "d'ici octobre"],
    ...[
      "20 de octubre de 2025",
      "20 de octubre",
      "20 oct 2025",
      "20 de outubro de 2025",
      "20 de out.",
      "20 ottobre 2025",
    ],
    ...["20 мая 2025", "20 октября", "до 20 октября", "20-го октября", "к концу октября", "20 жовтня 2025"],
    ...[
      "20 października 2025",
      "20. října",
      "20. októbra",
      "20. lokakuuta",
      "20 oktober",
      "20. október",
      "20 Ekim",
      "20 Ekim'e kadar",
    ],
    ...[
      "2025年10月20日",
      "10月20日",
      "10月20号",
      "十月二十日",
      "10月末",
      "月末まで",
      "2025년 10월 20일",
      "10월 20일",
      "月底前",
    ],
    ...[
      "२० अक्टूबर २०२५",
      "20 अक्टूबर",
      "٢٠ أكتوبر ٢٠٢٥",
      "20 أكتوبر",
      "20 באוקטובר",
      "۲۸ مهر ۱۴۰۴",
      "20 ตุลาคม 2568",
      "20 tháng 10, 2025",
    ],
    ...["20 Οκτωβρίου", "20 октомври", "20. октобар", "20 oktobra", "20 października", "20 rugsėjo"],
    ...[
      "next Friday",
      "on Friday",
      "Freitag",
      "bis Freitag",
      "vendredi",
      "el viernes",
      "sexta-feira",
      "venerdì",
      "пятница",
    ],
    ...["piątek", "perjantaina", "fredag", "金曜日", "星期五", "금요일", "الجمعة", "शुक्रवार", "cuma"],
    ...[
      "tomorrow",
      "morgen",
      "demain",
      "mañana",
      "завтра",
      "明日",
      "내일",
      "next week",
      "nächste Woche",
      "la semaine prochaine",
    ],
    ...[
      "来週",
      "다음 주",
      "下周",
      "next month",
      "next quarter",
      "in 2 weeks",
      "in zwei Wochen",
      "dans 3 semaines",
      "en 2 semanas",
    ],
    ...[
      "через 2 недели",
      "2週間後",
      "within two weeks",
      "3 days from now",
      "innerhalb von 5 Tagen",
      "sous 3 jours",
      "2주 이내",
    ],
    ...[
      "Q4",
      "Q4 2025",
      "Q4/2025",
      "2025-Q4",
      "FY25 Q4",
      "T4 2025",
      "H2 2025",
      "4. Quartal 2025",
      "4e trimestre",
      "IV квартал".replace("IV", "4"),
      "第4四半期",
      "第四季度",
    ],
    ...[
      "KW 42",
      "W42",
      "2025-W42",
      "week 42",
      "CW42",
      "semaine 42",
      "vecka 42",
      "第42週",
      "Sprint 42",
      "next sprint",
      "EOD",
      "EOW",
    ],
    ...[
      "end of the month",
      "Ende der Woche",
      "fin de mois",
      "fin de semana",
      "конец недели",
      "end of next week",
      "with the next release",
    ],
    ...[
      "２０２５年１０月２０日",
      "2025\u201110\u201120".normalize("NFKC").replaceAll("\u2010", "-"),
      "20\u00a0octobre 2025",
      "20\u202fмая",
    ],
  ])("%j", (text) => {
    expect(namesDate(text)).toBe(true);
    expect(namesDate(`Test umlauts – @jane – ${text}`)).toBe(true);
  });

  it.each([
    ...[
      "16 octets",
      "Node 16 may fail",
      "20 out of 30 requests",
      "2 sets",
      "3 days ago",
      "10 marks",
      "5 junctions",
      "31 decibels",
    ],
    ...[
      "soon",
      "asap",
      "later",
      "some day",
      "bald",
      "bientôt",
      "скоро",
      "そのうち",
      "#4",
      "v1.2.3",
      "10.0.0.1",
      "1.10.25-rc",
    ],
    ...[
      "99/100 requests",
      "9/10 requests",
      "50 %",
      "2 of 3",
      "port 8080",
      "HTTP 500",
      "2025",
      "version 20",
      "1.5 s",
      "24 h",
      "10:40",
    ],
    ...[
      "it may fail",
      "we march on",
      "set 20 retries",
      "decode 12 bytes",
      "marshal 10 fields",
      "augment 5 rows",
      "janitor 3",
      "maybe 5",
    ],
    ...[
      "H2 headings",
      "T4 instances",
      "W3C",
      "Q5",
      "0/10",
      "32.13.2025",
      "2025-13-40",
      "123-45-6789",
      "sunder the queue",
      "satisfy 3 tests",
    ],
  ])("not in %j", (text) => expect(namesDate(text)).toBe(false));

  it.each(LANGUAGES)("as Intl writes it in %s", (language) => {
    const calendar = `${language}-u-ca-gregory`;
    const formats = [
      new Intl.DateTimeFormat(calendar, { dateStyle: "long", timeZone: "UTC" }),
      new Intl.DateTimeFormat(calendar, { dateStyle: "full", timeZone: "UTC" }),
      new Intl.DateTimeFormat(calendar, { day: "numeric", month: "long", timeZone: "UTC" }),
    ];
    const missed = formats.flatMap((format) =>
      Array.from({ length: 12 }, (_, month) => format.format(new Date(Date.UTC(2025, month, 20)))).filter(
        (text) => !namesDate(text),
      ),
    );
    expect(missed).toEqual([]);
  });

  it("never throws, and takes 1 MB at once", () => {
    fc.assert(fc.property(fc.string({ unit: anyCharacter }), (text) => typeof namesDate(text) === "boolean"));
    const started = performance.now();
    for (const piece of ["1/", "may ", "2025-", "1.", "in # ", " ", "q1", "20 "])
      namesDate(piece.repeat(300_000));
    expect(performance.now() - started).toBeLessThan(2000);
  });
});
