import type { MergeGroup } from "../../github/collect/git/merge-group.ts";
import { type GroupedChange, readGroupLanding } from "../../github/collect/landing/group-landing.ts";
import { evaluate } from "../../policy/evaluate.ts";
import { type Fact, known } from "../../policy/fact.ts";
import type { Place } from "../context.ts";
import type { Evaluated } from "./pull-request.ts";

/**
 * The pull requests of a merge group, evaluated for where the group puts them: whoever lands something else
 * there than was checked does not pass. Read only where it could still pass.
 */
export async function evaluateInGroup(
  { client, repo }: Place,
  group: MergeGroup,
  members: readonly Evaluated[],
): Promise<Fact<readonly Evaluated[]>> {
  const changes = members.flatMap(({ number, verdict, collected }): readonly GroupedChange[] => {
    const passes = verdict.wouldBe === "success" && verdict.kind !== "ordinary";
    const { change, snapshot } = collected;
    return passes && change?.known
      ? [
          {
            number,
            headSha: snapshot.pullRequest.head.sha,
            checked: change.value,
            messages: snapshot.commits.known
              ? snapshot.commits.value.flatMap(({ message, parents }) =>
                  parents.length > 1 ? [] : [message],
                )
              : [],
          },
        ]
      : [];
  });
  if (changes.length === 0) return known(members);
  const heads = members.map(({ collected }) => collected.snapshot.pullRequest.head.sha);
  const landing = await readGroupLanding(client, repo, group, changes, heads);
  if (!landing.known) return landing;
  return known(members.map((member) => withLanding(member, landing.value.get(member.number))));
}

function withLanding(member: Evaluated, paths: readonly string[] | undefined): Evaluated {
  if (paths === undefined) return member;
  const { collected } = member;
  const { policy, proposedConfig } = collected;
  const snapshot = {
    ...collected.snapshot,
    landing: known({ shown: false, why: "queue-differs", paths } as const),
  };
  const verdict = evaluate(snapshot, policy, proposedConfig.known ? proposedConfig.value : null);
  return { ...member, collected: { ...collected, snapshot }, verdict };
}
