import Bottleneck from "bottleneck";
import { LRUCache } from "lru-cache";
import { describeFailure } from "./read.ts";

/**
 * The ways that requests of an installation take, so that none waits for another's. `verdict`: check runs,
 * answers to deployments and other writes that notify nobody. `people`: comments, labels, issues, review
 * requests. `reads`: what writes nothing, GraphQL included.
 */
export type Lane = "verdict" | "people" | "reads";

/**
 * GitHub's limits for an installation (docs.github.com, "Rate limits for the REST API"): 100 requests at
 * once; 900 points a minute, of which a write takes 5; 80 content-creating requests a minute and 500 an hour.
 * The lanes together stay below.
 */
export const LIMITS = {
  atOnce: { reads: 60, verdict: 20, people: 10 },
  /** Writes of any kind: at once, and then as they come back. */
  writes: { atOnce: 180, aSecond: 3 },
  people: { aMinute: 80, anHour: 500 },
} as const;

/**
 * The lane of a request as Octokit has it: its path with the parameters in it, or with their names in braces.
 */
export function laneOf(method: string, path: string): Lane {
  if (method === "GET" || method === "HEAD" || /\/graphql$/.test(path)) return "reads";
  return /^(?:\/api\/v3)?\/repos\/[^/]+\/[^/]+\/(?:issues|pulls|labels)(?:\/|$)/.test(path)
    ? "people"
    : "verdict";
}

/** A limiter group as `@octokit/plugin-throttling` takes it in its options. */
interface Group {
  key(id: string): { schedule: (options: object, job: Job, ...args: never[]) => Promise<unknown> };
}
type Job = (...args: never[]) => unknown;

/** `throttle` options of the plugin. */
export interface LaneOptions {
  readonly global: Group;
  readonly write: Group;
  readonly notifications: Group;
  triggersNotification(path: string): boolean;
}

interface RequestOptions {
  readonly method: string;
  readonly url: string;
  readonly request?: {
    readonly isMine?: (() => Promise<boolean>) | undefined;
    /**
     * Of a write: called when its turn has come, right before it is sent; what it throws keeps it from being
     * sent.
     */
    readonly before?: (() => Promise<void>) | undefined;
  };
}

/** How long a request waits in its lane, and what other instances have a part in. */
export interface LaneSettings {
  readonly longestWaitMs: number;
  /** Limits that are kept by all instances together; absent: there is one. */
  readonly shared?: SharedLimits | undefined;
}

/** What the instances keep to together; rejects where that cannot be told. */
export interface SharedLimits {
  turn(
    installation: string,
    lane: "verdict" | "people",
  ): Promise<{ readonly waitMs: number; readonly pausedMs: number; readonly full: boolean }>;
  pause(installation: string, lane: "verdict" | "people", ms: number): Promise<void>;
}

/**
 * Limiters for `@octokit/plugin-throttling`, each installation (`id`) with its own. The plugin has all
 * requests pass `global`, which sorts them into lanes here; its own `write` and `notifications`, where one
 * write waits for the other and GraphQL reads for both, let everything through.
 */
export function createLanes({ longestWaitMs, shared }: LaneSettings): LaneOptions {
  const reads = new Bottleneck.Group({ maxConcurrent: LIMITS.atOnce.reads });
  const verdict = new Bottleneck.Group({ maxConcurrent: LIMITS.atOnce.verdict });
  const people = new Bottleneck.Group({
    maxConcurrent: LIMITS.atOnce.people,
    // Evenly, since GitHub does not say when its minute begins.
    minTime: Math.ceil(60_000 / (LIMITS.people.aMinute - 1)),
  });
  const writes = new Bottleneck.Group({
    reservoir: LIMITS.writes.atOnce,
    reservoirIncreaseAmount: LIMITS.writes.aSecond * 5,
    reservoirIncreaseInterval: 5_000,
    reservoirIncreaseMaximum: LIMITS.writes.atOnce,
  });
  // Not a limiter: what does not fit into the hour is not to wait in a line, where its text would grow old.
  const hours = new LRUCache<string, readonly number[]>({ max: 1_000 });
  const takeOfHour = (id: string): boolean => {
    const recent = (hours.get(id) ?? []).filter((at) => at > Date.now() - HOUR_MS);
    const free = recent.length < LIMITS.people.anHour;
    hours.set(id, free ? [...recent, Date.now()] : recent);
    return free;
  };
  const pauses = new LRUCache<string, Pause>({ max: 1_000 });
  /** Until when what is left of an installation's hour is kept for verdicts. */
  const scarce = new LRUCache<string, Pause>({ max: 1_000 });
  const note = (id: string, headers: unknown): void => {
    const until = keptUntil(headers);
    if (until === null) scarce.delete(id);
    else if (until !== undefined) scarce.set(id, { until, error: usedUp() });
  };

  async function send(
    id: string,
    jobOptions: object,
    request: Job,
    options: RequestOptions,
  ): Promise<unknown> {
    const lane = laneOf(options.method, options.url.replace(/^https?:\/\/[^/]+/, ""));
    await pause(pauses.get(`${id} ${lane}`), longestWaitMs);
    if (lane === "people") await pause(scarce.get(id), longestWaitMs);
    const run = async () => {
      // Another instance may have taken the job over while this one was blocked.
      if (lane !== "reads" && (await options.request?.isMine?.()) === false) throw new NotMine();
      if (lane !== "reads") await options.request?.before?.();
      const response = await (request as (options: RequestOptions) => unknown)(options);
      note(id, headersOf(response));
      return response;
    };
    try {
      if (lane === "reads") return await reads.key(id).schedule(jobOptions, run);
      if (lane === "people" && !takeOfHour(id)) throw usedUp();
      await waitForTurn(id, lane);
      await writes.key(id).schedule(nothing);
      return await (lane === "people" ? people : verdict).key(id).schedule(jobOptions, run);
    } catch (error) {
      note(id, headersOf((error as { response?: unknown })?.response));
      const until = askedToWait(error);
      if (until !== null) {
        pauses.set(`${id} ${lane}`, { until, error });
        if (lane !== "reads") await shared?.pause(id, lane, until - Date.now()).catch(() => {});
      }
      throw error;
    }
  }

  /** Where the others cannot be asked the limits of this process hold. */
  async function waitForTurn(id: string, lane: "verdict" | "people"): Promise<void> {
    for (;;) {
      const turn = await shared?.turn(id, lane).catch(() => undefined);
      if (turn === undefined) return;
      if (turn.full || turn.pausedMs > longestWaitMs) throw usedUp();
      const waitMs = Math.max(turn.waitMs, turn.pausedMs);
      if (waitMs > 0) await new Promise((resolve) => setTimeout(resolve, waitMs));
      // Who waited for the end of a pause has no turn yet.
      if (turn.pausedMs === 0) return;
    }
  }

  const through = { key: () => ({ schedule: async (_: object, job: Job) => (job as () => unknown)() }) };
  return {
    write: through,
    notifications: through,
    triggersNotification: () => false,
    global: {
      key: (id) => ({
        schedule: (jobOptions, request, ...args) =>
          send(id, jobOptions, request, args[0] as unknown as RequestOptions),
      }),
    },
  };
}

const HOUR_MS = 3_600_000;
const nothing = async (): Promise<void> => {};

/** The run that wants to write has lost its job. */
class NotMine extends Error {
  override name = "NotMine";
  constructor() {
    super("another instance has taken this job over");
  }
}

/** GitHub has asked for a pause: what it said, and until when (by the local clock). */
interface Pause {
  readonly until: number;
  readonly error: unknown;
}

/** Waits where GitHub has asked for it; rejects with what it said where that takes too long. */
async function pause(asked: Pause | undefined, longestMs: number): Promise<void> {
  const left = (asked?.until ?? 0) - Date.now();
  if (left > longestMs) throw asked?.error;
  if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
}

/** GitHub's rule where it refuses for a while and does not say for how long ("Exceeding the rate limit"). */
const UNTOLD_MS = 60_000;

/**
 * Until when the lane is to wait that ran into a limit; `null`: it need not. Where the hour's requests are
 * used up each job asks again by its own retry times: only GitHub knows when that is over. At most an hour:
 * an absurd header must not stop the lane for good.
 */
function askedToWait(error: unknown): number | null {
  if (!describeFailure(error).rateLimited) return null;
  const { headers = {} } = (error as { response?: { headers?: Record<string, unknown> } }).response ?? {};
  const ms = waitIn(headers);
  if (!Number.isNaN(ms)) return ms > 0 ? Date.now() + Math.min(ms, HOUR_MS) : null;
  return String(headers["x-ratelimit-remaining"]) === "0" ? null : Date.now() + UNTOLD_MS;
}

/** In seconds, as GitHub does, or as a date, as HTTP allows; NaN: neither. */
function waitIn({ "retry-after": after, date }: Readonly<Record<string, unknown>>): number {
  const seconds = Number(after ?? Number.NaN);
  if (!Number.isNaN(seconds)) return seconds * 1_000;
  const now = Date.parse(String(date));
  return Date.parse(String(after)) - (Number.isNaN(now) ? Date.now() : now);
}

/**
 * So much of the hour's requests is kept for reads and verdicts: what people read waits for the next hour.
 */
const KEPT = 1 / 20;

/**
 * Until when people's lane is to wait, by what GitHub says is left of the hour; `null`: there is enough;
 * `undefined`: it does not say. At most an hour.
 */
function keptUntil(headers: unknown): number | null | undefined {
  const of = (name: string) =>
    (headers as Readonly<Record<string, unknown>> | undefined)?.[`x-ratelimit-${name}`];
  const [remaining, limit, reset] = ["remaining", "limit", "reset"].map((name) => Number(of(name)));
  // GraphQL and the search have hours and minutes of their own.
  if (remaining === undefined || limit === undefined || reset === undefined) return undefined;
  if (!(limit > 0) || !(reset > 0) || Number.isNaN(remaining) || (of("resource") ?? "core") !== "core")
    return undefined;
  return remaining > limit * KEPT ? null : Math.min(reset * 1_000, Date.now() + HOUR_MS);
}

function headersOf(response: unknown): unknown {
  return (response as { readonly headers?: unknown } | undefined)?.headers;
}

/** Looks like GitHub's own refusal, so that it is treated as such: the work is tried again later. */
function usedUp(): Error {
  return Object.assign(new Error("the app has reached GitHub's hourly limit for comments and issues"), {
    name: "HttpError",
    status: 429,
    response: { status: 429, headers: { "x-ratelimit-remaining": "0" }, data: {} },
  });
}
