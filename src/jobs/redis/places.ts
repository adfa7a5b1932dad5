import type { Lane, ReconcileKey } from "../key.ts";
import { IMPORTANCES } from "../queue.ts";
import type { Places } from "../turns.ts";
import { BAND } from "./scripts.ts";

/** The last of the four bands. */
export const BACKGROUND = IMPORTANCES.length;

/**
 * Which places of this process are taken. `take` gives what releases the place; `null`: the installation, or
 * the background, has its share.
 */
export function createPlaces(places: Readonly<Record<Lane, Places>>) {
  const taken = { verdict: new Map<string, number>(), people: new Map<string, number>() };
  return {
    take(lane: Lane, key: ReconcileKey, priority: number): (() => void) | null {
      const { ofInstallation, ofBackground } = places[lane];
      const counted: readonly (readonly [string, number])[] = [
        [`installation ${key.installationId}`, ofInstallation],
        ...(priority >= BACKGROUND * BAND ? [["background", ofBackground] as const] : []),
      ];
      const counts = taken[lane];
      if (counted.some(([name, most]) => (counts.get(name) ?? 0) >= most)) return null;
      for (const [name] of counted) counts.set(name, (counts.get(name) ?? 0) + 1);
      return () => {
        for (const [name] of counted) {
          const left = (counts.get(name) ?? 1) - 1;
          if (left > 0) counts.set(name, left);
          else counts.delete(name);
        }
      };
    },
  };
}
