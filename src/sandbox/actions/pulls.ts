import { invalid, refuse } from "../errors.ts";
import { mergeCommits } from "../git/changes.ts";
import type { Actor, IssueState, PullState, RepoState } from "../state.ts";
import type { World } from "../world.ts";
import { announce, blankIssue, checkText, crossReference } from "./issues.ts";
import { moveBranch, noteCommits } from "./push.ts";

/** The body of `POST …/pulls`, unchecked. */
export interface NewPull {
  title: unknown;
  head: unknown;
  base: unknown;
  body?: unknown;
  draft?: unknown;
}

/** What `POST …/pulls` does. */
export async function openPull(
  world: World,
  repo: RepoState,
  actor: Actor,
  spec: NewPull,
): Promise<IssueState> {
  checkText("PullRequest", spec.title ?? "", spec.body);
  if (typeof spec.head !== "string" || spec.head === "")
    throw invalid("PullRequest", "head", "missing_field");
  if (typeof spec.base !== "string" || spec.base === "")
    throw invalid("PullRequest", "base", "missing_field");
  const colon = spec.head.indexOf(":");
  const owner = colon < 0 ? repo.owner : spec.head.slice(0, colon);
  const headRef = spec.head.slice(colon + 1);
  const sameNetwork = (one: RepoState) => one === repo || one.parent === repo.id || one.id === repo.parent;
  const headRepo = world.repos.find(
    (one) => one.owner.toLowerCase() === owner.toLowerCase() && sameNetwork(one),
  );
  const headSha = headRepo?.git.branches.get(headRef);
  const baseSha = repo.git.branches.get(spec.base);
  if (!headRepo || !headSha) throw invalid("PullRequest", "head", "invalid");
  if (!baseSha) throw invalid("PullRequest", "base", "invalid");
  if (repo.git.isAncestor(headSha, baseSha))
    throw invalid("PullRequest", "base", "custom", `No commits between ${spec.base} and ${headRef}`);
  if (!repo.git.mergeBase(baseSha, headSha))
    throw invalid(
      "PullRequest",
      "base",
      "custom",
      `The ${headRef} branch has no history in common with ${spec.base}`,
    );
  for (const other of repo.issues.values())
    if (
      other.state === "open" &&
      other.pull?.headRepo === headRepo.id &&
      other.pull.headRef === headRef &&
      other.pull.baseRef === spec.base
    )
      throw refuse(422, "Validation Failed", [
        {
          resource: "PullRequest",
          code: "custom",
          message: `A pull request already exists for ${headRepo.owner}:${headRef}.`,
        },
      ]);
  const body = typeof spec.body === "string" && spec.body !== "" ? spec.body : null;
  const issue = blankIssue(world, repo, actor, spec.title as string, body);
  issue.pull = {
    headRepo: headRepo.id,
    headOwner: headRepo.owner,
    headRef,
    headSha,
    baseRef: spec.base,
    baseSha,
    draft: spec.draft === true,
    mergedAt: null,
    mergedBy: null,
    mergeSha: null,
    reviews: [],
    reviewers: [],
    teamReviewers: [],
  };
  repo.git.setRef(`refs/pull/${issue.number}/head`, headSha);
  noteCommits(world, repo, issue, actor);
  crossReference(world, repo, issue, actor, body);
  await announce(world, repo, issue, "opened", actor);
  return issue;
}

/** The body of `PATCH …/pulls/{n}`, unchecked; what is not set stays. */
export interface PullChange {
  title?: unknown;
  body?: unknown;
  base?: unknown;
  draft?: unknown;
}

/** Title, body, base and draft; the state is `setState`'s. */
export async function editPull(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  change: PullChange,
): Promise<void> {
  const pull = issue.pull as PullState;
  checkText("PullRequest", change.title, change.body);
  if (typeof change.base === "string" && change.base !== pull.baseRef) {
    const sha = repo.git.branches.get(change.base);
    if (!sha) throw invalid("PullRequest", "base", "invalid");
    if (issue.state !== "open") throw refuse(422, "Cannot change the base branch of a closed pull request.");
    const from = { ref: { from: pull.baseRef }, sha: { from: pull.baseSha } };
    pull.baseRef = change.base;
    pull.baseSha = sha;
    world.addEvent(issue, "base_ref_changed", actor);
    noteCommits(world, repo, issue, actor);
    await announce(world, repo, issue, "edited", actor, { changes: { base: from } });
  }
  await editText(world, repo, issue, actor, change);
  if (typeof change.draft === "boolean" && change.draft !== pull.draft) {
    pull.draft = change.draft;
    world.addEvent(issue, change.draft ? "convert_to_draft" : "ready_for_review", actor);
    await announce(world, repo, issue, change.draft ? "converted_to_draft" : "ready_for_review", actor);
  }
}

/** Title and body of an issue or pull request. */
export async function editText(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  change: { title?: unknown; body?: unknown },
): Promise<void> {
  checkText(issue.pull ? "PullRequest" : "Issue", change.title, change.body);
  if (typeof change.title === "string" && change.title !== issue.title) {
    const from = issue.title;
    issue.title = change.title;
    world.addEvent(issue, "renamed", actor, { rename: { from, to: change.title } });
    await announce(world, repo, issue, "edited", actor, { changes: { title: { from } } });
  }
  const body = change.body === "" ? null : change.body;
  if ((typeof body === "string" || body === null) && body !== issue.body) {
    const from = issue.body ?? "";
    issue.body = body;
    world.touch(issue);
    crossReference(world, repo, issue, actor, body);
    await announce(world, repo, issue, "edited", actor, { changes: { body: { from } } });
  }
}

/** The "Update branch" button: merges the base into the head. */
export async function updateBranch(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  expected: unknown,
): Promise<void> {
  const pull = issue.pull as PullState;
  if (typeof expected === "string" && expected !== pull.headSha)
    throw refuse(422, `expected head sha didn't match current head ref.`);
  const headRepo = world.repoById(pull.headRepo);
  const tip = repo.git.branches.get(pull.baseRef);
  if (!headRepo || !tip || issue.state !== "open") throw refuse(422, "Validation Failed");
  if (repo.git.isAncestor(tip, pull.headSha))
    throw refuse(422, "There are no new commits on the base branch.");
  const tree = await mergeCommits(repo.git, pull.headSha, tip);
  if (!tree) throw refuse(422, "merge conflict between base and head");
  const by = identity(world, actor);
  const sha = repo.git.objects.writeCommit({
    tree,
    parents: [pull.headSha, tip],
    author: by,
    committer: webFlow(world),
    message: `Merge branch '${pull.baseRef}' into ${pull.headRef}`,
  });
  await moveBranch(world, headRepo, actor, pull.headRef, sha);
}

/** Who a commit made in the browser is by. */
export function identity(world: World, actor: Actor): { name: string; email: string; date: string } {
  const user = actor.user;
  const login = user?.login ?? "ghost";
  return {
    name: user?.name ?? login,
    email: user?.email ?? `${user?.id ?? 0}+${login}@users.noreply.github.com`,
    date: world.now(),
  };
}

export const webFlow = (world: World): { name: string; email: string; date: string } => ({
  name: "GitHub",
  email: "noreply@github.com",
  date: world.now(),
});
