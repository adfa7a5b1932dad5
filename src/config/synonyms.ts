/**
 * What other tools, and people, call the words that stand in a configuration: by the word, what it is here.
 */
const SYNONYMS: Readonly<Record<string, readonly string[]>> = {
  // Levels of rules.
  warn: ["warning", "warnings", "info", "notice", "soft", "advisory"],
  error: [
    "block",
    "blocking",
    "required",
    "require",
    "fail",
    "failure",
    "hard",
    "critical",
    "on",
    "true",
    "yes",
  ],
  off: ["no", "false", "none", "disabled", "disable", "ignore", "ignored", "skip", "inactive"],
  // Modes.
  observe: [
    "dry-run",
    "dryrun",
    "audit",
    "monitor",
    "report",
    "report-only",
    "shadow",
    "silent",
    "log",
    "test",
  ],
  enforce: ["on", "true", "yes", "enabled", "enable", "active", "block", "blocking", "strict"],
  // Staging and reviews.
  expected: ["required", "mandatory", "must", "yes", "true", "always"],
  optional: ["no", "false", "none", "off", "never", "skip", "not-required"],
  "before-merge": ["pre-merge", "premerge", "before", "required", "yes", "true"],
  "after-merge": ["post-merge", "postmerge", "after", "later"],
  none: ["no", "false", "off", "never", "skip", "optional"],
  // Permissions.
  admin: ["owner", "administrator", "admins"],
  maintain: ["maintainer", "maintainers"],
  write: ["push", "writer", "write-access", "contributor", "developer"],
  read: ["pull", "reader", "guest"],
};

/** Which of the valid words is meant by another one; not set: none, or several. */
export function meantBy(value: unknown, valid: readonly string[]): string | undefined {
  if (typeof value !== "string" && typeof value !== "boolean") return undefined;
  const word = String(value).trim().toLowerCase().replace(/[ _]+/g, "-");
  const meant = valid.filter((one) => SYNONYMS[one]?.includes(word) === true);
  return meant.length === 1 ? meant[0] : undefined;
}
