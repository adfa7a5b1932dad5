import type { HotfixCommit } from "./commit-message/fields.ts";
import { type Fact, known } from "./fact.ts";
import { type Policy, SEVERITIES, type Severity } from "./policy.ts";
import type { PullRequestFacts } from "./snapshot.ts";
import { ticked } from "./text/choices.ts";
import { asItLooks } from "./text/look-alikes.ts";

/** What label and commit field say of the severity. */
export interface SeverityReading {
  /** The one severity; `null`: none, or a contradiction. */
  readonly severity: Severity | null;
  /** From `severity:*` labels that are on; more than one is a contradiction. */
  readonly labels: readonly Severity[];
  /** From the hotfix commit's message; `null`: absent or unreadable. */
  readonly field: Severity | null;
  /** The label that the app is to set from the field: `severity:P1`, or `null`. */
  readonly labelToSet: string | null;
}

const SEVERITY_PREFIX = "severity:";

/** The label that stands for a severity. */
export function severityLabel(severity: Severity): string {
  return `${SEVERITY_PREFIX}${severity}`;
}

/** The severity that a label names; label names are case-insensitive on GitHub. */
function severityOfLabel(label: string): Severity | null {
  return SEVERITIES.find((severity) => severityLabel(severity).toLowerCase() === label.toLowerCase()) ?? null;
}

/**
 * What may stand before the name: signs, and the words for it. Not just any word, which could deny or doubt
 * it.
 */
const BEFORE =
  /^(?:[^\p{L}\p{N}]|critical|high|medium|low|urgent|severity|severe|major|blocker|very|priority|level|sev|prio|sehr|très|muy|molto|muito|kritisch|hoch|mittel|niedrig|dringend|schweregrad|priorität|critique|haute|élevée?|moyenne|gravité|sévérité|priorité|crític[ao]|critic[ao]|alt[ao]|medi[ao]|baj[ao]|urgente|gravedad|severidad|prioridad|gravidade|severidade|prioridade|gravità|priorità|критическ(?:ий|ая)|критично|критичность|высок(?:ий|ая)|срочно|приоритет|серь[её]зность|критичний|високий|пріоритет|очень|krytyczn[yae]|wysoki[ea]?|piln[yae]|priorytet|ważność|kritik|yüksek|acil|önem|öncelik|derecesi|seviyesi|حرجة?|عالية?|خطورة|الخطورة|أولوية|الأولوية|緊急度?|重大度?|重要度|深刻度|優先度|严重程度|嚴重程度|严重性?|嚴重性?|紧急程度|紧急|级别|等级|优先级|優先級|高|中|低|긴급|심각도?|높음|중요도|우선순위){0,20}$/iu;
/** Not the severity itself but above, below or about it, or one that is struck out: `>P1`, `~P1`, `~~P1~~`. */
const ABOUT = /(?<![-=])[<>≥≤≧≦~≈]\s?[*_`]{0,2}$/u;
const NAMED = /(?<![\p{Script=Latin}\p{N}])P([0-3])(?![\p{Script=Latin}\p{N}]|\.\d)/giu;
/** What it was before, in brackets: the only other severity that may be named. */
const FORMER =
  /[([](?:it )?(?:was|formerly|previously|originally|initially|earlier|war|zuvor|vorher|ehemals|avant|auparavant|antes|era|prima|было|ранее|раньше|було|旧|元|原|이전)[: ]{0,3}P[0-3](?: (?:before|until|till) [\d:. apmutczh-]{1,20}| before)?[)\]]/giu;
/** Other ways to write one: `P 1`, `P-1`, `p#1`, `SEV1`, `Sev-1`, `severity 1`, `prio 1`. */
const OTHERWISE =
  /(?<![\p{L}\p{N}])(?:p|sev|severity|prio|priority)[-– #._]{0,2}([0-3])(?![\p{L}\p{N}]|[.,:]\d)/giu;
/** `P0/1`, `P0-1`, `P0 or 1`: one of two. */
const RANGE = /^(?:[/|–—+-]|\.{2,3}| or | and | to )[0-3](?![\p{L}\p{N}:.])/iu;
/**
 * The same with spaces and in other notations, where nothing follows: `P0 → 1`, `P0 oder 1`, `P0, 1`. `P1 > 2
 * regions` is one.
 */
const LAST_OF_TWO =
  /^[*_`]{0,3} ?(?:[/\\|~&+,>→➜➔⇒➡•·]\uFE0F?|[-=]>|or|and|to|vs\.?|versus|then|oder|bis|und|dann|ou|et|puis|o|y|или|и|або|または|か|或|或者|또는|veya|lub) ?(?:sev|p)?[- ]?[0-3][)\]*_`.! ]{0,10}$/iu;
/** The same at the end of more words: `P0 bis 10:40, dann 1`, `P0 downgraded to 1`. */
const AT_LAST =
  /(?:[→➜➔⇒➡]|[-=]>|(?<![\p{L}\p{N}])(?:then|now|later|afterwards|since|(?:down|up)graded to|(?:lowered|reduced|demoted|raised|changed) to|dann|jetzt|nun|später|danach|puis|ensuite|maintenant|luego|después|ahora|depois|agora|poi|ora|затем|теперь|потом|後に|现在|现))\uFE0F? ?(?:sev|p)?[- #]?[0-3][)\]*_`.! ]{0,10}$/iu;
/** Taken back, with nothing more said: `P0 (downgraded)`, `P0 no more`, `P0 rejected`, `P0 until 10:40`. */
const TAKEN_BACK =
  /^[*_`"\])]{0,4} ?[([,:;/|–—-]{0,2} ?(?:(?:(?:was |is |since )?(?:downgraded|lowered|reduced|demoted|withdrawn|rejected|declined|cancell?ed|superseded|obsolete|wrong|incorrect)|no longer|no more|not any ?more|(?:is |was )?not (?:true|correct|right)|herabgestuft|zurückgestuft|abgelehnt|nicht mehr|rétrogradé|plus maintenant|rebajado|ya no|rebaixado|não mais|declassato|non più|понижен|отменено|больше нет|old|ex)[)\].! ]{0,10}$|[↓⬇]|(?:until|till|bis|jusqu['’]à|hasta|até|fino alle|до)\s(?=\d))/iu;
/** Said behind a severity that is not settled, and nothing else: `P0?`, `P0 (pending triage)`, `P0 or lower`. */
const DOUBT =
  /^[*_`"\])]{0,4} ?[([,:/|-]{0,2} ?(?:(?:or|oder|ou|o|или|または|或)? ?[!¿]{0,3}\?|¿|(?:or |oder )?(?:lower|higher|worse|above|below|less|more|niedriger|höher)|\+|-?ish|(?:pending|needs?|awaiting|unclear|maybe|probably|presumably|likely|assumed|estimated?|guess|i guess|i think|imo|initial(?:ly)?|for now|unbestätigt|unklar|vermutlich|wohl|geschätzt|sans doute|peut-être|probable(?:ment)?|quizás?|talvez|forse|под вопросом|наверное|возможно|belki|chyba|として仮|可能|아마|(?:으로|로) ?추정)(?: (?:triage|confirmation|review|assessment))?[)\].! ]{0,10}$)/iu;
/** Said behind it, with more following: `P0 (tbc by Jane)`. */
const UNSETTLED =
  /^[*_`"\])]{0,4} ?[([,:/|-]{0,2} ?(?:tb[acd]|to be (?:confirmed|determined|decided)|unconfirmed|not (?:sure|confirmed|final)|needs? (?:confirmation|triage)|provisional(?:ly)?|preliminary|tentative(?:ly)?|vorläufig|zu bestätigen|noch offen|à confirmer|provisoire|por confirmar|provisional|a confirmar|provisóri[oa]|da confermare|provvisori[oa]|уточнить|уточняется|предварительно|geçici|doğrulanacak|do potwierdzenia|wstępnie|مؤقت|要確認|未確定|暫定|仮|待定|待确认|暂定|미정|미확정|임시)(?![\p{Script=Latin}\p{Script=Cyrillic}\p{N}])/iu;
/** Longer values name nothing more in what matters. */
const LONGEST = 2_000;

/** Why a value names no severity. */
export type UnclearSeverity = "none" | "several" | "doubtful";

/**
 * What the field `Severity` says: `P1`, `p1 - High`, `Critical (P0)`, `P1 (was P0)`. Two different ones
 * (`P0/P1`, `P0 → P1`, `P0 until 10:40, then P1`) are none, since the looser approval of one would let the
 * other pass; nor is one that is asked for (`P0?`) or denied (`not P0`).
 */
export function readSeverityField(
  value: string,
):
  | { readonly severity: Severity; readonly unclear?: never }
  | { readonly severity?: never; readonly unclear: UnclearSeverity } {
  const said = value.slice(0, LONGEST).replace(/<!--[\s\S]*?-->/g, " ");
  const text = asItLooks(ticked(said, NAMED));
  const all = [...text.matchAll(NAMED)];
  const [first] = all;
  if (first === undefined) return { unclear: "none" };
  const rest = text.slice(first.index + first[0].length).replace(FORMER, " ");
  const others = [NAMED, OTHERWISE]
    .flatMap((named) => [...rest.matchAll(named)])
    .filter((one) => one[1] !== first[1]);
  if (others.length > 0 || [RANGE, LAST_OF_TWO, AT_LAST].some((other) => other.test(rest)))
    return { unclear: "several" };
  const before = text.slice(0, first.index);
  const settled = ![DOUBT, UNSETTLED, TAKEN_BACK].some((doubted) => doubted.test(rest));
  if (!settled || !BEFORE.test(before) || ABOUT.test(before)) return { unclear: "doubtful" };
  const severity = SEVERITIES.find((one) => one === `P${first[1]}`);
  return severity === undefined ? { unclear: "none" } : { severity };
}

/** The severity that the field `Severity` names; `null` where it names none or leaves it open. */
export function severityOfField(value: string): Severity | null {
  return readSeverityField(value).severity ?? null;
}

/**
 * Reads label and field together. Unknown while the hotfix commit's message is: a field that was not read could
 * contradict the label. The app sets a label only from a clear field, and never next to another severity
 * label.
 */
export function readSeverity(
  { pullRequest }: { readonly pullRequest: Pick<PullRequestFacts, "labels"> },
  _policy: Policy,
  commit: Fact<HotfixCommit | null>,
): Fact<SeverityReading> {
  if (!commit.known) return commit;
  const labels = SEVERITIES.filter((severity) =>
    pullRequest.labels.some((label) => severityOfLabel(label) === severity),
  );
  const field = severityOfField(commit.value?.message.fields.Severity ?? "");
  const named = new Set(field === null ? labels : [...labels, field]);
  const [only] = named;
  return known({
    severity: named.size === 1 && only !== undefined ? only : null,
    labels,
    field,
    labelToSet: labels.length === 0 && field !== null ? severityLabel(field) : null,
  });
}
