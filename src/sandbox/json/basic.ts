import type { JsonObject, LabelState, RepoState, TeamState, UserState } from "../state.ts";
import type { World } from "../world.ts";

const api = (world: World) => `${world.url}/api/v3`;

/** A "simple user". Deleted accounts show as GitHub's placeholder `ghost` where a user is required. */
export function userJson(world: World, user: UserState | null): JsonObject {
  const login = user?.login ?? "ghost";
  const url = `${api(world)}/users/${encodeURIComponent(login)}`;
  const id = user?.id ?? 10137;
  return {
    login,
    id,
    node_id: `U_${id}`,
    avatar_url: `${world.url}/avatars/u/${id}`,
    gravatar_id: "",
    url,
    html_url: `${world.url}/${user?.type === "Bot" ? `apps/${login.replace("[bot]", "")}` : login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type: user?.type ?? "User",
    user_view_type: "public",
    site_admin: false,
  };
}

/** The same, or null for an account that is gone (or never was). */
export const userOrNull = (world: World, login: string | null): JsonObject | null => {
  const user = world.user(login);
  return user ? userJson(world, user) : null;
};

/** `GET /users/{login}`. */
export function profileJson(world: World, user: UserState): JsonObject {
  return {
    ...userJson(world, user),
    name: user.name,
    company: null,
    blog: "",
    location: null,
    email: user.type === "User" ? user.email : null,
    hireable: null,
    bio: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: user.createdAt,
    updated_at: user.createdAt,
  };
}

const templates = [
  "forks",
  "keys{/key_id}",
  "collaborators{/collaborator}",
  "teams",
  "hooks",
  "issue_events:issues/events{/number}",
  "events",
  "assignees{/user}",
  "branches{/branch}",
  "tags",
  "blobs:git/blobs{/sha}",
  "git_tags:git/tags{/sha}",
  "git_refs:git/refs{/sha}",
  "trees:git/trees{/sha}",
  "statuses/{sha}",
  "languages",
  "stargazers",
  "contributors",
  "subscribers",
  "subscription",
  "commits{/sha}",
  "git_commits:git/commits{/sha}",
  "comments{/number}",
  "issue_comment:issues/comments{/number}",
  "contents/{+path}",
  "compare/{base}...{head}",
  "merges",
  "archive:{archive_format}{/ref}",
  "downloads",
  "issues{/number}",
  "pulls{/number}",
  "milestones{/number}",
  "notifications{?since,all,participating}",
  "labels{/name}",
  "releases{/id}",
  "deployments",
];

/** A repository. The merge settings only where the reader may write contents, as GitHub documents. */
export function repositoryJson(world: World, repo: RepoState, settings = false): JsonObject {
  const url = `${api(world)}/repos/${repo.owner}/${repo.name}`;
  const html = `${world.url}/${repo.owner}/${repo.name}`;
  const urls: JsonObject = {};
  for (const template of templates) {
    const [, name = "", path = ""] = /^(?:(\w+):)?(.*)$/.exec(template) ?? [];
    urls[`${name || (/^\w+/.exec(path)?.[0] ?? "")}_url`] = `${url}/${path}`;
  }
  const open = [...repo.issues.values()].filter((issue) => issue.state === "open" && !issue.gone).length;
  return {
    id: repo.id,
    node_id: `R_${repo.id}`,
    name: repo.name,
    full_name: `${repo.owner}/${repo.name}`,
    private: repo.private,
    owner: userJson(world, world.user(repo.owner)),
    html_url: html,
    description: null,
    fork: repo.parent !== null,
    url,
    ...urls,
    created_at: repo.createdAt,
    updated_at: repo.pushedAt,
    pushed_at: repo.pushedAt,
    git_url: html.replace(/^https?/, "git"),
    ssh_url: `git@${world.url.replace(/^https?:\/\//, "")}:${repo.owner}/${repo.name}.git`,
    clone_url: `${html}.git`,
    svn_url: html,
    homepage: null,
    size: 1,
    stargazers_count: 0,
    watchers_count: 0,
    language: null,
    has_issues: repo.hasIssues,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: 0,
    mirror_url: null,
    archived: repo.archived,
    disabled: false,
    open_issues_count: open,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repo.private ? "private" : "public",
    forks: 0,
    open_issues: open,
    watchers: 0,
    default_branch: repo.defaultBranch,
    ...(settings
      ? {
          allow_merge_commit: repo.methods.includes("merge"),
          allow_squash_merge: repo.methods.includes("squash"),
          allow_rebase_merge: repo.methods.includes("rebase"),
          allow_auto_merge: false,
          allow_update_branch: true,
          delete_branch_on_merge: repo.deleteBranchOnMerge,
          squash_merge_commit_title: repo.squashTitle,
          squash_merge_commit_message: repo.squashMessage,
          merge_commit_title: repo.mergeTitle,
          merge_commit_message: repo.mergeMessage,
          use_squash_pr_title_as_default: repo.squashTitle === "PR_TITLE",
        }
      : {}),
  };
}

/** A label as the API has it. */
export function labelJson(world: World, repo: RepoState, label: LabelState): JsonObject {
  return {
    id: label.id,
    node_id: `LA_${label.id}`,
    url: `${api(world)}/repos/${repo.owner}/${repo.name}/labels/${encodeURIComponent(label.name)}`,
    name: label.name,
    color: label.color,
    default: false,
    description: label.description,
  };
}

/** An organization in full, as teams show theirs. */
export function organizationJson(world: World, login: string): JsonObject {
  const url = `${api(world)}/orgs/${login}`;
  return {
    ...userJson(world, world.user(login)),
    url,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    description: null,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    archived_at: null,
  };
}

/** A team as the API has it; `nested`: with its parent. */
export function teamJson(world: World, team: TeamState, nested = true): JsonObject {
  const url = `${api(world)}/organizations/${world.user(team.org)?.id ?? 0}/team/${team.id}`;
  const parent = team.parent
    ? world.teams.find((one) => one.org === team.org && one.slug === team.parent)
    : undefined;
  return {
    id: team.id,
    node_id: `T_${team.id}`,
    name: team.name,
    slug: team.slug,
    description: null,
    privacy: team.secret ? "secret" : "closed",
    notification_setting: "notifications_enabled",
    url,
    html_url: `${world.url}/orgs/${team.org}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    permission: "pull",
    type: "organization",
    organization_id: world.user(team.org)?.id ?? 0,
    ...(nested ? { parent: parent ? teamJson(world, parent, false) : null } : {}),
  };
}

/** The app itself, as on check runs and `performed_via_github_app`. */
export function appJson(world: World, id: number = world.app.id): JsonObject {
  const own = id === world.app.id;
  const owner = world.user(world.installations[0]?.login);
  return {
    id,
    slug: own ? world.app.slug : "github-actions",
    node_id: `A_${id}`,
    client_id: `Iv23li${id}`,
    owner: owner ? userJson(world, owner) : null,
    name: own ? world.app.slug : "GitHub Actions",
    description: "",
    external_url: world.url,
    html_url: `${world.url}/apps/${own ? world.app.slug : "github-actions"}`,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    permissions: own ? { metadata: "read", ...world.options.permissions } : { checks: "write" },
    events: own ? world.options.events : [],
  };
}

/** An installation, as the app sees it. */
export function installationJson(world: World, one: { id: number; login: string }): JsonObject {
  const account = world.user(one.login);
  const url = api(world);
  return {
    id: one.id,
    account: userJson(world, account),
    access_tokens_url: `${url}/app/installations/${one.id}/access_tokens`,
    repositories_url: `${url}/installation/repositories`,
    html_url: `${world.url}/settings/installations/${one.id}`,
    app_id: world.app.id,
    app_slug: world.app.slug,
    target_id: account?.id ?? 0,
    target_type: account?.type === "Organization" ? "Organization" : "User",
    repository_selection: "all",
    permissions: { metadata: "read", ...world.options.permissions },
    events: world.options.events,
    created_at: "2026-01-01T00:00:00Z",
    updated_at: "2026-01-01T00:00:00Z",
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_at: null,
    suspended_by: null,
  };
}
