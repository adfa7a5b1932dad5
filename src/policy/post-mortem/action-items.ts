import { type Fact, known } from "../fact.ts";
import { namesDate } from "../text/dates.ts";
import { narrowed } from "../text/look-alikes.ts";
import { sectionsOf } from "./body-sections.ts";
import { isNoContent } from "./emptiness.ts";
import { isActionItemsHint, placeholdersIn } from "./placeholder.ts";

/** What GitHub says of an issue that an action item was converted to, or names. */
export interface ActionIssue {
  /** It is done, or was given up. */
  readonly closed: boolean;
  readonly assigned: boolean;
  /** It has a milestone, which is its deadline. */
  readonly scheduled: boolean;
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

export const ITEM = /^( {0,3})(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]*)?/;

/**
 * The items of a section: those of its lists; where there is none, table rows and paragraphs. What is struck
 * through is none.
 */
export function actionItems(lines: readonly string[], alsoInText: boolean): readonly string[] {
  const listed = itemsOfLists(lines);
  const all = listed.length > 0 || !alsoInText ? listed : itemsInText(lines);
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

/** A mention, a link to a profile, or a name behind a word for it. */
function namesOwner(text: string): boolean {
  const plain = narrowed(text, LONGEST);
  if (MENTION.test(plain) || PROFILE.test(plain)) return true;
  const [, name = ""] = OWNER.exec(plain) ?? [];
  return /^\p{L}/u.test(name) && !isNoContent(name);
}

/**
 * Names of accounts are ASCII; before the mark may stand a word of a script without spaces, but no address.
 */
const MENTION =
  /(?<![\p{Script=Latin}\p{Script=Cyrillic}\p{Script=Greek}\p{N}_.])@[A-Za-z0-9][A-Za-z0-9-]{0,38}/u;
const PROFILE = /\]\(https?:\/\/[^/\s)]{1,100}\/[A-Za-z0-9-]{1,39}\/?\)/;
const OWNER =
  /(?<![\p{L}\p{N}])(?:owner|assignee|assigned to|responsible|dri|who|verantwortlich(?:e|er)?|zuständig|wer|responsable|asignado a|encargad[oa]|responsável|responsabile|assegnato a|eigenaar|verantwoordelijke?|ansvarig|ansvarlig|vastuuhenkilö|odpowiedzialn[ya]|właściciel|ответственн(?:ый|ая)|исполнитель|відповідальн(?:ий|а)|виконавець|sorumlu|担当者?|責任者|负责人|責任人|負責人|담당자?)(?:\*\*|__)?\s?[:：=–-]\s?(?:\*\*|__)?\s?([^,;|()–—]{1,60})/iu;

const REFERENCE =
  /(?<![\p{L}\p{N}/&])(?:([\w.-]{1,100}\/[\w.-]{1,100})?#(\d{1,10})|https?:\/\/[^/\s]{1,100}\/([\w.-]{1,100}\/[\w.-]{1,100})\/(?:issues|pull)\/(\d{1,10}))(?!\d)/iu;

/** The issue of this repository that an item names; `null`: none, or another's. */
function issueIn(text: string, repository: string | null): number | null {
  const match = REFERENCE.exec(text.slice(0, LONGEST));
  if (match === null) return null;
  const place = match[1] ?? match[3];
  const here = place === undefined || place.toLowerCase() === repository?.toLowerCase();
  return here ? Number(match[2] ?? match[4]) : null;
}

/** Is the item kept as an issue of another repository? What stands there is not for the app to show here. */
function isElsewhere(text: string, repository: string | null): boolean {
  return REFERENCE.test(text.slice(0, LONGEST)) && issueIn(text, repository) === null;
}

function looked(items: readonly string[]): readonly string[] {
  let left = MOST_TEXT;
  return items.slice(0, MOST_ITEMS).filter((text) => {
    left -= Math.min(text.length, LONGEST);
    return left >= 0;
  });
}

/** Each item with the lines and lists that belong to it. */
function itemsOfLists(lines: readonly string[]): readonly string[] {
  const items: string[][] = [];
  let open = false;
  for (const line of lines) {
    if (ITEM.test(line) && !(open && /^ {2}/.test(line))) {
      items.push([line.replace(ITEM, "")]);
      open = true;
    } else if (open && /^(?: {2,}|\t)\S/.test(line)) items.at(-1)?.push(line.trim());
    else if (line.trim() !== "") open = false;
  }
  return items.map((parts) => parts.join(" ").trim());
}

/** Said instead of action items: there are none. */
const NO_ITEMS =
  /^[^\p{L}\p{N}]*(?:none(?! of\b)|no (?:actions?|further|follow|tasks?)|nothing|not needed|n\/a|keine?|nichts|nicht nötig|entfällt|aucune?|rien|sans objet|ningun[oa]|nada|no (?:aplica|hay|se necesita)|nenhum(?:a)?|não se aplica|nessun[oa]?|niente|geen|niets|inga|ingen|intet|brak|нет|не требу\p{L}{2,4}|ничего|немає|yok|gerekmiyor)(?![\p{L}\p{N}])|^[^\p{L}\p{N}]*(?:なし|特になし|該当なし|無し|无|無|没有|不需要|없음|해당 ?없음)/iu;

function saysNone(text: string): boolean {
  return NO_ITEMS.test(text.slice(0, 200));
}

/** Without what is struck through. */
function withoutStruck(text: string): string {
  return text
    .replace(/~~[^~]{1,1000}~~/g, " ")
    .replace(/<(del|s|strike)>[^<]{0,1000}<\/\1>/gi, " ")
    .replace(/^[\s.,;–—-]+/u, "")
    .trim();
}

/** Action items that are no list: the rows of a table, each cell behind its column's name, and paragraphs. */
function itemsInText(lines: readonly string[]): readonly string[] {
  const items: string[] = [];
  let columns: readonly string[] = [];
  let open = false;
  for (const [i, line] of lines.entries()) {
    const row = line.trim().startsWith("|");
    const apart = line.trim() === "" || /^ {0,3}#/.test(line) || isActionItemsHint(line);
    const isHead = row && isRule(lines[i + 1] ?? "");
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

function isRule(line: string): boolean {
  return /^[\s|:-]*-[\s|:-]*$/.test(line);
}

function cellsOf(row: string): readonly string[] {
  return row
    .split("|")
    .map((cell) => cell.trim())
    .slice(1);
}

/** The owner behind the word for it, so that a name in that column is one. */
function rowAsText(cells: readonly string[], columns: readonly string[]): string {
  const named = cells.map((cell, i) =>
    cell !== "" && OWNER.test(`${columns[i] ?? ""}: x`) ? `${columns[i]}: ${cell}` : cell,
  );
  return named.filter((cell) => cell !== "").join(" – ");
}
