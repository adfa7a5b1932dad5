import type { PersonNeed } from "../../policy/approval/needs.ts";
import type { Fact } from "../../policy/fact.ts";
import type { IssueFacts, IssueReference } from "../../policy/snapshot/issue.ts";
import type { Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { remembered } from "../api/memory.ts";
import { identityOf } from "../api/repositories.ts";
import { readIssues } from "./pull-request/issues.ts";
import { type PeopleReader, peopleReader } from "./pull-request/people.ts";

/** What the policy asked for in view of a pull request. */
export interface Asked {
  readonly people: readonly PersonNeed[];
  readonly issues: readonly IssueReference[];
}

/** What the policy asked for the last time, being read side by side with the pull request itself. */
export interface Foreseen {
  /** Has been asked for those people once `issues` are there. */
  readonly people: PeopleReader;
  /** By `issueKey`. Never rejects. */
  readonly issues: Promise<Readonly<Record<string, Fact<IssueFacts>>>>;
}

const askedOf = remembered<Asked>("asked of pull requests");

/** Reads what was asked for the last time; `null`: this process has not evaluated it yet. */
export function foresee(client: GitHubClient, repo: Repo, number: number): Foreseen | null {
  const asked = askedOf(client).get(keyOf(client, repo, number));
  if (asked === undefined) return null;
  const people = peopleReader(client, repo);
  const reading = Promise.all([readIssues(client, repo, asked.issues), people.read(asked.people)]);
  return { people, issues: reading.then(([issues]) => issues) };
}

/** For the next time. */
export function rememberAsked(client: GitHubClient, repo: Repo, number: number, asked: Asked): void {
  askedOf(client).set(keyOf(client, repo, number), { people: asked.people, issues: asked.issues });
}

function keyOf(client: GitHubClient, repo: Repo, number: number): string {
  return `${identityOf(client, repo)}#${number}`;
}
