/**
 * What GitHub's rule suites tell of the rules of the branch at the moment of the merge or push. Only where
 * the app may read them (administration), which nobody is asked for.
 */
export interface RulesAtMerge {
  /** Somebody merged past them; `null`: nobody did, as far as GitHub tells. */
  readonly bypassed: BypassedRules | null;
  /**
   * The branch asks for the check now, and did not at the merge: what was changed about it in the hours
   * around. `null`: it did, or nobody knows.
   */
  readonly off: readonly RulesetChange[] | null;
}

/** Who merged past which rules of the branch. */
export interface BypassedRules {
  /** Login; `null`: GitHub does not say. */
  readonly by: string | null;
  /** GitHub's names of the rules that failed: `required_status_checks`. */
  readonly rules: readonly string[];
  /** What was typed at the merge, as far as it can be told from what GitHub writes itself. Foreign text. */
  readonly reason: string | null;
}

/** A change of a ruleset that requires the check. */
export interface RulesetChange {
  readonly at: string;
  /** Login; `null`: GitHub does not say. */
  readonly by: string | null;
  /** The ruleset's name: foreign text. */
  readonly ruleset: string;
}

const TRAILER = /^(?:Co-authored-by|Signed-off-by): /i;
const LONGEST = 1_000;

/**
 * What somebody typed into the commit's body when merging: its lines that GitHub does not take from the pull
 * request or its commits (`known`). GitHub keeps the reason of a bypass nowhere else. `null`: there is
 * nothing.
 */
export function typedReason(message: string, known: readonly string[]): string | null {
  const theirs = new Set(known.flatMap((text) => text.split("\n").map(plain)));
  const [, ...body] = message.split("\n");
  const typed = body
    .map((line) => line.trim())
    .filter((line) => !TRAILER.test(line) && !theirs.has(plain(line)));
  const text = typed.join(" ").replace(/\s+/g, " ").trim();
  return text === "" ? null : text.slice(0, LONGEST);
}

/** As GitHub lists commits in a squash: `* Fix it`. */
function plain(line: string): string {
  return line.trim().replace(/^\* /, "");
}
