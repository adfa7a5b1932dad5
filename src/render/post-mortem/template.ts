import type { PhrasingContent, RootContent } from "mdast";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { fullName } from "../../policy/repository.ts";
import { person } from "../gate/approvals.ts";
import { markdown, p } from "../text/markdown.ts";
import type { MessageOf } from "../text/message.ts";
import { code, oneLine, prose } from "../text/neutralize.ts";
import { time } from "../text/time.ts";
import { gateSection } from "./gate-section.ts";
import { metrics } from "./managed.ts";
import * as sections from "./sections.ts";
import { timelineDiagram, timelineTable } from "./timeline.ts";
import { pullRequest, toWrite } from "./words.ts";

/** The template's text from the repository's default branch, or why it could not be read. */
export type TemplateReading = { readonly text: string } | { readonly problem: string };

/** A template may be this long, in characters. */
export const TEMPLATE_LIMIT = 32_768;

type Section = (facts: PostMortemFacts, messageOf: MessageOf) => RootContent[];

/** The placeholders of a template: those of a line, which may stand anywhere in the text, … */
const INLINE: Readonly<Record<string, (facts: PostMortemFacts) => PhrasingContent[]>> = {
  title: ({ title }) => prose(title),
  number: ({ number }) => [{ type: "text", value: `${number ?? "none"}` }],
  pull_request: (facts) => [pullRequest(facts)],
  repository: ({ repository }) => [code(fullName(repository))],
  branch: ({ branch }) => [code(branch)],
  severity: ({ severity }) => [{ type: "text", value: severity ?? "unknown" }],
  author: ({ author }) => [person(author)],
  approved_by: (facts) => sections.approvedBy(facts),
  merged_at: ({ merged }) => [merged === null ? toWrite("when it was merged") : time(merged.at)],
  merged_by: ({ merged }) => [merged === null ? toWrite("by whom") : person(merged.by)],
  merge_commit: ({ merged }) => [merged === null ? toWrite("which commit") : code(merged.sha ?? "unknown")],
  due: ({ due }) => [time(due)],
  impact: ({ fields }) => orToWrite(fields.Impact, "who was affected, and how"),
  solution: ({ fields }) => orToWrite(fields.Solution, "what was changed"),
  cause: ({ fields }) => orToWrite(fields["Root Cause"], "why it happened"),
  tested: ({ fields }) => orToWrite(fields.Tested, "what was tested"),
};

/** … and whole sections, each of which needs a line of its own. */
const BLOCKS: Readonly<Record<string, Section>> = {
  incident_summary: sections.incidentSummary,
  timeline: timelineTable,
  timeline_diagram: timelineDiagram,
  root_cause: sections.rootCause,
  resolution: sections.resolution,
  prevention: sections.prevention,
  action_items: sections.actionItems,
  impact_table: sections.impact,
  verification: sections.verification,
  gate: gateSection,
  metrics: metrics,
};

/** All placeholders that a template may use, for documentation and messages. */
export const TEMPLATE_PLACEHOLDERS: {
  readonly inline: readonly string[];
  readonly block: readonly string[];
} = {
  inline: Object.keys(INLINE),
  block: Object.keys(BLOCKS),
};

function orToWrite(value: string | undefined, what: string): PhrasingContent[] {
  return value === undefined ? [toWrite(what)] : prose(value, 1_000);
}

/**
 * Fills a template. The template itself is the repository's own Markdown and stays as it is, except that it
 * cannot hold the app's hidden markers; the values are neutralized. Anything wrong with it is a problem in
 * plain words, not an exception.
 */
export function renderTemplate(
  template: TemplateReading,
  facts: PostMortemFacts,
  messageOf: MessageOf,
): { readonly text: string } | { readonly problem: string } {
  if ("problem" in template) return template;
  // The front matter of an issue template is for GitHub's form.
  const text = template.text
    .replace(/^\ufeff/, "")
    .replace(/\r\n?/g, "\n")
    .replace(/^---[ \t]*\n(?=[\p{L}_-]{1,40}[ \t]*:)(?:[^\n]{0,1000}\n){0,100}?---[ \t]*(?:\n|$)/u, "");
  const source = text.replace(/<!--(?=\s{0,50}hotfix-guard:)/g, "‹!--");
  const problem = problemOf(source);
  if (problem !== null) return { problem };
  const hasHtml = /<[a-z!/?]/i.test(source);
  const lines = source.split("\n").map((line) => {
    const block = /^ {0,3}\{\{\s{0,9}(\w{1,40})\s{0,9}\}\}\s*$/.exec(line)?.[1];
    const section = block !== undefined && Object.hasOwn(BLOCKS, block) ? BLOCKS[block] : undefined;
    // Blank lines around it: right after a line of HTML it would be taken for HTML.
    if (section !== undefined) return `\n${markdown(section(facts, messageOf)).trimEnd()}\n`;
    return line.replace(PLACEHOLDER, (_, name: string) => {
      const nodes = INLINE[name]?.(facts) ?? [];
      const text = markdown([p(hasHtml ? nodes.map(outsideCode) : nodes)]).trim();
      return line.includes("|") ? text.replaceAll("|", "\\|") : text;
    });
  });
  return { text: `${lines.join("\n").trimEnd()}\n` };
}

/**
 * Inside the template's own HTML there are no code spans, so there a value has to be harmless as plain text.
 */
function outsideCode(node: PhrasingContent): PhrasingContent {
  if (node.type !== "text" && node.type !== "inlineCode") return node;
  const value = node.value
    .replaceAll("<", "‹")
    .replaceAll(">", "›")
    .replaceAll("&", "＆")
    .replace(/[@#:.-](?=[\p{L}\p{N}_/])/gu, "$&\u2060");
  return { ...node, value };
}

const PLACEHOLDER = /\{\{\s{0,9}(\w{1,40})\s{0,9}\}\}/g;

/** What is wrong with the template; `null`: nothing. */
function problemOf(source: string): string | null {
  if (source.length > TEMPLATE_LIMIT)
    return `it has ${source.length} characters, and at most ${TEMPLATE_LIMIT} are read`;
  if (source.trim() === "") return "it is empty";
  if (source.includes("\0")) return "it is no text";
  if (/<(?:pre|script|style|textarea)(?![\p{L}\p{N}_])/iu.test(source))
    return "it uses <pre>, <script>, <style> or <textarea>";
  if (
    source.replace(/<!--[\s\S]*?(?:-->|$)/g, (comment) => (comment.includes("{{") ? "\0" : "")).includes("\0")
  )
    return "a placeholder stands inside a comment";
  for (const [i, line] of source.split("\n").entries()) {
    const where = `line ${i + 1}`;
    const rest = line.replace(PLACEHOLDER, "");
    if (rest.includes("{{") || rest.includes("}}"))
      return `${where}: {{ and }} do not enclose the name of a placeholder`;
    for (const [all, name = ""] of line.matchAll(PLACEHOLDER)) {
      if (Object.hasOwn(BLOCKS, name) && line.trim() !== all)
        return `${where}: {{${name}}} is a section and needs a line of its own`;
      if (!Object.hasOwn(BLOCKS, name) && !Object.hasOwn(INLINE, name))
        return `${where}: there is no placeholder {{${oneLine(name, 40)}}}`;
    }
  }
  return null;
}
