import { setTimeout as sleep } from "node:timers/promises";
import { NO_STORE, type Store } from "./jobs/store.ts";
import { concerning, currentFields, type Fields } from "./jobs/work.ts";

/** The channel outside GitHub where the operator wants announcements. */
export interface Slack {
  /** Queues a message; never throws, never waits. */
  send(text: string): void;
  /** Resolves when nothing is waiting: all was sent or given up. */
  idle(): Promise<void>;
  /** Stops: what waits is left to the next process, where there is a store. */
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
  /** Where messages that wait outlive the process; by default nowhere. */
  readonly store?: Store;
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
/** What waited longer while no process ran is old news. */
const OLDEST_MS = 24 * 3_600_000;
const NAME = "slack.json";

interface Message {
  readonly text: string;
  /** Milliseconds of the local clock. */
  readonly at: number;
  /** For the log. */
  readonly about?: Fields;
}

/**
 * Sends plain text to an incoming webhook, one message after the other. Nothing waits for it and nothing
 * depends on it: it is tried again with growing pauses, and seen in the log where it fails. What waits is in
 * the store until it was sent or given up, so that the next process sends it.
 */
export function createSlack({
  url,
  log,
  firstPauseMs = FIRST_PAUSE_MS,
  store = NO_STORE,
}: SlackOptions): Slack {
  const closing = new AbortController();
  const waiting = new Set<Message>();
  let last: Promise<void> = restore();
  let kept: Promise<void> = Promise.resolve();

  function keep(): void {
    const text = JSON.stringify([...waiting]);
    kept = kept.then(() => store.write(NAME, text));
  }

  /** What the last process has left is sent first. */
  async function restore(): Promise<void> {
    const left = parseKept(await store.read(NAME)).filter(({ at }) => at >= Date.now() - OLDEST_MS);
    for (const message of left) waiting.add(message);
    if (left.length > 0) log.info({ messages: left.length }, "slack: sending what the last process has left");
    for (const message of left) await finish(message);
  }

  async function finish(message: Message): Promise<void> {
    await concerning(message.about ?? {}, () => deliver(message.text));
    if (closing.signal.aborted) return;
    waiting.delete(message);
    keep();
  }

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
    log.warn({}, "slack: a message is left unsent, since the process ends");
  }

  return {
    send(text) {
      if (closing.signal.aborted) return;
      if (waiting.size >= MOST_WAITING) {
        log.error({ waiting: waiting.size }, "slack: too many messages are waiting, this one is given up");
        return;
      }
      const message: Message = { text, at: Date.now(), about: currentFields() };
      waiting.add(message);
      keep();
      last = last.then(() => finish(message));
    },
    idle: () => last.then(() => kept),
    close: () => closing.abort(),
  };
}

/** What is no list of messages is none. */
function parseKept(text: string | null): readonly Message[] {
  try {
    const kept: unknown = JSON.parse(text ?? "[]");
    return (Array.isArray(kept) ? kept : []).filter(
      (one): one is Message => typeof one?.text === "string" && typeof one?.at === "number",
    );
  } catch {
    return [];
  }
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
