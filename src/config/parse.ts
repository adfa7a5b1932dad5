import type { Policy } from "../policy/policy.ts";
import { asMeant } from "./as-meant.ts";
import { withBudget } from "./budget.ts";
import { crossCheck } from "./cross.ts";
import { explain } from "./explain.ts";
import { extendsOf } from "./inherit.ts";
import {
  type LocatedMap,
  levelsAsMaps,
  merge,
  placeOf,
  plain,
  valueAt,
  withoutEmptyKeys,
} from "./located.ts";
import { type ConfigProblem, type ConfigSource, inOrder, problem } from "./problem.ts";
import { RENAMED_KEYS, type RenamedKey, type UpToDate, withTodaysNames } from "./renamed.ts";
import type { PolicySchema } from "./schema.ts";
import { vocabularyOf } from "./schema-keys.ts";
import { warningsOf } from "./warnings.ts";
import { readYaml } from "./yaml.ts";

/** How a configuration is to be read. */
export interface ParseOptions {
  /**
   * The file that `extends` names is not at hand: `own` is checked as far as it can be alone. The policy that
   * comes of it is not the one in force, so this is for `validate` only.
   */
  readonly alone?: boolean;
}

/** The policy of a configuration that is valid, or all problems of one that is not, never both. */
export type ParseResult =
  | { readonly policy: Policy; readonly warnings: readonly ConfigProblem[] }
  | { readonly problems: readonly ConfigProblem[] };

/**
 * The parser for a schema. `sources` is the file, and after it the one that it extends, if it does; no source
 * at all gives the defaults. Never throws; a problem in either file means no policy.
 */
export function createParser(schema: PolicySchema, renamed: readonly RenamedKey[] = RENAMED_KEYS) {
  const defaults = schema.parse({});
  const words = vocabularyOf(schema);

  return function parseConfig(
    sources: readonly ConfigSource[],
    { alone = false }: ParseOptions = {},
  ): ParseResult {
    const files = sources.map((source) => source.file);
    const read: UpToDate[] = [];
    const broken: ConfigProblem[] = [];
    for (const source of sources.slice(0, 2)) {
      const yaml = readYaml(source);
      if ("root" in yaml) read.push(withTodaysNames(yaml.root, renamed));
      else {
        broken.push(...yaml.problems);
        // What else is wrong is told at once.
        const rest =
          yaml.corrected === undefined ? null : evaluate([withTodaysNames(yaml.corrected, renamed)], true);
        if (rest !== null && "problems" in rest) broken.push(...rest.problems);
      }
    }
    const result = broken.length > 0 ? { problems: broken } : evaluate(read, alone);
    return "problems" in result
      ? { problems: inOrder(result.problems, files) }
      : { policy: result.policy, warnings: inOrder(result.warnings, files) };
  };

  /** Files whose YAML is sound. */
  function evaluate(read: readonly UpToDate[], alone: boolean): ParseResult {
    const roots = read.map(({ root }) => asMeant(withoutEmptyKeys(root, { ...defaults })));
    const versions = roots.flatMap(versionProblem);
    if (versions.length > 0) return { problems: versions };

    const [own, base] = roots;
    if (own === undefined) return { policy: schema.parse({}), warnings: [] };
    const root = base === undefined ? own : merge(levelsAsMaps(own), levelsAsMaps(base));
    const result = withBudget(() => schema.safeParse(plain(root)));
    // `extends` is evaluated as a whole, below.
    const refused = result.success ? [] : result.error.issues.filter((issue) => issue.path[0] !== "extends");
    const problems = [
      ...read.flatMap((one) => one.problems),
      ...extendsProblems(own, base, alone),
      ...refused.flatMap((issue) => explain(issue, root, words)),
      ...(alone && extendsOf(own) !== null ? [] : crossCheck(root, defaults)),
    ];
    return result.success && problems.length === 0
      ? {
          policy: result.data,
          warnings: [...read.flatMap((one) => one.warnings), ...warningsOf(result.data, root)],
        }
      : { problems };
  }
}

/** Of another version every other key may mean something else, so nothing more is said of the file. */
function versionProblem(root: LocatedMap): readonly ConfigProblem[] {
  const node = valueAt(root, ["version"]);
  if (node === undefined || (node.kind === "scalar" && node.value === 1)) return [];
  const value = plain(node);
  const newer = typeof value === "number" && Number.isInteger(value) && value > 1;
  const message = newer
    ? `version ${value} is newer than this app, which reads version 1`
    : `this app reads version 1 of the configuration, not ${JSON.stringify(value).slice(0, 40)}`;
  const fix = newer ? "Update Hotfix Guard, or write version: 1 and keep to its keys." : "Write version: 1.";
  return [problem(placeOf(root, ["version"]), ["version"], message, fix)];
}

function extendsProblems(
  own: LocatedMap,
  base: LocatedMap | undefined,
  alone: boolean,
): readonly ConfigProblem[] {
  const reference = extendsOf(own);
  if (reference !== null && "problems" in reference) return reference.problems;
  const at = (root: LocatedMap) => placeOf(root, ["extends"]);
  if (reference !== null && base === undefined && !alone) {
    return [
      problem(
        at(own),
        ["extends"],
        "the extended file was not read",
        "Check that the app can read that repository.",
      ),
    ];
  }
  const further = base && valueAt(base, ["extends"]);
  if (base === undefined || further === undefined || plain(further) === null) return [];
  return [
    problem(
      at(base),
      ["extends"],
      "an extended file cannot extend another",
      "Remove extends from this file: only one level is supported.",
    ),
  ];
}
