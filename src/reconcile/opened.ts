import { type ApplyFailure, applyActions, type PostMortem } from "../github/apply/apply.ts";
import { type OpenedPostMortem, readOpenedPostMortem } from "../github/collect/opened-post-mortem.ts";
import { readTemplate } from "../github/template.ts";
import type { Fact } from "../policy/fact.ts";
import type { PostMortemFacts } from "../policy/postmortem/facts.ts";
import { messageOf } from "../policy/rules/registry.ts";
import type { PullRequestSnapshot } from "../policy/snapshot.ts";
import { desiredPostMortem, renderRecord } from "../render/post-mortem.ts";
import { headKey, keyOf, type Place, type ReconcileContext } from "./context.ts";
import type { Incident } from "./incident.ts";

/** The commit that landed, and what its post-mortem is recorded as: a name that stays when the repository gets another one. */
function recordPlace({ pullRequest, push }: PullRequestSnapshot): { sha: string; subject: string } {
  return push === undefined
    ? { sha: pullRequest.head.sha, subject: `#${pullRequest.number}` }
    : { sha: push.after, subject: `@${push.after}` };
}

/** The post-mortem that was opened for a hotfix, whatever people have done to it since; `null`: none yet. */
export function readOpened(
  { client, repo }: Place,
  snapshot: PullRequestSnapshot,
): Promise<Fact<OpenedPostMortem | null>> {
  const { sha, subject } = recordPlace(snapshot);
  return readOpenedPostMortem(client, repo, sha, subject);
}

/**
 * Opens it, and records on the commit that it was opened. However often this runs, there is one: what this process has opened it
 * remembers, and the app's own issues are searched for the marker before one is opened.
 */
export async function openPostMortem(
  context: ReconcileContext,
  { place, policy, snapshot }: Pick<Incident, "place" | "policy" | "snapshot">,
  facts: PostMortemFacts,
): Promise<Opening> {
  const { sha, subject } = recordPlace(snapshot);
  const key = `${headKey(place.repo, sha)} ${subject}`;
  const remembered = context.memory.opened.get(key);
  const opening =
    remembered === undefined
      ? await openAnywhere(context, { place, policy }, facts)
      : { postMortem: { ...remembered, created: false }, failure: undefined };
  const { postMortem } = opening;
  if (postMortem === undefined) return opening;
  context.memory.opened.set(key, postMortem);
  const record = renderRecord(facts, postMortem);
  const { failures } = await applyActions(
    place.client,
    place.repo,
    [{ type: "record-post-mortem", sha, subject, postMortem, ...record }],
    context.log,
  );
  return { postMortem, failure: failures[0] };
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
