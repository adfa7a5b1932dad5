import { type Fact, known } from "../fact.ts";
import type { Policy } from "../policy.ts";
import type { Commit } from "../snapshot/change.ts";
import type { MergeSettings, PullRequestSnapshot } from "../snapshot.ts";
import { asItLooks } from "../text/look-alikes.ts";
import { compilePattern } from "../text/pattern.ts";
import { type HotfixCommit, type ParsedMessage, REQUIRED_FIELDS } from "./fields.ts";
import { hasPlaceholder, isLeftOver, isMissing } from "./left-over.ts";
import { parseMessage } from "./parse.ts";
import { closedIn, numberIn, readReferences } from "./references.ts";

/** What the reading needs of the snapshot, so that it can be had before the issues it names are looked up. */
export type HotfixCommitFacts = Pick<
  PullRequestSnapshot,
  "commits" | "mergeSettings" | "pullRequest" | "repository"
>;

/**
 * `null` where there is no commit to read: none at all, or merges only. Unknown while commits or merge
 * settings are.
 */
export function readHotfixCommit(facts: HotfixCommitFacts, policy: Policy): Fact<HotfixCommit | null> {
  if (!facts.commits.known) return facts.commits;
  if (!facts.mergeSettings.known) return facts.mergeSettings;
  const commits = facts.commits.value;
  const commit = deploymentCommit(commits, policy);
  if (commit === null) return known(null);
  const squash = onlySquashes(facts.mergeSettings.value) ? facts.mergeSettings.value : null;
  const { title, body } = facts.pullRequest;
  const byCommit = commit.parsed;
  // What GitHub takes where a server does not say: the title of a single commit, and the commits' messages.
  const titleOfPullRequest = squash !== null && (squash.squashTitle === "PR_TITLE" || commits.length > 1);
  const bodyOfPullRequest = squash?.squashMessage === "PR_BODY";
  const message: ParsedMessage = {
    title: titleOfPullRequest ? title.trim() : byCommit.title,
    fields: bodyOfPullRequest ? parseMessage(`\n${body}`).fields : byCommit.fields,
  };
  const source =
    titleOfPullRequest || bodyOfPullRequest
      ? ({ kind: "pull-request", title: titleOfPullRequest, body: bodyOfPullRequest } as const)
      : ({ kind: "commit", sha: commit.sha } as const);
  return known(readMessage(message, commit, source, facts, policy));
}

/** Will what lands be one commit with a message that GitHub makes? */
export function onlySquashes(settings: MergeSettings): boolean {
  return settings.squash && !settings.mergeCommit && !settings.rebase;
}

/** Merges ("Merge branch 'main' into hotfix/x") bring what others wrote: they are not held to the format. */
export function isMerge(commit: Commit): boolean {
  return commit.parents.length > 1;
}

/** The first line of a commit's message. */
export function titleOf({ message }: Pick<Commit, "message">): string {
  return message.split(/[\r\n]/, 1)[0]?.trim() ?? "";
}

/** Does the title have the policy's form, as it is or as it looks, filled in? */
export function isDeploymentTitle(title: string, policy: Policy): boolean {
  const pattern = compilePattern(policy.commit.title);
  return (
    pattern !== null && (pattern.test(title) || pattern.test(asItLooks(title))) && !hasPlaceholder(title)
  );
}

/** The required fields that the message lacks. */
function missingFields(message: ParsedMessage): HotfixCommit["missing"] {
  return REQUIRED_FIELDS.filter((field) => isMissing(field, message.fields[field]));
}

/** A commit with what its message says, and the required fields that it lacks. */
export interface ParsedCommit {
  readonly sha: string;
  readonly parsed: ParsedMessage;
  readonly missing: HotfixCommit["missing"];
  readonly text: string;
}

const parsedCommits = new WeakMap<Commit, ParsedCommit>();

/** Reads a commit's message; once for a commit, which is asked for some ten times an evaluation. */
export function parseCommit(commit: Commit): ParsedCommit {
  const former = parsedCommits.get(commit);
  if (former !== undefined) return former;
  const { sha, message } = commit;
  const parsed = parseMessage(message);
  const result = { sha, parsed, missing: missingFields(parsed), text: message };
  parsedCommits.set(commit, result);
  return result;
}

/** Of the commits with the right title (else of all) the one with most fields; of equals the newest. */
function deploymentCommit(commits: readonly Commit[], policy: Policy): ParsedCommit | null {
  let best: ParsedCommit | null = null;
  let bestRank = -1;
  for (const commit of commits) {
    if (isMerge(commit)) continue;
    const read = parseCommit(commit);
    const fields = REQUIRED_FIELDS.length - read.missing.length;
    const rank = (isDeploymentTitle(read.parsed.title, policy) ? REQUIRED_FIELDS.length + 1 : 0) + fields;
    if (rank >= bestRank) [best, bestRank] = [read, rank];
  }
  return best;
}

/**
 * `byCommit` declares the exceptions, `Scope` and `Dependency-Fix`, whatever lands: a description can be
 * edited after the approval without a trace, and would let pass what nobody has approved.
 */
function readMessage(
  message: ParsedMessage,
  { parsed: byCommit, text: commitText }: ParsedCommit,
  source: HotfixCommit["source"],
  { repository, pullRequest }: HotfixCommitFacts,
  policy: Policy,
): HotfixCommit {
  const missing = missingFields(message);
  const { Fixes } = message.fields;
  const { Scope, "Dependency-Fix": reason } = byCommit.fields;
  const { fixes, unreadable } = readReferences(
    missing.includes("Fixes") ? "" : (Fixes ?? ""),
    policy.commit.issues,
    repository,
  );
  return {
    source,
    message,
    missing,
    titleValid: isDeploymentTitle(message.title, policy),
    fixes,
    unreadableFixes: unreadable,
    closes:
      fixes.length > 0
        ? null
        : ([Fixes ?? "", message.title, commitText, pullRequest.title, pullRequest.body]
            .map((text, i) => (i === 0 ? numberIn(text) : closedIn(text)))
            .find(
              (found) =>
                found !== null && readReferences(found, policy.commit.issues, repository).fixes.length > 0,
            ) ?? null),
    scope: Scope === undefined || isLeftOver(Scope) ? [] : globsOf(Scope),
    dependencyFix: reason === undefined || isLeftOver(reason) ? null : reason,
  };
}

/** Globs separated by spaces or commas, but for commas in braces; as Markdown code or not. */
function globsOf(value: string): readonly string[] {
  let braces = 0;
  let text = "";
  for (const char of value.replaceAll("`", "")) {
    if (char === "{") braces++;
    if (char === "}") braces--;
    text += char === "," && braces <= 0 ? " " : char;
  }
  return text.split(/\s/).filter((glob) => glob !== "");
}
