/** What the app may ask of GitHub's REST API, and what it is asked for to do so. */

export type Level = "read" | "write";
export type Permissions = Readonly<Record<string, Level>>;

/**
 * What GitHub asks for each route that the app uses ("Permissions required for GitHub Apps"). On the routes
 * of issues that serve pull requests too, it is the permission on the one or the other that counts, so both
 * are asked for.
 */
export const ROUTES: Readonly<Record<string, Permissions>> = {
  // The app's own token.
  "GET /app": {},
  "GET /app/hook/deliveries": {},
  "POST /app/hook/deliveries/{delivery_id}/attempts": {},
  "GET /app/installations": {},
  "GET /orgs/{org}/installation": {},
  "GET /repos/{owner}/{repo}/installation": {},
  "GET /installation/repositories": { metadata: "read" },
  // Shows what the app may read.
  "GET /search/issues": {},
  "GET /users/{username}": {},
  "GET /orgs/{org}/teams/{team_slug}": { members: "read" },
  "GET /orgs/{org}/teams/{team_slug}/members": { members: "read" },
  "GET /orgs/{org}/teams/{team_slug}/memberships/{username}": { members: "read" },
  "GET /repos/{owner}/{repo}": { metadata: "read" },
  "GET /repos/{owner}/{repo}/activity": { contents: "read" },
  "GET /repos/{owner}/{repo}/assignees/{assignee}": { issues: "read" },
  "GET /repos/{owner}/{repo}/branches": { contents: "read" },
  "GET /repos/{owner}/{repo}/branches/{branch}": { contents: "read" },
  "POST /repos/{owner}/{repo}/check-runs": { checks: "write" },
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id}": { checks: "read" },
  "PATCH /repos/{owner}/{repo}/check-runs/{check_run_id}": { checks: "write" },
  "GET /repos/{owner}/{repo}/check-runs/{check_run_id}/annotations": { checks: "read" },
  "GET /repos/{owner}/{repo}/collaborators": { metadata: "read" },
  "GET /repos/{owner}/{repo}/collaborators/{username}/permission": { metadata: "read" },
  "GET /repos/{owner}/{repo}/commits": { contents: "read" },
  "GET /repos/{owner}/{repo}/commits/{commit_sha}/branches-where-head": { contents: "read" },
  "GET /repos/{owner}/{repo}/commits/{ref}": { contents: "read" },
  "GET /repos/{owner}/{repo}/commits/{commit_sha}/pulls": { pull_requests: "read" },
  "GET /repos/{owner}/{repo}/commits/{ref}/check-runs": { checks: "read" },
  "GET /repos/{owner}/{repo}/compare/{basehead}": { contents: "read" },
  "GET /repos/{owner}/{repo}/contents/{path}": { contents: "read" },
  "GET /repos/{owner}/{repo}/git/matching-refs/{ref}": { contents: "read" },
  "GET /repos/{owner}/{repo}/git/ref/{ref}": { contents: "read" },
  "GET /repos/{owner}/{repo}/git/trees/{tree_sha}": { contents: "read" },
  "GET /repos/{owner}/{repo}/issues": { issues: "read" },
  "POST /repos/{owner}/{repo}/issues": { issues: "write" },
  "GET /repos/{owner}/{repo}/issues/{issue_number}": { issues: "read" },
  "PATCH /repos/{owner}/{repo}/issues/{issue_number}": { issues: "write" },
  "GET /repos/{owner}/{repo}/issues/{issue_number}/comments": { issues: "read", pull_requests: "read" },
  "POST /repos/{owner}/{repo}/issues/{issue_number}/comments": { issues: "write", pull_requests: "write" },
  "GET /repos/{owner}/{repo}/issues/comments/{comment_id}": { issues: "read", pull_requests: "read" },
  "PATCH /repos/{owner}/{repo}/issues/comments/{comment_id}": { issues: "write", pull_requests: "write" },
  "DELETE /repos/{owner}/{repo}/issues/comments/{comment_id}": { issues: "write", pull_requests: "write" },
  "POST /repos/{owner}/{repo}/issues/{issue_number}/labels": { issues: "write", pull_requests: "write" },
  "DELETE /repos/{owner}/{repo}/issues/{issue_number}/labels/{name}": {
    issues: "write",
    pull_requests: "write",
  },
  "POST /repos/{owner}/{repo}/issues/{issue_number}/sub_issues": { issues: "write" },
  "GET /repos/{owner}/{repo}/issues/{issue_number}/timeline": { issues: "read", pull_requests: "read" },
  "GET /repos/{owner}/{repo}/labels": { issues: "read" },
  "POST /repos/{owner}/{repo}/labels": { issues: "write" },
  "GET /repos/{owner}/{repo}/pulls": { pull_requests: "read" },
  "GET /repos/{owner}/{repo}/pulls/{pull_number}": { pull_requests: "read" },
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/commits": { pull_requests: "read" },
  "GET /repos/{owner}/{repo}/pulls/{pull_number}/files": { pull_requests: "read" },
  "POST /repos/{owner}/{repo}/pulls/{pull_number}/requested_reviewers": { pull_requests: "write" },
  "GET /repos/{owner}/{repo}/rules/branches/{branch}": { metadata: "read" },
  "GET /repos/{owner}/{repo}/rulesets/{ruleset_id}": { metadata: "read" },
  "GET /repos/{owner}/{repo}/git/commits/{commit_sha}": { contents: "read" },
};

/** As `ROUTES`: asked for only where an administrator granted what nobody is asked for. */
export const ADMINISTRATION = [
  "GET /repos/{owner}/{repo}/rulesets/rule-suites",
  "GET /repos/{owner}/{repo}/rulesets/rule-suites/{rule_suite_id}",
  "GET /repos/{owner}/{repo}/rulesets/{ruleset_id}/history",
  "GET /user/{account_id}",
];

/** As `ROUTES`, of what is only asked for where the permission was granted. */
export const OPTIONAL_ROUTES: typeof ROUTES = {
  "GET /repos/{owner}/{repo}/actions/runs": { actions: "read" },
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}": { actions: "read" },
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}/approvals": { actions: "read" },
  "GET /repos/{owner}/{repo}/actions/runs/{run_id}/pending_deployments": { actions: "read" },
  "POST /repos/{owner}/{repo}/actions/runs/{run_id}/deployment_protection_rule": { deployments: "write" },
  "GET /repos/{owner}/{repo}/commits/{ref}/statuses": { statuses: "read" },
  "GET /repos/{owner}/{repo}/deployments": { deployments: "read" },
  "GET /repos/{owner}/{repo}/deployments/{deployment_id}": { deployments: "read" },
  "GET /repos/{owner}/{repo}/deployments/{deployment_id}/statuses": { deployments: "read" },
};

/** Only asked for by a person's own token, in commands. */
export const PERSONS_ROUTES: readonly string[] = [
  "GET /apps/{app_slug}",
  "GET /orgs/{org}/repos",
  "GET /orgs/{org}/teams/{team_slug}/repos/{owner}/{repo}",
  "GET /users/{username}/repos",
  "GET /repos/{owner}/{repo}/environments/{environment_name}",
  "GET /repos/{owner}/{repo}/environments/{environment_name}/deployment_protection_rules",
];

/** What the server asks for with what an operator may grant by app.yml; GraphQL and the token's own too. */
export const SERVER_ROUTES: readonly string[] = [
  ...Object.keys(ROUTES),
  ...Object.keys(OPTIONAL_ROUTES),
  "POST /app/installations/{installation_id}/access_tokens",
  "POST /api/graphql",
];
