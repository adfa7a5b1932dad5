import { describe, expect, it } from "vitest";
import type { DesiredCheck } from "../../src/policy/action.ts";
import { evaluate } from "../../src/policy/evaluate.ts";
import { known } from "../../src/policy/fact.ts";
import { postMortemFacts } from "../../src/policy/post-mortem/facts.ts";
import { renderAnswer } from "../../src/render/gate/answers.ts";
import { renderCheck } from "../../src/render/gate/check.ts";
import { renderBranchCheck } from "../../src/render/gate/check-without-verdict.ts";
import { renderStatusComment } from "../../src/render/gate/status-comment.ts";
import { renderPostMortem } from "../../src/render/post-mortem/issue.ts";
import { at } from "../support/snapshot.ts";
import { DOCS, MERGES, SITUATIONS, type Situation } from "./situations.ts";

const context = { docsUrl: DOCS };

const on = ({ snapshot, verdict }: Situation, number = 42) => ({
  number,
  url: snapshot.pullRequest.url.replace("42", `${number}`),
  verdict,
});

function shown({ status, conclusion, title, summary, text, annotations }: DesiredCheck): string {
  const notes = annotations
    .map((a) => `- ${a.path}:${a.startLine} ${a.level}: ${a.title}: ${a.message}\n`)
    .join("");
  return `# ${title}\n\n(${conclusion ?? status})\n\n${summary}\n---\n\n${text}${notes === "" ? "" : `\nAnnotations:\n${notes}`}`;
}

const golden = (name: string) => `__golden__/${name}.md`;

describe("what people read, in typical situations", () => {
  for (const [name, make] of Object.entries(SITUATIONS))
    it(`check: ${name}`, async () => {
      await expect(shown(renderCheck([on(make())], context))).toMatchFileSnapshot(golden(`check-${name}`));
    });

  it("check: two pull requests on one head", async () => {
    const check = renderCheck(
      [on(SITUATIONS.ready()), on(SITUATIONS.waiting(), 43), on(SITUATIONS.ordinary(), 44)],
      {
        ...context,
        bystanders: [{ number: 45, url: "https://github.example/kamiyo/api/pull/45" }],
      },
    );
    await expect(shown(check)).toMatchFileSnapshot(golden("check-two"));
  });

  it("check: an invalid configuration", async () => {
    const problem = {
      file: ".github/hotfix.yml",
      line: 7,
      column: 3,
      key: "severities.P0.aprovers",
      message: "there is no key aprovers",
      fix: "did you mean approvers?",
    };
    const { snapshot } = SITUATIONS.ready();
    const verdict = evaluate(
      snapshot,
      {
        state: "invalid",
        problems: [
          problem,
          {
            file: ".github/hotfix.yaml",
            line: null,
            column: null,
            key: "",
            message: "there are .github/hotfix.yml and .github/hotfix.yaml",
            fix: "Delete one of them.",
          },
        ],
      },
      { problems: [problem] },
    );
    await expect(
      shown(renderCheck([{ number: 42, url: snapshot.pullRequest.url, verdict }], context)),
    ).toMatchFileSnapshot(golden("check-config"));
  });

  it("check: a configuration that is valid and hardly meant", async () => {
    const { snapshot, policy } = SITUATIONS.ready();
    const warning = {
      file: ".github/hotfix.yml",
      line: 4,
      column: 3,
      key: "escalation[0].notify[0]",
      message: "the role cto is known only by its permission, so escalation has nobody to mention",
      fix: "List teams or users under roles.cto.",
    };
    const verdict = evaluate(
      snapshot,
      { state: "valid", policy, source: "defaults" },
      { problems: [], warnings: [warning] },
    );
    await expect(
      shown(renderCheck([{ number: 42, url: snapshot.pullRequest.url, verdict }], context)),
    ).toMatchFileSnapshot(golden("check-config-warning"));
  });

  it("check: a hotfix branch without a pull request", async () => {
    const branch = { name: "hotfix/a'b", base: "main", repositoryUrl: "https://github.example/kamiyo/api" };
    await expect(shown(renderBranchCheck(branch, context))).toMatchFileSnapshot(golden("check-branch"));
  });

  for (const name of ["sloppy", "waiting", "stale", "p0", "rollback"] as const)
    it(`comment: ${name}`, async () => {
      const { snapshot, verdict, policy } = SITUATIONS[name]();
      await expect(renderStatusComment(snapshot, verdict, policy, context)).toMatchFileSnapshot(
        golden(`comment-${name}`),
      );
    });

  it("comment: merged", async () => {
    const { snapshot, verdict, policy } = MERGES.ready();
    const postMortem = {
      number: 57,
      url: "https://github.example/kamiyo/api/issues/57",
      repository: "kamiyo/api",
    };
    await expect(
      renderStatusComment(snapshot, verdict, policy, { ...context, postMortem }),
    ).toMatchFileSnapshot(golden("comment-merged"));
  });

  const after = {
    deployed: known({ at: at("10:35:00"), by: "john", detail: "production" }),
    verified: { at: at("10:41:00"), by: "rita", detail: "" },
    rolledBack: known(null),
  };
  for (const [name, happened] of Object.entries({
    deployed: { ...after, verified: null },
    verified: after,
    "rolled-back": { ...after, rolledBack: known({ at: at("10:50:00"), by: "jane", detail: "" }) },
  }))
    it(`comment: ${name}`, async () => {
      const { snapshot, verdict, policy } = MERGES["without-approval"]();
      const postMortem = { number: 57, url: "https://github.example/i/57", repository: "kamiyo/api" };
      const comment = renderStatusComment(snapshot, verdict, policy, {
        ...context,
        postMortem,
        after: happened,
      });
      await expect(comment).toMatchFileSnapshot(golden(`comment-${name}`));
    });

  for (const [name, make] of Object.entries(MERGES))
    it(`post-mortem: ${name}`, async () => {
      const { snapshot, verdict, policy } = make();
      const facts = postMortemFacts(snapshot, verdict, policy);
      if (facts === null) throw new Error("not merged");
      const { title, body } = renderPostMortem(facts, {});
      await expect(
        `# ${title}\n\nLabels: ${facts.labels.join(", ")}. Assignees: ${facts.assignees.join(", ")}.\n\n${body}`,
      ).toMatchFileSnapshot(golden(`post-mortem-${name}`));
    });

  it("answers", async () => {
    const override = {
      rule: "scope" as const,
      reason: "the client is generated, says @bob",
      by: "jane",
      at: at("10:12:00"),
      commentUrl: "https://github.example/kamiyo/api/pull/42#issuecomment-7",
    };
    const rollback = {
      repository: { owner: "kamiyo", name: "api", url: "https://github.example/kamiyo/api" },
      number: 42,
      base: "main",
      sha: "d".repeat(40),
    };
    const all = [
      renderAnswer({ kind: "help" }, 1),
      renderAnswer({ kind: "unknown", word: "overide", nearest: "override" }, 2),
      renderAnswer({ kind: "invalid-override", problem: "unknown-rule", rule: "scop", nearest: "scope" }, 3),
      renderAnswer({ kind: "invalid-override", problem: "missing-reason", rule: "scope", nearest: null }, 4),
      renderAnswer(
        { kind: "invalid-override", problem: "missing-reason", rule: "post-mortem", nearest: null },
        12,
      ),
      renderAnswer({ kind: "override-accepted", override }, 5),
      renderAnswer(
        {
          kind: "override-refused",
          override: { rule: "scope", by: "john", commentId: 6, code: "author" },
          roles: ["engineering-manager", "cto"],
        },
        6,
      ),
      renderAnswer({ kind: "nothing-to-roll-back", merged: false }, 7),
      renderAnswer({ kind: "rollback", rollback: { ...rollback, how: { kind: "merge" } } }, 8),
      renderAnswer({ kind: "rollback", rollback: { ...rollback, how: { kind: "squash" } } }, 9),
      renderAnswer({ kind: "rollback", rollback: { ...rollback, how: { kind: "rebase", commits: 3 } } }, 10),
      renderAnswer({ kind: "verified", merged: true, postMortem: null }, 11),
    ];
    await expect(all.map(({ body }) => body).join("\n---\n\n")).toMatchFileSnapshot(golden("answers"));
  });
});
