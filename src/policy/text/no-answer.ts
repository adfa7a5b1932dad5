/**
 * What people write where nothing is written yet, and for "not applicable" and "none", in the languages of
 * most repositories. Each is all of a value, in lower case, words parted by one space, without other signs.
 */
const NOT_YET = [
  "tba|tbc|tbd|t b a|t b c|t b d|to do|todo|fixme|wip|placeholder|pending|to be written|to be done|to be determined|to be defined|to be decided|to be filled|to be filled in|to be completed|to be added|to be provided|to be announced|to be confirmed|to be updated|fill in|fill me in|fill out|please fill in|please fill out|not filled in|not written yet|to follow|follows|your text here|text here",
  "noch offen|offen|folgt|folgt noch|wird nachgereicht|wird ergänzt|wird noch ergänzt|auszufüllen|bitte ausfüllen|noch auszufüllen|noch zu ergänzen|zu ergänzen|noch zu klären|nachzutragen|wird nachgetragen|ausstehend",
  "à compléter|a compléter|à completer|a completer|à remplir|a remplir|à définir|à déterminer|à venir|à faire|à préciser|à renseigner|à écrire|à rédiger|en attente",
  "por completar|a completar|por definir|por rellenar|por determinar|por hacer|por escribir|pendiente|pendiente de completar|falta completar",
  "a definir|a preencher|a determinar|por preencher|preencher|pendente|a fazer|a ser definido|a ser preenchido",
  "da completare|da definire|da compilare|da scrivere|in attesa",
  "in te vullen|nog in te vullen|volgt|nog te bepalen|att fylla i|fylls i senare|skal udfyldes|kommer|täydennetään",
  "do uzupełnienia|do ustalenia|do napisania|uzupełnić|uzupełnię|bude doplněno|doplnit|kitöltendő|de completat",
  "заполнить|дополнить|будет дополнено|будет заполнено|уточняется|будет уточнено|позже|ожидается|не заполнено|доповнити|заповнити|уточнюється",
  "doldurulacak|belirlenecek|eklenecek|yazılacak|tamamlanacak|sonra eklenecek|beklemede",
  "待补充|待填写|待填|待定|待完善|待确认|待补|待更新|补充中|未定|未填|未填写|稍后补充|后续补充|待補充|待填寫|待確認|稍後補充",
  "記入予定|追記予定|後で記入|後ほど記入|後日記入|未記入|要記入|追って記入|後日|作成予定|執筆予定|記載予定|未記載",
  "작성 예정|작성예정|추후 작성|추후작성|추가 예정|추후 추가|미정|미작성|나중에 작성|작성 필요",
  "يحدد لاحقا|يحدد لاحقًا|يُحدد لاحقًا|سيتم التحديد|سيتم تحديده لاحقا|سيحدد لاحقا|يكتب لاحقا|להשלים|יושלם בהמשך|akan diisi|sẽ cập nhật|cần bổ sung",
];
/** What GitHub's issue forms leave in an empty field, and what templates say without their brackets. */
const NO_RESPONSE = [
  "no response|no answer|none yet|nothing yet|not yet|not known yet|keine angabe|keine angaben|keine antwort|noch keine|noch nichts|pas de réponse|sans réponse|pas encore|sin respuesta|aún no|todavía no|sem resposta|ainda não|nessuna risposta|non ancora|geen antwoord|nog niet|brak odpowiedzi|jeszcze nie",
  "нет ответа|пока нет|пока неизвестно|ще немає|yanıt yok|henüz yok|无回复|暂时没有|尚无|回答なし|まだなし|응답 없음|아직 없음|لا إجابة|ليس بعد",
  "brief impact|brief cause|brief solution|testing performed|issue description|issue number|manager name|engineer name|lorem ipsum|lorem ipsum dolor sit amet",
];
const NONE_OR_NOT_APPLICABLE = [
  "n a|na|n d|not applicable|none|nil|null|none at all|none whatsoever|none really|none none",
  "nicht nötig|nicht erforderlich|nicht notwendig|pas nécessaire|no es necesario|não é necessário|non necessario|niet nodig|не нужно|gerekli değil|gerek yok|不要|不需要|无需|필요 없음|불필요",
  "k a|entfällt|nicht zutreffend|nicht anwendbar|keine|keiner|keines|nichts|s o|sans objet|non applicable|néant|aucun|aucune|rien",
  "no aplica|no procede|ninguno|ninguna|nada|não se aplica|não aplicável|nenhum|nenhuma|non applicabile|nessuno|nessuna|niente",
  "n v t|geen|niets|ej tillämpligt|ingen|inga|intet|ei mitään|nie dotyczy|brak|žádné|není|nincs",
  "не применимо|неприменимо|не требуется|н д|нет|не застосовується|немає|yok|uygulanamaz|geçerli değil|hiçbiri",
  "无|無|没有|沒有|暂无|暫無|不适用|不適用|なし|無し|特になし|該当なし|該当無し|없음|해당 없음|해당없음|لا يوجد|لا ينطبق|لا شيء|אין|không có|tidak ada",
];

const words = (lists: readonly string[]): ReadonlySet<string> =>
  new Set(lists.flatMap((list) => list.split("|").map(plain)));
const SAID = words([...NOT_YET, ...NO_RESPONSE, ...NONE_OR_NOT_APPLICABLE]);
/** `TBD by Friday`, `TODO(jane)`: it begins so, and says hardly more. */
const BEGINS =
  /^[^\p{L}\p{N}]*(?:(?:tb[acdw]|wip|to be (?:written|filled(?: (?:in|out))?|completed|added|provided|updated|decided|defined|determined|confirmed|announced))\s*(?:[(@:,;–—-]|(?:by|until|till|later|after|asap|soon|bis|nach|avant|après|antes|después|до|после)(?![\p{L}\p{N}]))|(?:to-?do|fixme) ?[(:])[^\d\s]*(?:\s+[^\d\s]+){0,4}$/u;
/** `Insert the impact here`. */
const INSTRUCTION = /^(?:please )?(?:insert|enter|write|add|put|type)(?: [^ ]+){0,4} here$/u;
const CROSSES = /^x{2,9}$/u;

/** Longer texts are answers. */
const LONGEST = 100;

/** Is the text nothing but a word for "later", "none" or "not applicable"? `unknown` is an answer. */
export function isNoAnswer(text: string): boolean {
  if (text.length > LONGEST) return false;
  const said = plain(text);
  return SAID.has(said) || BEGINS.test(text.toLowerCase()) || INSTRUCTION.test(said) || CROSSES.test(said);
}

function plain(text: string): string {
  return text
    .normalize("NFKC")
    .toLowerCase()
    .replace(/\p{Cf}/gu, "")
    .replace(/[^\p{L}\p{M}\p{N}]+/gu, " ")
    .trim();
}
