import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from "prom-client";
import {
  type Job,
  type LaneState,
  type Queue,
  type QueueState,
  RUN_OUTCOMES,
  type RunOutcome,
} from "./jobs/queue.ts";
import type { WatchEntry } from "./jobs/watch-list.ts";
import { GATE_REQUIREMENTS } from "./policy/branch-rules.ts";

/**
 * What the process counts. Labels take few values, none of them from payloads, so that their number stays
 * small.
 */
export interface Metrics {
  readonly registry: Registry;
  /** A webhook was answered. `event`: its name where it is one that is heard, else `other`. */
  webhook(event: string, status: number): void;
  /** A job ran. */
  run(outcome: RunOutcome, durationMs: number, job: Job): void;
  /**
   * A pull request was evaluated; `requirement`: what its base branch asks of the check (`GateRequirement`).
   */
  verdict(outcome: string, requirement?: string): void;
  /** GitHub answered a request, or did not (`status` 0). `route`: without what its parameters stand for. */
  githubRequest(route: string, status: number): void;
  /** Shows what is under way, and what is left of the rate limits. */
  watchWork(work: {
    /** Of all instances; rejects never. */
    entries(): Promise<readonly WatchEntry[]>;
    /** Of hours that are not over. */
    budgets(): ReadonlyMap<number, { readonly remaining: number; readonly limit: number }>;
    /** Shared configuration files that are not valid. */
    brokenFiles(): number;
  }): void;
  /** Shows whether another instance works for the app without sharing this queue. */
  watchOthers(isThere: () => boolean): void;
  /** Shows the size of this queue. */
  watchQueue(queue: Pick<Queue, "state" | "engine">): void;
}

/** Metrics with a registry of their own, so that several servers may live in one process. */
export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const registers = [registry];
  const webhooks = new Counter({
    name: "hotfix_webhooks_total",
    help: "Webhooks by event and status of the answer.",
    labelNames: ["event", "status"],
    registers,
  });
  const runs = new Counter({
    name: "hotfix_job_runs_total",
    help: "Runs of jobs by outcome: done, retry (asked for by the job), failed (threw), given-up.",
    labelNames: ["outcome"],
    registers,
  });
  const runSeconds = new Histogram({
    name: "hotfix_job_run_seconds",
    help: "How long runs of jobs take, by kind; an evaluation is a run of kind pull-request.",
    labelNames: ["kind"],
    buckets: [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  });
  const verdictSeconds = new Histogram({
    name: "hotfix_webhook_to_verdict_seconds",
    help: "From the webhook to the end of the evaluation that it asked for, retries included.",
    buckets: [0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900],
    registers,
  });
  const verdicts = new Counter({
    name: "hotfix_verdicts_total",
    help: "Evaluations of pull requests by outcome.",
    labelNames: ["outcome"],
    registers,
  });
  const requirements = new Counter({
    name: "hotfix_gate_requirement_total",
    help: "Evaluations of hotfixes by what the base branch asks of hotfix-gate: pinned, bypassable, any-source, other-app, not-required, unknown.",
    labelNames: ["requirement"],
    registers,
  });
  // An alert on a counter that begins at one would not see the first.
  for (const requirement of GATE_REQUIREMENTS) requirements.inc({ requirement }, 0);
  for (const outcome of RUN_OUTCOMES) runs.inc({ outcome }, 0);
  const requests = new Counter({
    name: "hotfix_github_requests_total",
    help: "Requests to GitHub by route and status of the answer; 0 where there was none.",
    labelNames: ["route", "status"],
    registers,
  });
  return {
    registry,
    webhook: (event, status) => webhooks.inc({ event, status }),
    run(outcome, durationMs, { key, heardAt }) {
      runs.inc({ outcome });
      runSeconds.observe({ kind: key.kind }, durationMs / 1_000);
      if (outcome === "done" && key.kind === "pull-request" && heardAt !== undefined)
        verdictSeconds.observe(Math.max(0, Date.now() - heardAt) / 1_000);
    },
    verdict(outcome, requirement) {
      verdicts.inc({ outcome });
      if (requirement !== undefined) requirements.inc({ requirement });
    },
    githubRequest: (route, status) => requests.inc({ route, status }),
    watchWork({ entries, budgets, brokenFiles }) {
      new Gauge({
        name: "hotfix_open",
        help: "What is open: hotfix, post-mortem, post-mortem-overdue (of these), action-item (with a due date and not done), action-item-overdue (of these).",
        labelNames: ["what"],
        registers,
        async collect() {
          const all = await entries();
          const known = all.filter(({ key }) => key.kind === "post-mortem");
          const open = known.filter(({ closed }) => closed !== true);
          const items = known.flatMap(({ itemsOverdueAt = [] }) => itemsOverdueAt);
          this.set({ what: "hotfix" }, all.filter(({ hotfix }) => hotfix === true).length);
          this.set({ what: "post-mortem" }, open.length);
          this.set({ what: "post-mortem-overdue" }, open.filter(({ overdue }) => overdue).length);
          this.set({ what: "action-item" }, items.length);
          this.set({ what: "action-item-overdue" }, items.filter((at) => at <= Date.now()).length);
        },
      });
      new Gauge({
        name: "hotfix_shared_configuration_invalid",
        help: "Shared configuration files (the owner's, or extended ones) that were invalid when they were last read, within the last hour.",
        registers,
        collect() {
          this.set(brokenFiles());
        },
      });
      new Gauge({
        name: "hotfix_github_rate_limit_remaining",
        help: "Requests left in the current hour by GitHub's last answer, by installation.",
        labelNames: ["installation"],
        registers,
        collect() {
          this.reset();
          for (const [installation, { remaining }] of budgets()) this.set({ installation }, remaining);
        },
      });
      new Gauge({
        name: "hotfix_github_rate_limit",
        help: "Requests that GitHub allows in an hour, by installation.",
        labelNames: ["installation"],
        registers,
        collect() {
          this.reset();
          for (const [installation, { limit }] of budgets()) this.set({ installation }, limit);
        },
      });
    },
    watchOthers(isThere) {
      new Gauge({
        name: "hotfix_second_instance",
        help: "1: another instance works for the same app without REDIS_URL.",
        registers,
        collect() {
          this.set(isThere() ? 1 : 0);
        },
      });
    },
    watchQueue(queue) {
      const { engine } = queue;
      // Asked once for all of them at each look: they tell of one moment.
      let asked: Promise<QueueState | null> | undefined;
      const look = () => {
        asked ??= queue
          .state()
          .catch(() => null)
          .finally(() => {
            asked = undefined;
          });
        return asked;
      };
      new Gauge({
        name: "hotfix_queue_oldest_seconds",
        help: "Age of the oldest job that is ready to run, by lane; a pause before a retry is not counted.",
        labelNames: ["lane", "engine"],
        registers,
        async collect() {
          const lanes = lanesOf(await look());
          this.reset();
          for (const [lane, { oldestMs }] of lanes) this.set({ lane, engine }, oldestMs / 1_000);
        },
      });
      new Gauge({
        name: "hotfix_queue_given_up",
        help: "Jobs that were given up after repeated failures; the sweep retries them now and then.",
        registers,
        async collect() {
          const state = await look();
          // Old figures would say otherwise.
          if (state === null) this.remove();
          else this.set(state.givenUp);
        },
      });
      new Gauge({
        name: "hotfix_instances",
        help: "Processes that work on this queue; 0: it cannot be reached, and deliveries are refused.",
        registers,
        async collect() {
          this.set((await look())?.instances ?? 0);
        },
      });
      new Gauge({
        name: "hotfix_queue_jobs",
        help: "Jobs that wait (pauses before a retry included) or run, by lane.",
        labelNames: ["state", "lane", "engine"],
        registers,
        async collect() {
          const lanes = lanesOf(await look());
          this.reset();
          for (const [lane, { waiting, running }] of lanes) {
            this.set({ state: "waiting", lane, engine }, waiting);
            this.set({ state: "running", lane, engine }, running);
          }
        },
      });
    },
  };
}

function lanesOf(state: QueueState | null): readonly [string, LaneState][] {
  return state === null ? [] : Object.entries(state.lanes);
}
