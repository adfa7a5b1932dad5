import { Composer, type CST, type Document, Lexer, LineCounter, Parser } from "yaml";
import { oddCharacter } from "../policy/text/look-alikes.ts";
import type { LocatedMap, Place } from "./located.ts";
import { type ConfigProblem, type ConfigSource, problem, visible } from "./problem.ts";
import { Refusal } from "./refusal.ts";
import { adviceOn, UNQUOTED, VALUE } from "./yaml-advice.ts";
import { DEEPEST, toLocated, tooDeep } from "./yaml-tree.ts";

/**
 * Reads YAML text that may have been written to do harm. What is read is bounded before the recursive part of
 * the YAML library sees it: deep nesting exhausts the stack there, and takes the process with it.
 */

const MOST_BYTES = 250_000;

const MOST_LINES = 5_000;

const LONGEST_LINE = 10_000;

const MOST_LEXEMES = 10_000;

/**
 * `corrected`: what the file says once its faults are fixed as they are surely meant, to tell what else is
 * wrong.
 */
type Read =
  | { readonly root: LocatedMap }
  | { readonly problems: readonly ConfigProblem[]; readonly corrected?: LocatedMap };

/** So many characters are gone through again, in all rounds together, and so many faults. */
const MOST_CORRECTED = 12_000;

const MOST_CORRECTIONS = 5;

/**
 * The top-level map of a configuration file with the place of everything in it, or what is wrong. Never
 * throws.
 */
export function readYaml(source: ConfigSource): Read {
  const decoder = new LineCounter();
  decoder.addNewLine(0);
  try {
    const text = decode(source.bytes, decoder);
    const first = readText(source.file, text);
    if ("root" in first || first.fault === undefined || text.length > MOST_CORRECTED) return first;
    const problems = [...first.problems];
    let now: ReadText = first;
    let said = text;
    const rounds = Math.min(MOST_CORRECTIONS, Math.floor(MOST_CORRECTED / text.length));
    for (let round = 0; round < rounds && !("root" in now) && now.fault !== undefined; round++) {
      const corrected = correct(said, now.fault);
      if (corrected === null || corrected === said) return { problems };
      said = corrected;
      now = readText(source.file, said);
      if (!("root" in now)) problems.push(...now.problems.filter((one) => !isToldAt(problems, one)));
    }
    return "root" in now ? { problems, corrected: now.root } : { problems };
  } catch (error) {
    return { problems: [refused(error, source.file, decoder)] };
  }
}

function isToldAt(problems: readonly ConfigProblem[], { line }: ConfigProblem): boolean {
  return problems.some((one) => one.line === line);
}

/** What the YAML library says, and where in the text. */
interface Fault {
  readonly code: string;
  readonly offset: number;
}

type ReadText =
  | { readonly root: LocatedMap }
  | { readonly problems: readonly ConfigProblem[]; readonly fault?: Fault };

function readText(file: string, text: string): ReadText {
  const lines = new LineCounter();
  lines.addNewLine(0);
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line, column: col };
  };
  try {
    const documents = compose(text, lines);
    const [document, second] = documents;
    const faults = [...(document?.errors ?? []), ...(document?.warnings ?? [])].slice(0, 10);
    const [fault] = faults;
    if (fault !== undefined) {
      return {
        problems: faults.map(({ code, message, pos }) =>
          problem(place(pos[0]), [], ...adviceOn(code, message, lineAt(text, pos[0]))),
        ),
        fault: { code: fault.code, offset: fault.pos[0] },
      };
    }
    if (second !== undefined) {
      const fix = "Use one document: remove the line ---.";
      throw new Refusal(second.range[0], "a second document begins here", fix);
    }
    const { root, problems } = toLocated(document?.contents ?? null, place);
    if (problems.length > 0) return { problems };
    if (root.kind === "map") return { root };
    if (root.kind === "scalar" && root.value === null)
      return { root: { kind: "map", entries: new Map(), at: root.at } };
    const kind = root.kind === "list" ? "a list" : "a single value";
    return { problems: [problem(root.at, [], `the file is ${kind}, not a map of keys`, mapFix(text))] };
  } catch (error) {
    return { problems: [refused(error, file, lines)] };
  }
}

/**
 * How a file becomes a map: often only the space behind the colon is missing, or the colon is another sign.
 */
function mapFix(text: string): string {
  const line = text.split("\n").find((one) => /^\s*[^\s#]/u.test(one)) ?? "";
  const [, key, value] = /^([\p{L}_-]{1,40})\s?[:=：]\s?(\S.{0,60})$/u.exec(line.trim()) ?? [];
  const odd = oddCharacter(line);
  return key === undefined || value === undefined
    ? "Write keys at the left margin, such as version: 1."
    : `Write ${visible(`${key}: ${value}`, 120)}, with a colon and a space${odd === null ? "" : `: ${odd}`}.`;
}

function refused(error: unknown, file: string, lines: LineCounter): ConfigProblem {
  const [offset, message, fix] =
    error instanceof Refusal
      ? [error.offset, error.message, error.fix]
      : [0, `not valid YAML: ${visible(String(error), 200)}`, "Fix the YAML."];
  const { line, col } = lines.linePos(offset);
  return problem({ file, line, column: col }, [], message, fix);
}

/**
 * The text without a fault whose meaning is plain; each keeps its line. `null`: it could mean several things.
 */
function correct(text: string, { code, offset }: Fault): string | null {
  const line = lineAt(text, offset);
  const start = text.lastIndexOf("\n", offset - 1) + 1;
  const replaced = (by: string): string => text.slice(0, start) + by + text.slice(start + line.length);
  if (code === "TAB_AS_INDENT" || /^[ \t]*\t/.test(line))
    return replaced(line.replace(/^[ \t]+/, (indent) => indent.replaceAll("\t", "  ")));
  if (code === "BAD_DQ_ESCAPE") return `${text.slice(0, offset)}\\${text.slice(offset)}`;
  if (code === "BAD_SCALAR_START") {
    const [plain = ""] = /^[^\s,[\]{}]+/.exec(text.slice(offset, start + line.length)) ?? [];
    return plain === ""
      ? null
      : `${text.slice(0, offset)}'${plain.replaceAll("'", "''")}'${text.slice(offset + plain.length)}`;
  }
  const [, before, value] = UNQUOTED.includes(code) ? (VALUE.exec(line) ?? []) : [];
  return before === undefined || value === undefined
    ? null
    : replaced(`${before}'${value.replaceAll("'", "''")}'`);
}

/** The text, of a size that a configuration may have. */
function decode(bytes: Uint8Array, lines: LineCounter): string {
  if (bytes.length > MOST_BYTES) {
    const fix = "Keep only configuration keys; they need far less.";
    throw new Refusal(0, "the file is larger than 250 kB", fix);
  }
  let text: string;
  try {
    text = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    throw new Refusal(0, "the file is not UTF-8 text", "Save it as UTF-8.");
  }
  let start = 0;
  for (let line = 1; start < text.length; line++) {
    if (line > MOST_LINES)
      throw new Refusal(0, `the file has more than ${MOST_LINES} lines`, "Make it shorter.");
    const end = text.indexOf("\n", start);
    const next = end < 0 ? text.length : end + 1;
    if (next - start > LONGEST_LINE) {
      if (start > 0) lines.addNewLine(start);
      throw new Refusal(
        start,
        `the line is longer than ${LONGEST_LINE} characters`,
        "Write it on several lines.",
      );
    }
    start = next;
  }
  // No-break and full-width spaces, where only plain ones part anything, look like those.
  return text
    .replace(/^[^\S\r\n]+/gmu, (spaces) => spaces.replace(/[^ \t]/gu, " "))
    .replace(/(?<=^[^#'"\n]{0,60}[:-])[\u00a0\u2000-\u200a\u202f\u3000]/gmu, " ");
}

/** The first two documents. */
function compose(text: string, lines: LineCounter): readonly Document.Parsed[] {
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    // Duplicate keys, merge keys and aliases are evaluated in `toLocated`.
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
    logLevel: "silent",
  } as const;
  const documents: Document.Parsed[] = [];
  const traced = Error.stackTraceLimit;
  // A thousand faults are a thousand errors, whose traces nobody reads and which take most of the time.
  Error.stackTraceLimit = 0;
  try {
    for (const document of new Composer(options).compose(tokenize(text, lines), true, text.length)) {
      documents.push(document);
      if (documents.length === 2) break;
    }
  } finally {
    Error.stackTraceLimit = traced;
  }
  return documents;
}

/** The parser proper keeps its own stack, so its depth can be seen before the composer recurses into it. */
function tokenize(text: string, lines: LineCounter): readonly CST.Token[] {
  const parser = new Parser(lines.addNewLine);
  const tokens: CST.Token[] = [];
  let lexemes = 0;
  for (const lexeme of new Lexer().lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > DEEPEST) throw tooDeep(parser.offset);
    if (++lexemes > MOST_LEXEMES) {
      throw new Refusal(
        parser.offset,
        "the file has too many parts to be a configuration",
        "Make it shorter.",
      );
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

function lineAt(text: string, offset: number): string {
  const end = text.indexOf("\n", offset);
  return text.slice(text.lastIndexOf("\n", offset - 1) + 1, end < 0 ? text.length : end).replace(/\r$/, "");
}
