import { describe, expect, it } from "vitest";
import { known } from "../../../src/policy/fact.ts";
import type { AfterMerge } from "../../../src/policy/landing/after-merge.ts";
import { postMortemFacts } from "../../../src/policy/post-mortem/facts.ts";
import { metricsIn } from "../../../src/policy/post-mortem/metrics-block.ts";
import { renderPostMortem } from "../../../src/render/post-mortem/issue.ts";
import { endedBody, updatedBody } from "../../../src/render/post-mortem/update.ts";
import { at, QUIET_SINCE } from "../../support/snapshot.ts";
import { MERGES } from "../situations.ts";

const QUIET: AfterMerge = { ...QUIET_SINCE, backMerges: { develop: known(false) } };
const EVENTFUL: AfterMerge = {
  ...QUIET,
  deployed: known({ at: at("10:40:00"), by: "john", detail: "production" }),
  verified: { at: at("10:55:00"), by: "jane", detail: "" },
  backMerges: { develop: known(true) },
};

function facts(after: AfterMerge | null) {
  const { snapshot, verdict, policy } = MERGES.ready();
  const made = postMortemFacts(snapshot, verdict, policy, after);
  if (made === null) throw new Error("not merged");
  return made;
}

const opened = updatedBody(renderPostMortem(facts(null), {}).body, facts(QUIET), true);
const update = (body: string, after = EVENTFUL, settled = true) => updatedBody(body, facts(after), settled);
const json = (body: string) => metricsIn(body)?.values ?? {};

describe("a post-mortem that is brought up to date", () => {
  it("does not change a second time, nor by line ends", () => {
    expect(update(opened, QUIET)).toBe(opened);
    const once = update(opened);
    expect(update(once)).toBe(once);
    expect(update(once.replaceAll("\n", "\r\n"))).toBe(once);
  });

  it("has what is known now in its place", () => {
    const body = update(opened);
    expect(body).toContain(
      "| 2025-10-14 10:30 UTC | Merged | `john` |\n| 2025-10-14 10:40 UTC | Fix deployed: `production` | `john` |\n| 2025-10-14 10:55 UTC | Verified resolved | `jane` |",
    );
    expect(body).not.toContain("_TODO: time_ | Fix deployed");
    expect(body).toContain("- [x] **Back-merge:** the hotfix is in `develop` as well");
    expect(body).toContain("10∶55 Verified resolved (jane)");
    expect(body).toContain("2025-10-14 09:30 UTC – 2025-10-14 10:55 UTC");
    expect(json(body)).toMatchObject({
      deployed_at: at("10:40:00"),
      resolved_at: at("10:55:00"),
      time_to_deployment: 600,
    });
  });

  it.each<[string, (body: string) => string, string]>([
    ["a row", (body) => body.replace("| Merged |", "| Merged, at last |"), "| Merged, at last |"],
    ["a diagram", (body) => body.replace("title Hotfix 42", "title Payments"), "title Payments"],
    [
      "a waiting row filled in by hand",
      (body) => body.replace("_TODO: time_ | Verified", "11:00 | Verified"),
      "| 11:00 | Verified resolved |",
    ],
    [
      "an item",
      (body) => body.replace("the hotfix is in `develop` as well", "Rita does it"),
      "- [ ] **Back-merge:** Rita does it",
    ],
    [
      "a table made a text",
      (body) => body.replace(/\| Time[\s\S]*?(?=\n<!-- hotfix-guard:end timeline)/, "See the wiki.\n"),
      "See the wiki.",
    ],
    [
      "a mark",
      (body) => body.replace("<!-- hotfix-guard:end timeline -->", ""),
      "_TODO: time_ | Fix deployed",
    ],
  ])("keeps %s that people changed", (_, edit, kept) => {
    const edited = edit(opened);
    expect(edited).not.toBe(opened);
    expect(update(edited)).toContain(kept);
  });

  it("stays in the procedure's order where the deployment is not known", () => {
    const verified = update(opened, { ...EVENTFUL, deployed: known(null) });
    expect(verified).toContain(
      "| Merged | `john` |\n| _TODO: time_ | Fix deployed | _TODO: by whom_ |\n| 2025-10-14 10:55 UTC | Verified resolved | `jane` |",
    );
    expect(update(verified)).toContain(
      "| Fix deployed: `production` | `john` |\n| 2025-10-14 10:55 UTC | Verified resolved | `jane` |",
    );
  });

  it("does not put a deleted row back", () => {
    const body = update(opened.replace(/\| [^\n]* \| Pull request opened \|[^\n]*\n/, ""));
    expect(body).not.toContain("Pull request opened |");
    expect(body).toContain("Verified resolved | `jane`");
  });

  it("finds the metrics wherever they are, keeps what people added, and puts a lost or broken block back", () => {
    const moved = opened.replace(/```json[\s\S]*```\n?$/, "");
    const block = opened.slice(opened.indexOf("```json"));
    const added = block.replace('"version": 1,', '"version": 1, "root_cause_area": "encoding",');
    expect(json(update(`${added}\n\n${moved}`))).toMatchObject({
      root_cause_area: "encoding",
      resolved_at: at("10:55:00"),
    });
    expect(json(update(moved))).toMatchObject({ resolved_at: at("10:55:00") });
    expect(json(update(opened.replace('"version": 1,', "version 1")))).toMatchObject({ version: 1 });
    const byHand = opened.replace('"time_to_detection": null', '"time_to_detection": 300');
    expect(json(update(byHand))).toMatchObject({ time_to_detection: 300 });
  });

  it("only adds while something cannot be read", () => {
    const gone = { ...QUIET, rolledBack: { known: false, reason: "502" } as const };
    const rolledBack = { ...QUIET, rolledBack: known({ at: at("11:00:00"), by: "jane", detail: "" }) };
    const body = update(opened, rolledBack);
    expect(body).toContain("Rolled back 2025-10-14 11:00 UTC");
    expect(update(body, gone, false)).toBe(body);
    const back = update(body, QUIET);
    expect(back).not.toContain("**Rolled back 2025");
    expect(json(back)).toMatchObject({ rolled_back: false, rolled_back_at: null });
  });

  it("says how it ended, until it is open again", () => {
    const end = { closedAt: at("12:00:00"), onTime: true, complete: true };
    const closed = endedBody(opened, end);
    expect(json(closed)).toMatchObject({ closed_at: at("12:00:00"), on_time: true, complete: true });
    expect(endedBody(closed, end)).toBe(closed);
    expect(endedBody(closed, null)).toBe(opened);
  });

  it("has its parts appended to a form of one's own", () => {
    const { body } = renderPostMortem(facts(null), {
      template: { text: "# {{title}}\n\nSay what happened." },
    });
    expect(body).toContain("## Updated by Hotfix Guard");
    expect(update(body)).toContain("Verified resolved | `jane`");
    const own = renderPostMortem(facts(null), {
      template: { text: "{{timeline}}\n\n{{verification}}\n\n{{metrics}}" },
    });
    expect(own.body).not.toContain("Updated by");
  });
});

describe("what has to be seen first", () => {
  it("is that the gate was bypassed, then what was missing", () => {
    const { snapshot, verdict, policy } = MERGES["without-approval"]();
    const made = postMortemFacts(snapshot, verdict, policy, {
      ...QUIET,
      gateAtMerge: known("failure"),
      landedWithout: known(["Tested"]),
    });
    if (made === null) throw new Error("not merged");
    const marks = renderPostMortem(made, {}).body.match(/^⚠️ \*\*[^*]+/gm) ?? [];
    expect(marks.slice(0, 2)).toEqual(["⚠️ **Bypassed the gate:", "⚠️ **Merged without a valid approval."]);
    expect(marks.at(-1)).toBe("⚠️ **The merged commit message is missing fields:");
  });
});
