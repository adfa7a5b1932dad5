import { describeFailure } from "../api/read.ts";

/** For creates: Octokit does not repeat them by itself. */
export const ONCE = { request: { retries: 0 } } as const;

/** GitHub may need a moment until what it has created is in its lists. */
const LOOK_AFTER_MS = [500, 1_500];
const MOST_CREATES = 3;

/** What a create's request is to carry so that it is sent once. */
export interface SentOnce {
  readonly request: { readonly retries: 0; readonly before: () => Promise<void> };
}

/**
 * Creates something, without doubling it. Right before it is sent, when its turn has come, it is looked for:
 * another process may have made it while it waited. A create without a clear answer (5xx, timeout, network,
 * an answer that cannot be read) may have happened all the same: before it is tried again, at most twice,
 * `find` looks for it twice. Resolves to it and to whether it is new. Rejects with the create's failure; also
 * when `find` fails, since nothing is known then, and with what `require` says.
 */
export async function createOnce<T>({
  create,
  find,
  pause,
  require = async () => {},
}: {
  /** Sends the request with what it is given; without that it is not looked for before. */
  create: (once: SentOnce) => Promise<T>;
  /** What was created, if it is there; `null`: it is not. */
  find: () => Promise<T | null>;
  pause: (ms: number) => Promise<void>;
  /** Rejects where it is not to be created any more: asked when its turn has come. */
  require?: () => Promise<void>;
}): Promise<{ readonly value: T; readonly isNew: boolean }> {
  let kept: unknown;
  const before = async () => {
    try {
      const there = await find();
      if (there !== null) throw new There(there);
      await require();
    } catch (error) {
      kept = error;
      throw error;
    }
  };
  for (let creates = 1; ; creates++) {
    try {
      return { value: await create({ request: { retries: 0, before } }), isNew: true };
    } catch (error) {
      if (kept instanceof There) return { value: kept.value as T, isNew: false };
      // It was not sent.
      if (kept !== undefined) throw kept;
      if (!mayHaveHappened(error)) throw error;
      for (const ms of LOOK_AFTER_MS) {
        await pause(ms);
        const found = await find();
        if (found !== null) return { value: found, isNew: true };
      }
      if (creates === MOST_CREATES) throw error;
    }
  }
}

/** It was there when its turn came. */
class There extends Error {
  readonly value: unknown;
  constructor(value: unknown) {
    super("it is there already");
    this.value = value;
  }
}

function mayHaveHappened(error: unknown): boolean {
  const { status } = describeFailure(error);
  return status === null || status >= 500;
}
