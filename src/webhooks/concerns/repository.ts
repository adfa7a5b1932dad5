import type { Job } from "../../jobs/queue.ts";
import { at, listAt, numberAt, textAt } from "../payload.ts";
import { type Context, repositoryKey } from "./context.ts";

/** Every open hotfix of the repository. */
export function ofRepository({ repository }: Context): readonly Job[] {
  return repository === null ? [] : [{ key: { ...repository, kind: "repository", all: false }, hint: {} }];
}

/** Every open pull request of it: name, owner or default branch are others now. */
export function ofChangedRepository({ payload, action, repository }: Context): readonly Job[] {
  const relevant = action !== "edited" || at(payload, "changes", "default_branch") !== undefined;
  return repository === null || !relevant
    ? []
    : [{ key: { ...repository, kind: "repository", all: true }, hint: {} }];
}

/** Every open hotfix of every repository of the installation, behind everything else. */
export function ofInstallation({ installationId }: Context): readonly Job[] {
  return [{ key: { kind: "installation", installationId }, hint: {}, background: true }];
}

/** The check may be required from now on, so every open pull request needs one. */
export function ofInstalledRepositories({ payload, installationId }: Context, list: string): readonly Job[] {
  return listAt(payload, list).flatMap((entry): readonly Job[] => {
    const repository = repositoryKey(installationId, numberAt(entry, "id"), textAt(entry, "full_name"));
    if (repository === null) return [];
    return [{ key: { ...repository, kind: "repository", all: true }, hint: {}, background: true }];
  });
}
