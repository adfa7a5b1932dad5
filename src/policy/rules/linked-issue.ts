import { finding, NO_OPTIONS, type NoOptions, type Rule, unknownFinding } from "../rule.ts";
import { type IssueFacts, issueKey } from "../snapshot/issue.ts";

/** The hotfix names the issue that it fixes, and it is there. */
export const linkedIssue: Rule<NoOptions> = {
  meta: {
    id: "linked-issue",
    title: "Linked issue",
    rationale: "The issue says what was broken, for whom and since when; the post-mortem begins there.",
    level: "error",
    overridable: true,
    options: NO_OPTIONS,
    messages: {
      ok: { found: "{issue}", fix: "" },
      closed: {
        found: "{issue}, which is already closed",
        fix: "Check that it is the right one.",
      },
      "not-verified": {
        found: "{issue}: not verified, the app cannot read it",
        fix: "Approvers: check that it is the right one.",
      },
      several: {
        found: "More than one issue: {issues}",
        fix: "One hotfix fixes one thing. Split it if these are different things.",
        warns: true,
      },
      none: {
        found: "Fixes is missing",
        fix: "Name the issue in the hotfix commit: Fixes: #123. None yet? Open one; a single line will do.",
      },
      "none-but-closes": {
        found: "Fixes is missing; title or description close {closes}",
        fix: "If that is the issue, add to the hotfix commit: Fixes: {closes}",
      },
      "unreadable-number": {
        found: "Fixes says {texts}, which is not an issue reference",
        fix: "If that is the issue, write Fixes: {closes}",
      },
      unreadable: {
        found: "Fixes says {texts}, which is not an issue reference",
        fix: "Write #123, owner/repository#123 or an https URL (or what commit.issues in the configuration allows).",
      },
      "not-found": {
        found: "{issues} does not exist",
        fix: "Correct the number in Fixes, and push.",
      },
      "pull-request": {
        found: "{issues} is a pull request, not an issue",
        fix: "Name the issue that says what was broken. None yet? Open one; a single line will do.",
      },
    },
  },
  check({ snapshot, hotfix: { commit } }) {
    if (!commit.known) return unknownFinding(commit.reason);
    const { fixes = [], unreadableFixes = [], closes = null } = commit.value ?? {};
    const proposal = closes === null ? {} : { closes };
    if (unreadableFixes.length > 0)
      return finding("violated", closes === null ? "unreadable" : "unreadable-number", {
        texts: unreadableFixes,
        ...proposal,
      });
    const [first] = fixes;
    if (first === undefined)
      return finding("violated", closes === null ? "none" : "none-but-closes", proposal);

    const read = fixes.map(({ text, ...rest }) => ({
      text,
      facts: snapshot.issues[issueKey({ text, ...rest }, snapshot.repository)],
    }));
    const those = (is: (facts: IssueFacts) => boolean): readonly string[] =>
      read.flatMap(({ text, facts }) => (facts?.known && is(facts.value) ? [text] : []));
    const missing = those(({ exists }) => exists === false);
    if (missing.length > 0) return finding("violated", "not-found", { issues: missing });
    const pulls = those((facts) => facts.exists === true && facts.pullRequest);
    if (pulls.length > 0) return finding("violated", "pull-request", { issues: pulls });
    for (const { text, facts } of read) {
      if (facts === undefined) return unknownFinding(`the issue ${text} was not read`);
      if (!facts.known) return unknownFinding(facts.reason);
    }
    if (fixes.length > 1) return finding("satisfied", "several", { issues: fixes.map(({ text }) => text) });
    const issue = first.text;
    if (those(({ exists }) => exists === "not-verified").length > 0)
      return finding("satisfied", "not-verified", { issue });
    const closed = those((facts) => facts.exists === true && facts.state === "closed");
    return finding("satisfied", closed.length > 0 ? "closed" : "ok", { issue });
  },
};
