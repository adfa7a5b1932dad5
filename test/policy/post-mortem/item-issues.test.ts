import { describe, expect, test } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import {
  actionIssueMarker,
  itemsToOpen,
  linkedIssues,
  postMortemOfItem,
  withLinks,
  withTicks,
} from "../../../src/policy/post-mortem/item-issues.ts";
import { datedItems } from "../../../src/policy/post-mortem/item-reminders.ts";

const REPO = "kamiyo/api";
const opened = (body: string) => itemsToOpen(body, datedItems(body, REPO, {}), REPO);
const body = (...items: readonly string[]) =>
  `## Root Cause\n\n- [ ] Alert – @jane – 2025-10-20\n\n## Action Items\n\n${items.join("\n")}\n\n## Metrics\n`;

describe("items that become issues", () => {
  test.each<[string, string, number]>([
    ["with owner and date", "- [ ] Alert – @jane – 2025-10-20", 1],
    ["without a box", "* Alert – @jane – 2025-10-20", 1],
    ["done", "- [x] Alert – @jane – 2025-10-20", 0],
    ["struck through", "- [ ] ~~Alert – @jane – 2025-10-20~~", 0],
    ["without a date", "- [ ] Alert – @jane", 0],
    ["an issue already", "- [ ] #4 Alert – @jane – 2025-10-20", 0],
    ["an issue elsewhere", "- [ ] acme/other#4 – @jane – 2025-10-20", 0],
    ["in another tracker", "- [ ] https://jira.example/browse/PAY-12 – @jane – 2025-10-20", 0],
    ["with spaces behind", "- [ ] Alert – @jane – 2025-10-20  ", 1],
    ["with a number sign in it", "- [ ] Alert on the # of failures – @jane – 2025-10-20", 1],
    ["behind three backticks within a line", "Run ```make``` for it.\n\n- [ ] Alert – @jane – 2025-10-20", 1],
    ["more than ten at once", Array(12).fill("- [ ] Alert – @jane – 2025-10-20").join("\n"), 10],
    ["in code", "```\n- [ ] Alert – @jane – 2025-10-20\n```", 0],
    ["a row of a table", "| What | Who | When |\n| - | - | - |\n| Alert | @jane | 2025-10-20 |", 0],
  ])("%s: %#", (_, item, expected) => {
    expect(opened(body(item))).toHaveLength(expected);
  });

  test("get their numbers before what people wrote, which stays; the same item then, and none to open", () => {
    const before = body(
      "- [ ] Alert – @jane – 2025-10-20",
      "  with more text",
      "* Runbook – @john – 2025-10-21",
      "- [ ] Alert – @jane – 2025-10-20",
    );
    const items = opened(before);
    const after = withLinks(
      before,
      items.map(({ line }, i) => ({ line, number: 61 + i })),
    );
    expect(after).toBe(
      body(
        "- [ ] #61 Alert – @jane – 2025-10-20",
        "  with more text",
        "* [ ] #62 Runbook – @john – 2025-10-21",
        "- [ ] #63 Alert – @jane – 2025-10-20",
      ),
    );
    expect(opened(after)).toEqual([]);
    expect(datedItems(after, REPO, {}).map(({ key }) => key)).toEqual(
      datedItems(before, REPO, {}).map(({ key }) => key),
    );
  });

  test("are those that have words, not the empty box above", () => {
    const text = body("- [ ] ", "- [ ]  Alert – @jane – 2025-10-20");
    const [first] = opened(text);
    expect(withLinks(text, [{ line: first?.line ?? -1, number: 61 }])).toBe(
      body("- [ ] ", "- [ ]  #61 Alert – @jane – 2025-10-20"),
    );
  });

  test("are named by the number that their line begins with", () => {
    const text = body("- [ ] #61 Alert", "- [ ] Runbook", "- [x] #62 Done", "* [ ] #63", "- [ ] see #64");
    expect(linkedIssues(text)).toEqual([61, 63]);
  });

  test("are ticked once their issue is closed, and only there", () => {
    const items = ["- [ ] #62 Runbook", "- [ ] #63 Gone", "- [ ] #64 Unread", "- [ ] see #61"];
    const above = "- [ ] #61 before any heading\n\n";
    const text = above + body("- [ ] #61 Alert – @jane – 2025-10-20", ...items);
    const closed = { closed: true, assigned: true, scheduled: false };
    const issues = {
      61: known(closed),
      62: known({ ...closed, closed: false }),
      63: known(null),
      64: unknown("502"),
    };
    expect(withTicks(text, issues)).toBe(above + body("- [x] #61 Alert – @jane – 2025-10-20", ...items));
  });

  test("name their post-mortem; what looks like a post-mortem is no item, whatever is written into it", () => {
    const marker = actionIssueMarker(REPO, 57, "k1");
    const of = { owner: "kamiyo", repo: "api", number: 57 };
    expect(postMortemOfItem({ title: "Alert", body: `x\n${marker}` })).toEqual(of);
    expect(postMortemOfItem({ title: "Shorten the post-mortem form", body: marker })).toEqual(of);
    const metrics = '```json\n{ "hotfix-guard": {} }\n```';
    const mark = "<!-- hotfix-guard:post-mortem kamiyo/api#42 -->";
    for (const one of [
      { title: "Post-mortem: Alert (#42)", body: marker },
      { title: "Alert", body: `${marker}\n${metrics}` },
      { title: "Alert", body: `${marker}\n${mark}` },
      { title: "Alert", body: "" },
    ])
      expect(postMortemOfItem(one)).toBe(null);
  });
});
