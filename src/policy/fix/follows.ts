import type { RuleFinding } from "../verdict.ts";
import type { FixStep } from "./steps.ts";

/**
 * Marks findings that the fix of another one fixes as well, so that five failed rules with one cause read as
 * one thing to do.
 */
export function withFollows(findings: readonly RuleFinding[]): readonly RuleFinding[] {
  const stepOf = <K extends FixStep["kind"]>(rule: RuleFinding["rule"], kind: K) =>
    findings
      .find((one) => one.rule === rule && one.state === "violated")
      ?.steps.find((step): step is Extract<FixStep, { kind: K }> => step.kind === kind);
  const writesMessage = stepOf("commit-message", "write-message") !== undefined;
  const dropped = stepOf("scope", "drop-files");
  const drops = new Set([...(dropped?.restored ?? []), ...(dropped?.removed ?? [])]);
  return findings.map((one): RuleFinding => {
    if (one.state !== "violated") return one;
    // The message that is to be written has all fields that are missing.
    if (writesMessage && one.code === "none" && (one.rule === "severity" || one.rule === "linked-issue"))
      return { ...one, follows: "commit-message" };
    const [step] = one.steps;
    const isDropped =
      one.rule === "dependency-changes" &&
      step?.kind === "drop-files" &&
      drops.size > 0 &&
      [...step.restored, ...step.removed].every((path) => drops.has(path));
    return isDropped ? { ...one, follows: "scope" } : one;
  });
}
