/**
 * A fact that had to be fetched, and may not have been. *Unknown* is neither yes nor no: whatever depends on
 * it neither passes nor fails until it is known (design, section 1.2).
 */
export type Fact<T> = Known<T> | Unknown;

/** It was read, and this is what GitHub says. */
export interface Known<T> {
  readonly known: true;
  readonly value: T;
}

/** It could not be read: neither "no" nor "yes". */
export interface Unknown {
  readonly known: false;
  /**
   * What could not be read and why, in plain words, without secrets: "the files of the pull request: GitHub
   * answered 502".
   */
  readonly reason: string;
  /**
   * Asking again does not help, whoever asks and when: what people have to do instead, in our own words, as
   * in "the author has to …".
   */
  readonly wayOut?: string;
}

/** A fact that was read. */
export function known<T>(value: T): Known<T> {
  return { known: true, value };
}

/** A fact that could not be read, with the reason in plain words. */
export function unknown(reason: string): Unknown {
  return { known: false, reason };
}

/** The way out where it is the pull request or its branch that has grown too long to be read. */
export const OPEN_ANEW =
  "open a new pull request from a new branch with the same commits, and close this one";

/** A fact that can never be read, with the reason in plain words and the way out. */
export function neverKnown(reason: string, wayOut: string = OPEN_ANEW): Unknown {
  return { known: false, reason, wayOut };
}

/** Applies `f` to a known value; an unknown one stays unknown. */
export function mapFact<T, U>(fact: Fact<T>, f: (value: T) => U): Fact<U> {
  return fact.known ? known(f(fact.value)) : fact;
}
