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
    rationale:
      "The deployment commit is what is read at night, when the fix has to be understood or taken back.",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "Title and all fields are there", mend: "" },
      "other-titles": {
        found: "Title and all fields are there; other commits lack the title: {commits}",
        mend: "Nothing has to be done. To tidy up, squash them into the deployment commit.",
        warns: true,
      },
      "no-commit": {
        found: "There is no commit with a message of its own",
        mend: "Commit the fix, with the title and the fields of the procedure.",
      },
      title: {
        found: "The title is {title} and has to read like {proposal}",
        mend: "Give the deployment commit that title: git commit --amend, or the commands below the table.",
      },
      "title-character": {
        found: "In the title {title} {odd:prose}; it should be {proposal}",
        mend: "Type that title on your own keyboard: git commit --amend, or the commands below the table.",
      },
      fields: {
        found: "The deployment commit lacks {missing}",
        mend: "Add these lines to its message, filled in: {lines}. By git commit --amend, or by the commands below the table.",
      },
      "pull-request-title": {
        found:
          "The pull request's title, which a squash will land, is {title} and has to read like {proposal}",
        mend: "Change the title of the pull request, with Edit beside it.",
      },
      "pull-request-title-character": {
        found:
          "In the pull request's title {title}, which a squash will land, {odd:prose}; it should be {proposal}",
        mend: "Change the title of the pull request, with Edit beside it.",
      },
      "description-fields": {
        found: "The description, which a squash will land as the message, lacks {missing}",
        mend: "Add to the description of the pull request, filled in: {lines}",
      },
      "fixup-commits": {
        found: "Commits that are still to be squashed: {commits}",
        mend: "Squash them, with the commands below the table.",
      },
      "every-commit": {
        found: "Each commit has to be complete here (commit.require_in: every): {commits}",
        mend: "Squash the commits into one, or amend the message of each with git rebase --interactive.",
      },
      several: {
        found: "{problems:prose}",
        mend: "Run the commands below the table, with what stands in brackets filled in.",
      },
      "several-by-hand": {
        found: "{problems:prose}",
        mend: "Mend them in this order. The fields go into the commit's message or, where the repository only squashes, into the description: {lines}",
      },
    },
  },
  check({ snapshot, policy, hotfix }) {
    const { commits, mergeSettings } = snapshot;
    if (!hotfix.deployment.known) return unknownFinding(hotfix.deployment.reason);
    if (!commits.known) return unknownFinding(commits.reason);
    if (!mergeSettings.known) return unknownFinding(mergeSettings.reason);
    const reading = hotfix.deployment.value;
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
