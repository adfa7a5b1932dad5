import { describeFailure, type Failure, UnexpectedAnswer } from "./read.ts";

/** A repository on GitHub, as its requests name it. */
export interface Repo {
  readonly owner: string;
  readonly repo: string;
}

/**
 * For `.catch` of a request: the value that certain statuses stand for. A rate limit never counts as an
 * answer; every other failure goes on.
 */
export function onStatus<T>(statuses: readonly number[], value: T): (error: unknown) => T {
  return (error) => {
    const { status, rateLimited } = describeFailure(error);
    if (status === null || rateLimited || !statuses.includes(status)) throw error;
    return value;
  };
}

/** The answer to a request, or why there is none. It is a value: nothing is thrown. */
export type Attempt<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: Failure };

/** A request whose failure is looked at rather than only reported. Never throws. */
export async function attempt<T>(request: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { ok: true, value: await request() };
  } catch (error) {
    return { ok: false, failure: describeFailure(error) };
  }
}

/** The value, where GitHub documents a string that is always there. */
export function text(value: unknown): string {
  if (typeof value !== "string") throw new UnexpectedAnswer("a string was expected");
  return value;
}

/** The value, where GitHub documents a list that is always there. */
export function list<T>(value: readonly T[] | null | undefined): readonly T[] {
  if (!Array.isArray(value)) throw new UnexpectedAnswer("a list was expected");
  return value;
}

/** The value, where GitHub documents a count or an id that is always there. */
export function count(value: unknown): number {
  const number = typeof value === "bigint" ? Number(value) : value;
  if (typeof number !== "number" || !Number.isFinite(number))
    throw new UnexpectedAnswer("a number was expected");
  return number;
}

/** An object by key without a prototype: `constructor` is a valid login and a valid name of a team. */
export function byKey<T>(entries: Iterable<readonly [string, T]>): Readonly<Record<string, T>> {
  return Object.assign(Object.create(null), Object.fromEntries(entries));
}
