import type { PersonNeed } from "./approval/needs.ts";
import { hasPermission, personOf } from "./approval/roles.ts";
import { parseCommand } from "./command.ts";
import { type Fact, known, unknown } from "./fact.ts";
import type { Policy } from "./policy.ts";
import { type Account, type AccountName, sameAccount } from "./snapshot/account.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import { isAfter } from "./time.ts";

/** Somebody with write access who stands behind a pull request: people may be called for it. */
export interface Voucher {
  readonly login: string;
  /** `opened`: the author; else what the first of the others did. */
  readonly how: "opened" | "labeled" | "reviewed" | "commanded";
}

const NOT_ASKED = unknown("not asked for");

/**
 * So many people's access is asked for: an outsider's pull request must not cost a request for everybody who
 * says something.
 */
const MOST_ASKED = 10;

/**
 * The author where they have write access, else the first other person with write access who set a label,
 * reviewed, or wrote a command. `null`: nobody, so that nobody may be called. Unknown: somebody's access
 * could not be read, or the author's was not asked for since nobody has to be called, and no one is known to
 * have it.
 */
export function voucherOf(snapshot: PullRequestSnapshot): Fact<Voucher | null> {
  const { author, fork } = snapshot.pullRequest;
  // An app that can push here was given that by an administrator, and has no permission that could be asked
  // for.
  if (author?.type === "Bot" && !fork) return known({ login: author.login, how: "opened" });
  let undecided: Fact<Voucher | null> = known(null);
  const acts = [
    ...(author?.type !== "User" ? [] : [{ login: author.login, how: "opened" as const }]),
    ...actsOf(snapshot),
  ];
  for (const act of acts) {
    const access = personOf(snapshot, act.login)?.access;
    if (access === undefined) {
      if (act.how === "opened") undecided = NOT_ASKED;
    } else if (!access.known) undecided = access;
    else if (hasPermission(access.value, "write")) return known({ login: act.login, how: act.how });
  }
  return undecided;
}

/**
 * Whose access has to be read for `voucherOf`: the author's, and the others' once that is known not to do.
 */
export function vouchersNeeded(snapshot: PullRequestSnapshot, policy: Policy): readonly PersonNeed[] {
  const { state, draft, author, fork } = snapshot.pullRequest;
  if (policy.mode !== "enforce" || state !== "open" || draft || snapshot.origin.kind !== "pull-request")
    return [];
  const need = ({ login, id }: AccountName): PersonNeed => ({
    login,
    ...(id === undefined ? {} : { id }),
    access: true,
    teams: [],
    profile: false,
  });
  if (author?.type === "Bot") {
    if (!fork) return [];
  } else if (author !== null) {
    const access = personOf(snapshot, author.login)?.access;
    if (access?.known !== true) return [need(author)];
    if (hasPermission(access.value, "write")) return [];
  }
  const people = new Map(actsOf(snapshot).map((act) => [act.login.toLowerCase(), act]));
  return [...people.values()].slice(0, MOST_ASKED).map(need);
}

/**
 * What others than the author did, labels first, since setting them takes more than a browser; each kind
 * oldest first.
 */
function actsOf({ history, pullRequest }: PullRequestSnapshot): readonly (Voucher & AccountName)[] {
  if (!history.known) return [];
  const { labels, reviews, comments } = history.value;
  const { author, createdAt: opened } = pullRequest;
  const by = (account: Account | null, at: string, how: Voucher["how"]) =>
    account?.type !== "User" || (author !== null && sameAccount(account, author)) || isAfter(opened, at)
      ? []
      : [{ login: account.login, ...(account.id === undefined ? {} : { id: account.id }), how }];
  return [
    ...labels.filter(({ byApp }) => !byApp).flatMap(({ actor, at }) => by(actor, at, "labeled")),
    ...reviews.flatMap(({ author, at }) => by(author, at, "reviewed")),
    ...comments
      .filter(({ byApp, body }) => !byApp && parseCommand(body) !== null)
      .flatMap(({ author, createdAt }) => by(author, createdAt, "commanded")),
  ];
}
