import type { RepositoryFacts } from "../policy/snapshot.ts";
import { oneLine } from "../policy/text/shell.ts";
import { type Git, LocalError } from "./git.ts";

/** A repository on this machine. */
export interface LocalRepository {
  readonly root: string;
  /**
   * The remote that pull requests go to: what `gh repo set-default` chose, `upstream` (a fork's), `origin`,
   * or the only one there is; `null`: none.
   */
  readonly remote: string | null;
  /** The remote that branches are pushed to: git's setting, else `origin`, else `remote`. */
  readonly pushRemote: string | null;
  /** The remote's default branch, as of the last clone or fetch; `null`: not known here. */
  readonly defaultBranch: string | null;
  /** `""`: no commit yet. */
  readonly head: string;
  /** `null`: HEAD is detached. */
  readonly branch: string | null;
  readonly shallow: boolean;
}

/** A branch that a hotfix goes to. */
export interface LocalBase {
  /** Its name on GitHub. */
  readonly ref: string;
  readonly sha: string;
  /** The revision that it was read from: `origin/main`, or `main` where the remote's is not here. */
  readonly revision: string;
}

/** Where no default branch is known. */
const USUAL = ["main", "master", "trunk"];

/** Throws `LocalError` outside a work tree. */
export async function readRepository(git: Git): Promise<LocalRepository> {
  const { ok, stdout, stderr } = await git.run(["rev-parse", "--show-toplevel", "--is-shallow-repository"]);
  if (!ok) throw new LocalError(whyNone(stderr));
  const [root = "", shallow = ""] = stdout.split("\n");
  const [remotes, head, branch] = await Promise.all([
    git.text(["remote"]),
    git.text(["rev-parse", "--verify", "--quiet", "HEAD^{commit}"]),
    git.text(["symbolic-ref", "--quiet", "--short", "HEAD"]),
  ]);
  const names = (remotes ?? "").split("\n").filter((name) => name !== "");
  const { remote, pushRemote } = await chooseRemotes(git, names, branch);
  const pointer =
    remote === null ? null : await git.text(["symbolic-ref", "--quiet", `refs/remotes/${remote}/HEAD`]);
  const prefix = `refs/remotes/${remote}/`;
  const defaultBranch = pointer?.startsWith(prefix) === true ? pointer.slice(prefix.length) : null;
  return { root, remote, pushRemote, defaultBranch, head: head ?? "", branch, shallow: shallow === "true" };
}

async function chooseRemotes(
  git: Git,
  names: readonly string[],
  branch: string | null,
): Promise<Pick<LocalRepository, "remote" | "pushRemote">> {
  const only = names.length === 1 ? (names[0] ?? null) : null;
  const first = (wanted: readonly (string | null | undefined)[]): string | null =>
    wanted.find((name): name is string => typeof name === "string" && names.includes(name)) ?? null;
  if (only !== null) return { remote: only, pushRemote: only };
  const [chosen, ownPush, pushDefault] = await Promise.all([
    git.text(["config", "--name-only", "--get-regexp", "^remote\\..*\\.gh-resolved$", "^base$"]),
    branch === null ? null : git.text(["config", "--get", `branch.${branch}.pushRemote`]),
    git.text(["config", "--get", "remote.pushDefault"]),
  ]);
  const remote = first([chosen?.slice("remote.".length, -".gh-resolved".length), "upstream", "origin"]);
  return { remote, pushRemote: first([ownPush, pushDefault, "origin", remote]) };
}

function whyNone(stderr: string): string {
  if (/not a git repository/.test(stderr))
    return "Not in a git repository: run this in a clone of the repository.";
  // A bare one, or one that belongs to somebody else: git says what to do.
  return `This repository cannot be used: ${oneLine(stderr.replace(/^fatal: /, "")).slice(0, 300)}`;
}

/**
 * The base branch, as the remote has it where that is known here, else the local branch of that name. Throws
 * `LocalError` where there is none. `null`: the default branch, or one with a usual name.
 */
export async function findBase(
  git: Git,
  { remote, defaultBranch }: Pick<LocalRepository, "remote" | "defaultBranch">,
  asked: string | null,
): Promise<LocalBase> {
  const names = asked !== null ? [asked] : defaultBranch !== null ? [defaultBranch] : USUAL;
  for (const name of names) {
    const base = await branchNamed(git, remote, name);
    if (base !== null) return base;
  }
  if (asked === null)
    throw new LocalError(`No base branch found (looked for ${names.join(", ")}). Name it: --base <branch>.`);
  const fetch = remote === null ? "" : ` Fetch it (git fetch ${remote}), or name another one.`;
  throw new LocalError(`There is no branch ${oneLine(asked)} here.${fetch}`);
}

async function branchNamed(git: Git, remote: string | null, asked: string): Promise<LocalBase | null> {
  const prefixes = ["refs/heads/", ...(remote === null ? [] : [`refs/remotes/${remote}/`, `${remote}/`])];
  const prefix = prefixes.find((one) => asked.startsWith(one)) ?? "";
  const ref = asked.slice(prefix.length);
  // HEAD~1 and the like are revisions, which git would read in the place of a branch.
  if (ref === "" || !(await git.run(["check-ref-format", `refs/heads/${ref}`])).ok) return null;
  const places = [...(remote === null ? [] : [`refs/remotes/${remote}/${ref}`]), `refs/heads/${ref}`];
  for (const place of places) {
    const sha = await git.text(["rev-parse", "--verify", "--quiet", `${place}^{commit}`]);
    if (sha !== null) return { ref, sha, revision: place.replace(/^refs\/(?:heads|remotes)\//, "") };
  }
  return null;
}

/** The repository as GitHub knows it, from the remote's address, without a request. */
export async function repositoryFacts(
  git: Git,
  { remote, defaultBranch }: LocalRepository,
  base: LocalBase,
): Promise<RepositoryFacts> {
  const url = remote === null ? null : await git.text(["config", "--get", `remote.${remote}.url`]);
  const match =
    /^(?:[a-z+]+:\/\/)?(?:[^@/\s]+@)?([^/:\s]+)(?::\d+\/|[:/])([^/\s]+)\/([^/\s]+?)(?:\.git)?\/?$/.exec(
      url ?? "",
    );
  const [, host = "github.com", owner = "local", name = "local"] = match ?? [];
  return {
    owner,
    name,
    defaultBranch: defaultBranch ?? base.ref,
    url: `https://${host}/${owner}/${name}`,
  };
}
