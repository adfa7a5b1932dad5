import { describe, expect, test } from "vitest";
import { digestDay, digestWeek } from "../../src/policy/digest.ts";

describe("the week of a digest", () => {
  test.each([
    ["a Monday, 07:59", "2026-11-30T07:59:59Z", "monday", "2026-11-23"],
    ["a Monday, 08:00", "2026-11-30T08:00:00Z", "monday", "2026-11-30"],
    ["the Sunday after", "2026-12-06T23:00:00Z", "monday", "2026-11-30"],
    ["a Friday's, on Monday", "2026-11-30T08:00:00Z", "friday", "2026-11-27"],
    ["over New Year", "2027-01-01T12:00:00Z", "sunday", "2026-12-27"],
  ] as const)("%s", (_, now, on, expected) => {
    const week = digestWeek(new Date(now), on);
    expect(week.id).toBe(expected);
    expect(week.until.getTime() - week.since.getTime()).toBe(7 * 24 * 3_600_000);
  });

  test("the day on which it is looked for changes at 08:00 UTC", () => {
    expect(digestDay(new Date("2026-11-30T07:59:59Z"))).toBe("2026-11-29");
    expect(digestDay(new Date("2026-11-30T08:00:00Z"))).toBe("2026-11-30");
  });
});
