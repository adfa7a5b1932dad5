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

/** As GitHub's events name them. */
export interface EventMergeSettings {
  readonly allow_merge_commit: boolean;
  readonly allow_squash_merge: boolean;
  readonly allow_rebase_merge: boolean;
  readonly squash_merge_commit_title?: string;
  readonly squash_merge_commit_message?: string;
}

/** What the event knew, to recognize reads that are older than the event. Never evidence for a verdict. */
export interface ReconcileHint {
  /** The pull request's `updated_at` in the newest event: an older read is stale. */
  readonly notBefore?: string;
  /** The head in the newest event, so that a gate can be shown where even the pull request cannot be read. */
  readonly headSha?: string;
  /**
   * How the repository merges, by the newest event that shows it: reads hide it from whoever may only read.
   */
  readonly mergeSettings?: EventMergeSettings;
  /** The branches of that event: what depends on them is read ahead. */
  readonly refs?: { readonly head: string; readonly base: string };
  /** Heads that the branch had before: their green checks are to be cancelled. */
  readonly formerHeads?: readonly string[];
  /** It is merged, which nothing takes back: there is no gate left to show anything at. */
  readonly merged?: true;
  /**
   * The check was asked for again on GitHub, which waits for an answer: write it even where nothing changed.
   */
  readonly rerequested?: boolean;
  /**
   * All that happened is that this bot set or took off labels: where it is the app itself, that follows from
   * what it has evaluated.
   */
  readonly labeledBy?: string;
  /** All that happened is labels and reviews: pull request and timeline show it. */
  readonly labelsAndReviews?: true;
  /** The installation was granted more: the token in use does not know. */
  readonly newPermissions?: boolean;
  /** What a `look` is about. */
  readonly look?: Look;
  /** What a `record` says. */
  readonly record?: PostMortemRecord;
}

/** Which issue a post-mortem is, and how people are shown that on the commit. */
export interface PostMortemRecord {
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  /** Markdown. */
  readonly summary: string;
}

/** What is looked for in a repository without an event, besides its open hotfixes. Times are ISO 8601. */
export interface Look {
  /** The repository's `pushed_at`: with the same one its configuration is the same. */
  readonly pushedAt?: string;
  /** Pull requests that were closed since then. */
  readonly closedSince?: string;
  /** Pushes to production branches; the name is the default branch's. */
  readonly pushesTo?: string;
  /** Ordinary pull requests that changed since then: their events may be lost. */
  readonly ordinarySince?: string;
  /** Post-mortems, which no search shows. */
  readonly postMortems?: boolean;
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

/** The hint for two events on one key: the newest time and head, all former heads. */
export function mergeHints(older: ReconcileHint, newer: ReconcileHint): ReconcileHint {
  const newest = (older.notBefore ?? "") > (newer.notBefore ?? "") ? older : newer;
  const formerHeads = [...new Set([...(older.formerHeads ?? []), ...(newer.formerHeads ?? [])])];
  const headSha = newest.headSha ?? newer.headSha ?? older.headSha;
  const notBefore = newest.notBefore;
  const record = newer.record ?? older.record;
  const mergeSettings = newest.mergeSettings ?? newer.mergeSettings ?? older.mergeSettings;
  // Those of another head would only be read in vain.
  const refs = [newest, newer, older].find((one) => one.refs !== undefined && one.headSha === headSha)?.refs;
  return {
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(headSha === undefined ? {} : { headSha }),
    ...(refs === undefined ? {} : { refs }),
    ...(mergeSettings === undefined ? {} : { mergeSettings }),
    ...(formerHeads.length === 0 ? {} : { formerHeads }),
    ...(older.merged || newer.merged ? { merged: true } : {}),
    ...(older.rerequested || newer.rerequested ? { rerequested: true } : {}),
    ...(older.labeledBy !== undefined && older.labeledBy === newer.labeledBy
      ? { labeledBy: older.labeledBy }
      : {}),
    ...(older.labelsAndReviews && newer.labelsAndReviews ? { labelsAndReviews: true } : {}),
    ...(older.newPermissions || newer.newPermissions ? { newPermissions: true } : {}),
    ...(record === undefined ? {} : { record }),
    ...(older.look || newer.look ? { look: mergeLooks(older.look ?? {}, newer.look ?? {}) } : {}),
  };
}

/** One look for two: all that both are about, as far back as the one that goes further. */
function mergeLooks(older: Look, newer: Look): Look {
  const pushesTo = newer.pushesTo ?? older.pushesTo;
  const pushedAt = newer.pushedAt ?? older.pushedAt;
  const earlier = (name: "closedSince" | "ordinarySince") => {
    const [first] = [older[name], newer[name]].filter((one) => one !== undefined).sort();
    return first === undefined ? {} : { [name]: first };
  };
  return {
    ...earlier("closedSince"),
    ...earlier("ordinarySince"),
    ...(pushedAt === undefined ? {} : { pushedAt }),
    ...(pushesTo === undefined ? {} : { pushesTo }),
    ...(older.postMortems || newer.postMortems ? { postMortems: true } : {}),
  };
}
