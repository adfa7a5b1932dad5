/** A repository by its name, as Octokit's routes and the queue's keys have it, or as GitHub's answers do. */
export type RepositoryName =
  | { readonly owner: string; readonly repo: string }
  | { readonly owner: string; readonly name: string };

/** `owner/name`, as GitHub writes it. */
export function fullName(repository: RepositoryName): string {
  return `${repository.owner}/${"repo" in repository ? repository.repo : repository.name}`;
}

/** `owner/name` for comparing: GitHub's names differ by more than case. */
export function nameKey(repository: RepositoryName): string {
  return fullName(repository).toLowerCase();
}

/** The parts of `owner/name`; `null`: it is none. */
export function parseFullName(name: string): { readonly owner: string; readonly repo: string } | null {
  const [owner, repo, ...more] = name.split("/");
  return owner && repo && more.length === 0 ? { owner, repo } : null;
}

/** Do both name the same repository? Names that it had before do not count; `null` is none. */
export function sameName(a: RepositoryName | string | null, b: RepositoryName): boolean {
  return a !== null && (typeof a === "string" ? a.toLowerCase() : nameKey(a)) === nameKey(b);
}

/** An issue or pull request as GitHub links it from elsewhere: `owner/name#57`. */
export function issueName(repository: RepositoryName, number: number): string {
  return `${fullName(repository)}#${number}`;
}
