import type { Repo } from "../github/api/answer.ts";
import type { GitHubClient } from "../github/api/client.ts";
import { PER_PAGE, read } from "../github/api/read.ts";
import { loadPolicy } from "../github/collect/policy.ts";
import { isHotfixLike } from "../policy/classify.ts";
import { type Fact, known, unknown } from "../policy/fact.ts";
import type { RuleId } from "../policy/policy.ts";
import { fullName } from "../policy/repository.ts";
import type { PolicyReading, RuleFinding } from "../policy/verdict.ts";
import { type Simulated, simulatePullRequest } from "./pull-request.ts";

/** What a policy would have done to the pull requests of a repository. */
export interface RepositoryHistory {
  readonly repository: string;
  /** Which configuration decided. */
  readonly source: string;
  /** All pull requests that were looked at. */
  readonly pulls: number;
  /** The newest first. */
  readonly hotfixes: readonly SimulatedHotfix[];
  /** What could not be read, in plain words. */
  readonly notes: readonly string[];
}

/** A pull request with the sign of a hotfix, and the verdict on it. */
export type SimulatedHotfix = Simulated & {
  /** When it was merged; of an open one, when it was opened. */
  readonly at: string;
};

/** What became of a rule over a history. */
export interface RuleCount {
  readonly rule: RuleId;
  readonly level: RuleFinding["level"];
  readonly passed: number;
  readonly failed: number;
  readonly waiting: number;
  readonly unknown: number;
  /** Not asked of these, or overridden. */
  readonly other: number;
}

/** Pull requests that are evaluated at a time. */
const AT_A_TIME = 4;
/** More hotfixes of one repository than this are not evaluated: each costs some ten requests. */
const MOST_HOTFIXES = 200;
/** Pages of pull requests that are looked at: five thousand of them. */
const MOST_PAGES = 50;

/** A pull request with a sign of a hotfix, as the list has it. */
export interface Listed {
  readonly number: number;
  readonly at: string;
  readonly headSha: string;
  readonly title: string;
  readonly url: string;
  readonly merged: boolean;
}

/**
 * Evaluates each pull request with a sign of a hotfix that is open, or was merged since then: a request for
 * each hundred pull requests, and at most twelve for each hotfix. Others are only counted.
 */
export async function simulateHistory(
  client: GitHubClient,
  repo: Repo,
  {
    since,
    policy: given,
    docsUrl,
    onProgress = () => undefined,
  }: {
    readonly since: Date;
    readonly policy: PolicyReading | null;
    readonly docsUrl: string;
    readonly onProgress?: (done: number, of: number) => void;
  },
): Promise<Fact<RepositoryHistory>> {
  const policy = given ?? (await loadPolicy(client, repo));
  if (policy.state === "unknown") return unknown(policy.reason);
  const listed = await listPulls(client, repo, since, policy);
  if (!listed.known) return listed;
  const { pulls, hotfixes, complete } = listed.value;
  const chosen = hotfixes.slice(0, MOST_HOTFIXES);
  const simulated: SimulatedHotfix[] = [];
  const notes: string[] = [];
  const left = [...chosen];
  const work = async (): Promise<void> => {
    for (let next = left.shift(); next !== undefined; next = left.shift()) {
      const one = await simulatePullRequest(client, repo, next.number, { policy, docsUrl });
      if (one.known) simulated.push({ ...one.value, at: next.at });
      else notes.push(`#${next.number} of ${fullName(repo)} could not be read: ${one.reason}`);
      onProgress(simulated.length + notes.length, chosen.length);
    }
  };
  await Promise.all(Array.from({ length: AT_A_TIME }, work));
  if (hotfixes.length > chosen.length)
    notes.push(`${hotfixes.length - chosen.length} older hotfixes of ${fullName(repo)} were left out`);
  if (!complete) notes.push(`${fullName(repo)} has more pull requests than were looked at`);
  return known({
    repository: fullName(repo),
    source: policy.state === "valid" ? policy.source : "not valid",
    pulls,
    hotfixes: simulated.toSorted((a, b) => Date.parse(b.at) - Date.parse(a.at)),
    notes,
  });
}

/** The pull requests that are open or were merged since then; of those, the ones with a sign of a hotfix. */
export function listPulls(
  { octokit }: GitHubClient,
  repo: Repo,
  since: Date,
  policy: PolicyReading,
): Promise<
  Fact<{ readonly pulls: number; readonly hotfixes: readonly Listed[]; readonly complete: boolean }>
> {
  return read("the pull requests", async () => {
    const hotfixes: Listed[] = [];
    let pulls = 0;
    for (let page = 1; page <= MOST_PAGES; page++) {
      const { data } = await octokit.rest.pulls.list({
        ...repo,
        state: "all",
        sort: "updated",
        direction: "desc",
        per_page: PER_PAGE,
        page,
      });
      for (const { number, head, title, labels, merged_at, state, created_at, html_url: url } of data) {
        const at = merged_at ?? (state === "open" ? created_at : null);
        if (at === null || (merged_at !== null && Date.parse(at) < since.getTime())) continue;
        pulls += 1;
        const heading = { headRef: head.ref, title, labels: labels.map(({ name }) => name) };
        if (isHotfixLike(heading, policy.state === "valid" ? policy.policy : null))
          hotfixes.push({ number, at, headSha: head.sha, title, url, merged: merged_at !== null });
      }
      // What was merged since then has changed since then.
      const oldest = Date.parse(data.at(-1)?.updated_at ?? "");
      if (data.length < PER_PAGE || oldest < since.getTime()) return { pulls, hotfixes, complete: true };
    }
    return { pulls, hotfixes, complete: false };
  });
}

/** By rule, what would have become of these hotfixes; the most failed first. */
export function countByRule(hotfixes: readonly SimulatedHotfix[]): readonly RuleCount[] {
  const counts = new Map<RuleId, Omit<RuleCount, "rule" | "level"> & { level: RuleFinding["level"] }>();
  for (const { rule, level, state } of hotfixes.flatMap(({ verdict }) => verdict.findings)) {
    const before = counts.get(rule) ?? { level, passed: 0, failed: 0, waiting: 0, unknown: 0, other: 0 };
    const column = COLUMN[state] ?? "other";
    counts.set(rule, { ...before, [column]: before[column] + 1 });
  }
  return [...counts]
    .map(([rule, count]) => ({ rule, ...count }))
    .toSorted((a, b) => b.failed - a.failed || b.waiting - a.waiting);
}

const COLUMN: Readonly<Partial<Record<RuleFinding["state"], "passed" | "failed" | "waiting" | "unknown">>> = {
  satisfied: "passed",
  violated: "failed",
  pending: "waiting",
  unknown: "unknown",
};

/** What would have become of them as a whole. */
export function countOutcomes(hotfixes: readonly SimulatedHotfix[]): {
  readonly blocked: number;
  readonly waiting: number;
  readonly passed: number;
  readonly unknown: number;
  readonly skipped: number;
} {
  const of = (...outcomes: readonly string[]) =>
    hotfixes.filter(({ verdict }) => outcomes.includes(verdict.wouldBe)).length;
  return {
    blocked: of("failure"),
    waiting: of("action_required"),
    passed: of("success"),
    unknown: of("unknown"),
    skipped: of("skipped"),
  };
}
