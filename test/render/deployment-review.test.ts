import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { DeploymentDecision, ReviewedPull } from "../../src/policy/deployment/deployment-review.ts";
import { reviewDeployment, unread } from "../../src/policy/deployment/deployment-review.ts";
import { known } from "../../src/policy/fact.ts";
import { REPORT_LIMIT, renderDeploymentReview } from "../../src/render/deployment-review.ts";
import { dangers, nasty, parse } from "./nasty.ts";
import { DOCS, SITUATIONS, type Situation } from "./situations.ts";

const SHA = "a".repeat(40);
const URL = "https://github.example/kamiyo/api/pull/42";
const context = { environment: "production", run: { attempt: 1, headSha: SHA }, docsUrl: DOCS };

function by({ verdict }: Situation): DeploymentDecision {
  const pull: ReviewedPull = { number: 42, url: URL, headSha: SHA, verdict };
  return reviewDeployment(
    "production",
    { environments: ["production"], mode: "enforce" },
    known({ kind: "pull-requests", pulls: [pull] }),
  );
}

const pull = { number: 42, url: URL };
const problem = { file: ".github/hotfix.yml", line: 7, column: 3, key: "x", message: "m", fix: "n" };
const OTHERS: Readonly<Record<string, DeploymentDecision>> = {
  landed: { decision: "approved", reason: { kind: "landed", branch: "main" } },
  merged: { decision: "approved", reason: { kind: "merged", ...pull } },
  "no hotfix": { decision: "approved", reason: { kind: "ordinary" } },
  "moved on": { decision: "rejected", reason: { kind: "moved-on", ...pull, headSha: "b".repeat(40) } },
  "holds another": { decision: "rejected", reason: { kind: "holds", ...pull } },
  "moved on, observed": {
    decision: "approved",
    reason: { kind: "moved-on", ...pull, headSha: "b".repeat(40) },
  },
  "no pull request, observed": { decision: "approved", reason: { kind: "no-pull-request" } },
  "no pull request": { decision: "wait", reason: { kind: "no-pull-request" } },
  "not named": { decision: "wait", reason: { kind: "not-guarded" } },
  "broken configuration": {
    decision: "wait",
    reason: { kind: "invalid-configuration", problems: [problem] },
  },
  "not read": unread("the workflow run: GitHub answered 502"),
};

describe("what a waiting deployment is told", () => {
  it("in every situation", async () => {
    const shown = [
      ...Object.entries(SITUATIONS).map(([name, make]) => [name, by(make())] as const),
      ...Object.entries(OTHERS),
    ].map(([name, decision]) => {
      const text = renderDeploymentReview(decision, context);
      expect(text.length).toBeLessThanOrEqual(REPORT_LIMIT);
      return `# ${name} (${decision.decision})\n\n${text}\n`;
    });
    await expect(shown.join("\n")).toMatchFileSnapshot("__golden__/deployment.md");
  });

  it("says which attempt of a run it answers, so that it is said again for the next one", () => {
    const again = { ...context, run: { attempt: 2, headSha: SHA } };
    for (const decision of Object.values(OTHERS))
      expect(renderDeploymentReview(decision, again)).toContain("attempt 2");
  });

  it("stays within GitHub's limit, and no name mentions, links or breaks out", () => {
    fc.assert(
      fc.property(nasty, (text) => {
        for (const decision of [
          OTHERS["not named"] as DeploymentDecision,
          { decision: "approved", reason: { kind: "landed", branch: text } } as const,
          {
            decision: "wait",
            reason: { kind: "invalid-configuration", problems: [{ ...problem, file: text }] },
          } as const,
          unread(text),
        ]) {
          const shown = renderDeploymentReview(decision, { ...context, environment: text });
          expect(shown.length).toBeLessThanOrEqual(REPORT_LIMIT);
          expect(dangers(parse(shown))).toEqual([]);
        }
      }),
    );
  });
});
