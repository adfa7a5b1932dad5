import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Job } from "../../src/jobs/queue.ts";
import { createPace, outsiderOf } from "../../src/webhooks/pace.ts";

const jobOf = (number: number, former?: string): Job => ({
  key: { kind: "pull-request", installationId: 1, repositoryId: 2, owner: "acme", repo: "payments", number },
  hint: former === undefined ? {} : { formerHeads: [former] },
});
const MALLORY = 666;

describe("createPace", () => {
  const added: Job[] = [];
  const numbers = () => added.map(({ key }) => ("number" in key ? key.number : 0));
  beforeEach(() => {
    vi.useFakeTimers();
    added.length = 0;
  });
  afterEach(() => void vi.useRealTimers());

  it("looks at an outsider's first acts at once, at the others after pauses that double up to a minute", () => {
    const pace = createPace(async (job) => void added.push(job));
    for (let second = 0; second < 3_600; second++) {
      void pace.add(jobOf(1), MALLORY);
      vi.advanceTimersByTime(1_000);
    }
    expect(added.length).toBeGreaterThan(60);
    expect(added.length).toBeLessThan(75);
  });

  it("passes anybody else's act on at once, with all that waits, once", () => {
    const pace = createPace(async (job) => void added.push(job));
    for (let i = 0; i < 10; i++) void pace.add(jobOf(1, `head ${i}`), MALLORY);
    expect(added).toHaveLength(5);
    void pace.add(jobOf(1, "honest"), null);
    expect(added.at(-1)?.hint.formerHeads).toEqual([
      "head 5",
      "head 6",
      "head 7",
      "head 8",
      "head 9",
      "honest",
    ]);
    vi.advanceTimersByTime(3_600_000);
    expect(added).toHaveLength(6);
  });

  it("holds up no other outsider and no other pull request, and forgets", () => {
    const pace = createPace(async (job) => void added.push(job));
    for (let i = 0; i < 6; i++) void pace.add(jobOf(1), MALLORY);
    void pace.add(jobOf(2), MALLORY);
    void pace.add(jobOf(1), 667);
    expect(numbers()).toEqual([1, 1, 1, 1, 1, 2, 1]);
    vi.advanceTimersByTime(11 * 60_000);
    void pace.add(jobOf(1), MALLORY);
    expect(numbers()).toHaveLength(8);
    void pace.add(jobOf(1), MALLORY);
    void pace.close();
  });
});

describe("outsiderOf", () => {
  const sender = { id: MALLORY, type: "User" };
  const by = (association: string, id = MALLORY) => ({ user: { id }, author_association: association });
  const cases: readonly (readonly [string, string, object, number | null])[] = [
    ["a stranger's comment", "issue_comment", { sender, comment: by("NONE") }, MALLORY],
    ["a contributor's review", "pull_request_review", { sender, review: by("CONTRIBUTOR") }, MALLORY],
    ["a stranger's push to a fork", "pull_request", { sender, pull_request: by("FIRST_TIMER") }, MALLORY],
    ["a stranger's issue", "issues", { sender, issue: by("NONE") }, MALLORY],
    ["a member's comment", "issue_comment", { sender, comment: by("MEMBER") }, null],
    ["a collaborator's review", "pull_request_review", { sender, review: by("COLLABORATOR") }, null],
    ["what others do to a stranger's", "pull_request", { sender, pull_request: by("NONE", 1) }, null],
    ["a bot's", "issue_comment", { sender: { id: MALLORY, type: "Bot" }, comment: by("NONE") }, null],
    ["another base", "pull_request", { sender, pull_request: by("NONE"), changes: { base: {} } }, null],
    ["a label", "pull_request", { sender, action: "labeled", pull_request: by("NONE") }, null],
    ["a push", "push", { sender }, null],
    ["nothing", "issue_comment", {}, null],
  ];
  it.each(cases)("%s", (_name, event, payload, expected) =>
    expect(outsiderOf(event, payload)).toBe(expected),
  );
});
