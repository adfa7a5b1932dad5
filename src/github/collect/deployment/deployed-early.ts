import { hasPermission } from "../../../policy/approval/roles.ts";
import { isHotfixLike } from "../../../policy/classify.ts";
import { type Fact, known, mapFact } from "../../../policy/fact.ts";
import { headAt, type Life, lifeOf } from "../../../policy/landing/branch-life.ts";
import type { Policy } from "../../../policy/policy.ts";
import type { EarlyDeployment, PullRequestSnapshot } from "../../../policy/snapshot.ts";
import { instant, isAfter } from "../../../policy/time.ts";
import { count, onStatus, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { read } from "../../api/read.ts";
import { identityOf } from "../../api/repositories.ts";
import { readGateAt } from "../check/at.ts";
import { readAccess } from "../pull-request/people.ts";
import { type Deployment, firstSuccess, readDeployments } from "./deployments.ts";

/** Deployments of one hotfix that are looked at, oldest first. */
const MOST_LOOKUPS = 30;
/**
 * What was pushed directly to a production branch has no beginning that GitHub tells, and a renamed branch a
 * wrong one.
 */
const BEFORE_MS = 7 * 24 * 3_600_000;

type Source = Pick<PullRequestSnapshot, "pullRequest" | "commits" | "activity" | "origin">;

/**
 * The first successful deployment to production of the change before it was merged or pushed: of one of its
 * commits, or of what its branch or pull request was then. `null`: none, or the app may not read deployments.
 * Costs one request where nothing of it was deployed.
 */
export async function readDeployedEarly(
  client: GitHubClient,
  repo: Repo,
  source: Source,
  policy: Policy,
): Promise<Fact<EarlyDeployment | null>> {
  const { pullRequest, activity } = source;
  const until = pullRequest.merged?.at ?? null;
  const permitted = await read("what the app may read", () => client.permits("deployments", "read"));
  if (!permitted.known || !permitted.value) return permitted.known ? known(null) : permitted;
  if (!activity.known) return activity;
  const life = lifeOf(activity.value ?? [], pullRequest.head.sha);
  const deployments = await readSince(client, repo, policy, source, beginning(source, life));
  if (!deployments.known) return deployments;
  const isOwn = ownership(source, life, policy);
  let first: { readonly at: string; readonly deployment: Deployment } | null = null;
  const candidates = (deployments.value ?? []).filter((one) => isOwn(one) !== "no");
  for (const deployment of candidates.slice(0, MOST_LOOKUPS)) {
    // One that began earlier may have taken longer.
    if (first !== null && !isAfter(first.at, deployment.createdAt)) break;
    const at = await firstSuccess(client, repo, deployment);
    if (!at.known) return at;
    if (at.value === null || (until !== null && !isAfter(until, at.value))) continue;
    if (first !== null && !isAfter(first.at, at.value)) continue;
    const certain = await isCertain(client, repo, pullRequest, deployment, isOwn(deployment));
    if (!certain.known) return certain;
    if (certain.value) first = { at: at.value, deployment };
  }
  if (first === null) return known(null);
  const { at, deployment } = first;
  const { environment, by, sha, ref } = deployment;
  // The check is on the head of then, not on the merge that GitHub makes of it to try.
  const checked = /^(?:refs\/)?pull\/\d+\/merge$/.test(ref)
    ? (headAt(life, deployment.createdAt) ?? pullRequest.head.sha)
    : sha;
  return known({ at, environment, by, sha, gate: await readGateAt(client, repo, checked, at) });
}

function beginning(
  { pullRequest, origin }: Pick<Source, "origin"> & { pullRequest: Pick<Source["pullRequest"], "createdAt"> },
  life: Life,
): string {
  if (origin.kind === "push") return before(origin.push.at);
  const pushed = life.changes.at(-1)?.at;
  return pushed === undefined || isAfter(pushed, pullRequest.createdAt) ? pullRequest.createdAt : pushed;
}

/** With what came before, where that can be had: a branch that was renamed begins anew. */
async function readSince(
  client: GitHubClient,
  repo: Repo,
  policy: Policy,
  { pullRequest: { fork }, origin }: Source,
  start: string,
): ReturnType<typeof readDeployments> {
  if (fork || origin.kind === "push") return readDeployments(client, repo, policy, { since: start });
  const all = await readDeployments(client, repo, policy, { since: before(start) });
  return all.known && all.value === null ? readDeployments(client, repo, policy, { since: start }) : all;
}

/**
 * `maybe`: by the name of the branch, or what it once was, which may be a commit that production had anyhow.
 * `claimed`: by a fork's pull request, which may have any commit of ours as its own.
 */
type Ownership = "yes" | "maybe" | "claimed" | "no";

function ownership(
  { pullRequest: { head, base, fork, createdAt: openedAt }, commits, origin }: Source,
  life: Life,
  policy: Policy,
): (deployment: Deployment) => Ownership {
  const start = beginning({ pullRequest: { createdAt: openedAt }, origin }, life);
  // A branch alone may have landed by now; a pull request's head is what it brings.
  const heads = origin.kind === "branch" ? [] : [head.sha];
  const own = new Set([...(commits.known ? commits.value.map(({ sha }) => sha) : []), ...heads]);
  const former = new Set([head.sha, ...life.changes.map(({ after }) => after)]);
  const refs = new Set([
    ...(fork || head.ref === base.ref ? [] : [head.ref, `refs/heads/${head.ref}`]),
    ...(origin.kind === "pull-request"
      ? ["head", "merge"].flatMap((one) => [
          `refs/pull/${origin.number}/${one}`,
          `pull/${origin.number}/${one}`,
        ])
      : []),
  ]);
  return ({ sha, ref, createdAt }) => {
    if (fork && !refs.has(ref)) return own.has(sha) && (ref === sha || ref === head.ref) ? "claimed" : "no";
    // Before the branch began only a head of it, under another name of a hotfix: what it was made from may be
    // a release.
    const asHotfix = ref === sha || isHotfixLike({ headRef: ref, title: "", labels: [] }, policy);
    if (isAfter(start, createdAt) && !(former.has(sha) && asHotfix)) return "no";
    // A hotfix that was made from another one has that one's commits; deployed by its name it is the other
    // one.
    const anothers = life.changes.length > 0 && !former.has(sha) && ref !== sha && !refs.has(ref);
    if (own.has(sha)) return anothers ? "no" : "yes";
    const over = life.endedAt !== null && isAfter(createdAt, life.endedAt);
    return !over && (former.has(sha) || refs.has(ref)) ? "maybe" : "no";
  };
}

function before(time: string): string {
  return new Date(instant(time) - BEFORE_MS).toISOString();
}

/** Is it of the hotfix after all? */
async function isCertain(
  client: GitHubClient,
  repo: Repo,
  { author, base }: Source["pullRequest"],
  { sha }: Deployment,
  own: Ownership,
): Promise<Fact<boolean>> {
  if (own === "maybe") return isAhead(client, repo, base.ref, sha);
  if (own !== "claimed") return known(own === "yes");
  if (author === null) return known(false);
  const access = await readAccess(client, repo, author.login);
  return mapFact(access, (one) => hasPermission(one, "write"));
}

const aheadOf = remembered<boolean>("deployments that are ahead");

/**
 * Does the commit bring anything that the branch lacks? Found out once a process: that it was so does not
 * change when it is merged.
 */
async function isAhead(client: GitHubClient, repo: Repo, base: string, sha: string): Promise<Fact<boolean>> {
  const cache = aheadOf(client);
  const key = `${identityOf(client, repo)} ${base}...${sha}`;
  const earlier = cache.get(key);
  if (earlier !== undefined) return known(earlier);
  return read("whether what was deployed is the hotfix", async () => {
    const answer = await client.octokit.rest.repos
      .compareCommitsWithBasehead({ ...repo, basehead: `${base}...${sha}`, per_page: 1 })
      .catch(onStatus([404], null));
    // What is not there any more brings nothing that could be told.
    if (answer === null) return false;
    const ahead = count(answer.data.ahead_by) > 0;
    cache.set(key, ahead);
    return ahead;
  });
}
