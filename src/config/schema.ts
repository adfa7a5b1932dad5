import { z } from "zod";
import {
  type Level,
  PERMISSIONS,
  type Policy,
  type RuleId,
  SEVERITIES,
  type Severity,
} from "../policy/policy.ts";
import {
  branch,
  duration,
  glob,
  label,
  login,
  path,
  pattern,
  repository,
  says,
  team,
  text,
} from "./values.ts";

/**
 * The configuration's schema: the one place that says which keys there are, what they take and what holds without
 * them. The JSON Schema and the tables of docs/configuration.md are made of it.
 */

/** What the schema has to know of a rule: its default level and its options (strict, every key with a default). */
export type RuleSpecs = Readonly<
  Record<RuleId, { readonly title: string; readonly level: Level; readonly options: z.ZodType }>
>;

const MOST_ITEMS = 100;
const list = <T extends z.ZodType>(item: T) => z.array(item).max(MOST_ITEMS);
const nonEmptyList = <T extends z.ZodType>(item: T) => list(item).min(1);
/** Roles, components, checklists: each costs look-ups or comparisons. */
const MOST_NAMES = 100;
const few = ({ value, issues }: { value: object; issues: z.core.$ZodRawIssue[] }): void => {
  if (Object.keys(value).length <= MOST_NAMES) return;
  issues.push({
    code: "custom",
    input: value,
    message: says("too many names", `Write at most ${MOST_NAMES}.`),
  });
};
const LEVELS = ["error", "warn", "off"] as const;
const roleName = () => text(40).meta({ title: "Role" });

const role = (permission: (typeof PERMISSIONS)[number]) =>
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
      .describe("May it be hotfixed? If not, it goes the way of a normal release."),
    approvers: list(roleName()).prefault(defaults.approvers).describe("Roles, any of which may approve."),
    approvals: z.int().min(1).max(10).prefault(1).describe("How many people have to approve."),
    review: z
      .enum(["before-merge", "after-merge", "none"])
      .prefault(defaults.review)
      .describe("When another engineer has to have reviewed it."),
    staging: z
      .enum(["expected", "optional"])
      .prefault(defaults.staging)
      .describe("Is it expected to have been tested on staging?"),
    respond_within: duration()
      .nullable()
      .prefault(defaults.respond_within)
      .describe("The response time that the procedure promises."),
  });

const NOT_HOTFIXED: SeverityDefaults = {
  hotfix: false,
  approvers: [],
  review: "before-merge",
  staging: "expected",
  respond_within: null,
};

const checklist = (...items: string[]) => list(text()).prefault(items);

function ruleSettings(specs: RuleSpecs) {
  const shape = Object.entries(specs).map(([id, { title, level, options }]) => {
    if (!(options instanceof z.ZodObject))
      throw new Error(`the options of the rule ${id} are no object schema`);
    const full = options
      .extend({
        level: z.enum(LEVELS).prefault(level).describe("error blocks, warn shows, off is not evaluated."),
      })
      .strict();
    const setting = z
      .union([z.enum(LEVELS).transform((level) => full.parse({ level })), full])
      .prefault(level)
      .describe(title)
      .transform((setting) => {
        const { level, ...options } = setting as { readonly level: Level } & Readonly<
          Record<string, unknown>
        >;
        return { level, options };
      });
    return [id, setting] as const;
  });
  return z.strictObject(Object.fromEntries(shape) as Record<RuleId, (typeof shape)[number][1]>);
}

/** The schema, with the options of the rules. What it gives is the `Policy`. */
export function createPolicySchema(specs: RuleSpecs) {
  return z
    .strictObject({
      version: z
        .literal(1, { error: () => says("this version of the app reads version 1", "Write version: 1.") })
        .prefault(1)
        .describe("The version of this file's format."),
      extends: z
        .string()
        .nullable()
        .prefault(null)
        .describe('A file of the same owner that this one builds on: "repo" or "repo:path/file.yml".'),
      mode: z
        .enum(["enforce", "observe"])
        .prefault("enforce")
        .describe("observe: nothing is blocked, the check shows what it would have been."),
      report_on: z
        .enum(["all", "hotfixes"])
        .prefault("all")
        .describe("all: pull requests that are no hotfix get a skipped check. hotfixes: they get none."),
      branches: branches().prefault({}).describe("Which branches are hotfixes, and where they go."),
      roles: z
        .object({
          "on-call": role("write").prefault({}).describe("Who is on call."),
          "engineering-manager": role("admin").prefault({}).describe("Who manages the engineers."),
          cto: role("admin").prefault({}).describe("Who is answerable for technology."),
        })
        .catchall(role("admin"))
        .check(few)
        .prefault({})
        .describe("Who may approve; more roles can be added. Any one of teams and users qualifies a person."),
      severities: severities().prefault({}).describe("What each severity asks for."),
      approval: z
        .strictObject({
          by: nonEmptyList(z.enum(["label", "review"]))
            .prefault(["label", "review"])
            .describe(
              "What counts: the label approved:<role>, an approving review by one who holds the role, or both.",
            ),
          self: z.boolean().prefault(false).describe("May authors approve their own hotfix?"),
        })
        .prefault({})
        .describe("How a hotfix is approved."),
      commit: commit().prefault({}).describe("The form of the deployment commit."),
      components: z
        .object({})
        .catchall(nonEmptyList(glob()))
        .check(few)
        .prefault({})
        .describe(
          "Name and globs of each part of the code; used by the rule scope and for the kind of issue.",
        ),
      rules: ruleSettings(specs)
        .prefault({})
        .describe("Each rule's level, error, warn or off, or a map of the level and the rule's options."),
      overrides: z
        .strictObject({
          roles: list(roleName())
            .prefault(["engineering-manager", "cto"])
            .describe("Who may override a rule with /hotfix override; empty: nobody."),
        })
        .prefault({})
        .describe("Who may make exceptions."),
      escalation: list(
        z.strictObject({
          after: duration().describe("Time since the hotfix was opened."),
          severities: nonEmptyList(z.enum(SEVERITIES))
            .optional()
            .describe("Only for these; without it, for all that may be hotfixed."),
          notify: nonEmptyList(roleName()).describe("Roles to mention."),
        }),
      )
        .prefault([
          { after: "0m", severities: ["P0"], notify: ["engineering-manager"] },
          { after: "15m", notify: ["on-call"] },
          { after: "30m", notify: ["engineering-manager"] },
          { after: "60m", notify: ["cto"] },
        ])
        .describe("Whom to tell while an approval is missing."),
      post_mortem: postMortem().prefault({}).describe("The issue that is opened after the merge."),
      verification: verification().prefault({}).describe("What to check after the deployment."),
      environments: list(text(255))
        .prefault([])
        .describe(
          "Deployment environments that the gate guards; needs the protection rule and its permissions.",
        ),
      communication: z
        .strictObject({
          status_comment: z.boolean().prefault(true).describe("Keep one status comment on the pull request."),
        })
        .prefault({})
        .describe("What the app writes."),
    })
    .transform(({ extends: _consumed, ...policy }): Policy => {
      const hotfixed = SEVERITIES.filter((name) => policy.severities[name].hotfix);
      return {
        ...policy,
        escalation: policy.escalation.map((step) => ({ ...step, severities: step.severities ?? hotfixed })),
      };
    });
}

export type PolicySchema = ReturnType<typeof createPolicySchema>;

function branches() {
  return z.strictObject({
    hotfix: nonEmptyList(glob())
      .prefault(["hotfix/**"])
      .describe("Globs on the head branch: these are hotfixes."),
    name: pattern().prefault("^hotfix/[a-z0-9]+(?:-[a-z0-9]+)*$").describe("What the name has to match."),
    base: list(glob())
      .prefault([])
      .describe("Globs: the branches a hotfix may go to. Empty: the default branch."),
    back_merge: list(branch())
      .prefault([])
      .describe("Branches where a merged hotfix must arrive as well, such as develop."),
  });
}

function severities() {
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

function commit() {
  return z.strictObject({
    title: pattern().prefault("^HOTFIX: \\S.*$").describe("What the first line has to match."),
    require_in: z
      .enum(["one", "every"])
      .prefault("one")
      .describe(
        "one: one commit is the deployment commit, with title and all fields. every: each commit is.",
      ),
    issues: nonEmptyList(pattern())
      .prefault(["#\\d+", "[\\w.-]+/[\\w.-]+#\\d+", "https://\\S+"])
      .describe("Forms of a reference in Fixes; one has to match the whole reference."),
  });
}

function postMortem() {
  return z.strictObject({
    due: duration().prefault("24h").describe("Time from the merge until it has to be complete."),
    remind: list(duration())
      .prefault(["4h", "0h"])
      .describe("Reminders, as time before it is due; then daily."),
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
  });
}

function verification() {
  return z.strictObject({
    remind_after_deploy: list(duration())
      .prefault(["15m", "1h"])
      .describe("When to ask for the checks, as time since the deployment."),
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
