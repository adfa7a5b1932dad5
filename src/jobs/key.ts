/**
 * What is to be looked at again. An event only makes a key; what is true is read from GitHub (design, section
 * 1.1).
 */
export type ReconcileKey =
  /** The verdict on a pull request: its check, and nothing that people read. */
  | (RepositoryKey & { readonly kind: "pull-request"; readonly number: number })
  /**
   * What people read on a pull request: labels, comments, review requests; after the merge, that its
   * post-mortem is opened.
   */
  | (RepositoryKey & { readonly kind: "conversation"; readonly number: number })
  /**
   * A branch that was pushed: open pull requests from it and hotfixes on it, or a hotfix branch without a
   * pull request.
   */
  | (RepositoryKey & { readonly kind: "branch"; readonly ref: string })
  /** A head whose check was asked for again where the event names no pull request (forks). */
  | (RepositoryKey & { readonly kind: "commit"; readonly sha: string })
  | (RepositoryKey & {
      readonly kind: "merge-group";
      readonly headSha: string;
      readonly baseSha: string;
      readonly baseRef: string;
      readonly headRef: string;
    })
  /**
   * What came to a branch past its pull requests, or was deployed from it: that its post-mortem is opened.
   */
  | (RepositoryKey & { readonly kind: "landing"; readonly ref: string })
  /** The record, on a commit that landed or was deployed, of which issue its post-mortem is. */
  | (RepositoryKey & { readonly kind: "record"; readonly sha: string; readonly subject: string })
  /** A post-mortem issue that the app opened; the repository is the issue's. */
  | (RepositoryKey & { readonly kind: "post-mortem"; readonly number: number })
  /** A check of another's ended on a commit: the post-mortem of what landed so, where there is one. */
  | (RepositoryKey & { readonly kind: "landed-check"; readonly sha: string })
  /** A deployment that succeeded: what it may be the deployment of. */
  | (RepositoryKey & { readonly kind: "deployment"; readonly id: number })
  /** A workflow run that waits at an environment for the gate's answer. */
  | (RepositoryKey & { readonly kind: "waiting-run"; readonly run: number })
  /** An issue that came, went, or was closed or reopened: the open hotfixes that name it. */
  | (RepositoryKey & { readonly kind: "issue"; readonly number: number })
  /** The weekly digest of a repository, where one is wanted and due. */
  | (RepositoryKey & { readonly kind: "digest" })
  /** What no event told of in a repository: the hint's `look` says what for. */
  | (RepositoryKey & { readonly kind: "look" })
  /** Whom the freezes of a repository concern: open pull requests and merge groups, to hold up or release. */
  | (RepositoryKey & { readonly kind: "freeze" })
  /** Every open hotfix of a repository, and with `all` every open pull request. */
  | (RepositoryKey & { readonly kind: "repository"; readonly all: boolean })
  /** Every open hotfix of every repository of the installation. */
  | { readonly kind: "installation"; readonly installationId: number };

/** A repository, by its id: it stays when the repository gets another name. */
export interface RepositoryKey {
  readonly installationId: number;
  /** GitHub's; not set: only the name is known, and the id is asked for before anything is done. */
  readonly repositoryId?: number;
  /** The name, for requests: the newest that is known. */
  readonly owner: string;
  readonly repo: string;
}

/** What lets something be merged or deployed; or what people read. */
export type Lane = "verdict" | "people";

/**
 * What a job writes: what lets something be merged or deployed, or what people read. Each lane has places of
 * its own in the queue, so that a pull request's verdict waits for no comment. No job writes in both.
 */
export function laneOf({ kind }: ReconcileKey): Lane {
  return PEOPLE.includes(kind) ? "people" : "verdict";
}

const PEOPLE: readonly ReconcileKey["kind"][] = [
  "conversation",
  "landing",
  "post-mortem",
  "landed-check",
  "digest",
];

/** What tells the key's repository from all others; `null`: it is about a whole installation. */
export function repositoryOf(key: ReconcileKey): string | null {
  if (key.kind === "installation") return null;
  return key.repositoryId === undefined ? nameOf(key) : `${key.repositoryId}`;
}

/** One string a key: jobs of the same string are never worked on side by side. */
export function keyId(key: ReconcileKey): string {
  return print(key, repositoryOf(key));
}

/** The key as people know it, for the log. */
export function keyName(key: ReconcileKey): string {
  return print(key, key.kind === "installation" ? null : nameOf(key));
}

function nameOf({ owner, repo }: RepositoryKey): string {
  return `${owner}/${repo}`.toLowerCase();
}

function print(key: ReconcileKey, repository: string | null): string {
  switch (key.kind) {
    case "installation":
      return `installation:${key.installationId}`;
    case "pull-request":
      return `${repository}#${key.number}`;
    case "conversation":
      return `${repository}:conversation:${key.number}`;
    case "post-mortem":
      return `${repository}:post-mortem:${key.number}`;
    case "branch":
      return `${repository}:branch:${key.ref}`;
    case "landing":
      return `${repository}:landing:${key.ref}`;
    case "record":
      return `${repository}:record:${key.sha}:${key.subject}`;
    case "commit":
      return `${repository}:commit:${key.sha}`;
    case "landed-check":
      return `${repository}:landed-check:${key.sha}`;
    case "merge-group":
      return `${repository}:merge-group:${key.headSha}`;
    case "deployment":
      return `${repository}:deployment:${key.id}`;
    case "waiting-run":
      return `${repository}:waiting-run:${key.run}`;
    case "issue":
      return `${repository}:issue:${key.number}`;
    case "digest":
      return `${repository}:digest`;
    case "look":
      return `${repository}:look`;
    case "freeze":
      return `${repository}:freeze`;
    case "repository":
      return `${repository}:${key.all ? "all" : "hotfixes"}`;
  }
}
