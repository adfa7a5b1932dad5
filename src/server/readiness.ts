import type { GitHubClients } from "../github/api/client.ts";
import type { Queue } from "../jobs/queue.ts";

/** Probes come every few seconds and from several places: GitHub is asked once for all of them. */
const FRESH_MS = { ready: 10_000, failed: 2_000 };
const TIMEOUT_MS = 5_000;

/**
 * Can the app reach its queue, and GitHub as itself? Resolves with `null`, or with the reason in plain words;
 * never rejects.
 */
export function createReadiness(
  clients: Pick<GitHubClients, "asApp">,
  queue: Pick<Queue, "ready">,
): () => Promise<string | null> {
  let current: Promise<string | null> | undefined;
  let freshUntil = Number.POSITIVE_INFINITY;
  return () => {
    if (current === undefined || performance.now() >= freshUntil) {
      freshUntil = Number.POSITIVE_INFINITY;
      current = Promise.all([queue.ready(), ask(clients)]).then(([first, second]) => {
        const reason = first ?? second;
        freshUntil = performance.now() + (reason === null ? FRESH_MS.ready : FRESH_MS.failed);
        return reason;
      });
    }
    return current;
  };
}

async function ask(clients: Pick<GitHubClients, "asApp">): Promise<string | null> {
  try {
    const octokit = await clients.asApp();
    await octokit.request("GET /app", { request: { retries: 0, signal: AbortSignal.timeout(TIMEOUT_MS) } });
    return null;
  } catch (error) {
    const { status, response, cause, message } = error as Failure;
    // Octokit gives the status 500 to requests that had no answer.
    if (response === undefined) return `GitHub cannot be reached: ${cause?.cause?.code ?? message}`;
    if (status === 401) {
      return "GitHub refuses the app's key: APP_ID and PRIVATE_KEY do not belong together, the key was revoked, or the clock of this machine is wrong";
    }
    if (status === 404) return "GitHub knows no app with this APP_ID";
    return `GitHub answered ${status}`;
  }
}

/** What may be found on an error of Octokit. */
interface Failure {
  readonly status?: number;
  readonly response?: unknown;
  readonly message?: string;
  readonly cause?: { readonly cause?: { readonly code?: string } };
}
