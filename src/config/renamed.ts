import type { Entry, LocatedMap } from "./located.ts";
import { type ConfigProblem, problem } from "./problem.ts";

/** A key that had another name in an earlier release: a version 1 file stays valid for ever. */
export interface RenamedKey {
  /** Keys that lead to it, its old name last. */
  readonly path: readonly string[];
  readonly now: string;
}

/**
 * None so far. One release after a key is renamed nobody has to know its old name, and `validate --fix`
 * writes the new one.
 */
export const RENAMED_KEYS: readonly RenamedKey[] = [];

/** A configuration with its keys under the names of today. */
export interface UpToDate {
  readonly root: LocatedMap;
  /** One for each old name, with the line that replaces it; where both names are there, a problem. */
  readonly warnings: readonly ConfigProblem[];
  readonly problems: readonly ConfigProblem[];
}

/** The file with today's names. */
export function withTodaysNames(root: LocatedMap, renamed: readonly RenamedKey[]): UpToDate {
  return renamed.reduce<UpToDate>(
    (done, one) => {
      const next = rename(done.root, one.path, one);
      return {
        root: next.root,
        warnings: [...done.warnings, ...next.warnings],
        problems: [...done.problems, ...next.problems],
      };
    },
    { root, warnings: [], problems: [] },
  );
}

function rename(node: LocatedMap, [step = "", ...rest]: readonly string[], key: RenamedKey): UpToDate {
  const entry = node.entries.get(step);
  if (entry === undefined) return { root: node, warnings: [], problems: [] };
  if (rest.length > 0) {
    if (entry.value.kind !== "map") return { root: node, warnings: [], problems: [] };
    const below = rename(entry.value, rest, key);
    return {
      ...below,
      root: { ...node, entries: new Map(node.entries).set(step, { ...entry, value: below.root }) },
    };
  }
  const today = [...key.path.slice(0, -1), key.now].join(".");
  const told = (message: string, fix: string) => problem(entry.key, key.path, message, fix);
  if (node.entries.has(key.now)) {
    const without = new Map(node.entries);
    without.delete(step);
    const problems = [told(`${today} is the same key, and there too`, "Remove this one, its old name.")];
    return { root: { ...node, entries: without }, warnings: [], problems };
  }
  const entries = [...node.entries].map(([name, one]): [string, Entry] => [
    name === step ? key.now : name,
    one,
  ]);
  return {
    root: { ...node, entries: new Map(entries) },
    warnings: [
      {
        ...told(
          `the key is called ${key.now} now`,
          `Write ${key.now}: in its place, or run hotfix-guard validate --fix.`,
        ),
        meant: key.now,
      },
    ],
    problems: [],
  };
}
