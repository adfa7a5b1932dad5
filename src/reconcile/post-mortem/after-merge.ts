import { readDeployed } from "../../github/collect/deployment/first-deployment.ts";
import { readFailedChecks } from "../../github/collect/landing/ci.ts";
import { readRulesAtMerge } from "../../github/collect/landing/rules-at-merge.ts";
import { readWhatLanded } from "../../github/collect/landing/what-landed.ts";
import { peopleReader } from "../../github/collect/pull-request/people.ts";
import { readReviews } from "../../policy/approval/reviews.ts";
import { type Fact, known, neverKnown } from "../../policy/fact.ts";
import type { AfterMerge } from "../../policy/landing/after-merge.ts";
import { landedAt } from "../../policy/landing/early-deployment.ts";
import type { Policy } from "../../policy/policy.ts";
import { reviewOwed } from "../../policy/post-mortem/approval-at-merge.ts";
import {
  type CommandsInput,
  firstThatCounts,
  happening,
  type LateCommand,
  peopleOfCommands,
  readCommands,
} from "../../policy/post-mortem/commands.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { pullRequestNumber, pushOf } from "../../policy/snapshot.ts";
import { isAfter } from "../../policy/time.ts";
import type { Place } from "../context.ts";
import type { Incident } from "../incident.ts";

/** The commands after the merge, on the pull request and on the post-mortem. */
export async function readLateCommands(
  { client, repo }: Place,
  policy: Policy,
  incident: Incident | null,
  issue: Pick<PostMortemIssue, "comments" | "createdAt"> | null,
): Promise<readonly LateCommand[]> {
  const history = incident?.pullRequest?.collected.snapshot.history;
  const own = history?.known ? history.value.comments : [];
  const input: CommandsInput = {
    mergedAt: incident?.snapshot.pullRequest.merged?.at ?? null,
    landedAt: incident === null ? null : landedAt(incident.snapshot),
    comments: [
      ...own.map((comment) => ({ place: "pull-request" as const, comment })),
      ...(issue?.comments ?? []).map((comment) => ({ place: "post-mortem" as const, comment })),
    ],
  };
  const people = peopleReader(client, repo);
  for (const need of peopleOfCommands(input, policy)) await people.read([need]);
  return readCommands(input, { people: people.people() }, policy);
}

/** All that happened to a hotfix after it landed. */
export async function readAfterMerge(
  { place, policy, snapshot, verdict, pullRequest }: Incident,
  commands: readonly LateCommand[],
): Promise<AfterMerge> {
  const { merged, title, base, head } = snapshot.pullRequest;
  const sha = merged?.sha ?? null;
  const said = {
    verified: happening(firstThatCounts(commands, "verified")),
    rollbackAsked: happening(firstThatCounts(commands, "rollback")),
  };
  // Before the merge the gate asks for it.
  const owed =
    merged === null ? known(false) : readReviewOwed({ place, policy, snapshot, verdict, pullRequest });
  if (merged === null || sha === null) return { ...NOTHING, ...said, reviewOwed: await owed };
  const before = pushOf(snapshot)?.before;
  const hotfix = {
    number: pullRequestNumber(snapshot),
    title,
    mergeSha: sha,
    mergedAt: merged.at,
    ...(before === undefined ? {} : { before }),
  };
  const ci = { sha, landedAt: merged.at, url: snapshot.repository.url };
  const { commits } = snapshot;
  const texts = [
    title,
    snapshot.pullRequest.body,
    ...(commits.known ? commits.value : []).map(({ message }) => message),
  ];
  const [landed, deployed, stillOwed, failedChecks, rules] = await Promise.all([
    readWhatLanded(place.client, place.repo, { hotfix, base: base.ref, headSha: head.sha }, policy),
    readDeployed(place.client, place.repo, hotfix, policy),
    owed,
    readFailedChecks(place.client, place.repo, ci),
    readRulesAtMerge(place.client, place.repo, { sha, base: base.ref, at: merged.at, texts }),
  ]);
  return { ...landed, ...said, deployed, reviewOwed: stillOwed, failedChecks, rules };
}

const NOTHING = {
  deployed: known(null),
  rolledBack: known(null),
  backMerges: {},
  landedWithout: known([]),
  gateAtMerge: known(null),
} as const;

/**
 * Is the review by another engineer that the merge left owed still to come? Reviews after the merge count for
 * it.
 */
async function readReviewOwed({ place, snapshot, verdict, pullRequest }: Incident): Promise<Fact<boolean>> {
  if (pullRequest === null || !reviewOwed(verdict)) return known(false);
  // Who pushed what is not read without it, however often it is asked for.
  if (pullRequest.collected.policy.state === "invalid")
    return neverKnown("whether a review is owed: the configuration is not valid", "fix the configuration");
  const { history } = snapshot;
  if (!history.known) return history;
  const { merged, head } = snapshot.pullRequest;
  const late = history.value.reviews.filter(
    ({ author, state, commit, at }) =>
      author?.type === "User" &&
      ((state === "approved" && commit === head.sha) || state === "changes_requested") &&
      merged !== null &&
      isAfter(at, merged.at),
  );
  const reader = peopleReader(place.client, place.repo);
  for (const { author } of late)
    await reader.read([{ login: author?.login ?? "", access: true, teams: [], profile: true }]);
  const now = {
    ...snapshot,
    people: { ...snapshot.people, ...reader.people() },
    pullRequest: { ...snapshot.pullRequest, merged: null },
  };
  const { approving, undecided } = readReviews(now, history.value.reviews);
  if (approving.length > 0) return known(false);
  return undecided === null ? known(true) : { known: false, reason: undecided };
}
