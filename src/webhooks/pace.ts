import { LRUCache } from "lru-cache";
import { atMost } from "../jobs/at-most.ts";
import { keyId } from "../jobs/key.ts";
import { type Job, mergeJobs } from "../jobs/queue.ts";
import { at, numberAt, textAt } from "./payload.ts";

/** So many acts of one outsider on one pull request are looked at as they come; then the pauses double. */
const AT_ONCE = 5;
const FIRST_PAUSE_MS = 2_000;
const LONGEST_PAUSE_MS = 60_000;
/** After so long without an act all is as if there had been none. */
const FORGOTTEN_MS = 10 * 60_000;
const MOST_REMEMBERED = 10_000;

/**
 * GitHub's word for somebody who may have write access; others may as well, so an outsider's acts are only
 * slowed down.
 */
const INSIDERS = ["OWNER", "MEMBER", "COLLABORATOR"];

/** Where an event's own author stands in it, by event. */
const AUTHORED: Readonly<Record<string, string>> = {
  pull_request: "pull_request",
  pull_request_review: "review",
  issue_comment: "comment",
  issues: "issue",
};

/**
 * The account whose act it is, where it seems to have no write access: what people without do to what they
 * wrote themselves; to what others wrote they can do nothing. `null`: anybody else's, or one that no pause
 * may stand before.
 */
export function outsiderOf(event: string, payload: unknown): number | null {
  const written = at(payload, AUTHORED[event] ?? "");
  const sender = numberAt(payload, "sender", "id");
  if (sender === undefined || sender !== numberAt(written, "user", "id")) return null;
  if (textAt(payload, "sender", "type") !== "User") return null;
  if (INSIDERS.includes(textAt(written, "author_association") ?? "OWNER")) return null;
  // Labels are set by people with triage access at least.
  if (["labeled", "unlabeled"].includes(textAt(payload, "action") ?? "")) return null;
  // A pass is for a base: it ends as soon as that is another one.
  return at(payload, "changes", "base") === undefined ? sender : null;
}

/** Slows down what one person without write access sets off. */
export interface Pace {
  /**
   * Passes the job on: at once, or, where it is one of many acts of `outsider`, after a pause. Resolves once
   * it was passed on or is held; rejects where the queue does not take it.
   */
  add(job: Job, outsider: number | null): Promise<void>;
  /** Passes on what is held. Lost with the process it is found by the next one (`sweep/deliveries.ts`). */
  close(): Promise<void>;
}

/**
 * Bounds what people without write access can make the app look at. Their further acts on one pull request,
 * or issue, are taken together after a pause that doubles up to a minute. Anybody else's act on it is passed
 * on at once, with all that waits.
 */
export function createPace(add: (job: Job) => Promise<void>, now: () => number = Date.now): Pace {
  const acts = new LRUCache<string, { readonly count: number; readonly at: number }>(atMost(MOST_REMEMBERED));
  const waiting = new Map<string, { job: Job; readonly timer: NodeJS.Timeout }>();

  function pauseFor(actor: string): number {
    const last = acts.get(actor);
    const count = last === undefined || now() - last.at > FORGOTTEN_MS ? 1 : last.count + 1;
    acts.set(actor, { count, at: now() });
    return count <= AT_ONCE
      ? 0
      : Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** Math.min(10, count - AT_ONCE - 1));
  }

  async function pass(id: string, job: Job): Promise<void> {
    const held = waiting.get(id);
    clearTimeout(held?.timer);
    waiting.delete(id);
    await add(held === undefined ? job : mergeJobs(held.job, job));
  }

  /** Nobody waits for its answer any more: what the queue does not take now is held on. */
  function hold(id: string, job: Job, pause: number): void {
    const timer = setTimeout(() => {
      const due = waiting.get(id);
      waiting.delete(id);
      if (due !== undefined)
        add(due.job).catch(() => {
          if (!waiting.has(id)) hold(id, due.job, FIRST_PAUSE_MS);
        });
    }, pause);
    timer.unref();
    waiting.set(id, { job, timer });
  }

  return {
    async add(job, outsider) {
      const id = keyId(job.key);
      const pause = outsider === null ? 0 : pauseFor(`${id} ${outsider}`);
      const held = waiting.get(id);
      if (pause === 0) await pass(id, job);
      else if (held !== undefined) held.job = mergeJobs(held.job, job);
      else hold(id, job, pause);
    },
    async close() {
      const held = [...waiting.values()];
      waiting.clear();
      for (const { timer } of held) clearTimeout(timer);
      await Promise.allSettled(held.map(({ job }) => add(job)));
    },
  };
}
