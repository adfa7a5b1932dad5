import { expect, it } from "vitest";
import { planSeverityLabel } from "../../src/plan/post-mortem/severity-label.ts";
import type { PostMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import { withUnreadMark } from "../../src/render/post-mortem/opened-unread.ts";

const facts = (...labels: readonly string[]) => ({ unread: true, labels }) as unknown as PostMortemFacts;
const UNREAD = withUnreadMark("## Incident Summary\n", facts());
const event = (label: string) =>
  ({ label, event: "unlabeled", at: "2025-10-14T10:00:00Z", byApp: false }) as never;

it.each([
  [
    "opened unread, the severity is known by now",
    UNREAD,
    [],
    [],
    ["post-mortem", "severity:P1"],
    ["severity:P1"],
  ],
  ["opened unread, it still cannot be read", UNREAD, [], [], ["post-mortem"], []],
  ["opened as it should be", "## Incident Summary\n", [], [], ["severity:P1"], []],
  ["one was set by hand", UNREAD, ["Severity:P0"], [], ["severity:P1"], []],
  ["one was taken off by hand", UNREAD, [], [event("severity:P0")], ["severity:P1"], []],
] as const)("%s", (_, body, labels, labelEvents, wanted, expected) => {
  const actions = planSeverityLabel({ number: 7, body, labels, labelEvents }, facts(...wanted));
  expect(actions).toEqual(expected.map((label) => ({ type: "add-label", number: 7, label })));
});
