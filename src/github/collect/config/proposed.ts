import { CONFIG_PATHS } from "../../../config/index.ts";
import { hasPermission } from "../../../policy/approval/roles.ts";
import { type Fact, known, unknown } from "../../../policy/fact.ts";
import type { PullRequestFacts } from "../../../policy/snapshot.ts";
import type { ProposedConfig } from "../../../policy/verdict.ts";
import type { Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import type { Changes } from "../git/changes.ts";
import type { ConfigChange } from "../policy.ts";
import { readAccess } from "../pull-request/people.ts";

interface ProposedOptions {
  /** Validates the configuration at a commit of this repository, where the pull request changes it. */
  validateConfigAt(change: ConfigChange): Promise<Fact<ProposedConfig | null>>;
}

/**
 * What is to be said of the configuration that a pull request brings; `null`: it brings none. Files are
 * compared in the order of their paths, so even a comparison that is cut short shows those in `.github`.
 */
export async function readProposedConfig(
  client: GitHubClient,
  repo: Repo,
  { head, fork, author }: PullRequestFacts,
  { files, compared }: Changes,
  { validateConfigAt }: ProposedOptions,
): Promise<Fact<ProposedConfig | null>> {
  const changed = files.known ? files.value : compared.ok ? compared.value.files : null;
  if (changed === null) return unknown("whether it changes the configuration: its files could not be read");
  const own = changed.filter(({ path }) => CONFIG_PATHS.some((one) => one === path));
  if (own.length === 0) return known(null);
  // Who can push to this repository has write access. Nothing of others is parsed: not here, where all wait.
  if (fork) {
    const access = author === null ? NOBODY : await readAccess(client, repo, author.login);
    if (!access.known) return access;
    if (!hasPermission(access.value, "write")) return known({ problems: [], unread: true });
  }
  return validateConfigAt({ sha: head.sha, blobs: new Map(own.map(({ path, sha }) => [path, sha])) });
}

const NOBODY = known({ permission: "none", roleName: "none" });
