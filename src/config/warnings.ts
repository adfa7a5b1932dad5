import type { Policy } from "../policy/policy.ts";
import { type Located, placeOf } from "./located.ts";
import { type ConfigProblem, problem } from "./problem.ts";

/** What is valid and yet will not do what its author hopes. */
export function warningsOf(policy: Policy, root: Located): readonly ConfigProblem[] {
  const told = new Set<string>();
  return policy.escalation.flatMap((step, i) =>
    step.notify.flatMap((name, n) => {
      const role = policy.roles[name];
      if (role === undefined || role.teams.length > 0 || role.users.length > 0 || told.has(name)) return [];
      told.add(name);
      const here = ["escalation", i, "notify", n];
      return [
        problem(
          placeOf(root, here),
          here,
          `the role ${name} is known only by its permission, so escalation has nobody to mention`,
          `List teams or users under roles.${name}.`,
        ),
      ];
    }),
  );
}
