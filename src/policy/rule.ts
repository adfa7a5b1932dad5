import { type ZodType, z } from "zod";
import type { Hotfix } from "./hotfix.ts";
import type { Level, Policy, RuleId } from "./policy.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { Finding, FindingState, MessageData } from "./verdict.ts";

/**
 * What is shown for a reason code. `{name}` stands for a value of the finding's data and is shown as code, so
 * foreign text stays text; everything else is plain Markdown-free English. `{name:or}`: a list of which one
 * will do, "a or b". `{name:prose}`: sentences, to be read as such; neutralized all the same.
 */
export interface Message {
  /** What was found. */
  readonly found: string;
  /** How to fix it; `""` where nothing is to be done. */
  readonly fix: string;
  /** It blocks nothing, and is shown as a warning although the rule holds. */
  readonly warns?: true;
  /** What may be done instead, said beside the block of commands as well. */
  readonly also?: string;
}

/** All that a rule decides from. */
export interface RuleInput {
  readonly snapshot: PullRequestSnapshot;
  readonly policy: Policy;
  /** What is derived from the snapshot once for all rules. */
  readonly hotfix: Hotfix;
}

/** A rule is a pure function from what is known to a finding; it never fetches and never throws. */
export interface Rule<Options> {
  readonly meta: {
    readonly id: RuleId;
    readonly title: string;
    /** Why the procedure asks for it, in a sentence. */
    readonly rationale: string;
    readonly level: Exclude<Level, "off">;
    /** `severity` and `approval` cannot be overridden. */
    readonly overridable: boolean;
    /**
     * Strict; every key has a default and a description, so that the JSON Schema and the pages can be made of
     * it.
     */
    readonly options: ZodType<Options>;
    /** Reason code → message. */
    readonly messages: Readonly<Record<string, Message>>;
  };
  check(input: RuleInput, options: Options): Finding;
}

/** The options of a rule that has none. */
export type NoOptions = Record<string, never>;
export const NO_OPTIONS = z.strictObject({}) as ZodType<NoOptions>;

/** Makes a finding; `data`, annotations and steps are optional. */
export function finding(
  state: FindingState,
  code: string,
  data: MessageData = {},
  more: Partial<Pick<Finding, "annotations" | "steps">> = {},
): Finding {
  return { state, code, data, annotations: more.annotations ?? [], steps: more.steps ?? [] };
}

/** The finding of a rule that lacks a fact. Every rule has the message `unknown` by way of the registry. */
export function unknownFinding(reason: string): Finding {
  return finding("unknown", "unknown", { reason });
}

/** Messages that every rule has. */
export const COMMON_MESSAGES: Readonly<Record<string, Message>> = {
  unknown: { found: "Could not be read: {reason:prose}", fix: "The app retries automatically." },
};
