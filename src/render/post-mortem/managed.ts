import type { ListItem, RootContent } from "mdast";
import { beginMark, digest, endMark } from "../../policy/post-mortem/body.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { METRICS_KEY } from "../../policy/post-mortem/metrics-block.ts";
import { bold, html, type Inline, inline, list, p, table } from "../text/markdown.ts";
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
    bold("Owed review:"),
    " an approving review of ",
    pullRequest(facts),
    " by another engineer, who neither wrote nor pushed it",
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

export function metrics(facts: PostMortemFacts): RootContent[] {
  return [
    ...managed("metrics", [metricsTable(facts)]),
    p("For programs; please leave this block as it is:"),
    metricsBlock(facts.metrics),
  ];
}

/** The metrics as data; found again by its key. */
export function metricsBlock(values: object): RootContent {
  return codeBlock(JSON.stringify({ [METRICS_KEY]: values }, null, 2), "json");
}

export function metricsTable(facts: PostMortemFacts): RootContent {
  const m = facts.metrics;
  const spans: [string, number | null][] = [
    ["From the beginning to the detection", m.time_to_detection],
    ["Time to approval", m.time_to_approval],
    ["Time to review", m.time_to_review],
    ["Time to merge", m.time_to_merge],
    ["From detection to the merge", m.time_to_fix],
    ["From the merge to the deployment", m.time_to_deployment],
    ["From detection to the verification", m.time_to_resolution],
  ];
  const rows = spans.map(([name, seconds]): Inline[] => [
    name,
    seconds === null ? "not known" : duration(seconds * 1000),
  ]);
  const late = m.late === null ? "not known" : m.late ? "no" : "yes";
  const within = m.respond_within === null ? "" : ` (${duration(m.respond_within * 1000)})`;
  return table(
    ["Metric", "Value"],
    [
      ...rows,
      [`Within the response time of ${facts.severity ?? "its severity"}${within}`, late],
      ["Rolled back", m.rolled_back_at === null ? "no" : inline("yes, ", time(m.rolled_back_at))],
    ],
  );
}
