import { LRUCache } from "lru-cache";
import { type AnswerCache, createAnswerCache } from "./conditional-requests.ts";

/** Where texts outlive the process. */
interface Store {
  read(name: string): Promise<string | null>;
  write(name: string, text: string): Promise<void>;
}

/**
 * What one run leaves to the next, so that GitHub can answer it "not modified": answers with their ETags, and
 * the tokens that the ETags are bound to (they are good for an hour). Secrets: as good as the app's key for
 * that hour.
 */
export interface Kept {
  readonly tokens: TokenCache;
  readonly answers: AnswerCache;
  /** Hands all of it over. Never rejects. */
  keep(): Promise<void>;
}

/** As `@octokit/auth-app` takes it. */
export type TokenCache = LRUCache<string, string>;

const NAME = "answers.json";
/** Tokens are good for 60 minutes; a run may take some. */
const TOKEN_MS = 50 * 60_000;
/** More is not written: it is read whole at each start. */
const MAX_BYTES = 10 * 1024 * 1024;

/** What the last run has left; what cannot be read is nothing. */
export async function openKept(store: Store): Promise<Kept> {
  const tokens: TokenCache = new LRUCache({ max: 1_000, ttl: TOKEN_MS });
  const answers = createAnswerCache(MAX_BYTES);
  try {
    const kept = JSON.parse((await store.read(NAME)) ?? "{}") as Partial<Dump>;
    tokens.load(kept.tokens ?? []);
    answers.load(kept.answers ?? []);
  } catch {
    tokens.clear();
    answers.clear();
  }
  const keep = () => {
    const dump: Dump = { tokens: tokens.dump(), answers: answers.dump() };
    return store.write(NAME, JSON.stringify(dump));
  };
  return { tokens, answers, keep };
}

interface Dump {
  readonly tokens: ReturnType<TokenCache["dump"]>;
  readonly answers: ReturnType<AnswerCache["dump"]>;
}
