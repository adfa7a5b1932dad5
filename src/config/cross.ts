import { type Policy, SEVERITIES } from "../policy/policy.ts";
import { nearest } from "./explain.ts";
import { isRecord, type Located, type Path, placeOf, placeOfKey, plain } from "./located.ts";
import { type ConfigProblem, problem, show } from "./problem.ts";

/**
 * What one key demands of another. Works on what is written, beside the schema, so that both kinds of problem
 * are told at once; what has the wrong shape is passed over, the schema tells of that.
 */
export function crossCheck(root: Located, defaults: Policy): readonly ConfigProblem[] {
  const written = plain(root);
  const roles = new Set([...Object.keys(defaults.roles), ...Object.keys(record(at(written, "roles")))]);
  return [
    ...unknownRoles(root, written, roles),
    ...roleNames(root, roles),
    ...missingApprovers(root, written, defaults),
  ];
}

function unknownRoles(root: Located, written: unknown, roles: ReadonlySet<string>): readonly ConfigProblem[] {
  const steps = at(written, "escalation");
  const places: readonly Path[] = [
    ...SEVERITIES.map((name) => ["severities", name, "approvers"]),
    ["overrides", "roles"],
    ...(Array.isArray(steps) ? steps.map((_, i) => ["escalation", i, "notify"]) : []),
  ];
  return places.flatMap((path) => {
    const names = at(written, ...path);
    return (Array.isArray(names) ? names : []).flatMap((name: unknown, i) => {
      if (typeof name !== "string" || roles.has(name)) return [];
      // Those that only the extended file has are not shown: who reads this file need not be allowed to read
      // that.
      const shown = [...roles].filter((one) => placeOfKey(root, ["roles", one]).file === root.at.file);
      const near = nearest(name, shown);
      const fix =
        near === null ? `Roles are ${shown.join(", ")}; add others under roles.` : `Did you mean ${near}?`;
      const here = [...path, i];
      return [problem(placeOf(root, here), here, `there is no role ${show(name)}`, fix)];
    });
  });
}

/** A role's name becomes the label `approved:<role>`, and GitHub does not tell labels apart by case. */
function roleNames(root: Located, roles: ReadonlySet<string>): readonly ConfigProblem[] {
  const seen = new Set<string>();
  return [...roles].flatMap((name) => {
    const here = ["roles", name];
    const twice = seen.has(name.toLowerCase());
    seen.add(name.toLowerCase());
    if (twice) {
      return [
        problem(
          placeOfKey(root, here),
          here,
          `another role is called ${show(name)} but for its case`,
          "Give it another name.",
        ),
      ];
    }
    if (/^[A-Za-z0-9][A-Za-z0-9._-]{0,39}$/.test(name)) return [];
    return [
      problem(
        placeOfKey(root, here),
        here,
        `${show(name)} cannot be the name of a role, which becomes the label approved:<role>`,
        "Use at most 40 letters, digits, hyphens, dots and underscores.",
      ),
    ];
  });
}

function missingApprovers(root: Located, written: unknown, defaults: Policy): readonly ConfigProblem[] {
  return SEVERITIES.flatMap((name) => {
    const key = ["severities", name];
    const hotfix = at(written, ...key, "hotfix") ?? defaults.severities[name].hotfix;
    const approvers = at(written, ...key, "approvers") ?? defaults.severities[name].approvers;
    if (hotfix !== true || !Array.isArray(approvers) || approvers.length > 0) return [];
    const here = [...key, "approvers"];
    return [
      problem(
        placeOf(root, here),
        here,
        `${name} may be hotfixed, but nobody may approve it`,
        "Name at least one role, such as approvers: [engineering-manager].",
      ),
    ];
  });
}

function at(value: unknown, ...path: Path): unknown {
  return path.reduce<unknown>((node, step) => {
    if (Array.isArray(node)) return node[Number(step)];
    const name = String(step);
    return isRecord(node) && Object.hasOwn(node, name) ? node[name] : undefined;
  }, value);
}

function record(value: unknown): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : {};
}
