import { visibleLines } from "../commit-message/visible-lines.ts";
import { isSectionName, sectionsNamed } from "./section-names.ts";

/** A part of a post-mortem under its heading. */
export interface Section {
  readonly title: string;
  readonly lines: readonly string[];
}

/**
 * The body by its headings, in order; what stands before the first has the title `""`. Code and comments are
 * left out. Headings are those of the first two levels, underlined ones too, and others (`###`, a line in
 * bold) where they name a section of the procedure.
 */
export function sectionsOf(body: string): readonly Section[] {
  const sections: { title: string; lines: string[] }[] = [{ title: "", lines: [] }];
  const lines = visibleLines(body, { code: false });
  for (const [i, line] of lines.entries()) {
    const last = sections.at(-1);
    if (isUnderline(line) && isParagraph(lines, i - 1)) {
      last?.lines.pop();
      sections.push({ title: (lines[i - 1] ?? "").trim(), lines: [] });
      continue;
    }
    const title = headingOf(line);
    if (title === null) last?.lines.push(line);
    else sections.push({ title, lines: [] });
  }
  return sections;
}

/** The text of a heading that begins a section; `null`: the line is none. */
function headingOf(line: string): string | null {
  const [, marks, text = ""] = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line) ?? [];
  if (marks !== undefined) {
    const title = text.replace(/[ \t#]+$/, "");
    return marks.length <= 2 || sectionsNamed(title).length > 0 ? title : null;
  }
  const [, , bold] = /^ {0,3}(\*\*|__)([^*_]{1,100}?)[:：]?\1[:：]?\s*$/u.exec(line) ?? [];
  return bold !== undefined && isSectionName(bold) ? bold : null;
}

function isUnderline(line: string): boolean {
  return /^ {0,3}(?:={2,}|-{2,})\s*$/.test(line);
}

/** One line of plain text, which an underline makes a heading. */
function isParagraph(lines: readonly string[], at: number): boolean {
  const line = lines[at] ?? "";
  return (
    /^ {0,3}[^\s|>#*+-]/.test(line) &&
    !line.includes("|") &&
    line.length <= 200 &&
    (lines[at - 1] ?? "").trim() === ""
  );
}
