import { read } from "../../github/api/read.ts";
import { readLanding } from "../../github/collect/landing/merged-hotfixes.ts";
import { escalationPath } from "../../plan/post-mortem/called.ts";
import type { LateAnswers } from "../../plan/post-mortem/late-answers.ts";
import { type Fact, known } from "../../policy/fact.ts";
import { earlyOf } from "../../policy/landing/early-deployment.ts";
import type { Policy } from "../../policy/policy.ts";
import type { LateCommand } from "../../policy/post-mortem/commands.ts";
import type { PostMortemIssue } from "../../policy/post-mortem/issue.ts";
import { noticesIn } from "../../policy/post-mortem/subject.ts";
import { pullRequestNumber } from "../../policy/snapshot.ts";
import type { RollbackPlan } from "../../render/gate/rollback-commands.ts";
import type { Place } from "../context.ts";
import type { Incident } from "../incident.ts";

/** Reads what the answers to commands after the merge need; `null`: which were given could not be read. */
export async function readLateAnswers({
  place,
  policy,
  incident,
  issue,
  commands,
}: {
  readonly place: Place;
  readonly policy: Policy;
  readonly incident: Incident | null;
  /** `null`: there is no post-mortem. */
  readonly issue: Pick<PostMortemIssue, "number" | "url" | "comments"> | null;
  readonly commands: readonly LateCommand[];
}): Promise<LateAnswers | null> {
  const asked = commands.some(({ command }) => command.kind === "rollback");
  const rollback = asked && incident !== null ? await rollbackPlan(incident) : null;
  const pullRequest = incident?.pullRequest ?? null;
  const told = pullRequest?.collected.answers;
  if (told?.known === false) return null;
  return {
    commands,
    given: new Set([
      ...(told?.value ?? []),
      ...noticesIn(issue?.comments ?? []).map(({ kind, key }) => `<!-- hotfix-guard:${kind} ${key} -->`),
    ]),
    numbers: { "pull-request": pullRequest?.number ?? 0, "post-mortem": issue?.number ?? 0 },
    postMortem: issue,
    merged: incident === null || incident.snapshot.pullRequest.merged !== null,
    rollback: rollback?.known ? rollback.value : null,
    tell: escalationPath(policy, place.repo.owner, incident?.verdict.severity ?? null),
  };
}

async function rollbackPlan({ place, snapshot, pullRequest }: Incident): Promise<Fact<RollbackPlan | null>> {
  const { merged, base } = snapshot.pullRequest;
  const number = pullRequestNumber(snapshot);
  const early = earlyOf(snapshot);
  if (merged === null && early !== null)
    return known({ base: base.ref, sha: early.sha, how: { kind: "deployment" } });
  const sha = merged?.sha ?? null;
  if (pullRequest === null || number === null || sha === null) return known(null);
  return read("how the hotfix landed", async () => {
    const landing = await readLanding(place.client, place.repo, { number, mergeSha: sha });
    return landing === null
      ? null
      : { repository: snapshot.repository, number, base: base.ref, sha, how: landing.how };
  });
}
