import { describe, expect, it } from "vitest";
import { neverKnown, unknown } from "../../src/policy/fact.ts";
import type { PullRequestSnapshot } from "../../src/policy/snapshot.ts";
import { neverKnownOf, unknownsOf } from "../../src/policy/unread.ts";
import type { RuleFinding } from "../../src/policy/verdict.ts";
import { person, snapshot } from "../support/snapshot.ts";

const NEVER = neverKnown("3,000 files", "open it anew");
const SOON = unknown("GitHub answered 502");

describe("what can never be read", () => {
  it.each<[what: string, one: PullRequestSnapshot]>([
    ["commits", snapshot({ commits: NEVER })],
    ["files", snapshot({ files: NEVER })],
    ["timeline", { ...snapshot(), history: NEVER }],
    ["pushes", snapshot({ activity: NEVER })],
    ["what is in production", snapshot({ inProduction: NEVER })],
    ["what is taken back", snapshot({ rollbackOf: NEVER })],
    ["what lands", snapshot({ landing: NEVER })],
    ["what the head has in common", snapshot({ reached: { abc: NEVER } })],
    ["an issue", snapshot({ issues: { "kamiyo/api#1": NEVER } })],
    ["somebody's access", snapshot({ people: { john: person("write", { access: NEVER }) } })],
    ["somebody's profile", snapshot({ people: { john: person("write", { profile: NEVER }) } })],
    ["somebody's team", snapshot({ people: { john: person("write", { teams: { leads: NEVER } }) } })],
  ])("%s: it is told with the way out, where the verdict waits for it", (_what, one) => {
    expect(neverKnownOf(one, ["502", "files: 3,000 files"])).toEqual({
      neverKnown: ["files: 3,000 files"],
      waysOut: ["open it anew"],
    });
    expect(neverKnownOf(one, ["502"])).toEqual({ neverKnown: [] });
  });

  it("is told once, each way out too, and what may be read in a moment is not", () => {
    const one = snapshot({
      commits: NEVER,
      files: NEVER,
      activity: SOON,
      inProduction: neverKnown("old", "ask"),
    });
    expect(neverKnownOf(one, ["3,000 files", "GitHub answered 502", "old"])).toEqual({
      neverKnown: ["3,000 files", "old"],
      waysOut: ["open it anew", "ask"],
    });
    expect(neverKnownOf(snapshot({ activity: SOON }), ["GitHub answered 502"])).toEqual({ neverKnown: [] });
  });
});

describe("what the verdict waits for", () => {
  const of = (state: string, level: string, reason?: string): RuleFinding =>
    ({ rule: "scope", state, level, data: reason === undefined ? {} : { reason } }) as never;
  it.each<[what: string, findings: readonly RuleFinding[], waits: readonly string[]]>([
    ["a rule that would block and is not known", [of("unknown", "error", "a")], ["a"]],
    [
      "each reason once",
      [of("unknown", "error", "a"), of("unknown", "error", "b"), of("unknown", "error", "a")],
      ["a", "b"],
    ],
    ["no warning", [of("unknown", "warn", "a")], []],
    ["nothing that is known", [of("satisfied", "error", "a")], []],
    ["an override of what fails", [of("satisfied", "error"), of("violated", "error")], ["o"]],
    ["no override of a warning", [of("violated", "warn")], []],
    ["no override where nothing fails", [of("pending", "error")], []],
    ["both", [of("unknown", "error", "a"), of("violated", "error")], ["a", "o"]],
  ])("%s", (_what, findings, waits) => expect(unknownsOf(findings, ["o"])).toEqual(waits));
});
