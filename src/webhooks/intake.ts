import type { Logger } from "pino";
import { keyName } from "../jobs/key.ts";
import { concernsOf } from "./events.ts";
import { outsiderOf, type Pace } from "./pace.ts";

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
  readonly appId: number;
  readonly log: Pick<Logger, "debug">;
}

/** Makes jobs of a delivery, and does nothing else before GitHub has its answer. Never throws. */
export function takeIn({ id, name, payload }: Delivery, { pace, appId, log }: IntakeOptions): void {
  const jobs = concernsOf(name, payload, { appId });
  log.debug({ delivery: id, event: name, jobs: jobs.map(({ key }) => keyName(key)) }, "event received");
  const outsider = outsiderOf(name, payload);
  for (const job of jobs) pace.add(job, outsider);
}
