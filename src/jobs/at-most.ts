/**
 * Options of an LRU cache of at most `max` entries. It grows with what is in it: bounded by `max` itself, it
 * would take room for all of them at once.
 */
export function atMost(max: number): { readonly maxSize: number; sizeCalculation(): number } {
  return { maxSize: max, sizeCalculation: () => 1 };
}
