import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { type Fact, known, unknown } from "../../../src/policy/fact.ts";
import type { QueueEntry } from "../../../src/policy/merge-queue.ts";
import { renderCheck } from "../../../src/render/gate/check.ts";
import { nextStep } from "../../../src/render/gate/next-step.ts";
import { markdown, p } from "../../../src/render/text/markdown.ts";
import { at, snapshot } from "../../support/snapshot.ts";
import { DOCS } from "../situations.ts";

const ENTRY: QueueEntry = {
  position: 3,
  state: "QUEUED",
  secondsLeft: 720,
  queuedAt: at("10:31:00"),
  asOf: at("10:40:20"),
};
const verdictOf = (queueEntry: Fact<QueueEntry | null>, labels?: readonly string[]) =>
  evaluate(snapshot({ queueEntry, ...(labels === undefined ? {} : { pr: { labels } }) }), {
    state: "valid",
    policy: defaultPolicy(),
    source: "",
  });
const checkOf = (entry: Partial<QueueEntry>) =>
  renderCheck(
    [
      {
        number: 42,
        url: "https://github.example/kamiyo/api/pull/42",
        verdict: verdictOf(known({ ...ENTRY, ...entry })),
      },
    ],
    {
      docsUrl: DOCS,
    },
  );

describe("a hotfix in the merge queue", () => {
  it.each<[string, Partial<QueueEntry>, string]>([
    [
      "behind others",
      {},
      "In the merge queue as of 2025-10-14 10:40 UTC: position 3, waiting for 9 min; 12 min to go by GitHub's estimate.",
    ],
    [
      "first, its checks running",
      { position: 1, state: "AWAITING_CHECKS", secondsLeft: 20 },
      "position 1, waiting for 9 min, its group's checks are running; less than a minute to go by GitHub's estimate.",
    ],
    ["without an estimate", { secondsLeft: null }, "waiting for 9 min; GitHub gives no estimate."],
    ["in a state that is new", { state: null }, "waiting for 9 min; 12 min to go"],
    [
      "unmergeable",
      { state: "UNMERGEABLE" },
      "GitHub calls it unmergeable. **Next:** anyone with write access takes it out",
    ],
  ])("%s", (_what, entry, said) => {
    expect(checkOf(entry).summary).toContain(said);
  });

  it("shows its place in the title, and how to put it first where others are ahead of it", () => {
    expect(checkOf({}).title).toBe("Ready: P1, position 3 in the merge queue");
    expect(checkOf({}).summary).toContain("break-glass.md#when-a-merge-queue-holds-a-p0");
    expect(checkOf({ position: 1 }).summary).not.toContain("break-glass.md");
  });

  it("still passes: its place decides nothing, and neither does one that could not be read", () => {
    expect(checkOf({}).conclusion).toBe("success");
    const unread = verdictOf(unknown("its place in the merge queue: GitHub answered 502"));
    expect(unread).toMatchObject({ outcome: "success", queue: "unread" });
    expect(markdown([p(...nextStep(unread, {}))])).toContain("its position could not be read");
    expect(verdictOf(known(null))).not.toHaveProperty("queue");
  });

  it("the status comment does not follow it: it would be written anew each time the queue moves", () => {
    const said = markdown([p(...nextStep(verdictOf(known(ENTRY)), { outsideCheck: true }))]);
    expect(said).toContain("In the merge queue: see the check for its position.");
    expect(said).not.toContain("10:40");
  });

  it("what blocks is said first", () => {
    const verdict = verdictOf(known(ENTRY), ["severity:P1"]);
    expect(markdown([p(...nextStep(verdict, {}))])).not.toContain("In the merge queue");
  });
});
