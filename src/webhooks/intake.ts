import type { Logger } from "pino";
import { keyName } from "../jobs/key.ts";
import type { Job } from "../jobs/queue.ts";
import { inSpan, traceparent } from "../jobs/trace.ts";
import type { Watch } from "../jobs/watch-list.ts";
import { type Fields, fieldsOf } from "../jobs/work.ts";
import { concernsOf, ownCreationOf } from "./events.ts";
import { outsiderOf, type Pace } from "./pace.ts";
import { at, numberAt, textAt } from "./payload.ts";

/** A delivery whose signature is right. */
export interface Delivery {
  readonly id: string;
  readonly name: string;
  /** A JSON object; otherwise unchecked. */
  readonly payload: object;
}

/** What a delivery is taken in with. */
export interface IntakeOptions {
  readonly pace: Pick<Pace, "add">;
  /** Is told of pushes, so that the sweep need not look for what they brought. */
  readonly watch: Pick<Watch, "pushed">;
  readonly appId: number;
  readonly log: Pick<Logger, "debug">;
  /** Is told what the app itself has created; absent: nobody asks who that was. */
  readonly ownCreation?: ((own: NonNullable<ReturnType<typeof ownCreationOf>>) => void) | undefined;
}

/**
 * Makes jobs of a delivery, and does nothing else before GitHub has its answer. Rejects where the queue
 * cannot keep them.
 */
export async function takeIn(delivery: Delivery, options: IntakeOptions): Promise<void> {
  const installation = numberAt(delivery.payload, "installation", "id");
  const repository = numberAt(delivery.payload, "repository", "id");
  const attributes = {
    "github.delivery": delivery.id,
    "github.event": delivery.name,
    ...(installation === undefined ? {} : { "github.installation.id": installation }),
    ...(repository === undefined ? {} : { "github.repository.id": repository }),
  };
  await inSpan("delivery", { kind: "consumer", attributes }, async (span) => {
    const jobs = await take(delivery, options);
    span.setAttribute("hotfix.jobs", jobs);
  });
}

/** Resolves to how many jobs it makes. */
async function take(
  { id, name, payload }: Delivery,
  { pace, watch, appId, log, ownCreation }: IntakeOptions,
): Promise<number> {
  const jobs = concernsOf(name, payload, { appId });
  const fields = { delivery: id, event: name, ...subjectOf(payload), ...numbersOf(jobs) };
  log.debug({ ...fields, jobs: jobs.map(({ key }) => keyName(key)) }, "event received");
  const outsider = outsiderOf(name, payload);
  const heardAt = Date.now();
  const trace = traceparent();
  const asked = { heardAt, delivery: id, ...(trace === undefined ? {} : { trace }) };
  await Promise.all(jobs.map((job) => pace.add({ ...job, ...asked }, outsider)));
  const own = ownCreation === undefined ? null : ownCreationOf(name, payload, { appId });
  if (own !== null) ownCreation?.(own);
  const repositoryId = numberAt(payload, "repository", "id");
  if (name === "push" && repositoryId !== undefined)
    watch.pushed(repositoryId, timeOf(at(payload, "repository", "pushed_at")));
  return jobs.length;
}

/** The pull request and the post-mortem that all jobs of an event are about. */
function numbersOf(jobs: readonly Job[]): Fields {
  const all = jobs.map(fieldsOf);
  const numbers = ["pull_request", "post_mortem"].map((name) => {
    const [first, ...others] = new Set(all.flatMap((fields) => fields[name] ?? []));
    return first === undefined || others.length > 0 ? {} : { [name]: first };
  });
  return Object.assign({}, ...numbers);
}

/** What an event concerns, as every line about it has it. */
export function subjectOf(payload: object): Fields {
  const installation = numberAt(payload, "installation", "id");
  const repository = textAt(payload, "repository", "full_name");
  const pullRequest = numberAt(payload, "pull_request", "number");
  return {
    ...(installation === undefined ? {} : { installation }),
    ...(repository === undefined ? {} : { repository }),
    ...(pullRequest === undefined ? {} : { pull_request: pullRequest }),
  };
}

/** A push event has it in seconds, others as text. */
function timeOf(value: unknown): number {
  const time = typeof value === "number" ? value * 1_000 : Date.parse(String(value));
  return Number.isNaN(time) ? 0 : time;
}
