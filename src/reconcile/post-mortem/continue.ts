import { repositoryNamed } from "../../github/api/repositories.ts";
import { readPostMortemIssue, readPresence } from "../../github/collect/post-mortem/issue.ts";
import { planContinuation, planHandOver } from "../../plan/landing/landing.ts";
import { both } from "../../plan/plan.ts";
import { landedPlace } from "../../policy/landing/record-places.ts";
import type { PostMortemFacts } from "../../policy/post-mortem/facts.ts";
import { carryOut } from "../carry-out.ts";
import { keyOf, type ReconcileContext } from "../context.ts";
import type { Incident } from "../incident.ts";
import type { RetryStep } from "../retry.ts";
import { issueKey, type Opened, readOpened, urlOf } from "./open.ts";

/**
 * Goes on with the post-mortem that a hotfix has already. `open`: there is none; `again`: it could not be
 * read or written; `gone`: there was one; `open-apart`: there is one, which is about another landing of the
 * same commits. `facts`: of what landed, for one that was opened for an early deployment; `null`: what landed
 * is no hotfix (a back-merge of its branch).
 */
export async function continuePostMortem(
  context: ReconcileContext,
  { place, snapshot }: Pick<Incident, "place" | "snapshot">,
  facts: () => PostMortemFacts | null,
  step: RetryStep,
): Promise<"handed-over" | "again" | "open" | "open-apart" | { readonly gone: Opened }> {
  const opened = await readOpened(place, snapshot);
  if (!opened.known) return "again";
  if (opened.value === null) return "open";
  const next = planHandOver(issueKey(place, opened.value));
  const at = opened.value.toContinue ? landedPlace(snapshot) : null;
  if (at === null) {
    const present = await readPresence(place.client, opened.value);
    if (!present.known) return "again";
    if (!present.value) return { gone: opened.value };
    await carryOut(context, place, next, step);
    return "handed-over";
  }
  const own = facts();
  if (own === null) return "open-apart";
  const there = await readThere(place, opened.value);
  if (!there.known) return "again";
  const issue = there.value.state === "found" ? there.value.issue : null;
  const { repository, number } = opened.value;
  const postMortem = { repository, number, url: urlOf(snapshot, opened.value) };
  const plans = planContinuation(own, postMortem, at, issue, keyOf(place));
  if (plans === null) return "open-apart";
  const repo = issue?.repo ?? place.repo;
  if ((await carryOut(context, { client: place.client, repo }, plans.issue, step)).again) return "again";
  await carryOut(context, place, both(plans.landed, next), step);
  return "handed-over";
}

function readThere({ client }: Incident["place"], { repository, number }: Opened) {
  return readPostMortemIssue(client, repositoryNamed(repository), number);
}
