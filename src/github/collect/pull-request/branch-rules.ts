import type { BranchRules, GateRequirement } from "../../../policy/branch-rules.ts";
import { type Fact, known } from "../../../policy/fact.ts";
import { list, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { remembered } from "../../api/memory.ts";
import { PER_PAGE, read, readPages } from "../../api/read.ts";
import { identityOf } from "../../api/repositories.ts";
import { GATE_NAME } from "../check/gates.ts";

/**
 * A rule of `GET /repos/{owner}/{repo}/rules/branches/{branch}`, which lists those of active rulesets only.
 */
interface BranchRule {
  readonly type: string;
  readonly ruleset: number | null;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** A check that a branch requires before anything lands on it. */
interface RequiredCheck {
  readonly name: unknown;
  readonly app: unknown;
  /** The ruleset that requires it; `null`: classic protection does. */
  readonly ruleset: number | null;
}

/**
 * What a branch asks for. Rulesets are asked first, since everybody may read them; where they do not require
 * the gate, `GET …/branches/{branch}` shows what classic protection requires (contents: read). What cannot be
 * read is unknown.
 */
export async function readBranchRules(
  client: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<Fact<BranchRules>> {
  const protection = await readProtection(client, repo, branch);
  if (!protection.known) return protection;
  const { gates, reviews, mergeQueue } = protection.value;
  const gate = requirementOf(gates, client.app.id);
  // GitHub shows who may bypass a ruleset to those alone who may change it.
  const mayAsk =
    (gate === "pinned" || gate === "any-source") && (await client.permits("administration", "write"));
  const bypassed = mayAsk && (await readBypass(client, repo, rulesetsOf(gates))) === "everybody";
  return known({ gate: bypassed ? "bypassable" : gate, reviews, mergeQueue });
}

/** What protects a branch: every rule that requires the gate, and what else matters to it. */
export interface Protection extends Pick<BranchRules, "reviews" | "mergeQueue"> {
  /** `null`: classic protection could not be read, or is not shown. */
  readonly gates: readonly RequiredCheck[] | null;
}

/** See `readBranchRules`. */
export async function readProtection(
  client: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<Fact<Protection>> {
  const asksClassic = classicOf(client);
  const key = `${identityOf(client, repo)} ${branch}`;
  // Where it had to be asked the last time it is asked at once.
  const ahead = asksClassic.has(key) ? readClassic(client, repo, branch) : null;
  const listed = await readPages(`the rules of the branch ${branch}`, async (page) => {
    const { data, headers } = await client.octokit.rest.repos.getBranchRules({
      ...repo,
      branch,
      per_page: PER_PAGE,
      page,
    });
    const rules = list(data).map(
      ({ type, ...rule }): BranchRule => ({
        type,
        ruleset: "ruleset_id" in rule && typeof rule.ruleset_id === "number" ? rule.ruleset_id : null,
        parameters: "parameters" in rule && isRecord(rule.parameters) ? rule.parameters : {},
      }),
    );
    return { data: rules, headers };
  });
  if (!listed.known) return listed;
  const rules = listed.value;
  const gates = rules
    .filter(({ type }) => type === "required_status_checks")
    .flatMap(({ parameters, ruleset }) =>
      records(parameters.required_status_checks).map(
        ({ context, integration_id }): RequiredCheck => ({ name: context, app: integration_id, ruleset }),
      ),
    )
    .filter(({ name }) => name === GATE_NAME);
  if (gates.length > 0) asksClassic.delete(key);
  else asksClassic.set(key, true);
  return known({
    gates: gates.length > 0 ? gates : await (ahead ?? readClassic(client, repo, branch)),
    reviews: Math.max(0, ...rules.filter(({ type }) => type === "pull_request").map(reviewsOf)),
    mergeQueue: rules.some(({ type }) => type === "merge_queue"),
  });
}

const classicOf = remembered<true>("classic protection");

async function readClassic(
  { octokit }: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<Protection["gates"]> {
  const reading = await read(`the protection of the branch ${branch}`, async () => {
    const { data } = await octokit.rest.repos.getBranch({ ...repo, branch });
    return { isProtected: data.protected, protection: data.protection as unknown };
  });
  if (!reading.known) return null;
  const { isProtected, protection } = reading.value;
  if (!isProtected) return [];
  const checks = isRecord(protection) ? protection.required_status_checks : undefined;
  if (!isRecord(checks)) return null;
  // Written down, and not enforced for anybody.
  if (checks.enforcement_level === "off") return [];
  const pinned = records(checks.checks).map(({ context, app_id }) => ({ name: context, app: app_id }));
  const contexts = Array.isArray(checks.contexts) ? checks.contexts : [];
  // Older servers list names alone.
  const all = pinned.length > 0 ? pinned : contexts.map((name: unknown) => ({ name, app: null }));
  return all.filter(({ name }) => name === GATE_NAME).map((one) => ({ ...one, ruleset: null }));
}

/** GitHub's number of the repository role "write", which every role above it has as well. */
const WRITE_ROLE = 4;

const bypassesOf = remembered<Bypass>("bypasses of rulesets");

/** `everybody`: whoever has write access; `unknown`: GitHub does not show it, or it could not be read. */
export type Bypass = "everybody" | "not-everybody" | "unknown";

/**
 * Who may bypass all of these rulesets, asked once in ten minutes. Classic protection (`null`) holds
 * everybody but administrators: one that is not bypassed is enough to hold.
 */
export async function readBypass(
  client: GitHubClient,
  repo: Repo,
  rulesets: readonly (number | null)[],
): Promise<Bypass> {
  const all = await Promise.all(
    rulesets.map((ruleset) =>
      ruleset === null ? "not-everybody" : readRulesetBypass(client, repo, ruleset),
    ),
  );
  if (all.includes("not-everybody")) return "not-everybody";
  return all.includes("unknown") || all.length === 0 ? "unknown" : "everybody";
}

async function readRulesetBypass(client: GitHubClient, repo: Repo, ruleset: number): Promise<Bypass> {
  const cache = bypassesOf(client);
  const key = `${identityOf(client, repo)} ${ruleset}`;
  const kept = cache.get(key);
  if (kept !== undefined) return kept;
  const reading = await read(`the ruleset ${ruleset}`, async (): Promise<Bypass> => {
    const { data } = await client.octokit.rest.repos.getRepoRuleset({ ...repo, ruleset_id: ruleset });
    if (data.bypass_actors === undefined) return "unknown";
    const writers = list(data.bypass_actors).some(
      ({ actor_type, actor_id }) => actor_type === "RepositoryRole" && actor_id === WRITE_ROLE,
    );
    return writers ? "everybody" : "not-everybody";
  });
  const bypass = reading.known ? reading.value : "unknown";
  cache.set(key, bypass);
  return bypass;
}

/** The rulesets that require the gate, each once; `null`: classic protection. */
export function rulesetsOf(gates: Protection["gates"]): readonly (number | null)[] {
  return [...new Set((gates ?? []).map(({ ruleset }) => ruleset))];
}

/** Several rules may name the gate: all have to hold, so one that is pinned to this app is enough. */
export function requirementOf(gates: Protection["gates"], appId: number): GateRequirement {
  if (gates === null) return "unknown";
  const apps = gates.map(({ app }) => app);
  // GitHub writes -1 where any app may set it.
  const isAny = (app: unknown): boolean => typeof app !== "number" || app < 0;
  if (apps.length === 0) return "not-required";
  if (apps.some((app) => !isAny(app) && app !== appId)) return "other-app";
  return apps.includes(appId) ? "pinned" : "any-source";
}

/** Reviews that a `pull_request` rule asks for: by number, by team, by code owners or of the last push. */
function reviewsOf({ parameters }: BranchRule): number {
  const count = Number(parameters.required_approving_review_count ?? 0);
  const byTeam = records(parameters.required_reviewers).map(({ minimum_approvals }) =>
    Number(minimum_approvals ?? 0),
  );
  const one = parameters.require_code_owner_review === true ? 1 : 0;
  return Math.max(0, one, ...[count, ...byTeam].filter(Number.isFinite));
}

function records(value: unknown): readonly Readonly<Record<string, unknown>>[] {
  return Array.isArray(value) ? value.filter(isRecord) : [];
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null;
}
