import type { Action, LabelDefinition } from "../../policy/action.ts";
import type { Repo } from "../api/answer.ts";
import { remembered } from "../api/memory.ts";
import { allPages, describeFailure, PER_PAGE } from "../api/read.ts";
import { identityOf } from "../api/repositories.ts";
import type { ApplyContext } from "./context.ts";
import { ONCE } from "./create-once.ts";
import { cutLine } from "./cut.ts";

/** Labels that are known to be there, by repository: asked for once in the life of a client. */
const ensured = remembered<Set<string>>("labels there");

function ensuredIn({ client, repo }: ApplyContext): Set<string> {
  const byRepository = ensured(client);
  const key = identityOf(client, repo);
  const names = byRepository.get(key) ?? new Set<string>();
  byRepository.set(key, names);
  return names;
}

/**
 * Creates the labels that the repository lacks. Those that are there keep the looks that people gave them.
 */
export async function ensureLabels(context: ApplyContext, labels: readonly LabelDefinition[]): Promise<void> {
  const known = ensuredIn(context);
  const { client, repo } = context;
  const areThere = () => labels.every(({ name }) => known.has(name.toLowerCase()));
  // Two hotfixes at once are no reason to make one twice.
  if (!areThere())
    await client.exclusively(`${identityOf(client, repo)} labels`, async () => {
      if (!areThere()) await createMissing(context, known, labels);
    });
}

async function createMissing(
  context: ApplyContext,
  known: Set<string>,
  labels: readonly LabelDefinition[],
): Promise<void> {
  const { client, repo } = context;
  const there = await allPages((page) =>
    client.octokit.rest.issues.listLabelsForRepo({ ...repo, per_page: PER_PAGE, page }),
  );
  for (const { name } of there) known.add(name.toLowerCase());
  for (const label of labels) {
    if (known.has(label.name.toLowerCase())) continue;
    await createLabel(context, repo, label);
    known.add(label.name.toLowerCase());
  }
}

/** Creates a label; one that is there already is fine. */
async function createLabel(
  { client }: ApplyContext,
  repo: Repo,
  { name, color, description }: LabelDefinition,
): Promise<void> {
  try {
    await client.octokit.rest.issues.createLabel({
      ...repo,
      name,
      color,
      description: cutLine(description, 100),
      ...ONCE,
    });
  } catch (error) {
    const exists =
      describeFailure(error).status === 422 && error instanceof Error && /already_exists/.test(error.message);
    if (!exists) throw error;
  }
}

/**
 * Sets a label; one that is on already stays, without a new event. A label that has vanished is created
 * again.
 */
export async function addLabel(
  context: ApplyContext,
  { number, label }: Extract<Action, { type: "add-label" }>,
  definition: LabelDefinition,
): Promise<void> {
  const { client, repo } = context;
  // GitHub creates a label that is not there without color and description.
  await ensureLabels(context, [definition]).catch(() => undefined);
  const add = () => client.octokit.rest.issues.addLabels({ ...repo, issue_number: number, labels: [label] });
  try {
    await add();
  } catch (error) {
    const { status } = describeFailure(error);
    if (status !== 404 && status !== 422) throw error;
    ensuredIn(context).clear();
    await createLabel(context, repo, definition);
    await add();
  }
}

/** Takes a label off; one that is off already is fine. */
export async function removeLabel(
  { client, repo }: ApplyContext,
  { number, label }: Extract<Action, { type: "remove-label" }>,
): Promise<void> {
  try {
    await client.octokit.rest.issues.removeLabel({ ...repo, issue_number: number, name: label });
  } catch (error) {
    if (describeFailure(error).status !== 404) throw error;
  }
}
