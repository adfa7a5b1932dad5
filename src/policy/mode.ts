import type { Policy } from "./policy.ts";
import type { PolicyReading } from "./verdict.ts";

/** What the app writes beside the check. */
export type Written = Policy["observe"][number];

/**
 * Does the app write this in this repository? One that only observes writes what it was asked to, one that is
 * off nothing.
 */
export function writes({ mode, observe }: Pick<Policy, "mode" | "observe">, what: Written): boolean {
  return mode === "enforce" || (mode === "observe" && observe.includes(what));
}

/** `mode: off`: the repository is left alone. What cannot be read switches nothing off. */
export function isOff(reading: PolicyReading): boolean {
  return reading.state === "valid" && reading.policy.mode === "off";
}
