import { type ActionIssues, ITEM, isElsewhere, issueIn } from "./action-items.ts";
import type { DatedItem } from "./item-reminders.ts";
import { metricsIn } from "./metrics-block.ts";
import { sectionsNamed } from "./section-names.ts";
import { subjectOf } from "./subject.ts";

/** An action item that is to be kept as an issue, and the line of the body that it begins in. */
export interface ItemToOpen {
  readonly item: DatedItem;
  /** Counted from 0. */
  readonly line: number;
}

/** GitHub's editor ends lines as forms do. */
const LINE_END = /\r?\n/;
/** More are left to the next look. */
const MOST_AT_ONCE = 10;

/** The hidden text in an action item's issue: of which post-mortem it is, and which item. */
export function actionIssueMarker(repository: string, number: number, key: string): string {
  return `<!-- hotfix-guard:action-item-of ${repository}#${number} ${key} -->`;
}

/**
 * The post-mortem whose action item an issue of the app keeps; `null`: it keeps none. What looks like
 * a post-mortem is one, whatever people wrote into it.
 */
export function postMortemOfItem({
  title,
  body,
}: {
  readonly title: string;
  readonly body: string;
}): { readonly owner: string; readonly repo: string; readonly number: number } | null {
  const match = /<!-- hotfix-guard:action-item-of ([\w.-]{1,100})\/([\w.-]{1,100})#(\d{1,15}) /.exec(body);
  if (match === null || looksLikePostMortem({ title, body })) return null;
  const [, owner = "", repo = "", number] = match;
  return { owner, repo, number: Number(number) };
}

/** By its title, marker or metrics, any of which people may have taken out. */
export function looksLikePostMortem({
  title,
  body,
}: {
  readonly title: string;
  readonly body: string;
}): boolean {
  return /^post-mortem/i.test(title) || subjectOf(body) !== null || metricsIn(body) !== null;
}

/**
 * The items that are to become issues: those of a list, to be done, with a day, that name no issue and no
 * other tracker's ticket yet.
 */
export function itemsToOpen(
  body: string,
  items: readonly DatedItem[],
  repository: string,
): readonly ItemToOpen[] {
  const lines = itemLines(body);
  const taken = new Set<number>();
  return items
    .filter(({ text }) => issueIn(text, repository) === null && !isElsewhere(text, repository))
    .flatMap((item): ItemToOpen[] => {
      const at = lines.find(
        ({ line, text }) => !taken.has(line) && text !== "" && item.text.startsWith(text),
      );
      if (at === undefined) return [];
      taken.add(at.line);
      return [{ item, line: at.line }];
    })
    .slice(0, MOST_AT_ONCE);
}

/** The body with the number of its issue before what people wrote of each item. */
export function withLinks(
  body: string,
  opened: readonly { readonly line: number; readonly number: number }[],
): string {
  const lines = body.split(LINE_END);
  for (const { line, number } of opened) {
    const text = lines[line] ?? "";
    const [begin = ""] = ITEM.exec(text) ?? [];
    const box = /\[[ xX]\]/.test(begin) ? begin : `${begin}[ ] `;
    lines[line] = `${box}#${number} ${text.slice(begin.length)}`;
  }
  return lines.join("\n");
}

const LINKED = /^( {0,3}(?:[-*+]|\d{1,9}[.)])[ \t]+)\[ \]([ \t]+#(\d{1,10})(?!\d).*)$/;

/** The body with a tick before each item whose line begins with an issue that is closed. */
export function withTicks(body: string, issues: ActionIssues): string {
  const lines = body.split(LINE_END);
  for (const { line } of itemLines(body)) {
    const match = LINKED.exec(lines[line] ?? "");
    const issue = match === null ? undefined : issues[match[3] ?? ""];
    if (match !== null && issue?.known === true && issue.value?.closed === true)
      lines[line] = `${match[1]}[x]${match[2]}`;
  }
  return lines.join("\n");
}

/** The numbers of issues that lines of open items begin with. */
export function linkedIssues(body: string): readonly number[] {
  const lines = body.split(LINE_END);
  return itemLines(body).flatMap(({ line }) => {
    const number = LINKED.exec(lines[line] ?? "")?.[3];
    return number === undefined ? [] : [Number(number)];
  });
}

/**
 * The lines in which items of the section Action Items begin, with what stands behind the box; code is left
 * out.
 */
function itemLines(body: string): readonly { readonly line: number; readonly text: string }[] {
  const found: { line: number; text: string }[] = [];
  let inside = false;
  let fenced = false;
  for (const [line, text] of body.split(LINE_END).entries()) {
    if (/^ {0,3}(?:```|~~~)/.test(text)) fenced = !fenced;
    if (fenced) continue;
    const title = /^ {0,3}#{1,6}[ \t]+(.*?)[ \t#]*$/.exec(text)?.[1];
    if (title !== undefined) inside = sectionsNamed(title).includes("Action Items");
    else if (inside && ITEM.test(text)) found.push({ line, text: text.replace(ITEM, "").trim() });
  }
  return found;
}
