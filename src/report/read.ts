import { isApp, type RawAccount, toAccount } from "../github/api/account.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { type Page, PER_PAGE, read, readPages } from "../github/api/read.ts";
import { type Fact, known, mapFact, neverKnown, unknown } from "../policy/fact.ts";
import { POST_MORTEM_LABEL } from "../policy/labels.ts";
import { subjectOf } from "../policy/post-mortem/subject.ts";
import { fullName } from "../policy/repository.ts";
import type { PostMortemIssue } from "./row.ts";
import { nameOf, type Scope, searchTime, within } from "./scope.ts";

/** An issue of a list or of the search, as far as it is read. */
interface RawIssue {
  readonly number: number;
  readonly title: string;
  readonly body?: string | null | undefined;
  readonly state: string;
  readonly html_url: string;
  readonly repository_url: string;
  readonly created_at: string;
  readonly user: RawAccount | null;
  readonly performed_via_github_app?: { readonly id?: number } | null;
  readonly pull_request?: unknown;
  readonly assignees?: readonly { readonly login: string }[] | null | undefined;
  readonly labels: readonly (string | { readonly name?: string })[];
}

/** The search gives a thousand results and no more. */
const SEARCH_PAGES = 10;
/** Writes what other people's workflows tell it to: never the gate. */
const ACTIONS = "github-actions[bot]";

/**
 * The issues that the app opened and that have changed since then, of which post-mortems are a part: in lists
 * of a hundred. `null`: nobody said which app is the gate, and there is no post-mortem of any.
 */
export async function readPostMortems(
  client: GitHubClient,
  scope: Scope,
  since: Date,
): Promise<Fact<readonly PostMortemIssue[] | null>> {
  const slug = client.app.slug === "" ? await findApp(client, scope) : known(client.app.slug);
  if (!slug.known) return slug;
  if (slug.value === null) return known(null);
  const app = { id: client.app.id, slug: slug.value };
  const issues =
    scope.kind === "repository"
      ? await inRepository(client, scope, { creator: `${app.slug}[bot]`, since: since.toISOString() })
      : await inSearch(
          client,
          `${within(scope)} is:issue author:app/${app.slug} updated:>=${searchTime(since)}`,
        );
  return mapFact(issues, (all) =>
    all
      .filter(({ pull_request }) => !pull_request)
      .filter(({ user, performed_via_github_app: via }) => isApp(toAccount(user), via, app))
      .map(toIssue),
  );
}

/** The slug of the app whose post-mortems these are, where there are some, and all of one app. */
async function findApp(client: GitHubClient, scope: Scope): Promise<Fact<string | null>> {
  const first =
    scope.kind === "repository"
      ? await read("the post-mortems", async () => {
          const labels = POST_MORTEM_LABEL;
          const { owner, repo } = scope.repo;
          return (
            await client.octokit.rest.issues.listForRepo({
              owner,
              repo,
              labels,
              state: "all",
              per_page: PER_PAGE,
            })
          ).data;
        })
      : await read("the post-mortems", async () => {
          const q = `${within(scope)} is:issue label:${POST_MORTEM_LABEL}`;
          return (await client.octokit.rest.search.issuesAndPullRequests({ q, per_page: PER_PAGE })).data
            .items;
        });
  if (!first.known) return first;
  const authors = (first.value as readonly RawIssue[])
    .filter(({ body }) => subjectOf(body ?? "") !== null)
    .flatMap(({ user }) => toAccount(user) ?? [])
    .filter(({ login, type }) => type === "Bot" && login !== ACTIONS)
    .map(({ login }) => login.replace(/\[bot\]$/, ""));
  const [one = null, ...others] = new Set(authors);
  if (others.length === 0) return known(one);
  return neverKnown(
    `several apps have opened post-mortems in ${nameOf(scope)} (${[one, ...others].join(", ")})`,
    "say with --app which one is the gate",
  );
}

function inRepository(
  { octokit }: GitHubClient,
  { repo }: Extract<Scope, { kind: "repository" }>,
  filter: { readonly creator: string; readonly since: string },
): Promise<Fact<readonly RawIssue[]>> {
  return readPages("the post-mortems", (page) =>
    octokit.rest.issues.listForRepo({
      owner: repo.owner,
      repo: repo.repo,
      ...filter,
      state: "all",
      per_page: PER_PAGE,
      page,
    }),
  ) as Promise<Fact<readonly RawIssue[]>>;
}

async function inSearch({ octokit }: GitHubClient, q: string): Promise<Fact<readonly RawIssue[]>> {
  let incomplete = false;
  const found = await readPages(
    "the post-mortems",
    async (page): Promise<Page<RawIssue>> => {
      const { data, headers } = await octokit.rest.search.issuesAndPullRequests({
        q,
        per_page: PER_PAGE,
        page,
      });
      incomplete ||= data.incomplete_results || data.total_count > SEARCH_PAGES * PER_PAGE;
      return { data: data.items as readonly RawIssue[], headers };
    },
    { maxPages: SEARCH_PAGES },
  );
  if (found.known && incomplete)
    return unknown(
      "the post-mortems: GitHub's search did not give all of them; take a shorter --since, or --repo",
    );
  return found;
}

function toIssue(raw: RawIssue): PostMortemIssue {
  const [owner = "", name = ""] = raw.repository_url.split("/").slice(-2);
  return {
    repository: fullName({ owner, name }),
    number: raw.number,
    url: raw.html_url,
    title: raw.title,
    body: raw.body ?? "",
    open: raw.state === "open",
    createdAt: raw.created_at,
    assignees: (raw.assignees ?? []).map(({ login }) => login),
    labels: raw.labels.flatMap((label) => (typeof label === "string" ? label : (label.name ?? []))),
  };
}

/**
 * How many pull requests were merged in the period, to the default branch where it is of one repository: they
 * stand for deployments. The search may lag by minutes.
 */
export function readMergedCount(
  { octokit }: GitHubClient,
  scope: Scope,
  { from, to }: { readonly from: Date; readonly to: Date },
): Promise<Fact<number>> {
  const base = scope.kind === "repository" ? ` base:"${scope.defaultBranch}"` : "";
  const q = `${within(scope)} is:pr is:merged${base} merged:${searchTime(from)}..${searchTime(to)}`;
  return read("the number of merged pull requests", async () => {
    const { data } = await octokit.rest.search.issuesAndPullRequests({ q, per_page: 1 });
    if (data.incomplete_results) throw new Error("GitHub's search was incomplete");
    return data.total_count;
  });
}

const TEAMS = `query ($login: String!) {
  organization(login: $login) {
    teams(first: 100) {
      nodes { slug members(first: 100) { nodes { login } } }
    }
  }
}`;

interface TeamsAnswer {
  readonly organization: {
    readonly teams: {
      readonly nodes: readonly {
        readonly slug: string;
        readonly members: { readonly nodes: readonly { readonly login: string }[] };
      }[];
    };
  } | null;
}

/**
 * The teams of each person, by lower-case login, in one request: of the first hundred teams, the first
 * hundred members. Unknown where the owner is no organization, or the token may not see its teams.
 */
export function readTeams(
  { octokit }: GitHubClient,
  scope: Scope,
): Promise<Fact<ReadonlyMap<string, readonly string[]>>> {
  const login = scope.kind === "repository" ? scope.repo.owner : scope.login;
  return read("the teams", async () => {
    const { organization } = await octokit.graphql<TeamsAnswer>(TEAMS, { login });
    const teams = new Map<string, string[]>();
    for (const { slug, members } of organization?.teams.nodes ?? [])
      for (const member of members.nodes)
        teams.set(member.login.toLowerCase(), [...(teams.get(member.login.toLowerCase()) ?? []), slug]);
    return teams;
  });
}
