import type { RollbackMiss } from "../snapshot/proof.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";

/** As GitHub's button and people name a rollback; it only decides whether to say why it is none. */
const BY_NAME = /^(?:hotfix:? *)?(?:revert|roll(?:ing)?[ -]?back|back[ -]?out)(?![\p{L}\p{N}])/iu;
const BY_BRANCH = /(?:^|\/)(?:revert|rollback|roll-back)(?![\p{L}\p{N}])/iu;
/** What `git revert` writes. */
const BY_MESSAGE = /^This reverts commit [0-9a-f]{7,40}/m;

/**
 * Why it is not the rollback that it says it is; `null`: it is one, does not say so, or that is not known.
 */
export function unprovenRollback(snapshot: PullRequestSnapshot): RollbackMiss | null {
  const { pullRequest, commits, rollbackOf, rollbackMiss = null } = snapshot;
  if (!rollbackOf.known || rollbackOf.value !== null) return null;
  const claims =
    BY_NAME.test(pullRequest.title) ||
    BY_BRANCH.test(pullRequest.head.ref) ||
    (commits.known && commits.value.some(({ message }) => BY_MESSAGE.test(message)));
  return claims ? rollbackMiss : null;
}
