import { describe, expect, it } from "vitest";
import { lifeOf } from "../../../src/policy/landing/branch-life.ts";
import type { ActivityEntry } from "../../../src/policy/snapshot/history.ts";
import { at } from "../../support/snapshot.ts";

const entry = (type: string, after: string, time: string): ActivityEntry => ({
  before: "",
  after,
  at: at(time),
  type,
  actor: null,
});

/** Made, pushed, taken away, made again: newest first. */
const twice = [
  entry("push", "d", "12:00:00"),
  entry("branch_creation", "c", "11:00:00"),
  entry("branch_deletion", "0", "10:00:00"),
  entry("push", "b", "09:00:00"),
  entry("branch_creation", "a", "08:00:00"),
];
const of = (activity: readonly ActivityEntry[], head: string) => {
  const { changes, endedAt } = lifeOf(activity, head);
  return [changes.map(({ after }) => after).join(""), endedAt];
};

describe("the life of a branch", () => {
  it.each([
    ["d", "dc", null],
    ["c", "dc", null],
    ["b", "ba", at("10:00:00")],
    ["of no change", "dc", null],
  ])("that had the head %s", (head, changes, endedAt) => {
    expect(of(twice, head)).toEqual([changes, endedAt]);
  });

  it("that was made again, and nobody told of its deletion", () => {
    const again = twice.filter(({ type }) => type !== "branch_deletion");
    expect(of(again, "d")).toEqual(["dc", null]);
    expect(of(again, "b")).toEqual(["ba", at("11:00:00")]);
  });

  it("of which the beginning is not told any more, or nothing", () => {
    expect(of([entry("force_push", "b", "09:00:00"), entry("push", "a", "08:00:00")], "b")).toEqual([
      "ba",
      null,
    ]);
    expect(of(twice.slice(2), "x")).toEqual(["ba", at("10:00:00")]);
    expect(of([], "x")).toEqual(["", null]);
  });
});
