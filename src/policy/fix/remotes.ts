import { fullName } from "../repository.ts";
import { type PullRequestSnapshot, pullRequestNumber, type RepositoryFacts } from "../snapshot.ts";
import { shellWord } from "../text/shell.ts";

/** How the base is fetched, and where the branch is pushed to. */
export interface Remotes {
  /** Commands that come first. */
  readonly fetch: readonly string[];
  /** The base as a revision after that. */
  readonly base: string;
  /** As a word of a command; `null`: there is no remote. */
  readonly push: string | null;
  /** The head is known to be there, so that the push may be held to it. */
  readonly pushed: boolean;
}

/** A clone on this machine: its remotes are known, and the branch may not be pushed yet. */
export interface LocalClone {
  /** Where pull requests go to, and where branches are pushed to; `null`: no remote. */
  readonly remote: string | null;
  readonly pushRemote: string | null;
  readonly base: string;
}

/** Those of the clone that a branch was checked in. */
export function localRemotes({ remote, pushRemote, base }: LocalClone): Remotes {
  return {
    fetch: remote === null ? [] : [`git fetch ${word(remote)}`],
    base: shellWord(base),
    push: pushRemote === null ? null : word(pushRemote),
    pushed: false,
  };
}

/**
 * Which remote of the reader's clone has which repository is told by its address: `origin` may be a fork or
 * the base, and either may be called anything. Where none has it, its web address is taken.
 */
export function remotesOf(snapshot: PullRequestSnapshot): Remotes {
  const { pullRequest, repository } = snapshot;
  const { head, base, fork } = pullRequest;
  const number = pullRequestNumber(snapshot);
  const baseName = fullName(repository);
  const host = repository.url.slice(0, repository.url.length - baseName.length - 1);
  // The base repository has the head of a fork's pull request as well.
  const tip = fork && number !== null ? `refs/pull/${number}/head` : shellWord(head.ref);
  const elsewhere = fork && head.repository !== null;
  return {
    fetch: [
      ...(elsewhere ? [findRemote("fork", head.repository)] : []),
      ...fetchFrom(repository, shellWord(base.ref), tip),
    ],
    base: "FETCH_HEAD",
    push: elsewhere ? `"\${fork:=${host}/${head.repository}}"` : '"$repo"',
    pushed: true,
  };
}

/** A repository's branches, fetched from whichever remote has it, or from its web address: `"$repo"` then. */
export function fetchFrom(
  repository: Pick<RepositoryFacts, "owner" | "name" | "url">,
  ...refs: readonly string[]
): readonly string[] {
  return [
    findRemote("repo", fullName(repository)),
    `git fetch "\${repo:=${repository.url}}" ${refs.join(" ")}`,
  ];
}

/** GitHub's names have nothing that a shell or a pattern expands but the dot. */
function findRemote(variable: string, repository: string): string {
  const name = repository.toLowerCase().replaceAll(".", "[.]");
  return `${variable}=$(git remote -v | awk 'tolower($2) ~ "[:/]${name}([.]git)?/?$" { print $1; exit }')`;
}

function word(remote: string): string {
  return /^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(remote) ? remote : shellWord(remote);
}
