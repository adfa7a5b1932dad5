import type { Fact } from "../fact.ts";

/** What is wrong with how a repository is set up, and how to fix it. All texts are one line. */
export interface SetupFinding {
  readonly level: "problem" | "warning" | "note";
  /** The key of the configuration that it is about; `[]`: none. */
  readonly path: readonly (string | number)[];
  readonly message: string;
  readonly fix: string;
}

const finding =
  (level: SetupFinding["level"]) =>
  (path: SetupFinding["path"], message: string, fix: string): SetupFinding => ({ level, path, message, fix });

/** Something that the configuration wants does not work. */
export const problem = finding("problem");
/** Something may not work, or not as the procedure wants it. */
export const warning = finding("warning");
/** Nothing is wrong. */
export const note = finding("note");

/** What could not be read is told as that; nothing where it was. */
export function unread(path: SetupFinding["path"], fact: Fact<unknown>): readonly SetupFinding[] {
  return fact.known
    ? []
    : [warning(path, `could not be read: ${fact.reason}`, "Use a token that may read it, or look by hand.")];
}
