import type { PhrasingContent } from "mdast";
import type { AfterMerge } from "../../policy/landing/after-merge.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PostMortemEnd } from "../../policy/post-mortem/decide.ts";
import { instant } from "../../policy/time.ts";
import { inline, link, plain } from "../text/markdown.ts";
import { code, prose } from "../text/neutralize.ts";
import { time } from "../text/time.ts";
import type { Wording } from "./next-step.ts";

/** What the status comment says beside the verdict. */
export interface StatusContext extends Wording {
  readonly docsUrl: string;
  /** What became of the post-mortem of a merged hotfix; `null`: nothing yet. */
  readonly postMortem?: PostMortemOutcome | null;
  /** What happened after the merge; not set: not looked at yet. */
  readonly after?: Pick<AfterMerge, "deployed" | "verified" | "rolledBack"> | null;
}

/** `repository`: `owner/name` where the issue is. */
export type PostMortemOutcome =
  | {
      readonly number: number;
      readonly url: string;
      readonly repository: string;
      /** How it came to its end; not set: it is open. */
      readonly end?: PostMortemEnd;
    }
  | {
      readonly problem: string;
      /** It was opened, as `owner/name#number`, and is gone or cannot be written to any more. */
      readonly lost?: string;
    };

/** When the post-mortem of what landed then has to be complete. */
export function dueOf(landedAt: string, { post_mortem }: Policy): string {
  return new Date(instant(landedAt) + post_mortem.due).toISOString();
}

/** Where the post-mortem of an early deployment is, or why it is not. */
export function postMortemNote(postMortem: PostMortemOutcome, due: string): PhrasingContent[] {
  if ("problem" in postMortem && postMortem.lost !== undefined)
    return inline(
      "⚠️ The post-mortem ",
      code(postMortem.lost),
      " ",
      prose(postMortem.problem),
      ". It is still due ",
      time(due),
      ". Restore it or move it back, then comment ",
      code("/hotfix recheck"),
      "; or write it elsewhere, and link it here.",
    );
  if ("problem" in postMortem)
    return inline(
      "⚠️ The app could not open the post-mortem issue: ",
      prose(postMortem.problem.replace(/^the post-mortem issue: /, "")),
      ". Open one by hand, or comment ",
      code("/hotfix recheck"),
      " once that is fixed.",
    );
  const name = link(postMortem.url, plain(`#${postMortem.number}`));
  if (postMortem.end !== undefined) return inline("Its post-mortem ", name, " is closed.");
  return inline("Its post-mortem ", name, " is open, due ", time(due), ".");
}
