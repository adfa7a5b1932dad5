import { describe, expect, it } from "vitest";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known, unknown } from "../../src/policy/fact.ts";
import type { AfterMerge } from "../../src/policy/landing/after-merge.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import { renderPostMortem } from "../../src/render/post-mortem/issue.ts";
import { updatedBody } from "../../src/render/post-mortem/update.ts";
import { at, QUIET_SINCE } from "../support/snapshot.ts";
import { MERGES } from "./situations.ts";

/**
 * A post-mortem that was opened while GitHub could not be read says, once it can be, what it would have said.
 */

const AFTER: AfterMerge = {
  ...QUIET_SINCE,
  deployed: known({ at: at("10:40:00"), by: "john", detail: "production" }),
};
const DOWN = unknown("GitHub answered 502");
const NOBODY = { access: DOWN, teams: {}, profile: DOWN };
const PEOPLE = { john: NOBODY, jane: NOBODY, rita: NOBODY };

const UNREAD: Readonly<Record<string, Partial<PullRequestSnapshot>>> = {
  commits: { commits: DOWN },
  files: { files: DOWN },
  history: { history: DOWN },
  activity: { activity: DOWN },
  issues: { issues: {} },
  people: { people: PEOPLE },
  "all of it": { commits: DOWN, files: DOWN, history: DOWN, activity: DOWN, issues: {}, people: PEOPLE },
};

function factsOf(merge: keyof typeof MERGES, less: Partial<PullRequestSnapshot>, after: AfterMerge | null) {
  const { snapshot, policy } = MERGES[merge]();
  const read = { ...snapshot, ...less };
  const verdict = evaluate(read, { state: "valid", policy, source: "defaults" });
  const facts = postMortemFacts(read, verdict, policy, after);
  if (facts === null) throw new Error("not merged");
  return facts;
}

/** Without the hidden marks, and the keys of rows in them. */
const shown = (body: string) => body.replace(/<!--[\s\S]*?-->\n*/g, "");

const merges = Object.keys(MERGES) as (keyof typeof MERGES)[];
const cases = merges.flatMap((merge) => Object.keys(UNREAD).map((what) => [merge, what] as const));

describe("a post-mortem that was opened while GitHub could not be read", () => {
  it.each(cases)("%s, without %s: is written anew once it can be", (merge, what) => {
    const opened = renderPostMortem(factsOf(merge, UNREAD[what] ?? {}, null), {}).body;
    const still = updatedBody(opened, factsOf(merge, UNREAD[what] ?? {}, AFTER), false);
    const now = factsOf(merge, {}, AFTER);
    const right = updatedBody(renderPostMortem(now, {}).body, now, true);
    for (const there of [opened, still]) {
      const body = updatedBody(there, now, true);
      expect(shown(body)).toBe(shown(right));
      expect(updatedBody(body, now, true)).toBe(body);
    }
  });

  it.each(cases)("%s, without %s, and changed by people since: what they wrote stays", (merge, what) => {
    const opened = renderPostMortem(factsOf(merge, UNREAD[what] ?? {}, null), {}).body;
    const edited = opened.replace(/_TODO: the conditions that allowed it_/, "OURS");
    const body = updatedBody(edited, factsOf(merge, {}, AFTER), true);
    expect(body).toContain("**What led to it:** OURS");
    expect(body).not.toMatch(/could not|not read yet|opened-unread/i);
    for (const known of [
      "**Impact:** _TODO",
      "**Severity:** _TODO",
      "**Issue:** _TODO",
      "**Affected:** _TODO",
    ])
      expect(body).not.toContain(known);
  });
});
