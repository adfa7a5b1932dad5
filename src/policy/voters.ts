/** An open pull request, as far as it matters for who decides on its head. */
export interface Claim {
  readonly number: number;
  /** The branch that it would merge into. */
  readonly base: string;
  /** Login; `null`: the account is gone. */
  readonly author: string | null;
}

/** Who decides on a head that several open pull requests share. */
export interface Votes<C extends Claim> {
  /** All of them have to pass. */
  readonly voting: readonly C[];
  /** They are only named. */
  readonly bystanders: readonly C[];
}

/**
 * Who decides on a head is told by head and base (design, section 2): nothing passes to a base that it was
 * not evaluated for. Where somebody with write access has one to a base, those of others to the same base
 * have no say: the same content would land by the former. Others than production bases are left to people
 * with write access, unless nobody else decides.
 */
export function votesOf<C extends Claim>(
  claims: readonly C[],
  mayWrite: (login: string) => boolean,
  isProduction: (base: string) => boolean,
): Votes<C> {
  const isWriters = ({ author }: Claim) => author !== null && mayWrite(author);
  const settled = new Set(claims.filter(isWriters).map(({ base }) => base));
  const voting = claims.filter(
    (claim) => isWriters(claim) || (!settled.has(claim.base) && isProduction(claim.base)),
  );
  if (voting.length === 0) return { voting: claims, bystanders: [] };
  return { voting, bystanders: claims.filter((claim) => !voting.includes(claim)) };
}
