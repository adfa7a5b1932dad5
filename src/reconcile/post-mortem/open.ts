import { type ApplyFailure, applyActions, type PostMortem } from "../../github/apply/apply.ts";
import { exclusively } from "../../github/apply/exclusively.ts";
import { type OpenedPostMortem, readOpenedPostMortem } from "../../github/collect/post-mortem/record.ts";
import { readTemplate } from "../../github/collect/post-mortem/template.ts";
import type { Action } from "../../policy/action.ts";
import { type Fact, known } from "../../policy/fact.ts";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { messageOf } from "../../policy/rules/registry.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import { desiredPostMortem, renderRecord } from "../../render/post-mortem/issue.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "../context.ts";
import type { Incident } from "../incident.ts";

/** The commit that landed, and what its post-mortem is recorded as: a name that stays when the repository gets another one. */
interface RecordPlace {
  readonly sha: string;
  readonly subject: string;
}

/** `null`: it is neither merged nor pushed. */
export function landedPlace({ origin, pullRequest }: PullRequestSnapshot): RecordPlace | null {
  if (origin.kind === "push") return { sha: origin.push.after, subject: `@${origin.push.after}` };
  return pullRequest.merged === null || origin.kind !== "pull-request"
    ? null
    : { sha: pullRequest.head.sha, subject: `#${origin.number}` };
}

/** What was deployed before that: the head may be another by the time of the merge, and so may the pull request. */
function earlyPlace(snapshot: PullRequestSnapshot): RecordPlace | null {
  const early = earlyOf(snapshot);
  return early === null ? null : { sha: early.sha, subject: EARLY };
}

const EARLY = "deployment";

function recordPlaces(snapshot: PullRequestSnapshot): readonly RecordPlace[] {
  return [landedPlace(snapshot), earlyPlace(snapshot)].filter((at) => at !== null);
}

export interface Opened extends OpenedPostMortem {
  /** It was opened for an early deployment, and is not recorded on what was merged or pushed since. */
  readonly toAdopt: boolean;
}

/** The post-mortem that was opened for a hotfix, whatever people have done to it since; `null`: none yet. */
export async function readOpened(
  { client, repo }: Place,
  snapshot: PullRequestSnapshot,
): Promise<Fact<Opened | null>> {
  const landed = landedPlace(snapshot);
  const { head, merged } = snapshot.pullRequest;
  // That it was deployed early may not be told any more (another configuration, no permission): what was opened stays.
  const former = merged === null ? [] : [{ sha: head.sha, subject: EARLY }];
  for (const at of uniquely([...recordPlaces(snapshot), ...former])) {
    const opened = await readOpenedPostMortem(client, repo, at.sha, at.subject);
    if (!opened.known) return opened;
    if (opened.value !== null)
      return known({ ...opened.value, toAdopt: landed !== null && at.subject === EARLY });
  }
  const { deployedEarly } = snapshot;
  return deployedEarly?.known === false ? deployedEarly : known(null);
}

function uniquely(places: readonly RecordPlace[]): readonly RecordPlace[] {
  return [...new Map(places.map((at) => [`${at.sha} ${at.subject}`, at])).values()];
}

/**
 * Opens it, and records on the commit that it was opened. However often this runs, there is one: what this process has opened it
 * remembers, and the app's own issues are searched for the marker before one is opened.
 */
export function openPostMortem(
  context: ReconcileContext,
  incident: Pick<Incident, "place" | "policy" | "snapshot">,
  facts: PostMortemFacts,
  /** The early deployment has one already, which is about another merge. */
  apart = false,
): Promise<Opening> {
  const places = recordPlaces(incident.snapshot).filter(({ subject }) => !apart || subject !== EARLY);
  const { sha = "" } = places.at(-1) ?? {};
  // Pull requests with one head are looked at side by side, and what was deployed of it is one incident.
  return exclusively(`post-mortem of ${headKey(incident.place, sha)}`, () =>
    openAt(context, incident, facts, places),
  );
}

async function openAt(
  context: ReconcileContext,
  { place, policy }: Pick<Incident, "place" | "policy">,
  facts: PostMortemFacts,
  places: readonly RecordPlace[],
): Promise<Opening> {
  const keys = places.map(({ sha, subject }) => `${headKey(place, sha)} ${subject}`);
  const remembered = keys.flatMap((key) => context.memory.opened.get(key) ?? [])[0];
  const opening =
    remembered === undefined
      ? await openAnywhere(context, { place, policy }, facts)
      : { postMortem: { ...remembered, created: false }, failure: undefined };
  const { postMortem } = opening;
  if (postMortem === undefined) return opening;
  for (const key of keys) context.memory.opened.set(key, postMortem);
  const record = renderRecord(facts, postMortem);
  const { failures } = await applyActions(
    place.client,
    place.repo,
    places.map((at): Action => ({ type: "record-post-mortem", ...at, postMortem, ...record })),
    context.log,
  );
  return { postMortem, failure: failures[0] };
}

/** Where people find an issue of this server. */
export function urlOf(
  { repository: { owner, name, url } }: PullRequestSnapshot,
  { repository, number }: OpenedPostMortem,
): string {
  return `${url.slice(0, -`${owner}/${name}`.length)}${repository}/issues/${number}`;
}

export interface Opening {
  readonly postMortem: PostMortem | undefined;
  /** It could not be opened, or not be recorded. */
  readonly failure: ApplyFailure | undefined;
}

/** Where the configuration says; where the app cannot, in the hotfix's own repository, saying so. */
async function openAnywhere(
  context: ReconcileContext,
  { place, policy }: Pick<Incident, "place" | "policy">,
  facts: PostMortemFacts,
): Promise<Opening> {
  const { repository, template } = policy.post_mortem;
  const form = template === null ? null : await readTemplate(place.client, place.repo, template);
  const at = async (where: string | null, notice?: string): Promise<Opening> => {
    const issue = desiredPostMortem(facts, {
      messageOf,
      template: form,
      repository: where,
      ...(notice === undefined ? {} : { notice }),
    });
    const { postMortems, failures } = await applyActions(
      place.client,
      place.repo,
      [{ type: "open-post-mortem", issue }],
      context.log,
    );
    return { postMortem: postMortems[0], failure: failures[0] };
  };
  const there = await at(repository);
  if (repository === null || there.failure === undefined || there.failure.retry) return there;
  return at(
    null,
    `The configuration wants post-mortems in ${repository}, where the app could not open this one: ${there.failure.reason}.`,
  );
}

/** What happens from now on is decided from the issue. */
export function handOver(
  context: ReconcileContext,
  { client }: Place,
  { repository, number }: OpenedPostMortem,
): void {
  const [owner = "", repo = ""] = repository.split("/");
  const key = { ...keyOf({ client, repo: { owner, repo } }), kind: "post-mortem", number } as const;
  context.enqueue({ key, hint: {} });
}
