import type { BranchRules, GateRequirement } from "../../../policy/branch-rules.ts";
import { type Fact, known, mapFact } from "../../../policy/fact.ts";
import { list, type Repo } from "../../api/answer.ts";
import type { GitHubClient } from "../../api/client.ts";
import { PER_PAGE, read, readPages } from "../../api/read.ts";
import { GATE_NAME } from "../check/gates.ts";

/**
 * A rule of `GET /repos/{owner}/{repo}/rules/branches/{branch}`, which lists those of active rulesets only.
 */
interface BranchRule {
  readonly type: string;
  readonly parameters: Readonly<Record<string, unknown>>;
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
        parameters: "parameters" in rule && isRecord(rule.parameters) ? rule.parameters : {},
      }),
    );
    return { data: rules, headers };
  });
  if (!listed.known) return listed;
  const rules = listed.value;
  const gate = requirementOf(
    rules
      .filter(({ type }) => type === "required_status_checks")
      .flatMap(({ parameters }) => records(parameters.required_status_checks))
      .map(({ context, integration_id }) => ({ name: context, app: integration_id })),
    client.app.id,
  );
  return known({
    gate: gate === "not-required" ? await classicRequirement(client, repo, branch) : gate,
    reviews: Math.max(0, ...rules.filter(({ type }) => type === "pull_request").map(reviewsOf)),
    mergeQueue: rules.some(({ type }) => type === "merge_queue"),
  });
}

async function classicRequirement(
  { octokit, app }: GitHubClient,
  repo: Repo,
  branch: string,
): Promise<GateRequirement> {
  const branchRead = await read(`the protection of the branch ${branch}`, async () => {
    const { data } = await octokit.rest.repos.getBranch({ ...repo, branch });
    return { isProtected: data.protected, protection: data.protection as unknown };
  });
  const requirement = mapFact(branchRead, ({ isProtected, protection }): GateRequirement => {
    if (!isProtected) return "not-required";
    const checks = isRecord(protection) ? protection.required_status_checks : undefined;
    if (!isRecord(checks)) return "unknown";
    const pinned = records(checks.checks).map(({ context, app_id }) => ({ name: context, app: app_id }));
    const contexts = Array.isArray(checks.contexts) ? checks.contexts : [];
    // Older servers list names alone.
    return requirementOf(
      pinned.length > 0 ? pinned : contexts.map((name: unknown) => ({ name, app: null })),
      app.id,
    );
  });
  return requirement.known ? requirement.value : "unknown";
}

/** Several rules may name the gate: all have to hold, so one that is pinned to this app is enough. */
function requirementOf(
  checks: readonly { readonly name: unknown; readonly app: unknown }[],
  appId: number,
): GateRequirement {
  const apps = checks.filter(({ name }) => name === GATE_NAME).map(({ app }) => app);
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
