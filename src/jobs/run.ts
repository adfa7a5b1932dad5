import { AsyncLocalStorage } from "node:async_hooks";

/** The run of a job that some work belongs to. */
export interface Run {
  /**
   * Has nobody else taken the job over? Asked before each write. Never rejects: what cannot be told is no.
   */
  isMine(): Promise<boolean>;
}

/** Set while a worker runs, where somebody else may take a job over. */
export const currentRun = new AsyncLocalStorage<Run>();
