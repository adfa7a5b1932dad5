import { LRUCache } from "lru-cache";
import type { ProbotOctokit } from "probot";

interface CachedAnswer {
  readonly etag: string;
  /** Where the other pages are: a 304 need not repeat it. */
  readonly link: string | undefined;
  /** The answer as JSON: each reader gets its own copy, so nobody can spoil it, and its size is known. */
  readonly body: string;
}

/** Answers by the address and the token they were got with, for the next request to be a conditional one. */
export type AnswerCache = LRUCache<string, CachedAnswer>;

/**
 * What of an answer its reader uses, given with the request as `request: { keep }`: so much is kept, and so
 * much is answered. A row of GitHub's lists of pull requests has 20 kB; all rows of many repositories would
 * push out whatever else is kept. Those of one URL are told apart by their names.
 */
export type Keep<T> = (data: T) => T;

/** Answers by URL, bounded by bytes (30 MB by default). One cache serves the whole process. */
export function createAnswerCache(maxBytes = 30 * 1024 * 1024): AnswerCache {
  return new LRUCache({
    maxSize: maxBytes,
    // One huge answer must not push out all others.
    maxEntrySize: Math.ceil(maxBytes / 4),
    // The engine keeps strings at one or two bytes a character.
    sizeCalculation: ({ body }, key) => 2 * (body.length + key.length) + 200,
  });
}

/**
 * Makes `octokit` ask only for what changed: reads carry the ETag of the last answer, and GitHub's 304, which
 * costs no rate limit, becomes that answer again, with status 200 and the headers of the 304 (date, rate
 * limit). `scope` keeps installations apart: one never sees what another may read. GitHub binds ETags to the
 * token, so after a token's rotation the first read is answered in full.
 */
export function useConditionalRequests(octokit: ProbotOctokit, cache: AnswerCache, scope: string): void {
  octokit.hook.wrap("request", async (request, options) => {
    if (options.method !== "GET" || options.headers["if-none-match"] !== undefined) return request(options);
    const { url, headers } = octokit.request.endpoint.parse(options);
    const keep: Keep<unknown> | undefined = options.request?.keep;
    const key = `${scope} ${headers.accept} ${keep?.name ?? ""} ${url}`;
    const cached = cache.get(key);
    // Octokit hands one `options` to all hooks, so it is changed in place.
    if (cached !== undefined) options.headers["if-none-match"] = cached.etag;
    try {
      const whole = await request(options);
      const response = keep === undefined ? whole : { ...whole, data: keep(whole.data) };
      if (response.status === 200) remember(cache, key, response);
      return response;
    } catch (error) {
      if (cached === undefined || !isNotModified(error)) throw error;
      const { headers: fresh, url: answered } = error.response;
      return {
        status: 200,
        url: answered,
        headers: { ...(cached.link === undefined ? {} : { link: cached.link }), ...fresh },
        data: JSON.parse(cached.body),
      };
    }
  });
}

function remember(
  cache: AnswerCache,
  key: string,
  { headers, data }: { headers: { etag?: string | undefined; link?: string | undefined }; data: unknown },
): void {
  if (headers.etag === undefined || typeof data !== "object" || data === null) {
    cache.delete(key);
    return;
  }
  try {
    cache.set(key, { etag: headers.etag, link: headers.link, body: JSON.stringify(data) });
  } catch {
    // A number too large for JSON (Octokit reads it as a bigint): such an answer is simply not kept.
    cache.delete(key);
  }
}

interface NotModified {
  readonly response: { readonly headers: Record<string, string>; readonly url: string };
}

function isNotModified(error: unknown): error is NotModified {
  return error instanceof Error && "status" in error && error.status === 304 && "response" in error;
}
