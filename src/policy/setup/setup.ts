import type { GateRequirement } from "../branch-rules.ts";
import type { Fact } from "../fact.ts";

/**
 * How far a team or a person gets in a repository; `none`: there, without access to it; `missing`: not there,
 * or not to be seen.
 */
export type Reach = "write" | "read" | "none" | "missing";

/** Another repository, as far as a configuration needs it. */
export interface OtherRepository {
  /** Everybody who sees the one here sees it too, and others besides. */
  readonly moreVisible: boolean;
  readonly hasIssues: boolean;
  readonly archived: boolean;
}

/** A branch that hotfixes go to. */
export interface SetUpBranch {
  readonly name: string;
  readonly exists: boolean;
  /** What it asks of the check; unknown where that could not be read. */
  readonly gate: Fact<GateRequirement>;
  readonly mergeQueue: boolean;
  /**
   * Approving reviews that its rulesets ask for before any merge; 0: none. Classic protection does not tell.
   */
  readonly reviews: number;
}

/** What a repository's configuration leans on, as it is on GitHub. All names are lower case. */
export interface Setup {
  /** `owner/name`. */
  readonly repository: string;
  readonly hasIssues: boolean;
  readonly archived: boolean;
  /**
   * Who wrote the check last; `null`: nobody has yet, so nobody can say whether it is pinned to the right
   * app.
   */
  readonly app: Fact<{ readonly id: number; readonly slug: string } | null>;
  readonly branches: readonly SetUpBranch[];
  readonly teams: Readonly<Record<string, Fact<Reach>>>;
  readonly users: Readonly<Record<string, Fact<Reach>>>;
  /** How many people hold each role. */
  readonly holders: Readonly<Record<string, Fact<number>>>;
  /** `null`: they are opened here. */
  readonly postMortems: Fact<OtherRepository | "missing"> | null;
  /** Is the template there? `null`: none is configured. */
  readonly template: Fact<boolean> | null;
  /** Environments that the gate guards; `guarded`: its protection rule is on. */
  readonly environments: Readonly<Record<string, Fact<"guarded" | "unguarded" | "missing">>>;
  /** Labels that are there. */
  readonly labels: Fact<readonly string[]>;
}
