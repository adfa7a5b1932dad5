import type { WatchedKey } from "../../jobs/watch-list.ts";
import type { Fact } from "../../policy/fact.ts";
import type { AfterMerge } from "../../policy/landing/after-merge.ts";
import type { Policy } from "../../policy/policy.ts";
import type { LateCommand } from "../../policy/post-mortem/commands.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import type { Assignable } from "../../policy/post-mortem/item-reminders.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Verdict } from "../../policy/verdict.ts";
import type { LateAnswers } from "./late-answers.ts";

/** The hotfix that a post-mortem is about, evaluated as at the merge. */
export interface LandedIncident {
  readonly policy: Policy;
  readonly snapshot: PullRequestSnapshot;
  readonly verdict: Verdict;
  /** `null`: it was pushed, or deployed from its branch, without a pull request. */
  readonly pullRequest: {
    readonly number: number;
    readonly collected: {
      readonly statusComment: Fact<{ readonly id: number; readonly body: string } | null>;
      /** Hidden markers of the app's other comments, as written. */
      readonly answers: Fact<ReadonlySet<string>>;
      /** Its comments that say what an older one of its own says. */
      readonly doubled?: readonly number[];
    };
  } | null;
}

/** All that the plan for a post-mortem issue is made of. */
export interface PostMortemInput {
  /** The issue's, in the queue. */
  readonly key: WatchedKey;
  readonly issue: PostMortemIssue;
  readonly policy: Policy;
  /** `null`: people have taken out all that tells what it is about. */
  readonly incident: LandedIncident | null;
  readonly commands: readonly LateCommand[];
  /** `null` where there is no incident. */
  readonly after: AfterMerge | null;
  /** What the answers to commands need; `null`: which were given could not be read. */
  readonly answers: LateAnswers | null;
  /**
   * Which owners of action items can be assigned in the post-mortem's repository, by their login in lower
   * case; read where something is to be told to them.
   */
  readonly assignable?: Assignable;
  /** GitHub's clock. */
  readonly observedAt: string;
  readonly docsUrl: string;
}
