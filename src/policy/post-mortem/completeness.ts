import type { Fact } from "../fact.ts";
import {
  type ActionIssues,
  actionItems,
  areAllOwnedAndDated,
  ITEM,
  isOwnedAndDated,
  isTableHead,
  type Lack,
  lackOf,
} from "./action-items.ts";
import { type Section, sectionsOf } from "./body-sections.ts";
import { saysNothing } from "./emptiness.ts";
import { isActionItemsHint, placeholderAt, placeholdersIn } from "./placeholder.ts";
import { isCalled, REQUIRED_SECTIONS } from "./section-names.ts";

/** What a post-mortem still lacks. Texts are people's own: neutralize them where they are shown. */
export type Missing =
  /**
   * What is to be written, each once: by its label or the row that it stands in, else by the placeholder's
   * own words.
   */
  | { readonly kind: "placeholders"; readonly section: string; readonly what: readonly string[] }
  /** The section is gone, or nothing stands in it. */
  | { readonly kind: "empty-section"; readonly section: string }
  /** A label with nothing behind it. */
  | { readonly kind: "empty-label"; readonly section: string; readonly label: string }
  | {
      readonly kind: "action-item";
      readonly text: string;
      readonly lacks: readonly Lack[];
    }
  | { readonly kind: "owed-review" }
  | { readonly kind: "back-merge"; readonly branch: string };

/** What decides whether a post-mortem is complete. */
export interface CompletenessInput {
  readonly body: string;
  /** The repository has a form of its own, whose sections the app does not know. */
  readonly ownForm: boolean;
  readonly reviewOwed: Fact<boolean>;
  /** By branch: has the hotfix arrived there? */
  readonly backMerges: Readonly<Record<string, Fact<boolean>>>;
  /**
   * The repository that the post-mortem is in, as `owner/name`, and what is known of the issues that its
   * action items name.
   */
  readonly actionIssues?: { readonly repository: string; readonly issues: ActionIssues };
}

/** What a post-mortem lacks; complete: both lists are empty. */
export interface Completeness {
  readonly missing: readonly Missing[];
  /** Why it cannot be said whether more is missing. */
  readonly undecided: readonly string[];
}

/**
 * Everything that keeps a post-mortem from being complete, in the order of the body. Linear in its length.
 */
export function completenessOf(input: CompletenessInput): Completeness {
  const { body, ownForm, reviewOwed, backMerges } = input;
  const sections = sectionsOf(body);
  const undecided: string[] = [];
  const missing: Missing[] = sections.flatMap((section, at) => [
    ...missingIn(section, ownForm, () => isWrittenBelow(section, sections.slice(at + 1))),
    ...lacksOfItems(section, input, undecided),
  ]);
  if (!ownForm)
    missing.push(...absentFrom(sections).map((section): Missing => ({ kind: "empty-section", section })));
  if (!reviewOwed.known) undecided.push(reviewOwed.reason);
  else if (reviewOwed.value) missing.push({ kind: "owed-review" });
  for (const [branch, there] of Object.entries(backMerges)) {
    if (!there.known) undecided.push(there.reason);
    else if (!there.value) missing.push({ kind: "back-merge", branch });
  }
  return { missing, undecided };
}

/**
 * Required sections that have no heading. One heading stands for one section, whatever else it names; one
 * that names nothing else goes first.
 */
function absentFrom(sections: readonly Section[]): readonly string[] {
  const left = sections.toSorted((a, b) => a.names.length - b.names.length);
  return REQUIRED_SECTIONS.filter((name) => {
    const at = left.findIndex(({ names }) => names.includes(name));
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  });
}

/** Does something stand under the deeper headings that follow? */
function isWrittenBelow({ level }: Section, following: readonly Section[]): boolean {
  for (const below of following) {
    if (below.level <= level) return false;
    if (!isEmpty(below.lines)) return true;
  }
  return false;
}

/** Says no line anything? The head of a table says nothing by itself. */
function isEmpty(lines: readonly string[]): boolean {
  return lines.every((line, at) => isActionItemsHint(line) || isTableHead(lines, at) || saysNothing(line));
}

function missingIn(
  { title, names, lines }: Section,
  ownForm: boolean,
  isWrittenBelow: () => boolean,
): readonly Missing[] {
  const what = [...new Set(lines.flatMap(toBeWritten))];
  const found: Missing[] = what.length === 0 ? [] : [{ kind: "placeholders", section: title, what }];
  const required = !ownForm && names.length > 0;
  const unlabeled = required ? emptyLabels(lines) : [];
  if (required && what.length + unlabeled.length === 0 && isEmpty(lines) && !isWrittenBelow())
    return [{ kind: "empty-section", section: title }];
  return [...found, ...unlabeled.map((label): Missing => ({ kind: "empty-label", section: title, label }))];
}

/** That many incomplete items are enough to be told; to look at thousands would take long. */
const MOST_LACKS = 100;

/** With a form of one's own only what is called action items are such. */
function lacksOfItems(
  { title, names, lines }: Section,
  { ownForm, actionIssues }: CompletenessInput,
  undecided: string[],
): readonly Missing[] {
  const are = ownForm ? isCalled(title, "Action Items") : names.includes("Action Items");
  if (!are || isEmpty(lines) || areAllOwnedAndDated(lines)) return [];
  const found: Missing[] = [];
  for (const text of actionItems(lines, !ownForm)) {
    const lacks = lackOf(text, actionIssues?.repository ?? null, actionIssues?.issues ?? {});
    if (!lacks.known) undecided.push(lacks.reason);
    else if (lacks.value.length > 0) found.push({ kind: "action-item", text, lacks: lacks.value });
    if (found.length + undecided.length >= MOST_LACKS) break;
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

const NOTHING = /^(?:tb[adc]|to ?do|fixme|\?{1,9}|…|\.{3}|[-–—_]{1,9})?$/i;

/** Labels (`**What led to it:**`, `- [ ] Add monitoring:`) behind which nothing was written. */
function emptyLabels(lines: readonly string[]): readonly string[] {
  const written = lines.filter((line) => line.trim() !== "");
  return written.flatMap((line, i) => {
    const match = /^([^:]{1,200}):(?:\*\*|__)?\s*(.*)/.exec(line.replace(ITEM, "").trim());
    if (match === null) return [];
    const [, label = "", value = ""] = match;
    if (!NOTHING.test(value)) return [];
    const next = written[i + 1];
    return value === "" && next !== undefined && goesOn(line, next) ? [] : [label.replace(/[*_]{2}/g, "")];
  });
}

/** Is the next line what the label announces, rather than the next label? */
function goesOn(line: string, next: string): boolean {
  if (ITEM.test(line)) return /^(?: {2,}|\t)/.test(next);
  return !/^(?:\*\*|__)[^:]{1,200}:(?:\*\*|__)/.test(next);
}
