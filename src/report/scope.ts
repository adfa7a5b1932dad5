import type { Repo } from "../github/api/answer.ts";
import { fullName } from "../policy/repository.ts";

/** What a report is about: the post-mortems in one repository, or in all of an organization or account. */
export type Scope =
  | { readonly kind: "repository"; readonly repo: Repo; readonly defaultBranch: string }
  | { readonly kind: "owner"; readonly login: string };

/** `owner/name`, or the owner. */
export function nameOf(scope: Scope): string {
  return scope.kind === "repository" ? fullName(scope.repo) : scope.login;
}

/** A time as GitHub's search takes it. */
export function searchTime(at: Date): string {
  return `${at.toISOString().slice(0, 19)}Z`;
}

/** The qualifier that keeps a search to the scope. */
export function within(scope: Scope): string {
  return scope.kind === "repository" ? `repo:${nameOf(scope)}` : `user:${nameOf(scope)}`;
}
