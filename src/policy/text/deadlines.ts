/**
 * What people plan by without saying a date: `2 weeks`, `Fr`, `до пн`, `金曜まで`, `20.10`. Some of it says a
 * deadline wherever it stands, most of it only by itself, as a part of an action item between separators.
 */

/** In lower case, spaces single, numbers as written. */
const ANYWHERE: readonly RegExp[] = [
  // Weekdays and near days.
  /(?:周|週|礼拜|禮拜|星期)[一二三四五六日天]|[月火水木金土日]曜/u,
  /(?<![\p{L}\p{M}])(?:يوم )?ال(?:[إا]ثنين|[أا]حد|ثلاثاء|[أا]ربعاء|خميس|جمعة|سبت)(?![\p{L}\p{M}])/u,
  /(?<![\p{L}\p{M}])(?:ال[أا]سبوع|الشهر|الربع|العام) (?:القادم|المقبل|الحالي|التالي)|نهاية (?:الشهر|ال[أا]سبوع|العام|السنة|الربع)|خلال [أا]سبوع|الربع (?:ال[أا]ول|الثاني|الثالث|الرابع)|(?<![\p{L}\p{M}])غد(?:ا|ً|ًا)/u,
  /(?:كانون|تشرين) (?:ال[أا]ول|الثاني)|(?<![\p{L}\p{M}])(?:شباط|[آا]ذار|نيسان|[أا]يار|حزيران|تموز|[أا]يلول)(?![\p{L}\p{M}])/u,
  /(?:ม\.ค|ก\.พ|มี\.ค|เม\.ย|พ\.ค|มิ\.ย|ก\.ค|ส\.ค|ก\.ย|ต\.ค|พ\.ย|ธ\.ค)\.|अक्तूबर|अगल[ेा] (?:सप्ताह|महीने|हफ़्ते|हफ्ते)|שבוע הבא|סוף (?:ה?שבוע|ה?חודש|ה?שנה|ה?רבעון)/u,
  // Parts of years.
  /[1-4](?:o|a|\.)? ?(?:trim|çeyrek|кв)|(?<![\p{L}\p{N}])i{1,3}v? (?:кв|квартал|kwarta|trim|quartal)|(?<![\p{L}\p{N}])iv (?:кв|kwarta|trim|quartal)|(?<![\p{L}\p{N}])[1-4][qtk] ?(?:20)?\d\d(?!\d)|(?<![\p{L}\p{N}])[12]h ?(?:20)?\d\d(?!\d)|(?<![\p{L}\p{N}])q[1-4](?=[\p{Script=Han}\p{Script=Hiragana}\p{Script=Hangul}])|(?<!\d)20\d\d[ -]?ç[1-4]|(?<![\p{L}\p{N}])fy ?(?:20)?\d\d(?!\d)/u,
  /(?<![\p{L}\p{N}])(?:early|mid|late|end of|anfang|mitte|ende|début|fin|mi|courant|inicios de|mediados de|finales de|início de|meados de|fim de|inizio|metà|fine|в начале|в середине|в конце|до конца|początek|połowa|koniec)[ -]20\d\d(?!\d)/u,
  // Ends of weeks, months and years, and other things that have a day of their own.
  /(?<![\p{L}\p{N}])(?:fim d[oae] (?:semana|mês|mes|ano|trimestre)|до конца (?:дня|недели|месяца|квартала|года)|do końca (?:dnia|tygodnia|miesiąca|kwartału|roku)|(?:gün|hafta|ay|yıl|çeyrek) sonu|semana que vem|mês que vem|(?:semana|mes|año) que viene|prossim[ao] (?:settimana|mese|anno|trimestre)|einde? van (?:de|het) (?:week|maand|jaar|kwartaal)|end of (?:the )?year|year[ -]end|sous (?:quinzaine|huitaine)|(?:in|within) a fortnight|before (?:ga|launch|xmas|christmas|the (?:freeze|holidays|release|launch|audit))|vor weihnachten|avant noël|antes de navidad|до нового года)/u,
  /(?:下一?个?|本|当前|這個|这个)(?:迭代|版本|冲刺|sprint|月|季度)|(?:次の?|次回の?|今回の?|今)(?:スプリント|リリース|イテレーション|四半期)|(?:다음|이번) ?(?:스프린트|릴리스|릴리즈|배포|분기|주|달)/u,
  /[一二三四五六七八九十两兩几\d] ?(?:个|個|か|ヶ|カ)?(?:天|日|周|週|週間|月|工作日|营业日)(?:之|以)?[内內后後]/u,
  /(?:일주일|보름|한 ?달|[한두세네] ?주) ?(?:이내|내|안|후|뒤)/u,
  // Spans.
  /(?<![\p{L}\p{N}])(?:через|за|в течение) (?:пару |две |три |\d{1,3} )?(?:дн|день|недел|месяц)|(?<![\p{L}\p{N}])(?:za|w ciągu) (?:dwa |trzy |\d{1,3} )?(?:dni|tydzień|tygodni|miesiąc)|(?<![\p{L}\p{N}])(?:\d{1,3}|bir|iki|üç) (?:gün|hafta|ay) (?:içinde|sonra)/u,
  /(?<![\p{L}\p{N}])(?:milestone|release|релиз) v?\d{1,4}\.\d|(?<![\p{L}\p{N}])v?\d{1,4}(?:\.\d{1,4}){1,2} (?:release|milestone)|(?<![\p{L}\p{N}])pi[ -]?\d{1,3}(?:\.\d)?(?![\p{L}\p{N}])/u,
  /(?<![\p{L}\p{N}])r\d{1,2}[./-](?:1[0-2]|0?[1-9])[./-](?:3[01]|[12]\d|0?[1-9])(?!\d)|(?<!\d)1[34]\d\d\/(?:1[0-2]|0?[1-9])\/(?:3[01]|[12]\d|0?[1-9])(?!\d)/u,
  /(?<!\d)(?:3[01]|[12]\d|0?[1-9])[ .-](?:i|ii|iii|iv|v|vi|vii|viii|ix|x|xi|xii)[ .-]20\d\d(?!\d)/u,
];

/** What parts an action item from its owner and its deadline. */
const SEPARATOR =
  /(?:^|\s)\p{Pd}{1,3}(?=\s|$)|[|()[\]{}【】「」<>,、;。:：·•→=〆⏰📅🗓✅*_`]|@[a-z0-9-]{1,39}(?:\/[\p{L}\p{N}_.-]{1,100})?/gu;
const BEFORE =
  /^(?:(?:by|due|until|till|before|on|at|eta|deadline|target(?: date)?|bis|zum|am|vor|ab|spätestens|fällig|frist|termin|le|la|avant|pour|sous|courant|échéance|el|antes del?|para|a más tardar|a mediados de|mediados de|a finales de|fecha|hasta|até|prazo|entro|il|scadenza|voor|uiterlijk|senast|senest|до|к|на|в|во|срок|не позднее|do|najpóźniej|na|w|we|son tarih|en geç|حتى|قبل|بحلول) |d['’]ici |(?:期限|期日|締切|截止|截至|마감|기한) ?){0,3}/u;
const AFTER =
  /(?: ?(?:までに?|迄|締切|中に?|以?内|之?前|末|까지|전|이?내|안|중|г\.?|года|roku|r\.|kadar|['’]?[yns]?[aeiı] kadar)){1,2}$/u;
const ALONE: readonly RegExp[] = [
  /^(?:the |den |le |el )?(?:3[01]|[12]\d|0?[1-9])(?:st|nd|rd|th|er|e|\.|º|ª|-?го|-?е)$/u,
  /^[ts][1-4]$|^s ?\d{2,3}$|^t? ?\+ ?\d{1,3}(?: ?(?:d|days?|tage?|j|jours?))?$/u,
  /^\d{1,3} ?(?:d|w|wk|wks|mo|pd|pt|j|дн?|нед|мес)\.?$/u,
  /^(?:today|tonight|this (?:morning|afternoon|evening)|heute|heute abend|aujourd['’]hui|ce soir|hoy|hoje|oggi|vandaag|i ?dag|dziś|dzisiaj|dnes|tänään|сегодня|сьогодні|bugün|haftaya|اليوم|今天|今日|本日|当日|今晚|当天|오늘|금일|금주|차주|익일|연내|월내|年内|月内|本月|下月|本周|下周|今年|quincena|segunda|terça|quarta|quinta|sexta|sábado|domingo|xmas|christmas|tues|thurs|weekend|wochenende|fin de semana|fine settimana)$/u,
  /^(?:poniedziałku|wtor(?:ek|ku)|środ[yę]|czwartku|piątku|sobot[yę]|niedziel[ię]|среды|среду|пятниц[ыуе]|суббот[ыуе]|воскресенья|понедельник[ауе]|вторник[ауе]|четверг[ауе]?|п['’]ятниці|pondělí|úterý|středy|čtvrtka|pátku|soboty)$/u,
];

/** What spans are counted in, and small numbers in words. */
const UNITS: ReadonlySet<string> = new Set(
  "day|days|business days|working days|week|weeks|month|months|sprint|sprints|tag|tage|tagen|werktage|arbeitstage|woche|wochen|monat|monate|monaten|jour|jours|jours ouvrés|semaine|semaines|mois|día|días|dia|dias|días hábiles|semana|semanas|mes|meses|mês|giorno|giorni|settimana|settimane|mese|mesi|dag|dagen|dagar|dage|weken|vecka|veckor|uge|uger|uke|uker|maand|maanden|день|дня|дней|неделя|недели|недель|неделю|месяц|месяца|месяцев|тиждень|тижні|тижнів|dzień|dni|tydzień|tygodnie|tygodni|miesiąc|miesiące|gün|iş günü|hafta|ay|天|日|周|週|週間|个月|個月|ヶ月|か月|工作日|个工作日|営業日|일|주|주일|개월|영업일|أيام|أسابيع|يوم|أسبوع|شهر".split(
    "|",
  ),
);
const NUMBERS: ReadonlySet<string> = new Set(
  "a an one two three four six huit quinze ein eine einer zwei drei vier un une deux trois quatre una dos tres um uma dois duas três due tre две два три один одна dwa trzy bir iki üç een twee drie en två to".split(
    " ",
  ),
);

/** Is it a span of time: `2 weeks`, `two weeks`, `两周`? */
function isSpan(part: string): boolean {
  const [, word, unit] = /^([\p{L}\p{M}]{1,6}) (.{1,20})$/u.exec(part) ?? [];
  if (word !== undefined && unit !== undefined) return NUMBERS.has(word) && UNITS.has(unit);
  const [, behind] = /^(?:\d{1,3}|[一二三四五六七八九十两兩]{1,2}|[한두세네]) ?(.{1,20})$/u.exec(part) ?? [];
  return behind !== undefined && UNITS.has(behind);
}

/** Days and months as figures without a year: `20.10`, `20/10`; the notation tells nothing else apart. */
function isDayAndMonth(part: string): boolean {
  const [, a, b] = /^(\d{1,2})[./](\d{1,2})$/.exec(part) ?? [];
  const fits = (day: number, month: number): boolean => day >= 1 && day <= 31 && month >= 1 && month <= 12;
  return fits(Number(a), Number(b)) || fits(Number(b), Number(a));
}

/** `04.11` and `1/2026`. */
function isMonthAndYear(part: string): boolean {
  return /^(?:0?[1-9]|1[0-2])[./](?:20)?\d\d$/.test(part) && /20\d\d$|^0/.test(part);
}

/**
 * Does a text in lower case say a deadline in other words than a date? `isName`: is the word, standing alone,
 * the name of a month or a weekday? Linear in the length of the text.
 */
export function saysDeadline(lower: string, isName: (word: string) => boolean): boolean {
  if (ANYWHERE.some((one) => one.test(lower))) return true;
  return lower.split(SEPARATOR).some((part) => {
    const stripped = part.trim();
    if (stripped === "" || stripped.length > 60) return false;
    const within = stripped.replace(BEFORE, "").trim();
    const bare = within.replace(AFTER, "").trim();
    return [stripped, within, bare].some(isAlone) || isName(bare.replace(/\.$/, ""));
  });
}

function isAlone(part: string): boolean {
  return ALONE.some((one) => one.test(part)) || isSpan(part) || isDayAndMonth(part) || isMonthAndYear(part);
}
