import { visibleLines } from "../commit-message/visible-lines.ts";
import { type RequiredSection, sectionsInBold, sectionsNamed } from "./section-names.ts";

/** A part of a post-mortem under its heading. */
export interface Section {
  readonly title: string;
  /** What its title may stand for. */
  readonly names: readonly RequiredSection[];
  /** Of its heading, 1 to 6; 7 for a line in bold. What stands under a deeper one belongs to it as well. */
  readonly level: number;
  /** Of blank lines that follow each other one is kept. */
  readonly lines: readonly string[];
}

type Heading = Omit<Section, "lines">;

/** No post-mortem has more headings; what looks like one behind them is text of the last. */
const MOST_SECTIONS = 500;

/**
 * The body by its headings, in order; what stands before the first has the title `""`. Code and comments are
 * left out. Headings are those of the first two levels, underlined ones too, and others (`###`, a line in
 * bold) where they name a section of the procedure.
 */
export function sectionsOf(body: string): readonly Section[] {
  let last: Section & { readonly lines: string[] } = { title: "", names: [], level: 0, lines: [] };
  const sections = [last];
  const lines = visibleLines(body, { code: false });
  for (const [i, line] of lines.entries()) {
    const isFull = sections.length > MOST_SECTIONS;
    const underlined = isFull ? null : underlinedHeading(line, lines[i - 1], lines[i - 2]);
    const heading = isFull ? null : (underlined ?? headingOf(line));
    if (underlined !== null) last.lines.pop();
    if (heading !== null) {
      last = { ...heading, lines: [] };
      sections.push(last);
    } else if (line !== "" || last.lines.at(-1) !== "") last.lines.push(line);
  }
  return sections;
}

/** The heading that begins a section; `null`: the line is none. */
function headingOf(line: string): Heading | null {
  if (!/^ {0,3}[#*_<]/.test(line)) return null;
  const [, marks, text = ""] = /^ {0,3}(#{1,6})(?:[ \t]+(.*))?$/.exec(line) ?? [];
  if (marks !== undefined) {
    const title = text.replace(/[ \t#]+$/, "");
    const names = sectionsNamed(title);
    return marks.length <= 2 || names.length > 0 ? { title, names, level: marks.length } : null;
  }
  const almost = almostHeading(line);
  if (almost !== null) return almost;
  const [, , bold] = /^ {0,3}(\*\*|__)([^*_]{1,100}?)[:：]?\1[:：]?\s*$/u.exec(line) ?? [];
  if (bold === undefined) return null;
  const names = sectionsInBold(bold);
  return names.length > 0 ? { title: bold, names, level: 7 } : null;
}

/** `##Timeline` and `<h2>Timeline</h2>`, which are headings to whoever wrote them. */
function almostHeading(line: string): Heading | null {
  const [, marks, behind] = /^ {0,3}(#{1,6})([^\s#].{0,100})$/u.exec(line) ?? [];
  const [, level, inside] = /^ {0,3}<h([1-6])>([^<>]{1,100})<\/h[1-6]>\s*$/iu.exec(line) ?? [];
  const text = behind ?? inside;
  if (text === undefined) return null;
  const title = text.replace(/[ \t#]+$/, "").trim();
  const names = sectionsNamed(title);
  return names.length === 0 ? null : { title, names, level: marks?.length ?? Number(level) };
}

/** One line of plain text above makes an underline a heading. */
function underlinedHeading(line: string, text = "", above = ""): Heading | null {
  if (!/^ {0,3}(?:={2,}|-{2,})\s*$/.test(line)) return null;
  const isPlain = /^ {0,3}[^\s|>#*+-]/.test(text) && !text.includes("|") && text.length <= 200;
  if (!isPlain || above.trim() !== "") return null;
  const title = text.trim();
  return { title, names: sectionsNamed(title), level: line.includes("=") ? 1 : 2 };
}
