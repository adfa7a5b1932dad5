import { createHash } from "node:crypto";
import type { RootContent } from "mdast";
import type { DesiredCheck } from "../../policy/action.ts";
import { html, link, markdown, p } from "../text/markdown.ts";
import { recordComment } from "../text/marker.ts";
import { code, oneLine } from "../text/neutralize.ts";
import { CHECK_LIMIT, fitted } from "../text/size.ts";
import type { Frozen } from "./frozen.ts";
import type { Wording } from "./next-step.ts";

/** What a check is rendered with. */
export interface CheckContext extends Wording {
  /** Where `rules/<id>.md` and the other pages are, without a slash at the end. */
  readonly docsUrl: string;
  /** What the app writes down for itself on this head, as JSON. Hidden, and no part of `externalId`. */
  readonly record?: string;
  /**
   * Pull requests with this head that do not decide, because somebody with write access has one to the same
   * base.
   */
  readonly bystanders?: readonly { readonly number: number; readonly url: string }[];
  /**
   * Numbers of those that decide although their authors have no write access: whoever is held up by one
   * closes it.
   */
  readonly outsiders?: readonly number[];
  /** What could not be read never can be: what people have to do instead, as `Verdict.waysOut`. */
  readonly waysOut?: readonly string[];
  /** The head is a merge group's. */
  readonly mergeGroup?: boolean;
  /** All that decide are ordinary, and have to wait for a hotfix. */
  readonly frozen?: Frozen | null;
}

/** `conclusion` null means in progress. */
export function desired(
  outcome: Pick<DesiredCheck, "conclusion" | "title">,
  summary: readonly RootContent[] | string,
  context: CheckContext,
  { notes = [], overridable = false }: { notes?: DesiredCheck["annotations"]; overridable?: boolean } = {},
): DesiredCheck {
  const about = outcome.conclusion === "skipped" ? [] : aboutNodes(context.docsUrl, overridable);
  const visible = {
    status: outcome.conclusion === null ? ("in_progress" as const) : ("completed" as const),
    conclusion: outcome.conclusion,
    title: oneLine(outcome.title, 200),
    summary: typeof summary === "string" ? summary : fitted(summary, CHECK_LIMIT),
    annotations: notes,
  };
  const record = context.record === undefined ? [] : [html(recordComment(context.record))];
  const text = fitted(about, CHECK_LIMIT, record);
  const digest = createHash("sha256")
    .update(JSON.stringify([visible, markdown(about)]))
    .digest("hex");
  return { ...visible, text, externalId: digest.slice(0, 32) };
}

/** `overridable`: there is a hotfix with rules that somebody could override. */
function aboutNodes(docsUrl: string, overridable: boolean): RootContent[] {
  return [
    p(
      `Re-runs on every change. ${overridable ? "Commands and overrides" : "Commands"}: comment `,
      code("/hotfix help"),
      ". ",
      link(docsUrl, "Docs"),
    ),
  ];
}
