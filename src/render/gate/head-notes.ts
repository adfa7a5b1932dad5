import type { RootContent } from "mdast";
import { inline, link, listed, p, plain } from "../text/markdown.ts";
import { code } from "../text/neutralize.ts";
import type { CheckContext } from "./desired-check.ts";

/** A pull request on the head. */
interface OnHead {
  readonly number: number;
  readonly url: string;
  /** Where it is to go. */
  readonly base?: string;
}

/** In a merge queue. */
export function groupNote({ mergeGroup }: CheckContext): RootContent[] {
  return mergeGroup === true ? [p("Merge group: each pull request in it was checked again.")] : [];
}

/**
 * Nothing passes to a branch that it was not evaluated for, whoever opened the pull request: who does not
 * mean it closes it.
 */
export function outsiderNote(asked: readonly OnHead[], { outsiders = [] }: CheckContext): RootContent[] {
  const foreign = asked.filter(({ number }) => outsiders.includes(number));
  if (foreign.length === 0 || asked.length < 2) return [];
  const each = foreign.map(({ number, url, base = "" }) =>
    inline(link(url, plain(`#${number}`)), " (into ", code(base), ")"),
  );
  return [
    p(
      "Opened by someone without write access: ",
      listed(each, "and", 50),
      ". Close it if it isn't meant; this check then re-runs at once.",
    ),
  ];
}

/** Pull requests that do not decide. */
export function bystanderNote({ bystanders = [] }: CheckContext): RootContent[] {
  if (bystanders.length === 0) return [];
  const names = listed(
    bystanders.map(({ number, url }) => link(url, plain(`#${number}`))),
    "and",
    50,
  );
  return [p("Not counted here: ", names, ". Opened from the same commit by someone without write access.")];
}
