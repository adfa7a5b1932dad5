/** Longer lines are no headers. */
const LONGEST = 500;

/** "----- Original Message -----", in any language; "________________" as Outlook draws it. */
const RULE = /^[-‐‑–—]{3,}\s?[^\s|:-][^|]*[^\s|-]\s?[-‐‑–—]{3,}$|^_{5,}$/u;

/**
 * "On Mon, 3 Jan 2022 at 10:00, Jane <j@example.org> wrote:"; without a date it is somebody's own sentence.
 */
const WROTE =
  /(?:^|[\s)>])(?:wrote|schrieb|geschrieben|a écrit|escribió|va escriure|ha scritto|escreveu|schreef|geschreven|skrev|kirjoitti|napisał(?:\(a\)|a)?|pisze|napsal(?:\(a\)|a)?|napísala?|написал(?:\(а\)|а)?|пишет|пише|написав|írta|a scris|(?:şunu )?yazdı|έγραψε|đã viết|menulis|כתב(?:ה)?|كتب)\s?[:：]$|(?:写道|寫道|のメッセージ|書きました|님이 작성)\s?[:：]$/iu;
/** Where the name comes after the verb. */
const WROTE_NAME =
  /^(?:Am|Op|Den|På|Dnia|On)\s.{1,200}\s(?:schrieb|schreef|skrev|napisał(?:\(a\)|a)?|wrote)\s.{1,200}:$/iu;

/**
 * "2022年1月3日(月) 10:00 John <j@example.org>:" and "… ***@***.***>:", as GitHub hides addresses: in some
 * languages no verb stands at the end, and none of all languages is missing here.
 */
const ADDRESS_LAST = /<(?!https?:)[^<>\s]{0,100}@[^<>\s]{0,100}>\)?(?:\s[^\s<>:]{1,20}){0,2}\s?[:：]$/u;
/** "2022/01/03 10:00、Johnのメール:", "John ezt írta (időpont: 2022. jan. 3., H, 10:00):". */
const MAIL_LAST = /(?:のメール|さんからのメール|ezt írta \([^()]{5,60}\))\s?[:：]$/iu;

const FROM =
  /^(?:From|Von|De|Da|Van|Från|Fra|Lähettäjä|Od|От|Від|Feladó|Expéditeur|Mittente|Remitente|Kimden|Gönderen|Από|差出人|发件人|寄件者|보낸 사람)\s?[:：]/iu;
const FURTHER =
  /(?:^|[\s\n])(?:Sent|Date|To|Cc|Subject|Gesendet|Datum|An|Betreff|Envoyé|À|A|Objet|Enviado(?: el)?|Fecha|Para|Asunto|Inviato|Data|Oggetto|Verzonden|Aan|Onderwerp|Skickat|Till|Ämne|Sendt|Dato|Til|Emne|Lähetetty|Päiväys|Vastaanottaja|Aihe|Wysłano|Do|Temat|Odesláno|Komu|Předmět|Отправлено|Дата|Кому|Тема|Küldve|Címzett|Tárgy|Tarih|Kime|Konu|送信日時|宛先|件名|发送时间|收件人|主题|傳送時間|보낸 날짜|받는 사람|제목)\s?[:：]/iu;

const FORWARDED =
  /^(?:Begin forwarded message|Anfang der weitergeleiteten Nachricht|Début du message réexpédié|Inicio del mensaje reenviado|Inizio messaggio inoltrato)\s?:$/iu;

/**
 * Does a quoted mail begin in these lines of one block? What stands under it is not the writer's. `before`:
 * the last line of the block above, since some programs put an empty line after each.
 */
export function beginsQuotedMail(block: readonly string[], before = ""): boolean {
  const lines = [before, ...block].map((line) => (line.length > LONGEST ? "" : bare(line)));
  return lines.some((line, i) => {
    if (RULE.test(line) || FORWARDED.test(line)) return true;
    // Long ones are broken.
    if (/[:：]$/.test(line)) {
      const said = lines.slice(Math.max(0, i - 2), i + 1);
      const isSaid = [ADDRESS_LAST, MAIL_LAST, WROTE].some((end) => end.test(line));
      if (isSaid || said.some((_, from) => WROTE_NAME.test(said.slice(from).join(" "))))
        return /\d/.test(said.join(" "));
    }
    if (!FROM.test(line)) return false;
    return FURTHER.test([line.replace(FROM, ""), ...lines.slice(i + 1, i + 4)].join("\n"));
  });
}

/** Without the marks of bold, tags of HTML and invisible characters. */
function bare(line: string): string {
  return line
    .replace(/[*\p{Cf}]|<\/?(?:b|strong|i|em|br|p|div|span|font|u)(?:\s[^<>]{0,200})?\/?>/giu, "")
    .trim();
}
