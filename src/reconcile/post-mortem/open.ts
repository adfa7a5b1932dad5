import { repositoryNamed } from "../../github/api/repositories.ts";
import type { PostMortem } from "../../github/apply/apply.ts";
import { type OpenedPostMortem, readOpenedPostMortem } from "../../github/collect/post-mortem/record.ts";
import { readTemplate } from "../../github/collect/post-mortem/template.ts";
import { isAsVisible } from "../../github/collect/visibility.ts";
import type { ReconcileKey } from "../../jobs/key.ts";
import { planOpenings, planRecord } from "../../plan/landing/landing.ts";
import { type Fact, known, mapFact } from "../../policy/fact.ts";
import {
  EARLY,
  landedPlace,
  type RecordPlace,
  recordPlaces,
  uniquely,
} from "../../policy/landing/record-places.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { fullName, parseFullName, sameName } from "../../policy/repository.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import { carryOut, carryOutOr } from "../carry-out.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "../context.ts";
import type { Incident } from "../incident.ts";
import type { RetryStep } from "../retry.ts";

/** A post-mortem that is there already. */
export interface Opened extends OpenedPostMortem {
  /** It was opened for an early deployment, and is not recorded on what was merged or pushed since. */
  readonly toContinue: boolean;
}

/** The post-mortem that was opened for a hotfix, whatever people have done to it since; `null`: none yet. */
export async function readOpened(
  { client, repo }: Place,
  snapshot: PullRequestSnapshot,
): Promise<Fact<Opened | null>> {
  const landed = landedPlace(snapshot);
  const { head, merged } = snapshot.pullRequest;
  // That it was deployed early may not be told any more (another configuration, no permission): what was
  // opened stays.
  const former = merged === null ? [] : [{ sha: head.sha, subject: EARLY }];
  for (const at of uniquely([...recordPlaces(snapshot), ...former])) {
    const opened = await readOpenedPostMortem(client, repo, at.sha, at.subject);
    if (!opened.known) return opened;
    if (opened.value !== null)
      return known({ ...opened.value, toContinue: landed !== null && at.subject === EARLY });
  }
  const { deployedEarly } = snapshot;
  return deployedEarly?.known === false ? deployedEarly : known(null);
}

/**
 * Opens it, and has recorded on the commit that it was opened. However often this runs, there is one: what
 * this process has opened it remembers, and the app's own issues are searched for the marker before one is
 * opened. `apart`: the early deployment has one already, which is about another merge.
 */
export function openPostMortem(
  context: ReconcileContext,
  incident: Omit<Incident, "pullRequest">,
  facts: PostMortemFacts,
  step: RetryStep,
  { apart = false } = {},
): Promise<Opening> {
  const places = recordPlaces(incident.snapshot).filter(({ subject }) => !apart || subject !== EARLY);
  const { sha = "" } = places.at(-1) ?? {};
  // Pull requests with one head are looked at side by side, and what was deployed of it is one incident.
  return incident.place.client.exclusively(`post-mortem of ${headKey(incident.place, sha)}`, () =>
    openAt(context, incident, facts, places, step),
  );
}

async function openAt(
  context: ReconcileContext,
  incident: Omit<Incident, "pullRequest">,
  facts: PostMortemFacts,
  places: readonly RecordPlace[],
  step: RetryStep,
): Promise<Opening> {
  const { place } = incident;
  const keys = places.map(({ sha, subject }) => `${headKey(place, sha)} ${subject}`);
  const remembered = keys.flatMap((key) => context.memory.opened.get(key) ?? [])[0];
  const opening =
    remembered === undefined
      ? await openNow(context, incident, facts, step)
      : { postMortem: { ...remembered, created: false }, problem: null, again: false };
  const { postMortem } = opening;
  if (postMortem === undefined) return opening;
  for (const key of keys) context.memory.opened.set(key, postMortem);
  await carryOut(context, place, planRecord(facts, postMortem, places, keyOf(place)), step);
  return opening;
}

/** Where people find an issue of this server. */
export function urlOf(
  { repository: own }: PullRequestSnapshot,
  { repository, number }: OpenedPostMortem,
): string {
  return `${own.url.slice(0, -fullName(own).length)}${repository}/issues/${number}`;
}

/**
 * What became of opening a post-mortem; `postMortem` not set: there is none yet, so the next try opens it.
 */
export interface Opening {
  readonly postMortem: PostMortem | undefined;
  /** Why it could not be opened, in words that people read; `null`: it could. */
  readonly problem: string | null;
  /** It may be opened at another try. */
  readonly again: boolean;
}

async function openNow(
  context: ReconcileContext,
  { place, ...landing }: Omit<Incident, "pullRequest">,
  facts: PostMortemFacts,
  step: RetryStep,
): Promise<Opening> {
  const { repository, template } = landing.policy.post_mortem;
  const form = template === null ? null : await readTemplate(place.client, place.repo, template);
  const visible = repository === null ? known(true) : await mayBeSeenThere(place, repository);
  const { first, otherwise } = planOpenings(landing, facts, form, visible);
  const done = await carryOutOr(context, place, first, otherwise, step);
  const [postMortem] = done.postMortems;
  const problem = postMortem === undefined ? (done.problem ?? "it could not be opened") : null;
  return { postMortem, problem, again: done.again };
}

/**
 * Nothing of a hotfix is shown to more people than see its repository. Where the app is not there, that will
 * be said.
 */
async function mayBeSeenThere({ client, repo }: Place, repository: string): Promise<Fact<boolean>> {
  const there = parseFullName(repository);
  if (there === null || sameName(there, repo)) return known(true);
  const visible = await isAsVisible(client, repo, there);
  return mapFact(visible, (value) => value !== false);
}

/** The issue as the queue has it. */
export function issueKey(
  { client }: Place,
  { repository, number }: OpenedPostMortem,
): Extract<ReconcileKey, { kind: "post-mortem" }> {
  return { ...keyOf({ client, repo: repositoryNamed(repository) }), kind: "post-mortem", number };
}
