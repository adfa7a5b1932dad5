import type { RepositoryKey } from "../../jobs/key.ts";
import { type Plan, plan } from "../plan.ts";

/**
 * A head whose checks were asked for again: open pull requests that have it are evaluated anew, and what else
 * is there stays as it is.
 */
export function planRerun(
  headSha: string,
  open: readonly { readonly number: number }[],
  repository: RepositoryKey,
): Plan {
  return plan({
    actions: [{ type: "repeat-check-runs", headSha, gate: open.length === 0 }],
    jobs: open.map(({ number }) => ({
      key: { ...repository, kind: "pull-request", number },
      hint: { rerequested: true },
    })),
  });
}
