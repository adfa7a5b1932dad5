import { refuse } from "../errors.ts";
import { mergeCommits, mergeTrees } from "../git/changes.ts";
import { edit, type File, lookup } from "../git/trees.ts";
import type { RepoState } from "../state.ts";
import type { CommitSpec, FileMode, Person, SandboxGit } from "../types.ts";
import { atLeast, type World } from "../world.ts";
import { blockers, mayBypass } from "./protection.ts";
import { moveBranch } from "./push.ts";

const modes: Record<FileMode, string> = {
  file: "100644",
  exec: "100755",
  symlink: "120000",
  submodule: "160000",
};
const someone: Person = { name: "Sandbox Author", email: "author@sandbox.invalid" };

/** Git as people use it on their machines: commits that nobody sees, and pushes. */
export class LocalGit implements SandboxGit {
  readonly #world: World;
  readonly #repo: RepoState;

  constructor(world: World, repo: RepoState) {
    this.#world = world;
    this.#repo = repo;
  }

  get dir(): string {
    return this.#repo.git.dir;
  }

  #tip(branch: string): string | undefined {
    const { git } = this.#repo;
    return git.local.get(branch) ?? git.branches.get(branch);
  }

  #find(ref: string): string | undefined {
    const { git } = this.#repo;
    return git.local.get(ref) ?? git.resolve(ref) ?? (git.objects.commit(ref) ? ref : undefined);
  }

  head(branch: string): string | undefined {
    return this.#repo.git.branches.get(branch);
  }

  commit(branch: string, spec: CommitSpec): Promise<string> {
    const { git, defaultBranch } = this.#repo;
    const { objects } = git;
    const start = this.#tip(branch) ?? git.branches.get(defaultBranch);
    const parents = spec.parents ?? (start ? [start] : []);
    const tree = parents[0] ? git.commit(parents[0]).tree : undefined;
    const files = new Map<string, File | null>();
    const now = (path: string) =>
      files.has(path) ? files.get(path) : tree === undefined ? undefined : lookup(objects, tree, path);
    for (const [from, to] of Object.entries(spec.renames ?? {})) {
      const file = now(from);
      if (!file) return Promise.reject(new Error(`sandbox: no file ${from} to rename`));
      files.set(from, null);
      files.set(to, { mode: file.mode, sha: file.sha });
    }
    for (const [path, content] of Object.entries(spec.files ?? {})) {
      const old = now(path);
      if (content === null) {
        if (!old) return Promise.reject(new Error(`sandbox: no file ${path} to delete`));
        files.set(path, null);
        continue;
      }
      const mode = spec.modes?.[path] ? modes[spec.modes[path]] : (old?.mode ?? modes.file);
      const sha = mode === modes.submodule ? String(content) : objects.write("blob", Buffer.from(content));
      files.set(path, { mode, sha });
    }
    for (const [path, mode] of Object.entries(spec.modes ?? {})) {
      const file = now(path);
      if (file) files.set(path, { sha: file.sha, mode: modes[mode] });
    }
    const date = spec.date === undefined ? this.#world.now() : new Date(spec.date).toISOString();
    const author = spec.author ?? spec.committer ?? someone;
    const sha = objects.writeCommit({
      tree: edit(objects, tree, files),
      parents,
      author: { ...author, date },
      committer: { ...(spec.committer ?? author), date },
      message: spec.message.endsWith("\n") ? spec.message : `${spec.message}\n`,
    });
    git.local.set(branch, sha);
    return Promise.resolve(sha);
  }

  push(login: string, branch: string, sha?: string, options: { force?: boolean } = {}): Promise<string> {
    return this.#world.mutate(async () => {
      const { git } = this.#repo;
      const to = sha ?? this.#tip(branch);
      if (!to || !git.objects.commit(to)) throw new Error(`sandbox: nothing to push to ${branch}`);
      const actor = { user: this.#world.mustUser(login), viaApp: false };
      this.#mayPush(login);
      const before = git.branches.get(branch);
      if (before && !options.force && !git.isAncestor(before, to))
        throw refuse(422, "Update is not a fast forward");
      this.#protected(login, branch, to, before);
      git.local.delete(branch);
      await moveBranch(this.#world, this.#repo, actor, branch, to);
      return to;
    });
  }

  #mayPush(login: string): void {
    const { owner, name } = this.#repo;
    if (!atLeast(this.#world.role(this.#repo, this.#world.mustUser(login)), "write"))
      throw refuse(403, `Permission to ${owner}/${name}.git denied to ${login}.`);
  }

  #protected(login: string, branch: string, to: string | undefined, before: string | undefined): void {
    const protection = this.#repo.protection.get(branch);
    if (!protection || mayBypass(this.#world, this.#repo, branch, this.#world.user(login))) return;
    if (to === undefined)
      throw refuse(422, "GH006: Protected branch update failed. Cannot delete a protected branch.");
    if (before && !this.#repo.git.isAncestor(before, to))
      throw refuse(422, "GH006: Protected branch update failed. Cannot force-push to this branch");
    const wanting = blockers(this.#world, this.#repo, branch, to);
    if (wanting.length > 0)
      throw refuse(
        422,
        `GH006: Protected branch update failed for refs/heads/${branch}. ${wanting.join(" ")}`,
      );
  }

  deleteBranch(login: string, branch: string): Promise<void> {
    return this.#world.mutate(async () => {
      this.#mayPush(login);
      if (!this.#repo.git.branches.has(branch)) throw refuse(422, "Reference does not exist");
      this.#protected(login, branch, undefined, undefined);
      this.#repo.git.local.delete(branch);
      await moveBranch(
        this.#world,
        this.#repo,
        { user: this.#world.mustUser(login), viaApp: false },
        branch,
        undefined,
      );
    });
  }

  async mergeNoFf(
    login: string,
    base: string,
    head: string,
    options: { message?: string; author?: Person } = {},
  ): Promise<string> {
    const { git } = this.#repo;
    const ours = this.#tip(base);
    const theirs = this.#find(head);
    if (!ours || !theirs) throw new Error(`sandbox: no branch ${ours ? head : base}`);
    const tree = await mergeCommits(git, ours, theirs);
    if (!tree) throw new Error(`sandbox: merging ${head} into ${base} conflicts`);
    const into = base === this.#repo.defaultBranch ? "" : ` into ${base}`;
    const by = { ...(options.author ?? this.#world.person(login)), date: this.#world.now() };
    const sha = git.objects.writeCommit({
      tree,
      parents: [ours, theirs],
      author: by,
      committer: by,
      message: options.message ?? `Merge branch '${head}'${into}\n`,
    });
    return this.push(login, base, sha);
  }

  async revert(
    branch: string,
    sha: string,
    options: { mainline?: number; message?: string; author?: Person } = {},
  ): Promise<string> {
    const { git, defaultBranch } = this.#repo;
    const commit = git.commit(sha);
    if (commit.parents.length > 1 && !options.mainline)
      throw new Error(`sandbox: commit ${sha} is a merge but no mainline was given`);
    const parent = commit.parents[(options.mainline ?? 1) - 1];
    const onto = this.#tip(branch) ?? git.branches.get(defaultBranch);
    if (!parent || !onto) throw new Error(`sandbox: cannot revert ${sha} on ${branch}`);
    const tree = await mergeTrees(git, sha, onto, parent);
    if (!tree) throw new Error(`sandbox: reverting ${sha} conflicts`);
    const by = { ...(options.author ?? someone), date: this.#world.now() };
    const subject = commit.message.split("\n")[0];
    const of = commit.parents.length > 1 ? `, reversing\nchanges made to ${parent}` : "";
    const made = git.objects.writeCommit({
      tree,
      parents: [onto],
      author: by,
      committer: by,
      message: options.message ?? `Revert "${subject}"\n\nThis reverts commit ${sha}${of}.\n`,
    });
    git.local.set(branch, made);
    return made;
  }

  show(ref: string, path: string): string | undefined {
    const sha = this.#find(ref);
    const entry = sha ? this.#repo.git.at(sha, path) : undefined;
    return entry ? this.#repo.git.objects.blob(entry.sha)?.toString() : undefined;
  }

  log(ref: string) {
    const sha = this.#find(ref);
    if (!sha) return [];
    const commits = this.#repo.git.between(undefined, sha).reverse();
    return commits.map(({ sha: one, parents, author }) => ({
      sha: one,
      parents,
      author,
      message: this.#repo.git.message(one),
    }));
  }
}
