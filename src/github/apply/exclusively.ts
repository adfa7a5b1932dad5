const last = new Map<string, Promise<unknown>>();

/** Waits for the other instances, where there are any, and resolves with what ends that. */
type Across = (key: string) => Promise<() => Promise<void>>;
let across: Across | null = null;

/** From now on `exclusively` also waits for other instances; `null`: there are none. */
export function waitForOthers(others: Across | null): void {
  across = others;
}

/** Runs `work` when all earlier work of the same key, here and in other instances, has ended, well or not. */
export async function exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
  const alone = async () => {
    const end = await across?.(key);
    try {
      return await work();
    } finally {
      await end?.();
    }
  };
  const mine = (last.get(key) ?? Promise.resolve()).then(alone, alone);
  last.set(key, mine);
  try {
    return await mine;
  } finally {
    if (last.get(key) === mine) last.delete(key);
  }
}
