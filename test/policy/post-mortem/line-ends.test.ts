import { describe, expect, it } from "vitest";
import { known } from "../../../src/policy/fact.ts";
import { completenessOf } from "../../../src/policy/post-mortem/completeness.ts";
import { postMortemFacts } from "../../../src/policy/post-mortem/facts.ts";
import { linkedIssues, withLinks, withTicks } from "../../../src/policy/post-mortem/item-issues.ts";
import { datedItems, mayHaveItemDue } from "../../../src/policy/post-mortem/item-reminders.ts";
import { metricsIn } from "../../../src/policy/post-mortem/metrics-block.ts";
import { openActionItems } from "../../../src/policy/post-mortem/open-items.ts";
import { subjectOf } from "../../../src/policy/post-mortem/subject.ts";
import { writtenIn } from "../../../src/policy/post-mortem/written.ts";
import { endedBody, updatedBody } from "../../../src/render/post-mortem/update.ts";
import { AFTER, COMPLETE, FRESH, made, POLICY } from "../../plan/post-mortem-support.ts";

/** GitHub's editor saves a body with the line ends of forms; the app writes it with those of Unix. */
const windows = (text: string): string => text.replace(/\r?\n/g, "\r\n");
const unix = (text: string): string => text.replaceAll("\r\n", "\n");

const facts = postMortemFacts(made.snapshot, made.verdict, POLICY, {
  ...AFTER,
  verified: { at: "2025-10-14T10:50:00Z", by: "jane", detail: "" },
});
if (facts === null) throw new Error("not merged");
const ITEMS = COMPLETE.replace("- [x] Test the", "- [ ] #71 Test the");
const CLOSED = known({ closed: true, assigned: true, scheduled: true, due: null });

describe("a body that was saved in GitHub's editor", () => {
  it.each<[string, (body: string) => unknown]>([
    [
      "what is missing",
      (body) => completenessOf({ body, ownForm: false, reviewOwed: known(false), backMerges: {} }),
    ],
    ["what people wrote", writtenIn],
    ["its subject", subjectOf],
    ["its metrics", (body) => metricsIn(body)?.values],
    ["its open action items", openActionItems],
    ["their days", (body) => datedItems(body, "kamiyo/api", {})],
    ["whether one may be due", (body) => mayHaveItemDue(body, new Date("2026-12-01T10:00:00Z"))],
    ["the issues that keep them", linkedIssues],
    ["the body with their ticks", (body) => unix(withTicks(body, { "71": CLOSED }))],
    ["the body with their links", (body) => unix(withLinks(body, [{ line: 3, number: 71 }]))],
    ["the body brought up to date", (body) => unix(updatedBody(body, facts, true))],
    [
      "the body as it ended",
      (body) => unix(endedBody(body, { closedAt: "2025-10-14T12:00:00Z", onTime: true, complete: true })),
    ],
  ])("is read as the app wrote it: %s", (_, read) => {
    for (const body of [FRESH, COMPLETE, ITEMS]) expect(read(windows(body))).toEqual(read(body));
  });
});
