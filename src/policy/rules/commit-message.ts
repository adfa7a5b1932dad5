import { isMerge, onlySquashes } from "../commit-message/hotfix-commit.ts";
import { historyProblems, messageProblems, otherTitles } from "../commit-message/problems.ts";
import { messageStep, missingLines, proposeTitle } from "../commit-message/template.ts";
import type { FixStep } from "../fix/steps.ts";
import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import { pullRequestNumber } from "../snapshot.ts";

/** The message that lands says what was broken, why, and who answers for it. */
export const commitMessage: Rule<NoOptions> = {
  meta: {
    id: "commit-message",
    title: "Commit message",
    rationale: "The hotfix commit is what people read at night, to understand the fix or to revert it.",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "Title and all fields present", fix: "" },
      "other-titles": {
        found: "Other commits lack the HOTFIX title: {commits}",
        fix: "Optional: squash them into the hotfix commit.",
        warns: true,
      },
      "no-commit": {
        found: "No commit with a message of its own",
        fix: "Commit the fix with the title and fields of the procedure.",
      },
      title: {
        found: "Title {title} should be {proposal}",
        fix: "Amend the hotfix commit (git commit --amend).",
      },
      "title-character": {
        found: "In the title {title} {odd:prose}; it should be {proposal}",
        fix: "Amend the hotfix commit with that title, typed by hand (git commit --amend).",
      },
      fields: {
        found: "Missing: {missing}",
        fix: "Amend the hotfix commit (git commit --amend) with these lines, filled in: {lines}",
      },
      "pull-request-title": {
        found: "The pull request's title, which a squash will land, is {title}; it should be {proposal}",
        fix: "Edit the title of the pull request.",
      },
      "pull-request-title-character": {
        found:
          "In the pull request's title {title}, which a squash will land, {odd:prose}; it should be {proposal}",
        fix: "Edit the title of the pull request.",
      },
      "description-fields": {
        found: "Missing in the description, which a squash will land as the message: {missing}",
        fix: "Add to the description, filled in: {lines}",
      },
      "fixup-commits": {
        found: "Not squashed yet: {commits}",
        fix: "Squash them (git rebase --interactive --autosquash).",
      },
      "every-commit": {
        found: "Every commit has to be complete here (commit.require_in: every): {commits}",
        fix: "Squash the commits into one, or amend the message of each with git rebase --interactive.",
      },
      several: {
        found: "{problems:prose}",
        fix: "Amend the hotfix commit (git commit --amend): {lines}",
      },
      "several-by-hand": {
        found: "{problems:prose}",
        fix: "Fix them in this order. Fields go into the commit's message or, where the repository only squashes, into the description: {lines}",
      },
    },
  },
  check({ snapshot, policy, hotfix }) {
    const { commits, mergeSettings } = snapshot;
    if (!hotfix.commit.known) return unknownFinding(hotfix.commit.reason);
    if (!commits.known) return unknownFinding(commits.reason);
    if (!mergeSettings.known) return unknownFinding(mergeSettings.reason);
    const reading = hotfix.commit.value;
    if (reading === null) return finding("violated", "no-commit");
    const severity = hotfix.severity.known ? hotfix.severity.value.severity : null;
    const landing = onlySquashes(mergeSettings.value) ? [] : commits.value.filter((one) => !isMerge(one));
    const problems = [...historyProblems(landing, reading, policy), ...messageProblems(reading, policy)];
    const [problem] = problems;
    if (problem === undefined) {
      const untitled = otherTitles(landing, policy);
      return untitled.length === 0
        ? finding("satisfied", "ok")
        : finding("satisfied", "other-titles", { commits: untitled });
    }
    const { source, titleValid } = reading;
    const proposal = proposeTitle(reading.message.title, policy);
    const retitle =
      pullRequestNumber(snapshot) !== null &&
      source.kind === "pull-request" &&
      source.title &&
      !titleValid &&
      proposal !== null;
    const has = (...codes: readonly string[]): boolean => problems.some(({ code }) => codes.includes(code));
    const message = has("title", "title-character", "fields")
      ? messageStep(reading, snapshot, policy, severity)
      : null;
    const steps: readonly FixStep[] = [
      ...(has("fixup-commits") ? [{ kind: "squash-fixups" } as const] : []),
      ...(retitle ? [{ kind: "retitle", title: proposal } as const] : []),
      ...(message === null ? [] : [message]),
    ];
    const byHand =
      has("every-commit", "description-fields") ||
      (has("title", "title-character", "fields") && message === null) ||
      (has("pull-request-title", "pull-request-title-character") && !retitle);
    const data = {
      title: reading.message.title,
      pattern: policy.commit.title,
      proposal: proposal ?? policy.commit.title,
      lines: missingLines(reading, severity),
      problems: problems.map(({ text }) => text),
      ...problem.data,
    };
    const several = byHand ? "several-by-hand" : "several";
    return finding("violated", problems.length > 1 ? several : problem.code, data, { steps });
  },
};
