import type { BranchRules } from "../../policy/branch-rules.ts";
import { isHotfixLike } from "../../policy/classify.ts";
import { type Fact, known } from "../../policy/fact.ts";
import type { ActivityEntry } from "../../policy/snapshot/history.ts";
import type { PullRequestFacts } from "../../policy/snapshot.ts";
import type { Attempt, Repo } from "../api/answer.ts";
import type { GitHubClient } from "../api/client.ts";
import type { GateRun } from "./check/gates.ts";
import { readGatesToWrite } from "./check/recent.ts";
import { readActivity } from "./git/activity.ts";
import { compare } from "./git/changes.ts";
import type { Compared } from "./git/compared.ts";
import type { EventHint } from "./hint.ts";
import { readBranchRules } from "./pull-request/branch-rules.ts";
import { readSiblings, recallSiblings, type Sibling } from "./pull-request/siblings.ts";

/** What depends on head and base only; each read when it is first asked for. */
export interface OfHead {
  compared(): Promise<Attempt<Compared>>;
  gates(): Promise<Fact<readonly GateRun[]>>;
  /** As they are remembered, else read. */
  siblings(): Promise<Fact<readonly Sibling[]>>;
  activity(): Promise<Fact<readonly ActivityEntry[] | null>>;
  branchRules(): Promise<Fact<BranchRules>>;
}

type Heading = Pick<PullRequestFacts, "head" | "base" | "fork" | "merged">;

/** Of the pull request as it was read. */
export function ofHead(client: GitHubClient, repo: Repo, number: number, pull: Heading): OfHead {
  const { head, base, merged } = pull;
  return {
    // The branch itself, so that its newest commits count; of a merged pull request, the base as it was then.
    compared: once(() => compare(client, repo, merged === null ? base.ref : base.sha, head.sha)),
    gates: once(() => readGatesToWrite(client, repo, head.sha)),
    siblings: once(async () => {
      const recalled = recallSiblings(client, repo, head.sha, number);
      return recalled === null ? readSiblings(client, repo, head.sha, number) : known(recalled);
    }),
    activity: once(() => readActivity(client, repo, pull)),
    branchRules: once(() => readBranchRules(client, repo, base.ref)),
  };
}

/**
 * What the event says of head and base, read side by side with the pull request; `null`: it does not say. Of
 * what is no hotfix by its branch no more is read than of any pull request.
 */
export function readAhead(
  client: GitHubClient,
  repo: Repo,
  number: number,
  { headSha, refs }: EventHint,
): { readonly of: OfHead; readonly is: (pull: Heading) => boolean } | null {
  if (headSha === undefined || refs === undefined) return null;
  const head = { ref: refs.head, sha: headSha, repository: null };
  const of = ofHead(client, repo, number, {
    head,
    base: { ref: refs.base, sha: "" },
    fork: false,
    merged: null,
  });
  void Promise.all([of.compared(), of.gates()]);
  if (isHotfixLike({ headRef: refs.head, title: "", labels: [] }, null))
    void Promise.all([of.activity(), of.branchRules()]);
  const is = (pull: Heading): boolean =>
    pull.merged === null &&
    !pull.fork &&
    pull.head.sha === headSha &&
    pull.head.ref === refs.head &&
    pull.base.ref === refs.base;
  return { of, is };
}

function once<T>(load: () => Promise<T>): () => Promise<T> {
  let loading: Promise<T> | undefined;
  return () => {
    loading ??= load();
    return loading;
  };
}
