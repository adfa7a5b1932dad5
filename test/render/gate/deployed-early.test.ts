import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known, unknown } from "../../../src/policy/fact.ts";
import { postMortemFacts } from "../../../src/policy/post-mortem/facts.ts";
import type { EarlyDeployment, PullRequestFacts } from "../../../src/policy/snapshot.ts";
import { renderCheck } from "../../../src/render/gate/check.ts";
import { renderBranchCheck } from "../../../src/render/gate/check-without-verdict.ts";
import { renderStatusComment } from "../../../src/render/gate/status-comment.ts";
import { renderPostMortem } from "../../../src/render/post-mortem/issue.ts";
import { updatedBody } from "../../../src/render/post-mortem/update.ts";
import { AUTHOR, at, HEAD, QUIET_SINCE } from "../../support/snapshot.ts";
import { all, dangers, nasty, parse } from "../nasty.ts";
import { DOCS, MERGES, SITUATIONS, type Situation } from "../situations.ts";

const early: EarlyDeployment = {
  at: at("10:05:00"),
  environment: "production",
  by: AUTHOR,
  sha: HEAD,
  gate: known("failure"),
};
const POST_MORTEM = {
  number: 7,
  url: "https://github.example/kamiyo/api/issues/7",
  repository: "kamiyo/api",
};
const deployedBy = (made: Situation, more: Partial<EarlyDeployment> = {}) => ({
  ...made.snapshot,
  deployedEarly: known({ ...early, ...more }),
});

function comment(made: Situation, pr: Partial<PullRequestFacts> = {}, more: Partial<EarlyDeployment> = {}) {
  const snapshot = deployedBy(made, more);
  return renderStatusComment(
    { ...snapshot, pullRequest: { ...snapshot.pullRequest, ...pr } },
    made.verdict,
    made.policy,
    { docsUrl: DOCS, postMortem: POST_MORTEM },
  );
}

function check({ snapshot, verdict }: Situation, more: Partial<EarlyDeployment> = {}) {
  const { url, base } = snapshot.pullRequest;
  const number = 42;
  const own = { number, url, base: base.ref, verdict, early: { ...early, ...more } };
  return renderCheck([own], { docsUrl: DOCS });
}

function issue(made: Situation, pr: Partial<PullRequestFacts> = {}, more: Partial<EarlyDeployment> = {}) {
  const snapshot = deployedBy(made, more);
  const facts = postMortemFacts(
    { ...snapshot, pullRequest: { ...snapshot.pullRequest, ...pr } },
    made.verdict,
    made.policy,
  );
  if (facts === null) throw new Error("it was deployed");
  return { facts, ...renderPostMortem(facts, {}) };
}

describe("a hotfix that was deployed before it was merged", () => {
  it.each([
    ["failure", "⚠️ **Deployed before the gate passed:** ", "The check `hotfix-gate` said `failure` then."],
    ["success", "ℹ️ **Deployed already:** ", "The check `hotfix-gate` said `success` then."],
    ["neutral", "ℹ️ **Deployed already:** ", "Observe mode: the check"],
    ["in_progress", "⚠️ **Deployed before the gate passed:** ", "was still in progress then."],
    [null, "⚠️ **Deployed before the gate passed:** ", "There was no check `hotfix-gate` on it then."],
  ])("is what the check says first; the gate said %s", (gate, bold, then) => {
    const { summary, conclusion } = check(SITUATIONS.waiting(), { gate: known(gate) });
    const first = summary.split("\n")[0] ?? "";
    expect(first).toContain(`${bold}deployed to \`production\`, 2025-10-14 10:05 UTC, by \`john\`. `);
    expect(first).toContain(then);
    expect(first).toContain("every deployment of `main` removes the fix");
    expect(conclusion).toBe(SITUATIONS.waiting().verdict.outcome);
  });

  it("with a gate that could not be read is neither let nor not let", () => {
    const { summary } = check(SITUATIONS.waiting(), { gate: unknown("the gate"), by: null });
    expect(summary).toMatch(/^⚠️ \*\*Deployed already:\*\* deployed to `production`, 2025-10-14 10:05 UTC\. /);
    expect(summary).toContain("What the check `hotfix-gate` said then could not be read.");
  });

  it("has it in the comment, with the post-mortem, open and closed", () => {
    expect(comment(SITUATIONS.waiting()).split("\n").slice(0, 3).join("\n")).toMatch(
      /^⚠️ \*\*Deployed before the gate passed:\*\*.*\n\nIts post-mortem \[#7\]\(.*\/7\) is open, due 2025-10-15 10:05 UTC\.$/,
    );
    const closed = comment(SITUATIONS.waiting(), { state: "closed" });
    expect(closed).toContain("**Closed without a merge, but it was deployed:**");
    expect(closed).not.toContain("nothing is to be done");
    expect(comment(MERGES.ready())).toMatch(/post-mortem.* by 2025-10-15 \d\d:\d\d UTC/);
  });

  it("has it on a branch that no pull request is open for", () => {
    const branch = {
      name: "hotfix/x",
      base: "main",
      repositoryUrl: "https://github.example/kamiyo/api",
      early,
    };
    const { summary, conclusion } = renderBranchCheck(branch, { docsUrl: DOCS });
    expect(summary).toMatch(/^⚠️ \*\*Deployed before the gate passed:\*\*/);
    expect(conclusion).toBe("action_required");
  });

  it("says in the post-mortem what is so, and after the merge what was so", () => {
    const made = SITUATIONS.waiting();
    const { body } = issue(made);
    expect(body).toMatch(/24 h after the deployment of/);
    expect(body).toContain("**Approved by:** **nobody** by then");
    expect(body).toContain("**Failed when this was opened**");
    expect(body).not.toMatch(/Merged without|at the merge|Fix deployed \|/);
    expect(issue(made, { state: "closed" }).body).toContain("Its pull request was closed without a merge");

    const { facts } = issue(MERGES.ready());
    const merged = updatedBody(body, { ...facts, after: QUIET_SINCE }, true);
    expect(merged).toContain("**Merged:** 2025-10-14 10:30 UTC by `john`");
    expect(merged).toContain("kamiyo/api#42 -->");
    expect(merged).not.toMatch(/refs\/heads|removes the fix/);
    expect(merged).toMatch(/Deployed before the gate passed:.*said `failure` then\.\n/);
    expect(updatedBody(merged, { ...facts, after: QUIET_SINCE }, true)).toBe(merged);
    // What cannot be read at the moment takes nothing away.
    const unread = { ...facts, after: QUIET_SINCE, early: unknown("the deployments") };
    expect(updatedBody(merged, unread, true)).toContain("Deployed before the gate passed:");
  });

  it("has foreign text changed in nothing but its place", () => {
    fc.assert(
      fc.property(nasty, nasty, (environment, ref) => {
        const made = SITUATIONS.waiting();
        const head = { ...made.snapshot.pullRequest.head, ref };
        const base = { ...made.snapshot.pullRequest.base, ref };
        const own = { environment, by: { login: environment, type: "User" as const } };
        const { title, body } = issue(made, { head, base }, own);
        expect(title).not.toMatch(/\n|(^|[^\w`])@\w/);
        const texts = [body, comment(made, { base }, own), comment(made, { base, state: "closed" }, own)];
        for (const text of [...texts, check(made, own).summary]) expect(dangers(parse(text))).toEqual([]);
        expect(all(parse(body), "html")).toHaveLength(35);
      }),
      { numRuns: 25 },
    );
  });
});
