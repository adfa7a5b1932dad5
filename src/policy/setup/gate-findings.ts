import { type GateRequirement, gateRuleset } from "../branch-rules.ts";
import { type Policy, SEVERITIES } from "../policy.ts";
import { note, problem, type SetupFinding, unread, warning } from "./finding.ts";
import type { SetUpBranch, Setup } from "./setup.ts";

/** Is the check required on each branch, pinned to this app, and by whom may it be bypassed? */
export function gates(policy: Policy, setup: Setup): readonly SetupFinding[] {
  const path = policy.branches.base.length === 0 ? [] : ["branches", "base"];
  const found = setup.branches.flatMap((branch) => [
    ...gateOf(branch, setup, path),
    ...reviewsOf(branch, policy),
  ]);
  return [
    ...(setup.archived
      ? [
          problem(
            [],
            "the repository is archived: nothing can be merged or opened",
            "Unarchive it, or write mode: off.",
          ),
        ]
      : []),
    ...found,
  ];
}

/** A review after the merge cannot work where the branch wants one before. */
function reviewsOf({ name, exists, reviews }: SetUpBranch, { severities }: Policy): readonly SetupFinding[] {
  if (!exists || reviews === 0) return [];
  return SEVERITIES.filter((one) => severities[one].hotfix && severities[one].review === "after-merge").map(
    (one) =>
      warning(
        ["severities", one, "review"],
        `${name} requires ${reviews} approving ${reviews === 1 ? "review" : "reviews"} before any merge, so the review of a ${one} after the merge cannot work`,
        `Write severities: { ${one}: { review: before-merge } }; or put those who merge a ${one} on the bypass list of the ruleset (docs/break-glass.md).`,
      ),
  );
}

function gateOf(branch: SetUpBranch, setup: Setup, path: SetupFinding["path"]): readonly SetupFinding[] {
  const { name, exists, gate, mergeQueue } = branch;
  if (!exists) return [problem(path, `the branch ${name} is not there`, "Correct its name, or create it.")];
  if (!gate.known) return unread(path, gate);
  const require = requireCommand(setup, name);
  const said: Readonly<Record<GateRequirement, SetupFinding | null>> = {
    pinned: null,
    unknown: warning(
      path,
      `what ${name} requires is not shown to this token`,
      "Use an administrator's token.",
    ),
    "not-required": problem(
      path,
      mergeQueue
        ? `${name} has a merge queue and does not require hotfix-gate, so the queue merges whatever the check says`
        : `${name} does not require hotfix-gate, so everything can be merged and pushed whatever the check says`,
      require,
    ),
    "any-source": problem(
      path,
      `${name} requires hotfix-gate from any source, so anyone with write access can set it to passed`,
      require,
    ),
    "other-app": problem(
      path,
      `${name} requires hotfix-gate from another app than the one that writes it`,
      require,
    ),
    bypassable: problem(
      path,
      `${name} requires hotfix-gate, and everyone with write access may bypass that`,
      "Take the role “write” out of the ruleset's bypass list (Settings → Rules → Rulesets).",
    ),
  };
  const app = setup.app;
  if (app.known && app.value === null && (gate.value === "other-app" || gate.value === "pinned"))
    return [
      note(
        path,
        `${name} requires hotfix-gate from one app; no app has written the check here yet, so it cannot be told whether that is the right one`,
        "Open a pull request once, and run this again.",
      ),
    ];
  return [said[gate.value] ?? []].flat();
}

function requireCommand({ repository, app }: Setup, branch: string): string {
  const id = (app.known ? app.value?.id : undefined) ?? "<APP_ID>";
  // Whatever the branch is called, the shell takes it as it is.
  const ruleset = JSON.stringify(gateRuleset(branch, id))
    .replace('"<APP_ID>"', "<APP_ID>")
    .replaceAll("'", "'\\''");
  return `As an administrator: gh api repos/${repository}/rulesets --input - <<< '${ruleset}'`;
}
