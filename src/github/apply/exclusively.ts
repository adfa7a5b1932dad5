const last = new Map<string, Promise<unknown>>();

/** Runs `work` when all earlier work of the same key in this process has ended, well or not. */
export async function exclusively<T>(key: string, work: () => Promise<T>): Promise<T> {
  const mine = (last.get(key) ?? Promise.resolve()).then(work, work);
  last.set(key, mine);
  try {
    return await mine;
  } finally {
    if (last.get(key) === mine) last.delete(key);
  }
}
