/** Environment variables by name. */
export type Variables = Readonly<Record<string, string | undefined>>;

/** What the reader of one setting gets its value from, and tells problems to. */
export interface Context {
  /** The value without space around it; empty counts as missing. */
  readonly get: (name: string) => string | undefined;
  /** Notes a problem of a setting; no value of a secret is repeated in it. */
  readonly broken: (variable: string, what: string, fix: string) => undefined;
  readonly warn: (message: string) => void;
}
