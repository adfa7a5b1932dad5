import { z } from "zod";
import { isMissing } from "../commit-message/left-over.ts";
import { finding, type Rule, unknownFinding } from "../rule.ts";

/** Words any of which, in `Tested`, says that staging was used. */
export interface StagingTestedOptions {
  readonly words: readonly string[];
}

/** Where there is time for it, the fix was on staging before it goes to production. */
export const stagingTested: Rule<StagingTestedOptions> = {
  meta: {
    id: "staging-tested",
    title: "Tested on staging",
    rationale: "Staging finds what a laptop does not; only a complete outage is worth skipping it.",
    level: "warn",
    overridable: true,
    options: z.strictObject({
      words: z
        .array(z.string().min(1))
        .min(1)
        .default(["staging"])
        .describe("Any of these in the field Tested says that it was on staging; case does not matter."),
    }),
    messages: {
      ok: { found: "Mentions {word}", fix: "" },
      optional: { found: "Staging is optional for {severity}", fix: "" },
      "no-severity": { found: "Pending severity", fix: "" },
      "no-field": { found: "Pending the field Tested", fix: "" },
      "not-mentioned": {
        found: "Tested says {tested}, without {words}",
        fix: "Deploy the branch to staging, try the fix and the main flow, and say so in Tested.",
      },
    },
  },
  check({ policy, hotfix: { commit, severity } }, { words }) {
    if (!severity.known) return unknownFinding(severity.reason);
    if (!commit.known) return unknownFinding(commit.reason);
    const settled = severity.value.severity;
    if (settled === null) return finding("not-applicable", "no-severity");
    if (policy.severities[settled].staging === "optional")
      return finding("not-applicable", "optional", { severity: settled });
    const tested = commit.value?.message.fields.Tested;
    if (tested === undefined || isMissing("Tested", tested)) return finding("not-applicable", "no-field");
    const text = tested.toLowerCase();
    const word = words.find((candidate) => text.includes(candidate.toLowerCase()));
    return word === undefined
      ? finding("violated", "not-mentioned", { tested, words })
      : finding("satisfied", "ok", { word });
  },
};
