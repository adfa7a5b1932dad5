import { isProductionBase } from "../../policy/classify.ts";
import { type Fact, known } from "../../policy/fact.ts";
import type { Policy } from "../../policy/policy.ts";
import type { Landing } from "../../policy/snapshot/change.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { PolicyReading } from "../../policy/verdict.ts";
import type { Attempt, Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { hasFailed } from "./check/gates.ts";
import type { CollectedPullRequest } from "./collected.ts";
import { readProposedConfig } from "./config/proposed.ts";
import { type DeepenOptions, deepen } from "./deepen.ts";
import { readDeployedEarly } from "./deployment/deployed-early.ts";
import type { Compared } from "./git/compared.ts";
import { readForeign } from "./git/foreign.ts";
import { readUnlanded } from "./landing/unlanded.ts";
import type { Asking } from "./options.ts";
import type { PullRequestReading } from "./pull-request/pull-request.ts";
import { type RollbackReading, readRollback } from "./rollback.ts";
import type { Brought } from "./what-it-brings.ts";

interface More extends Pick<CollectedPullRequest, "proposedConfig" | "snapshot"> {
  /** Where what was left for later of it was read. */
  readonly certain: PolicyReading | undefined;
}

/** What the policy asks for in view of that, and what is looked for beside it. */
export async function readMore(
  client: GitHubClient,
  repo: Repo,
  reading: PullRequestReading,
  { changes, compared, gates, hotfixLike, inDepth }: Brought,
  options: Asking,
  snapshot: PullRequestSnapshot,
): Promise<More> {
  const { number, pullRequest, repository, mergeSettings } = reading;
  const policy = options.policy.state === "valid" ? options.policy.policy : null;
  const hotfix = hotfixLike ? policy : null;
  const isOpen = pullRequest.state === "open";
  const lands = isOpen && hotfix !== null && isProductionBase(pullRequest.base.ref, hotfix, repository);
  const [certain, deepened, proposedConfig, deployedEarly, foreign, unlanded] = await Promise.all([
    // It may have failed for just that: what has failed does not pass before it is read.
    hasFailed(gates) ? options.completePolicy?.(options.policy) : undefined,
    inDepth && policy !== null
      ? deepen(client, repo, snapshot, policy, {
          ...asksMore(options),
          rollback:
            hotfix === null ? null : lookForRollback(client, repo, reading, compared, hotfix, options),
        })
      : snapshot,
    readProposedConfig(client, repo, pullRequest, changes, options),
    hotfix === null ? null : readDeployedEarly(client, repo, snapshot, hotfix),
    lands ? readForeign(client, repo, pullRequest, compared, hotfix) : null,
    // A squash lands no commit, and a rebase others.
    lands && mergeSettings.mergeCommit
      ? readUnlanded(client, repo, { number, pullRequest, commits: snapshot.commits, files: snapshot.files })
      : NOT_LOOKED_FOR,
  ]);
  return {
    certain,
    proposedConfig,
    snapshot: {
      ...deepened,
      ...(deployedEarly === null ? {} : { deployedEarly }),
      ...(foreign === null ? {} : { foreign }),
      ...withUnlanded(snapshot.landing, unlanded),
    },
  };
}

const NOT_LOOKED_FOR = known(null);

/** What is not shown to land for another reason stays so. */
function withUnlanded(
  landing: PullRequestSnapshot["landing"],
  unlanded: Fact<Landing | null>,
): Pick<PullRequestSnapshot, "landing"> {
  const isBlocked = landing !== undefined && !(landing.known && landing.value.shown);
  if (isBlocked || (unlanded.known && unlanded.value === null)) return {};
  return { landing: unlanded as Fact<Landing> };
}

function asksMore({ of, foreseen, verdictOnly }: Asking): DeepenOptions {
  return { readRules: of.branchRules, foreseen, verdictOnly: verdictOnly === true };
}

/** Asked for where it does not pass: then who else has the head is read beside it. */
function lookForRollback(
  client: GitHubClient,
  repo: Repo,
  reading: PullRequestReading,
  compared: Attempt<Compared>,
  policy: Policy,
  { of, verdictOnly }: Asking,
): () => Promise<RollbackReading> {
  return () => {
    if (verdictOnly !== true) void of.siblings();
    return readRollback(client, repo, reading, compared, policy);
  };
}
