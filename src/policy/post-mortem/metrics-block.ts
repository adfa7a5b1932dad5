/** The key by which the block of metrics is known, wherever in the body it stands. */
export const METRICS_KEY = "hotfix-guard";

/** The metrics in a post-mortem's body, as people have left them. */
export interface MetricsBlock {
  /**
   * What stands under the key, as it is there: people may have changed it. `null`: it is no JSON any more.
   */
  readonly values: Readonly<Record<string, unknown>> | null;
  /** Where the block, fences included, begins and ends in the body. */
  readonly start: number;
  readonly end: number;
}

/**
 * The block of metrics in a body, one that can be read before others; `null`: no block of code has the key.
 * Linear in the body's length.
 */
export function metricsIn(body: string): MetricsBlock | null {
  const blocks = codeBlocks(body)
    .filter(({ text }) => text.includes(`"${METRICS_KEY}"`))
    .map(({ text, start, end }): MetricsBlock => ({ values: parsed(text), start, end }));
  return blocks.find(({ values }) => values !== null) ?? blocks[0] ?? null;
}

function parsed(text: string): MetricsBlock["values"] | null {
  try {
    const value: unknown = JSON.parse(text);
    if (!isObject(value) || !Object.hasOwn(value, METRICS_KEY)) return null;
    const own = value[METRICS_KEY];
    return isObject(own) ? own : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

interface CodeBlock {
  readonly text: string;
  readonly start: number;
  readonly end: number;
}

/** More marks than these that open a block and end none are not looked behind. */
const MOST_UNCLOSED = 20;

/**
 * Fenced blocks, with their places. A mark that nothing closes swallows all that follows it on GitHub, but
 * not here: what stands there would not be found, and be written again and again.
 */
function codeBlocks(body: string): readonly CodeBlock[] {
  const lines = body.split("\n");
  const blocks: CodeBlock[] = [];
  let open: { fence: string; start: number; first: number } | null = null;
  let unclosed = 0;
  let at = 0;
  for (let i = 0; i <= lines.length; i++) {
    const line = lines[i];
    if (line === undefined) {
      if (open === null || ++unclosed > MOST_UNCLOSED) break;
      [i, at, open] = [open.first - 1, open.start + (lines[open.first - 1]?.length ?? 0) + 1, null];
      continue;
    }
    const start = at;
    at += line.length + 1;
    const fence = /^ {0,3}(`{3,}|~{3,})/.exec(line)?.[1];
    if (open === null) {
      if (fence !== undefined) open = { fence, start, first: i + 1 };
    } else if (fence?.startsWith(open.fence) && line.trim() === fence) {
      blocks.push({
        text: lines.slice(open.first, i).join("\n"),
        start: open.start,
        end: start + line.length,
      });
      open = null;
    }
  }
  return blocks;
}

/** What becomes known late, and can become unknown again: it is always the app's word. */
const ALWAYS: readonly (keyof Metrics)[] = ["closed_at", "on_time", "complete", "rolled_back_at"];

/**
 * The values that the block is to hold: what the app knows, over what stands there; what the app does not
 * know stays as people have filled it in, and so does what they have added. `settled`: all facts could be
 * read; otherwise only gaps are filled.
 */
export function mergedMetrics(
  there: NonNullable<MetricsBlock["values"]>,
  metrics: Metrics,
  settled: boolean,
): Readonly<Record<string, unknown>> {
  const entries = Object.entries(metrics).filter(([key, value]) => {
    if (there[key] === undefined || there[key] === null) return true;
    return settled && (value !== null || ALWAYS.includes(key as keyof Metrics));
  });
  return { ...there, ...Object.fromEntries(entries) };
}

/** A rule that was let pass on record. */
export interface OverriddenRule {
  readonly rule: string;
  readonly by: string;
  readonly reason: string;
}

/** What `report` sums up. Times are ISO 8601, spans whole seconds; `null`: not known (yet). */
export interface Metrics {
  readonly version: 1;
  readonly repository: string;
  /** 0 where there was none: hotfix commits were pushed directly to the base branch. */
  readonly pull_request: number;
  /** The base branch's tip after such a push; `null`: there was a pull request. */
  readonly pushed: string | null;
  readonly severity: string | null;
  /**
   * Logins: who opened it, whose approvals counted, whose reviews did (`null`: nobody's, as far as is known),
   * and who merged or pushed it.
   */
  readonly author: string | null;
  readonly approved_by: readonly string[] | null;
  readonly reviewed_by: readonly string[] | null;
  readonly merged_by: string | null;
  /** The commit on the base branch. */
  readonly commit: string | null;
  /** The component or directory that was changed. */
  readonly affected: string | null;
  readonly due_at: string | null;
  /** As people wrote it. */
  readonly began_at: string | null;
  readonly detected_at: string | null;
  readonly issue_opened_at: string | null;
  readonly branch_pushed_at: string | null;
  readonly pull_request_opened_at: string | null;
  readonly approved_at: string | null;
  readonly reviewed_at: string | null;
  /** `null`: it is deployed, and not merged (yet). */
  readonly merged_at: string | null;
  readonly deployed_at: string | null;
  readonly resolved_at: string | null;
  /**
   * From the incident's beginning, which only people know, to its detection, else to the linked issue's
   * opening.
   */
  readonly time_to_detection: number | null;
  /**
   * From the pull request's opening to the last approval that was needed, to the first review that counts for
   * what was merged, to the merge.
   */
  readonly time_to_approval: number | null;
  readonly time_to_review: number | null;
  readonly time_to_merge: number | null;
  /** From the detection, else from the linked issue's opening, to the merge. */
  readonly time_to_fix: number | null;
  readonly respond_within: number | null;
  /** Took the fix longer than the severity allows? */
  readonly late: boolean | null;
  readonly approval_valid: boolean | null;
  readonly overrides: number;
  /** The overrides that counted, with people's own reasons, cut to a line. */
  readonly overridden: readonly OverriddenRule[];
  /** The conclusion of the gate at the merge (`none`: there was none); `null`: not read. */
  readonly gate_at_merge: string | null;
  /** It went to production before it was merged; the conclusion of the gate then, as above. */
  readonly deployed_early: boolean;
  readonly gate_at_deployment: string | null;
  /** Merged or deployed past a gate that did not let it, or without one, or pushed. */
  readonly bypassed: boolean | null;
  readonly rolled_back: boolean;
  readonly rolled_back_at: string | null;
  /**
   * From the merge to the deployment (`null` where that came first); from the detection, else the linked
   * issue's opening, to the verification in production.
   */
  readonly time_to_deployment: number | null;
  readonly time_to_resolution: number | null;
  /**
   * When the post-mortem was closed for good, whether by its due time, and whether it was complete (else let
   * pass on record).
   */
  readonly closed_at: string | null;
  readonly on_time: boolean | null;
  readonly complete: boolean | null;
}
