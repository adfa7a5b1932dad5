import { LRUCache } from "lru-cache";
import type { GitHubClient } from "./client.ts";

/** Answers that are kept: some hundred pull requests' worth. */
const MOST_ANSWERS = 2_000;

/**
 * The client as one moment sees GitHub: what was asked once is not asked again, however often it is needed.
 * For a run that ends soon and writes nothing. Failures are asked again.
 */
export function asOneMoment(client: GitHubClient): GitHubClient {
  const answers = new LRUCache<string, Promise<unknown>>({ max: MOST_ANSWERS });
  client.octokit.hook.wrap("request", (request, options) => {
    const { method, url, baseUrl: _, headers: __, request: ___, ...parameters } = options;
    if (method !== "GET" && !url.endsWith("/graphql")) return request(options);
    const key = JSON.stringify([method, url, parameters]);
    const there = answers.get(key);
    if (there !== undefined) return there as ReturnType<typeof request>;
    const answer = Promise.resolve(request(options));
    answers.set(key, answer);
    answer.catch(() => answers.delete(key));
    return answer;
  });
  return client;
}
