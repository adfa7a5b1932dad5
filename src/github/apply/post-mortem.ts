import type { DesiredIssue, LabelDefinition } from "../../policy/action.ts";
import { count, type Repo, text } from "../api/answer.ts";
import { describeFailure } from "../api/read.ts";
import { identityOf, repositoryNamed } from "../api/repositories.ts";
import { withMarker } from "./comments.ts";
import { ActionFailed, type ApplyContext } from "./context.ts";
import { createOnce, type SentOnce } from "./create-once.ts";
import { BODY_LIMIT, cut, cutLine, TITLE_LIMIT } from "./cut.ts";
import { ensureLabels } from "./labels.ts";
import { ownIssues } from "./own-issues.ts";

/** GitHub's limit of assignees. */
const MOST_ASSIGNEES = 10;

/** The issue that an `open-post-mortem` has opened, or found there. */
export interface PostMortem {
  readonly pullRequest: number;
  /** `owner/name`. */
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  /** False: it was there before. */
  readonly created: boolean;
}

interface Issue {
  readonly number: number;
  readonly url: string;
}

/**
 * Opens the post-mortem, or finds the one that the app has opened before: one a hotfix, however often it is
 * asked for.
 */
export function openPostMortem(
  context: ApplyContext,
  issue: DesiredIssue,
  definitionOf: (label: string) => LabelDefinition,
): Promise<PostMortem> {
  const repo = repositoryNamed(issue.repository);
  return context.client.exclusively(`${identityOf(context.client, repo)} ${issue.marker}`, async () => {
    try {
      const { value, isNew } = await createOnce({
        create: (once) => createIssue(context, repo, issue, definitionOf, once),
        find: () => findOwn(context, repo, issue),
        pause: context.pause,
      });
      return { pullRequest: issue.pullRequest, repository: issue.repository, ...value, created: isNew };
    } catch (error) {
      throw explained(error, issue.repository);
    }
  });
}

/** The oldest issue that the app itself opened with that marker. */
async function findOwn(
  { client }: ApplyContext,
  repo: Repo,
  { marker, formerMarker = null, since }: DesiredIssue,
): Promise<Issue | null> {
  const markers = [marker, ...(formerMarker === null ? [] : [formerMarker])];
  const all = await ownIssues(client, repo, markers, since);
  // GitHub's `since` is about the last change; an older issue of the app may have had the marker written into
  // it.
  const own = all.find(({ created_at }) => !(Date.parse(created_at) < Date.parse(since)));
  return own === undefined ? null : toIssue(own);
}

/**
 * One create; where GitHub refuses it (422), again with the labels made and without those who cannot be
 * assigned, and at last without assignees: the issue matters more.
 */
async function createIssue(
  context: ApplyContext,
  repo: Repo,
  issue: DesiredIssue,
  definitionOf: (label: string) => LabelDefinition,
  once: SentOnce,
): Promise<Issue> {
  const { issues } = context.client.octokit.rest;
  // GitHub makes labels that are not there without color and description.
  await ensureLabels({ ...context, repo }, issue.labels.map(definitionOf)).catch(() => undefined);
  const create = async (assignees: readonly string[]) => {
    const { data } = await issues.create({
      ...repo,
      title: cutLine(issue.title, TITLE_LIMIT),
      body: cut(withMarker(issue.body, issue.marker), BODY_LIMIT),
      labels: [...issue.labels],
      assignees: assignees.slice(0, MOST_ASSIGNEES),
      ...once,
    });
    return toIssue(data);
  };
  try {
    return await create(issue.assignees);
  } catch (error) {
    if (describeFailure(error).status !== 422) throw error;
  }
  try {
    return await create(await assignable(context, repo, issue.assignees));
  } catch (error) {
    if (describeFailure(error).status !== 422) throw error;
    return await create([]);
  }
}

async function assignable(
  { client }: ApplyContext,
  repo: Repo,
  logins: readonly string[],
): Promise<readonly string[]> {
  const checks = logins.map(async (assignee) => {
    try {
      await client.octokit.rest.issues.checkUserCanBeAssigned({ ...repo, assignee });
      return [assignee];
    } catch {
      return [];
    }
  });
  return (await Promise.all(checks)).flat();
}

function toIssue(raw: { number: unknown; html_url: unknown }): Issue {
  return { number: count(raw.number), url: text(raw.html_url) };
}

/** The reasons for which only a person can help, said so. */
function explained(error: unknown, repository: string): unknown {
  const { status, rateLimited } = describeFailure(error);
  if (rateLimited) return error;
  switch (status) {
    case 410:
      return new ActionFailed(`issues are disabled in ${repository}`, false, error);
    case 403:
      return error instanceof Error && /archived/i.test(error.message)
        ? new ActionFailed(`${repository} is archived`, false, error)
        : new ActionFailed(`the app isn't allowed to open issues in ${repository}`, false, error);
    case 404:
      return new ActionFailed(`${repository} doesn't exist, or the app isn't installed on it`, false, error);
    default:
      return error;
  }
}
