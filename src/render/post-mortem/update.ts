import type { RootContent } from "mdast";
import {
  beginMark,
  findRegion,
  mergeRows,
  region,
  replaceRegion,
  updateWhole,
} from "../../policy/post-mortem/body.ts";
import type { PostMortemEnd } from "../../policy/post-mortem/decide.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { Metrics } from "../../policy/post-mortem/metrics-block.ts";
import { mergedMetrics, metricsIn } from "../../policy/post-mortem/metrics-block.ts";
import { type Inline, list, markdown, table } from "../text/markdown.ts";
import { utc } from "../text/time.ts";
import { withWhatIsKnown } from "./filled.ts";
import { postMortemMarker, renderPostMortem } from "./issue.ts";
import { metricsBlock, metricsData, metricsTable, openItemsOf } from "./managed.ts";
import { marks } from "./marks.ts";
import { takeUnreadMark, withUnreadMark } from "./opened-unread.ts";
import { entryKey, timelineDiagram, timelineRow, WAITING } from "./timeline.ts";

/**
 * The body with everything that is known now, and all that people wrote as it is. Where a fact could not be
 * read (`commandsRead`: whether the commands could), things are only added: what could not be read is not
 * what has ceased to be. The same facts a second time change nothing.
 */
export function updatedBody(body: string, facts: PostMortemFacts, commandsRead: boolean): string {
  const { text: there, untouched } = takeUnreadMark(body.replaceAll("\r\n", "\n"));
  const text = untouched && !facts.unread ? renderPostMortem(facts, {}).body : there;
  const updated = upToDate(withMarker(text, facts), facts, commandsRead);
  return untouched ? withUnreadMark(updated, facts) : updated;
}

function upToDate(body: string, facts: PostMortemFacts, commandsRead: boolean): string {
  let text = body;
  const { after } = facts;
  const settled = commandsRead && after?.deployed.known === true && after.rolledBack.known;
  // What landed may never be known; a rollback is to be seen all the same.
  const decided =
    facts.early.known &&
    after?.rolledBack.known === true &&
    after.gateAtMerge.known &&
    after.unchecked?.known !== false &&
    (after.landedWithout.known || after.rolledBack.value !== null);
  if (decided) text = updateWhole(text, "marks", content(marks(facts)));
  text = withTimeline(text, facts);
  if (settled) text = updateWhole(text, "diagram", content(timelineDiagram(facts).slice(1, -1)));
  text = withOpenItems(text, facts);
  text = withWhatIsKnown(text, facts);
  if (settled) text = updateWhole(text, "metrics", content([metricsTable(facts)]));
  return withMetrics(text, facts.metrics, settled);
}

/** The body with what became of the post-mortem itself; `null`: it is open. */
export function endedBody(body: string, end: PostMortemEnd | null): string {
  const there = metricsIn(body);
  if (there?.values == null) return body;
  const values = {
    ...there.values,
    closed_at: end?.closedAt ?? null,
    on_time: end?.onTime ?? null,
    complete: end?.complete ?? null,
  };
  return replaceRegion(body, there, metricsText(values, there.values) ?? body.slice(there.start, there.end));
}

function content(nodes: readonly RootContent[]): string {
  return markdown(nodes).trim();
}

/** The marker by which the app finds the issue again may have been deleted. */
export function withMarker(body: string, { repository, key, formerKey }: PostMortemFacts): string {
  const marker = postMortemMarker(repository, key);
  if (body.includes(marker)) return body;
  const former = formerKey === null ? null : postMortemMarker(repository, formerKey);
  return former !== null && body.includes(former)
    ? body.replace(former, () => marker)
    : `${marker}\n\n${body}`;
}

function withTimeline(body: string, { timeline }: PostMortemFacts): string {
  const there = findRegion(body, "timeline");
  if (there === null) return body;
  const rows = timeline.map((entry) => ({
    key: entryKey(entry),
    text: rowText(timelineRow(entry)),
    time: utc(entry.at).slice(0, 16),
    fills: WAITING[entry.what] ?? null,
  }));
  const merged = mergeRows(there, rows);
  if (merged.data === there.data) return body;
  return replaceRegion(body, there, region("timeline", merged.data, merged.content));
}

function rowText(cells: readonly Inline[]): string {
  return markdown([table(["", "", ""], [cells])]).split("\n")[2] ?? "";
}

/** Items that the app knows to be done are ticked, and new ones added. */
function withOpenItems(body: string, facts: PostMortemFacts): string {
  const there = findRegion(body, "items");
  if (there === null) return body;
  const keys = there.data.split(" ").filter((key) => key !== "");
  const lines = there.content === "" ? [] : there.content.split("\n");
  for (const { key, done, node } of openItemsOf(facts)) {
    const line = markdown([{ ...list([]), children: [node] }]).trim();
    if (!keys.includes(key)) {
      keys.push(key);
      lines.push(line);
    } else if (done) {
      const open = line.replace("- [x]", "- [ ]");
      const at = lines.findIndex((there) => there === open || there === formerly(open));
      if (at >= 0) lines[at] = line;
    }
  }
  const text = region("items", keys.join(" "), lines.join("\n"));
  return text.startsWith(beginMark("items", there.data)) && lines.join("\n") === there.content
    ? body
    : replaceRegion(body, there, text);
}

/** The item as older versions wrote it. */
function formerly(line: string): string {
  return line
    .replace("**Outstanding review:**", "**Owed review:**")
    .replace("by an engineer who neither", "by another engineer, who neither");
}

/**
 * The block is found by its key; where it was deleted or broken there is another, since programs read it.
 * What is broken may hold what people wrote, and stays.
 */
function withMetrics(body: string, metrics: Metrics, settled: boolean): string {
  const there = metricsIn(body);
  if (there === null || there.values === null)
    return `${body.trimEnd()}\n\n${content(metricsData(metrics))}\n`;
  const text = metricsText(mergedMetrics(there.values, metrics, settled), there.values);
  return text === null ? body : replaceRegion(body, there, text);
}

/** `null`: they say what stands there already. */
function metricsText(
  values: Readonly<Record<string, unknown>>,
  there: Readonly<Record<string, unknown>>,
): string | null {
  return JSON.stringify(values) === JSON.stringify(there) ? null : content([metricsBlock(values)]);
}
