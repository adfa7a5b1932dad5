import type { ListItem, RootContent } from "mdast";
import { beginMark, digest, endMark } from "../../policy/post-mortem/body.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { METRICS_KEY } from "../../policy/post-mortem/metrics-block.ts";
import { bold, details, html, type Inline, inline, list, p, table } from "../text/markdown.ts";
import { code, codeBlock } from "../text/neutralize.ts";
import { duration, time } from "../text/time.ts";
import { managed, pullRequest } from "./words.ts";

/** What the app itself ticks, as a region of the body. */
export function openItems(facts: PostMortemFacts): RootContent[] {
  const items = openItemsOf(facts);
  return [
    html(beginMark("items", items.map(({ key }) => key).join(" "))),
    ...(items.length === 0 ? [] : [{ ...list([]), children: items.map(({ node }) => node) }]),
    html(endMark("items")),
  ];
}

/** A line of a list that the app ticks off by itself; `key` tells it from the others. */
export interface OpenItem {
  readonly key: string;
  readonly done: boolean;
  readonly node: ListItem;
}

/** The owed review, and the branches where the hotfix has to arrive as well. */
export function openItemsOf(facts: PostMortemFacts): readonly OpenItem[] {
  const item = (key: string, done: boolean, ...parts: readonly Inline[]): OpenItem => ({
    key,
    done,
    node: { type: "listItem", spread: false, checked: done, children: [p(...parts)] },
  });
  const review = item(
    "review",
    !facts.reviewOwed,
    bold("Outstanding review:"),
    " an approving review of ",
    pullRequest(facts),
    " by an engineer who neither wrote nor pushed it",
  );
  return [
    ...(facts.reviewOwedAtMerge && facts.push === null ? [review] : []),
    ...Object.entries(facts.backMerges).map(([branch, there]) =>
      item(
        `back-merge:${digest(branch)}`,
        there.known && there.value,
        bold("Back-merge:"),
        " the hotfix is in ",
        code(branch),
        " as well",
      ),
    ),
  ];
}

/** The table of metrics, and the same as data. */
export function metrics(facts: PostMortemFacts): RootContent[] {
  return [...managed("metrics", [metricsTable(facts)]), ...metricsData(facts.metrics)];
}

/** The metrics as data, folded. */
export function metricsData(values: object): RootContent[] {
  return details("Machine-readable, do not edit", [metricsBlock(values)]);
}

/**
 * Marks of Markdown and HTML, as JSON may write them: no text in the block ends it or is a marker of the app.
 */
const ESCAPED: Readonly<Record<string, string>> = { "<": "\\u003c", "`": "\\u0060", "~": "\\u007e" };
/** The block is JSON: cut off, it would be none. */
const METRICS_LIMIT = 20_000;

/** The metrics as data; found again by its key. */
export function metricsBlock(values: object): RootContent {
  const text = JSON.stringify({ [METRICS_KEY]: values }, null, 2);
  return codeBlock(
    text.replace(/[<`~]/g, (mark) => ESCAPED[mark] ?? mark),
    "json",
    METRICS_LIMIT,
  );
}

/** The metrics for people. */
export function metricsTable(facts: PostMortemFacts): RootContent {
  const m = facts.metrics;
  const spans: [string, number | null][] = [
    ["Time to detect", m.time_to_detection],
    ["Time to approval", m.time_to_approval],
    ["Time to review", m.time_to_review],
    ["Time to merge", m.time_to_merge],
    ["Detection to merge", m.time_to_fix],
    ["Merge to deployment", m.time_to_deployment],
    ["Time to resolve", m.time_to_resolution],
  ];
  const rows = spans.map(([name, seconds]): Inline[] => [
    name,
    seconds === null ? "unknown" : duration(seconds * 1000),
  ]);
  const late = m.late === null ? "unknown" : m.late ? "no" : "yes";
  const within = m.respond_within === null ? "" : ` (${duration(m.respond_within * 1000)})`;
  return table(
    ["Metric", "Value"],
    [
      ...rows,
      [`Within the ${facts.severity ?? "severity's"} target${within}`, late],
      ["Rolled back", m.rolled_back_at === null ? "no" : inline("yes, ", time(m.rolled_back_at))],
    ],
  );
}
