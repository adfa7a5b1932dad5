import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { constants, deflateSync, inflateSync } from "node:zlib";

/** The kinds of git objects that are read and written. */
export type ObjectType = "blob" | "tree" | "commit";

/** A line of a tree object; `mode` as git writes it (`100644`). */
export interface TreeEntry {
  mode: string;
  name: string;
  sha: string;
}

/** Who and when, of a commit. */
export interface Signature {
  name: string;
  email: string;
  /** ISO 8601, seconds, UTC. */
  date: string;
}

/** A commit object. */
export interface Commit {
  sha: string;
  tree: string;
  parents: string[];
  author: Signature;
  committer: Signature;
  message: string;
}

/**
 * Git's loose objects, read and written in process: a spawned `git hash-object` per file would cost more than
 * all the rest of a scenario. The folder stays a normal object store, so the `git` CLI works on it.
 */
export class ObjectStore {
  readonly dir: string;
  /**
   * Commits that were pushed at some time: only these exist for the API (also after a force push, and from
   * all of a fork network).
   */
  readonly published = new Set<string>();
  readonly #commits = new Map<string, Commit>();
  readonly #trees = new Map<string, TreeEntry[]>();

  constructor(dir: string) {
    this.dir = dir;
  }

  #path(sha: string): string {
    return join(this.dir, sha.slice(0, 2), sha.slice(2));
  }

  has(sha: string): boolean {
    return /^[0-9a-f]{40}$/.test(sha) && existsSync(this.#path(sha));
  }

  write(type: ObjectType, body: Buffer): string {
    const whole = Buffer.concat([Buffer.from(`${type} ${body.length}\0`), body]);
    const sha = createHash("sha1").update(whole).digest("hex");
    const path = this.#path(sha);
    if (!existsSync(path)) {
      mkdirSync(join(this.dir, sha.slice(0, 2)), { recursive: true });
      writeFileSync(path, deflateSync(whole, { level: constants.Z_BEST_SPEED }));
    }
    return sha;
  }

  read(sha: string): { type: ObjectType; body: Buffer } | undefined {
    if (!this.has(sha)) return undefined;
    const whole = inflateSync(readFileSync(this.#path(sha)));
    const zero = whole.indexOf(0);
    const type = whole.subarray(0, zero).toString().split(" ")[0] as ObjectType;
    return { type, body: whole.subarray(zero + 1) };
  }

  blob(sha: string): Buffer | undefined {
    const object = this.read(sha);
    return object?.type === "blob" ? object.body : undefined;
  }

  commit(sha: string): Commit | undefined {
    const cached = this.#commits.get(sha);
    if (cached) return cached;
    const object = this.read(sha);
    if (object?.type !== "commit") return undefined;
    const text = object.body.toString();
    const split = text.indexOf("\n\n");
    const commit: Commit = {
      sha,
      tree: "",
      parents: [],
      author: { name: "", email: "", date: "" },
      committer: { name: "", email: "", date: "" },
      message: text.slice(split + 2),
    };
    for (const line of text.slice(0, split).split("\n")) {
      const [key, ...rest] = line.split(" ");
      const value = rest.join(" ");
      if (key === "tree") commit.tree = value;
      else if (key === "parent") commit.parents.push(value);
      else if (key === "author" || key === "committer") commit[key] = parseSignature(value);
    }
    this.#commits.set(sha, commit);
    return commit;
  }

  writeCommit(commit: Omit<Commit, "sha">): string {
    const lines = [
      `tree ${commit.tree}`,
      ...commit.parents.map((parent) => `parent ${parent}`),
      `author ${formatSignature(commit.author)}`,
      `committer ${formatSignature(commit.committer)}`,
    ];
    return this.write("commit", Buffer.from(`${lines.join("\n")}\n\n${commit.message}`));
  }

  tree(sha: string): TreeEntry[] | undefined {
    const cached = this.#trees.get(sha);
    if (cached) return cached;
    const object = this.read(sha);
    if (object?.type !== "tree") return undefined;
    const entries: TreeEntry[] = [];
    for (let at = 0; at < object.body.length; ) {
      const space = object.body.indexOf(32, at);
      const zero = object.body.indexOf(0, space);
      entries.push({
        mode: object.body.subarray(at, space).toString().padStart(6, "0"),
        name: object.body.subarray(space + 1, zero).toString(),
        sha: object.body.subarray(zero + 1, zero + 21).toString("hex"),
      });
      at = zero + 21;
    }
    this.#trees.set(sha, entries);
    return entries;
  }
}

const iso = (seconds: number): string => new Date(seconds * 1000).toISOString().replace(/\.\d+Z$/, "Z");

function parseSignature(text: string): Signature {
  const match = /^(.*?) ?<(.*?)> (-?\d+) [+-]\d{4}$/.exec(text);
  return { name: match?.[1] ?? "", email: match?.[2] ?? "", date: iso(Number(match?.[3] ?? 0)) };
}

function formatSignature({ name, email, date }: Signature): string {
  const clean = (value: string) => value.replace(/[<>\n\0]/g, "");
  return `${clean(name)} <${clean(email)}> ${Math.floor(Date.parse(date) / 1000)} +0000`;
}
