import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  CONFIG_PATHS,
  type ConfigProblem,
  type ConfigSource,
  defaultPolicy,
  parseConfig,
  readExtends,
} from "../config/index.ts";
import type { Policy } from "../policy/policy.ts";
import { type Git, LocalError } from "./git.ts";
import type { LocalBase, LocalRepository } from "./repository.ts";

/** The configuration that is in force for a checkout, or what is wrong with it. */
export type LocalConfiguration =
  | {
      readonly policy: Policy;
      /** What decides: `.github/hotfix.yml on origin/main`, or `defaults`. */
      readonly source: string;
      readonly notes: readonly string[];
    }
  | { readonly source: string; readonly problems: readonly ConfigProblem[] };

/**
 * The repository's own configuration, from the tip of the default branch as on GitHub, never from the branch
 * that is checked. What it extends is in another repository, and is not read.
 */
export async function readConfiguration(
  git: Git,
  repository: LocalRepository,
  base: LocalBase,
): Promise<LocalConfiguration> {
  const { root } = repository;
  const listed = await git.text([
    "ls-tree",
    "-z",
    "--full-tree",
    "--name-only",
    base.sha,
    "--",
    ...CONFIG_PATHS,
  ]);
  const paths = (listed ?? "").split("\0").filter((path) => path !== "");
  const [path] = paths;
  if (paths.length > 1)
    throw new LocalError(`${CONFIG_PATHS.join(" and ")} are both on ${base.revision}: delete one of them.`);
  const there = path === undefined ? null : await git.run(["cat-file", "blob", `${base.sha}:${path}`]);
  if (there?.ok === false) throw new LocalError(`${path} on ${base.revision} could not be read.`);
  const source = path === undefined ? "defaults" : `${path} on ${base.revision}`;
  const notes = await differs(root, there?.stdout ?? null, base.revision);
  if (path === undefined || there === null) return { policy: defaultPolicy(), source, notes };
  const own: ConfigSource = { file: path, bytes: Buffer.from(there.stdout) };
  const extended = readExtends(own);
  const alone = extended !== null && "repo" in extended;
  const result = parseConfig([own], { alone });
  if ("problems" in result) return { source, problems: result.problems };
  const unread = alone
    ? [
        `${extended.path} of ${extended.repo}, which the configuration extends, was not read: its rules may differ.`,
      ]
    : [];
  return { policy: result.policy, source, notes: [...unread, ...notes] };
}

/** The file of the work tree decides nothing; whoever edits it is to know. */
async function differs(root: string, decides: string | null, revision: string): Promise<readonly string[]> {
  for (const path of CONFIG_PATHS) {
    const here = await readFile(join(root, path), "utf8").catch(() => null);
    if (here !== null && here.replaceAll("\r\n", "\n") !== decides?.replaceAll("\r\n", "\n"))
      return [`${path} here differs from ${revision}, whose configuration decides until yours is merged.`];
  }
  return [];
}
