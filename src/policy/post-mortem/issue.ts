import type { Comment, LabelEvent } from "../snapshot/history.ts";
import type { ActionIssues } from "./action-items.ts";
import type { StateChange } from "./decide.ts";

/** A post-mortem issue that the app opened, with all that happened to it. */
export interface PostMortemIssue {
  /** Where it is now: one that was transferred answers at its new place. */
  readonly repo: { readonly owner: string; readonly repo: string };
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly body: string;
  readonly state: "open" | "closed";
  readonly createdAt: string;
  readonly updatedAt: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  /** Oldest first. */
  readonly closings: readonly StateChange[];
  readonly reopenings: readonly StateChange[];
  readonly labelEvents: readonly LabelEvent[];
  readonly comments: readonly Comment[];
  /** What is known of the issues that its action items name. */
  readonly actionIssues?: { readonly repository: string; readonly issues: ActionIssues };
  /** Pull requests that mention it, or that it mentions back. */
  readonly mentionedIn: readonly PullRequestReference[];
  /** Its title was a post-mortem's before somebody changed it: it is one, whatever it says now. */
  readonly renamed?: true;
}

/** A pull request of any repository, by names and number. */
export interface PullRequestReference {
  readonly owner: string;
  readonly repo: string;
  readonly number: number;
}
