import type { Happening } from "../landing/after-merge.ts";
import type { Policy } from "../policy.ts";
import { instant } from "../time.ts";
import type { PostMortemFacts } from "./facts.ts";
import type { Notice } from "./reminders.ts";

/**
 * The procedure's two lists of what to check in production: within 15 minutes of the deployment, and within
 * an hour.
 */
export type Checks = "immediate" | "short-term";

/** A comment on the post-mortem that asks to verify the fix in production. */
export interface VerificationReminder {
  /** The marker's key: `after-900` (seconds since the deployment). */
  readonly id: string;
  /** Milliseconds. */
  readonly at: number;
  /** Milliseconds since the deployment, as configured. */
  readonly after: number;
}

const HOUR_MS = 3_600_000;
/** What was missed is made up for so long; later nobody waits for it. */
const LATEST_MS = 24 * HOUR_MS;

/**
 * When and where the fix first went to production, before its merge or after it; `null`: it did not, or that
 * could not be read.
 */
export function firstDeployment({
  after,
  early,
}: Pick<PostMortemFacts, "after" | "early">): Happening | null {
  if (!early.known) return null;
  if (early.value === null) return after?.deployed.known ? after.deployed.value : null;
  const { at, by, environment } = early.value;
  return { at, by: by?.login ?? null, detail: environment };
}

/**
 * When that was, as long as it is to be asked for; `null`: not, somebody has verified it, it is rolled back,
 * or that could not be read.
 */
export function unverifiedSince(
  facts: Pick<PostMortemFacts, "after" | "early">,
  commandsRead: boolean,
): string | null {
  const { after } = facts;
  if (after === null || !commandsRead || !after.rolledBack.known) return null;
  const { verified, rollbackAsked = null, rolledBack } = after;
  const over = verified !== null || rollbackAsked !== null || rolledBack.value !== null;
  return over ? null : (firstDeployment(facts)?.at ?? null);
}

/** All reminders after a deployment, oldest first. */
function remindersOf(deployedAt: string, { verification }: Policy): readonly VerificationReminder[] {
  const times = [...new Set(verification.remind_after_deploy)].toSorted((a, b) => a - b);
  return times.map((after) => ({
    id: `after-${Math.round(after / 1000)}`,
    at: instant(deployedAt) + after,
    after,
  }));
}

/** What decides whether people are asked to verify a deployment; times are ISO 8601 in UTC. */
export interface VerificationInput {
  /** As `unverifiedSince` says. */
  readonly unverifiedSince: string | null;
  readonly createdAt: string;
  readonly observedAt: string;
  readonly notices: readonly Notice[];
}

/** What is to be asked for now, and what of. */
export interface VerificationDue {
  readonly reminder: VerificationReminder;
  readonly checks: readonly Checks[];
}

/**
 * The reminder to be posted now: the newest whose time has come, unless it, or one after its time, was posted
 * already. Those that were missed are left out, but not what they ask for. `null`: none.
 */
export function verificationDue(input: VerificationInput, policy: Policy): VerificationDue | null {
  const { unverifiedSince: deployedAt, createdAt, observedAt, notices } = input;
  if (deployedAt === null) return null;
  const now = instant(observedAt);
  const reminder = remindersOf(deployedAt, policy).findLast(({ at }) => at <= now);
  if (reminder === undefined || reminder.at <= instant(createdAt) || now > reminder.at + LATEST_MS)
    return null;
  const own = notices.filter(({ kind }) => kind === "verify");
  if (own.some(({ key, at }) => key === reminder.id || instant(at) >= reminder.at)) return null;
  const late = reminder.after >= HOUR_MS;
  return {
    reminder,
    checks: [
      ...(late && own.length > 0 ? [] : ["immediate" as const]),
      ...(late ? ["short-term" as const] : []),
    ],
  };
}

/** The next time at which such a reminder is due; `null`: none. */
export function nextVerificationAt(
  { unverifiedSince: deployedAt, observedAt }: Pick<VerificationInput, "unverifiedSince" | "observedAt">,
  policy: Policy,
): number | null {
  if (deployedAt === null) return null;
  return remindersOf(deployedAt, policy).find(({ at }) => at > instant(observedAt))?.at ?? null;
}
