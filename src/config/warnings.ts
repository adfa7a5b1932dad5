import type { Policy } from "../policy/policy.ts";
import { isHotfixBranch } from "../policy/propose-branch.ts";
import { type Located, type Path, placeOf, valueAt } from "./located.ts";
import { type ConfigProblem, problem, show } from "./problem.ts";

/** What is valid and yet will not do what its author hopes. */
export function warningsOf(policy: Policy, root: Located): readonly ConfigProblem[] {
  return [...silentRoles(policy, root), ...patternsForGlobs(policy, root), ...unnameable(policy, root)];
}

/** No branch and no path is called so: `^hotfix/.*$` was meant as a pattern. */
const PATTERN = /^\^|\$$|\.[*+]|\\[dswDSW/]/;

function patternsForGlobs({ branches, components }: Policy, root: Located): readonly ConfigProblem[] {
  const globs: readonly (readonly [path: Path, value: string])[] = [
    ...(["hotfix", "base"] as const).flatMap((key) =>
      branches[key].map((value, i) => [["branches", key, i], value] as const),
    ),
    ...Object.entries(components).flatMap(([name, values]) =>
      values.map((value, i) => [["components", name, i], value] as const),
    ),
  ];
  const several = globs.filter(([path, value]) => isSeveral(value, path[0] === "branches"));
  return [
    ...several.map(([path, value]) =>
      problem(
        placeOf(root, path),
        path,
        `${show(value)} is read as one name, which fits nothing`,
        `Write each by itself: ${parts(value, path[0] === "branches")
          .map((one) => `"${one}"`)
          .join(", ")}.`,
      ),
    ),
    ...globs
      .filter((one) => PATTERN.test(one[1]) && !several.includes(one))
      .map(([path, value]) =>
        problem(
          placeOf(root, path),
          path,
          `${show(value)} looks like a pattern, but a glob stands here, and as that it fits nothing`,
          `Write a glob, such as ${path[0] === "components" ? "src/payments/**" : "hotfix/** or release/*"}.`,
        ),
      ),
  ];
}

/** `main|master`, `main, master`: of branches no name has a space or a bar, of paths hardly one a list. */
function isSeveral(value: string, isBranch: boolean): boolean {
  return (
    (isBranch ? /[|,;\s]/ : /[|;]|, /).test(value) &&
    !/[{[\\]/.test(value) &&
    parts(value, isBranch).length > 1
  );
}

function parts(value: string, isBranch: boolean): readonly string[] {
  return value
    .replace(/^\^?\((?:\?:)?(.*)\)\$?$/, "$1")
    .split(isBranch ? /[|,;\s]+/ : /\s*[|,;]\s*/)
    .filter((one) => one !== "");
}

/** As people name branches, behind the part that all hotfix branches share. */
const ORDINARY_NAMES =
  "fix-login fix_login fixLogin PAY-12 PAY-12-fix-login PAY-12_fix_login pay-12-fix-login 12 12-fix-login issue-12 20251020 2025-10-20-fix-login 1.2.3 v1.2.3 ada/fix-login ada-fix-login".split(
    " ",
  );

function unnameable(policy: Policy, root: Located): readonly ConfigProblem[] {
  if (policy.rules["branch-name"].level === "off") return [];
  const prefixes = policy.branches.hotfix.map((glob) => /^[^*?[{\\]*/.exec(glob)?.[0] ?? "");
  const fits = prefixes.some((prefix) =>
    ["", ...ORDINARY_NAMES].some((name) => isHotfixBranch(prefix + name, policy)),
  );
  if (fits) return [];
  const written = ["name", "hotfix"].find((key) => valueAt(root, ["branches", key]) !== undefined);
  const path = ["branches", written ?? "name"];
  return [
    problem(
      placeOf(root, path),
      path,
      "no ordinary name fits both branches.hotfix and branches.name, so every hotfix would fail branch-name",
      "Make the two agree, such as hotfix: ['hotfix/**'] (globs) and name: '^hotfix/.+$' (a pattern).",
    ),
  ];
}

/** Roles that an escalation would mention, and that are known by their permission alone. */
function silentRoles(policy: Policy, root: Located): readonly ConfigProblem[] {
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
