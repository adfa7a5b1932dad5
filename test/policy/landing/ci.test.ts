import { describe, expect, test } from "vitest";
import { type CheckAttempt, failedChecks, isYoung, nextCiLook } from "../../../src/policy/landing/ci.ts";

const LANDED = "2025-10-14T10:30:00Z";
const run = (
  time: string,
  result: CheckAttempt["result"],
  name = "test",
  source = "15368",
): CheckAttempt => ({
  name,
  source,
  result,
  at: `2025-10-14T${time}:00Z`,
  url: `https://github.example/${name}`,
});

describe("checks that failed after the merge", () => {
  test.each<[string, readonly CheckAttempt[], string[]]>([
    ["all passed", [run("10:40", "passed")], []],
    ["failed", [run("10:40", "failed")], ["test 10:40"]],
    ["failed, on the commit before it landed", [run("10:20", "failed")], []],
    ["failed, then passed", [run("10:50", "passed"), run("10:40", "failed")], ["test 10:40 passed 10:50"]],
    ["passed, then failed", [run("10:40", "passed"), run("10:50", "failed")], ["test 10:50"]],
    ["failed twice: the first time", [run("10:40", "failed"), run("10:50", "failed")], ["test 10:40"]],
    ["cancelled", [run("10:40", "other")], []],
    [
      "failed, passed, then cancelled",
      [run("10:40", "failed"), run("10:50", "passed"), run("10:55", "other")],
      ["test 10:40 passed 10:50"],
    ],
    [
      "one that passed before another failed, and failed after it",
      [run("10:35", "passed", "lint"), run("10:40", "failed"), run("10:45", "failed", "lint")],
      ["test 10:40", "lint 10:45"],
    ],
    [
      "of the same name by another app",
      [run("10:40", "failed"), run("10:50", "passed", "test", "7")],
      ["test 10:40"],
    ],
    [
      "several, in order",
      [run("10:45", "failed", "lint"), run("10:40", "failed")],
      ["test 10:40", "lint 10:45"],
    ],
    [
      "of hundreds the first ten",
      Array.from({ length: 300 }, (_, i) => run("10:40", "failed", `job ${i}`)),
      Array.from({ length: 10 }, (_, i) => `job ${i} 10:40`),
    ],
  ])("%s", (_, attempts, expected) => {
    const words = failedChecks(attempts, LANDED).map(
      ({ name, at, passedAt }) =>
        `${name} ${at.slice(11, 16)}${passedAt === null ? "" : ` passed ${passedAt.slice(11, 16)}`}`,
    );
    expect(words).toEqual(expected);
  });

  test.each<[string, string | null]>([
    ["2025-10-14T10:31:00Z", "10:45"],
    ["2025-10-14T10:45:00Z", "11:30"],
    ["2025-10-14T10:46:00Z", "11:30"],
    ["2025-10-15T10:29:00Z", "10:30"],
    ["2025-10-15T10:30:00Z", null],
    ["2025-10-15T10:31:00Z", null],
  ])("at %s the next look without an event is at %s", (now, expected) => {
    const at = nextCiLook(LANDED, now);
    expect(at === null ? null : new Date(at).toISOString().slice(11, 16)).toBe(expected);
    expect(isYoung(LANDED, Date.parse(now))).toBe(expected !== null);
  });
});
