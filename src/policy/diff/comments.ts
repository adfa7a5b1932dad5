import type { Hunk } from "./patch.ts";
import { nameOf } from "./path-names.ts";

/** How a language writes comments. */
export interface CommentSyntax {
  readonly line: readonly string[];
  readonly block: readonly (readonly [open: string, close: string])[];
}

const C: CommentSyntax = { line: ["//"], block: [["/*", "*/"]] };
const HASH: CommentSyntax = { line: ["#"], block: [] };
const PYTHON: CommentSyntax = {
  line: ["#"],
  block: [
    ['"""', '"""'],
    ["'''", "'''"],
  ],
};
const PHP: CommentSyntax = { line: ["//", "#"], block: [["/*", "*/"]] };
const SQL: CommentSyntax = { line: ["--"], block: [["/*", "*/"]] };
const DASHES: CommentSyntax = {
  line: ["--"],
  block: [
    ["{-", "-}"],
    ["--[[", "]]"],
  ],
};
const SEMICOLON: CommentSyntax = { line: [";"], block: [["#|", "|#"]] };
const PERCENT: CommentSyntax = { line: ["%"], block: [["%{", "%}"]] };
const MARKUP: CommentSyntax = { line: [], block: [["<!--", "-->"]] };
/** Components and templates hold several languages. */
const MIXED: CommentSyntax = {
  line: ["//"],
  block: [
    ["<!--", "-->"],
    ["/*", "*/"],
    ["{{!", "}}"],
    ["{#", "#}"],
    ["<%#", "%>"],
    ["<%--", "--%>"],
    ["@*", "*@"],
  ],
};
const STYLE: CommentSyntax = { line: ["//"], block: [["/*", "*/"]] };
const FSHARP: CommentSyntax = { line: ["//"], block: [["(*", "*)"]] };
const POWERSHELL: CommentSyntax = { line: ["#"], block: [["<#", "#>"]] };
const BASIC: CommentSyntax = { line: ["'"], block: [] };
const FORTRAN: CommentSyntax = { line: ["!"], block: [] };

const SYNTAX_OF: readonly (readonly [CommentSyntax, string])[] = [
  [
    C,
    "c h cc cpp cxx hh hpp hxx m mm cs java kt kts scala groovy gradle go rs swift dart js mjs cjs jsx ts mts cts tsx v sv proto sol zig thrift graphqls jsonnet cu glsl wgsl prisma d hx as pas",
  ],
  [PYTHON, "py pyi pyx bzl star"],
  [
    HASH,
    "rb rake sh bash zsh fish ksh pl pm r jl ex exs nim cr tcl awk tf hcl nix coffee mk make cmake graphql gql dockerfile makefile jenkinsfile rakefile",
  ],
  [PHP, "php phtml"],
  [SQL, "sql psql plsql pks pkb"],
  [DASHES, "lua hs elm ada adb ads vhd vhdl"],
  [SEMICOLON, "clj cljs cljc el lisp scm rkt asm s"],
  [PERCENT, "erl hrl tex prolog"],
  [
    MIXED,
    "vue svelte astro html htm xhtml hbs handlebars mustache twig jinja j2 njk liquid erb ejs jsp cshtml razor",
  ],
  [MARKUP, "xml xsl xslt xaml svg"],
  [STYLE, "css scss sass less styl"],
  [FSHARP, "fs fsi fsx ml mli"],
  [POWERSHELL, "ps1 psm1"],
  [BASIC, "vb vbs bas"],
  [FORTRAN, "f90 f95 f03 f"],
];

const BY_EXTENSION = new Map(
  SYNTAX_OF.flatMap(([syntax, names]) => names.split(" ").map((name) => [name, syntax] as const)),
);

/**
 * How the language of this file writes comments, by its extension or name; `null`: not code, or unheard of.
 */
export function commentSyntaxOf(path: string): CommentSyntax | null {
  const name = nameOf(path).toLowerCase();
  return BY_EXTENSION.get(name.slice(name.lastIndexOf(".") + 1)) ?? null;
}

/**
 * The comments among the added lines of a hunk: what stands behind a comment mark. Comments on lines in a row
 * are one text. A mark inside a string literal counts as well: telling them apart takes a parser for each
 * language.
 */
export function addedComments({ lines }: Hunk, syntax: CommentSyntax): readonly string[] {
  const comments: string[][] = [];
  let inARow: string[] | null = null;
  /** The mark that ends the block comment we are in. */
  let close: string | null = null;
  for (const { kind, text } of lines) {
    if (kind === "removed") continue;
    const comment = commentOn(text, syntax, close);
    close = comment.close;
    if (kind !== "added" || comment.text === null) {
      inARow = null;
    } else if (inARow === null) {
      inARow = [comment.text];
      comments.push(inARow);
    } else {
      inARow.push(comment.text);
    }
  }
  return comments.map((lines) => lines.join("\n"));
}

/**
 * The part of a line from its first comment mark on, and the mark that ends the block comment that goes on
 * after it.
 */
function commentOn(
  line: string,
  syntax: CommentSyntax,
  inside: string | null,
): { text: string | null; close: string | null } {
  let at = 0;
  let start = inside !== null || continuesBlock(line, syntax) ? 0 : -1;
  let close = inside;
  const nextMark = marksOf(line, syntax);
  for (;;) {
    if (close !== null) {
      const end = line.indexOf(close, at);
      if (end === -1) break;
      at = end + close.length;
    }
    const mark = nextMark(at);
    close = mark?.close ?? null;
    if (mark === null) break;
    if (start === -1) start = mark.at;
    // A line comment goes on to the end.
    if (close === null) break;
    at = mark.at + mark.open.length;
  }
  return { text: start === -1 ? null : line.slice(start), close };
}

/** A line of a block comment that began above the hunk, by its usual asterisk. */
function continuesBlock(line: string, { block }: CommentSyntax): boolean {
  return block.some(([open]) => open === "/*") && /^\s*\*(?:\s|$)/.test(line);
}

interface Mark {
  readonly open: string;
  readonly close: string | null;
  at: number;
}

/** Finds the first mark from a place on; places only grow, so each mark is looked for once along the line. */
function marksOf(line: string, { block, line: toTheEnd }: CommentSyntax): (from: number) => Mark | null {
  const marks: readonly Mark[] = [
    ...block.map(([open, close]) => ({ open, close, at: line.indexOf(open) })),
    ...toTheEnd.map((open) => ({ open, close: null, at: line.indexOf(open) })),
  ];
  return (from) => {
    let first: Mark | null = null;
    for (const mark of marks) {
      if (mark.at !== -1 && mark.at < from) mark.at = line.indexOf(mark.open, from);
      if (mark.at !== -1 && (first === null || mark.at < first.at)) first = mark;
    }
    return first;
  };
}
