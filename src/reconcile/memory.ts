import type { ReconcileMemory } from "./context.ts";

/** A part of what a process remembers, made when it is first asked for. It saves requests, and is no loss when it is gone. */
export function memoryPart<T>(make: () => T): (memory: ReconcileMemory) => T {
  const parts = new WeakMap<ReconcileMemory, T>();
  return (memory) => {
    const part = parts.get(memory) ?? make();
    parts.set(memory, part);
    return part;
  };
}
