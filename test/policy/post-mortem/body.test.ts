import { describe, expect, it } from "vitest";
import {
  digest,
  findRegion,
  mergeRows,
  peoplesText,
  type Row,
  region,
  updateWhole,
} from "../../../src/policy/post-mortem/body.ts";

const HEAD = ["| Time | What | Who |", "| --- | --- | --- |"];
const DETECTED = "| _TODO: time_ | Issue detected | _TODO: by whom_ |";
const OPENED = "| 2025-10-14 10:00 | Pull request opened | `john` |";
const MERGED = "| 2025-10-14 10:30 | Merged | `jane` |";
const DEPLOYED = "| _TODO: time_ | Fix deployed | _TODO: by whom_ |";
const VERIFIED = "| _TODO: time_ | Verified resolved | _TODO: by whom_ |";

const row = (time: string, what: string, fills: string | null = null): Row => ({
  key: `k-${what}`,
  text: `| 2025-10-14 ${time} | ${what} | \`jane\` |`,
  time: `2025-10-14 ${time}`,
  fills,
});
const APPROVED = row("10:10", "Approved");
const DEPLOYMENT = row("11:00", "Fix deployed: `production`", "Fix deployed");
const content = (lines: readonly string[], ...rows: readonly Row[]) =>
  mergeRows({ data: "known", content: lines.join("\n"), start: 0, end: 0 }, rows).content.split("\n");

describe("a row that the app adds to a timeline", () => {
  it.each<[what: string, before: readonly string[], added: Row, after: readonly string[]]>([
    ["at its time", [OPENED, MERGED], APPROVED, [OPENED, APPROVED.text, MERGED]],
    [
      "before all others",
      [OPENED, MERGED],
      row("09:00", "Began"),
      [row("09:00", "Began").text, OPENED, MERGED],
    ],
    [
      "at the end",
      [OPENED, MERGED],
      row("12:00", "CI failed"),
      [OPENED, MERGED, row("12:00", "CI failed").text],
    ],
    [
      "behind one of the same minute",
      [OPENED, MERGED],
      row("10:00", "Approved"),
      [OPENED, row("10:00", "Approved").text, MERGED],
    ],
    [
      "behind what is to be filled in at the beginning",
      [DETECTED, OPENED, DEPLOYED],
      row("09:00", "Began"),
      [DETECTED, row("09:00", "Began").text, OPENED, DEPLOYED],
    ],
    [
      "before what is to be filled in at the end",
      [OPENED, DEPLOYED, VERIFIED],
      row("12:00", "CI failed"),
      [OPENED, row("12:00", "CI failed").text, DEPLOYED, VERIFIED],
    ],
    [
      "into a table where nothing has a time yet, at its beginning",
      [DEPLOYED, VERIFIED],
      APPROVED,
      [APPROVED.text, DEPLOYED, VERIFIED],
    ],
    [
      "not into a table below the text that follows",
      [OPENED, "", "Seen by support:", "", "| 2025-10-14 10:05 | Call |"],
      APPROVED,
      [OPENED, APPROVED.text, "", "Seen by support:", "", "| 2025-10-14 10:05 | Call |"],
    ],
    [
      "behind a row of people's without a time that stands among the others",
      [OPENED, "| later | Support called | anna |", MERGED],
      row("10:31", "CI failed"),
      [OPENED, "| later | Support called | anna |", MERGED, row("10:31", "CI failed").text],
    ],
    [
      "in the place of the row that waits for it",
      [DETECTED, MERGED, DEPLOYED, VERIFIED],
      DEPLOYMENT,
      [DETECTED, MERGED, DEPLOYMENT.text, VERIFIED],
    ],
    [
      "there, where only rows that wait stand before it",
      [MERGED, VERIFIED, DEPLOYED],
      DEPLOYMENT,
      [MERGED, VERIFIED, DEPLOYMENT.text],
    ],
    [
      "at its time, where one with a time stands before it",
      [MERGED, "| 2025-10-14 11:30 | Support called | anna |", DEPLOYED],
      DEPLOYMENT,
      [MERGED, DEPLOYMENT.text, "| 2025-10-14 11:30 | Support called | anna |"],
    ],
    [
      "at its time, where it was waited for too early",
      [DEPLOYED, OPENED, MERGED, VERIFIED],
      DEPLOYMENT,
      [OPENED, MERGED, DEPLOYMENT.text, VERIFIED],
    ],
    [
      "also where one that waits stands between",
      [MERGED, VERIFIED, "| 2025-10-14 11:30 | Support called | anna |", DEPLOYED],
      DEPLOYMENT,
      [MERGED, DEPLOYMENT.text, VERIFIED, "| 2025-10-14 11:30 | Support called | anna |"],
    ],
    [
      "behind rows of people's whose last bar is left out",
      ["| 2025-10-14 10:00 | Support called | anna", MERGED],
      APPROVED,
      ["| 2025-10-14 10:00 | Support called | anna", APPROVED.text, MERGED],
    ],
    [
      "before a row that waits between two that have their time",
      [OPENED, "| _TODO: time_ | Support called | anna |", MERGED],
      row("10:20", "CI failed"),
      [OPENED, row("10:20", "CI failed").text, "| _TODO: time_ | Support called | anna |", MERGED],
    ],
    [
      "in the place of one that people have indented",
      [MERGED, ` ${DEPLOYED}`],
      DEPLOYMENT,
      [MERGED, DEPLOYMENT.text],
    ],
    [
      "in the place of one that version 0 wrote",
      [MERGED, DEPLOYED.replaceAll("TODO", "To be written")],
      DEPLOYMENT,
      [MERGED, DEPLOYMENT.text],
    ],
    [
      "in the place of one that people set in bold",
      [MERGED, DEPLOYED.replace("Fix deployed", "**Fix deployed**")],
      DEPLOYMENT,
      [MERGED, DEPLOYMENT.text],
    ],
    [
      "whose time alone goes into what people have written",
      [MERGED, "| about _TODO: time_ | Fix deployed | the night shift | by hand |"],
      DEPLOYMENT,
      [MERGED, "| about 2025-10-14 11:00 | Fix deployed | the night shift | by hand |"],
    ],
    [
      "the same, where they have only added a column",
      [MERGED, "| _TODO: time_ | Fix deployed | _TODO: by whom_ | by hand |"],
      DEPLOYMENT,
      [MERGED, "| 2025-10-14 11:00 | Fix deployed | _TODO: by whom_ | by hand |"],
    ],
    [
      "beside a row that waits for something else",
      [MERGED, VERIFIED],
      DEPLOYMENT,
      [MERGED, DEPLOYMENT.text, VERIFIED],
    ],
    [
      "beside a row whose time people have filled in",
      [MERGED, "| 11:02 | Fix deployed | anna |"],
      DEPLOYMENT,
      [MERGED, DEPLOYMENT.text, "| 11:02 | Fix deployed | anna |"],
    ],
    [
      "beside a line of text that only looks like it",
      [MERGED, "", "Note | _TODO: time_ | Fix deployed"],
      DEPLOYMENT,
      [MERGED, DEPLOYMENT.text, "", "Note | _TODO: time_ | Fix deployed"],
    ],
  ])("%s", (_what, before, added, after) => {
    expect(content([...HEAD, ...before], added)).toEqual([...HEAD, ...after]);
  });

  it("finds the table below people's text, and below a row of blanks", () => {
    const above = ["Times are UTC - as GitHub says", "| | | |", ""];
    expect(content([...above, ...HEAD, OPENED], APPROVED)).toEqual([
      ...above,
      ...HEAD,
      OPENED,
      APPROVED.text,
    ]);
    const aligned = ["| Time | What |", "|:-: | --- |  "];
    expect(content([...aligned, OPENED], APPROVED)).toEqual([...aligned, OPENED, APPROVED.text]);
  });

  it("comes once, also where people have deleted it or made something else of the table", () => {
    const start = { data: "known", content: [...HEAD, OPENED].join("\n"), start: 0, end: 0 };
    const once = mergeRows(start, [APPROVED, APPROVED]);
    expect(once).toEqual({
      data: "known k-Approved",
      content: [...HEAD, OPENED, APPROVED.text].join("\n"),
    });
    expect(mergeRows({ ...start, data: once.data }, [APPROVED])).toEqual({
      data: once.data,
      content: start.content,
    });
    expect(mergeRows({ ...start, data: "", content: "- 10:00 opened" }, [APPROVED])).toEqual({
      data: "k-Approved",
      content: "- 10:00 opened",
    });
  });
});

describe("a part of the body that the app writes", () => {
  const BODY = `Hello\n\n${region("metrics", digest("old"), "old")}\n\nBye`;

  it.each<[what: string, body: string, found: string | null]>([
    ["between its marks", BODY, "old"],
    ["with the line ends of a form", BODY.replaceAll("\n", "\r\n"), "old"],
    ["whose mark of the end is gone", BODY.replace(/<!-- hotfix-guard:end.*-->/, ""), null],
    ["whose mark of the beginning is gone", BODY.replace(/<!-- hotfix-guard:begin.*-->/, ""), null],
    ["whose mark of the beginning never ends", "<!-- hotfix-guard:begin metrics x", null],
    [
      "whose end stands before its beginning",
      "<!-- hotfix-guard:end metrics -->\n<!-- hotfix-guard:begin metrics x -->",
      null,
    ],
    ["of another name", BODY.replaceAll("metrics", "items"), null],
  ])("%s", (_what, body, found) => {
    expect(findRegion(body, "metrics")?.content ?? null).toBe(found);
    const written = `Hello\n\n${region("metrics", digest("new"), "new")}\n\nBye`;
    const updated = updateWhole(body, "metrics", "new").replaceAll("\r\n", "\n");
    expect(updated).toBe(found === null ? body : written);
  });

  it("is left alone where people have changed it, down to a letter", () => {
    const changed = BODY.replace("\nold\n", "\nOld\n");
    expect(updateWhole(changed, "metrics", "new")).toBe(changed);
  });

  it("carries nothing in its mark that would end the mark", () => {
    expect(region("timeline", "a-->b", "x")).toMatch(/^<!-- hotfix-guard:begin timeline a--_b -->\n\nx\n\n/);
  });

  it("is not people's text, and neither are hidden marks; what stands around is", () => {
    const marks = "\n<!-- hotfix-guard:post-mortem 42 -->\n";
    expect(peoplesText(`${marks}${BODY}${marks}`)).toBe(peoplesText("Hello\n\n\n\nBye"));
    expect(peoplesText(BODY.replaceAll("\n", "\r\n"))).toBe(peoplesText(BODY));
    expect(peoplesText(`${BODY} <!-- a person's -->`)).toContain("<!-- a person's -->");
    expect(peoplesText(BODY.replace("Bye", "By"))).not.toBe(peoplesText(BODY));
    const all = ["timeline", "diagram", "items", "metrics", "marks", "unread"].map((name) =>
      region(name, "", "x"),
    );
    expect(peoplesText(all.join("\n"))).toBe("");
  });
});

describe("the digest of a text", () => {
  it("is the same whatever its line ends and the blanks around it, and differs by a letter or their order", () => {
    expect(digest(" a\r\nb\n")).toBe(digest("a\nb"));
    const texts = [
      "",
      "a",
      "b",
      "ab",
      "ba",
      "a\nb",
      "A",
      "🚨",
      "🚩",
      "支",
      ...Array.from({ length: 500 }, (_, i) => `${i}`),
    ];
    expect(new Set(texts.map(digest)).size).toBe(texts.length);
  });

  it("is what it was: open post-mortems carry it", () => {
    expect([digest(""), digest("Merged"), digest("🚨 支払い")]).toEqual([
      "wvjl67o803",
      "16m74d5ygl7",
      "11v99j2rl7a",
    ]);
  });
});
