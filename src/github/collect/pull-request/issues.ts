import type { RestEndpointMethodTypes } from "@octokit/rest";
import { type Fact, known } from "../../../policy/fact.ts";
import { type IssueFacts, type IssueReference, issueKey } from "../../../policy/snapshot.ts";
import { byKey, list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { describeFailure, read } from "../../api/read.ts";

type RawIssue = RestEndpointMethodTypes["issues"]["get"]["response"]["data"];

/** The issues, by `issueKey`. Only GitHub is asked, never an address that somebody wrote. */
export async function readIssues(
  client: GitHubClient,
  repo: Repo,
  references: readonly IssueReference[],
): Promise<Readonly<Record<string, Fact<IssueFacts>>>> {
  const here = { owner: repo.owner, name: repo.repo };
  const wanted = new Map(references.map((reference) => [issueKey(reference, here), reference]));
  const facts = await Promise.all(
    [...wanted].map(async ([key, reference]) => [key, await readIssue(client, repo, reference)] as const),
  );
  return byKey(facts);
}

async function readIssue(
  client: GitHubClient,
  repo: Repo,
  reference: IssueReference,
): Promise<Fact<IssueFacts>> {
  const { number, repository } = reference;
  if (number === null) return known({ exists: "not-verified" });
  const here = `${repo.owner}/${repo.repo}`;
  const [owner = "", name = ""] = (repository ?? here).split("/");
  const own = repository === null || repository.toLowerCase() === here.toLowerCase();
  return read(`the issue ${reference.text}`, async (): Promise<IssueFacts> => {
    try {
      const answer = await client.octokit.rest.issues.get({ owner, repo: name, issue_number: number });
      return toIssue(answer.data);
    } catch (error) {
      const { status, rateLimited } = describeFailure(error);
      if (status === 410) return { exists: false };
      if (status === 404 || (status === 403 && !rateLimited && !own)) {
        return {
          exists:
            own && !wasTransferred(error, `/repos/${owner}/${name}/issues/${number}`)
              ? false
              : "not-verified",
        };
      }
      throw error;
    }
  });
}

/** GitHub sent the request on to another address, which the app cannot read. */
export function wasTransferred(error: unknown, asked: string): boolean {
  const url = (error as { response?: { url?: unknown } } | null)?.response?.url;
  return (
    typeof url === "string" &&
    url !== "" &&
    !decodeURIComponent(url).toLowerCase().endsWith(asked.toLowerCase())
  );
}

function toIssue(raw: RawIssue): IssueFacts {
  return {
    exists: true,
    pullRequest: raw.pull_request !== undefined && raw.pull_request !== null,
    state: raw.state === "closed" ? "closed" : "open",
    createdAt: text(raw.created_at),
    labels: list(raw.labels).flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
    title: raw.title ?? "",
  };
}
