import type { Repo } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import type { DesiredCheck } from "../policy/action.ts";
import { type Fact, known, neverKnown, unknown } from "../policy/fact.ts";
import { isGateNotice } from "../policy/notices.ts";
import { fullName } from "../policy/repository.ts";
import type { PolicyReading, Verdict } from "../policy/verdict.ts";
import { evaluatePullRequest, isEvaluated } from "../reconcile/evaluate/pull-request.ts";
import { renderCheck } from "../render/gate/check.ts";

/** What the gate would say of a pull request, with nothing written. */
export interface Simulated {
  /** `owner/name` */
  readonly repository: string;
  readonly number: number;
  readonly url: string;
  readonly title: string;
  readonly state: "open" | "closed" | "merged";
  /** Which configuration decided. */
  readonly source: string;
  /** `null`: the configuration is invalid, or could not be read. */
  readonly mode: "enforce" | "observe" | "off" | null;
  readonly verdict: Verdict;
  readonly check: DesiredCheck;
}

/**
 * Evaluates a pull request as the gate does, by its repository's policy or by another one, and writes
 * nothing.
 */
export async function simulatePullRequest(
  client: GitHubClient,
  repo: Repo,
  number: number,
  { policy, docsUrl }: { readonly policy: PolicyReading | null; readonly docsUrl: string },
): Promise<Fact<Simulated>> {
  const by = { verdictOnly: true, ...(policy === null ? {} : { policy: Promise.resolve(policy) }) };
  const evaluated = await evaluatePullRequest({ client, repo }, number, {}, by);
  const name = fullName(repo);
  if (!isEvaluated(evaluated))
    return evaluated.state === "gone"
      ? neverKnown(`there is no pull request ${name}#${number}`)
      : unknown(evaluated.reason);
  const { collected } = evaluated;
  const verdict = client.app.id === 0 ? withoutGateNotices(evaluated.verdict) : evaluated.verdict;
  const { pullRequest } = collected.snapshot;
  const { policy: reading } = collected;
  return known({
    repository: name,
    number,
    url: pullRequest.url,
    title: pullRequest.title,
    state: pullRequest.merged === null ? pullRequest.state : "merged",
    source: reading.state === "valid" ? reading.source : "not valid",
    mode: reading.state === "valid" ? reading.policy.mode : null,
    verdict,
    check: renderCheck([{ number, url: pullRequest.url, verdict }], { docsUrl, givenUp: true }),
  });
}

/**
 * Whether the check is required of this app cannot be told, and is not told, where nobody said which app that
 * is.
 */
function withoutGateNotices(verdict: Verdict): Verdict {
  return { ...verdict, notices: verdict.notices.filter(({ code }) => !isGateNotice(code)) };
}
