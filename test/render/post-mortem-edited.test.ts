import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known } from "../../src/policy/fact.ts";
import type { AfterMerge } from "../../src/policy/landing/after-merge.ts";
import { completenessOf } from "../../src/policy/post-mortem/completeness.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import { metricsIn } from "../../src/policy/post-mortem/metrics-block.ts";
import { renderPostMortem } from "../../src/render/post-mortem/issue.ts";
import { updatedBody } from "../../src/render/post-mortem/update.ts";
import { at, QUIET_SINCE } from "../support/snapshot.ts";
import { MERGES } from "./situations.ts";

/** Whatever people make of the body: nothing that they wrote is lost, and a second look changes nothing. */

const AFTER: AfterMerge = {
  ...QUIET_SINCE,
  deployed: known({ at: at("10:40:00"), by: "john", detail: "production" }),
  verified: { at: at("10:55:00"), by: "jane", detail: "" },
};
function facts(after: AfterMerge | null) {
  const { snapshot, verdict, policy } = MERGES.ready();
  const made = postMortemFacts(snapshot, verdict, policy, after);
  if (made === null) throw new Error("not merged");
  return made;
}
const OPENED = renderPostMortem(facts(null), {}).body;
const update = (body: string) => updatedBody(body, facts(AFTER), true);

/** The lines that only people write: none of the app's begins so. */
const own = (body: string) => body.split(/\r?\n/).filter((line) => line.includes("OURS"));
const sections = OPENED.split(/^(?=## )/m);

const PASTED = [
  "OURS: TBD in plain text",
  "```python",
  "raise ValueError('OURS TBD')",
  "```",
  "| OURS | TBD |",
  "| - | - |",
  "| 2025-10-14 10:35 UTC | OURS: restarted by hand |",
  '```json\n{"hotfix-guard": OURS, not JSON}\n```',
].join("\n");

const EDITS: Readonly<Record<string, (body: string) => string>> = {
  CRLF: (body) => body.replaceAll("\n", "\r\n").replace("## Timeline", "OURS before it\r\n\r\n## Timeline"),
  "sections in another order": () =>
    [sections[0], ...sections.slice(1).reverse()].join("").replace("## Root Cause", "## Root Cause\n\nOURS"),
  "headings renamed": (body) => body.replace(/^## /gm, "### OURS: "),
  "headings translated": (body) => body.replace("## Root Cause", "## Ursache (OURS)"),
  "tables and code pasted": (body) => body.replace("## Root Cause", `## Root Cause\n\n${PASTED}`),
  "rows of their own in the timeline": (body) =>
    body.replace(/^(\| .* \| Merged \| .*)$/m, "$1\n| 2025-10-14 10:32 UTC | OURS: watched | |"),
  "the block of metrics broken": (body) => body.replace('"version": 1', '"version": OURS'),
  "the block of metrics cut off, and text behind it": (body) =>
    `${body.slice(0, body.lastIndexOf("```"))}\n\nOURS at the end\n`,
  "an open fence of another kind at the top": (body) =>
    body.replace("## Incident Summary", "~~~\nOURS, never closed\n\n## Incident Summary"),
  "open fences, each longer, and the block of metrics gone": (body) =>
    `${body.slice(0, body.indexOf("<details><summary>Machine-readable"))}\n\`\`\`\`\nOURS\n~~~~~\nOURS, never closed\n`,
  "an open fence in the middle": (body) =>
    body.replace("## Resolution", "```\nOURS, never closed\n\n## Resolution"),
  "an open comment": (body) => body.replace("## Resolution", "<!-- OURS\n\n## Resolution"),
  "the marks swapped": (body) =>
    body
      .replaceAll("hotfix-guard:begin timeline", "hotfix-guard:END timeline")
      .replace("| Merged |", "| OURS |"),
  "all of it replaced": () => "OURS\n",
  "nothing left": () => "",
  full: (body) => `${body}\n${"OURS ä\n".repeat(4_000)}`,
};

describe("a body that people have edited", () => {
  it.each([
    ["Jane, by hand", "2025-10-14 10:40 UTC | Fix deployed | Jane, by hand |"],
    ["_TODO: by whom_ Jane?", "2025-10-14 10:40 UTC | Fix deployed | _TODO: by whom_ Jane? |"],
    ["_TODO: by whom_", "2025-10-14 10:40 UTC | Fix deployed: `production` | `john` |"],
  ])("a row that waits, with %s in it, gets its time", (who, expected) => {
    const body = update(OPENED.replace(/^(\| _TODO: time_ \| Fix deployed \|) .*$/m, `$1 ${who} |`));
    expect(body.match(/.*Fix deployed.*/g)).toEqual([
      `| ${expected}`,
      expect.stringContaining("10∶40 Fix deployed"),
    ]);
  });

  it.each(Object.entries(EDITS))("%s", (_, edit) => {
    const edited = edit(OPENED);
    const once = update(edited);
    expect(own(once)).toEqual(own(edited));
    const twice = update(once);
    expect(own(twice)).toEqual(own(edited));
    // A fence that was open swallows what is put behind it, once.
    expect(update(twice)).toBe(twice);
    expect(metricsIn(twice)?.values).toMatchObject({ pull_request: 42 });
  });

  it("nothing of any text put anywhere is lost", () => {
    const piece = fc.constantFrom(
      "```",
      "~~~",
      "<!--",
      "-->",
      "|",
      "| - |",
      "\n",
      "## ",
      "OURS ",
      "TBD",
      "\r\n",
      "- [ ] ",
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 12 }), fc.nat(sections.length), (pieces, place) => {
        const text = `\nOURS ${pieces.join("")}\n`;
        const edited = [...sections.slice(0, place), text, ...sections.slice(place)].join("");
        const once = update(edited);
        expect(own(once)).toEqual(own(edited));
        expect(update(update(once)).length).toBeLessThan(edited.length + 8_000);
      }),
      { numRuns: 200 },
    );
  });

  it("is asked for what the renamed sections held, and code with TBD is no gap", () => {
    const complete = (body: string) =>
      completenessOf({ body, ownForm: false, reviewOwed: known(false), backMerges: {} }).missing;
    const filled = OPENED.replace(/_TODO: [^_]*_/g, "known – @john – 2025-10-20");
    expect(complete(filled)).toEqual([]);
    expect(complete(filled.replaceAll("\n", "\r\n"))).toEqual([]);
    const fence = "```\nTBD\n```\n";
    expect(complete(filled.replace("## Root Cause\n", `## Root Cause\n\n${fence}`))).toEqual([]);
    expect(complete(filled.replace("## Root Cause", "## Ursache"))).toEqual([]);
    expect(complete(filled.replace("## Root Cause", "## Roots"))).toEqual([
      { kind: "empty-section", section: "Root Cause" },
    ]);
  });

  /** As a version wrote it whose placeholders read "To be written", with its own words for what is owed. */
  const former = (body: string): string =>
    body
      .replaceAll("_TODO: ", "_To be written: ")
      .replace("**Outstanding review:**", "**Owed review:**")
      .replace("by an engineer who neither", "by another engineer, who neither");

  it("of an older version gets its times, and nothing of it counts as filled in", () => {
    const body = update(former(OPENED));
    expect(body).toMatch(/2025-10-14 10:40 UTC \| Fix deployed: `production` \| `john`/);
    expect(body).not.toContain("_To be written: time_ | Fix deployed");
    expect(body).toContain("_To be written: what users saw");
    expect(body).not.toContain("_TODO: ");
  });
});
