import type { ReconcileHint } from "../../jobs/hint.ts";
import type { Job } from "../../jobs/queue.ts";
import { at, listAt, textAt } from "../payload.ts";
import { BRANCH_REF, type Context, commitAt, optional } from "./context.ts";
import { ofInstallation } from "./repository.ts";

const CONFIGURATION = [".github/hotfix.yml", ".github/hotfix.yaml"];
/** GitHub lists at most so many commits in a push. */
const PUSH_COMMITS = 2048;

/** The branch, and everybody whom a changed configuration concerns. */
export function ofPush(context: Context): readonly Job[] {
  const { payload, repository } = context;
  const fullRef = textAt(payload, "ref");
  if (repository === null || !fullRef?.match(BRANCH_REF)) return [];
  const ref = fullRef.replace(BRANCH_REF, "");
  const before = commitAt(payload, "before");
  const hint: ReconcileHint = {
    ...optional("headSha", commitAt(payload, "after")),
    ...(before === undefined ? {} : { formerHeads: [before] }),
  };
  const branch: Job = { key: { ...repository, kind: "branch", ref }, hint };
  const defaultBranch = textAt(payload, "repository", "default_branch") ?? ref;
  if (ref !== defaultBranch || !mayTouchConfiguration(payload)) return [branch];
  const all: Job = { key: { ...repository, kind: "repository", all: true }, hint: {} };
  // The owner's `.github` repository configures the others too.
  const others = repository.repo.toLowerCase() === ".github" ? ofInstallation(context) : [];
  return [branch, all, ...others];
}

/** Does the push change the configuration, or does the event not tell? */
function mayTouchConfiguration(payload: unknown): boolean {
  const commits = listAt(payload, "commits");
  if (at(payload, "forced") === true || commits.length === 0 || commits.length >= PUSH_COMMITS) return true;
  return commits.some((commit) =>
    ["added", "modified", "removed"].some((change) =>
      listAt(commit, change).some((path) => CONFIGURATION.some((one) => one === path)),
    ),
  );
}
