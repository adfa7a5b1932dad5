import { LRUCache } from "lru-cache";

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

interface Bounds {
  /** Entries; the least recently used goes first. */
  readonly max?: number;
  /** In place of it, what all entries may weigh together. */
  readonly maxSize?: number;
  /** How long an entry is kept. */
  readonly ttl?: number;
  /** It is let go as soon as that is over, not when it is next looked for: for what is large. */
  readonly ttlAutopurge?: boolean;
}

/** All that a process remembers of GitHub. It saves requests, and is no loss when it is gone. */
const MEMORIES = {
  /** Whose name a lower-case `owner/name` is. */
  "repository ids": { max: 20_000 },
  /** Configurations that are not there: GitHub has no ETag for "not found". */
  "absent configurations": { max: 5_000, ttl: MINUTE_MS },
  /** Whether a repository has its configuration under both names, as far as that is known. */
  "second names of configurations": { max: 5_000 },
  /** By their bytes: parsing takes longer than all the rest of an evaluation. */
  "parsed configurations": { max: 200 },
  /** Of the owner, by name: to be counted. */
  "shared files that are not valid": { max: 1_000, ttl: HOUR_MS },
  /** A head's check runs, for whoever writes them next: an evaluation takes about a second. */
  "recent gates": { max: 1_000, ttl: 2_000 },
  /** As GitHub answered to this process: it asks again before long, in case it is not alone after all. */
  "gates just written": { max: 1_000, ttl: 30_000 },
  /** For what people read: all facts of a pull request, patches included, so only the last ones. */
  "evaluated a moment ago": { max: 30, ttl: 10_000, ttlAutopurge: true },
  /** Pull requests whose verdict was just written: for what came meanwhile, so only the last ones. */
  "settled a moment ago": { max: 30, ttl: 3_000, ttlAutopurge: true },
  /** Open pull requests that have a head: an event of one of them ends it, and no pass trusts it. */
  "pull requests of heads": { max: 5_000, ttl: 10 * MINUTE_MS },
  /** Former heads on which no green check is left. */
  "cleared heads": { max: 20_000 },
  /** Former heads that are another's head, or have landed: looked at again after a while. */
  "held heads": { max: 20_000, ttl: 10 * MINUTE_MS },
  /** By branch; what is bounded is entries. What is there does not change, it only grows. */
  "branch activity": { maxSize: 50_000 },
  /** Repositories on servers that have no such route. */
  "without activity": { max: 1_000, ttl: 10 * MINUTE_MS },
  /** Comments and issues: GitHub tells of them too, and of those of another instance. */
  "created by this process": { max: 5_000, ttl: HOUR_MS },
  /** Comments of the app's own, by what they are: lists of GitHub's may not show them yet. */
  "comments just posted": { max: 5_000, ttl: MINUTE_MS },
  /** What jobs have created something lately: looked at again where another instance is seen. */
  "jobs that created": { max: 500, ttl: HOUR_MS },
  /** Labels that are there, by repository. */
  "labels there": { max: 20_000 },
  /** What was told about pull requests, and whether their earlier heads were asked. */
  told: { max: 50_000 },
  /** Post-mortems that were opened, by commit and subject: GitHub's lists may not show them yet. */
  "opened post-mortems": { max: 1_000 },
  "merged hotfixes": { max: 200 },
  /** The pull requests that brought a commit to a branch. */
  landings: { max: 2_000 },
  "recorded hotfixes": { max: 1_000 },
  /** By commit and path: what is behind a commit stays as it is. */
  "last changes of paths": { max: 5_000 },
  /** What merges did to their base: two trees each. */
  effects: { max: 50 },
  /** What landings and commits changed: patches, and the trees of their paths. */
  changes: { max: 100 },
  /** How a base stands to a hotfix, by commit. */
  standings: { max: 5_000 },
  /** What commits are made from, by pair. */
  ancestors: { max: 2_000 },
  /** What commits change; what is bounded is characters. */
  "commits' files": { maxSize: 20_000_000 },
  "pushes looked at": { max: 5_000 },
  "first deployments": { max: 500 },
  "deployments that contain a merge": { max: 5_000 },
  "deployments that are ahead": { max: 2_000 },
  /** By repository; what is bounded is rows. */
  "listed deployments": { maxSize: 50_000 },
  "successes of deployments": { max: 2_000 },
  "settled deployments": { max: 10_000 },
  /** What was last said of a waiting run. Not for ever: what GitHub refused is tried again. */
  "said of runs": { max: 2_000, ttl: 30 * MINUTE_MS },
  "waiting runs": { max: 1_000 },
  "settled runs": { max: 5_000, ttl: 12 * HOUR_MS },
  /** By pull request: the issues that it names, one key a line. */
  "issues named": { max: 20_000 },
  /** Of whom and what an evaluation asked: read ahead the next time. */
  "asked of pull requests": { max: 5_000 },
  /** Base branches whose classic protection was asked, since no ruleset requires the check. */
  "classic protection": { max: 5_000 },
  /** Those that REST hides. */
  "merge settings": { max: 5_000, ttl: 10 * MINUTE_MS },
  /** Writers of a repository or members of a team, of whom no list is to be had that fits on a page. */
  "people looked up one by one": { max: 5_000, ttl: HOUR_MS },
  /** By ruleset. */
  "bypasses of rulesets": { max: 2_000, ttl: 10 * MINUTE_MS },
  /** Who sees a repository. */
  visibilities: { max: 5_000, ttl: MINUTE_MS },
  /**
   * Configurations as looks at repositories have read them; those of the owner change without a push here.
   */
  "policies of looks": { max: 20_000, ttl: 6 * HOUR_MS },
  /** Pull requests that were closed, as they were when a look found them. */
  "closed pull requests": { max: 50_000 },
  /** What open hotfixes freeze, as they were evaluated last. */
  freezes: { max: 5_000 },
  /** What rule suites said of commits that landed. */
  "rules at merges": { max: 1_000 },
  /** Which freezes were followed, and how far a repository's open pull requests were gone over. */
  "freezes followed": { max: 5_000 },
  /** Repositories that this process has looked at. */
  "repositories looked at": { max: 20_000 },
} as const satisfies Readonly<Record<string, Bounds>>;

/**
 * One of the memories above: a cache for each `holder` (a client, whose installation sees nothing of what
 * another has read), gone with it. Keys begin with the repository's identity (`identityOf`) where they are
 * about one.
 */
export function remembered<T extends object | string | number | boolean>(
  name: keyof typeof MEMORIES,
  weight?: (value: T) => number,
): (holder: object) => LRUCache<string, T> {
  // Bounded by weight, it grows with what is in it; by number of entries, it would take room for all of them
  // at once.
  const { max, ...bounds }: Bounds = MEMORIES[name];
  const options = {
    ...bounds,
    maxSize: bounds.maxSize ?? max ?? 0,
    sizeCalculation: weight ?? (() => 1),
  };
  const caches = new WeakMap<object, LRUCache<string, T>>();
  return (holder) => {
    const cache = caches.get(holder) ?? new LRUCache<string, T>(options);
    caches.set(holder, cache);
    return cache;
  };
}
