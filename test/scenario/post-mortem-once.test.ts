import { describe } from "vitest";
import type { MergeMethod } from "../../src/sandbox/index.ts";
import { JANE, JOHN, REPO, type Scenario, scenario, toGreen, until } from "./support.ts";

/** Design, section 6: a merged hotfix gets one post-mortem, whatever happens on the way. */

async function postMortems({ sandbox }: Scenario, repo = REPO) {
  return (await sandbox.issues(repo)).filter(({ title }) => title.startsWith("Post-mortem"));
}

/** The one post-mortem, once all is quiet. */
async function theOne(s: Scenario, expect: Chai, repo = REPO) {
  await until("a post-mortem", async () => ((await postMortems(s, repo)).length > 0 ? true : null));
  await s.idle();
  const issues = await postMortems(s, repo);
  expect(issues.map(({ title }) => title)).toHaveLength(1);
  return issues[0] as NonNullable<(typeof issues)[0]>;
}
type Chai = Parameters<Parameters<typeof scenario>[2]>[1];

async function statusComment({ sandbox }: Scenario, number: number): Promise<string> {
  const comments = await sandbox.comments(REPO, number);
  return comments.find(({ body }) => body?.includes("hotfix-guard:status"))?.body ?? "";
}

async function greenHotfix(s: Scenario): Promise<number> {
  const number = await s.openHotfix();
  await toGreen(s, number);
  return number;
}

const CONFIG = `version: 1
roles:
  engineering-manager: { teams: [engineering-managers] }
`;

describe("one post-mortem a merged hotfix", () => {
  for (const method of ["merge", "squash", "rebase"] satisfies MergeMethod[]) {
    scenario(`merged by ${method}`, {}, async (s, expect) => {
      const number = await greenHotfix(s);
      await s.sandbox.as(JOHN).merge(REPO, number, method);
      const issue = await theOne(s, expect);
      expect(issue.assignees?.map(({ login }) => login).sort()).toEqual([JANE, JOHN]);
      expect(issue.labels.map((label) => (typeof label === "string" ? label : label.name))).toEqual(
        expect.arrayContaining(["post-mortem", "severity:P1"]),
      );
      expect(await statusComment(s, number)).toContain(`#${issue.number}`);
      expect(issue.body).toMatch(
        /Approved as `engineering-manager` .*\n(.*Review.*\n)?.*`hotfix-gate` passed \| \|\n.*Merged/,
      );
    });
  }

  scenario("the event again, with the same and with other ids, at once and later", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await greenHotfix(s);
    sandbox.knobs.deliveries = { double: () => true };
    await sandbox.as(JOHN).merge(REPO, number);
    const closed = sandbox.deliveries.findLast(({ action }) => action === "closed");
    const payload = closed?.payload ?? {};
    await Promise.all([1, 2, 3].map(() => sandbox.deliver("pull_request", payload)));
    await theOne(s, expect);
    await sandbox.redeliver(closed?.guid ?? "");
    await sandbox.deliver("pull_request", payload);
    await s.restartServer();
    await sandbox.deliver("pull_request", payload);
    await theOne(s, expect);
  });

  scenario("502 after it was opened", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await greenHotfix(s);
    sandbox.knobs.fail({ method: "POST", path: /\/issues$/ }, { status: 502, times: 1, afterCommit: true });
    await sandbox.as(JOHN).merge(REPO, number);
    const issue = await theOne(s, expect);
    expect(await statusComment(s, number)).toContain(`#${issue.number}`);
  });

  scenario("502 before it was opened", {}, async (s, expect) => {
    const number = await greenHotfix(s);
    s.sandbox.knobs.fail({ method: "POST", path: /\/issues$/ }, { status: 502, times: 1 });
    await s.sandbox.as(JOHN).merge(REPO, number);
    await theOne(s, expect);
  });

  scenario("the process ends between the issue and the comment", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await greenHotfix(s);
    const fix = sandbox.knobs.fail({ method: "PATCH", path: /\/issues\/comments\// }, { hang: true });
    await sandbox.as(JOHN).merge(REPO, number);
    await until("a post-mortem", async () => ((await postMortems(s)).length > 0 ? true : null));
    await s.stopServer();
    fix();
    await s.restartServer();
    const issue = await theOne(s, expect);
    await until("the comment links to it", async () =>
      (await statusComment(s, number)).includes(`#${issue.number}`) ? true : null,
    );
  });

  scenario("issues are switched off: the status comment says so", {}, async (s, expect) => {
    const number = await greenHotfix(s);
    s.sandbox.knobs.fail(
      { path: /\/issues$/ },
      { status: 410, body: { message: "Issues has been disabled in this repository." } },
    );
    await s.sandbox.as(JOHN).merge(REPO, number);
    await until("the comment says so", async () =>
      (await statusComment(s, number)).includes(`issues are disabled in ${REPO}`) ? true : null,
    );
    expect(await postMortems(s)).toEqual([]);
  });

  scenario("merged past a red gate: what was missing is in it", {}, async (s, expect) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await s.idle();
    s.sandbox.setPermission(REPO, JOHN, "admin");
    await s.sandbox.as(JOHN).merge(REPO, number, "merge", { admin: true });
    const issue = await theOne(s, expect);
    expect(issue.body).toMatch(/approval/);
    expect(issue.body).toMatch(/without|past|round|bypass/i);
  });

  scenario(
    "in another repository, where the approver cannot be assigned",
    { config: `${CONFIG}post_mortem: { repository: kamiyo/incidents }\n` },
    async (s, expect) => {
      await s.sandbox.createRepository("kamiyo/incidents");
      s.sandbox.setPermission("kamiyo/incidents", JOHN, "write");
      s.sandbox.setPermission("kamiyo/incidents", JANE, null);
      const number = await greenHotfix(s);
      await s.sandbox.as(JOHN).merge(REPO, number);
      const issue = await theOne(s, expect, "kamiyo/incidents");
      expect(issue.assignees?.map(({ login }) => login)).toContain(JOHN);
      expect(await statusComment(s, number)).toContain(`kamiyo/incidents`);
      expect(await postMortems(s)).toEqual([]);
    },
  );

  const template = (text: string | null) => async (s: Scenario, expect: Chai) => {
    if (text !== null) {
      const git = s.sandbox.git(REPO);
      await git.commit("main", { message: "A template", files: { ".github/pm.md": text } });
      s.sandbox.protect(REPO, "main", null);
      await git.push(JOHN, "main");
    }
    const number = await greenHotfix(s);
    await s.sandbox.as(JOHN).merge(REPO, number);
    return (await theOne(s, expect)).body ?? "";
  };
  const withTemplate = { config: `${CONFIG}post_mortem: { template: .github/pm.md }\n` };

  scenario("by a template", withTemplate, async (s, expect) => {
    const body = await template("# Ours: {{ title }}\n\n{{ root_cause }}\n")(s, expect);
    expect(body).toContain("# Ours: Fix Stripe webhook signature verification");
    expect(body).toMatch(/Incorrect .*UTF-8.* encoding of webhook secret/);
    expect(body).not.toContain("Incident Summary");
  });

  scenario("by a broken template: the default, which says so", withTemplate, async (s, expect) => {
    const body = await template("# Ours: {{ titel }}\n")(s, expect);
    expect(body).toContain("Incident Summary");
    expect(body).toContain("titel");
  });

  scenario("by a template that is missing: the default, which says so", withTemplate, async (s, expect) => {
    const body = await template(null)(s, expect);
    expect(body).toContain("Incident Summary");
    expect(body).toContain("there is no .github");
  });
});
