import { emit } from "../emit.ts";
import { runsOf } from "../json/checks.ts";
import type { IssueState, PullState, RepoState, UserState } from "../state.ts";
import type { Protection } from "../types.ts";
import { atLeast, type World } from "../world.ts";

const passing = ["success", "neutral", "skipped"];

function checkState(
  repo: RepoState,
  sha: string,
  check: { context: string; appId?: number | null },
): "ok" | "expected" | "pending" | "failing" {
  const runs = runsOf(repo, sha, true).filter(
    (run) => run.name === check.context && (check.appId == null || run.appId === check.appId),
  );
  const states: string[] = runs.map((run) =>
    run.status !== "completed" ? "pending" : passing.includes(run.conclusion ?? "") ? "ok" : "failing",
  );
  if (check.appId == null) {
    const status = repo.statuses.findLast((one) => one.sha === sha && one.context === check.context);
    if (status)
      states.push(status.state === "success" ? "ok" : status.state === "pending" ? "pending" : "failing");
  }
  if (states.length === 0) return "expected";
  if (states.includes("failing")) return "failing";
  return states.includes("pending") ? "pending" : "ok";
}

/** Sentences that say what the branch's protection still wants for a head, as GitHub's 405 has them. */
export function blockers(
  world: World,
  repo: RepoState,
  branch: string,
  sha: string,
  issue?: IssueState,
): string[] {
  const protection = repo.protection.get(branch);
  if (!protection) return [];
  const out: string[] = [];
  const checks = protection.requiredChecks ?? [];
  const open = checks
    .map((check) => ({ check, state: checkState(repo, sha, check) }))
    .filter(({ state }) => state !== "ok");
  if (open.length === 1 && open[0]) {
    out.push(`Required status check "${open[0].check.context}" is ${open[0].state}.`);
  } else if (open.length > 1) {
    const state = open.every((one) => one.state === "expected") ? "expected" : "expected or failing";
    out.push(`${open.length} of ${checks.length} required status checks are ${state}.`);
  }
  const wanted = protection.requiredReviews ?? 0;
  if (wanted > 0) {
    const verdicts = issue?.pull ? latestReviews(world, repo, issue.pull) : new Map<string, string>();
    const values = [...verdicts.values()];
    if (values.includes("CHANGES_REQUESTED")) out.push("Changes have been requested.");
    if (values.filter((state) => state === "APPROVED").length < wanted)
      out.push(
        `At least ${wanted} approving review${wanted === 1 ? " is" : "s are"} required by reviewers with write access.`,
      );
  }
  return out;
}

function latestReviews(world: World, repo: RepoState, pull: PullState): Map<string, string> {
  const out = new Map<string, string>();
  for (const review of pull.reviews) {
    if (!review.user || !atLeast(world.role(repo, world.user(review.user)), "write")) continue;
    if (review.state === "APPROVED" || review.state === "CHANGES_REQUESTED")
      out.set(review.user, review.state);
    else if (review.state === "DISMISSED") out.delete(review.user);
  }
  return out;
}

/** Whether somebody may bypass the protection. */
export function mayBypass(world: World, repo: RepoState, branch: string, user: UserState | null): boolean {
  return !repo.protection.get(branch)?.enforceAdmins && world.role(repo, user) === "admin";
}

/** Sets or takes away what a branch asks for, as its owner; told to those who may hear of administration. */
export function protect(world: World, repo: RepoState, branch: string, protection: Protection | null): void {
  const before = repo.protection.get(branch);
  if (protection) repo.protection.set(branch, protection);
  else repo.protection.delete(branch);
  const now = protection ?? before;
  if (now === undefined || world.options.permissions.administration === undefined) return;
  const action = before === undefined ? "created" : protection === null ? "deleted" : "edited";
  const owner = world.user(repo.owner);
  if (now.ruleset === false)
    emit(world, repo, "branch_protection_rule", { action, rule: { id: 1, name: branch } }, owner);
  else {
    const repository_ruleset = { id: 1, name: branch, target: "branch", enforcement: "active" };
    emit(world, repo, "repository_ruleset", { action, repository_ruleset }, owner);
  }
}
