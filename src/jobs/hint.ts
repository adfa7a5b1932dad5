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
