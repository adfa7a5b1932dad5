import { expect, it } from "vitest";
import type { Seen, WatchEntry, WatchedKey } from "../src/jobs/watch-list.ts";
import { createMetrics } from "../src/metrics.ts";

const seen = (kind: WatchedKey["kind"], more: Partial<Seen> = {}): WatchEntry => {
  const key = { kind, installationId: 5, owner: "acme", repo: "payments", number: 1 } as const;
  return { key, updatedAt: "2025-10-14T11:00:00Z", dueAt: null, ...more };
};

const CASES: readonly (readonly [string, readonly WatchEntry[], Readonly<Record<string, number>>])[] = [
  ["a hotfix", [seen("pull-request", { hotfix: true })], { hotfix: 1 }],
  ["an ordinary pull request, seen too", [seen("pull-request", { hotfix: false })], {}],
  ["one that a version before has seen", [seen("pull-request")], {}],
  ["a post-mortem", [seen("post-mortem")], { "post-mortem": 1 }],
  [
    "one that is overdue",
    [seen("post-mortem", { overdue: true })],
    { "post-mortem": 1, "post-mortem-overdue": 1 },
  ],
  [
    "one that is complete, with action items left",
    [seen("post-mortem", { closed: true, itemsOverdueAt: [1, Date.now() + 60_000] })],
    { "action-item": 2, "action-item-overdue": 1 },
  ],
];

it.each(CASES)("what is open, counted: %s", async (_, entries, expected) => {
  const metrics = createMetrics();
  metrics.watchWork({ entries: async () => entries, budgets: () => new Map(), brokenFiles: () => 0 });
  const text = await metrics.registry.metrics();
  const counts = [...text.matchAll(/^hotfix_open\{what="([\w-]+)"\} (\d+)$/gm)];
  const some = counts.filter(([, , count]) => count !== "0").map(([, what, count]) => [what, Number(count)]);
  expect(counts).toHaveLength(5);
  expect(Object.fromEntries(some)).toEqual(expected);
});
