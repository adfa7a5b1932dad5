/** Waits until no other instance does the same, and resolves with what ends that. */
export type Across = (key: string) => Promise<() => Promise<void>>;

/** Whether another instance does the same cannot be said. */
export class OthersUnknown extends Error {
  override name = "OthersUnknown";
  constructor(cause: unknown) {
    super("the app's other instances could not be asked, since Redis does not answer", { cause });
  }
}

/** Runs `work` when all earlier work of the same key has ended, well or not. */
export type Exclusively = <T>(key: string, work: () => Promise<T>) => Promise<T>;

/**
 * For what one app creates: of its process, and with `across` of all its instances. Rejects with
 * `OthersUnknown` where these cannot be asked.
 */
export function createExclusively(across?: Across): Exclusively {
  const last = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    const alone = async () => {
      const end = await across?.(key).catch((error: unknown) => {
        throw new OthersUnknown(error);
      });
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
  };
}
