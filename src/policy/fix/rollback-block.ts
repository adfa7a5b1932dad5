import type { RepositoryFacts } from "../snapshot.ts";
import { shellWord } from "../text/shell.ts";
import { compareUrl } from "../text/web-address.ts";
import { inChain } from "./chain.ts";
import { ghRepository, withOrWithout } from "./pull-request-commands.ts";
import { fetchFrom } from "./remotes.ts";

/** A hotfix that landed. */
export interface Landed {
  readonly repository: Pick<RepositoryFacts, "owner" | "name" | "url">;
  readonly number: number;
  readonly base: string;
  /** The merge or squash commit; of a rebase, the newest commit. */
  readonly sha: string;
  /** `merge`: a commit with two parents. `rebase`: so many commits landed, one after another, up to `sha`. */
  readonly how:
    | { readonly kind: "merge" }
    | { readonly kind: "squash" }
    | { readonly kind: "rebase"; readonly commits: number };
}

/** Reverts it in a pull request of its own. */
export function rollbackBlock(landed: Landed): string {
  const { repository, number, base } = landed;
  const branch = `rollback/${number}`;
  const create = `gh pr create ${ghRepository(repository.url)} --base ${shellWord(base)} --head ${branch} --title 'Roll back #${number}' --body 'Reverts #${number}.'`;
  return inChain([
    ...fetchFrom(repository, shellWord(base)),
    `git switch --no-track --create ${branch} FETCH_HEAD`,
    revert(landed),
    `git push --set-upstream "$repo" ${branch}`,
    withOrWithout([create], `If gh did not: open ${compareUrl(repository.url, base, branch)}`),
  ]).join("\n");
}

/** Reverts it on the base branch itself, whatever the reader's own branch of that name is. */
export function directRollbackBlock(landed: Landed): string {
  const { repository, base } = landed;
  return inChain([
    ...fetchFrom(repository, shellWord(base)),
    "git switch --detach FETCH_HEAD",
    revert(landed),
    `git push "$repo" HEAD:${shellWord(`refs/heads/${base}`)}`,
  ]).join("\n");
}

function revert({ sha, how }: Landed): string {
  if (how.kind === "merge") return `git revert --no-edit -m 1 ${sha}`;
  // zsh takes a tilde in a word for a pattern with some of its options.
  return `git revert --no-edit ${how.kind === "squash" ? sha : `'${sha}~${how.commits}..${sha}'`}`;
}
