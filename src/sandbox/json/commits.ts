import { diff, type FileChange, names } from "../git/changes.ts";
import type { JsonObject, RepoState, UserState } from "../state.ts";
import type { World } from "../world.ts";
import { userJson } from "./basic.ts";

const base = (world: World, repo: RepoState) => `${world.url}/api/v3/repos/${repo.owner}/${repo.name}`;
const html = (world: World, repo: RepoState) => `${world.url}/${repo.owner}/${repo.name}`;

/** The account that GitHub shows for an e-mail address: a look-up, no proof. */
function accountOf(world: World, email: string): UserState | null {
  const wanted = email.toLowerCase();
  const noreply = /^(?:(\d+)\+)?([^@]+)@users\.noreply\.github\.com$/.exec(wanted);
  for (const user of world.users.values()) {
    if (user.type === "Organization") continue;
    if (user.email?.toLowerCase() === wanted) return user;
    if (noreply && (noreply[1] ? String(user.id) === noreply[1] : user.login.toLowerCase() === noreply[2]))
      return user;
  }
  return null;
}

const verification: JsonObject = {
  verified: false,
  reason: "unsigned",
  signature: null,
  payload: null,
  verified_at: null,
};

/** `GET /git/commits/{sha}`. */
export function gitCommitJson(world: World, repo: RepoState, sha: string): JsonObject {
  const commit = repo.git.commit(sha);
  return {
    sha,
    node_id: `C_${sha}`,
    url: `${base(world, repo)}/git/commits/${sha}`,
    html_url: `${html(world, repo)}/commit/${sha}`,
    author: { ...commit.author },
    committer: { ...commit.committer },
    tree: { sha: commit.tree, url: `${base(world, repo)}/git/trees/${commit.tree}` },
    message: repo.git.message(sha),
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${base(world, repo)}/git/commits/${parent}`,
      html_url: `${html(world, repo)}/commit/${parent}`,
    })),
    verification,
  };
}

/** A commit as the list routes show it. */
export function commitJson(world: World, repo: RepoState, sha: string): JsonObject {
  const commit = repo.git.commit(sha);
  const url = `${base(world, repo)}/commits/${sha}`;
  const author = accountOf(world, commit.author.email);
  const committer = accountOf(world, commit.committer.email);
  return {
    sha,
    node_id: `C_${sha}`,
    commit: {
      author: { ...commit.author },
      committer: { ...commit.committer },
      message: repo.git.message(sha),
      tree: { sha: commit.tree, url: `${base(world, repo)}/git/trees/${commit.tree}` },
      url: `${base(world, repo)}/git/commits/${sha}`,
      comment_count: 0,
      verification,
    },
    url,
    html_url: `${html(world, repo)}/commit/${sha}`,
    comments_url: `${url}/comments`,
    author: author ? userJson(world, author) : null,
    committer: committer ? userJson(world, committer) : null,
    parents: commit.parents.map((parent) => ({
      sha: parent,
      url: `${base(world, repo)}/commits/${parent}`,
      html_url: `${html(world, repo)}/commit/${parent}`,
    })),
  };
}

/** A changed file as the API has it. */
export function fileJson(world: World, repo: RepoState, ref: string, file: FileChange): JsonObject {
  const path = file.filename.split("/").map(encodeURIComponent).join("/");
  return {
    sha: file.sha,
    filename: file.filename,
    status: file.status,
    additions: file.additions,
    deletions: file.deletions,
    changes: file.additions + file.deletions,
    blob_url: `${html(world, repo)}/blob/${ref}/${path}`,
    raw_url: `${html(world, repo)}/raw/${ref}/${path}`,
    contents_url: `${base(world, repo)}/contents/${path}?ref=${ref}`,
    ...(file.patch === undefined ? {} : { patch: file.patch }),
    ...(file.previous === undefined ? {} : { previous_filename: file.previous }),
  };
}

/** `GET /commits/{ref}`: with statistics and files against the first parent. */
export async function fullCommitJson(
  world: World,
  repo: RepoState,
  sha: string,
): Promise<JsonObject & { files: JsonObject[] }> {
  const files = await diff(repo.git, repo.git.commit(sha).parents[0], sha);
  const additions = files.reduce((sum, file) => sum + file.additions, 0);
  const deletions = files.reduce((sum, file) => sum + file.deletions, 0);
  return {
    ...commitJson(world, repo, sha),
    stats: { total: additions + deletions, additions, deletions },
    files: files.map((file) => fileJson(world, repo, sha, file)),
  };
}

/** A commit as push and merge_group payloads show it. */
export function hookCommitJson(world: World, repo: RepoState, sha: string): JsonObject {
  const commit = repo.git.commit(sha);
  const person = (who: { name: string; email: string }) => {
    const account = accountOf(world, who.email);
    return { name: who.name, email: who.email, ...(account ? { username: account.login } : {}) };
  };
  return {
    id: sha,
    tree_id: commit.tree,
    distinct: true,
    message: repo.git.message(sha),
    timestamp: commit.committer.date,
    url: `${html(world, repo)}/commit/${sha}`,
    author: person(commit.author),
    committer: person(commit.committer),
    ...names(repo.git, commit.parents[0], sha),
  };
}
