import { execFile } from "node:child_process";
import { mkdirSync, symlinkSync, unlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { type Commit, ObjectStore } from "./objects.ts";
import { type File, lookup } from "./trees.ts";

const run = promisify(execFile);

/**
 * A bare repository: refs in memory and on disk, walks over parsed commits, and the `git` CLI for what is
 * hard (merges, patches).
 */
export class GitRepository {
  readonly dir: string;
  readonly objects: ObjectStore;
  /** Branch name to SHA, as the server has it. */
  readonly branches = new Map<string, string>();
  /** Other refs (`refs/pull/1/head`, tags) by full name. */
  readonly refs = new Map<string, string>();
  /** Tips of commits that were made and not pushed. */
  readonly local = new Map<string, string>();
  readonly #ancestors = new Map<string, Set<string>>();

  /** With `shared`, the object store of another repository (a fork's network has one). */
  constructor(dir: string, shared?: GitRepository) {
    this.dir = dir;
    mkdirSync(join(dir, "refs", "heads"), { recursive: true });
    writeFileSync(join(dir, "HEAD"), "ref: refs/heads/main\n");
    writeFileSync(
      join(dir, "config"),
      "[core]\n\trepositoryformatversion = 0\n\tbare = true\n\tfsync = none\n",
    );
    if (shared) symlinkSync(join(shared.dir, "objects"), join(dir, "objects"));
    else mkdirSync(join(dir, "objects"));
    this.objects = shared?.objects ?? new ObjectStore(join(dir, "objects"));
  }

  /** Runs git here; fails with an error that has `code` and `stdout`. */
  async git(...args: string[]): Promise<string> {
    const { stdout } = await run("git", ["--git-dir", this.dir, "-c", "core.quotePath=false", ...args], {
      maxBuffer: 256 * 1024 * 1024,
      env: {
        PATH: process.env.PATH ?? "/usr/bin:/bin",
        GIT_CONFIG_NOSYSTEM: "1",
        GIT_CONFIG_GLOBAL: "/dev/null",
        LC_ALL: "C",
      },
    });
    return stdout;
  }

  /** Makes a commit and all it is made from visible to the API. */
  publish(sha: string): void {
    for (const one of this.ancestors(sha)) this.objects.published.add(one);
  }

  setRef(ref: string, sha: string | undefined): void {
    if (sha !== undefined) this.publish(sha);
    const path = join(this.dir, ref);
    const branch = ref.startsWith("refs/heads/") ? ref.slice("refs/heads/".length) : undefined;
    if (sha === undefined) {
      unlinkSync(path);
      if (branch === undefined) this.refs.delete(ref);
      else this.branches.delete(branch);
      return;
    }
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, `${sha}\n`);
    if (branch === undefined) this.refs.set(ref, sha);
    else this.branches.set(branch, sha);
  }

  /** A branch name, full ref or SHA (also abbreviated to 7 or more of a known commit) as a commit's SHA. */
  resolve(name: string): string | undefined {
    const plain = name.replace(/^refs\/heads\//, "");
    const sha =
      this.branches.get(plain) ??
      this.refs.get(name) ??
      this.refs.get(`refs/${name}`) ??
      this.refs.get(`refs/tags/${name}`);
    if (sha) return sha;
    if (/^[0-9a-f]{40}$/.test(name)) return this.objects.published.has(name) ? name : undefined;
    if (!/^[0-9a-f]{7,39}$/.test(name)) return undefined;
    for (const tip of this.branches.values())
      for (const known of this.ancestors(tip)) if (known.startsWith(name)) return known;
    return undefined;
  }

  commit(sha: string): Commit {
    const commit = this.objects.commit(sha);
    if (!commit) throw new Error(`no commit ${sha} in ${this.dir}`);
    return commit;
  }

  /** The commit and everything it is made from. */
  ancestors(sha: string): Set<string> {
    const cached = this.#ancestors.get(sha);
    if (cached) return cached;
    const seen = new Set<string>([sha]);
    const queue = [sha];
    for (let at = queue.pop(); at !== undefined; at = queue.pop())
      for (const parent of this.objects.commit(at)?.parents ?? [])
        if (!seen.has(parent)) {
          seen.add(parent);
          queue.push(parent);
        }
    this.#ancestors.set(sha, seen);
    return seen;
  }

  isAncestor(old: string, young: string): boolean {
    return this.ancestors(young).has(old);
  }

  /** The best common ancestor; the newest, where there are several: GitHub compares with one only. */
  mergeBase(a: string, b: string): string | undefined {
    return this.mergeBases(a, b)[0];
  }

  /**
   * All best common ancestors, as `git merge-base --all`, newest first: more than one where histories cross.
   */
  mergeBases(a: string, b: string): string[] {
    if (a === b) return [a];
    const ofA = this.ancestors(a);
    const common = [...this.ancestors(b)].filter((sha) => ofA.has(sha));
    // Common ancestors are closed under parents, so the best ones are those that are no parent of another.
    const parents = new Set(common.flatMap((sha) => this.commit(sha).parents));
    const best = common.filter((sha) => !parents.has(sha));
    return best.sort((x, y) => this.commit(y).committer.date.localeCompare(this.commit(x).committer.date));
  }

  /** Commits of `head` that `base` does not have, parents first. */
  between(base: string | undefined, head: string): Commit[] {
    const known = base === undefined ? new Set<string>() : this.ancestors(base);
    const out: Commit[] = [];
    const seen = new Set<string>();
    const stack: { sha: string; next: number }[] = [{ sha: head, next: 0 }];
    if (known.has(head)) return [];
    seen.add(head);
    // An explicit stack: histories of thousands of commits must not overflow the call stack.
    for (let top = stack.at(-1); top !== undefined; top = stack.at(-1)) {
      const commit = this.commit(top.sha);
      const parent = commit.parents[top.next++];
      if (parent === undefined) {
        out.push(commit);
        stack.pop();
      } else if (!known.has(parent) && !seen.has(parent)) {
        seen.add(parent);
        stack.push({ sha: parent, next: 0 });
      }
    }
    return out;
  }

  /** The file or folder at a path of a commit. */
  at(sha: string, path: string): File | undefined {
    return lookup(this.objects, this.commit(sha).tree, path);
  }

  /** The commit's message without the newlines at its end, as the API shows it. */
  message(sha: string): string {
    return withoutEnd(this.commit(sha).message);
  }
}

/**
 * A text without the newlines at its end; no regular expression, which would be quadratic in a text of
 * newlines.
 */
function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && text[end - 1] === "\n") end--;
  return text.slice(0, end);
}
