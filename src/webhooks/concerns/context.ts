import type { ReconcileHint } from "../../jobs/hint.ts";
import type { RepositoryKey } from "../../jobs/key.ts";
import type { Job } from "../../jobs/queue.ts";
import { textAt } from "../payload.ts";

/** An event that is heard, as the functions see it that say what it concerns. */
export interface Context {
  readonly payload: unknown;
  readonly action: string;
  /** This app's id: re-runs of others' checks are not ours to answer. */
  readonly appId: number;
  readonly installationId: number;
  /** `null` where the event has no repository. */
  readonly repository: RepositoryKey | null;
}

/** How a branch is named where a tag might be. */
export const BRANCH_REF = /^refs\/heads\//;

/** The verdict on a pull request; none where the payload does not say which. */
export function pullRequestJob(
  repository: RepositoryKey | null,
  number: number | undefined,
  hint: ReconcileHint,
): readonly Job[] {
  return repository === null || number === undefined
    ? []
    : [{ key: { ...repository, kind: "pull-request", number }, hint }];
}

/** The key of a repository by `owner/name`; `null` where that is not the form of it. */
export function repositoryKey(
  installationId: number,
  id: number | undefined,
  fullName: string | undefined,
): RepositoryKey | null {
  const [owner, repo, ...more] = fullName?.split("/") ?? [];
  if (!owner || !repo || more.length > 0) return null;
  return { installationId, ...(id === undefined ? {} : { repositoryId: id }), owner, repo };
}

/** A commit's id; the zeros that stand for "none" are none. */
export function commitAt(value: unknown, ...path: readonly string[]): string | undefined {
  const sha = textAt(value, ...path);
  return sha !== undefined && /^[0-9a-f]{40,64}$/.test(sha) && !/^0+$/.test(sha) ? sha : undefined;
}

/** The key with the value, where there is one. */
export function optional<K extends string>(
  key: K,
  value: string | undefined,
): { readonly [P in K]?: string } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: string });
}
