import { asLanded, isHotfixLike, wasHotfixLike } from "../../policy/classify.ts";
import { known, mapFact, unknown } from "../../policy/fact.ts";
import { needsOf } from "../../policy/needs.ts";
import { sameName } from "../../policy/repository.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { ofHead, readAhead } from "./ahead.ts";
import { changedAt, firstSeenAt, greenSince } from "./check/gates.ts";
import type { Collected } from "./collected.ts";
import { foresee, rememberAsked } from "./foreseen.ts";
import { toComparison } from "./git/comparison.ts";
import { readMergeSettings } from "./merge-settings.ts";
import type { Asking, CollectOptions } from "./options.ts";
import { formerHeads } from "./pull-request/former-heads.ts";
import { ownComments } from "./pull-request/own-comments.ts";
import { type PullRequestReading, readPullRequest } from "./pull-request/pull-request.ts";
import { isStale } from "./pull-request/staleness.ts";
import { readHistory } from "./pull-request/timeline.ts";
import { type Brought, heading, NOT_A_HOTFIX, readWhatItBrings } from "./what-it-brings.ts";
import { readMore } from "./what-it-needs.ts";

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

async function collectRest(
  client: GitHubClient,
  repo: Repo,
  reading: PullRequestReading,
  options: Asking,
): Promise<Collected> {
  const { number, pullRequest } = reading;
  const { of, history } = options;
  const policy = options.policy.state === "valid" ? options.policy.policy : null;
  const brought = await readWhatItBrings(client, repo, reading, policy, of);
  const { inDepth, gates, change } = brought;
  const first = snapshotOf(client, reading, brought, {
    history,
    activity: inDepth ? await of.activity() : NOT_A_HOTFIX,
  });
  const { certain, proposedConfig, snapshot } = await readMore(
    client,
    repo,
    reading,
    brought,
    options,
    first,
  );
  if (inDepth && policy !== null) rememberAsked(client, repo, number, needsOf(snapshot, policy));
  const own = mapFact(history, ownComments);
  // Retitled since, for one: what it let pass as a hotfix may not be left behind.
  const wasHotfix = policy !== null && history.known && wasHotfixLike(history.value, policy);
  return {
    state: "collected",
    policy: certain ?? options.policy,
    snapshot,
    change,
    gates,
    statusComment: mapFact(own, ({ statusComment }) => statusComment),
    answers: mapFact(own, ({ answers }) => answers),
    doubled: own.known ? own.value.doubled : [],
    siblings: of.siblings,
    formerHeads: formerHeads(
      pullRequest,
      inDepth ? first.activity : wasHotfix ? await of.activity() : known([]),
      inDepth ? first.commits : known([]),
      options.hint.formerHeads ?? [],
    ),
    proposedConfig,
  };
}

/** What is known before the policy is asked what else it needs. */
function snapshotOf(
  client: GitHubClient,
  { number, pullRequest, repository, mergeSettings }: PullRequestReading,
  { gates, hotfixLike, compared, since, whole, lands, change, backMerge, rollback }: Brought,
  read: Pick<PullRequestSnapshot, "history" | "activity">,
): PullRequestSnapshot {
  const { ref } = pullRequest.base;
  const observedAt = client.serverTime().toISOString();
  const green = greenSince(gates, pullRequest.merged?.at ?? null);
  return {
    ...read,
    app: client.app,
    repository,
    origin: { kind: "pull-request", number },
    pullRequest,
    observedAt,
    commits: whole.commits,
    files: lands.files,
    firstSeenAt: firstSeenAt(gates, number, ref),
    ...(green === null ? {} : { greenSince: green }),
    comparison: hotfixLike ? toComparison(pullRequest, compared, since) : NOT_A_HOTFIX,
    ...("landing" in lands ? { landing: lands.landing } : {}),
    // Only its modes may be what could not be read: whether approvals are of this change is unknown then.
    changedAt:
      lands.change.known && !change.known ? change : changedAt(gates, number, ref, change, observedAt),
    ...backMerge,
    issues: {},
    people: {},
    roleHolders: {},
    mergeSettings: known(mergeSettings),
    branchRules: NOT_ASKED,
    ...rollback,
  };
}
