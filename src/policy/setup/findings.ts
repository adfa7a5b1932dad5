import { isPermissionRole } from "../approval/roles.ts";
import type { Fact } from "../fact.ts";
import { labelDefinitions } from "../labels.ts";
import { type Policy, SEVERITIES } from "../policy.ts";
import { note, problem, type SetupFinding, unread, warning } from "./finding.ts";
import { gates } from "./gate-findings.ts";
import type { Reach, Setup } from "./setup.ts";

/**
 * Compares a configuration with what is on GitHub. What could not be read is a warning that says so, never a
 * "no".
 */
export function findingsOf(policy: Policy, setup: Setup): readonly SetupFinding[] {
  return [
    ...gates(policy, setup),
    ...roles(policy, setup),
    ...postMortems(policy, setup),
    ...environments(policy, setup),
    ...labels(policy, setup),
  ];
}

function roles(policy: Policy, setup: Setup): readonly SetupFinding[] {
  return Object.entries(policy.roles).flatMap(([name, role]) => {
    const here = ["roles", name];
    const teams = role.teams.flatMap((team, i) =>
      reach([...here, "teams", i], `the team ${team}`, setup.teams[team.toLowerCase()]),
    );
    const users = role.users.flatMap((user, i) =>
      reach([...here, "users", i], user, setup.users[user.toLowerCase()]),
    );
    const found = [...teams, ...users];
    // Who holds it cannot be told while who is listed is not right.
    return found.length > 0 ? found : holders(policy, setup, name);
  });
}

function reach(
  path: SetupFinding["path"],
  who: string,
  fact: Fact<Reach> | undefined,
): readonly SetupFinding[] {
  if (fact === undefined) return [];
  if (!fact.known) return unread(path, fact);
  switch (fact.value) {
    case "write":
      return [];
    case "read":
    case "none":
      return [
        problem(
          path,
          `${who} has no write access here, so no approval from there counts`,
          "Give it the role “write” on the repository (Settings → Collaborators and teams).",
        ),
      ];
    case "missing":
      return [
        problem(
          path,
          `${who} is not there, or is secret and this token cannot see it`,
          "Correct the name, or make the team visible.",
        ),
      ];
  }
}

/** A role that is asked for and that nobody holds keeps every such hotfix waiting. */
function holders(policy: Policy, { holders }: Setup, name: string): readonly SetupFinding[] {
  const count = holders[name];
  const asked = SEVERITIES.filter(
    (severity) => policy.severities[severity].hotfix && policy.severities[severity].approvers.includes(name),
  );
  if (count === undefined) return [];
  if (!count.known) return unread(["roles", name], count);
  if (count.value === 0 && asked.length > 0)
    return [
      problem(
        ["roles", name],
        `nobody holds the role ${name}, which ${asked.join(" and ")} asks for`,
        "List teams or users who have write access.",
      ),
    ];
  const role = policy.roles[name];
  const called = policy.escalation.some(({ notify }) => notify.includes(name));
  if (role === undefined || !isPermissionRole(role) || !called) return [];
  return [
    warning(
      ["roles", name],
      `the role ${name} is known only by its permission (${count.value} people hold it), so escalation has nobody to mention`,
      `List teams or users under roles.${name}.`,
    ),
  ];
}

function postMortems(
  { post_mortem: { repository, template } }: Policy,
  setup: Setup,
): readonly SetupFinding[] {
  const place = ["post_mortem", "repository"];
  const found: SetupFinding[] = [];
  if (setup.postMortems === null) {
    if (!setup.hasIssues)
      found.push(
        problem(
          place,
          "issues are disabled here, so no post-mortem can be opened",
          "Enable them (Settings → General → Features), or set post_mortem.repository.",
        ),
      );
  } else if (!setup.postMortems.known) found.push(...unread(place, setup.postMortems));
  else if (setup.postMortems.value === "missing")
    found.push(
      problem(
        place,
        `the repository ${repository} is not there, or this token cannot see it`,
        "Correct its name, and install the app on it as well.",
      ),
    );
  else {
    const { moreVisible, hasIssues, archived } = setup.postMortems.value;
    if (archived)
      found.push(
        problem(
          place,
          `the repository ${repository} is archived, so no post-mortem can be opened there`,
          "Unarchive it, or name another.",
        ),
      );
    else if (!hasIssues)
      found.push(
        problem(
          place,
          `issues are disabled in ${repository}, so no post-mortem can be opened there`,
          "Enable them there, or name another repository.",
        ),
      );
    if (moreVisible)
      found.push(
        warning(
          place,
          `more people see ${repository} than this repository, so no post-mortem is opened there`,
          "Name a repository that is as private as this one.",
        ),
      );
  }
  if (setup.template?.known === false) found.push(...unread(["post_mortem", "template"], setup.template));
  if (setup.template?.known === true && !setup.template.value)
    found.push(
      problem(
        ["post_mortem", "template"],
        `the template ${template} is not there, so the procedure's is used`,
        "Correct its path, from the root of the repository.",
      ),
    );
  return found;
}

function environments(policy: Policy, setup: Setup): readonly SetupFinding[] {
  return policy.environments.flatMap((name, i) => {
    const path = ["environments", i];
    const fact = setup.environments[name.toLowerCase()];
    if (fact === undefined) return [];
    if (!fact.known) return unread(path, fact);
    if (fact.value === "missing")
      return [
        problem(
          path,
          `the environment ${name} is not there`,
          "Correct its name, or create it (Settings → Environments).",
        ),
      ];
    return fact.value === "guarded"
      ? []
      : [
          problem(
            path,
            `the environment ${name} does not ask the app before it deploys`,
            "Tick the app under Settings → Environments → Deployment protection rules.",
          ),
        ];
  });
}

function labels(policy: Policy, { labels: there }: Setup): readonly SetupFinding[] {
  if (!there.known) return unread([], there);
  const missing = labelDefinitions(policy).filter(({ name }) => !there.value.includes(name.toLowerCase()));
  return missing.length === 0
    ? []
    : [
        note(
          [],
          `${missing.length} ${missing.length === 1 ? "label is" : "labels are"} not there yet: ${missing.map(({ name }) => name).join(", ")}`,
          "Nothing to do: the app creates each when it is first needed.",
        ),
      ];
}
