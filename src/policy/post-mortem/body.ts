import { placeholderForms } from "./placeholder.ts";

/**
 * The body of a post-mortem, which people and the app write side by side. What the app keeps up to date
 * stands between hidden marks (`<!-- hotfix-guard:begin timeline … -->` … `<!-- hotfix-guard:end timeline
 * -->`); everything else belongs to people. The opening mark carries what the app has written: a digest of
 * the text, or the keys of the rows. What differs from that was changed by people, and stays.
 */

/** A part of an issue's body that the app keeps up to date, between two hidden marks. */
export interface Region {
  /** What the opening mark carries. */
  readonly data: string;
  /** The text between the marks, without blank lines around it. */
  readonly content: string;
  /** Where the region, marks included, begins and ends in the body. */
  readonly start: number;
  readonly end: number;
}

/** The hidden mark before a region; what is not safe in a comment of HTML becomes `_`. */
export function beginMark(name: string, data: string): string {
  return `<!-- hotfix-guard:begin ${name} ${data.replace(/[^\w ./:-]/g, "_")} -->`;
}

/** The hidden mark after a region. */
export function endMark(name: string): string {
  return `<!-- hotfix-guard:end ${name} -->`;
}

/** A region as text. */
export function region(name: string, data: string, content: string): string {
  return `${beginMark(name, data)}\n\n${content.trim()}\n\n${endMark(name)}`;
}

/** The first region of that name; `null`: its marks are not there, so there is nothing to keep up to date. */
export function findRegion(body: string, name: string): Region | null {
  const start = body.indexOf(`<!-- hotfix-guard:begin ${name} `);
  if (start < 0) return null;
  const opened = body.indexOf("-->", start);
  const end = opened < 0 ? -1 : body.indexOf(endMark(name), opened);
  if (end < 0) return null;
  const data = body.slice(start + `<!-- hotfix-guard:begin ${name} `.length, opened).trim();
  return { data, content: body.slice(opened + 3, end).trim(), start, end: end + endMark(name).length };
}

/** Puts a text in the place of a region. */
export function replaceRegion(
  body: string,
  { start, end }: Pick<Region, "start" | "end">,
  text: string,
): string {
  return body.slice(0, start) + text + body.slice(end);
}

/** The regions of a post-mortem's body. */
const REGIONS = ["timeline", "diagram", "items", "metrics", "marks", "unread"];

/**
 * What is outside the regions, without hidden comments: in two bodies of one merge only people make it
 * differ.
 */
export function peoplesText(body: string): string {
  const outside = REGIONS.reduce(
    (text, name) => {
      const there = findRegion(text, name);
      return there === null ? text : replaceRegion(text, there, "");
    },
    body.replaceAll("\r\n", "\n"),
  );
  return outside.replace(/<!-- hotfix-guard:[^<>\n]{1,5000} -->/g, "").trim();
}

/** A region that the app writes whole: written anew where nobody has touched it. */
export function updateWhole(body: string, name: string, content: string): string {
  const there = findRegion(body, name);
  if (there === null || there.data !== digest(there.content)) return body;
  return replaceRegion(body, there, whole(name, content));
}

/** Such a region as text, with the digest by which a change is seen. */
function whole(name: string, content: string): string {
  return region(name, digest(content), content);
}

/** 53 bits that tell texts apart (cyrb53): not proof against forgery, which would gain nothing. */
export function digest(text: string): string {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (const character of text.replaceAll("\r\n", "\n").trim()) {
    const code = character.codePointAt(0) ?? 0;
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

/** A row that the app adds to a table or a list, once: people may change or delete it. */
export interface Row {
  readonly key: string;
  /** One line of Markdown. */
  readonly text: string;
  /** What its time looks like in the first cell, for the order: `2025-10-14 09:30`. */
  readonly time: string;
  /** The name of the row that waits for it; `null`: none does. */
  readonly fills: string | null;
}

const ROW_TIME = /^\|\s*(\d{4}-\d\d-\d\d \d\d:\d\d)/;

/**
 * Adds the rows that the region does not know yet, each at its time. A row that still waits to be filled in
 * with it goes; whatever people wrote stays as and where it is.
 */
export function mergeRows({ data, content }: Region, rows: readonly Row[]): Pick<Region, "data" | "content"> {
  const seen = new Set(data.split(" ").filter((key) => key !== ""));
  const lines = content.split("\n");
  for (const { key, text, time, fills } of rows) {
    if (seen.has(key)) continue;
    seen.add(key);
    const head = lines.findIndex((line) => /^\|[\s|:-]+\|\s*$/.test(line) && line.includes("-"));
    // Where the table is gone, people have made something else of it.
    if (head < 0) continue;
    const waiting = fills === null ? -1 : lines.findIndex((line) => waitsFor(line, fills));
    const [former] = waiting < 0 ? [] : lines.splice(waiting, 1);
    const place = placeFor(lines, head + 1, time);
    // Where only rows that wait stand between, it stays where it was waited for.
    const there = waiting > place && !lines.slice(place, waiting).some((line) => ROW_TIME.test(line));
    lines.splice(there ? waiting : place, 0, former === undefined ? text : filledIn(former, text));
  }
  return { data: [...seen].join(" "), content: lines.join("\n") };
}

const WAITS = placeholderForms("time");
const PLACEHOLDER = /_(?:TODO|To be written): [^_]{1,200}_/;

function waitsFor(row: string, name: string): boolean {
  const [before, time = "", what = ""] = row.split("|");
  return (
    before?.trim() === "" &&
    WAITS.some((form) => time.includes(form)) &&
    what.replace(/[*_`]/g, "").trim() === name
  );
}

/**
 * The row that waited, filled in; where people have written into it, that stays, and only what is to be
 * written yet is filled in.
 */
function filledIn(waiting: string, text: string): string {
  const cells = waiting.split("|");
  const known = text.split("|");
  const mayGo = cells.slice(3).every((cell) => cell.replace(PLACEHOLDER, "").trim() === "");
  if (mayGo) return text;
  cells[1] = WAITS.reduce((cell, form) => cell.replace(form, () => known[1]?.trim() ?? ""), cells[1] ?? "");
  return cells.join("|");
}

/** After the last row that is not later. */
function placeFor(lines: readonly string[], first: number, time: string): number {
  let place = first;
  // What is to be filled in at the beginning ("Issue detected") stays there.
  const waitsFirst = lines.some((line) => ROW_TIME.test(line));
  let timed = false;
  for (let i = first; lines[i]?.startsWith("|"); i++) {
    const at = ROW_TIME.exec(lines[i] ?? "")?.[1];
    if (at === undefined) {
      if (!timed && waitsFirst) place = i + 1;
      continue;
    }
    timed = true;
    if (at > time) break;
    place = i + 1;
  }
  return place;
}
