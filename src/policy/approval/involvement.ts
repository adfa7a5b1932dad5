import { type Fact, known, unknown } from "../fact.ts";
import { type AccountName, sameAccount } from "../snapshot/account.ts";
import type { Commit } from "../snapshot/change.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { hasPushed } from "./pushes.ts";
import type { Involvement, InvolvementOf } from "./reading.ts";
import { personOf } from "./roles.ts";

/** A name and an address as git or a trailer gives them; `login` where GitHub knows whose they are. */
interface Identity {
  readonly login: string | null;
  readonly id?: number;
  readonly name: string;
  readonly email: string;
}

const CO_AUTHOR = /^co-authored-by:\s*([^<\n]{0,200})<([^>\n]{1,320})>/gim;
/** GitHub's own addresses: `login@…`, or `id+login@…`, where the id stays when the login changes. */
const NOREPLY = /^(?:(\d{1,15})\+)?([^@+]+)@users\.noreply\./i;
/** Commits made in GitHub's web interface are committed by GitHub itself. */
const GITHUB_ITSELF = "web-flow";

/**
 * Authors, committers and co-authors of the commits. Git's texts are free; GitHub's look-up of an address is
 * only a look-up.
 */
function identities(commits: readonly Commit[]): readonly Identity[] {
  return commits.flatMap((commit) => [
    withLogin(commit.author),
    withLogin(commit.committer),
    ...[...commit.message.matchAll(CO_AUTHOR)].map((match) =>
      withLogin({ login: null, name: (match[1] ?? "").trim(), email: (match[2] ?? "").trim() }),
    ),
  ]);
}

function withLogin(identity: Identity): Identity {
  if (identity.login !== null) return identity;
  const [, id, login = null] = NOREPLY.exec(identity.email) ?? [];
  return { ...identity, ...(id === undefined ? {} : { id: Number(id) }), login };
}

/**
 * Identities that no account is known for: whether they are a given person's can only be told from names and
 * addresses.
 */
export function unlinked(commits: readonly Commit[]): readonly Identity[] {
  return identities(commits).filter((identity) => identity.login === null);
}

/**
 * How people stand to the change. *Author* opened the pull request; *pusher* brought one of its commits to
 * the branch (`hasPushed`); *contributor* is author, committer or co-author of a commit, by account or, where
 * GitHub knows no account for the address, by the address or name of the profile.
 */
export function involvement(snapshot: PullRequestSnapshot): InvolvementOf {
  const { commits, pullRequest } = snapshot;
  return (who) => {
    if (pullRequest.author !== null && sameAccount(pullRequest.author, who)) return known("author");
    if (!commits.known) return commits;
    const pushed = hasPushed(snapshot, who);
    if (!pushed.known) return pushed;
    if (pushed.value) return known("pusher");
    return contribution(snapshot, commits.value, who);
  };
}

/**
 * By account, or by the login alone where an address of GitHub's names it: either is enough to be involved.
 */
function isWhose({ login, id }: Identity, who: AccountName): boolean {
  if (login === null) return false;
  return sameAccount({ login, ...(id === undefined ? {} : { id }) }, who) || sameAccount({ login }, who);
}

function contribution(
  snapshot: PullRequestSnapshot,
  commits: readonly Commit[],
  who: AccountName,
): Fact<Involvement | null> {
  const { login } = who;
  if (login.toLowerCase() === GITHUB_ITSELF) return known(null);
  if (identities(commits).some((identity) => isWhose(identity, who))) return known("contributor");
  const strangers = unlinked(commits);
  if (strangers.length === 0) return known(null);
  const profile =
    personOf(snapshot, login)?.profile ??
    unknown(`the profile of ${login}, to compare with the commits' authors, was not read`);
  if (!profile.known) return profile;
  const mine = [login, profile.value.name, profile.value.email]
    .filter((text) => text !== null && text.trim() !== "")
    .map((text) => (text as string).trim().toLowerCase());
  const isMine = strangers.some(({ name, email }) =>
    [name, email, email.split("@")[0] ?? ""].some((text) => mine.includes(text.trim().toLowerCase())),
  );
  return known(isMine ? "contributor" : null);
}
