import type { Fact } from "../../policy/fact.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { PolicyReading, ProposedConfig } from "../../policy/verdict.ts";
import type { LandingChange } from "./check/change.ts";
import type { GateRun } from "./check/gates.ts";
import type { Sibling } from "./pull-request/siblings.ts";

/** Everything about one pull request, read at one moment. */
export type Collected =
  /** There is no such pull request (any more). */
  | { readonly state: "gone" }
  | {
      readonly state: "unreadable";
      /** In plain words. The pull request could not be read, or what was read is older than the event. */
      readonly reason: string;
      /** The head as far as it is known, so that the gate can be shown as waiting. */
      readonly headSha: string | null;
    }
  | CollectedPullRequest;

/**
 * All that was read about a pull request: what decides the verdict (`snapshot`), and what says which writes
 * it needs.
 */
export interface CollectedPullRequest {
  readonly state: "collected";
  readonly policy: PolicyReading;
  readonly snapshot: PullRequestSnapshot;
  /** What would land, as the app's record keeps it; not set: nothing is to land, or it is no hotfix. */
  readonly change?: Fact<LandingChange>;
  /** The app's check runs on the head, newest first: the first is the one that counts. */
  readonly gates: Fact<readonly GateRun[]>;
  /** The app's status comment; `null`: there is none yet. */
  readonly statusComment: Fact<{ readonly id: number; readonly body: string } | null>;
  /** Hidden markers of the app's other comments, as written. */
  readonly answers: Fact<ReadonlySet<string>>;
  /** The app's own comments that say what an older one says. */
  readonly doubled?: readonly number[];
  /**
   * Other open pull requests with exactly this head: as they are remembered, else read when first asked for.
   */
  siblings(): Promise<Fact<readonly Sibling[]>>;
  /**
   * All earlier heads of the pull request and of its branch's name, newest first: their green checks may
   * still be there.
   */
  readonly formerHeads: Fact<readonly string[]>;
  /** What is to be said of the configuration that the pull request brings; `null`: it brings none. */
  readonly proposedConfig: Fact<ProposedConfig | null>;
}
