import type { Fact } from "../policy/fact.ts";
import { earlyOf } from "../policy/landing/early-deployment.ts";
import type { PullRequestSnapshot } from "../policy/snapshot.ts";
import type { PolicyReading, Verdict } from "../policy/verdict.ts";
import type { CheckedPullRequest } from "../render/gate/check.ts";
import type { ExistingCheck } from "./gate/check.ts";

/** A pull request, read and evaluated, as plans see it. */
export interface Evaluated {
  readonly number: number;
  readonly verdict: Verdict;
  readonly collected: {
    readonly policy: PolicyReading;
    readonly snapshot: PullRequestSnapshot;
    /** The app's check runs on the head, newest first. */
    readonly gates: Fact<readonly ExistingCheck[]>;
    /** The app's status comment; `null`: there is none yet. */
    readonly statusComment: Fact<{ readonly id: number; readonly body: string } | null>;
    /** Hidden markers of the app's other comments, as written. */
    readonly answers: Fact<ReadonlySet<string>>;
    /** Its comments that say what an older one of its own says. */
    readonly doubled?: readonly number[];
  };
}

/** How far trying again has come: nothing is shown yet, it is shown, it has been given up. */
export type Show = "quiet" | "retrying" | "gave-up";

/** Does the verdict wait for something that can never be read? Asking again is no use. */
function isHopeless({ wouldBe, neverKnown }: Verdict): boolean {
  return wouldBe === "unknown" && neverKnown.length > 0;
}

/**
 * Does any of them wait for a fact? Not once one can never be read: whatever else is still unknown, the head
 * cannot pass.
 */
export function areWaiting(all: readonly Pick<Evaluated, "verdict">[]): boolean {
  return !areHopeless(all) && all.some(({ verdict }) => verdict.wouldBe === "unknown");
}

function areHopeless(all: readonly Pick<Evaluated, "verdict">[]): boolean {
  return all.some(({ verdict }) => isHopeless(verdict));
}

/** Is there anything that may be read at another try? */
export function mayBeRead(all: readonly Pick<Evaluated, "verdict">[]): boolean {
  const open = ({ verdict: { unknowns, neverKnown } }: Pick<Evaluated, "verdict">) =>
    unknowns.some((reason) => !neverKnown.includes(reason));
  return !areHopeless(all) && all.some(open);
}

/** As a check shows it. */
export function checked({ number, collected, verdict }: Evaluated): CheckedPullRequest {
  const { pullRequest } = collected.snapshot;
  const early = earlyOf(collected.snapshot);
  return { number, url: pullRequest.url, base: pullRequest.base.ref, verdict, early };
}
