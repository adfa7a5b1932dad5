import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { client, jwt, pullRequest, repo, shop, world } from "./helpers.ts";

let sandbox: Sandbox;
let app: Awaited<ReturnType<typeof world>>["app"];
let git: Awaited<ReturnType<typeof world>>["git"];
let dev: Awaited<ReturnType<typeof world>>["dev"];

beforeEach(async () => {
  ({ sandbox, app, git, dev } = await world());
});
afterEach(() => sandbox.close());

const status = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: { status?: number }) => error.status,
  );

describe("labels", () => {
  it("need triage, and carry who put them on in the timeline", async () => {
    const { pull } = await pullRequest(sandbox);
    expect(await status(sandbox.as("stranger").addLabel(shop, pull.number, "bug"))).toBe(403);
    await sandbox.as("helper").addLabel(shop, pull.number, "bug");
    await sandbox.as("helper").removeLabel(shop, pull.number, "bug");
    await app.issues.addLabels({ ...repo, issue_number: pull.number, labels: ["made-by-app"] });
    expect(await status(sandbox.as("helper").addLabel(shop, pull.number, "not-there"))).toBe(403);
    const { data } = await app.issues.listEventsForTimeline({ ...repo, issue_number: pull.number });
    const flat = data.map((one) => {
      const { event, label, actor, performed_via_github_app } = one as {
        event: string;
        label?: { name: string };
        actor?: { login: string; type: string };
        performed_via_github_app?: { id: number } | null;
      };
      return [event, label?.name, actor?.login, performed_via_github_app?.id];
    });
    expect(flat).toEqual([
      ["committed", undefined, undefined, undefined],
      ["labeled", "bug", "helper", undefined],
      ["unlabeled", "bug", "helper", undefined],
      ["labeled", "made-by-app", "hotfix-guard[bot]", sandbox.app.id],
    ]);
    const hook = sandbox.deliveries.findLast(({ action }) => action === "labeled");
    expect(hook).toMatchObject({
      event: "pull_request",
      payload: { label: { name: "made-by-app" }, sender: { type: "Bot" } },
    });
  });

  it("keep the old name in events after a rename, and tell of a deletion without the label", async () => {
    const { pull } = await pullRequest(sandbox);
    await dev.addLabel(shop, pull.number, "bug");
    await dev.renameLabel(shop, "bug", "defect");
    expect(sandbox.labelsOf(shop, pull.number)).toEqual(["defect"]);
    expect((await sandbox.timeline(shop, pull.number)).at(-1)).toMatchObject({
      event: "labeled",
      label: { name: "bug" },
    });
    await dev.deleteLabel(shop, "defect");
    const [unlabeled, deleted] = sandbox.deliveries.slice(-2);
    expect(unlabeled).toMatchObject({ event: "pull_request", action: "unlabeled" });
    expect(unlabeled?.payload).not.toHaveProperty("label");
    expect(deleted).toMatchObject({ event: "label", action: "deleted" });
  });

  it("have limits", async () => {
    const create = (name: string, rest = {}) => status(app.issues.createLabel({ ...repo, name, ...rest }));
    expect(await create("bug")).toBe(422);
    expect(await create("x".repeat(51))).toBe(422);
    expect(await create("fine", { color: "red" })).toBe(422);
    expect(await create("fine", { description: "x".repeat(101) })).toBe(422);
    expect(await create("fine", { color: "ff0000", description: "x".repeat(100) })).toBe("no error");
  });
});

describe("issues and comments", () => {
  it("know the app that wrote them", async () => {
    const { data: issue } = await app.issues.create({
      ...repo,
      title: "By the app",
      assignees: ["lead"],
      labels: ["bug"],
    });
    expect(issue).toMatchObject({
      user: { login: "hotfix-guard[bot]", type: "Bot" },
      assignees: [{ login: "lead" }],
      performed_via_github_app: { id: sandbox.app.id },
    });
    expect(await status(app.issues.create({ ...repo, title: "x", assignees: ["stranger"] }))).toBe(422);
    const { data } = await app.issues.addAssignees({
      ...repo,
      issue_number: issue.number,
      assignees: ["stranger", "dev"],
    });
    expect(data.assignees?.map(({ login }) => login)).toEqual(["lead", "dev"]);
    expect(await status(app.issues.checkUserCanBeAssigned({ ...repo, assignee: "stranger" }))).toBe(404);
    const { data: listed } = await app.issues.listForRepo({
      ...repo,
      creator: "hotfix-guard[bot]",
      state: "all",
    });
    expect(listed.map(({ number }) => number)).toEqual([issue.number]);
  });

  it("are edited with the old text in the payload, by who may", async () => {
    const { number } = await dev.createIssue(shop, { title: "Talk" });
    const comment = await sandbox.as("stranger").comment(shop, number, "First");
    expect(await status(sandbox.as("helper").editComment(shop, comment.id, "Changed"))).toBe(403);
    await dev.editComment(shop, comment.id, "Changed by another");
    await sandbox.as("stranger").deleteComment(shop, comment.id);
    const hooks = sandbox.deliveries.filter((one) => one.event === "issue_comment");
    expect(hooks.map(({ action }) => action)).toEqual(["created", "edited", "deleted"]);
    expect(hooks[1]?.payload.changes).toEqual({ body: { from: "First" } });
    expect(await sandbox.timeline(shop, number)).toEqual([]);
    expect(
      await status(app.issues.createComment({ ...repo, issue_number: number, body: "x".repeat(65_537) })),
    ).toBe(422);
    expect(
      await status(app.issues.createComment({ ...repo, issue_number: number, body: "x".repeat(65_536) })),
    ).toBe("no error");
  });

  it("refer to each other, are transferred, locked and deleted", async () => {
    await sandbox.createRepository("acme/other");
    const first = await dev.createIssue(shop, { title: "First", labels: ["bug"] });
    const second = await dev.createIssue(shop, { title: "Second", body: `Like #${first.number}` });
    expect((await sandbox.timeline(shop, first.number)).at(-1)).toMatchObject({
      event: "cross-referenced",
      source: { issue: { number: second.number } },
    });
    await sandbox.lockIssue(shop, first.number, "lead");
    expect(await status(sandbox.as("stranger").comment(shop, first.number, "Hello"))).toBe(403);
    const there = await sandbox.transferIssue(shop, first.number, "lead", "acme/other");
    expect(sandbox.labelsOf("acme/other", there)).toEqual(["bug"]);
    expect((await app.issues.get({ ...repo, issue_number: first.number })).data.html_url).toContain(
      "acme/other",
    );
    await sandbox.deleteIssue(shop, second.number, "lead");
    expect(await status(app.issues.get({ ...repo, issue_number: second.number }))).toBe(410);
    sandbox.setRepository(shop, { hasIssues: false });
    expect(await status(app.issues.create({ ...repo, title: "x" }))).toBe(410);
  });

  it("are found by search, which wants to know of what kind, and lags", async () => {
    const { pull } = await pullRequest(sandbox);
    await dev.createIssue(shop, { title: "No pull request" });
    const search = async (q: string) =>
      (await app.search.issuesAndPullRequests({ q })).data.items.map(({ number }) => number);
    expect(await status(app.search.issuesAndPullRequests({ q: "repo:acme/shop head:hotfix" }))).toBe(422);
    expect(await search("repo:acme/shop is:pr is:open head:hotfix")).toEqual([pull.number]);
    expect(await search("repo:acme/shop is:issue author:dev")).toEqual([2]);
    sandbox.knobs.searchLagMs = 60_000;
    expect(await search("repo:acme/shop is:pr head:hotfix")).toEqual([]);
  });

  it("are read as they were a while ago, when reads are stale", async () => {
    const { pull } = await pullRequest(sandbox);
    sandbox.knobs.staleReads(3_000);
    await dev.addLabel(shop, pull.number, "bug");
    const fresh = await dev.createIssue(shop, { title: "Young" });
    const labels = async () =>
      (await app.issues.listLabelsOnIssue({ ...repo, issue_number: pull.number })).data.length;
    expect(await labels()).toBe(0);
    expect((await app.pulls.get({ ...repo, pull_number: pull.number })).data.labels).toEqual([]);
    expect(await status(app.issues.get({ ...repo, issue_number: fresh.number }))).toBe(404);
    await new Promise((done) => setTimeout(done, 3_100));
    expect(await labels()).toBe(1);
    expect(await status(app.issues.get({ ...repo, issue_number: fresh.number }))).toBe("no error");
  });
});

describe("checks", () => {
  it("belong to the app, keep their limits, and do not go back", async () => {
    const sha = git.head("main") ?? "";
    const { data: run } = await app.checks.create({
      ...repo,
      name: "gate",
      head_sha: sha,
      status: "in_progress",
    });
    const update = (rest: object) => status(app.checks.update({ ...repo, check_run_id: run.id, ...rest }));
    expect(await update({ output: { title: "t", summary: "x".repeat(65_536) } })).toBe(422);
    const annotation = { path: "a", start_line: 1, end_line: 1, annotation_level: "notice", message: "m" };
    expect(
      await update({ output: { title: "t", summary: "s", annotations: Array(51).fill(annotation) } }),
    ).toBe(422);
    expect(
      await update({ output: { title: "t", summary: "s", annotations: Array(50).fill(annotation) } }),
    ).toBe("no error");
    expect(await update({ conclusion: null })).toBe(422);
    expect(await update({ status: "completed" })).toBe(422);
    expect(await update({ conclusion: "failure" })).toBe("no error");
    expect(await update({ status: "in_progress" })).toBe(422);
    await dev.requestRerun(shop, run.id);
    expect(sandbox.deliveries.at(-1)).toMatchObject({
      event: "check_run",
      action: "rerequested",
      payload: { check_run: { id: run.id } },
    });
    expect(await update({ status: "in_progress" })).toBe("no error");
    const other = await sandbox.otherAppCheckRun(shop, {
      name: "gate",
      head_sha: sha,
      conclusion: "success",
    });
    expect(await status(app.checks.update({ ...repo, check_run_id: other.id, conclusion: "failure" }))).toBe(
      403,
    );
    expect(
      await status(client(sandbox, dev.token).checks.create({ ...repo, name: "gate", head_sha: sha })),
    ).toBe(403);
    expect(await status(app.checks.create({ ...repo, name: "gate", head_sha: "1".repeat(40) }))).toBe(422);
  });

  it("are listed latest first, and a suite is run again as a whole", async () => {
    const sha = git.head("main") ?? "";
    for (const conclusion of ["failure", "success"] as const)
      await app.checks.create({ ...repo, name: "gate", head_sha: sha, conclusion });
    const listed = async (filter: "latest" | "all") =>
      (
        await app.checks.listForRef({
          ...repo,
          ref: "main",
          check_name: "gate",
          filter,
          app_id: sandbox.app.id,
        })
      ).data.check_runs.map(({ conclusion }) => conclusion);
    expect(await listed("latest")).toEqual(["success"]);
    expect(await listed("all")).toEqual(["success", "failure"]);
    await dev.requestSuiteRerun(shop, sha);
    expect(sandbox.deliveries.at(-1)).toMatchObject({
      event: "check_suite",
      action: "rerequested",
      payload: { check_suite: { head_sha: sha } },
    });
  });
});

describe("people", () => {
  it("are in teams, also through child teams, and only once they have accepted", async () => {
    sandbox.createTeam("acme", "engineering");
    sandbox.createTeam("acme", "on-call", { parent: "engineering" });
    await sandbox.addTeamMember("acme", "on-call", "lead");
    await sandbox.addTeamMember("acme", "on-call", "helper", "pending");
    const membership = async (team: string, username: string) =>
      (await app.teams.getMembershipForUserInOrg({ org: "acme", team_slug: team, username })).data.state;
    expect(await membership("engineering", "lead")).toBe("active");
    expect(await membership("on-call", "helper")).toBe("pending");
    expect(await status(membership("on-call", "dev"))).toBe(404);
    const { data } = await app.teams.listMembersInOrg({ org: "acme", team_slug: "engineering" });
    expect(data.map(({ login }) => login)).toEqual(["lead"]);
    expect(await status(app.teams.getByName({ org: "dev", team_slug: "on-call" }))).toBe(404);
    await sandbox.removeTeamMember("acme", "on-call", "lead");
    expect(await status(membership("on-call", "lead"))).toBe(404);
    expect(
      sandbox.deliveries.filter(({ event }) => event === "membership").map(({ action }) => action),
    ).toEqual(["added", "removed"]);
  });

  it("have roles that the old permission blurs", async () => {
    const level = async (username: string) => {
      const { permission, role_name } = (
        await app.repos.getCollaboratorPermissionLevel({ ...repo, username })
      ).data;
      return [permission, role_name];
    };
    sandbox.setPermission(shop, "dev", "maintain");
    expect(await level("dev")).toEqual(["write", "maintain"]);
    expect(await level("helper")).toEqual(["read", "triage"]);
    expect(await level("lead")).toEqual(["admin", "admin"]);
    expect(await level("stranger")).toEqual(["read", "read"]);
    expect((await app.users.getByUsername({ username: "lead" })).data).toMatchObject({
      name: "The lead",
      type: "User",
    });
  });
});

describe("contents", () => {
  it("come as files, folders, links and submodules, from a ref, or raw", async () => {
    await git.commit("kinds", {
      message: "Kinds",
      files: { "big.txt": "x".repeat(1_100_000), link: "README.md", sub: "1".repeat(40), "ü n.txt": "ü" },
      modes: { link: "symlink", sub: "submodule" },
    });
    await git.push("dev", "kinds");
    const get = async (path: string, ref = "kinds") =>
      (await app.repos.getContent({ ...repo, path, ref })).data as {
        type: string;
        encoding?: string;
        content?: string;
      };
    expect(await get("README.md")).toMatchObject({
      type: "file",
      encoding: "base64",
      content: `${Buffer.from("# Shop\n").toString("base64")}\n`,
    });
    expect(await get("big.txt")).toMatchObject({ encoding: "none", content: "" });
    expect(await get("link")).toMatchObject({ type: "symlink", target: "README.md" });
    expect(await get("sub")).toMatchObject({ type: "submodule" });
    expect(await get("ü n.txt")).toMatchObject({ content: "w7w=\n" });
    expect((await app.repos.getContent({ ...repo, path: "", ref: "kinds" })).data).toHaveLength(6);
    expect(await status(get("nope"))).toBe(404);
    expect(await status(get("README.md", "no-such-branch"))).toBe(404);
    const raw = await app.repos.getContent({ ...repo, path: "README.md", mediaType: { format: "raw" } });
    expect(raw.data).toBe("# Shop\n");
    const { data: tree } = await app.git.getTree({ ...repo, tree_sha: "main", recursive: "1" });
    expect(tree.tree.map(({ path }) => path)).toEqual(["README.md", "src", "src/pay.ts"]);
  });
});

it("tells of deployments and asks for their protection rule", async () => {
  const own = await world({
    permissions: { deployments: "write", contents: "read" },
    events: ["deployment_status", "deployment_protection_rule"],
  });
  try {
    const id = await own.sandbox.createDeployment(shop, "dev", { ref: "main", environment: "production" });
    await own.sandbox.setDeploymentStatus(shop, "dev", id, "success");
    expect(own.sandbox.deliveries.at(-1)).toMatchObject({
      event: "deployment_status",
      payload: { deployment: { sha: own.git.head("main") }, deployment_status: { state: "success" } },
    });
    const run = await own.sandbox.requestDeployment(shop, "dev", { ref: "main", environment: "production" });
    const url = String(own.sandbox.deliveries.at(-1)?.payload.deployment_callback_url);
    await own.app.request({
      method: "POST",
      url,
      environment_name: "production",
      state: "rejected",
      comment: "Not green",
    });
    expect(own.sandbox.deploymentReview(run)).toMatchObject({ state: "rejected", comment: "Not green" });
    expect((await client(own.sandbox, jwt(own.sandbox)).apps.listInstallations()).data[0]?.id).toBe(
      own.sandbox.installationId,
    );
  } finally {
    await own.sandbox.close();
  }
});

it("tells of a branch's rules to those who may read them", async () => {
  sandbox.protect(shop, "main", {
    requiredChecks: [{ context: "hotfix-gate", appId: 7 }],
    requiredReviews: 2,
  });
  const { data } = await app.repos.getBranchRules({ ...repo, branch: "main" });
  expect(data.map((rule) => [rule.type, "parameters" in rule ? rule.parameters : undefined])).toMatchObject([
    ["required_status_checks", { required_status_checks: [{ context: "hotfix-gate", integration_id: 7 }] }],
    ["pull_request", { required_approving_review_count: 2 }],
  ]);
});
