import { type Fact, known, unknown } from "../policy/fact.ts";
import { foreignTo, longLivedOf, mayBeForeign } from "../policy/landing/foreign.ts";
import type { Policy } from "../policy/policy.ts";
import type { ChangedFile, Commit, Comparison, ForeignCommits } from "../policy/snapshot/change.ts";
import { readDiff } from "./diff.ts";
import { type Git, LocalError } from "./git.ts";
import type { LocalBase, LocalRepository } from "./repository.ts";

/** As GitHub has it: what a longer list says is not known there either. */
const MOST_COMMITS = 250;

/** What a branch would bring to its base. */
export interface LocalChanges {
  readonly commits: Fact<readonly Commit[]>;
  readonly files: readonly ChangedFile[];
  readonly comparison: Comparison;
  /** Both were merged into each other, so the diff need not be what a merge would change. */
  readonly crossed: boolean;
}

/** Throws `LocalError` where the two have no commit in common here. */
export async function readChanges(
  git: Git,
  { head, shallow, remote }: LocalRepository,
  base: LocalBase,
): Promise<LocalChanges> {
  const bases = await git.text(["merge-base", "--all", base.sha, head]);
  const [mergeBase = "", ...more] = (bases ?? "").split("\n");
  if (mergeBase === "")
    throw new LocalError(
      shallow
        ? `This is a shallow clone without the commits that tell what the branch changes. Get them: git fetch --unshallow ${remote ?? ""}`.trim()
        : `${base.revision} and this branch have no commit in common. Name the branch it is to go to: --base <branch>.`,
    );
  const [commits, files, behind, moved] = await Promise.all([
    readCommits(git, base.sha, head),
    readDiff(git, mergeBase, head),
    git.text(["rev-list", "--count", base.sha, `^${head}`]),
    mergeBase === base.sha ? "" : git.text(["diff-tree", "-r", "--name-only", "-z", mergeBase, base.sha]),
  ]);
  const baseChangedPaths = (moved ?? "").split("\0").filter((path) => path !== "");
  return {
    commits,
    files,
    comparison: { behindBy: Number(behind ?? 0), mergeBase, baseChangedPaths },
    crossed: more.length > 0,
  };
}

const FORMAT = ["%H", "%P", "%an", "%ae", "%cn", "%ce", "%B"].join("%n");

async function readCommits(git: Git, base: string, head: string): Promise<Fact<readonly Commit[]>> {
  const { ok, overflow, stdout } = await git.run([
    ...["-c", "log.showSignature=false", "log", "-z", "--reverse", "--topo-order", "--no-color"],
    ...["--encoding=UTF-8", `--max-count=${MOST_COMMITS + 1}`, `--format=${FORMAT}`, head, `^${base}`, "--"],
  ]);
  if (!ok && !overflow) throw new LocalError("git could not list the commits of this branch.");
  const records = stdout.split("\0").filter((record) => record !== "");
  if (overflow || records.length > MOST_COMMITS)
    return unknown(`the commits: more than ${MOST_COMMITS}, which GitHub does not list either`);
  return known(records.map(commitOf));
}

function commitOf(record: string): Commit {
  const [sha = "", parents = "", an = "", ae = "", cn = "", ce = "", ...message] = record.split("\n");
  return {
    sha,
    message: message.join("\n").replace(/\n+$/, ""),
    author: { login: null, name: an, email: ae },
    committer: { login: null, name: cn, email: ce },
    parents: parents.split(" ").filter((parent) => parent !== ""),
  };
}

/** The branch's commits that come from another long-lived branch, as far as this clone knows those. */
export async function readForeign(
  git: Git,
  { remote, branch }: LocalRepository,
  {
    base,
    head,
    commits,
  }: { readonly base: LocalBase; readonly head: string; readonly commits: Fact<readonly Commit[]> },
  policy: Policy,
): Promise<readonly ForeignCommits[]> {
  if (remote === null || !commits.known || policy.rules["branch-freshness"].level === "off") return [];
  const own = commits.value.filter(({ parents }) => parents.length < 2);
  if (own.length < 2 || !own.some((commit) => mayBeForeign(commit, policy))) return [];
  const prefix = `refs/remotes/${remote}/`;
  const refs = await git.text(["for-each-ref", "--format=%(refname)", prefix]);
  const names = (refs ?? "").split("\n").map((ref) => ref.slice(prefix.length));
  const places = { base, head: { ref: branch ?? "", sha: head, repository: null } };
  const found = await Promise.all(
    longLivedOf(names, places, policy).map(async (name) => {
      const mergeBase = await git.text(["merge-base", `${prefix}${name}`, head]);
      if (mergeBase === null) return { branch: name, shas: [] };
      const lines = await git.text([
        "rev-list",
        "--parents",
        "--max-count=1000",
        `${prefix}${name}`,
        `^${head}`,
      ]);
      const theirs = (lines ?? "").split("\n").map((line) => {
        const [sha = "", ...parents] = line.split(" ");
        return { sha, parents };
      });
      return { branch: name, shas: foreignTo(commits.value, head, { mergeBase, commits: theirs }, policy) };
    }),
  );
  return found.filter(({ shas }) => shas.length > 0);
}
