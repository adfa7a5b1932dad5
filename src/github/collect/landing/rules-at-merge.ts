import { known } from "../../../policy/fact.ts";
import {
  type RulesAtMerge,
  type RulesetChange,
  typedReason,
} from "../../../policy/landing/rules-at-merge.ts";
import { list, type Repo, text } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { read } from "../../api/read.ts";
import { headIdentity } from "../../api/repositories.ts";
import { readProtection, requirementOf, rulesetsOf } from "../pull-request/branch-rules.ts";

/** What landed, and all that GitHub may have made the commit's message of. */
export interface LandedCommit {
  readonly sha: string;
  readonly base: string;
  readonly at: string;
  /** Title and body of the pull request, messages of its commits. */
  readonly texts: readonly string[];
}

const NONE: RulesAtMerge = { bypassed: null, off: null };
/** GitHub lists rule suites a moment after the push; what they said then does not change. */
const SETTLED_MS = 10 * 60_000;
/** Changes of a ruleset are named where they are not further from the merge. */
const AROUND_MS = 24 * 60 * 60_000;

const rulesOf = remembered<RulesAtMerge>("rules at merges");

/**
 * What GitHub's rule suites tell of the commit that landed (REST: repos/rule-suites, administration: read).
 * Asked only where that is granted. What cannot be read is not there: it decides nothing.
 */
export async function readRulesAtMerge(
  client: GitHubClient,
  repo: Repo,
  landed: LandedCommit,
): Promise<RulesAtMerge> {
  const permitted = await read("what the app may read", () => client.permits("administration", "read"));
  if (!permitted.known || !permitted.value) return NONE;
  const key = headIdentity(client, repo, landed.sha);
  const kept = rulesOf(client).get(key);
  if (kept !== undefined) return kept;
  const reading = await read("the rule suites", () => readSuite(client, repo, landed));
  const found = reading.known ? reading.value : NONE;
  const age = client.serverTime().getTime() - Date.parse(landed.at);
  if (reading.known && (found !== NONE || age > SETTLED_MS)) rulesOf(client).set(key, found);
  return found;
}

async function readSuite(client: GitHubClient, repo: Repo, landed: LandedCommit): Promise<RulesAtMerge> {
  const { repos } = client.octokit.rest;
  const { data } = await repos.getRepoRuleSuites({
    ...repo,
    ref: `refs/heads/${landed.base}`,
    time_period: "week",
    per_page: 100,
  });
  const suite = list(data).find(({ after_sha }) => after_sha === landed.sha);
  if (suite?.id === undefined) return NONE;
  const detail = (await repos.getRepoRuleSuite({ ...repo, rule_suite_id: suite.id })).data;
  const rules = list(detail.rule_evaluations ?? []).filter(({ enforcement }) => enforcement === "active");
  const isBypass = suite.result === "bypass";
  const failed = rules.filter(({ result }) => result === "fail").flatMap(({ rule_type }) => rule_type ?? []);
  const asked = rules.some(({ rule_type }) => rule_type === "required_status_checks");
  const [message, off] = await Promise.all([
    isBypass ? readMessage(client, repo, landed.sha) : "",
    asked ? null : readOff(client, repo, landed),
  ]);
  if (!isBypass && off === null) return { ...NONE };
  return {
    bypassed: isBypass
      ? {
          by: suite.actor_name ?? null,
          rules: [...new Set(failed)],
          reason: typedReason(message, landed.texts),
        }
      : null,
    off,
  };
}

async function readMessage({ octokit }: GitHubClient, repo: Repo, sha: string): Promise<string> {
  return text((await octokit.rest.git.getCommit({ ...repo, commit_sha: sha })).data.message);
}

/** A ruleset requires the check now: when it was changed around the merge, and by whom where GitHub tells. */
async function readOff(
  client: GitHubClient,
  repo: Repo,
  { base, at }: LandedCommit,
): Promise<RulesAtMerge["off"]> {
  const protection = await readProtection(client, repo, base);
  if (!protection.known) return null;
  const { gates } = protection.value;
  const required = ["pinned", "any-source"].includes(requirementOf(gates, client.app.id));
  const ids = rulesetsOf(gates).filter((id) => id !== null);
  if (!required || ids.length === 0) return null;
  const changes = await Promise.all(ids.map((id) => readChanges(client, repo, id)));
  return changes
    .flat()
    .filter((one) => Math.abs(Date.parse(one.at) - Date.parse(at)) <= AROUND_MS)
    .toSorted((a, b) => Date.parse(a.at) - Date.parse(b.at));
}

/** The ruleset's history, which only those see who may change it; else its last change. */
async function readChanges(client: GitHubClient, repo: Repo, id: number): Promise<readonly RulesetChange[]> {
  const { repos, users } = client.octokit.rest;
  const about = await read("the ruleset", async () => {
    const { data } = await repos.getRepoRuleset({ ...repo, ruleset_id: id });
    return { ruleset: text(data.name), at: text(data.updated_at ?? "") };
  });
  if (!about.known) return [];
  const { ruleset, at } = about.value;
  const mayAsk = await client.permits("administration", "write");
  const history = mayAsk
    ? await read("the ruleset's history", async () => {
        const { data } = await repos.getRepoRulesetHistory({ ...repo, ruleset_id: id, per_page: 100 });
        return list(data).map((one) => ({ at: text(one.updated_at), actor: one.actor.id ?? null }));
      })
    : known([]);
  if (!history.known || history.value.length === 0) return [{ at, by: null, ruleset }];
  const ids = [...new Set(history.value.flatMap(({ actor }) => actor ?? []))].slice(0, 5);
  const logins = new Map(
    await Promise.all(
      ids.map(async (account_id) => {
        const login = await read("an account", async () =>
          text((await users.getById({ account_id })).data.login),
        );
        return [account_id, login.known ? login.value : null] as const;
      }),
    ),
  );
  return history.value.map(({ at, actor }) => ({
    at,
    by: actor === null ? null : (logins.get(actor) ?? null),
    ruleset,
  }));
}
