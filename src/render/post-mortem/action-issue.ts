import type { DatedItem } from "../../policy/post-mortem/item-reminders.ts";
import { bold, html, link, p } from "../text/markdown.ts";
import { code, titleText } from "../text/neutralize.ts";
import { BODY_LIMIT, fitted } from "../text/size.ts";

/** The issue of an action item, as it is opened. */
export function renderActionIssue(
  { text, due }: DatedItem,
  postMortem: { readonly number: number; readonly url: string },
  marker: string,
): { readonly title: string; readonly body: string } {
  const nodes = [
    p(
      "Action item of ",
      link(postMortem.url, `post-mortem #${postMortem.number}`),
      ", ",
      bold(`due ${due}`),
      ":",
    ),
    p(code(text, 1_000)),
    p("Closing this issue ticks the item there."),
  ];
  return { title: titleText(text), body: fitted(nodes, BODY_LIMIT, [html(marker)]) };
}
