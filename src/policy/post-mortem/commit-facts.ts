import type { Field, HotfixCommit } from "../commit-message/fields.ts";
import { readHotfixCommit } from "../commit-message/hotfix-commit.ts";
import { isPending } from "../commit-message/left-over.ts";
import type { Policy } from "../policy.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { linkedIssues } from "./linked-issues.ts";
import { detectedTime } from "./written.ts";

/** What the hotfix commit says; `detected`: the time that it names, where it can be read. */
export function commitFacts(snapshot: PullRequestSnapshot, policy: Policy) {
  const reading = readHotfixCommit(snapshot, policy);
  const commit = reading.known ? reading.value : null;
  const fields = presentFields(commit);
  const detected = fields.Detected === undefined ? null : detectedTime(fields.Detected);
  return {
    fields,
    missingFields: commit?.missing ?? [],
    issues: linkedIssues(commit, snapshot),
    detected,
    detectedText: detected === null ? (fields.Detected ?? null) : null,
  };
}

function presentFields(deployment: HotfixCommit | null): Readonly<Partial<Record<Field, string>>> {
  if (deployment === null) return {};
  const present = Object.entries(deployment.message.fields).filter(
    ([field, value]) =>
      value !== "" && !deployment.missing.includes(field as Field) && !isPending(field as Field, value),
  );
  return Object.fromEntries(present);
}
