/** Tells whoever watches that something changed on GitHub. */
export interface Changes {
  tell(): void;
  /** Calls back soon after each change, once for several in a row; returns what ends it. */
  watch(listener: () => void): () => void;
}

/** The app often writes several things at once; a page is drawn once for them. */
const TOGETHER_MS = 60;

/** Tells those who watch that something has changed; changes close together are told once. */
export function createChanges(): Changes {
  const listeners = new Set<() => void>();
  let timer: NodeJS.Timeout | undefined;
  return {
    tell() {
      if (timer !== undefined) return;
      timer = setTimeout(() => {
        timer = undefined;
        for (const listener of [...listeners]) listener();
      }, TOGETHER_MS).unref();
    },
    watch(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
