import { z } from "zod";
import { WEEKDAYS } from "../policy/digest.ts";
import { type Level, type Policy, type RuleId, SEVERITIES } from "../policy/policy.ts";
import { branches, commit, postMortem, role, severities, verification } from "./sections.ts";
import { duration, few, glob, list, nonEmptyList, roleName, says, text } from "./values.ts";

/**
 * The configuration's schema: the one place that says which keys there are, what they take and what holds
 * without them. The JSON Schema and the tables of docs/configuration.md are made of it.
 */

/**
 * What the schema has to know of a rule: its default level and its options (strict, every key with a
 * default).
 */
export type RuleSpecs = Readonly<
  Record<RuleId, { readonly title: string; readonly level: Level; readonly options: z.ZodType }>
>;

const LEVELS = ["error", "warn", "off"] as const;

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
        .enum(["enforce", "observe", "off"])
        .prefault("enforce")
        .describe(
          "observe: nothing is blocked, the check shows what it would have been, and nothing else is written. off: this repository is left alone.",
        ),
      observe: list(z.enum(["comment", "labels", "post-mortem"]))
        .prefault([])
        .describe("In observe mode: what to write besides the check."),
      report_on: z
        .enum(["all", "hotfixes"])
        .prefault("all")
        .describe("all: other pull requests get a skipped check. hotfixes: they get none."),
      branches: branches().prefault({}).describe("Which branches are hotfixes, and where they go."),
      roles: z
        .object({
          "on-call": role("write").prefault({}).describe("On-call engineers."),
          "engineering-manager": role("admin").prefault({}).describe("Engineering managers."),
          cto: role("admin").prefault({}).describe("The CTO, or whoever stands in."),
        })
        .catchall(role("admin"))
        .check(few)
        .prefault({})
        .describe("Who may approve; more roles can be added. Any one of teams and users qualifies a person."),
      severities: severities().prefault({}).describe("What each severity requires."),
      approval: z
        .strictObject({
          by: nonEmptyList(z.enum(["label", "review"]))
            .prefault(["label", "review"])
            .describe(
              "What counts as an approval: the label approved:<role>, an approving review by someone with the role, or both.",
            ),
          self: z.boolean().prefault(false).describe("May authors approve their own hotfix?"),
        })
        .prefault({})
        .describe("How a hotfix is approved."),
      commit: commit().prefault({}).describe("The format of the hotfix commit."),
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
      freeze: z
        .strictObject({
          severities: list(z.enum(SEVERITIES))
            .prefault([])
            .describe(
              "While a hotfix of these severities is open, ordinary pull requests to its base branch wait. Empty: no freeze.",
            ),
        })
        .prefault({})
        .describe("What an open hotfix holds up."),
      escalation: list(
        z.strictObject({
          after: duration().describe("Time since the hotfix was opened."),
          severities: nonEmptyList(z.enum(SEVERITIES))
            .optional()
            .describe("Only for these severities; by default for all that qualify for a hotfix."),
          notify: nonEmptyList(roleName()).describe(
            "Roles to notify: their eligible approvers are mentioned.",
          ),
        }),
      )
        .prefault([
          { after: "0m", severities: ["P0"], notify: ["engineering-manager"] },
          { after: "15m", notify: ["on-call"] },
          { after: "30m", notify: ["engineering-manager"] },
          { after: "60m", notify: ["cto"] },
        ])
        .describe("Whom to notify while an approval is missing."),
      post_mortem: postMortem().prefault({}).describe("The post-mortem issue."),
      verification: verification().prefault({}).describe("What to check after the deployment."),
      environments: list(text(255))
        .prefault([])
        .describe(
          "Deployment environments that are production, and that the gate guards; needs the optional permissions. Empty: what GitHub calls production, and nothing is guarded.",
        ),
      digest: z
        .strictObject({
          to: z
            .enum(["issue", "slack"])
            .nullable()
            .prefault(null)
            .describe("issue: a comment a week on one issue. slack: there too. null: none."),
          every: z.enum(["1w"]).prefault("1w").describe("Once a week."),
          on: z.enum(WEEKDAYS).prefault("monday").describe("The day, at 08:00 UTC."),
        })
        .prefault({})
        .describe("The week's hotfixes, and what is overdue, against the week before."),
      shared_file_grace: duration()
        .prefault("1d")
        .describe(
          "How long the last valid version of a shared file (the owner's, or one that is extended) stays in force after a push has made it invalid; at most 1d. 0h: every pull request is blocked at once.",
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

/** The Zod schema of a whole configuration; what it makes of one is a `Policy`. */
export type PolicySchema = ReturnType<typeof createPolicySchema>;
