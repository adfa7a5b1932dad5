import { isHotfixLike } from "./classify.ts";
import type { PullRequestSnapshot } from "./snapshot.ts";
import type { ProposedConfig } from "./verdict.ts";

const CONFIG_PATHS: readonly string[] = [".github/hotfix.yml", ".github/hotfix.yaml"];

/**
 * While the configuration on the default branch is invalid nothing can be decided, so everything is blocked,
 * except a pull request that changes the configuration alone, to a valid one, and is no hotfix by anybody's
 * measure: otherwise the gate could never be fixed.
 */
export function fixesConfiguration(snapshot: PullRequestSnapshot, proposed: ProposedConfig | null): boolean {
  const { files, pullRequest } = snapshot;
  if (proposed === null || proposed.unread === true || proposed.problems.length > 0 || !files.known)
    return false;
  const [file, ...others] = files.value;
  if (file === undefined || others.length > 0) return false;
  // A renamed or copied file, a link and a change of mode bring a text that nobody reviews as a
  // configuration.
  const changes =
    file.status === "added" ||
    file.status === "modified" ||
    (file.status === "removed" && proposed.leavesOne === true);
  return (
    CONFIG_PATHS.includes(file.path) &&
    changes &&
    !isHotfixLike(
      { headRef: pullRequest.head.ref, title: pullRequest.title, labels: pullRequest.labels },
      null,
    )
  );
}
