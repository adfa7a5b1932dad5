import { describe, expect, it, test } from "vitest";
import { detectedTime, writtenIn } from "../../../src/policy/post-mortem/written.ts";

describe("when the incident began", () => {
  it.each<[string, string | null]>([
    ["- **Began:** 2025-10-14 09:10 UTC", "2025-10-14T09:10:00Z"],
    ["- **Began:** 2025-10-14 09:10", "2025-10-14T09:10:00Z"],
    ["* **Began**: 2025-10-14T09:10:30Z, with the release of v12", "2025-10-14T09:10:30Z"],
    ["**Began:** `2025-10-14 11:10 +02:00` (the first alert)", "2025-10-14T09:10:00Z"],
    ["- **began:** 2025-10-14 09:10 UTC\r", "2025-10-14T09:10:00Z"],
    ["- **Began:** _To be written: when it began, like 2025-10-14 09:10 UTC, or: unknown_", null],
    ["- **Began:** **2025-10-14 09:10**", "2025-10-14T09:10:00Z"],
    ["- **Began:** unknown", null],
    ["- **Began:** yesterday, 2025-10-14 09:10", null],
    ["- **Began:** 2025-13-45 09:10", null],
    ["- **Began:**", null],
    ["<!-- - **Began:** 2025-10-14 09:10 -->", null],
    ["```\n- **Began:** 2025-10-14 09:10\n```", null],
    ["", null],
  ])("%j", (body, began) => expect(writtenIn(`# Ours\n\n${body}\n`).began).toBe(began));

  it("is what the first line says", () => {
    expect(writtenIn("- **Began:** 2025-10-14 09:10\n- **Began:** 2025-10-14 09:20").began).toBe(
      "2025-10-14T09:10:00Z",
    );
  });
});

describe("when it was detected", () => {
  it.each<[string, string | null]>([
    ["| 2025-10-14 09:20 UTC | Issue detected | `rita` |", "2025-10-14T09:20:00Z"],
    ["| 2025-10-14 09:20 UTC | Issue detected, by an alert | |", "2025-10-14T09:20:00Z"],
    ["| _To be written: time_ | Issue detected | _To be written: by whom_ |", null],
    ["  |2025-10-14 09:20 UTC|Issue detected|", "2025-10-14T09:20:00Z"],
    ["| 2025-10-14 09:20 UTC | Issue `#1` opened | |", null],
    ["| 2025-10-14 09:20 UTC | No issue detected yet | |", null],
    ["| 2025-10-14 09:20 UTC | Issue detectedly | |", null],
    ["Seen | 2025-10-14 09:20 UTC | Issue detected |", null],
  ])("%j", (body, detected) => expect(writtenIn(body).detected).toBe(detected));
});

test("the block of metrics is read with it", () => {
  expect(writtenIn('```json\n{"hotfix-guard": {"n": 1}}\n```').metrics).toEqual({ n: 1 });
  expect(writtenIn("none").metrics).toBeNull();
});

describe("a time that people wrote", () => {
  it.each([
    [" 2025-10-14 09:10 ", "2025-10-14T09:10:00Z"],
    ["2025-10-14T09:10:30.123Z", "2025-10-14T09:10:30Z"],
    ["2025-10-14 11:10 +0200", "2025-10-14T09:10:00Z"],
    ["2025-10-14 11:10+02:00", "2025-10-14T09:10:00Z"],
    ["2025-10-14 09:10 gmt", "2025-10-14T09:10:00Z"],
    ["at 2025-10-14 09:10", null],
    ["2025-10-14 09:10 Berlin", null],
    ["2025-10-14", null],
  ])("%j", (text, time) => expect(detectedTime(text)).toBe(time));
});

test("is read in time linear in the text", () => {
  for (const text of ["- **Began:** ".repeat(5_000), `|${" ".repeat(65_000)}`, "| ".repeat(32_000)]) {
    const started = performance.now();
    writtenIn(text);
    expect(performance.now() - started).toBeLessThan(500);
  }
});
