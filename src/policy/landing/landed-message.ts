import { type Field, REQUIRED_FIELDS } from "../commit-message/fields.ts";
import { isDeploymentTitle, isMerge, parseCommit } from "../commit-message/hotfix-commit.ts";
import type { Policy } from "../policy.ts";
import type { Commit } from "../snapshot/change.ts";

/**
 * The fields that what landed on the base branch lacks. Under `require_in: one` the best message counts, that
 * of a merge commit too, since it may be the one that carries them; under `every` each commit that is no
 * merge has to have them.
 */
export function landedWithout(commits: readonly Commit[], policy: Policy): readonly Field[] {
  const messages = commits.map((commit) => {
    const { parsed, missing } = parseCommit(commit);
    return { merge: isMerge(commit), titled: isDeploymentTitle(parsed.title, policy), missing };
  });
  if (policy.commit.require_in === "every") {
    const own = messages.filter(({ merge }) => !merge).map(({ missing }) => missing);
    return own.length === 0
      ? REQUIRED_FIELDS
      : REQUIRED_FIELDS.filter((field) => own.some((missing) => missing.includes(field)));
  }
  const titled = messages.filter((message) => message.titled);
  const candidates = titled.length > 0 ? titled : messages;
  return candidates
    .map(({ missing }) => missing)
    .reduce((best, missing) => (missing.length < best.length ? missing : best), REQUIRED_FIELDS);
}
