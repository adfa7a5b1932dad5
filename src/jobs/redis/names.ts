import type { Lane } from "../key.ts";

/** What the names of an app begin with: of two apps on one Redis each has its own. */
export function prefixOf(app: string): string {
  return `hotfix-guard:${app}`;
}

/** The names of all that an app keeps in Redis besides BullMQ's own. */
export function namesOf(prefix: string) {
  return {
    /** Of what is known of one key. */
    of: (id: string) => ({
      entries: `${prefix}:for:${id}`,
      taken: `${prefix}:taken:${id}`,
      turn: `${prefix}:turn:${id}`,
      attempt: `${prefix}:attempt:${id}`,
      course: `${prefix}:course:${id}`,
    }),
    times: (lane: Lane) => `${prefix}:times:${lane}`,
    lock: (lane: Lane, job: string | undefined) => `${prefix}:${lane}:${job}:lock`,
    givenUp: `${prefix}:given-up`,
    instances: `${prefix}:instances`,
    /** An instance has ended without a word. */
    gone: `${prefix}:gone`,
    leader: `${prefix}:leader`,
    /** Which run of Redis has what is here. */
    there: `${prefix}:there`,
    /** Written to find out whether that can be done. */
    ready: `${prefix}:ready`,
    watched: `${prefix}:watched`,
    pushes: `${prefix}:pushes`,
  };
}

/** As `namesOf` gives them. */
export type Names = ReturnType<typeof namesOf>;
