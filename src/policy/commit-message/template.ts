import type { Policy, Severity } from "../policy.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { withoutHotfix } from "../text/hotfix-prefix.ts";
import { oneLine, shellWord } from "../text/shell.ts";
import { type DeploymentReading, FIELDS, type Field, REQUIRED_FIELDS } from "./fields.ts";
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
const LONGEST_COMMAND = 4000;

/** Lines for the missing fields, to be filled in: `Impact: [Brief impact]`. */
export function missingLines(reading: DeploymentReading, severity: Severity | null): readonly string[] {
  return reading.missing.map((field) => `${field}: ${placeholder(field, severity, reading)}`);
}

/**
 * Commands that give the deployment commit a complete message: what is there kept, what is missing as a placeholder. An
 * older commit is not rewritten; an empty one on top carries the message. Foreign text is quoted for the shell, line by line.
 */
export function commitCommands(
  reading: DeploymentReading,
  snapshot: PullRequestSnapshot,
  policy: Policy,
  severity: Severity | null,
): readonly string[] {
  const { source, message, missing } = reading;
  if (source.kind !== "commit") return [];
  const isHead = source.sha === snapshot.pullRequest.head.sha;
  // Another commit on top would leave the older one as it is.
  if (!isHead && policy.commit.require_in === "every") return [];
  const fields = FIELDS.flatMap((field) => {
    const value = message.fields[field];
    if (REQUIRED_FIELDS.includes(field) && missing.includes(field))
      return [`${field}: ${placeholder(field, severity, reading)}`];
    return value === undefined ? [] : [`${field}: ${value}`];
  });
  const trailers = trailersOf(source.sha, snapshot);
  const lines = [
    proposeTitle(message.title, policy) ?? message.title,
    "",
    ...fields,
    ...(trailers.length > 0 ? ["", ...trailers] : []),
  ];
  const commands = [
    "printf '%s\\n' \\",
    ...lines.map((line, i) => `  ${shellWord(line)} ${i < lines.length - 1 ? "\\" : "|"}`),
    `  git commit ${isHead ? "--amend" : "--allow-empty"} --file -`,
    isHead ? "git push --force-with-lease" : "git push",
  ];
  return commands.join("\n").length > LONGEST_COMMAND ? [] : commands;
}

/** The title in the policy's form, or one to fill in; `null` where the policy wants a form of its own. */
export function proposeTitle(title: string, policy: Policy): string | null {
  const rest = withoutHotfix(oneLine(title).replace(/^(?:(?:fixup|squash|amend)! ?)*/i, ""));
  const valid = [title, `HOTFIX: ${rest}`].find((candidate) => isDeploymentTitle(candidate, policy));
  return valid ?? (isDeploymentTitle("HOTFIX: x", policy) ? "HOTFIX: [Issue description]" : null);
}

function placeholder(field: Field, severity: Severity | null, { closes }: DeploymentReading): string {
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
