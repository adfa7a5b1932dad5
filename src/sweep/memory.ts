import type { Store } from "../jobs/store.ts";

/** What is remembered of an installation; to lose it costs requests only. Times in milliseconds. */
export interface Memory {
  /** When its repositories were listed last, by GitHub's clock; `null`: never. */
  listedAt: number | null;
  /** When they are listed again, by the local clock. */
  listAgainAt: number;
  /** Of each repository, by its id or lower-case name. */
  repositories: Map<string, RepositoryMemory>;
  /** When the last search was made whose answer was complete, by GitHub's clock; `null`: none. */
  searchedAt: number | null;
  /** When a search looks at all that is open and not only at what changed, by the local clock. */
  searchAllAt: number;
  /** Where much of the rate limit is used up: not looked at before, by the local clock. */
  slowUntil: number;
  /** The last day on which repositories were looked at for their digests, `2026-11-30`. */
  digestDay?: string;
  /** The end of the hour of which the log says that its requests are used up. */
  saidUntil: string;
  /** What was looked at since it was due, by the key's id: since when it was, and when that was asked for. */
  asked?: Readonly<Record<string, { readonly dueAt: number | null; readonly at: number }>>;
  /** What searches have shown, as it was then, by the key's id. */
  shown: Map<string, string>;
}

/** What is remembered of a repository. */
export interface RepositoryMemory {
  readonly owner: string;
  readonly repo: string;
  readonly repositoryId: number | null;
  /** The last push to it. */
  pushedAt: string | null;
  /** The last push when what has landed was last looked for, and when that was, by GitHub's clock. */
  landed: { readonly pushedAt: string | null; readonly at: number };
  /** When its pull requests are listed again though nothing told of any, by the local clock. */
  lookAt: number;
}

/** Of an installation that was not looked at yet. */
export function createMemory(): Memory {
  return {
    listedAt: null,
    listAgainAt: 0,
    repositories: new Map(),
    searchedAt: null,
    searchAllAt: 0,
    slowUntil: 0,
    saidUntil: "",
    shown: new Map(),
  };
}

const NAME = "sweep.json";
/** Of another form than this, what is kept is not used. */
const VERSION = 2;

/** What the last run has left, by installation; empty where there is nothing that can be read. */
export async function loadMemories(store: Store): Promise<Map<number, Memory>> {
  const text = await store.read(NAME);
  if (text === null) return new Map();
  try {
    const { version, installations } = JSON.parse(text) as Kept;
    if (version !== VERSION) return new Map();
    return new Map(
      installations.map(([id, { repositories, shown, ...rest }]) => [
        id,
        { ...rest, repositories: new Map(repositories), shown: new Map(shown) },
      ]),
    );
  } catch {
    return new Map();
  }
}

/** Leaves them to the next run. Never rejects. */
export async function keepMemories(store: Store, memories: ReadonlyMap<number, Memory>): Promise<void> {
  const installations = [...memories].map(
    ([id, { repositories, shown, ...rest }]) =>
      [id, { ...rest, repositories: [...repositories], shown: [...shown] }] as const,
  );
  await store.write(NAME, JSON.stringify({ version: VERSION, installations } satisfies Kept));
}

interface Kept {
  readonly version: number;
  readonly installations: readonly (readonly [
    number,
    Omit<Memory, "repositories" | "shown"> & {
      readonly repositories: readonly (readonly [string, RepositoryMemory])[];
      readonly shown: readonly (readonly [string, string])[];
    },
  ])[];
}
