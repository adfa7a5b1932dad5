import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { known } from "../../../src/policy/fact.ts";
import { postMortemFacts } from "../../../src/policy/post-mortem/facts.ts";
import { placeholdersIn } from "../../../src/policy/post-mortem/placeholder.ts";
import { renderStatusComment } from "../../../src/render/gate/status-comment.ts";
import { knownFor, startAlert } from "../../../src/render/gate/templates.ts";
import { renderPostMortem } from "../../../src/render/post-mortem/issue.ts";
import { TEMPLATE_LIMIT } from "../../../src/render/post-mortem/template.ts";
import { at, commit, file, MESSAGE, snapshot } from "../../support/snapshot.ts";
import { all, dangers, nasty, parse } from "../nasty.ts";
import { DOCS, MERGES, SITUATIONS, situation } from "../situations.ts";

function factsOf({ snapshot, verdict, policy }: ReturnType<typeof MERGES.ready>) {
  const facts = postMortemFacts(snapshot, verdict, policy);
  if (facts === null) throw new Error("not merged");
  return facts;
}

const ready = factsOf(MERGES.ready());
const withTemplate = (text: string) => renderPostMortem(ready, { template: { text } }).body;

describe("a template", () => {
  it("is filled in, below what must be seen", () => {
    const body = withTemplate("# {{title}}\n\nDue {{ due }}, by {{author}}.\n{{timeline}}\n\n{{metrics}}\n");
    expect(body).toContain("<!-- hotfix-guard:post-mortem kamiyo/api#42 -->");
    expect(body).toContain(
      "# Fix Stripe webhook signature verification\n\nDue 2025-10-15 10:30 UTC, by `john`.\n",
    );
    expect(all(parse(body), "table").length).toBe(2);
    expect(body).not.toContain("default form");
  });

  it.each([
    ["an unknown placeholder", "{{titel}}", "there is no placeholder"],
    ["a name from Object", "{{constructor}}", "there is no placeholder"],
    ["broken braces", "{{title}", "do not enclose"],
    ["a section inside a line", "see {{timeline}}", "needs a line of its own"],
    ["a placeholder in a comment", "<!--\n{{timeline}}\n-->", "inside a comment"],
    ["emptiness", " \n", "it is empty"],
    ["too much", "x".repeat(TEMPLATE_LIMIT + 1), "at most 32768 are read"],
  ])("with %s falls back to the default and says so", (_, text, problem) => {
    const body = withTemplate(text);
    expect(body).toContain("This is the default form");
    expect(body.replace(/[`\\]/g, "")).toContain(problem);
    expect(body).toContain("## Incident Summary");
  });

  const form = "name: Post-mortem\nabout: After a hotfix\ntitle: 'Post-mortem: '\nlabels: [post-mortem]\n";
  it.each([
    ["plain", `---\n${form}---\n\n# {{title}}\n`],
    ["CRLF", `---\n${form}---\n\n# {{title}}\n`.replaceAll("\n", "\r\n")],
    ["a byte order mark", `\ufeff---\n${form}---\n# {{title}}\n`],
    ["spaces behind the marks", `---  \n${form}---\t\n# {{title}}\n`],
    ["nothing below the marks of its list", `---\n${form}assignees:\n  - jane\n\n---\n# {{title}}\n`],
  ])("has its front matter for GitHub's form alone: %s", (_, text) => {
    const body = withTemplate(text);
    expect(body).toContain("# Fix Stripe webhook signature verification");
    for (const line of ["about:", "name: Post-mortem", "labels:", "assignees"])
      expect(body).not.toContain(line);
  });

  it("keeps what only looks like front matter", () => {
    expect(withTemplate("---\n\nOur own words\n\n---\n\n# {{title}}\n")).toContain("Our own words");
    expect(withTemplate("# {{title}}\n\n---\nname: x\n---\n")).toContain("name: x");
  });

  it("that could not be read falls back too, and forges no marker", () => {
    const { body } = renderPostMortem(ready, { template: { problem: "there is no such file" } });
    expect(body).toContain("could not be used: there is no such file");
    expect(
      withTemplate("<!-- hotfix-guard:post-mortem kamiyo/api#1 -->\n{{title}}").match(
        /<!-- hotfix-guard:post-mortem/g,
      ),
    ).toHaveLength(1);
  });
});

describe("foreign text", () => {
  const situations = fc.tuple(nasty, nasty).map(([a, b]) => {
    const line = (text: string) => text.replace(/[\r\n]/g, " ");
    const message = `HOTFIX: ${line(a)}\n\nFixes: #1234\nSeverity: P1\nImpact: ${b}\nRoot Cause: ${a}\nSolution: ${b}\nTested: ${line(a)} staging\nApproved-By: pending\nDeployed-By: ${line(b)}\nDetected: ${line(a)}`;
    const { pullRequest } = MERGES.ready().snapshot;
    return situation(
      snapshot({
        pr: { ...pullRequest, title: a, head: { ...pullRequest.head, ref: `hotfix/${b}` } },
        commits: known([commit({ message })]),
        files: known([file(a), file(b)]),
      }),
    );
  });

  it("changes nothing but its place, in the post-mortem and in the comment", () => {
    fc.assert(
      fc.property(situations, (made) => {
        const { title, body } = renderPostMortem(factsOf(made), {});
        const root = parse(body);
        // The marker, and two marks around each of the five regions.
        expect(all(root, "html")).toHaveLength(35);
        expect(all(root, "heading").map((h) => h.depth)).toEqual(Array(10).fill(2));
        expect(all(root, "code").map((c) => c.lang)).toEqual(["mermaid", "json"]);
        expect(dangers(root)).toEqual([]);
        expect(title).toMatch(/^Post-mortem: [^\n]+ \(#42\)$/);
        expect(title).not.toMatch(/(^|[^\w`])@\w/);
        const open = {
          ...made.snapshot,
          pullRequest: { ...made.snapshot.pullRequest, merged: null, state: "open" as const },
        };
        const comment = parse(renderStatusComment(open, made.verdict, made.policy, { docsUrl: DOCS }));
        expect(dangers(comment)).toEqual([]);
        expect(all(comment, "html")).toHaveLength(5);
        expect(all(comment, "code")).toHaveLength(1);
      }),
      { numRuns: 25, endOnFailure: true },
    );
  });

  it("however long stays within GitHub's limit", () => {
    const long = "x @y\n\n".repeat(20_000);
    const fields = { Impact: long, "Root Cause": long, Solution: long, Tested: long };
    const many = Array.from({ length: 3000 }, (_, i) => ({
      at: at("10:00:00"),
      what: "overridden" as const,
      who: `u${i}`,
      detail: "scope",
    }));
    const { body } = renderPostMortem({ ...ready, fields, timeline: many }, {});
    expect(Buffer.byteLength(body)).toBeLessThanOrEqual(65_536);
    expect(body).toContain("Cut here");
    expect(body.startsWith("<!-- hotfix-guard:post-mortem kamiyo/api#42 -->")).toBe(true);
  });
});

it("an override is written into it, with name and reason", () => {
  const override = {
    rule: "scope" as const,
    reason: "the clients are generated",
    by: "jane",
    at: at("10:15:00"),
    commentUrl: "https://github.example/kamiyo/api/pull/42#issuecomment-7",
  };
  const { body } = renderPostMortem({ ...ready, overrides: [override] }, {});
  expect(body).toMatch(/`scope`.*`jane`.*the clients are generated/);
});

describe("what a person must write", () => {
  it("can be found, and only that", () => {
    const { body } = renderPostMortem(ready, {});
    expect(placeholdersIn(body)).toHaveLength((body.match(/TODO:/g) ?? []).length);
    expect(placeholdersIn(body).length).toBeGreaterThan(20);
  });
});

describe("nobody who deployed it yet", () => {
  it.each([
    "pending",
    "Pending – see #incidents",
    "ausstehend",
    "待定",
    "승인 대기",
    "nobody yet",
    "ожидает",
    "",
  ])("%j: the author stands in the alert, a TODO in the post-mortem", (value) => {
    const message = MESSAGE.replace("Deployed-By: John Smith", `Deployed-By: ${value}`);
    const changed = situation(snapshot({ commits: known([commit({ message })]) }));
    const alert = startAlert(knownFor(changed.snapshot, changed.verdict, changed.policy));
    expect(alert).toContain("Engineer: john\n");
    const { merged } = MERGES.ready().snapshot.pullRequest;
    const landed = situation(snapshot({ pr: { merged }, commits: known([commit({ message })]) }));
    expect(renderPostMortem(factsOf(landed), {}).body).toContain("Deployed by _TODO:");
  });
});

describe("the status comment", () => {
  it("is the same for the same facts, and says what became of the post-mortem", () => {
    const make = (postMortem: Parameters<typeof renderStatusComment>[3]["postMortem"]) => {
      const { snapshot, verdict, policy } = structuredClone(MERGES.ready());
      return renderStatusComment(snapshot, verdict, policy, {
        docsUrl: DOCS,
        ...(postMortem ? { postMortem } : {}),
      });
    };
    const opened = {
      number: 57,
      url: "https://github.example/kamiyo/api/issues/57",
      repository: "kamiyo/api",
    };
    expect(make(opened)).toBe(make(opened));
    for (const problem of ["issues are off", "the post-mortem issue: issues are off"])
      expect(make({ problem })).toContain("could not open the post-mortem issue: issues are off");
    const waiting = SITUATIONS.waiting();
    expect(renderStatusComment(waiting.snapshot, waiting.verdict, waiting.policy, { docsUrl: DOCS })).toMatch(
      /^Waiting for 1 approval/,
    );
  });
});
