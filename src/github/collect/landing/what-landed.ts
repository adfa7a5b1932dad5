import type { AfterMerge } from "../../../policy/landing/after-merge.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { readGateAt } from "../check/at.ts";
import { readBackMerges } from "./back-merges.ts";
import type { LandedOn } from "./effect.ts";
import { readLanded } from "./landed.ts";
import { readUnchecked } from "./landed-change.ts";
import { readRolledBack } from "./rolled-back.ts";

/**
 * What the repository tells of a hotfix after it landed: all that `AfterMerge` has but deployments and
 * commands.
 */
export async function readWhatLanded(
  client: GitHubClient,
  repo: Repo,
  { hotfix, base, headSha }: LandedOn,
  policy: Policy,
): Promise<Pick<AfterMerge, "rolledBack" | "backMerges" | "landedWithout" | "gateAtMerge" | "unchecked">> {
  const [rolledBack, backMerges, landedWithout, gateAtMerge, unchecked] = await Promise.all([
    readRolledBack(client, repo, hotfix, base),
    readBackMerges(client, repo, { hotfix, base }, policy),
    readLanded(client, repo, hotfix, policy),
    readGateAt(client, repo, headSha, hotfix.mergedAt),
    readUnchecked(client, repo, { hotfix, base, headSha }),
  ]);
  return { rolledBack, backMerges, landedWithout, gateAtMerge, unchecked };
}
