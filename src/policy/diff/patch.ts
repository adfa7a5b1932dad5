/** One line of a unified hunk. */
export interface PatchLine {
  readonly kind: "added" | "removed" | "context";
  /** Without the mark in front, and without a carriage return at the end. */
  readonly text: string;
  /** Line in the new file; of a removed line, the line that follows it. 1-based. */
  readonly line: number;
}

/** One hunk of a unified diff; line numbers begin at 1. */
export interface Hunk {
  readonly oldStart: number;
  readonly newStart: number;
  readonly lines: readonly PatchLine[];
}

const HEADER = /^@@ -(\d{1,9})(?:,\d{1,9})? \+(\d{1,9})(?:,\d{1,9})? @@/;

/**
 * Reads hunks without file headers, as GitHub gives them. Inside a hunk each line begins with a space, `+`,
 * `-` or `\`, so a line with `@@` in front is always a header, whatever the file contains. Anything else is
 * left out. Never throws, linear. (parse-diff trusts the counts in the headers, and lists "No newline at end
 * of file" as a change.)
 */
export function readPatch(patch: string | null): readonly Hunk[] {
  if (patch === null) return [];
  const hunks: Hunk[] = [];
  let lines: PatchLine[] | null = null;
  let line = 0;
  for (const raw of patch.split("\n")) {
    const mark = raw.charCodeAt(0);
    if (mark === 64 /* @ */) {
      const header = HEADER.exec(raw);
      if (header === null) continue;
      lines = [];
      line = Number(header[2]);
      hunks.push({ oldStart: Number(header[1]), newStart: line, lines });
    } else if (lines !== null) {
      const kind = mark === 43 ? "added" : mark === 45 ? "removed" : mark === 32 ? "context" : null;
      if (kind === null) continue;
      lines.push({ kind, text: raw.slice(1, raw.endsWith("\r") ? -1 : undefined), line: Math.max(1, line) });
      if (kind !== "removed") line++;
    }
  }
  return hunks;
}

/** How much a patch adds and removes, told from its text alone. */
export interface PatchSize {
  /** UTF-8 bytes of added and removed lines, without their marks. */
  readonly bytes: number;
  /** The longest of these lines, in UTF-16 code units. */
  readonly longest: number;
}

/** Measures the changed lines of a patch. Linear, and makes no copy of a line. */
export function sizeOf(patch: string | null): PatchSize {
  let bytes = 0;
  let longest = 0;
  for (let start = 0; patch !== null && start < patch.length; ) {
    const end = patch.indexOf("\n", start);
    const stop = end === -1 ? patch.length : end;
    const mark = patch.charCodeAt(start);
    if (mark === 43 /* + */ || mark === 45 /* - */) {
      longest = Math.max(longest, stop - start - 1);
      for (let i = start + 1; i < stop; i++) bytes += bytesOf(patch.charCodeAt(i));
    }
    start = stop + 1;
  }
  return { bytes, longest };
}

/** In UTF-8; each half of a surrogate pair is two of its four bytes. */
function bytesOf(unit: number): number {
  if (unit < 0x80) return 1;
  return unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff) ? 2 : 3;
}

/** The first line that the patch changes, in the new file; 1 where no patch is shown. For annotations. */
export function firstChangedLine(patch: string | null): number {
  for (const { lines } of readPatch(patch)) {
    const changed = lines.find(({ kind }) => kind !== "context");
    if (changed !== undefined) return changed.line;
  }
  return 1;
}

/**
 * Does the patch change nothing but whitespace: in each hunk, are the removed and the added lines the same
 * once whitespace is taken out? Line breaks and blank lines are whitespace too. Says nothing of whether the
 * change is harmless: indentation has meaning in Python, YAML and make.
 */
export function isWhitespaceOnly(patch: string | null): boolean {
  if (patch === null || !patch.startsWith("@@")) return false;
  let removed = "";
  let added = "";
  let changes = 0;
  let end = 0;
  for (let start = 0; start <= patch.length; start = end + 1) {
    end = patch.indexOf("\n", start);
    if (end === -1) end = patch.length;
    const mark = patch.charCodeAt(start);
    if (mark === 64 /* @ */) {
      if (removed !== added) return false;
    } else if (mark === 43 /* + */ || mark === 45 /* - */) {
      const text = patch.slice(start + 1, end).replace(/\s+/g, "");
      if (mark === 43) added += text;
      else removed += text;
      changes++;
      // Most patches are told by the first letters that differ, without reading on.
      if (removed !== "" && added !== "" && removed.charCodeAt(0) !== added.charCodeAt(0)) return false;
    }
  }
  return changes > 0 && removed === added;
}
