import { emit, emitOrganization } from "../emit.ts";
import { GitRepository } from "../git/repository.ts";
import { installationJson, repositoryJson, userJson } from "../json/basic.ts";
import type { LabelState, RepoState } from "../state.ts";
import type { RepositoryOptions, Role } from "../types.ts";
import type { World } from "../world.ts";
import { setState } from "./issues.ts";
import { LocalGit } from "./local-git.ts";
import { moveBranch } from "./push.ts";

const standardLabels: [string, string, string][] = [
  ["bug", "d73a4a", "Something isn't working"],
  ["documentation", "0075ca", "Improvements or additions to documentation"],
  ["duplicate", "cfd3d7", "This issue or pull request already exists"],
  ["enhancement", "a2eeef", "New feature or request"],
  ["good first issue", "7057ff", "Good for newcomers"],
  ["help wanted", "008672", "Extra attention is needed"],
  ["invalid", "e4e669", "This doesn't seem right"],
  ["question", "d876e3", "Further information is requested"],
  ["wontfix", "ffffff", "This will not be worked on"],
];

function blank(
  world: World,
  owner: string,
  name: string,
  options: RepositoryOptions,
  parent?: RepoState,
): RepoState {
  const id = world.id();
  const at = world.now();
  const repo: RepoState = {
    id,
    owner,
    name,
    private: false,
    installed: options.installed ?? true,
    defaultBranch: options.defaultBranch ?? "main",
    git: new GitRepository(world.repoFolder(id), parent?.git),
    parent: parent?.id ?? null,
    createdAt: at,
    pushedAt: at,
    hasIssues: parent === undefined,
    archived: false,
    formerNames: [],
    deleteBranchOnMerge: false,
    methods: ["merge", "squash", "rebase"],
    squashTitle: "COMMIT_OR_PR_TITLE",
    squashMessage: "COMMIT_MESSAGES",
    mergeTitle: "MERGE_MESSAGE",
    mergeMessage: "PR_TITLE",
    permissions: new Map(),
    labels: new Map(),
    issues: new Map(),
    nextNumber: options.firstNumber ?? 1,
    activity: [],
    suites: [],
    runs: [],
    statuses: [],
    protection: new Map(),
    deployments: [],
    groups: [],
  };
  configure(repo, options);
  world.repos.push(repo);
  if (repo.installed) world.installation(owner);
  return repo;
}

/** Changes the settings that are given. */
export function configure(repo: RepoState, options: RepositoryOptions): void {
  const {
    mergeMethods,
    private: hidden,
    hasIssues,
    squashTitle,
    squashMessage,
    mergeTitle,
    mergeMessage,
    deleteBranchOnMerge,
  } = options;
  const wanted = {
    methods: mergeMethods,
    private: hidden,
    hasIssues,
    squashTitle,
    squashMessage,
    mergeTitle,
    mergeMessage,
    deleteBranchOnMerge,
  };
  for (const [key, value] of Object.entries(wanted))
    if (value !== undefined) Object.assign(repo, { [key]: value });
}

/**
 * A new repository with GitHub's standard labels and its first commit; the owner's account has to be there.
 */
export async function createRepository(
  world: World,
  fullName: string,
  options: RepositoryOptions,
): Promise<void> {
  const [wantedOwner = "", name = ""] = fullName.split("/");
  if (world.find(fullName)) throw new Error(`sandbox: ${fullName} exists`);
  const owner = world.mustUser(wantedOwner);
  const known = world.installations.some(({ login }) => login === owner.login);
  const repo = blank(world, owner.login, name, options);
  for (const [label, color, description] of standardLabels) {
    const made: LabelState = { id: world.id(), name: label, color, description };
    repo.labels.set(label, made);
  }
  const files = options.files === undefined ? { "README.md": `# ${name}\n` } : options.files;
  if (files) {
    const author =
      owner.type === "Organization"
        ? { name: owner.login, email: `${owner.login}@example.com` }
        : world.person(owner.login);
    const sha = await new LocalGit(world, repo).commit(repo.defaultBranch, {
      message: "Initial commit",
      files,
      author,
    });
    repo.git.local.delete(repo.defaultBranch);
    await moveBranch(world, repo, { user: owner, viaApp: false }, repo.defaultBranch, sha);
  }
  if (repo.installed) installed(world, repo, known);
  if (repo.installed)
    emitOrganization(
      world,
      owner.login,
      "repository",
      { action: "created", repository: repositoryJson(world, repo) },
      owner,
    );
}

/** Tells the app of the installation, or of one more repository in it. These events need no subscription. */
function installed(world: World, repo: RepoState, known: boolean): void {
  const owner = world.user(repo.owner);
  const { id, name, private: hidden } = repo;
  const small = [{ id, node_id: `R_${id}`, name, full_name: `${repo.owner}/${name}`, private: hidden }];
  const installation = installationJson(world, world.installation(repo.owner));
  const body = known
    ? {
        action: "added",
        repository_selection: "all",
        repositories_added: small,
        repositories_removed: [],
        requester: null,
      }
    : { action: "created", repositories: small, requester: null };
  emitOrganization(
    world,
    repo.owner,
    known ? "installation_repositories" : "installation",
    { ...body, installation },
    owner,
    true,
  );
}

/** Forks a repository with all its branches; returns `owner/name`. */
export async function createFork(world: World, fullName: string, login: string): Promise<string> {
  const parent = world.mustRepo(fullName);
  const owner = world.mustUser(login);
  const repo = blank(
    world,
    owner.login,
    parent.name,
    { installed: false, private: parent.private, defaultBranch: parent.defaultBranch },
    parent,
  );
  for (const [branch, sha] of parent.git.branches) repo.git.setRef(`refs/heads/${branch}`, sha);
  return `${owner.login}/${repo.name}`;
}

/** Deletes a repository. Pull requests from it lose their head repository and are closed. */
export async function deleteRepository(world: World, fullName: string): Promise<void> {
  const repo = world.mustRepo(fullName);
  const owner = world.user(repo.owner);
  const actor = { user: owner, viaApp: false };
  emit(world, repo, "repository", { action: "deleted" }, owner);
  world.repos.splice(world.repos.indexOf(repo), 1);
  for (const there of world.repos)
    for (const issue of there.issues.values()) {
      if (issue.pull?.headRepo !== repo.id) continue;
      issue.pull.headRepo = null;
      world.touch(issue);
      if (issue.state === "open") await setState(world, there, issue, actor, "closed");
    }
}

/** Gives somebody a role in a repository; `null` takes it away. */
export function setPermission(world: World, fullName: string, login: string, role: Role | null): void {
  const repo = world.mustRepo(fullName);
  const user = world.mustUser(login);
  const before = repo.permissions.get(login.toLowerCase());
  if (role === null) repo.permissions.delete(login.toLowerCase());
  else repo.permissions.set(login.toLowerCase(), role);
  if ((before ?? null) === role) return;
  const action = role === null ? "removed" : before ? "edited" : "added";
  const changes =
    role === null ? {} : { changes: { permission: { ...(before ? { from: before } : {}), to: role } } };
  emit(world, repo, "member", { action, member: userJson(world, user), ...changes }, world.user(repo.owner));
}
