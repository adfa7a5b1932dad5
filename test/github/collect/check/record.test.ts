import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { digestOf, type LandingChange, unlike } from "../../../../src/github/collect/check/change.ts";
import { greenSince } from "../../../../src/github/collect/check/gates.ts";
import {
  arrivalFor,
  changedSince,
  nextRecord,
  recordOf,
  saidAlone,
} from "../../../../src/github/collect/check/record.ts";
import {
  EMPTY_RECORD,
  encodeRecord,
  type GateRecord,
  readRecord,
} from "../../../../src/github/collect/check/record-text.ts";
import { known, unknown } from "../../../../src/policy/fact.ts";
import { recordComment } from "../../../../src/render/text/marker.ts";
import { anyCharacter } from "../../../support/any-text.ts";
import { at, file, snapshot } from "../../../support/snapshot.ts";

const arrival = fc.record({
  pr: fc.nat(),
  base: fc.string({ unit: anyCharacter }),
  at: fc.constantFrom(at("10:00:00"), at("10:00:01")),
});
const said = fc.record({
  conclusion: fc.constantFrom("success", "action_required"),
  at: fc.constantFrom(at("10:00:00"), at("10:00:01")),
});
const hidden = (record: Parameters<typeof encodeRecord>[0]) => recordComment(encodeRecord(record));

test("what is written behind any text is read again", () => {
  fc.assert(
    fc.property(
      fc.string(),
      fc.array(arrival, { maxLength: 50 }),
      fc.array(said, { maxLength: 20 }),
      (text, arrivals, said) => {
        const record = { arrivals, said };
        expect(readRecord(`${text}\n${hidden(record)}`)).toEqual(record);
      },
    ),
  );
});

test("the last one counts, so text before it cannot forge one", () => {
  const forged = hidden({ arrivals: [{ pr: 1, base: "main", at: at("00:00:00") }], said: [] });
  const own = hidden(EMPTY_RECORD);
  expect(readRecord(`${forged}\n${own}`)).toEqual(EMPTY_RECORD);
});

test.each([
  null,
  undefined,
  "",
  "<!-- hotfix-guard:record ",
  '<!-- hotfix-guard:record {"v":1',
  "<!-- hotfix-guard:record null -->",
  "<!-- hotfix-guard:record [] -->",
  '<!-- hotfix-guard:record {"v":2,"arrivals":[]} -->',
  '<!-- hotfix-guard:record {"v":1,"arrivals":[{"pr":"1"},{"pr":1,"base":"main","at":"soon"}]} -->',
  '<!-- hotfix-guard:record {"v":1,"said":[{"conclusion":"`x`","at":"2025-10-14T10:00:00Z"},{"conclusion":"success","at":1}]} -->',
])("unreadable is nothing remembered: %s", (text) => {
  expect(readRecord(text)).toEqual(EMPTY_RECORD);
});

test("the record stays small", () => {
  const arrivals = Array.from({ length: 500 }, (_, pr) => ({ pr, base: "main", at: at("10:00:00") }));
  const said = arrivals.map(({ pr, at }) => ({ conclusion: pr % 2 === 0 ? "failure" : "success", at }));
  const text = hidden({ arrivals, said });
  expect(text.length).toBeLessThan(10_000);
  expect(readRecord(text).arrivals.at(-1)).toEqual(arrivals.at(-1));
  expect(readRecord(text).said.at(-1)).toEqual(said.at(-1));
});

describe("arrivals", () => {
  const first = { pr: 42, base: "main", at: at("10:01:00") };
  const record = {
    arrivals: [{ ...first, at: at("10:02:00") }, first, { pr: 7, base: "main", at: at("09:00:00") }],
    said: [],
  };

  test("the earliest of the pull request on that base", () => {
    expect(arrivalFor(record, 42, "main")).toBe(at("10:01:00"));
    expect(arrivalFor(record, 42, "develop")).toBeNull();
    expect(arrivalFor(record, 43, "main")).toBeNull();
  });

  test("a time once written is kept, a new one is now, what others wrote stays", () => {
    const run = { id: 1, status: "completed", conclusion: null, completedAt: null, externalId: null, record };
    const here = [
      { snapshot: snapshot(), gates: known([run]) },
      { snapshot: snapshot({ number: 43 }), gates: unknown("x") },
    ];
    const next = readRecord(hidden(nextRecord(here)));
    expect(arrivalFor(next, 42, "main")).toBe(at("10:01:00"));
    expect(arrivalFor(next, 43, "main")).toBe(at("10:20:00"));
    expect(arrivalFor(next, 7, "main")).toBe(at("09:00:00"));
  });
});

describe("what the gate said", () => {
  const record = { arrivals: [], said: [{ conclusion: "failure", at: at("10:01:00") }] };
  const run = { conclusion: "success", completedAt: at("10:05:00"), record };
  const both = [...record.said, { conclusion: "success", at: at("10:05:00") }];

  test("is kept with what it says now, each once, oldest first", () => {
    expect(recordOf([run, { ...run, conclusion: null }, run]).said).toEqual(both);
  });

  test("outlives its being cancelled, and arrivals do not", () => {
    const arrivals = [{ pr: 42, base: "main", at: at("10:00:00") }];
    expect(readRecord(saidAlone({ ...run, record: { ...record, arrivals } }))).toEqual({
      arrivals: [],
      said: both,
    });
  });
});

const gate = (
  conclusion: string | null,
  completedAt: string | null,
  ...before: readonly [string, string][]
) => ({
  id: 1,
  status: "completed",
  conclusion,
  completedAt,
  externalId: null,
  record: { arrivals: [], said: before.map(([word, time]) => ({ conclusion: word, at: at(time) })) },
});

test.each([
  [
    "green at the merge",
    [gate("success", at("10:10:02"), ["action_required", "10:00:05"])],
    "10:30:00",
    at("10:10:02"),
  ],
  ["green now", [gate("success", at("10:10:02"))], null, at("10:10:02")],
  ["red at the merge", [gate("failure", at("10:20:00"), ["success", "10:10:02"])], "10:30:00", null],
  [
    "red after the merge",
    [gate("failure", at("10:40:00"), ["success", "10:10:02"])],
    "10:30:00",
    at("10:10:02"),
  ],
  ["green after the merge only", [gate("success", at("10:40:00"))], "10:30:00", null],
  ["never anything", [], "10:30:00", null],
] as const)("since when the gate was green: %s", (_what, gates, until, expected) => {
  expect(greenSince(known(gates), until === null ? null : at(until))).toBe(expected);
  expect(greenSince(unknown("the check runs"), until === null ? null : at(until))).toBe(null);
});

describe("what would land", () => {
  const files = [file("src/a"), file("src/b")];
  const first = { ...digestOf(files), from: "f1" };
  const other = { ...digestOf([file("src/a")]), from: "f1" };
  const here = (change: LandingChange | null, run: GateRecord | null, more = {}) => [
    {
      snapshot: snapshot(more),
      gates: known(run === null ? [] : [{ conclusion: null, completedAt: null, record: run }]),
      change: change === null ? unknown("x") : known(change),
    },
  ];
  const write = (...args: Parameters<typeof here>) => readRecord(hidden(nextRecord(here(...args))));

  test("is written down when it is first seen, and stays the same as long as it is", () => {
    const record = write(first, null);
    expect(record.changes).toEqual([{ pr: 42, base: "main", since: null, ...first }]);
    expect(write(first, record)).toEqual(record);
    expect(changedSince(record, 42, "main", known(first), at("11:00:00"))).toBeNull();
  });

  test("that becomes another change is noted with the time, and does not become the first one again", () => {
    const record = write(other, write(first, null));
    expect(record.changes).toEqual([{ pr: 42, base: "main", since: at("10:20:00"), ...other }]);
    expect(changedSince(record, 42, "main", known(other), at("11:00:00"))).toBe(at("10:20:00"));
    expect(changedSince(record, 42, "main", known(first), at("11:00:00"))).toBe(at("11:00:00"));
  });

  test("with other modes where it starts now is another change; that start is kept while nothing tells another", () => {
    const record = write(first, null);
    expect(write({ ...first, from: "f2" }, record).changes).toEqual([
      { pr: 42, base: "main", since: null, ...first, from: "f2" },
    ]);
    const moved = { ...first, from: "f2", otherModes: true };
    expect(changedSince(record, 42, "main", known(moved), at("11:00:00"))).toBe(at("11:00:00"));
    expect(write({ ...first, from: null }, record)).toEqual(record);
  });

  test("that cannot be read is as it was", () => {
    const record = write(other, write(first, null));
    expect(write(null, record).changes).toEqual(record.changes);
    expect(changedSince(record, 42, "main", unknown("x"), at("11:00:00"))).toBe(at("10:20:00"));
  });

  test("is of a pull request and a base", () => {
    const record = write(first, null);
    expect(changedSince(record, 42, "release/1", known(other), at("11:00:00"))).toBeNull();
    expect(changedSince(record, 43, "main", known(other), at("11:00:00"))).toBeNull();
    const both = write(other, record, { pr: { base: { ref: "release/1", sha: "b" } } });
    expect(both.changes?.map(({ base, since }) => [base, since])).toEqual([
      ["main", null],
      ["release/1", null],
    ]);
  });

  test("is forgotten with a head that was given up", () => {
    const record = write(first, null);
    expect(readRecord(saidAlone({ conclusion: "cancelled", completedAt: null, record }))).toEqual(
      EMPTY_RECORD,
    );
  });

  test("has a digest of what is done to which files, wherever in the file it is", () => {
    const moved = file("src/b", {
      patch: file("src/b").patch?.replace("-10,3 +10,5", "-90,3 +90,5") ?? null,
    });
    expect(digestOf([moved, file("src/a")])).toEqual(digestOf(files));
    for (const more of [
      { patch: "@@ -1 +1 @@\n+x" },
      { path: "src/c" },
      { patch: null },
      { status: "added" as const },
    ])
      expect(digestOf([file("src/a"), file("src/b", more)]).digest).not.toBe(first.digest);
    expect(digestOf(Array.from({ length: 61 }, (_, i) => file(`${i}`))).files).toBeNull();
  });

  test.each<[string, Parameters<typeof unlike>[0], string[]]>([
    ["the same", files, []],
    ["one more", [...files, file("src/c")], ["src/c"]],
    ["another change", [file("src/a"), file("src/b", { patch: "@@ -1 +1 @@\n-x" })], ["src/b"]],
    ["one less", [file("src/a")], ["src/b"]],
    ["in a file that the base has renamed", [file("src/a"), file("src/moved")], []],
    [
      "the same, put into a new file",
      [file("src/a"), file("src/moved", { status: "added" })],
      ["src/moved", "src/b"],
    ],
    ["nothing", [], ["src/a", "src/b"]],
  ])("against what landed: %s", (_, landed, paths) => {
    expect(unlike(landed, first, files)).toEqual(paths);
  });
});
