import { isProductionBase } from "../../policy/classify.ts";
import { type Fact, known, unknown } from "../../policy/fact.ts";
import { touchedPaths } from "../../policy/landing/rollback.ts";
import type { Policy } from "../../policy/policy.ts";
import type { RollbackMiss } from "../../policy/snapshot/proof.ts";
import type { PullRequestSnapshot } from "../../policy/snapshot.ts";
import type { Attempt, Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import { describeFailure, type Failure } from "../api/read.ts";
import { COMPARED_FILES } from "./git/changes.ts";
import { type Compared, isWholeChange } from "./git/compared.ts";
import { hotfixReader } from "./landing/merged-hotfixes.ts";
import { findTakenBack } from "./landing/taken-back.ts";
import type { PullRequestReading } from "./pull-request/pull-request.ts";

/** Statuses that will not be another in a moment: what cannot be read for such a reason stays unproven. */
const DEFINITE: readonly (number | null)[] = [404, 409, 410, 422];

/** What a snapshot says of a rollback. */
export type RollbackReading = Pick<PullRequestSnapshot, "rollbackOf" | "rollbackMiss">;

const NONE: RollbackReading = { rollbackOf: known(null) };
const missed = (why: RollbackMiss["why"]): RollbackReading => ({
  ...NONE,
  rollbackMiss: { why, number: null },
});

/**
 * The merged hotfix that the pull request takes back, by content. It is looked for by the last change of the
 * first path, so that an ordinary pull request costs a list that GitHub answers with 304; trees are read only
 * where the paths are the same. Unproven is `null`.
 */
export async function readRollback(
  client: GitHubClient,
  repo: Repo,
  { number, pullRequest, repository }: Pick<PullRequestReading, "number" | "pullRequest" | "repository">,
  compared: Attempt<Compared>,
  policy: Policy,
): Promise<RollbackReading> {
  const { base, head, merged } = pullRequest;
  // It is told by what the app has recorded; nobody said which app that is (a person's token).
  if (client.app.id === 0) return NONE;
  // Hotfixes land on production branches.
  if (!isProductionBase(base.ref, policy, repository)) return NONE;
  try {
    if (!compared.ok) return { rollbackOf: unproven(compared.failure) };
    const { files, baseTip, mergeBase } = compared.value;
    // More than a comparison shows is no rollback that can be proven.
    if (files.length === 0) return NONE;
    if (files.length >= COMPARED_FILES) return missed("too-large");
    if (!isWholeChange(compared.value)) return missed("merges");
    const { landing, miss } = await findTakenBack(
      { client, repo, policy },
      {
        branch: base.ref,
        tip: baseTip,
        at: merged === null ? client.serverTime().getTime() : Date.parse(merged.at),
        paths: touchedPaths(files),
        number,
        trees: async () => {
          const { tree } = hotfixReader(client);
          const [after, now, fork] = await Promise.all([
            tree(repo, head.sha),
            tree(repo, baseTip),
            mergeBase === baseTip ? null : tree(repo, mergeBase),
          ]);
          if (after === null || now === null || (fork === null && mergeBase !== baseTip)) return null;
          return { head: after, base: now, mergeBase: fork ?? now };
        },
      },
    );
    if (landing === null) return { ...NONE, rollbackMiss: miss };
    const { number: of, title, mergeSha } = landing;
    return { rollbackOf: known({ number: of, title, mergeSha }) };
  } catch (error) {
    return { rollbackOf: unproven(describeFailure(error)) };
  }
}

function unproven({ status, rateLimited, reason }: Failure): Fact<null> {
  if (!rateLimited && DEFINITE.includes(status)) return known(null);
  return unknown(`whether it takes back a hotfix: ${reason}`);
}
