import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";

/** What the app logs with: Probot's logger has it. */
export interface Log {
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
}

/** What every write needs. */
export interface ApplyContext {
  readonly client: GitHubClient;
  readonly repo: Repo;
  readonly log: Log;
  /** Waits so many milliseconds. */
  pause(ms: number): Promise<void>;
}

/** An action that cannot be done, with a reason in plain words; `retry`: it may go better later. */
export class ActionFailed extends Error {
  override name = "ActionFailed";
  readonly retry: boolean;
  constructor(reason: string, retry: boolean, cause?: unknown) {
    super(reason, { cause });
    this.retry = retry;
  }
}
