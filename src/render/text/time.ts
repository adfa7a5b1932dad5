import type { PhrasingContent } from "mdast";
import { code } from "./neutralize.ts";

/** "2025-10-14 10:10 UTC" of an ISO 8601 time in UTC, or the text itself where it is none. */
export function utc(iso: string): string {
  const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d)(?::\d\d(?:\.\d+)?)?Z$/.exec(iso);
  return match === null ? iso : `${match[1]} ${match[2]} UTC`;
}

/** The same as a node; what is no time is foreign text. */
export function time(iso: string): PhrasingContent {
  const text = utc(iso);
  return text === iso ? code(iso) : { type: "text", value: text };
}

/** "15 min", "2 h", "1 h 30 min", "2 d 3 h": rounded down to minutes. */
export function duration(milliseconds: number): string {
  const minutes = Math.floor(Math.abs(milliseconds) / 60_000);
  const [d, h, m] = [Math.floor(minutes / 1440), Math.floor(minutes / 60) % 24, minutes % 60];
  // Whole days up to two are said in hours, as people and the configuration do: "24 h".
  if (d === 1 && h === 0 && m === 0) return "24 h";
  const parts = [d > 0 ? `${d} d` : "", h > 0 ? `${h} h` : "", m > 0 ? `${m} min` : ""].filter(
    (s) => s !== "",
  );
  return parts.length === 0 ? "less than a minute" : parts.join(" ");
}
