import { AsyncLocalStorage } from "node:async_hooks";
import type { ReconcileKey } from "./key.ts";
import type { Attempt, Job, JobResult, Worker } from "./queue.ts";
import { inSpan, traceparent } from "./trace.ts";

/**
 * The job that some work belongs to: its lines in the log name it, and what it asks for is asked by the same.
 */
const currentJob = new AsyncLocalStorage<Job>();

/** What a line in the log concerns: delivery, installation, repository, the number there. */
export type Fields = Readonly<Record<string, string | number>>;

/** What is done beside any job and concerns something all the same, as every line about it has it. */
const concerned = new AsyncLocalStorage<Fields>();

/** Does the work; its lines in the log say what it concerns, unless a job's do. */
export function concerning<T>(fields: Fields, work: () => T): T {
  return concerned.run(fields, work);
}

/** What a job concerns, as every line about it has it. */
export function fieldsOf({ key, delivery }: Pick<Job, "key" | "delivery">): Fields {
  return {
    ...(delivery === undefined ? {} : { delivery }),
    installation: key.installationId,
    ...(key.kind === "installation" ? {} : { repository: `${key.owner}/${key.repo}` }),
    ...numberOf(key),
  };
}

function numberOf(key: ReconcileKey): Readonly<Record<string, number>> {
  if (key.kind === "pull-request" || key.kind === "conversation") return { pull_request: key.number };
  if (key.kind === "post-mortem") return { post_mortem: key.number };
  const recorded = key.kind === "record" ? /^#(\d{1,15})$/.exec(key.subject)?.[1] : undefined;
  return recorded === undefined ? {} : { pull_request: Number(recorded) };
}

/** For the log: what the work that is under way here concerns. */
export function currentFields(): Fields {
  const job = currentJob.getStore();
  return job === undefined ? (concerned.getStore() ?? {}) : fieldsOf(job);
}

/** What a job asks for is asked by the same delivery, and belongs to the same trace. */
export function askedByCurrent(job: Job): Job {
  const delivery = job.delivery ?? currentJob.getStore()?.delivery;
  const trace = job.trace ?? traceparent();
  return {
    ...job,
    ...(delivery === undefined ? {} : { delivery }),
    ...(trace === undefined ? {} : { trace }),
  };
}

/** A worker whose lines in the log name the job, and whose work is one span of the trace. */
export function named(worker: Worker): Worker {
  return (job, attempt) => currentJob.run(job, () => inJobSpan(worker, job, attempt));
}

function inJobSpan(worker: Worker, job: Job, attempt: Attempt): Promise<JobResult> {
  const { key, delivery, trace } = job;
  const attributes = {
    "hotfix.job.kind": key.kind,
    "hotfix.job.attempt": attempt.number,
    "github.installation.id": key.installationId,
    ...(key.kind === "installation" || key.repositoryId === undefined
      ? {}
      : { "github.repository.id": key.repositoryId }),
    ...(numberOf(key).pull_request === undefined
      ? {}
      : { "github.pull_request": numberOf(key).pull_request }),
    ...(numberOf(key).post_mortem === undefined ? {} : { "github.issue": numberOf(key).post_mortem }),
    ...(delivery === undefined ? {} : { "github.delivery": delivery }),
  };
  return inSpan(`job ${key.kind}`, { kind: "consumer", attributes, parent: trace }, async (span) => {
    const result = await worker(job, attempt);
    if (result.retryAfterMs !== undefined || result.waitMs !== undefined)
      span.setAttribute("hotfix.job.retry_ms", result.retryAfterMs ?? result.waitMs ?? 0);
    return result;
  });
}
