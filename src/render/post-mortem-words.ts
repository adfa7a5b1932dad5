import type { PhrasingContent, RootContent } from "mdast";
import { beginMark, digest, endMark } from "../policy/postmortem/body.ts";
import type { PostMortemFacts } from "../policy/postmortem/facts.ts";
import { html, link, markdown, plain } from "./markdown.ts";

/** What several sections of the post-mortem say alike. */

/** What a person has to write, as a node of the form of `policy/postmortem/placeholder.ts`: `_To be written: …_`. */
export function toWrite(what: string): PhrasingContent {
  return { type: "emphasis", children: [plain(`To be written: ${what}`)] };
}

/** How the hotfix landed, as a link: its pull request, or the commits that were pushed without one. */
export function pullRequest(facts: PostMortemFacts): PhrasingContent {
  return link(facts.url, plain(shortName(facts)));
}

/** `#12`; of a push the short name of its tip. */
export function shortName({ number, push }: PostMortemFacts): string {
  return push === null ? `#${number}` : push.after.slice(0, 7);
}

/** Nodes that the app writes anew while nobody has touched them, as a region of the body. */
export function managed(name: string, nodes: readonly RootContent[]): RootContent[] {
  return [html(beginMark(name, digest(markdown(nodes)))), ...nodes, html(endMark(name))];
}
