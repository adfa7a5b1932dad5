import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { type Fact, known, unknown } from "../../../src/policy/fact.ts";
import type { Policy } from "../../../src/policy/policy.ts";
import type { Landing } from "../../../src/policy/snapshot/change.ts";
import { commit, HEAD, HISTORY, snapshot } from "../../support/snapshot.ts";

const CROSSED = known<Landing>({ shown: false, why: "crossed-history" });
const QUEUED = known<Landing>({ shown: false, why: "queue-differs", paths: ["src/auth.ts"] });
const TAKEN = known<Landing>({ shown: false, why: "takes-back", pulls: [7], shas: ["1".repeat(40)] });
const HIDDEN = known<Landing>({ shown: false, why: "hidden-changes", paths: ["src/auth.ts"] });
const MANY = known<Landing>({ shown: false, why: "replay-differs", paths: [] });
const REPLAY = known<Landing>({ shown: false, why: "replay-differs", paths: ["src/a", "src/b"] });

function verdictOn(landing: Fact<Landing> | undefined, level: "error" | "warn" | "off", more = {}) {
  const { rules } = defaultPolicy();
  const policy: Policy = {
    ...defaultPolicy(),
    rules: { ...rules, "branch-freshness": { ...rules["branch-freshness"], level } },
  };
  const given = snapshot({ ...(landing === undefined ? {} : { landing }), ...more });
  const verdict = evaluate(given, { state: "valid", policy, source: "" });
  return { verdict, found: verdict.findings.find(({ rule }) => rule === "branch-freshness") };
}

describe("what would land", () => {
  it.each(["error", "warn", "off"] as const)("blocks where it is not shown, at level %s", (level) => {
    for (const [landing, code] of [
      [CROSSED, "crossed-history"],
      [HIDDEN, "hidden-changes"],
      [QUEUED, "queue-differs"],
      [TAKEN, "takes-back"],
      [REPLAY, "replay-differs"],
      [MANY, "too-many-commits"],
    ] as const) {
      const { verdict, found } = verdictOn(landing, level);
      expect(verdict.outcome).toBe("failure");
      expect(found).toMatchObject({ state: "violated", code, level: "error" });
      expect(verdict.findings.filter(({ rule }) => rule === "branch-freshness")).toHaveLength(1);
    }
    expect(verdictOn(unknown("no test merge yet"), level).verdict).toMatchObject({
      outcome: "unknown",
      unknowns: ["no test merge yet"],
    });
    expect(verdictOn(known({ shown: true }), level).verdict.outcome).toBe("success");
    expect(verdictOn(undefined, level).verdict.outcome).toBe("success");
  });

  it("cannot be overridden", () => {
    const override = {
      id: 1,
      author: { login: "jane", type: "User" as const },
      byApp: false,
      body: "/hotfix override branch-freshness it is fine",
      createdAt: "2025-10-14T10:15:00Z",
      updatedAt: "2025-10-14T10:15:00Z",
      url: "",
    };
    const { verdict, found } = verdictOn(CROSSED, "error", { events: { ...HISTORY, comments: [override] } });
    expect(found?.state).toBe("violated");
    expect(verdict.outcome).toBe("failure");
  });

  it("is asked of a rollback too", () => {
    const rollbackOf = known({ number: 7, title: "HOTFIX: x", mergeSha: "d".repeat(40) });
    expect(verdictOn(known({ shown: true }), "off", { rollbackOf }).verdict.outcome).toBe("success");
    expect(verdictOn(CROSSED, "off", { rollbackOf }).verdict.outcome).toBe("failure");
  });

  it("says how to make the branch anew", () => {
    const one = commit({ sha: "1".repeat(40) });
    const crossed = commit({ sha: "2".repeat(40), parents: [one.sha, "d".repeat(40)] });
    const last = commit({ parents: [crossed.sha] });
    const commits = known([one, crossed, last]);
    expect(verdictOn(CROSSED, "warn", { commits }).found?.steps).toEqual([
      { kind: "rebuild-branch", commits: [one.sha, HEAD] },
    ]);
    const squash = { kind: "squash-branch", head: HEAD, message: HEAD };
    expect(verdictOn(REPLAY, "warn", { commits }).found?.steps).toEqual([squash]);
    // Nothing of its own but merges: what a merge would change is made one commit.
    const merge = commit({ parents: ["d".repeat(40), "e".repeat(40)] });
    expect(verdictOn(CROSSED, "warn", { commits: known([merge]) }).found?.steps).toEqual([squash]);
  });
});
