import { refuse } from "../errors.ts";
import { mergeCommits, mergeTrees } from "../git/changes.ts";
import type { Signature } from "../git/objects.ts";
import { pullCommits } from "../json/pulls.ts";
import type { Actor, IssueState, PullState, RepoState } from "../state.ts";
import type { MergeMethod } from "../types.ts";
import type { World } from "../world.ts";
import { blockers, mayBypass } from "./protection.ts";
import { identity, webFlow } from "./pulls.ts";
import { finishMerge, moveBranch } from "./push.ts";

/** The body of `PUT …/pulls/{n}/merge`, unchecked; `bypass`: as an administrator past the protection. */
export interface MergeRequest {
  merge_method?: unknown;
  sha?: unknown;
  commit_title?: unknown;
  commit_message?: unknown;
  bypass?: boolean;
}

const names: Record<MergeMethod, string> = {
  merge: "Merge commits",
  squash: "Squash merges",
  rebase: "Rebase merges",
};

/** The merge button. */
export async function merge(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  request: MergeRequest,
): Promise<string> {
  const pull = issue.pull as PullState;
  const method = (request.merge_method ?? "merge") as MergeMethod;
  if (!(method in names))
    throw refuse(422, "Invalid request.\n\nmerge_method is not a member of merge, squash, rebase.");
  if (issue.state !== "open") throw refuse(405, "Pull Request is not mergeable");
  if (typeof request.sha === "string" && request.sha !== pull.headSha)
    throw refuse(409, "Head branch was modified. Review and try the merge again.");
  if (pull.draft) throw refuse(405, "Pull Request is still a draft");
  if (!repo.methods.includes(method))
    throw refuse(405, `${names[method]} are not allowed on this repository.`);
  const wanting = blockers(world, repo, pull.baseRef, pull.headSha, issue);
  if (wanting.length > 0 && !(request.bypass && mayBypass(world, repo, pull.baseRef, actor.user)))
    throw refuse(405, wanting.join(" "));
  const tip = repo.git.branches.get(pull.baseRef);
  if (!tip) throw refuse(405, "Base branch does not exist");
  const sha = await build(world, repo, issue, pull, actor, method, tip, request);
  await finishMerge(world, repo, issue, actor, sha);
  await moveBranch(world, repo, actor, pull.baseRef, sha, { type: "pr_merge", merging: issue });
  const headRepo = world.repoById(pull.headRepo);
  if (repo.deleteBranchOnMerge && headRepo === repo && repo.git.branches.get(pull.headRef) === pull.headSha)
    await moveBranch(world, repo, actor, pull.headRef, undefined);
  return sha;
}

async function build(
  world: World,
  repo: RepoState,
  issue: IssueState,
  pull: PullState,
  actor: Actor,
  method: MergeMethod,
  tip: string,
  request: MergeRequest,
): Promise<string> {
  const conflict = () => refuse(405, "Pull Request is not mergeable");
  const { objects } = repo.git;
  if (method === "rebase") return rebase(world, repo, pull, tip, identity(world, actor));
  const tree = await mergeCommits(repo.git, tip, pull.headSha);
  if (!tree) throw conflict();
  const author = method === "merge" ? identity(world, actor) : squashAuthor(world, repo, issue, pull, actor);
  const standard =
    method === "merge" ? mergeMessage(repo, issue, pull) : squashMessage(repo, issue, pull, author.email);
  const title =
    typeof request.commit_title === "string" && request.commit_title !== ""
      ? request.commit_title
      : standard.title;
  const body = typeof request.commit_message === "string" ? request.commit_message : standard.body;
  return objects.writeCommit({
    tree,
    parents: method === "merge" ? [tip, pull.headSha] : [tip],
    author,
    committer: webFlow(world),
    message: body ? `${title}\n\n${body}` : title,
  });
}

/** The commits of a pull request, made anew one by one. */
export async function rebase(
  world: World,
  repo: RepoState,
  pull: PullState,
  tip: string,
  by: Signature,
): Promise<string> {
  let onto = tip;
  for (const sha of pullCommits(repo, pull)) {
    const commit = repo.git.commit(sha);
    if (commit.parents.length > 1) continue;
    const tree = await mergeTrees(repo.git, commit.parents[0], onto, sha);
    if (!tree) throw refuse(405, "This branch can't be rebased");
    onto = repo.git.objects.writeCommit({
      tree,
      parents: [onto],
      author: commit.author,
      committer: { ...by, date: world.now() },
      message: commit.message,
    });
  }
  return onto;
}

function mergeMessage(repo: RepoState, issue: IssueState, pull: PullState): { title: string; body: string } {
  const line = `Merge pull request #${issue.number} from ${pull.headOwner}/${pull.headRef}`;
  const body =
    repo.mergeMessage === "PR_BODY"
      ? (issue.body ?? "")
      : repo.mergeMessage === "PR_TITLE"
        ? issue.title
        : "";
  return { title: repo.mergeTitle === "PR_TITLE" ? `${issue.title} (#${issue.number})` : line, body };
}

/** The author of a squash commit is the pull request's author, whoever presses the button. */
function squashAuthor(
  world: World,
  repo: RepoState,
  issue: IssueState,
  pull: PullState,
  actor: Actor,
): Signature {
  const user = world.user(issue.user);
  if (user) return identity(world, { user, viaApp: false });
  const first = pullCommits(repo, pull)[0];
  return first ? { ...repo.git.commit(first).author, date: world.now() } : identity(world, actor);
}

function squashMessage(
  repo: RepoState,
  issue: IssueState,
  pull: PullState,
  author: string,
): { title: string; body: string } {
  const commits = pullCommits(repo, pull).filter((sha) => repo.git.commit(sha).parents.length < 2);
  const only = commits.length === 1 && commits[0] ? repo.git.message(commits[0]) : undefined;
  const useCommit = only !== undefined && repo.squashTitle === "COMMIT_OR_PR_TITLE";
  const title = `${useCommit ? (only.split("\n")[0] ?? "") : issue.title} (#${issue.number})`;
  let body = "";
  if (repo.squashMessage === "PR_BODY") body = issue.body ?? "";
  else if (repo.squashMessage === "COMMIT_MESSAGES")
    body =
      only !== undefined
        ? only.split("\n").slice(1).join("\n").trim()
        : commits.map((sha) => `* ${repo.git.message(sha)}`).join("\n\n");
  const trailers = coAuthors(repo, author, commits, body);
  return {
    title,
    body: [body, trailers].filter(Boolean).join(body.includes("\n* ") ? "\n\n---------\n\n" : "\n\n"),
  };
}

/** Everybody who wrote a commit and is not the author of the squash commit. */
function coAuthors(repo: RepoState, author: string, commits: string[], body: string): string {
  const seen = new Map<string, string>();
  for (const sha of commits) {
    const commit = repo.git.commit(sha);
    seen.set(
      commit.author.email.toLowerCase(),
      `Co-authored-by: ${commit.author.name} <${commit.author.email}>`,
    );
    for (const [line, email] of commit.message.matchAll(/^Co-authored-by: [^<\n]*<([^>\n]+)>/gim))
      seen.set((email ?? "").toLowerCase(), line);
  }
  seen.delete(author.toLowerCase());
  return [...seen.values()].filter((line) => !body.includes(line)).join("\n");
}
