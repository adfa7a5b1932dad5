import type { Policy } from "../policy.ts";

/** Does the configuration name this environment? GitHub compares names of environments without case. */
export function isGuarded(environment: string, { environments }: Pick<Policy, "environments">): boolean {
  const name = environment.toLowerCase();
  return environments.some((one) => one.toLowerCase() === name);
}

/**
 * Is it production? What `environments` names; where that is empty, what GitHub calls so. GitHub marks
 * `production` by default, but not in deployments that its own Actions make (chrnorm/deployment-action#61),
 * so the name counts as well.
 */
export function isProduction(
  { environment, marked }: { readonly environment: string; readonly marked: boolean },
  policy: Pick<Policy, "environments">,
): boolean {
  if (policy.environments.length > 0) return isGuarded(environment, policy);
  return marked || environment.toLowerCase() === "production";
}
