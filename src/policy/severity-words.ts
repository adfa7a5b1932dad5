/**
 * Words around a severity, in the languages of most repositories, in lower case. Those of languages that part
 * no words by spaces stand for themselves wherever a text begins with them.
 */

interface Words {
  readonly spaced: ReadonlySet<string>;
  readonly unspaced: readonly string[];
}

function words(spaced: string, unspaced: string): Words {
  return { spaced: new Set(spaced.split("|")), unspaced: unspaced.split("|") };
}

/** For the severity itself, and what it is said of: `high`, `level`, `incident`. */
const SEVERE = words(
  "critical|high|urgent|emergency|severity|severe|major|blocker|very|priority|level|sev|prio|highest|incident|outage|issue|bug|sehr|sehr hoch|kritisch|hoch|dringend|notfall|schweregrad|priorität|stufe|vorfall|ausfall|störung|très|critique|haute|élevée|élevé|majeure|majeur|gravité|sévérité|priorité|niveau|panne|muy|crítica|crítico|alta|alto|urgente|gravedad|severidad|prioridad|incidente|muito|gravidade|severidade|molto|critica|critico|gravità|priorità|критический|критическая|критично|критичность|высокий|высокая|срочно|приоритет|серьезность|серьёзность|инцидент|авария|сбой|критичний|високий|пріоритет|очень|krytyczny|krytyczna|krytyczne|wysokie|wysokia|wysoki|pilny|pilna|pilne|priorytet|ważność|awaria|kritik|yüksek|acil|önem|öncelik|derecesi|seviyesi|kesinti|حرجة|حرج|عالية|عالي|خطورة|الخطورة|أولوية|الأولوية",
  "緊急度|緊急|重大度|重大|重要度|深刻度|優先度|障害|事故|严重程度|嚴重程度|严重性|严重|嚴重性|嚴重|紧急程度|紧急|级别|等级|级|優先級|优先级|級|高|故障|긴급|심각도|심각|높음|중요도|우선순위|장애|급",
);
/** Less than what `P0` and `P1` stand for. */
const MILD = words(
  "medium|low|lowest|minor|moderate|normal|trivial|mittel|niedrig|gering|moyenne|faible|basse|mineure|mineur|media|medio|baja|bajo|baixa|baixo|bassa|basso|средний|средняя|низкий|низкая|середній|низький|średnia|średnie|średni|niskia|niskie|niski|orta|düşük|متوسطة|متوسط|منخفضة|منخفض",
  "中|低|보통|낮음",
);
/** From when on: `P1 since 10:40`. */
const SINCE = words(
  "since|as of|from|seit|ab|depuis|dès|desde|a partir das|a partir de|dal|dalle|с|со|от|від|з|od",
  "自|从",
);
/** Doubt at the beginning of an explanation: the severity is not settled, whatever follows. */
const DOUBT = words(
  "maybe|perhaps|possibly|probably|presumably|supposedly|allegedly|arguably|potentially|theoretically|in theory|hopefully|assuming|i guess|i think|i suppose|i believe|i assume|we guess|we think|we suppose|we believe|we assume|imo|imho|afaik|for now|at most|at worst|at best|worst case|proposed by|suggested by|requested by|assumed by|estimated by|eventuell|vielleicht|vermutlich|möglicherweise|wahrscheinlich|angeblich|höchstens|schlimmstenfalls|sans doute|peut-être|probablement|éventuellement|possiblement|au pire|quizás|quizá|tal vez|a lo mejor|probablemente|posiblemente|talvez|provavelmente|possivelmente|forse|probabilmente|magari|eventualmente|наверное|наверно|возможно|вероятно|может быть|можливо|мабуть|belki|muhtemelen|galiba|chyba|prawdopodobnie|misschien|waarschijnlijk|kanske|ربما",
  "かも|おそらく|たぶん|多分|恐らく|可能|也许|也許|或许|或許|大概|疑似|아마",
);
/** Where, when, or for whom it is one: it is none everywhere. */
const CONDITION = words(
  "if|whenever|when|unless|once|until|till|only|provided|in case|in the event|should|would|could|might|may|as soon as|as long as|as far as|subject to|depends|depending|except|otherwise|or|and|but|for|wenn|falls|sofern|sobald|solange|bis|nur|außer|ausser|sollte|könnte|würde|oder|aber|je nach|für|si ça|si cela|si c'est|si le|si la|si il|si elle|si on|si les|si el|si los|si hay|si se re|si vuelve|si ocurre|s'il|quand|lorsque|sauf|seulement|uniquement|jusqu'à|ou|mais|pour|en cas|cuando|sólo|solo|salvo|excepto|hasta|pero|en caso|quando|somente|apenas|até|exceto|em caso|mas|se ocorrer|se acontecer|se voltar|se dovesse|se succede|se capita|soltanto|fino a|fino alle|tranne|eccetto|oppure|ma|nel caso|in caso|если|когда|только|пока|до|кроме|или|но|для|якщо|коли|тільки|або|jeśli|jeżeli|gdy|tylko|dopóki|chyba że|lub|ale|eğer|sadece|veya|indien|alleen|tenzij|bara|إذا|فقط|حتى|أو|لكن",
  "もし|のみ|だけ|または|まで|場合|如果|若|仅|僅|只|除非|或|直到|만약|또는|까지|만 ",
);
/** `for all`, `for 20 minutes`: no condition. */
const NO_CONDITION = words(
  "for all|for every|for everyone|for #|für alle|für jeden|für #|pour tous|pour toutes|pour #|для всех",
  "",
);
/** It is open, at the beginning of any clause: `tbc by Jane`, `not confirmed`. */
const OPEN = words(
  "tba|tbc|tbd|to be confirmed|to be determined|to be decided|to be verified|to be reviewed|unconfirmed|unverified|not yet|not really|not quite|not sure|not confirmed|not final|not certain|not verified|not settled|not clear|needs confirmation|needs triage|needs review|need confirmation|need triage|need review|awaiting triage|awaiting confirmation|awaiting review|awaiting assessment|pending triage|pending confirmation|pending review|pending assessment|provisionally|provisional|preliminary|preliminarily|tentatively|tentative|vorläufig|zu bestätigen|zu klären|noch offen|noch unklar|noch nicht|à confirmer|à vérifier|provisoire|por confirmar|por verificar|a confirmar|provisório|provisória|da confermare|da verificare|provvisorio|provvisoria|уточнить|уточняется|предварительно|geçici|doğrulanacak|do potwierdzenia|wstępnie|مؤقت",
  "要確認|未確定|暫定|仮|待定|待确认|暂定|미정|미확정|임시",
);
/** As all of a clause: `no longer`, `pending`. With more said it may be the reason: `pending orders fail`. */
const SAYS_NO = words(
  "downgraded|lowered|reduced|demoted|withdrawn|retracted|revoked|rejected|declined|cancelled|canceled|superseded|obsolete|outdated|wrong|incorrect|resolved|mitigated|no longer|no more|not any more|not anymore|not true|not correct|not right|old|ex|formerly|former|previously|was|possible|probable|potential|likely|unlikely|assumed|assumption|estimated|estimate|guess|unclear|unsure|uncertain|unknown|undecided|pending|initially|initial|default|candidate|borderline|conditionally|conditional|negotiable|disputed|debatable|suspected|proposed|suggested|requested|draft|example|ish|sort of|kind of|lower|higher|worse|above|below|less|more|similar|no|nope|none|not|herabgestuft|zurückgestuft|abgelehnt|nicht mehr|nein|nicht|keiner|keine|kein|unbestätigt|unklar|wohl|geschätzt|evtl|mutmaßlich|möglich|niedriger|höher|rétrogradé|plus maintenant|non|rebajado|ya no|posible|rebaixado|não mais|não|possível|declassato|non più|possibile|понижен|отменено|больше нет|под вопросом|нет|вероятный|yok|olası|nie|może|nee|قد|محتمل|so",
  "かもしれない|疑い|仮|可能|추정|가능|否|无|無|아님",
);
/** What may stand before these. */
const PARTICLE = words(
  "was|is|has been|have been|had been|got|since|now|later|then|already|meanwhile|still|currently|or|it was|it is|it has been|it's|ist|war|wurde|inzwischen|mittlerweile|jetzt|est|a été|ha sido|fue|foi|è|è stato|уже|теперь|был|было",
  "",
);

/** No phrase has more words. */
const MOST_WORDS = 4;
const WORD = /[\p{L}\p{M}\p{N}'’]+(?:-[\p{L}\p{M}\p{N}]+)*/uy;

/** How many characters of the text are the longest of these that it begins with; 0: it begins with none. */
function beginning(text: string, { spaced, unspaced }: Words): number {
  let phrase = "";
  let longest = 0;
  WORD.lastIndex = 0;
  for (let count = 0; count < MOST_WORDS; count++) {
    const word = WORD.exec(text)?.[0];
    if (word === undefined) break;
    phrase += /^\p{N}+$/u.test(word) ? "#" : word.toLowerCase().replaceAll("’", "'");
    const end = WORD.lastIndex;
    if (spaced.has(phrase)) longest = end;
    if (text[end] !== " ") break;
    phrase += " ";
    WORD.lastIndex = end + 1;
  }
  WORD.lastIndex = 0;
  const lower = text.slice(0, 10).toLowerCase();
  return Math.max(longest, ...unspaced.map((word) => (lower.startsWith(word) ? word.length : 0)));
}

const SIGNS = /^[\s/|([:,-]{0,4}/u;

/**
 * The text without one word for a severity, and the signs before it, at its beginning; `null`: there is none.
 */
export function afterLevel(text: string): { readonly rest: string; readonly mild: boolean } | null {
  const said = text.slice(SIGNS.exec(text)?.[0].length ?? 0);
  const severe = beginning(said, SEVERE);
  const length = severe || beginning(said, MILD);
  return length === 0 ? null : { rest: said.slice(length), mild: severe === 0 };
}

/** What may stand before a severity besides words for it: nothing that denies or doubts it. */
const SIGN_BEFORE = /^(?:[\s*_`"'“”‘’„«»()[\]{}「」【】:,;/|#•·🔴🟠🟥🔥🚨❗‼⚠.-])+/u;

/** Is all of the text words for a severity, none of them mild unless that is fine? */
export function isLevels(text: string, mildIsFine: boolean): boolean {
  if (/\.\.|^\s*\./u.test(text)) return false;
  let rest = text.replace(SIGN_BEFORE, "");
  while (rest !== "") {
    const next = afterLevel(rest);
    if (next === null || (next.mild && !mildIsFine)) return false;
    rest = next.rest.replace(SIGN_BEFORE, "");
  }
  return true;
}

/** The text after `since` and a time at its beginning; `null`: it does not begin so. */
export function afterSince(text: string): string | null {
  const said = text.trimStart();
  const length = beginning(said, SINCE);
  const rest = said.slice(length);
  return length > 0 && /^.{0,13}\d/u.test(rest) ? rest : null;
}

const CLAUSES = /[,;:()[\]{}、。・|/\n]|\s-+\s|\.\s/u;

/** Does an explanation leave open, limit, or take back what it stands behind? Its first clause says most. */
export function leavesOpen(explanation: string): boolean {
  if (/[?¿؟](?:\s|[^\p{L}\p{N}]*$)/u.test(explanation)) return true;
  return explanation
    .split(CLAUSES)
    .map(fromItsFirstWord)
    .filter((clause) => clause !== "")
    .some(
      (clause, at) => (at === 0 && isLimited(clause)) || readings(clause).some((said) => isOpen(said, at)),
    );
}

function fromItsFirstWord(text: string): string {
  return text.replace(/^[^\p{L}\p{N}]+/u, "");
}

function isLimited(clause: string): boolean {
  return beginning(clause, CONDITION) > 0 && beginning(clause, NO_CONDITION) === 0;
}

/** The clause, and what each particle at its beginning leaves of it: `it was already withdrawn`. */
function readings(clause: string): readonly string[] {
  const particle = beginning(clause, PARTICLE);
  return particle === 0 ? [clause] : [clause, ...readings(fromItsFirstWord(clause.slice(particle)))];
}

/** Is it left open, doubted at the beginning of all, or one of the words that say no and nothing else? */
function isOpen(said: string, at: number): boolean {
  return (
    beginning(said, OPEN) > 0 ||
    (at === 0 && beginning(said, DOUBT) > 0) ||
    [SAYS_NO, DOUBT].some((one) => fromItsFirstWord(said.slice(beginning(said, one))) === "")
  );
}
