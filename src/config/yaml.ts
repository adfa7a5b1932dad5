import {
  Composer,
  type CST,
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  Lexer,
  LineCounter,
  type ParsedNode,
  Parser,
} from "yaml";
import type { Entry, Located, LocatedMap, Place, Scalar } from "./located.ts";
import { type ConfigProblem, type ConfigSource, problem, visible } from "./problem.ts";

/**
 * Reads YAML text that may have been written to do harm. What is read is bounded before the recursive part of the
 * YAML library sees it: deep nesting exhausts the stack there, and takes the process with it.
 */

const MOST_BYTES = 1_000_000;
const MOST_LINES = 10_000;
const LONGEST_LINE = 10_000;
const MOST_LEXEMES = 25_000;
const DEEPEST = 40;
const TOO_DEEP = "nested too deeply";
const AT_MOST_FIVE = "The configuration is at most five levels deep.";
/** Counted with every use of an alias. */
const MOST_NODES = 10_000;

type Read = { readonly root: LocatedMap } | { readonly problems: readonly ConfigProblem[] };

/** The top-level map of a configuration file with the place of everything in it, or what is wrong. Never throws. */
export function readYaml({ file, bytes }: ConfigSource): Read {
  const top = { file, line: 1, column: 1 };
  const refuse = (message: string, mend: string): Read => ({ problems: [problem(top, [], message, mend)] });
  if (bytes.length > MOST_BYTES) {
    return refuse(
      "the file is larger than 1 MB",
      "Keep to the keys of the configuration; it has room for far more than it needs.",
    );
  }
  let source: string;
  try {
    source = new TextDecoder("utf-8", { fatal: true }).decode(bytes);
  } catch {
    return refuse("the file is not UTF-8 text", "Save it as UTF-8.");
  }
  const physical = source.split("\n", MOST_LINES + 1);
  if (physical.length > MOST_LINES)
    return refuse(`the file has more than ${MOST_LINES} lines`, "Make it shorter.");
  const long = physical.findIndex((line) => line.length > LONGEST_LINE);
  if (long >= 0) {
    const message = `the line is longer than ${LONGEST_LINE} characters`;
    return {
      problems: [problem({ file, line: long + 1, column: 1 }, [], message, "Write it on several lines.")],
    };
  }
  const lines = new LineCounter();
  const place = (offset: number): Place => {
    const { line, col } = lines.linePos(offset);
    return { file, line: Math.max(line, 1), column: Math.max(col, 1) };
  };
  const fail = (offset: number, message: string, mend: string) => problem(place(offset), [], message, mend);
  const tokens = tokenize(source, lines);
  if ("tooDeepAt" in tokens)
    return {
      problems: [fail(tokens.tooDeepAt, TOO_DEEP, AT_MOST_FIVE)],
    };
  if ("tooLongAt" in tokens)
    return {
      problems: [
        fail(tokens.tooLongAt, "the file has too many parts to be a configuration", "Make it shorter."),
      ],
    };

  const documents: Document.Parsed[] = [];
  const options = {
    lineCounter: lines,
    prettyErrors: false,
    uniqueKeys: false,
    merge: false,
    resolveKnownTags: false,
    logLevel: "silent",
  } as const;
  for (const document of new Composer(options).compose(tokens.tokens, true, source.length)) {
    documents.push(document);
    if (documents.length === 2) break;
  }
  const [document, second] = documents;
  if (document === undefined) return { root: { kind: "map", entries: new Map(), at: top } };
  const faults = [...document.errors, ...document.warnings];
  if (faults.length > 0) {
    return {
      problems: faults
        .slice(0, 10)
        .map(({ code, message, pos }) => fail(pos[0], syntax(code, message), syntaxMend(code, message))),
    };
  }
  if (second !== undefined) {
    return {
      problems: [
        fail(
          second.range[0],
          "a second document begins here",
          "Keep everything in one document: take out the line ---.",
        ),
      ],
    };
  }
  return toLocated(document.contents, place);
}

function tokenize(
  source: string,
  lines: LineCounter,
): { tokens: readonly CST.Token[] } | { tooDeepAt: number } | { tooLongAt: number } {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  const tokens: CST.Token[] = [];
  let count = 0;
  for (const lexeme of new Lexer().lex(source)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    if (parser.stack.length > DEEPEST) return { tooDeepAt: parser.offset };
    if (++count > MOST_LEXEMES) return { tooLongAt: parser.offset };
  }
  for (const token of parser.end()) tokens.push(token);
  return { tokens };
}

/** The library's message, first line; the rest shows source text. */
function syntax(code: string, message: string): string {
  if (code === "TAG_RESOLVE_FAILED") return "tags (words with ! in front) are not supported";
  return `not valid YAML: ${visible(message.split("\n", 1)[0] ?? "", 200).replace(/\.$/, "")}`;
}

function syntaxMend(code: string, message: string): string {
  if (code === "TAG_RESOLVE_FAILED") return "Take the tag out, or put the value in quotes.";
  if (code === "BAD_DQ_ESCAPE")
    return "In double quotes \\ begins an escape; write patterns in single quotes.";
  if (code === "TAB_AS_INDENT") return "Indent with spaces.";
  if (message.includes("character @"))
    return "Write logins and teams without @; put other text in single quotes.";
  if (code === "BAD_SCALAR_START" || message.includes("reserved character"))
    return "Put the value in single quotes.";
  if (code === "BAD_INDENT")
    return "Indent what belongs together by the same number of spaces, and close every [ and {.";
  if (code === "MISSING_CHAR") return "Add the missing character; a missing space after : is common too.";
  return "Mend the YAML at this place.";
}

/** Raised within `toLocated` only, and caught there. */
class Refusal extends Error {
  readonly offset: number;
  readonly mend: string;
  constructor(offset: number, message: string, mend: string) {
    super(message);
    this.offset = offset;
    this.mend = mend;
  }
}

function toLocated(contents: ParsedNode | null, place: (offset: number) => Place): Read {
  const problems: ConfigProblem[] = [];
  const anchors = new Map<string, ParsedNode>();
  const open = new Set<ParsedNode>();
  let nodes = 0;

  const visit = (node: ParsedNode | null, path: readonly PropertyKey[], after: number): Located => {
    if (node === null) return { kind: "scalar", value: null, at: place(after) };
    const offset = node.range[0];
    const at = place(offset);
    if (++nodes > MOST_NODES)
      throw new Refusal(
        offset,
        `the file holds more than ${MOST_NODES} values, counted with every use of an alias (*name)`,
        "Write the values out, without aliases that stand for aliases.",
      );
    if (isAlias(node)) {
      const target = anchors.get(node.source);
      if (target === undefined)
        throw new Refusal(
          offset,
          `*${visible(node.source)} names no anchor before it`,
          `Put a text that begins with * in quotes, or define &${visible(node.source)} further up.`,
        );
      if (open.has(target))
        throw new Refusal(offset, "an alias stands within what it names", "Write the value out.");
      return visit(target, path, offset);
    }
    if (path.length > DEEPEST) throw new Refusal(offset, TOO_DEEP, AT_MOST_FIVE);
    open.add(node);
    if (node.anchor !== undefined) anchors.set(node.anchor, node);
    const result = isMap(node)
      ? visitMap(node, path, at)
      : isSeq(node)
        ? {
            kind: "list" as const,
            items: node.items.map((item, i) => visit(item as ParsedNode, [...path, i], offset)),
            at,
          }
        : { kind: "scalar" as const, value: scalar(node), at };
    open.delete(node);
    return result;
  };

  const visitMap = (
    node: ParsedNode & { items: unknown },
    path: readonly PropertyKey[],
    at: Place,
  ): LocatedMap => {
    const entries = new Map<string, Entry>();
    for (const { key, value } of node.items as { key: ParsedNode | null; value: ParsedNode | null }[]) {
      const keyAt = key === null ? at : place(key.range[0]);
      if (!isScalar(key) || key.value === null) {
        problems.push(
          problem(
            keyAt,
            path,
            "a key has to be a plain word",
            "Write key: value; put a text with special characters in quotes.",
          ),
        );
        continue;
      }
      const name = typeof key.value === "string" ? key.value : (key.source ?? String(key.value));
      const first = entries.get(name);
      const here = [...path, name];
      if (name === "<<") {
        problems.push(
          problem(
            keyAt,
            here,
            "merge keys (<<) are not supported",
            "Write the keys out, or build on another file with extends.",
          ),
        );
      } else if (name === "__proto__") {
        problems.push(problem(keyAt, here, "this key is not allowed", "Take another name."));
      } else if (first !== undefined) {
        problems.push(
          problem(
            keyAt,
            here,
            `the key is there twice, first on line ${first.key.line}`,
            "Keep one of them.",
          ),
        );
      } else {
        entries.set(name, { key: keyAt, value: visit(value, here, key.range[1]) });
      }
    }
    return { kind: "map", entries, at };
  };

  try {
    const root = visit(contents, [], 0);
    if (root.kind === "map" && problems.length === 0) return { root };
    if (root.kind === "scalar" && root.value === null)
      return { root: { kind: "map", entries: new Map(), at: root.at } };
    if (root.kind !== "map")
      problems.push(
        problem(
          root.at,
          [],
          `the file is ${root.kind === "list" ? "a list" : "a single value"}, not a map of keys`,
          "Write keys at the left margin, such as version: 1.",
        ),
      );
    return { problems };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    return { problems: [...problems, problem(place(error.offset), [], error.message, error.mend)] };
  }
}

/** Values outside JSON (an integer that no number holds) are text, which the schema then judges. */
function scalar(node: ParsedNode): Scalar {
  const value: unknown = isScalar(node) ? node.value : null;
  return value === null || ["string", "number", "boolean"].includes(typeof value)
    ? (value as Scalar)
    : String(value);
}
