import type { RestEndpointMethodTypes } from "@octokit/rest";
import { type Fact, known } from "../../../policy/fact.ts";
import { fullName, sameName } from "../../../policy/repository.ts";
import { type IssueFacts, type IssueReference, issueKey } from "../../../policy/snapshot/issue.ts";
import { byKey, list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { describeFailure, read } from "../../api/read.ts";
import { isAsVisible } from "../visibility.ts";

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
  const here = fullName(repo);
  const [owner = "", name = ""] = (repository ?? here).split("/");
  const own = repository === null || repository.toLowerCase() === here.toLowerCase();
  if (!own) {
    // Not even whether it exists is told to people who would not see it.
    const visible = await isAsVisible(client, { owner, repo: name }, repo);
    if (!visible.known) return visible;
    if (visible.value !== true) return known({ exists: "not-verified" });
  }
  const found = await read(`the issue ${reference.text}`, async () => {
    try {
      const answer = await client.octokit.rest.issues.get({ owner, repo: name, issue_number: number });
      return { issue: toIssue(answer.data), in: placeOf(answer.data.repository_url, { owner, repo: name }) };
    } catch (error) {
      const { status, rateLimited } = describeFailure(error);
      if (status === 410) return { issue: { exists: false } as const, in: null };
      if (status === 404 || (status === 403 && !rateLimited && !own)) {
        const missing = status === 404 && !wasTransferred(error, `/repos/${owner}/${name}/issues/${number}`);
        return { issue: { exists: missing ? false : "not-verified" } as const, in: null };
      }
      throw error;
    }
  });
  if (!found.known) return found;
  const { issue, in: place } = found.value;
  // One that was transferred answers from where it is now.
  if (place === null || sameName(place, { owner, repo: name })) return known(issue);
  const visible = await isAsVisible(client, place, repo);
  if (!visible.known) return visible;
  return known(visible.value === true ? issue : { exists: "not-verified" });
}

/** `https://api.github.com/repos/kamiyo/api` → the repository. */
function placeOf(repositoryUrl: unknown, asked: Repo): Repo {
  const [name, owner] = text(repositoryUrl ?? "")
    .split("/")
    .reverse();
  return owner && name ? { owner, repo: name } : asked;
}

/** GitHub sent the request on to another address, which the app cannot read. */
function wasTransferred(error: unknown, asked: string): boolean {
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
