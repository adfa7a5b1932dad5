/** Where something waits: an installation, and a repository of it. */
export type Path = readonly [string, string];

/** Who waits, by installation and repository, each of which gets its turn. */
export interface RoundRobin {
  push(path: Path, id: string): void;
  remove(path: Path, id: string): void;
  /**
   * The next one, which waits no more. Installations take turns, and so do the repositories of each; of those
   * that wait at one place the first to come is the first to go. `admits` is asked for an installation, and
   * then for a repository of it.
   */
  take(
    admits: (path: readonly [string, string?]) => boolean,
  ): { readonly path: Path; readonly id: string } | undefined;
}

/** Lines of those who wait, served in turn. The order of the maps is the order of turns. */
export function createRoundRobin(): RoundRobin {
  const installations = new Map<string, Map<string, Set<string>>>();

  function push([installation, repository]: Path, id: string): void {
    const repositories = installations.get(installation) ?? new Map<string, Set<string>>();
    installations.set(installation, repositories);
    const waiting = repositories.get(repository) ?? new Set<string>();
    repositories.set(repository, waiting.add(id));
  }

  function remove([installation, repository]: Path, id: string): void {
    const repositories = installations.get(installation);
    const waiting = repositories?.get(repository);
    waiting?.delete(id);
    if (waiting?.size === 0) repositories?.delete(repository);
    if (repositories?.size === 0) installations.delete(installation);
  }

  const take: RoundRobin["take"] = (admits) => {
    for (const [installation, repositories] of installations) {
      if (!admits([installation])) continue;
      for (const [repository, waiting] of repositories) {
        const [id] = waiting;
        if (id === undefined || !admits([installation, repository])) continue;
        remove([installation, repository], id);
        toTheEnd(repositories, repository);
        toTheEnd(installations, installation);
        return { path: [installation, repository], id };
      }
    }
    return undefined;
  };

  return { push, remove, take };
}

/** The others come first now. */
function toTheEnd<T>(map: Map<string, T>, key: string): void {
  const value = map.get(key);
  if (map.delete(key) && value !== undefined) map.set(key, value);
}
