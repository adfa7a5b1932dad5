/** Words around a severity, in the languages of most repositories, as they stand once `asItLooks` has read them. */

/** For the severity itself, and what it is said of: `high`, `level`, `incident`. */
const SEVERE =
  "critical|high|urgent|emergency|severity|severe|major|blocker|very|priority|level|sev|prio|highest|incident|outage|issue|bug|sehr|sehr hoch|kritisch|hoch|dringend|notfall|schweregrad|priorität|stufe|vorfall|ausfall|störung|très|critique|haute|élevée?|majeure?|gravité|sévérité|priorité|niveau|incident|panne|muy|crític[ao]|alt[ao]|urgente|gravedad|severidad|prioridad|incidente|muito|gravidade|severidade|incidente|molto|critic[ao]|gravità|priorità|incidente|критическ(?:ий|ая)|критично|критичность|высок(?:ий|ая)|срочно|приоритет|серь[её]зность|инцидент|авария|сбой|критичний|високий|пріоритет|очень|krytyczn[yae]|wysoki[ea]?|piln[yae]|priorytet|ważność|awaria|kritik|yüksek|acil|önem|öncelik|derecesi|seviyesi|kesinti|حرجة?|عالية?|خطورة|الخطورة|أولوية|الأولوية";
/** The same where words are not parted by spaces. */
const SEVERE_UNSPACED =
  "緊急度?|重大度?|重要度|深刻度|優先度|障害|事故|严重程度|嚴重程度|严重性?|嚴重性?|紧急程度|紧急|级别|等级|级|優先級|优先级|级|級|高|故障|긴급|심각도?|높음|중요도|우선순위|장애|급";
/** Less than what `P0` and `P1` stand for. */
const MILD =
  "medium|low|lowest|minor|moderate|normal|trivial|mittel|niedrig|gering|moyenne|faible|basse|mineure?|medi[ao]|baj[ao]|baix[ao]|bass[ao]|средний|средняя|низкий|низкая|середній|низький|średni[ae]?|niski[ae]?|orta|düşük|متوسطة?|منخفضة?";
const MILD_UNSPACED = "中|低|보통|낮음";

const END = "(?![\\p{L}\\p{N}])";
/** One such word at the beginning, with the signs before it. */
const oneOf = (spaced: string, unspaced: string): RegExp =>
  new RegExp(`^[\\s/|(\\[:,-]{0,4}(?:(?:${spaced})${END}|(?:${unspaced}))`, "iu");
export const SEVERE_WORD = oneOf(SEVERE, SEVERE_UNSPACED);
export const MILD_WORD = oneOf(MILD, MILD_UNSPACED);

/** What may stand before the severity: words for it and signs, none of which denies or doubts it. */
export const BEFORE = new RegExp(
  `^(?:[\\s*_\`"'“”‘’„«»()\\[\\]{}「」【】:,;/|#•·🔴🟠🟥🔥🚨❗‼⚠-]|(?<=\\p{L})\\.|${SEVERE}|${SEVERE_UNSPACED}|${MILD}|${MILD_UNSPACED}){0,40}$`,
  "iu",
);

/** From when on: `P1 since 10:40`. */
export const SINCE =
  /^\s+(?:since|as of|from|seit|ab|depuis|dès|desde|a partir d[ae]s?|dal(?:le|l['’])?|с|со|от|від|з|od|since)\s(?=[^\n]{0,12}\d)/iu;

/** Doubt at the beginning of an explanation: the severity is not settled, whatever follows. */
const DOUBT =
  "maybe|perhaps|possibly|probably|presumably|supposedly|allegedly|arguably|potentially|theoretically|in theory|hopefully|assuming|i (?:guess|think|suppose|believe|assume)|we (?:guess|think|suppose|believe|assume)|imo|imho|afaik|for now|at (?:most|worst|best)|worst case|(?:proposed|suggested|requested|assumed|estimated) by|eventuell|vielleicht|vermutlich|möglicherweise|wahrscheinlich|angeblich|höchstens|schlimmstenfalls|sans doute|peut-être|probablement|éventuellement|possiblement|au pire|quizás?|tal vez|a lo mejor|probablemente|posiblemente|talvez|provavelmente|possivelmente|forse|probabilmente|magari|eventualmente|наверное|наверно|возможно|вероятно|может быть|можливо|мабуть|belki|muhtemelen|galiba|chyba|prawdopodobnie|misschien|waarschijnlijk|kanske|ربما";
const DOUBT_UNSPACED = "かも|おそらく|たぶん|多分|恐らく|可能|也许|也許|或许|或許|大概|疑似|아마";
/** Where, when, or for whom it is one: it is none everywhere. */
const CONDITION =
  "if|when(?:ever)?|unless|once|until|till|only|provided|in case|in the event|should|would|could|might|may|as (?:soon|long|far) as|subject to|depend(?:s|ing)|except|otherwise|or|and|but|for(?! (?:all|every|\\d))|wenn|falls|sofern|sobald|solange|bis|nur|außer|ausser|sollte|könnte|würde|oder|aber|je nach|für(?! (?:alle|jede))|si (?:ça|cela|c['’]est|le|la|il|elle|on|les|el|los|hay|se re|vuelve|ocurre)|s['’]il|quand|lorsque|sauf|seulement|uniquement|jusqu['’]à|ou|mais|pour(?! (?:tous|toutes|tout))|en cas|cuando|sólo|solo|salvo|excepto|hasta|pero|en caso|quando|somente|apenas|até|exceto|em caso|mas|se (?:ocorrer|acontecer|voltar|dovesse|succede|capita)|soltanto|fino a|fino alle|tranne|eccetto|oppure|ma|nel caso|in caso|если|когда|только|пока|до|кроме|или|но|для(?! всех)|якщо|коли|тільки|або|jeśli|jeżeli|gdy|tylko|dopóki|chyba że|lub|ale|eğer|sadece|veya|indien|alleen|tenzij|bara|إذا|فقط|حتى|أو|لكن";
const CONDITION_UNSPACED = "もし|のみ|だけ|または|まで|場合|如果|若|仅|僅|只|除非|或|直到|만약|만 |또는|까지";
/** It is open, at the beginning of any clause: `tbc by Jane`, `not confirmed`. */
const OPEN =
  "tb[acd]|to be (?:confirmed|determined|decided|verified|reviewed)|unconfirmed|unverified|not (?:yet|really|quite|sure|confirmed|final|certain|verified|settled|clear)|needs? (?:confirmation|triage|review)|(?:awaiting|pending) (?:triage|confirmation|review|assessment)|provisional(?:ly)?|preliminary|preliminarily|tentative(?:ly)?|vorläufig|zu (?:bestätigen|klären)|noch (?:offen|unklar|nicht)|à (?:confirmer|vérifier)|provisoire|por (?:confirmar|verificar)|a confirmar|provisóri[oa]|da (?:confermare|verificare)|provvisori[oa]|уточнить|уточняется|предварительно|geçici|doğrulanacak|do potwierdzenia|wstępnie|مؤقت";
const OPEN_UNSPACED = "要確認|未確定|暫定|仮|待定|待确认|暂定|미정|미확정|임시";
/** As all of a clause: `no longer`, `pending`. With more said it may be the reason: `pending orders fail`. */
const SAYS_NO =
  "(?:(?:was|is|since|now|later|then|already) )?(?:downgraded|lowered|reduced|demoted|withdrawn|retracted|revoked|rejected|declined|cancell?ed|superseded|obsolete|outdated|wrong|incorrect|resolved|mitigated)|no longer|no more|not any ?more|(?:is |was )?not (?:true|correct|right)|old|ex|former(?:ly)?|previously|was|possible|probable|potential|likely|unlikely|assumed|assumption|estimated?|guess|unclear|unsure|uncertain|unknown|undecided|pending|initial(?:ly)?|default|candidate|borderline|conditional(?:ly)?|negotiable|disputed|debatable|suspected|proposed|suggested|requested|draft|example|or so|ish|sort of|kind of|(?:or )?(?:lower|higher|worse|above|below|less|more|similar)|no|nope|none|not|herabgestuft|zurückgestuft|abgelehnt|nicht mehr|nein|nicht|keine?r?|unbestätigt|unklar|wohl|geschätzt|evtl|mutmaßlich|möglich|niedriger|höher|rétrogradé|plus maintenant|non|probable|possible|rebajado|ya no|posible|rebaixado|não mais|não|possível|declassato|non più|possibile|понижен|отменено|больше нет|под вопросом|нет|вероятный|yok|olası|nie|może|nee|قد|محتمل";
const SAYS_NO_UNSPACED = "かもしれない|疑い|仮|可能|추정|가능|否|无|無|아님";

const starts = (spaced: string, unspaced: string): RegExp =>
  new RegExp(`^(?:(?:${spaced})${END}|(?:${unspaced}))`, "iu");
const DOUBTED = [starts(DOUBT, DOUBT_UNSPACED), starts(CONDITION, CONDITION_UNSPACED)];
const OPENED = [
  starts(OPEN, OPEN_UNSPACED),
  new RegExp(`^(?:${SAYS_NO}|${SAYS_NO_UNSPACED}|${DOUBT}|${DOUBT_UNSPACED})[\\s.!*_\`]*$`, "iu"),
];
const CLAUSES = /[,;:()[\]{}、。・|/\n]|\s-+\s|\.\s/u;

/** Does an explanation leave open, limit, or take back what it stands behind? Its first clause says most. */
export function leavesOpen(explanation: string): boolean {
  if (/[?¿؟](?:\s|[^\p{L}\p{N}]*$)/u.test(explanation)) return true;
  const clauses = explanation
    .split(CLAUSES)
    .map((clause) => clause.replace(/^[^\p{L}\p{N}]+/u, ""))
    .filter((clause) => clause !== "");
  const [first = ""] = clauses;
  return (
    DOUBTED.some((begins) => begins.test(first)) ||
    clauses.some((clause) => OPENED.some((says) => says.test(clause)))
  );
}
