import { asLanded, isHotfixLike, isProductionBase, wasHotfixLike } from "../../policy/classify.ts";
import { type Fact, known, mapFact, unknown } from "../../policy/fact.ts";
import { needsOf } from "../../policy/needs.ts";
import type { Policy } from "../../policy/policy.ts";
import { sameName } from "../../policy/repository.ts";
import type { Landing } from "../../policy/snapshot/change.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { PolicyReading, ProposedConfig } from "../../policy/verdict.ts";
import type { Attempt, Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { type OfHead, ofHead, readAhead } from "./ahead.ts";
import { changedAt, firstSeenAt, greenSince, hasFailed } from "./check/gates.ts";
import type { Collected } from "./collected.ts";
import { readProposedConfig } from "./config/proposed.ts";
import { type DeepenOptions, deepen } from "./deepen.ts";
import { readDeployedEarly } from "./deployment/deployed-early.ts";
import { type Foreseen, foresee, rememberAsked } from "./foreseen.ts";
import type { Compared } from "./git/compared.ts";
import { toComparison } from "./git/comparison.ts";
import { readForeign } from "./git/foreign.ts";
import type { EventHint } from "./hint.ts";
import { readUnlanded } from "./landing/unlanded.ts";
import { readMergeSettings } from "./merge-settings.ts";
import type { ConfigChange } from "./policy.ts";
import { formerHeads } from "./pull-request/former-heads.ts";
import { ownComments } from "./pull-request/own-comments.ts";
import { type PullRequestReading, readPullRequest } from "./pull-request/pull-request.ts";
import { isStale } from "./pull-request/staleness.ts";
import { readHistory } from "./pull-request/timeline.ts";
import { type RollbackReading, readRollback } from "./rollback.ts";
import { heading, NOT_A_HOTFIX, readWhatItBrings } from "./what-it-brings.ts";

/** What reading a pull request needs beside the pull request itself. */
export interface CollectOptions {
  /** Being read side by side. Must not reject. */
  readonly policy: Promise<PolicyReading>;
  /** Reads what was left for later of the policy: then it is read only where the gate has failed before. */
  completePolicy?(reading: PolicyReading): Promise<PolicyReading>;
  readonly hint: EventHint;
  /** Validates the configuration at a commit of this repository, where the pull request changes it. */
  validateConfigAt(change: ConfigChange): Promise<Fact<ProposedConfig | null>>;
  /** It is evaluated as a hotfix, whatever its signs say now: it landed as one, or has the head of one. */
  readonly asHotfix?: boolean;
  /** Nothing follows from the verdict: nobody is called, and who else has the head is not looked at. */
  readonly verdictOnly?: boolean;
}

/** A 404 so soon after an event is GitHub lagging behind itself. */
const LAG_MS = 60_000;

const NOT_ASKED = unknown("not asked for");

/**
 * Reads all that is needed to decide on a pull request, independent reads side by side; what else is needed
 * is asked of the policy. Never rejects because of GitHub: what cannot be read is unknown.
 */
export async function collectPullRequest(
  client: GitHubClient,
  where: Repo,
  number: number,
  options: CollectOptions,
): Promise<Collected> {
  const { hint } = options;
  const ahead = readAhead(client, where, number, hint);
  const foreseen = foresee(client, where, number);
  const [pull, history, policy] = await Promise.all([
    readPullRequest(client, where, number),
    readHistory(client, where, number),
    options.policy,
  ]);
  const unreadable = (reason: string, headSha = hint.headSha ?? null): Collected => ({
    state: "unreadable",
    reason,
    headSha,
  });
  if (!pull.known) return unreadable(pull.reason);
  if (pull.value === null) {
    const age = client.serverTime().getTime() - Date.parse(hint.notBefore ?? "");
    return age < LAG_MS ? unreadable("the pull request: GitHub does not show it yet") : { state: "gone" };
  }
  const { pullRequest, repository } = pull.value;
  if (isStale(pullRequest, history, hint, client.serverTime())) {
    return unreadable("GitHub's answer was older than the event", hint.headSha ?? pullRequest.head.sha);
  }
  // A repository that was renamed answers by its new name.
  const repo: Repo = { owner: repository.owner, repo: repository.name };
  const read = { pull: pull.value, policy };
  if (options.asHotfix === true && policy.state === "valid") {
    const landed = asLanded(pullRequest, repository, policy.policy);
    read.pull = { ...pull.value, pullRequest: landed.pullRequest };
    read.policy = { ...policy, policy: landed.policy };
  }
  if (policy.state === "valid" && isHotfixLike(heading(read.pull.pullRequest), policy.policy))
    read.pull = {
      ...read.pull,
      mergeSettings: await readMergeSettings(client, repo, read.pull.mergeSettings, hint.mergeSettings),
    };
  const same = ahead?.is(read.pull.pullRequest) === true && sameName(repo, where);
  const of = same ? ahead.of : ofHead(client, repo, number, read.pull.pullRequest);
  return collectRest(client, repo, read.pull, {
    ...options,
    history,
    policy: read.policy,
    of,
    foreseen: sameName(repo, where) ? foreseen : null,
  });
}

/** What there is once the pull request and the policy are read. */
interface Asking extends Omit<CollectOptions, "policy"> {
  readonly history: PullRequestSnapshot["history"];
  readonly policy: PolicyReading;
  readonly of: OfHead;
  readonly foreseen: Foreseen | null;
}

async function collectRest(
  client: GitHubClient,
  repo: Repo,
  reading: PullRequestReading,
  options: Asking,
): Promise<Collected> {
  const { number, pullRequest, repository, mergeSettings } = reading;
  const { base } = pullRequest;
  const { of } = options;
  const { activity } = of;
  const policy = options.policy.state === "valid" ? options.policy.policy : null;
  const hotfixLike = policy !== null && isHotfixLike(heading(pullRequest), policy);

  const { changes, compared, gates, backMerge, rollback, inDepth, since, whole, lands, change } =
    await readWhatItBrings(client, repo, reading, policy, of);
  const { commits } = whole;
  const { files } = lands;
  const observedAt = client.serverTime().toISOString();
  const green = greenSince(gates, pullRequest.merged?.at ?? null);
  const snapshot: PullRequestSnapshot = {
    app: client.app,
    repository,
    origin: { kind: "pull-request", number },
    pullRequest,
    observedAt,
    commits,
    files,
    history: options.history,
    activity: inDepth ? await activity() : NOT_A_HOTFIX,
    firstSeenAt: firstSeenAt(gates, number, base.ref),
    ...(green === null ? {} : { greenSince: green }),
    comparison: hotfixLike ? toComparison(pullRequest, compared, since) : NOT_A_HOTFIX,
    ...("landing" in lands ? { landing: lands.landing } : {}),
    // Only its modes may be what could not be read: whether approvals are of this change is unknown then.
    changedAt:
      lands.change.known && !change.known ? change : changedAt(gates, number, base.ref, change, observedAt),
    ...backMerge,
    issues: {},
    people: {},
    roleHolders: {},
    mergeSettings: known(mergeSettings),
    branchRules: NOT_ASKED,
    ...rollback,
  };
  const landsNow =
    hotfixLike && pullRequest.state === "open" && isProductionBase(base.ref, policy, repository);
  const [certain, deepened, proposedConfig, deployedEarly, foreign, unlanded] = await Promise.all([
    // It may have failed for just that: what has failed does not pass before it is read.
    hasFailed(gates) ? options.completePolicy?.(options.policy) : undefined,
    inDepth && policy !== null
      ? deepen(client, repo, snapshot, policy, {
          ...asksMore(options),
          rollback: hotfixLike ? lookForRollback(client, repo, reading, compared, policy, options) : null,
        })
      : snapshot,
    readProposedConfig(client, repo, pullRequest, changes, options),
    hotfixLike ? readDeployedEarly(client, repo, snapshot, policy) : null,
    landsNow ? readForeign(client, repo, pullRequest, compared, policy) : null,
    // A squash lands no commit, and a rebase others.
    landsNow && mergeSettings.mergeCommit
      ? readUnlanded(client, repo, { number, pullRequest, commits, files })
      : NOT_LOOKED_FOR,
  ]);
  if (inDepth && policy !== null) rememberAsked(client, repo, number, needsOf(deepened, policy));
  const own = mapFact(options.history, ownComments);
  // Retitled since, for one: what it let pass as a hotfix may not be left behind.
  const wasHotfix = policy !== null && options.history.known && wasHotfixLike(options.history.value, policy);
  return {
    state: "collected",
    policy: certain ?? options.policy,
    snapshot: {
      ...deepened,
      ...(deployedEarly === null ? {} : { deployedEarly }),
      ...(foreign === null ? {} : { foreign }),
      ...withUnlanded(snapshot.landing, unlanded),
    },
    change,
    gates,
    statusComment: mapFact(own, ({ statusComment }) => statusComment),
    answers: mapFact(own, ({ answers }) => answers),
    doubled: own.known ? own.value.doubled : [],
    siblings: of.siblings,
    formerHeads: formerHeads(
      pullRequest,
      inDepth ? snapshot.activity : wasHotfix ? await activity() : known([]),
      inDepth ? snapshot.commits : known([]),
      options.hint.formerHeads ?? [],
    ),
    proposedConfig,
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
