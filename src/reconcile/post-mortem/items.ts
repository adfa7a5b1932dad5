import { onStatus } from "../../github/api/answer.ts";
import { read } from "../../github/api/read.ts";
import { readActionIssue } from "../../github/collect/post-mortem/action-issues.ts";
import { closedAtOf, itemsToBeOpened } from "../../plan/post-mortem/items.ts";
import type { Fact } from "../../policy/fact.ts";
import type { Policy } from "../../policy/policy.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { linkedIssues } from "../../policy/post-mortem/item-issues.ts";
import { type Assignable, datedItems, itemsDue } from "../../policy/post-mortem/item-reminders.ts";
import { noticesIn } from "../../policy/post-mortem/subject.ts";
import { fullName } from "../../policy/repository.ts";
import type { Place } from "../context.ts";

/** So many issues and people are asked for at once. */
const MOST = 20;

/**
 * The post-mortem with what its due action items need: whether the issues are closed that they name, and who
 * of their owners the repository knows. No request where none is due.
 */
export async function readItemFacts(
  { client }: Place,
  issue: PostMortemIssue,
  policy: Policy,
): Promise<{ readonly issue: PostMortemIssue; readonly assignable: Assignable }> {
  const repository = issue.actionIssues?.repository ?? fullName(issue.repo);
  const there = issue.actionIssues?.issues ?? {};
  const observedAt = client.serverTime().toISOString();
  const times = { createdAt: issue.createdAt, closedAt: closedAtOf(issue), observedAt };
  const items = datedItems(issue.body, repository, there);
  const due = itemsDue({ items, ...times, notices: noticesIn(issue.comments) }, policy);
  const keeps = policy.post_mortem.action_items.as_issues;
  const named = [...due.map(({ item }) => item.issue), ...(keeps ? linkedIssues(issue.body) : [])];
  const missing = named.flatMap((number) => (number === null || there[number] !== undefined ? [] : [number]));
  const issues = await facts(missing, (number) => readActionIssue(client, issue.repo, number));
  const opens = keeps && issue.state === "closed";
  const told = [...due, ...(opens ? itemsToBeOpened(issue) : [])];
  const owners = told.flatMap(({ item }) => item.owners.map((login) => login.toLowerCase()));
  const assignable = await facts(owners, (login) => isAssignable(client, issue.repo, login));
  return {
    issue: { ...issue, actionIssues: { repository, issues: { ...there, ...issues } } },
    assignable,
  };
}

async function facts<K extends string | number, T>(
  all: readonly K[],
  readOne: (key: K) => Promise<Fact<T>>,
): Promise<Readonly<Record<string, Fact<T>>>> {
  const each = [...new Set(all)].slice(0, MOST);
  return Object.fromEntries(await Promise.all(each.map(async (key) => [key, await readOne(key)] as const)));
}

/** GitHub answers 404 for whoever has no part in the repository. */
function isAssignable(
  { octokit }: Place["client"],
  repo: Place["repo"],
  assignee: string,
): Promise<Fact<boolean>> {
  return read(`whether ${assignee} can be assigned`, async () => {
    const answer = await octokit.rest.issues
      .checkUserCanBeAssigned({ ...repo, assignee })
      .catch(onStatus([404, 422], null));
    return answer !== null;
  });
}
