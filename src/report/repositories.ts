import type { Repo } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { PER_PAGE, readPages } from "../github/api/read.ts";
import { type Fact, known, mapFact } from "../policy/fact.ts";
import type { Scope } from "./scope.ts";

/** A repository of a list, as far as it is read. */
interface RawRepository {
  readonly name: string;
  readonly owner: { readonly login: string };
  readonly archived?: boolean | undefined;
  readonly pushed_at?: string | null | undefined;
}

/**
 * The repositories of a scope to which something was pushed since then, archived ones left out; of an
 * installation, those that the app is installed on.
 */
export async function readRepositories(
  client: GitHubClient,
  scope: Scope,
  since: Date,
): Promise<Fact<readonly Repo[]>> {
  if (scope.kind === "repository") return known([scope.repo]);
  const listed =
    client.installationId === 0 ? await ofOwner(client, scope.login) : await ofInstallation(client);
  return mapFact(listed, (all) =>
    all
      .filter(
        ({ archived, pushed_at }) => archived !== true && Date.parse(pushed_at ?? "") >= since.getTime(),
      )
      .map(({ owner, name }) => ({ owner: owner.login, repo: name })),
  );
}

/** Private ones are listed for organizations alone. */
async function ofOwner({ octokit }: GitHubClient, login: string): Promise<Fact<readonly RawRepository[]>> {
  const mine = await readPages<RawRepository, null>(
    "the repositories",
    (page) => octokit.rest.repos.listForOrg({ org: login, type: "all", per_page: PER_PAGE, page }),
    { notFound: () => null },
  );
  if (!mine.known || mine.value !== null) return mine as Fact<readonly RawRepository[]>;
  return readPages<RawRepository>("the repositories", (page) =>
    octokit.rest.repos.listForUser({ username: login, per_page: PER_PAGE, page }),
  );
}

function ofInstallation({ octokit }: GitHubClient): Promise<Fact<readonly RawRepository[]>> {
  return readPages<RawRepository>("the repositories", async (page) => {
    const { data, headers } = await octokit.rest.apps.listReposAccessibleToInstallation({
      per_page: PER_PAGE,
      page,
    });
    return { data: data.repositories, headers };
  });
}
