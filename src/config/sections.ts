import { z } from "zod";
import { PERMISSIONS, type Severity } from "../policy/policy.ts";
import {
  branch,
  duration,
  few,
  glob,
  label,
  list,
  login,
  nonEmptyList,
  path,
  pattern,
  repository,
  roleName,
  team,
  text,
} from "./values.ts";

/** The larger sections of the configuration's schema (schema.ts). */

/** Who holds a role; `permission` is what counts where nobody is listed. */
export const role = (permission: (typeof PERMISSIONS)[number]) =>
  z.strictObject({
    teams: list(team())
      .prefault([])
      .describe("Team slugs of the owner, or org/slug. Members of child teams count."),
    users: list(login()).prefault([]).describe("Logins."),
    permission: z
      .enum(PERMISSIONS)
      .prefault(permission)
      .describe(
        "The repository role that a person needs at least. Applies only while teams and users are both empty.",
      ),
  });

interface SeverityDefaults {
  readonly hotfix: boolean;
  readonly approvers: string[];
  readonly review: "before-merge" | "after-merge" | "none";
  readonly staging: "expected" | "optional";
  readonly respond_within: string | null;
}

const severity = (defaults: SeverityDefaults) =>
  z.strictObject({
    hotfix: z
      .boolean()
      .prefault(defaults.hotfix)
      .describe("Does it qualify for a hotfix? If not: use the normal release."),
    approvers: list(roleName()).prefault(defaults.approvers).describe("Roles, any of which may approve."),
    approvals: z.int().min(1).max(10).prefault(1).describe("How many people must approve."),
    review: z
      .enum(["before-merge", "after-merge", "none"])
      .prefault(defaults.review)
      .describe("When another engineer must have reviewed it."),
    staging: z
      .enum(["expected", "optional"])
      .prefault(defaults.staging)
      .describe("Is a test on staging expected?"),
    respond_within: duration()
      .nullable()
      .prefault(defaults.respond_within)
      .describe("Target time from opening to merge."),
  });

const NOT_HOTFIXED: SeverityDefaults = {
  hotfix: false,
  approvers: [],
  review: "before-merge",
  staging: "expected",
  respond_within: null,
};

const checklist = (...items: string[]) => list(text()).prefault(items);

/** The section `branches`. */
export function branches() {
  return z.strictObject({
    hotfix: nonEmptyList(glob())
      .prefault(["hotfix/**"])
      .describe("Globs on the head branch: these are hotfixes."),
    name: pattern()
      .prefault("^hotfix/[a-z0-9]+(?:-[a-z0-9]+)*$")
      .describe("What the branch name must match."),
    base: list(glob())
      .prefault([])
      .describe("Globs: the branches a hotfix may go to. Empty: the default branch."),
    back_merge: list(branch())
      .prefault([])
      .describe("Branches where a merged hotfix must arrive as well, such as develop."),
  });
}

/** The section `severities`, each severity with defaults of its own. */
export function severities() {
  const levels: Record<Severity, ReturnType<typeof severity>> = {
    P0: severity({
      hotfix: true,
      approvers: ["on-call", "engineering-manager", "cto"],
      review: "after-merge",
      staging: "optional",
      respond_within: "15m",
    }),
    P1: severity({
      hotfix: true,
      approvers: ["engineering-manager", "cto"],
      review: "before-merge",
      staging: "expected",
      respond_within: "2h",
    }),
    P2: severity(NOT_HOTFIXED),
    P3: severity(NOT_HOTFIXED),
  };
  return z.strictObject({
    P0: levels.P0.prefault({}).describe("Critical: complete outage, data loss, active attack."),
    P1: levels.P1.prefault({}).describe("High: major functionality broken."),
    P2: levels.P2.prefault({}).describe("Medium: a feature is degraded."),
    P3: levels.P3.prefault({}).describe("Low: a minor issue."),
  });
}

/** The section `commit`. */
export function commit() {
  return z.strictObject({
    title: pattern().prefault("^HOTFIX: \\S.*$").describe("What the first line must match."),
    require_in: z
      .enum(["one", "every"])
      .prefault("one")
      .describe(
        "one: one commit is the hotfix commit, with the title and all fields. every: each commit must be one.",
      ),
    issues: nonEmptyList(pattern())
      .prefault(["#\\d+", "[\\w.-]+/[\\w.-]+#\\d+", "https://\\S+"])
      .describe("Formats of a reference in Fixes; one must match the whole reference."),
  });
}

/** The section `post_mortem`. */
export function postMortem() {
  return z.strictObject({
    due: duration().prefault("24h").describe("Time from the merge until it is due."),
    remind: list(duration())
      .prefault(["4h", "0h"])
      .describe("Reminders, as time before it is due; then daily for a week. []: none at all."),
    reopen: z
      .boolean()
      .prefault(true)
      .describe("Reopen one that is closed unfinished. false: it stays closed (logged)."),
    repository: repository()
      .nullable()
      .prefault(null)
      .describe("Where the issue is opened. null: in the hotfix's repository."),
    template: path()
      .nullable()
      .prefault(null)
      .describe("A Markdown file of the repository with placeholders. null: the procedure's template."),
    assign: list(z.enum(["author", "approver"]))
      .prefault(["author", "approver"])
      .describe("Who is assigned."),
    labels: list(label()).prefault([]).describe("Labels besides post-mortem and the severity."),
    action_items: z
      .strictObject({
        remind: list(duration())
          .prefault(["1d", "0h"])
          .describe(
            "Reminders of each open action item, as time before its day begins (00:00 UTC). []: none at all.",
          ),
        as_issues: z
          .boolean()
          .prefault(false)
          .describe("Once the post-mortem is closed, open an issue for each open action item."),
      })
      .prefault({})
      .describe("What becomes of action items, also after the post-mortem is closed."),
  });
}

/** The section `verification`. */
export function verification() {
  return z.strictObject({
    remind_after_deploy: list(duration())
      .prefault(["15m", "1h"])
      .describe("When to ask for the checks, as time since the deployment; needs the optional permissions."),
    checklists: z
      .object({
        payment: checklist(
          "Send test Stripe webhook",
          "Verify webhook processed",
          "Check payment logs",
        ).describe("For payment issues."),
        auth: checklist(
          "Login with test account",
          "Verify session persists",
          "Check auth redirects",
        ).describe("For authentication issues."),
        api: checklist("Test affected endpoint", "Verify correct response", "Check response time").describe(
          "For API issues.",
        ),
        database: checklist("Query returns data", "No connection errors", "Performance acceptable").describe(
          "For database issues.",
        ),
      })
      .catchall(list(text()))
      .check(few)
      .prefault({})
      .describe("What to check, by kind of issue; more kinds can be added."),
  });
}
