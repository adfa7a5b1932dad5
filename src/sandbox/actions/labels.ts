import { emit } from "../emit.ts";
import { invalid, notFound, refuse } from "../errors.ts";
import { labelJson } from "../json/basic.ts";
import type { Actor, IssueState, LabelState, RepoState } from "../state.ts";
import { atLeast, type World } from "../world.ts";
import { announce } from "./issues.ts";

/** Creates a label in the repository. */
export function createLabel(
  world: World,
  repo: RepoState,
  actor: Actor,
  spec: { name: string; color?: string; description?: string | null },
): LabelState {
  if (spec.name.length > 50)
    throw invalid("Label", "name", "too_long", "name is too long (maximum is 50 characters)");
  if (spec.name.trim() === "") throw invalid("Label", "name", "missing_field");
  if (repo.labels.has(spec.name.toLowerCase())) throw invalid("Label", "name", "already_exists");
  checkLabel(spec);
  const label: LabelState = {
    id: world.id(),
    name: spec.name,
    color: (spec.color ?? "ededed").toLowerCase(),
    description: spec.description ?? null,
  };
  repo.labels.set(spec.name.toLowerCase(), label);
  emit(world, repo, "label", { action: "created", label: labelJson(world, repo, label) }, actor.user);
  return label;
}

/** Refuses a color or description that GitHub refuses. */
export function checkLabel(spec: { color?: unknown; description?: unknown }): void {
  if (spec.color !== undefined && !/^[0-9a-fA-F]{6}$/.test(String(spec.color)))
    throw invalid("Label", "color", "invalid");
  if (typeof spec.description === "string" && spec.description.length > 100)
    throw invalid("Label", "description", "too_long", "description is too long (maximum is 100 characters)");
}

/** Puts labels on. Those that do not exist are made, as GitHub does for who may write. */
export async function addLabels(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  names: string[],
): Promise<void> {
  for (const name of names) {
    let label = repo.labels.get(name.toLowerCase());
    if (!label) {
      if (!actor.viaApp && !atLeast(world.role(repo, actor.user), "write"))
        throw refuse(403, "You do not have permission to create labels on this repository.");
      label = createLabel(world, repo, actor, { name });
    }
    if (issue.labels.includes(label.id)) continue;
    if (issue.labels.length >= 100)
      throw invalid("Issue", "labels", "custom", "Issues can have at most 100 labels");
    issue.labels = [...issue.labels, label.id];
    world.addEvent(issue, "labeled", actor, { label: { name: label.name, color: label.color } });
    await announce(world, repo, issue, "labeled", actor, { label: labelJson(world, repo, label) });
  }
}

/** Takes a label off an issue; refuses with 404 where it is not on. */
export async function removeLabel(
  world: World,
  repo: RepoState,
  issue: IssueState,
  actor: Actor,
  name: string,
): Promise<void> {
  const label = repo.labels.get(name.toLowerCase());
  if (!label || !issue.labels.includes(label.id)) throw refuse(404, "Label does not exist");
  issue.labels = issue.labels.filter((id) => id !== label.id);
  world.addEvent(issue, "unlabeled", actor, { label: { name: label.name, color: label.color } });
  await announce(world, repo, issue, "unlabeled", actor, { label: labelJson(world, repo, label) });
}

/**
 * Deletes a label of the repository: `unlabeled` without a label for each issue that had it, then
 * `label.deleted`.
 */
export async function deleteLabel(world: World, repo: RepoState, actor: Actor, name: string): Promise<void> {
  const label = repo.labels.get(name.toLowerCase());
  if (!label) throw notFound();
  repo.labels.delete(name.toLowerCase());
  for (const issue of repo.issues.values()) {
    if (!issue.labels.includes(label.id)) continue;
    issue.labels = issue.labels.filter((id) => id !== label.id);
    world.addEvent(issue, "unlabeled", actor, { label: { name: label.name, color: label.color } });
    await announce(world, repo, issue, "unlabeled", actor);
  }
  emit(world, repo, "label", { action: "deleted", label: labelJson(world, repo, label) }, actor.user);
}
