import { heaviestComponent } from "../diff/area.ts";
import { classifyFiles } from "../diff/classify-files.ts";
import { heaviestDirectory } from "../diff/heaviest-directory.ts";
import type { Policy } from "../policy.ts";
import type { PullRequestSnapshot } from "../snapshot.ts";
import { matchesAny } from "../text/glob.ts";
import { issueKinds } from "./kinds.ts";
import type { LinkedIssue } from "./linked-issues.ts";

/**
 * The part of the repository that the hotfix changed: a configured component, else a directory; `null`: not
 * known.
 */
export function affectedArea(
  snapshot: Pick<PullRequestSnapshot, "files" | "repository">,
  policy: Policy,
): string | null {
  if (!snapshot.files.known || snapshot.files.value.length === 0) return null;
  const all = classifyFiles(snapshot.files.value);
  const code = all.filter(({ test, documentation, ci }) => !test && !documentation && !ci);
  const files = code.length > 0 ? code : all;
  return (
    (heaviestComponent(files, policy.components) ?? heaviestDirectory(files, snapshot.repository.name))
      .names[0] ?? null
  );
}

/** What to verify, for each kind of issue that the hotfix is about. */
export function checklistsFor(
  snapshot: PullRequestSnapshot,
  issues: readonly LinkedIssue[],
  policy: Policy,
): readonly { readonly kind: string; readonly items: readonly string[] }[] {
  const paths = snapshot.files.known ? snapshot.files.value.map(({ path }) => path) : [];
  const components = Object.entries(policy.components)
    .filter(([, globs]) => paths.some((path) => matchesAny(globs, path)))
    .map(([name]) => name);
  const { checklists } = policy.verification;
  const kinds = issueKinds(
    { labels: issues.flatMap(({ labels }) => labels), components, paths },
    Object.keys(checklists),
  );
  return kinds.map((kind) => ({ kind, items: checklists[kind] ?? [] }));
}
