import type { IssueReference } from "../snapshot/issue.ts";

export const FIELDS = [
  "Fixes",
  "Severity",
  "Impact",
  "Root Cause",
  "Solution",
  "Tested",
  "Approved-By",
  "Deployed-By",
  "Detected",
  "Scope",
  "Dependency-Fix",
] as const;

/** A field of the hotfix commit, under its name in the code. */
export type Field = (typeof FIELDS)[number];

/** The fields that the hotfix commit has to have. */
export const REQUIRED_FIELDS = FIELDS.slice(0, 8) as readonly Field[];

/** A commit message, or the message that a squash will make, read by the procedure's format. */
export interface ParsedMessage {
  /** First line, trimmed. */
  readonly title: string;
  /**
   * Values as written, whitespace at both ends removed; a key that is not there is missing here. First one
   * counts.
   */
  readonly fields: Readonly<Partial<Record<Field, string>>>;
}

/** The message that the hotfix is held to. */
export interface HotfixCommit {
  /** Where it comes from: a commit, or the pull request whose title and body a squash will land. */
  readonly source:
    | { readonly kind: "commit"; readonly sha: string }
    /** Which parts come from the pull request; the others are the hotfix commit's. */
    | { readonly kind: "pull-request"; readonly title: boolean; readonly body: boolean };
  readonly message: ParsedMessage;
  /** Fields that count as missing (absent, empty or left-over template text). */
  readonly missing: readonly Field[];
  readonly titleValid: boolean;
  readonly fixes: readonly IssueReference[];
  /** Parts of `Fixes` that have none of the accepted forms. */
  readonly unreadableFixes: readonly string[];
  /**
   * Where `Fixes` names none: what the title or the description closes by one of GitHub's keywords, to be
   * proposed.
   */
  readonly closes: string | null;
  /** `Scope`: globs as the hotfix commit declares them, whatever lands. */
  readonly scope: readonly string[];
  /** From the hotfix commit as well. */
  readonly dependencyFix: string | null;
}
