import type { Annotation } from "./verdict.ts";

/** One thing to be done on GitHub, as data: a dry run prints these, the real run applies them. */
export type Action =
  | {
      readonly type: "upsert-check-run";
      readonly headSha: string;
      readonly check: DesiredCheck;
      /**
       * Somebody asked for the check again and waits for an answer: it is written even where it says the
       * same.
       */
      readonly rerequested: boolean;
    }
  /** An earlier head that passed must not be merged later. */
  | {
      readonly type: "cancel-check-run";
      readonly headSha: string;
      readonly checkRunId: number;
      readonly reason: string;
      /** Cancel it whatever it says, for the sake of what is recorded on it. */
      readonly forget: boolean;
    }
  /**
   * Somebody asked for the app's checks of a commit again, which changes nothing about them: they are written
   * once more as they are, since GitHub waits for that. `gate`: the gate too, which no pull request or branch
   * answers for.
   */
  | { readonly type: "repeat-check-runs"; readonly headSha: string; readonly gate: boolean }
  /** The app's one status comment on the pull request. */
  | {
      readonly type: "upsert-status-comment";
      readonly number: number;
      readonly commentId: number | null;
      readonly body: string;
    }
  /**
   * An answer to a command, or a notice, on an issue or a pull request; `marker` makes it happen once.
   * `from`: where that is no longer so when it is written, it is left, to be decided anew.
   */
  | {
      readonly type: "post-answer";
      readonly number: number;
      readonly marker: string;
      readonly body: string;
      readonly from?: IssueAsRead;
    }
  /** One of the app's own comments that says what an older one says. */
  | { readonly type: "delete-comment"; readonly number: number; readonly commentId: number }
  /**
   * A new body for one of the app's issues, made from the body `from`: where somebody has changed it since,
   * it is left alone, to be made anew.
   */
  | {
      readonly type: "update-issue-body";
      readonly number: number;
      readonly from: string;
      readonly body: string;
    }
  /**
   * Opens an issue for each of these action items of a post-mortem, as its sub-issue where GitHub has those,
   * and puts its number before the item, in the body that was read `from`.
   */
  | {
      readonly type: "open-action-issues";
      readonly number: number;
      readonly from: string;
      /** The post-mortem's: the issues cannot be older. */
      readonly since: string;
      readonly items: readonly ActionIssueToOpen[];
    }
  /**
   * One comment on the one issue for digests, which is made where there is none; closed, it is left alone.
   */
  | {
      readonly type: "post-digest";
      readonly issue: { readonly marker: string; readonly title: string; readonly body: string };
      readonly marker: string;
      readonly body: string;
    }
  /** Opens or closes an issue; one that is no longer as it was decided `from` is left, to be decided anew. */
  | {
      readonly type: "set-issue-state";
      readonly number: number;
      readonly state: "open" | "closed";
      readonly from: IssueAsRead;
      /** Not set: as what is done. */
      readonly reason?: "not_planned";
    }
  /** Asks for reviews; where GitHub refuses, posts `body` once instead, which calls the same people. */
  | {
      readonly type: "request-approval";
      readonly number: number;
      readonly reviewers: readonly string[];
      /** Slugs of the owner's teams. */
      readonly teams: readonly string[];
      readonly marker: string;
      readonly body: string;
    }
  | { readonly type: "ensure-labels"; readonly labels: readonly LabelDefinition[] }
  | { readonly type: "add-label"; readonly number: number; readonly label: string }
  | { readonly type: "remove-label"; readonly number: number; readonly label: string }
  | { readonly type: "open-post-mortem"; readonly issue: DesiredIssue }
  /**
   * Answers a workflow run that waits at an environment; `state` null: says something, and GitHub keeps
   * waiting.
   */
  | {
      readonly type: "answer-deployment";
      readonly run: number;
      readonly environment: string;
      readonly state: "approved" | "rejected" | null;
      readonly comment: string;
    }
  /** Remembers on a commit, for good, which issue was opened for it. */
  | {
      readonly type: "record-post-mortem";
      readonly sha: string;
      /** `#42`, `@<sha>`. */
      readonly subject: string;
      readonly postMortem: { readonly repository: string; readonly number: number; readonly url: string };
      readonly title: string;
      readonly summary: string;
    };

/** An issue for an action item. */
export interface ActionIssueToOpen {
  /** The line of the body, counted from 0. */
  readonly line: number;
  /** Hidden text in the body by which the app finds it again. */
  readonly marker: string;
  readonly title: string;
  readonly body: string;
  readonly assignees: readonly string[];
}

/** What of an issue something was decided from. */
export interface IssueAsRead {
  readonly state: "open" | "closed";
  /** One of these: as it was read, or as the same plan writes it. */
  readonly bodies: readonly string[];
}

/** A label as it is created in a repository. */
export interface LabelDefinition {
  readonly name: string;
  /** Six hexadecimal digits. */
  readonly color: string;
  /** At most 100 characters. */
  readonly description: string;
}

/** The check run as it should be. */
export interface DesiredCheck {
  readonly status: "in_progress" | "completed";
  /** Only where completed. */
  readonly conclusion: "success" | "failure" | "action_required" | "neutral" | "skipped" | "cancelled" | null;
  readonly title: string;
  readonly summary: string;
  readonly text: string;
  readonly annotations: readonly Annotation[];
  /** Digest of all of the above: the run is written only where it differs from the one there. */
  readonly externalId: string;
}

/** The post-mortem issue as it is to be opened. */
export interface DesiredIssue {
  /** `owner/name` where it is to be opened. */
  readonly repository: string;
  /** Hidden text in the body by which the app finds it again. */
  readonly marker: string;
  /** What it was before; `null`: it was no other. */
  readonly formerMarker?: string | null;
  readonly title: string;
  readonly body: string;
  readonly labels: readonly string[];
  readonly assignees: readonly string[];
  /** The merge's time: the issue cannot be older. */
  readonly since: string;
  /** The pull request it belongs to. */
  readonly pullRequest: number;
}
