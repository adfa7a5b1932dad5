import { visibleLines } from "../commit-message/visible-lines.ts";
import type { Fact } from "../fact.ts";
import { saysNothing } from "./emptiness.ts";
import { ACTION_ITEMS_HINT, placeholderAt, placeholdersIn } from "./placeholder.ts";

/** What a post-mortem still lacks. Texts are people's own: neutralise them where they are shown. */
export type Missing =
  /** What is to be written, each once: by its label or the row that it stands in, else by the placeholder's own words. */
  | { readonly kind: "placeholders"; readonly section: string; readonly what: readonly string[] }
  /** The section is gone, or nothing stands in it. */
  | { readonly kind: "empty-section"; readonly section: string }
  /** A label with nothing behind it. */
  | { readonly kind: "empty-label"; readonly section: string; readonly label: string }
  | {
      readonly kind: "action-item";
      readonly text: string;
      readonly lacks: readonly ("assignee" | "deadline")[];
    }
  | { readonly kind: "owed-review" }
  | { readonly kind: "back-merge"; readonly branch: string };

/** The sections of the procedure: with the app's own form they have to be there, with something in them. */
export const REQUIRED_SECTIONS = [
  "Incident Summary",
  "Timeline",
  "Root Cause",
  "Resolution",
  "Prevention",
  "Action Items",
] as const;

export interface CompletenessInput {
  readonly body: string;
  /** The repository has a form of its own, whose sections the app does not know. */
  readonly ownForm: boolean;
  readonly reviewOwed: Fact<boolean>;
  /** By branch: has the hotfix arrived there? */
  readonly backMerges: Readonly<Record<string, Fact<boolean>>>;
}

export interface Completeness {
  readonly missing: readonly Missing[];
  /** Why it cannot be said whether more is missing. */
  readonly undecided: readonly string[];
}

/** Everything that keeps a post-mortem from being complete, in the order of the body. Linear in its length. */
export function completenessOf({ body, ownForm, reviewOwed, backMerges }: CompletenessInput): Completeness {
  const sections = sectionsOf(body);
  const missing: Missing[] = [
    ...sections.flatMap((section) => missingIn(section, ownForm)),
    ...(ownForm ? [] : absentFrom(sections)).map((section): Missing => ({ kind: "empty-section", section })),
  ];
  const undecided: string[] = [];
  if (!reviewOwed.known) undecided.push(reviewOwed.reason);
  else if (reviewOwed.value) missing.push({ kind: "owed-review" });
  for (const [branch, there] of Object.entries(backMerges)) {
    if (!there.known) undecided.push(there.reason);
    else if (!there.value) missing.push({ kind: "back-merge", branch });
  }
  return { missing, undecided };
}

interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/** The body by its headings of the first two levels; what stands before the first has the title `""`. Code and comments are left out. */
function sectionsOf(body: string): readonly Section[] {
  const sections: { title: string; lines: string[] }[] = [{ title: "", lines: [] }];
  for (const line of visibleLines(body, { code: false })) {
    const heading = /^ {0,3}#{1,2}(?:[ \t]+(.*))?$/.exec(line);
    if (heading === null) sections.at(-1)?.lines.push(line);
    else sections.push({ title: (heading[1] ?? "").replace(/[ \t#]+$/, ""), lines: [] });
  }
  return sections;
}

/** Required sections that have no heading. One heading stands for one section, whatever else it names. */
function absentFrom(sections: readonly Section[]): readonly string[] {
  const left = [...sections];
  return REQUIRED_SECTIONS.filter((name) => {
    const at = left.findIndex((one) => isOf(one, name));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

function isOf({ title }: Section, name: string): boolean {
  return title.toLowerCase().includes(name.toLowerCase());
}

function missingIn(section: Section, ownForm: boolean): readonly Missing[] {
  const { title, lines } = section;
  const what = [...new Set(lines.flatMap(toBeWritten))];
  const found: Missing[] = what.length === 0 ? [] : [{ kind: "placeholders", section: title, what }];
  const required = !ownForm && REQUIRED_SECTIONS.some((name) => isOf(section, name));
  const content = lines.filter((line) => !line.includes(ACTION_ITEMS_HINT));
  const unlabeled = required ? emptyLabels(lines) : [];
  if (required && what.length + unlabeled.length === 0 && content.every(saysNothing))
    return [{ kind: "empty-section", section: title }];
  found.push(...unlabeled.map((label): Missing => ({ kind: "empty-label", section: title, label })));
  if (isOf(section, "Action Item")) {
    const items = actionItems(lines);
    found.push(...(items.length > 0 || !required ? items : itemsInText(lines)).flatMap(lackOf));
  }
  return found;
}

/** What the placeholders of a line ask for, as a reader would call it. */
function toBeWritten(line: string): readonly string[] {
  const asked = placeholdersIn(line);
  // An action item that was given an owner and a date is one, whatever it begins with.
  if (asked.length === 0 || (/^[\s*+-]*(?:\[[ xX]\]\s+)?to-?do:/i.test(line) && isOwnedAndDated(line)))
    return [];
  const name = (line.trim().startsWith("|") ? rowName(line) : labelBefore(line))
    ?.replace(/[*_]{2}/g, "")
    .trim();
  return name ? [name] : asked;
}

/** The first cell of a table's row that says something, and is no time. */
function rowName(row: string): string | undefined {
  return row.split("|").find((cell) => /^[\s*_`]*\p{L}/u.test(cell) && placeholdersIn(cell).length === 0);
}

function labelBefore(line: string): string | undefined {
  const before = line.slice(0, Math.max(0, placeholderAt(line))).replace(ITEM, "");
  return /^([^:]{1,200}):/.exec(before)?.[1];
}

const ITEM = /^( {0,3})(?:[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?/;
const NOTHING = /^(?:tb[adc]|to ?do|fixme|\?{1,9}|…|\.{3}|[-–—_]{1,9})?$/i;

/** Labels (`**What led to it:**`, `- [ ] Add monitoring:`) behind which nothing was written. */
function emptyLabels(lines: readonly string[]): readonly string[] {
  const written = lines.filter((line) => line.trim() !== "");
  return written.flatMap((line, i) => {
    const match = /^([^:]{1,200}:(?:\*\*|__)?)(.*)$/.exec(line.replace(ITEM, "").trim());
    const [, label = "", value = ""] = match ?? [];
    if (match === null || !NOTHING.test(value.trim())) return [];
    const next = written[i + 1];
    return value.trim() === "" && next !== undefined && goesOn(line, next)
      ? []
      : [label.replace(/[*_]{2}/g, "").replace(/:$/, "")];
  });
}

/** Is the next line what the label announces, rather than the next label? */
function goesOn(line: string, next: string): boolean {
  if (ITEM.test(line)) return /^(?: {2,}|\t)/.test(next);
  return !/^(?:\*\*|__)[^:]{1,200}:(?:\*\*|__)/.test(next);
}

/** The items of a list, each with the lines and lists that belong to it. */
function actionItems(lines: readonly string[]): readonly string[] {
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
const NO_ITEMS = /^[\s*_]*(?:none\b|no (?:action|further|follow|task)|nothing\b|not needed\b)/i;

/** Action items that are no list: the rows of a table, and paragraphs. */
function itemsInText(lines: readonly string[]): readonly string[] {
  const items: string[] = [];
  let open = false;
  for (const [i, line] of lines.entries()) {
    const row = line.trim().startsWith("|");
    const apart = line.trim() === "" || /^ {0,3}#/.test(line) || line.includes(ACTION_ITEMS_HINT);
    const head = row && [line, lines[i + 1] ?? ""].some((one) => /^[\s|:-]*-[\s|:-]*$/.test(one));
    if (apart || head) open = false;
    else if (open && !row) items.push(`${items.pop()} ${line.trim()}`);
    else {
      items.push(row ? cellsOf(line) : line.trim());
      open = !row;
    }
  }
  return items.filter((text) => /[\p{L}\p{N}]/u.test(text) && !NO_ITEMS.test(text));
}

function cellsOf(row: string): string {
  const cells = row.split("|").map((cell) => cell.trim());
  return cells.filter((cell) => cell !== "").join(" – ");
}

const ASSIGNEE = /(?:^|[^\p{L}\p{N}_.])@[a-z0-9][a-z0-9-]{0,38}/iu;
const DATES: readonly RegExp[] = [
  /\b\d{4}-\d{1,2}-\d{1,2}\b/,
  /\b\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d{2})\b/,
  /\b\d{1,2}(?:st|nd|rd|th)?\.? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i,
  /\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]{0,6}\.? \d{1,2}\b/i,
];

function isOwnedAndDated(text: string): boolean {
  return ASSIGNEE.test(text) && DATES.some((date) => date.test(text));
}

/** An item that was written needs a person and a date; one that still is to be written is reported as that. */
function lackOf(text: string): readonly Missing[] {
  if (text === "" || (placeholdersIn(text).length > 0 && !isOwnedAndDated(text))) return [];
  const lacks = [
    ...(ASSIGNEE.test(text) ? [] : (["assignee"] as const)),
    ...(DATES.some((date) => date.test(text)) ? [] : (["deadline"] as const)),
  ];
  return lacks.length === 0 ? [] : [{ kind: "action-item", text, lacks }];
}
