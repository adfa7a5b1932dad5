import { type Fact, known } from "../fact.ts";
import { namesDate } from "../text/dates.ts";
import { sectionsOf } from "./body-sections.ts";
import { isOwnerColumn, namesOwner } from "./item-owner.ts";
import { isActionItemsHint, placeholdersIn } from "./placeholder.ts";

/** What GitHub says of an issue that an action item was converted to, or names. */
export interface ActionIssue {
  /** It is done, or was given up. */
  readonly closed: boolean;
  readonly assigned: boolean;
  /** It has a milestone, which is its deadline. */
  readonly scheduled: boolean;
  /** Logins. */
  readonly assignees?: readonly string[];
  /** The milestone's day, `2025-10-20`; `null`: it has none. */
  readonly due?: string | null;
}

/** By number; `null`: there is no such issue. Not here: not looked up. */
export type ActionIssues = Readonly<Record<string, Fact<ActionIssue | null>>>;

/** What an action item has not got. */
export type Lack = "assignee" | "deadline";

/** At most so many issues are looked up for a post-mortem. */
const MOST_ISSUES = 10;
/**
 * So many items of a section are looked at, and so much text of them together: more than anybody writes.
 * Those behind are taken for complete, since looking at thousands would hold up everybody.
 */
const MOST_ITEMS = 200;
const MOST_TEXT = 20_000;
/** Longer items are read up to here. */
const LONGEST = 2_000;

/** What an item begins with, the spaces before its mark apart. */
export const ITEM = /^( {0,3})(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]*)?/;
const TICKED = /^ {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+\[[xX]\]/;

/**
 * The items of a section: those of its lists; where there is none, table rows and paragraphs. What is struck
 * through is none. Those whose box is ticked may be left out.
 */
export function actionItems(
  lines: readonly string[],
  alsoInText: boolean,
  alsoTicked = true,
): readonly string[] {
  const listed = itemsOfLists(lines);
  const asked = listed.filter(({ isTicked }) => alsoTicked || !isTicked).map(({ parts }) => parts.join(" "));
  const all = listed.length > 0 || !alsoInText ? asked : itemsInText(lines);
  return looked(all)
    .map(withoutStruck)
    .filter((text) => /[\p{L}\p{N}]/u.test(text) && !saysNone(text));
}

/**
 * The numbers of the issues of this repository that items name which lack an owner or a date: they may have
 * both.
 */
export function issuesNamedByItems(body: string, repository: string): readonly number[] {
  const items = sectionsOf(body)
    .filter(({ names }) => names.includes("Action Items"))
    .flatMap(({ lines }) => actionItems(lines, true));
  const numbers = new Set<number>();
  for (const text of items) {
    const number = issueIn(text, repository);
    if (number !== null && !numbers.has(number) && lacksIn(text).length > 0) numbers.add(number);
    if (numbers.size >= MOST_ISSUES) break;
  }
  return [...numbers];
}

/**
 * What an item lacks: an owner and a date, its own or those of the issue that it names. Unknown where that
 * could not be read.
 */
export function lackOf(text: string, repository: string | null, issues: ActionIssues): Fact<readonly Lack[]> {
  const lacks = lacksIn(text);
  if (lacks.length === 0 || (placeholdersIn(text).length > 0 && lacks.length === 2)) return known([]);
  const number = issueIn(text, repository);
  const issue = number === null ? undefined : issues[number];
  if (issue === undefined) return known(isElsewhere(text, repository) ? [] : lacks);
  if (!issue.known) return issue;
  if (issue.value === null) return known(lacks);
  const { closed, assigned, scheduled } = issue.value;
  return known(closed ? [] : lacks.filter((lack) => !(lack === "assignee" ? assigned : scheduled)));
}

/** Has an item both an owner and a date? */
export function isOwnedAndDated(text: string): boolean {
  return lacksIn(text).length === 0;
}

function lacksIn(text: string): readonly Lack[] {
  return [
    ...(namesOwner(text) ? [] : (["assignee"] as const)),
    ...(namesDate(text) ? [] : (["deadline"] as const)),
  ];
}

const REFERENCE =
  /(?<![\p{L}\p{N}/&])(?:([\w.-]{1,100}\/[\w.-]{1,100})?#(\d{1,10})|https?:\/\/[^/\s]{1,100}\/([\w.-]{1,100}\/[\w.-]{1,100})\/(?:issues|pull)\/(\d{1,10}))(?!\d)/iu;

/** The issue of this repository that an item names; `null`: none, or another's. */
export function issueIn(text: string, repository: string | null): number | null {
  const match = REFERENCE.exec(text.slice(0, LONGEST));
  if (match === null) return null;
  const place = match[1] ?? match[3];
  const here = place === undefined || place.toLowerCase() === repository?.toLowerCase();
  return here ? Number(match[2] ?? match[4]) : null;
}

/**
 * Is the item kept as an issue of another repository or in another tracker? What stands there is not for the
 * app to show here.
 */
export function isElsewhere(text: string, repository: string | null): boolean {
  const plain = text.slice(0, LONGEST);
  if (REFERENCE.test(plain)) return issueIn(text, repository) === null;
  return TRACKED.test(plain) || TRACKER_KEY.test(plain);
}

/** An address of an issue, whatever the tracker. */
const TRACKED =
  /https?:\/\/[^\s/]{1,100}\/[^\s)]{0,200}(?:issue|ticket|browse|task|card|story|work_?items?|bug|\/c\/)[^\s)]{0,100}[\d/]/iu;
/** `PAY-123` at the beginning or the end, in brackets, or where it is said to be tracked. */
const TRACKER_KEY =
  /(?:^|[([]|(?:[Tt]racked|[Tt]icket|[Ii]ssue|[Ss]ee|[Jj]ira|JIRA|[Ss]iehe|[Vv]oir|[Vv]er|[Сс]м\.?)(?: in| as)?:? )(?!(?:UTF|SHA|ISO|RFC|CVE|HTTP|TLS|SSL|AES|RSA|IPV|SEV)-)\p{Lu}[\p{Lu}\p{N}]{1,9}-\d{1,7}(?:$|[\])\s:,.])/u;

function looked(items: readonly string[]): readonly string[] {
  let left = MOST_TEXT;
  return items.slice(0, MOST_ITEMS).filter((text) => {
    left -= Math.min(text.length, LONGEST);
    return left >= 0;
  });
}

interface ListedItem {
  /** What stands behind its box, and the lines and lists that belong to it. */
  readonly parts: string[];
  readonly isTicked: boolean;
}

function itemsOfLists(lines: readonly string[]): readonly ListedItem[] {
  const items: ListedItem[] = [];
  let open: { readonly parts: string[]; readonly indent: number } | null = null;
  for (const line of lines) {
    const indent = ITEM.exec(line)?.[1]?.length;
    // As far from the margin as its text, it belongs to the item above.
    if (indent !== undefined && (open === null || indent < open.indent + 2)) {
      open = { parts: [line.replace(ITEM, "")], indent };
      items.push({ parts: open.parts, isTicked: TICKED.test(line) });
    } else if (open !== null && /^(?: {2,}|\t)\S/.test(line)) open.parts.push(line.trim());
    else if (line.trim() !== "") open = null;
  }
  return items;
}

/** Said instead of action items: there are none. */
const NO_ITEMS =
  /^[^\p{L}\p{N}]*(?:none(?! of(?![\p{L}\p{N}]))|no (?:actions?|further|follow|tasks?|need)|nothing|not (?:needed|necessary|required|applicable)|n\/a|(?:es (?:sind|gibt) )?keine?r?|nichts|nicht (?:nötig|erforderlich|notwendig|zutreffend)|entfällt|aucune?|rien|sans objet|néant|non applicable|pas (?:d['’]actions?|de suite|nécessaire|besoin)|ningun[oa]|nada|no (?:aplica|procede|hay|se (?:necesita|requiere|aplica)|es necesari[oa]|hace falta)|sin (?:acci[oó]n|acciones|más)|nenhum(?:a)?|não (?:se aplica|é necessári[oa]|há)|sem (?:ações|ação)|nessun[oa]?|niente|non (?:necessari[oa]|applicabile|serv[eo]n?o?)|geen|niets|niet (?:nodig|van toepassing)|inga|ingen|intet|brak|nie (?:dotyczy|są|ma|jest|trzeba)|żadn\p{L}{1,3}|нет|не (?:требу\p{L}{2,4}|нужн\p{L}{1,2}|применимо|потрібн\p{L}{1,2})|без (?:действий|задач|дій)|ничего|немає|yok|gerek(?:miyor| yok|li değil|mez)|hiçbir|لا (?:يوجد|حاجة|شيء|ينطبق|يلزم|توجد))(?![\p{L}\p{N}])|^[^\p{L}\p{N}]*(?:(?:特に)?なし|該当なし|無し|不要|(?:追加)?対応(?:は)?(?:不要|なし)|必要なし|(?:特に)?(?:あり|ござい)ません|无|無|没有|沒有|暂无|暫無|不需要|不适用|(?:此|该|本)次?(?:事故|故障)?(?:无|無)|없음|없습니다|해당 ?없음|필요 ?없음|불필요|추가 ?(?:조치|작업)(?:는|가)? ?(?:없|불필요))/iu;

function saysNone(text: string): boolean {
  return NO_ITEMS.test(text.slice(0, 200));
}

/** Without what is struck through; a remark of a few words behind it is none either. */
function withoutStruck(text: string): string {
  const rest = text
    .replace(/~~[^~]{1,1000}~~/g, " ")
    .replace(/<(del|s|strike)>[^<]{0,1000}<\/\1>/gi, " ")
    .replace(/^[\s.,;–—-]+/u, "")
    .trim();
  const isRemark = /^(?:~~|<(?:del|s|strike)>)/i.test(text) && rest.split(/\s+/).length <= 4;
  return isRemark && lacksIn(rest).length === 2 ? "" : rest;
}

/** Has a line above the items an owner and a date for all of them: `All for @jane, by Friday:`? */
export function areAllOwnedAndDated(lines: readonly string[]): boolean {
  const first = lines.findIndex((line) => ITEM.test(line));
  const above = lines
    .slice(0, Math.max(0, first))
    .filter((line) => line.trim() !== "" && !isActionItemsHint(line))
    .at(-1);
  const announces = above !== undefined && /[:：](?:\*\*|__)?\s*$/u.test(above);
  return announces && lacksIn(above).length === 0;
}

/** Action items that are no list: the rows of a table, each cell behind its column's name, and paragraphs. */
function itemsInText(lines: readonly string[]): readonly string[] {
  const items: string[] = [];
  let columns: readonly string[] = [];
  let open = false;
  for (const [i, line] of lines.entries()) {
    const isHead = isTableHead(lines, i);
    const row = isHead || line.trim().startsWith("|") || (columns.length > 0 && line.includes("|"));
    const apart = line.trim() === "" || /^ {0,3}#/.test(line) || isActionItemsHint(line);
    if (isHead) columns = cellsOf(line);
    if (!row) columns = [];
    if (apart || isHead || (row && isRule(line))) open = false;
    else if (open && !row) items.push(`${items.pop()} ${line.trim()}`);
    else {
      items.push(row ? rowAsText(cellsOf(line), columns) : line.trim());
      open = !row;
    }
  }
  return items;
}

/** Is the line the head of a table? */
export function isTableHead(lines: readonly string[], at: number): boolean {
  return (lines[at] ?? "").includes("|") && isRule(lines[at + 1] ?? "");
}

function isRule(line: string): boolean {
  return line.includes("-") && line.includes("|") && /^[\s|:-]*$/.test(line);
}

/** The outer bars of a row may be left out. */
function cellsOf(row: string): readonly string[] {
  return row
    .trim()
    .replace(/^\||\|$/g, "")
    .split("|")
    .map((cell) => cell.trim());
}

/** The owner behind the word for it, so that a name in that column is one. */
function rowAsText(cells: readonly string[], columns: readonly string[]): string {
  const named = cells.map((cell, i) =>
    cell !== "" && isOwnerColumn(columns[i] ?? "") ? `${columns[i]}: ${cell}` : cell,
  );
  return named.filter((cell) => cell !== "").join(" – ");
}
