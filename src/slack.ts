import { setTimeout as sleep } from "node:timers/promises";

/** The channel outside GitHub where the operator wants announcements. */
export interface Slack {
  /** Queues a message; never throws, never waits. */
  send(text: string): void;
  /** Resolves when nothing is waiting: all was sent or given up. */
  idle(): Promise<void>;
  /** Gives up what waits. */
  close(): void;
}

/** Where announcements go; `log` tells what became of them. */
export interface SlackOptions {
  /** A secret: whoever has it can post. It is never logged. */
  readonly url: string;
  readonly log: {
    info(fields: object, message: string): void;
    warn(fields: object, message: string): void;
    error(fields: object, message: string): void;
  };
  /** Milliseconds before the second try; each further pause is twice as long. */
  readonly firstPauseMs?: number;
}

const TIMEOUT_MS = 10_000;
/** With pauses of 2, 4, 8 … seconds, five minutes at most: about a quarter of an hour. */
const MOST_TRIES = 10;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** What comes while so many wait is not sent: Slack is down, and old news helps nobody. */
const MOST_WAITING = 100;
/** Slack takes 40,000 characters, and shows far fewer. */
const LONGEST = 4_000;

/**
 * Sends plain text to an incoming webhook, one message after the other. Nothing waits for it and nothing
 * depends on it: it is kept in memory only, tried again with growing pauses, and seen in the log where it
 * fails.
 */
export function createSlack({ url, log, firstPauseMs = FIRST_PAUSE_MS }: SlackOptions): Slack {
  const closing = new AbortController();
  let waiting = 0;
  let last: Promise<void> = Promise.resolve();

  async function deliver(text: string): Promise<void> {
    for (let tries = 1; !closing.signal.aborted; tries++) {
      const failure = await post(url, text, closing.signal);
      if (failure === null) return log.info({ tries }, "slack: sent");
      const { reason, final, afterMs } = failure;
      if (final || tries === MOST_TRIES) {
        log.error({ reason, tries }, "slack: a message is given up");
        return;
      }
      log.warn({ reason, tries }, "slack: a message could not be sent, will be tried again");
      const pause = Math.max(afterMs, firstPauseMs * 2 ** (tries - 1));
      await sleep(Math.min(pause, LONGEST_PAUSE_MS), null, { signal: closing.signal }).catch(() => {});
    }
    log.warn({}, "slack: a message is given up, since the process ends");
  }

  return {
    send(text) {
      if (closing.signal.aborted) return;
      if (waiting >= MOST_WAITING) {
        log.error({ waiting }, "slack: too many messages are waiting, this one is given up");
        return;
      }
      waiting += 1;
      last = last
        .then(() => deliver(text))
        .finally(() => {
          waiting -= 1;
        });
    },
    idle: () => last,
    close: () => closing.abort(),
  };
}

/** Text in Slack's own escaping: `<!channel>`, `<@U1>` and links in it are but text. */
export function escapeText(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

interface PostFailure {
  readonly reason: string;
  /** Time does not fix it. */
  readonly final: boolean;
  readonly afterMs: number;
}

async function post(url: string, text: string, closing: AbortSignal): Promise<PostFailure | null> {
  try {
    const response = await fetch(url, {
      method: "POST",
      headers: { "content-type": "application/json" },
      // `@channel` and `@here` call nobody without `link_names` and with `parse: none`.
      body: JSON.stringify({
        text: escapeText(text.slice(0, LONGEST)),
        mrkdwn: false,
        link_names: false,
        parse: "none",
        unfurl_links: false,
      }),
      redirect: "error",
      signal: AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), closing]),
    });
    await response.arrayBuffer();
    if (response.ok) return null;
    const { status } = response;
    const seconds = Number(response.headers.get("retry-after"));
    return {
      reason: `Slack answered ${status}`,
      final: status < 500 && status !== 429 && status !== 408,
      afterMs: seconds > 0 ? seconds * 1_000 : 0,
    };
  } catch (error) {
    // The error's own words may name the address.
    const timedOut = error instanceof Error && error.name === "TimeoutError";
    return {
      reason: timedOut ? "Slack did not answer in time" : "Slack could not be reached",
      final: false,
      afterMs: 0,
    };
  }
}
