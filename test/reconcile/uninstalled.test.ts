import { expect, it } from "vitest";
import type { Job } from "../../src/jobs/queue.ts";
import type { ReconcileContext } from "../../src/reconcile/context.ts";
import { createReconciler } from "../../src/reconcile/reconcile.ts";

const KEY = { installationId: 5, owner: "acme", repo: "payments", kind: "pull-request", number: 1 } as const;
const JOB: Job = { key: KEY, hint: {} };
const TOKEN = "https://api.github.com/app/installations/5/access_tokens";

/** What a job comes to whose installation gives no client. */
async function outcome(status: number, url: string, number: number): Promise<string> {
  const clients = {
    forInstallation: () => Promise.reject(Object.assign(new Error("refused"), { status, request: { url } })),
  };
  const work = createReconciler({ clients } as unknown as ReconcileContext);
  return work(JOB, { number, elapsedMs: 0 }).then(
    () => "dropped",
    () => "tried again",
  );
}

it.each([
  ["gone", 404, TOKEN, 3, "dropped"],
  ["gone, on a server of one's own", 404, TOKEN.replace(".com", ".acme.test/api/v3"), 9, "dropped"],
  ["gone, or not known to GitHub yet", 404, TOKEN, 2, "tried again"],
  ["suspended", 403, TOKEN, 9, "tried again"],
  ["there, while something else is not found", 404, "https://api.github.com/app", 9, "tried again"],
  ["there, while GitHub is down", 502, TOKEN, 9, "tried again"],
])("work for an installation that is %s (%i) is %5$s", async (_, status, url, number, expected) => {
  expect(await outcome(status, url, number)).toBe(expected);
});
