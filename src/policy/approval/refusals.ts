/** What is wrong with the person who gave it. */
const OF_THE_PERSON = [
  /** The account is gone. */
  "actor-gone",
  /** A bot or an organization. */
  "not-a-person",
  /** Does not hold the role now. */
  "not-in-role",
  /** Whoever has the role has lost access to the repository, or the login is another account's by now. */
  "no-write-access",
  "author",
  "pusher",
  "contributor",
] as const;

/** What has changed since it was given. */
const OF_THE_TIME = [
  "before-head",
  "before-reopening",
  "before-base-change",
  /** What would land is another change than when it was given, on the same head: the base has moved. */
  "before-change",
  "before-severity-change",
  /** The severity label was renamed or deleted in the repository, so when it changed is not on record. */
  "severity-off-record",
] as const;

/**
 * Why an approval is not counted (design, section 5). What is said about each is in
 * `src/render/gate/refusals.ts`.
 */
export const APPROVAL_REFUSALS = [
  /** The label is on, and nobody is on record as having set it (renamed labels, for one). */
  "no-provenance",
  ...OF_THE_PERSON,
  ...OF_THE_TIME,
  /** It is valid, and the severity asks for another role. */
  "role-not-enough",
] as const;

/** One of `APPROVAL_REFUSALS`. */
export type ApprovalRefusal = (typeof APPROVAL_REFUSALS)[number];

/** Why a `/hotfix override` is not counted. */
export const OVERRIDE_REFUSALS = [
  "unknown-rule",
  /** `severity` and `approval` cannot be overridden. */
  "not-overridable",
  "no-reason",
  /** Its text was changed after it was written, by whomever. */
  "edited",
  ...OF_THE_PERSON,
  ...OF_THE_TIME,
] as const;

/** One of `OVERRIDE_REFUSALS`. */
export type OverrideRefusal = (typeof OVERRIDE_REFUSALS)[number];
