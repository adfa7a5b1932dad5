import type { Fact } from "../../../policy/fact.ts";
import type { FileTree } from "../../../policy/landing/rollback.ts";
import type { ChangedFile } from "../../../policy/snapshot/change.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { read } from "../../api/read.ts";
import type { LandingChange } from "../check/change.ts";
import type { GateRun } from "../check/gates.ts";
import { changeFor, recordOf } from "../check/record.ts";
import { hotfixReader } from "./merged-hotfixes.ts";

/** A change that would land, and what the head's runs remember of it. */
interface Landing {
  readonly gates: Fact<readonly GateRun[]>;
  readonly number: number;
  readonly base: string;
  readonly files: Fact<readonly ChangedFile[]>;
  readonly change: Fact<LandingChange>;
}

/**
 * The change, with whether its files had other modes where it started when it was last seen. GitHub's
 * comparisons show no modes; trees do, and are read only where the same patches start from another commit:
 * the base has taken commits of the branch. Trees that are too large to be read count as others, so that
 * somebody looks again.
 */
export async function readModes(
  client: GitHubClient,
  repo: Repo,
  { gates, number, base, files, change }: Landing,
): Promise<Fact<LandingChange>> {
  const seen = gates.known ? changeFor(recordOf(gates.value), number, base) : null;
  if (!change.known || !files.known || seen?.from === undefined) return change;
  const { from, digest } = change.value;
  if (from === null || from === seen.from || digest !== seen.digest) return change;
  const then = seen.from;
  return read("the modes of the files that would land", async () => {
    const { tree } = hotfixReader(client);
    const [before, now] = await Promise.all([tree(repo, then), tree(repo, from)]);
    const otherModes =
      before === null ||
      now === null ||
      files.value.some(({ path, previousPath }) =>
        [path, previousPath ?? path].some((at) => modeOf(before, at) !== modeOf(now, at)),
      );
    return { ...change.value, otherModes };
  });
}

function modeOf(tree: FileTree, path: string): string | undefined {
  return tree.get(path)?.split(" ", 1)[0];
}
