import { editPull } from "./actions/pulls.ts";
import { SandboxError } from "./errors.ts";
import type { Caller } from "./http/auth.ts";
import { dispatch } from "./http/dispatch.ts";
import type { Router } from "./http/router.ts";
import type { JsonObject } from "./state.ts";
import type {
  CommentJson,
  IssueJson,
  Json,
  MergeMethod,
  OpenPullRequest,
  PullRequestJson,
  ReviewJson,
  SandboxPerson,
} from "./types.ts";
import type { World } from "./world.ts";

const seg = encodeURIComponent;

/** Runs an API call inside the process, through the same routes as HTTP; a refusal is thrown. */
export async function callApi(
  world: World,
  router: Router,
  caller: Caller,
  method: string,
  path: string,
  body: unknown = {},
): Promise<Json> {
  const url = new URL(path, "http://sandbox");
  const answer = await dispatch(world, router, {
    method,
    path: url.pathname,
    query: url.searchParams,
    body: JSON.parse(JSON.stringify(body)) as JsonObject,
    caller,
    accept: "application/json",
  });
  const json = answer.body.length > 0 ? (JSON.parse(answer.body.toString()) as Json) : null;
  if (answer.status >= 400) throw new SandboxError(answer.status, json);
  return json;
}

/** A person's actions, each of them an API call as that person. */
export class PersonActions implements SandboxPerson {
  readonly token: string;
  readonly #world: World;
  readonly #router: Router;
  readonly #login: string;

  constructor(world: World, router: Router, login: string) {
    this.#world = world;
    this.#router = router;
    this.#login = login;
    this.token = world.mustUser(login).token;
  }

  request(method: string, path: string, body?: unknown): Promise<Json> {
    const caller: Caller = { kind: "user", user: this.#world.mustUser(this.#login) };
    return callApi(this.#world, this.#router, caller, method, path, body);
  }

  async #as<T>(method: string, path: string, body?: unknown): Promise<T> {
    return (await this.request(method, path, body)) as unknown as T;
  }

  openPullRequest(repo: string, pull: OpenPullRequest): Promise<PullRequestJson> {
    const base = pull.base ?? this.#world.mustRepo(repo).defaultBranch;
    return this.#as("POST", `/repos/${repo}/pulls`, { ...pull, base });
  }

  async editPullRequest(
    repo: string,
    number: number,
    change: {
      title?: string;
      body?: string | null;
      base?: string;
      state?: "open" | "closed";
      draft?: boolean;
    },
  ): Promise<PullRequestJson> {
    const { draft, ...rest } = change;
    if (draft !== undefined) {
      // REST cannot set this; the browser uses GraphQL.
      const where = this.#world.mustRepo(repo);
      const actor = { user: this.#world.mustUser(this.#login), viaApp: false };
      await this.#world.mutate(() =>
        editPull(this.#world, where, this.#world.mustIssue(where, number), actor, { draft }),
      );
    }
    return this.#as("PATCH", `/repos/${repo}/pulls/${number}`, rest);
  }

  async addLabel(repo: string, number: number, label: string): Promise<void> {
    await this.request("POST", `/repos/${repo}/issues/${number}/labels`, { labels: [label] });
  }

  async removeLabel(repo: string, number: number, label: string): Promise<void> {
    await this.request("DELETE", `/repos/${repo}/issues/${number}/labels/${seg(label)}`);
  }

  comment(repo: string, number: number, body: string): Promise<CommentJson> {
    return this.#as("POST", `/repos/${repo}/issues/${number}/comments`, { body });
  }

  editComment(repo: string, id: number, body: string): Promise<CommentJson> {
    return this.#as("PATCH", `/repos/${repo}/issues/comments/${id}`, { body });
  }

  async deleteComment(repo: string, id: number): Promise<void> {
    await this.request("DELETE", `/repos/${repo}/issues/comments/${id}`);
  }

  review(
    repo: string,
    number: number,
    state: "APPROVED" | "CHANGES_REQUESTED" | "COMMENTED",
    body?: string,
    commitId?: string,
  ): Promise<ReviewJson> {
    const events = { APPROVED: "APPROVE", CHANGES_REQUESTED: "REQUEST_CHANGES", COMMENTED: "COMMENT" };
    const text = body ?? (state === "APPROVED" ? undefined : "See above.");
    return this.#as("POST", `/repos/${repo}/pulls/${number}/reviews`, {
      event: events[state],
      body: text,
      commit_id: commitId,
    });
  }

  async dismissReview(repo: string, number: number, reviewId: number, message: string): Promise<void> {
    await this.request("PUT", `/repos/${repo}/pulls/${number}/reviews/${reviewId}/dismissals`, { message });
  }

  merge(
    repo: string,
    number: number,
    method: MergeMethod = "merge",
    options: { sha?: string; admin?: boolean; title?: string; message?: string } = {},
  ): Promise<{ sha: string }> {
    return this.#as("PUT", `/repos/${repo}/pulls/${number}/merge`, {
      merge_method: method,
      sha: options.sha,
      commit_title: options.title,
      commit_message: options.message,
      sandbox_bypass: options.admin,
    });
  }

  createIssue(
    repo: string,
    issue: { title: string; body?: string; labels?: string[]; assignees?: string[] },
  ): Promise<IssueJson> {
    return this.#as("POST", `/repos/${repo}/issues`, issue);
  }

  editIssue(repo: string, number: number, change: { title?: string; body?: string }): Promise<IssueJson> {
    return this.#as("PATCH", `/repos/${repo}/issues/${number}`, change);
  }

  async closeIssue(
    repo: string,
    number: number,
    reason: "completed" | "not_planned" = "completed",
  ): Promise<void> {
    await this.request("PATCH", `/repos/${repo}/issues/${number}`, { state: "closed", state_reason: reason });
  }

  async reopenIssue(repo: string, number: number): Promise<void> {
    await this.request("PATCH", `/repos/${repo}/issues/${number}`, { state: "open" });
  }

  async updateBranch(repo: string, number: number): Promise<void> {
    await this.request("PUT", `/repos/${repo}/pulls/${number}/update-branch`);
  }

  async requestReviewers(repo: string, number: number, reviewers: string[]): Promise<void> {
    await this.request("POST", `/repos/${repo}/pulls/${number}/requested_reviewers`, { reviewers });
  }

  async requestRerun(repo: string, checkRunId: number): Promise<void> {
    await this.request("POST", `/repos/${repo}/check-runs/${checkRunId}/rerequest`);
  }

  async requestSuiteRerun(repo: string, sha: string): Promise<void> {
    const suites = this.#world.mustRepo(repo).suites.filter((suite) => suite.headSha === sha);
    for (const suite of suites)
      await this.request("POST", `/repos/${repo}/check-suites/${suite.id}/rerequest`);
  }

  async renameLabel(repo: string, name: string, newName: string): Promise<void> {
    await this.request("PATCH", `/repos/${repo}/labels/${seg(name)}`, { new_name: newName });
  }

  async deleteLabel(repo: string, name: string): Promise<void> {
    await this.request("DELETE", `/repos/${repo}/labels/${seg(name)}`);
  }
}
