import { describeFailure } from "../api/read.ts";

/** For creates: Octokit does not repeat them by itself. */
export const ONCE = { request: { retries: 0 } } as const;

/** GitHub may need a moment until what it has created is in its lists. */
const LOOK_AFTER_MS = [500, 1_500];
const MOST_CREATES = 3;

/**
 * Creates something, without doubling it. A create without a clear answer (5xx, timeout, network, an answer
 * that cannot be read) may have happened all the same: before it is tried again, at most twice, `find` looks
 * for it twice. Rejects with the create's failure; also when `find` fails, since nothing is known then.
 */
export async function createOnce<T>({
  create,
  find,
  pause,
}: {
  create: () => Promise<T>;
  /** What was created, if it is there; `null`: it is not. */
  find: () => Promise<T | null>;
  pause: (ms: number) => Promise<void>;
}): Promise<T> {
  for (let creates = 1; ; creates++) {
    try {
      return await create();
    } catch (error) {
      if (!mayHaveHappened(error)) throw error;
      for (const ms of LOOK_AFTER_MS) {
        await pause(ms);
        const found = await find();
        if (found !== null) return found;
      }
      if (creates === MOST_CREATES) throw error;
    }
  }
}

function mayHaveHappened(error: unknown): boolean {
  const { status } = describeFailure(error);
  return status === null || status >= 500;
}
