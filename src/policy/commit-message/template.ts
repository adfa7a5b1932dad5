import type { FixStep } from "../fix/steps.ts";
import type { Policy, Severity } from "../policy.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { withoutHotfix } from "../text/hotfix-prefix.ts";
import { oneLine } from "../text/shell.ts";
import { FIELDS, type Field, type HotfixCommit, REQUIRED_FIELDS } from "./fields.ts";
import { isDeploymentTitle } from "./hotfix-commit.ts";

/** What stands in for a missing field. All but `pending` count as left over where they are not filled in. */
const PLACEHOLDERS: Readonly<Partial<Record<Field, string>>> = {
  Fixes: "#[issue-number]",
  Severity: "P0/P1",
  Impact: "[Brief impact]",
  "Root Cause": "[Brief cause]",
  Solution: "[Brief solution]",
  Tested: "[Testing performed]",
  "Approved-By": "pending",
  "Deployed-By": "pending",
};

/** Longer than this, nobody reads what they paste. */
const LONGEST_MESSAGE = 4_000;

/** Lines for the missing fields, to be filled in: `Impact: [Brief impact]`. */
export function missingLines(reading: HotfixCommit, severity: Severity | null): readonly string[] {
  return reading.missing.map((field) => `${field}: ${placeholder(field, severity, reading)}`);
}

/**
 * The step that gives the hotfix commit a complete message: what is there kept, what is missing as a
 * placeholder. An older commit is not rewritten; an empty one on top carries the message. `null`: it has to
 * be done by hand.
 */
export function messageStep(
  reading: HotfixCommit,
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
): FixStep | null {
  const { source, message, missing } = reading;
  if (source.kind !== "commit") return null;
  const amend = source.sha === snapshot.pullRequest.head.sha;
  // Another commit on top would leave the older one as it is.
  if (!amend && policy.commit.require_in === "every") return null;
  const fields = FIELDS.flatMap((field) => {
    const value = message.fields[field];
    if (REQUIRED_FIELDS.includes(field) && missing.includes(field))
      return [`${field}: ${placeholder(field, severity, reading)}`];
    return value === undefined ? [] : [`${field}: ${value}`];
  });
  const trailers = trailersOf(source.sha, snapshot);
  const title = proposeTitle(message.title, policy) ?? message.title;
  const lines = [oneLine(title), "", ...fields, ...(trailers.length > 0 ? ["", ...trailers] : [])];
  return lines.join("\n").length > LONGEST_MESSAGE ? null : { kind: "write-message", lines, amend };
}

/** Titles that programs make of a merge say nothing of the fix. */
const GENERATED_TITLE =
  /^(?:Squashed commit of the following:?|Merged in .{1,200} \(pull request #\d+\)|Merge (?:pull request|branch|remote-tracking branch) .{1,250})$/u;

/** The title in the policy's form, or one to fill in; `null` where the policy wants a form of its own. */
export function proposeTitle(title: string, policy: Policy): string | null {
  const rest = withoutHotfix(oneLine(title).replace(/^(?:(?:fixup|squash|amend)! ?)*/i, ""));
  const candidates = GENERATED_TITLE.test(rest) ? [title] : [title, `HOTFIX: ${rest}`];
  const valid = candidates.find((candidate) => isDeploymentTitle(candidate, policy));
  return valid ?? (isDeploymentTitle("HOTFIX: x", policy) ? "HOTFIX: [Issue description]" : null);
}

/**
 * A hotfix commit to be filled in, with what is known of it already. `issue` is a reference of an accepted
 * form.
 */
export function blankMessage(
  title: string,
  severity: Severity | null,
  issue: string | null,
): readonly string[] {
  const fields = REQUIRED_FIELDS.map(
    (field) => `${field}: ${placeholder(field, severity, { closes: issue })}`,
  );
  return [oneLine(title), "", ...fields];
}

function placeholder(
  field: Field,
  severity: Severity | null,
  { closes }: Pick<HotfixCommit, "closes">,
): string {
  if (field === "Severity" && severity !== null) return severity;
  if (field === "Fixes" && closes !== null) return oneLine(closes);
  return PLACEHOLDERS[field] ?? "";
}

/** Co-authors and sign-offs are kept: they say who may not approve. */
function trailersOf(sha: string, { commits }: PullRequestSnapshot): readonly string[] {
  const commit = commits.known ? commits.value.find((one) => one.sha === sha) : undefined;
  const lines = commit?.message.split(/\r\n|\r|\n/) ?? [];
  return lines.filter((line) => /^(?:co-authored|signed-off|reviewed|reported)-by:/i.test(line));
}
