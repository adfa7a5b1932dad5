import { describe, expect, it } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { type Fact, known, unknown } from "../../../src/policy/fact.ts";
import type { AfterMerge } from "../../../src/policy/landing/after-merge.ts";
import {
  firstDeployment,
  nextVerificationAt,
  unverifiedSince,
  type VerificationInput,
  verificationDue,
} from "../../../src/policy/post-mortem/verification.ts";
import type { EarlyDeployment } from "../../../src/policy/snapshot.ts";
import { QUIET_SINCE } from "../../support/snapshot.ts";

const POLICY = defaultPolicy();
const DEPLOYED = "2025-10-14T11:00:00Z";
const SOMETHING = { at: "2025-10-14T11:10:00Z", by: "john", detail: "" };

function policyWith(...remind_after_deploy: number[]) {
  return { ...POLICY, verification: { ...POLICY.verification, remind_after_deploy } };
}

const MIN = 60_000;

describe("unverifiedSince", () => {
  const AFTER: AfterMerge = {
    ...QUIET_SINCE,
    deployed: known({ at: DEPLOYED, by: "john", detail: "production" }),
    rollbackAsked: null,
  };
  const EARLY = {
    at: "2025-10-14T09:00:00Z",
    environment: "eu",
    by: { login: "rita", type: "User" },
    sha: "a".repeat(40),
    gate: known(null),
  } as const;
  it.each<[string, Partial<AfterMerge> | null, boolean, string | null, Fact<EarlyDeployment | null>?]>([
    ["deployed", {}, true, DEPLOYED],
    ["deployed before it was merged", {}, true, EARLY.at, known(EARLY)],
    ["deployed, and not merged", { deployed: known(null) }, true, EARLY.at, known(EARLY)],
    ["deployed before it was merged, and verified", { verified: SOMETHING }, true, null, known(EARLY)],
    ["not read whether it was deployed before", {}, true, null, unknown("502")],
    ["nothing is known of it", null, true, null],
    ["not deployed", { deployed: known(null) }, true, null],
    ["not read whether it was deployed", { deployed: unknown("502") }, true, null],
    ["verified", { verified: SOMETHING }, true, null],
    ["a rollback was asked for", { rollbackAsked: SOMETHING }, true, null],
    ["rolled back", { rolledBack: known(SOMETHING) }, true, null],
    ["not read whether it was rolled back", { rolledBack: unknown("502") }, true, null],
    ["not read whether a command counts", {}, false, null],
  ])("%s", (_, more, commandsRead, expected, early = known(null)) => {
    const after = more === null ? null : { ...AFTER, ...more };
    expect(unverifiedSince({ after, early }, commandsRead)).toBe(expected);
  });

  it("knows where and by whom", () => {
    expect(firstDeployment({ after: AFTER, early: known(EARLY) })).toEqual({
      at: EARLY.at,
      by: "rita",
      detail: "eu",
    });
  });
});

describe("verificationDue", () => {
  const verify = (key: string, at: string) => ({ kind: "verify", key, at: `2025-10-14T${at}:00Z` });
  const input = (now: string, more: Partial<VerificationInput> = {}): VerificationInput => ({
    unverifiedSince: DEPLOYED,
    createdAt: "2025-10-14T10:31:00Z",
    observedAt: now.includes("T") ? now : `2025-10-14T${now}:00Z`,
    notices: [],
    ...more,
  });
  it.each<[string, VerificationInput, string | null, string[]?]>([
    ["before the first", input("11:14"), null],
    ["at 15 minutes", input("11:15"), "after-900", ["immediate"]],
    ["once", input("11:16", { notices: [verify("after-900", "11:15")] }), null],
    [
      "at one hour: what comes next",
      input("12:00", { notices: [verify("after-900", "11:15")] }),
      "after-3600",
      ["short-term"],
    ],
    [
      "late: only the newest, with what the other would have asked for",
      input("12:30"),
      "after-3600",
      ["immediate", "short-term"],
    ],
    [
      "both",
      input("12:30", { notices: [verify("after-900", "11:15"), verify("after-3600", "12:01")] }),
      null,
    ],
    [
      "one from after its time, by other settings",
      input("12:30", { notices: [verify("after-7", "12:10")] }),
      null,
    ],
    ["told by a clock that is early", input("11:16", { notices: [verify("after-900", "11:14")] }), null],
    ["another right at its time", input("12:30", { notices: [verify("after-7", "12:00")] }), null],
    [
      "other notices are none",
      input("11:16", { notices: [{ ...verify("after-900", "11:15"), kind: "reminder" }] }),
      "after-900",
      ["immediate"],
    ],
    ["a day late", input("2025-10-15T12:00:00Z"), "after-3600", ["immediate", "short-term"]],
    ["later nobody waits for it", input("2025-10-15T12:00:01Z"), null],
    [
      "its time had come before the post-mortem was there",
      input("12:30", { createdAt: "2025-10-14T12:00:00Z" }),
      null,
    ],
    ["nothing to verify", input("12:30", { unverifiedSince: null }), null],
  ])("%s", (_, at, id, checks = []) => {
    const due = verificationDue(at, POLICY);
    expect(due?.reminder.id ?? null).toBe(id);
    expect(due?.checks ?? []).toEqual(checks);
  });

  it("at the times of the configuration, in whatever order they stand", () => {
    const policy = policyWith(120 * MIN, 5 * MIN, 5 * MIN, 30 * MIN);
    const ids = ["11:05", "11:29", "11:30", "13:00"].map(
      (now) => verificationDue(input(now), policy)?.reminder.id,
    );
    expect(ids).toEqual(["after-300", "after-300", "after-1800", "after-7200"]);
  });

  it("an empty list switches it off", () => {
    expect(verificationDue(input("12:30"), policyWith())).toBeNull();
    expect(nextVerificationAt(input("11:01"), policyWith())).toBeNull();
  });

  it("says when to look again", () => {
    const next = (now: string, more = {}) => {
      const at = nextVerificationAt(input(now, more), POLICY);
      return at === null ? null : new Date(at).toISOString().slice(11, 16);
    };
    expect(next("11:01")).toBe("11:15");
    expect(next("11:15")).toBe("12:00");
    expect(next("12:00")).toBeNull();
    expect(next("11:01", { unverifiedSince: null })).toBeNull();
  });
});
