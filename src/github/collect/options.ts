import type { Fact } from "../../policy/fact.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { PolicyReading, ProposedConfig } from "../../policy/verdict.ts";
import type { OfHead } from "./ahead.ts";
import type { Foreseen } from "./foreseen.ts";
import type { EventHint } from "./hint.ts";
import type { ConfigChange } from "./policy.ts";

/** What reading a pull request needs beside the pull request itself. */
export interface CollectOptions {
  /** Being read side by side. Must not reject. */
  readonly policy: Promise<PolicyReading>;
  /** Reads what was left for later of the policy: then it is read only where the gate has failed before. */
  completePolicy?(reading: PolicyReading): Promise<PolicyReading>;
  readonly hint: EventHint;
  /** Validates the configuration at a commit of this repository, where the pull request changes it. */
  validateConfigAt(change: ConfigChange): Promise<Fact<ProposedConfig | null>>;
  /** It is evaluated as a hotfix, whatever its signs say now: it landed as one, or has the head of one. */
  readonly asHotfix?: boolean;
  /** Nothing follows from the verdict: nobody is called, and who else has the head is not looked at. */
  readonly verdictOnly?: boolean;
}

/** What there is once the pull request and the policy are read. */
export interface Asking extends Omit<CollectOptions, "policy"> {
  readonly history: PullRequestSnapshot["history"];
  readonly policy: PolicyReading;
  readonly of: OfHead;
  readonly foreseen: Foreseen | null;
}
