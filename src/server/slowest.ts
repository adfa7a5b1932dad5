/** Somebody who sends. */
export interface Sender {
  /** When it began, in milliseconds. */
  readonly since: number;
  readonly bytes: number;
}

/** So long nobody is called slow. */
const YOUNG_MS = 1_000;

/**
 * Who has to go where there is no room for all: of those who had a second, the one who sent least a second;
 * else the oldest. GitHub sends at once and fast, so it outlasts everybody who only keeps room taken, and
 * nothing else tells the two apart before the signature is there.
 */
export function slowest<T extends Sender>(senders: Iterable<T>, now: number): T | null {
  let found: T | null = null;
  let least = Number.POSITIVE_INFINITY;
  let oldest: T | null = null;
  for (const sender of senders) {
    const age = now - sender.since;
    const rate = sender.bytes / age;
    if (age >= YOUNG_MS && rate < least) [found, least] = [sender, rate];
    if (oldest === null || sender.since < oldest.since) oldest = sender;
  }
  return found ?? oldest;
}
