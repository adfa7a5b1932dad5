import type { Field } from "../commit-message/fields.ts";
import type { Fact } from "../fact.ts";
import type { FailedCheck } from "./ci.ts";
import type { RulesAtMerge } from "./rules-at-merge.ts";

/** What happened after the merge, as far as it can be read. GitHub's own times (ISO 8601, UTC). */
export interface AfterMerge {
  /**
   * The first successful deployment that contains the merge; `null`: none, or the app may not read
   * deployments.
   */
  readonly deployed: Fact<Happening | null>;
  /**
   * The first unedited `/hotfix verified` by a person with write access, on the pull request or the
   * post-mortem.
   */
  readonly verified: Happening | null;
  /** The first `/hotfix rollback` by a person with write access. */
  readonly rollbackAsked?: Happening | null;
  /** A review by another engineer was owed and there is still none; not set: as it was at the merge. */
  readonly reviewOwed?: Fact<boolean>;
  /** The hotfix is rolled back on the base branch, by content; `null`: it is not. */
  readonly rolledBack: Fact<Happening | null>;
  /** By branch of `branches.back_merge`: are the hotfix's commits, or their content, there? */
  readonly backMerges: Readonly<Record<string, Fact<boolean>>>;
  /** Fields that the message which landed on the base branch lacks. */
  readonly landedWithout: Fact<readonly Field[]>;
  /** The conclusion of the gate on the merged head at the moment of the merge; `null`: there was none. */
  readonly gateAtMerge: Fact<string | null>;
  /**
   * Paths at which what landed is not what the gate had checked, whatever it said; not set: as with a push,
   * nothing was checked.
   */
  readonly unchecked?: Fact<readonly string[]>;
  /** Checks of the base branch that failed on the commit that landed, as long as that is young. */
  readonly failedChecks?: Fact<readonly FailedCheck[]>;
  /** What GitHub's rule suites tell of the merge, where the app may read them. */
  readonly rules?: RulesAtMerge;
}

/** Something that happened once. */
export interface Happening {
  readonly at: string;
  /** The person's login; `null`: nobody is known. */
  readonly by: string | null;
  /**
   * An environment, a commit, a pull request: our own words or an identifier; `""` where there is nothing to
   * say.
   */
  readonly detail: string;
}
