import type { PhrasingContent, RootContent } from "mdast";
import { beginMark, digest, endMark } from "../../policy/post-mortem/body.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import type { Checks } from "../../policy/post-mortem/verification.ts";
import { html, type Inline, link, markdown, plain } from "../text/markdown.ts";
import { code } from "../text/neutralize.ts";

/** What several sections of the post-mortem say alike. */

/** What a person has to write, as a node of the form of `policy/post-mortem/placeholder.ts`: `_TODO: …_`. */
export function toWrite(what: string): PhrasingContent {
  return { type: "emphasis", children: [plain(`TODO: ${what}`)] };
}

/** The hotfix as a link: its pull request, or without one the commits that were pushed, or the branch. */
export function pullRequest(facts: PostMortemFacts): PhrasingContent {
  const alone = facts.number === null && facts.push === null;
  return link(facts.url, alone ? code(facts.branch) : plain(shortName(facts)));
}

/** `#12`; of a push the short name of its tip, else the branch, which is foreign text. */
export function shortName({ number, push, branch }: PostMortemFacts): string {
  return number !== null ? `#${number}` : (push?.after.slice(0, 7) ?? branch);
}

/** Nodes that the app writes anew while nobody has touched them, as a region of the body. */
export function managed(name: string, nodes: readonly RootContent[]): RootContent[] {
  return [html(beginMark(name, digest(markdown(nodes)))), ...nodes, html(endMark(name))];
}

/** What the procedure wants checked in production, whatever the issue was. */
export const CHECKS: Readonly<Record<Checks, Inline[][]>> = {
  immediate: [
    ["The issue is resolved"],
    ["Error rates dropped"],
    ["Response times are normal"],
    ["No new errors"],
    ["Critical user flows work"],
  ],
  "short-term": [
    ["Full smoke test"],
    ["All integrations work"],
    ["Performance is back to normal"],
    ["User feedback checked"],
  ],
};
