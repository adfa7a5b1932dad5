import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { client, pullRequest, repo, shop, world } from "./helpers.ts";

let sandbox: Sandbox;
let app: Awaited<ReturnType<typeof world>>["app"];
let git: Awaited<ReturnType<typeof world>>["git"];
let dev: Awaited<ReturnType<typeof world>>["dev"];

beforeEach(async () => {
  ({ sandbox, app, git, dev } = await world());
});
afterEach(() => sandbox.close());

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: { status?: number; message?: string }) => `${error.status} ${error.message ?? ""}`,
  );
const actions = (event: string) =>
  sandbox.deliveries.filter((one) => one.event === event).map(({ action }) => action);
const names = async (number: number) =>
  (await app.issues.listEventsForTimeline({ ...repo, issue_number: number })).data.map(({ event }) => event);

describe("a pull request", () => {
  it("shows its commits, files and comparison", async () => {
    await git.commit("feature", {
      message: "One",
      files: { "src/pay.ts": "export const a = 2;\n" },
      author: sandbox.person("dev"),
    });
    await git.commit("feature", {
      message: "Two",
      renames: { "README.md": "docs/index.md" },
      files: { "b.bin": Buffer.from([0, 1, 2]) },
    });
    const head = await git.push("dev", "feature");
    // The base goes on meanwhile: its file must not show up.
    await git.commit("main", { message: "Elsewhere", files: { "other.txt": "x\n" } });
    await git.push("lead", "main");
    const { number } = await dev.openPullRequest(shop, { head: "feature", title: "Feature" });
    const { data: files } = await app.pulls.listFiles({ ...repo, pull_number: number });
    expect(files.map(({ filename, status }) => `${status} ${filename}`)).toEqual([
      "added b.bin",
      "renamed docs/index.md",
      "modified src/pay.ts",
    ]);
    expect(files[0]?.patch).toBeUndefined();
    expect(files[1]).toMatchObject({ previous_filename: "README.md", additions: 0, deletions: 0 });
    expect(files[2]?.patch).toBe("@@ -1 +1 @@\n-export const a = 1;\n+export const a = 2;");
    const { data: commits } = await app.pulls.listCommits({ ...repo, pull_number: number });
    expect(commits.map(({ commit, author }) => `${commit.message} by ${author?.login ?? "nobody"}`)).toEqual([
      "One by dev",
      "Two by nobody",
    ]);
    const { data: compared } = await app.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: `main...feature`,
    });
    expect(compared).toMatchObject({ status: "diverged", ahead_by: 2, behind_by: 1, total_commits: 2 });
    expect(compared.merge_base_commit.commit.message).toBe("Initial commit");
    expect(compared.files?.map(({ filename }) => filename)).toEqual(["b.bin", "docs/index.md", "src/pay.ts"]);
    const { data: pull } = await app.pulls.get({ ...repo, pull_number: number });
    expect(pull).toMatchObject({
      changed_files: 3,
      commits: 2,
      additions: 1,
      deletions: 1,
      mergeable: true,
      merged: false,
    });
    expect(pull.head).toMatchObject({ sha: head, label: "acme:feature" });
    expect(pull.author_association).toBe("COLLABORATOR");
  });

  it("refuses a second one from the same branch, and one without commits", async () => {
    await pullRequest(sandbox);
    expect(await refusal(dev.openPullRequest(shop, { head: "hotfix/pay", title: "Again" }))).toContain(
      "already exists",
    );
    expect(await refusal(dev.openPullRequest(shop, { head: "main", title: "Nothing" }))).toContain(
      "No commits between",
    );
  });

  it("follows a push and a force push, with who and when in the activity", async () => {
    const { pull, sha } = await pullRequest(sandbox);
    await git.commit("hotfix/pay", { message: "More", files: { "x.txt": "1\n" } });
    const second = await git.push("lead", "hotfix/pay");
    const other = await git.commit("hotfix/pay", {
      message: "Other",
      files: { "y.txt": "1\n" },
      parents: [git.head("main") ?? ""],
    });
    expect(await refusal(git.push("dev", "hotfix/pay", other))).toContain("not a fast forward");
    await git.push("dev", "hotfix/pay", other, { force: true });
    const sync = sandbox.deliveries.filter(({ action }) => action === "synchronize");
    expect(sync.map(({ payload }) => [payload.before, payload.after])).toEqual([
      [sha, second],
      [second, other],
    ]);
    const { data } = await app.repos.listActivities({ ...repo, ref: "refs/heads/hotfix/pay" });
    expect(data.map(({ activity_type, actor, after }) => [activity_type, actor?.login, after])).toEqual([
      ["force_push", "dev", other],
      ["push", "lead", second],
      ["branch_creation", "dev", sha],
    ]);
    expect(await names(pull.number)).toEqual(["head_ref_force_pushed", "committed"]);
  });

  it("is edited with what it was before, in the payload and the timeline", async () => {
    const { pull } = await pullRequest(sandbox);
    await git.push("dev", "release", git.head("main"));
    await dev.editPullRequest(shop, pull.number, {
      title: "New",
      body: "Changed",
      base: "release",
      draft: true,
    });
    await dev.editPullRequest(shop, pull.number, { draft: false, state: "closed" });
    await dev.editPullRequest(shop, pull.number, { state: "open" });
    expect(actions("pull_request")).toEqual([
      "opened",
      "converted_to_draft",
      "edited",
      "edited",
      "edited",
      "ready_for_review",
      "closed",
      "reopened",
    ]);
    const changes = sandbox.deliveries
      .filter((one) => one.event === "pull_request")
      .flatMap(({ payload }) => ("changes" in payload ? [payload.changes] : []));
    expect(changes).toMatchObject([
      { base: { ref: { from: "main" } } },
      { title: { from: "HOTFIX: fix pay" } },
      { body: { from: "Text" } },
    ]);
    expect(await names(pull.number)).toEqual([
      "committed",
      "convert_to_draft",
      "base_ref_changed",
      "renamed",
      "ready_for_review",
      "closed",
      "reopened",
    ]);
  });

  it("closes when its branch goes, and loses its repository with the fork", async () => {
    const { pull } = await pullRequest(sandbox);
    await git.deleteBranch("dev", "hotfix/pay");
    expect((await sandbox.pullRequest(shop, pull.number)).state).toBe("closed");
    const fork = await sandbox.createFork(shop, "stranger");
    const there = sandbox.git(fork);
    const sha = await there.commit("hotfix/fork", { message: "From a fork", files: { "f.txt": "f\n" } });
    await there.push("stranger", "hotfix/fork");
    const second = await sandbox
      .as("stranger")
      .openPullRequest(shop, { head: "stranger:hotfix/fork", title: "Fork" });
    expect(second.head.repo?.full_name).toBe("stranger/shop");
    const { data: run } = await app.checks.create({ ...repo, name: "hotfix-gate", head_sha: sha });
    expect(run.pull_requests).toEqual([]);
    await sandbox.deleteRepository(fork);
    const { data } = await app.pulls.get({ ...repo, pull_number: second.number });
    expect([data.head.repo, data.state, data.head.sha]).toEqual([null, "closed", sha]);
    expect((await app.pulls.listFiles({ ...repo, pull_number: second.number })).data.length).toBe(1);
  });
});

describe("reviews", () => {
  it("carry their commit, and nobody approves their own", async () => {
    const { pull, sha } = await pullRequest(sandbox);
    expect(await refusal(dev.review(shop, pull.number, "APPROVED"))).toContain("422");
    const review = await sandbox.as("lead").review(shop, pull.number, "APPROVED");
    expect(review).toMatchObject({ state: "APPROVED", commit_id: sha });
    await sandbox.as("lead").dismissReview(shop, pull.number, review.id, "Too early");
    expect((await app.pulls.listReviews({ ...repo, pull_number: pull.number })).data[0]?.state).toBe(
      "DISMISSED",
    );
    expect(await names(pull.number)).toEqual(["committed", "reviewed", "review_dismissed"]);
    expect(sandbox.deliveries.find((one) => one.event === "pull_request_review")?.payload).toMatchObject({
      review: { state: "approved" },
    });
  });
});

describe("merging", () => {
  const gate = { requiredChecks: [{ context: "hotfix-gate", appId: 0 }] };

  it("waits for the required check of that very app on the latest head", async () => {
    gate.requiredChecks = [{ context: "hotfix-gate", appId: sandbox.app.id }];
    sandbox.protect(shop, "main", gate);
    const { pull, sha } = await pullRequest(sandbox);
    const merge = () => refusal(sandbox.as("lead").merge(shop, pull.number));
    expect(await merge()).toBe('405 405: Required status check "hotfix-gate" is expected.');
    await sandbox.otherAppCheckRun(shop, { name: "hotfix-gate", head_sha: sha, conclusion: "success" });
    expect(await merge()).toContain("is expected");
    const create = (rest: object) =>
      app.checks.create({ ...repo, name: "hotfix-gate", head_sha: sha, ...rest });
    await create({ conclusion: "success" });
    await create({ status: "in_progress" });
    expect(await merge()).toContain("is pending");
    await create({ conclusion: "action_required" });
    expect(await merge()).toContain("is failing");
    expect(sandbox.mergeBlockers(shop, pull.number)).toEqual([
      'Required status check "hotfix-gate" is failing.',
    ]);
    expect(await refusal(git.push("dev", "main", sha))).toContain("GH006");
    await create({ conclusion: "skipped" });
    expect(sandbox.mergeBlockers(shop, pull.number)).toEqual([]);
    expect(
      await refusal(sandbox.as("lead").merge(shop, pull.number, "merge", { sha: "0".repeat(40) })),
    ).toContain("409");
    expect(await merge()).toBe("no error");
    const merged = await sandbox.pullRequest(shop, pull.number);
    expect(merged).toMatchObject({ merged: true, state: "closed", merged_by: { login: "lead" } });
    expect(git.log("main")[0]).toMatchObject({
      sha: merged.merge_commit_sha,
      message: "Merge pull request #1 from acme/hotfix/pay\n\nHOTFIX: fix pay",
    });
    expect(git.show("main", "src/pay.ts")).toBe("export const a = 2;\n");
    expect(sandbox.activity(shop, "main")[0]).toMatchObject({
      activity_type: "pr_merge",
      actor: { login: "lead" },
    });
  });

  it("lets an administrator go round, unless it holds for them too", async () => {
    sandbox.protect(shop, "main", {
      requiredChecks: [{ context: "hotfix-gate" }],
      enforceAdmins: true,
      requiredReviews: 1,
    });
    const { pull } = await pullRequest(sandbox);
    expect(await refusal(sandbox.as("lead").merge(shop, pull.number, "merge", { admin: true }))).toContain(
      "At least 1 approving review is required",
    );
    sandbox.protect(shop, "main", { requiredChecks: [{ context: "hotfix-gate" }] });
    expect(await refusal(dev.merge(shop, pull.number, "merge", { admin: true }))).toContain("405");
    expect(await refusal(sandbox.as("lead").merge(shop, pull.number, "merge", { admin: true }))).toBe(
      "no error",
    );
  });

  it("squashes and rebases with GitHub's messages", async () => {
    await git.commit("two", {
      message: "First\n\nwith text",
      files: { "1.txt": "1\n" },
      author: sandbox.person("dev"),
    });
    await git.commit("two", { message: "Second", files: { "2.txt": "2\n" }, author: sandbox.person("lead") });
    await git.push("dev", "two");
    const { number } = await dev.openPullRequest(shop, { head: "two", title: "Two commits" });
    await sandbox.as("lead").merge(shop, number, "squash");
    const squash = git.log("main")[0];
    expect(squash?.parents.length).toBe(1);
    expect(squash?.message).toMatch(/^Two commits \(#1\)\n\n\* First\n\nwith text\n\n\* Second/);
    expect(squash?.message).toContain("Co-authored-by: The lead <lead@example.com>");
    const { pull } = await pullRequest(sandbox);
    await sandbox.as("lead").merge(shop, pull.number, "rebase");
    expect(git.log("main").map(({ message }) => message.split("\n")[0])).toEqual([
      "HOTFIX: fix pay",
      "Two commits (#1)",
      "Initial commit",
    ]);
    sandbox.setRepository(shop, { mergeMethods: ["squash"] });
    const { pull: third } = await pullRequest(sandbox, "hotfix/third", { "3.txt": "3\n" });
    expect(await refusal(dev.merge(shop, third.number))).toContain("Merge commits are not allowed");
  });

  it("happens by a push as well, and closes what it fixes", async () => {
    const { number: incident } = await dev.createIssue(shop, { title: "Down" });
    await git.commit("hotfix/a", { message: `HOTFIX: a\n\nFixes: #${incident}`, files: { "a.txt": "a\n" } });
    await git.push("dev", "hotfix/a");
    const { number } = await dev.openPullRequest(shop, { head: "hotfix/a", title: "A" });
    const merge = await git.mergeNoFf("lead", "main", "hotfix/a");
    expect(await sandbox.pullRequest(shop, number)).toMatchObject({
      merged: true,
      merge_commit_sha: merge,
      merged_by: { login: "lead" },
    });
    expect(sandbox.activity(shop, "main")[0]?.activity_type).toBe("push");
    expect((await sandbox.issue(shop, incident)).state).toBe("closed");
    await git.revert("revert-a", merge, { mainline: 1 });
    await git.push("lead", "revert-a");
    expect(git.show("revert-a", "a.txt")).toBeUndefined();
    expect(git.log("revert-a")[0]?.message).toContain(`This reverts commit ${merge}`);
  });

  it("refuses conflicts, and reverts in the middle of a file", async () => {
    const lines = (change: Record<number, string>) =>
      Array.from({ length: 20 }, (_, at) => change[at] ?? `line ${at}`).join("\n");
    await git.commit("main", { message: "Lines", files: { "l.txt": lines({}) } });
    await git.push("lead", "main");
    const first = await git.commit("main", { message: "Top", files: { "l.txt": lines({ 1: "top" }) } });
    await git.commit("main", { message: "Bottom", files: { "l.txt": lines({ 1: "top", 18: "bottom" }) } });
    await git.push("lead", "main");
    await git.revert("back", first);
    expect(git.show("back", "l.txt")).toBe(lines({ 18: "bottom" }));
    await git.commit("clash", {
      message: "Clash",
      files: { "l.txt": lines({ 1: "other" }) },
      parents: [git.log("main")[2]?.sha ?? ""],
    });
    await git.push("dev", "clash");
    const { number } = await dev.openPullRequest(shop, { head: "clash", title: "Clash" });
    expect((await sandbox.pullRequest(shop, number)).mergeable).toBe(false);
    expect(await refusal(dev.merge(shop, number))).toContain("not mergeable");
  });

  it("a review by somebody of a team answers what was asked of the team", async () => {
    const { pull } = await pullRequest(sandbox);
    sandbox.createTeam("acme", "leads");
    sandbox.createTeam("acme", "others");
    await sandbox.addTeamMember("acme", "leads", "lead");
    const asked = { ...repo, pull_number: pull.number, team_reviewers: ["leads", "others"] };
    await app.pulls.requestReviewers(asked);
    await sandbox.as("lead").review(shop, pull.number, "COMMENTED", "Looks good");
    const { requested_teams } = await sandbox.pullRequest(shop, pull.number);
    expect(requested_teams?.map(({ slug }) => slug)).toEqual(["others"]);
  });

  it("updates a branch with the base, as the person who pressed the button", async () => {
    const { pull } = await pullRequest(sandbox);
    await git.commit("main", { message: "Else", files: { "else.txt": "e\n" } });
    await git.push("lead", "main");
    await dev.updateBranch(shop, pull.number);
    const now = await sandbox.pullRequest(shop, pull.number);
    expect(now.commits).toBe(2);
    expect(now.changed_files).toBe(1);
    expect(git.log(now.head.sha)[0]?.message).toBe("Merge branch 'main' into hotfix/pay");
  });

  it("groups pull requests in the merge queue, and merges when the group's check passes", async () => {
    sandbox.protect(shop, "main", { requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }] });
    const first = await pullRequest(sandbox);
    const second = await pullRequest(sandbox, "feature", { "f.txt": "f\n" });
    const head = await sandbox.enqueue(shop, [first.pull.number, second.pull.number], "lead");
    const asked = sandbox.deliveries.find((one) => one.event === "merge_group");
    expect(asked?.payload.merge_group).toMatchObject({
      head_sha: head,
      base_ref: "refs/heads/main",
      base_sha: git.log("main")[0]?.sha,
    });
    const { data: pulls } = await app.repos.compareCommitsWithBasehead({
      ...repo,
      basehead: `main...${head}`,
    });
    expect(pulls.total_commits).toBe(4);
    await app.checks.create({ ...repo, name: "hotfix-gate", head_sha: head, conclusion: "success" });
    expect(git.head("main")).toBe(head);
    expect((await sandbox.pullRequest(shop, second.pull.number)).merged).toBe(true);
    expect(sandbox.activity(shop, "main")[0]?.activity_type).toBe("merge_queue_merge");
    const third = await pullRequest(sandbox, "late", { "l.txt": "l\n" });
    const group = await sandbox.enqueue(shop, [third.pull.number], "lead");
    await app.checks.create({ ...repo, name: "hotfix-gate", head_sha: group, conclusion: "failure" });
    expect(git.head("main")).toBe(head);
    expect((await sandbox.pullRequest(shop, third.pull.number)).state).toBe("open");
  });
});

it("knows nobody where an account is gone", async () => {
  const { pull } = await pullRequest(sandbox);
  sandbox.deleteUser("dev");
  const { data } = await app.pulls.get({ ...repo, pull_number: pull.number });
  expect(data.user).toBeNull();
  const { data: activity } = await client(sandbox, sandbox.as("lead").token).repos.listActivities({
    ...repo,
    ref: "hotfix/pay",
  });
  expect(activity[0]?.actor).toBeNull();
});

it("merges histories that cross as git does, and compares with one merge base as GitHub does", async () => {
  const start = git.head("main") as string;
  const at = (second: number) => ({ date: new Date(Date.UTC(2026, 0, 1, 0, 0, second)).toISOString() });
  const safe = await git.commit("safe", {
    message: "Safe",
    files: { "auth.ts": "check\n" },
    parents: [start],
    ...at(1),
  });
  const other = await git.commit("other", {
    message: "Other",
    files: { "o.txt": "o\n" },
    parents: [start],
    ...at(2),
  });
  const both = await git.commit("both", {
    message: "Merge",
    files: { "auth.ts": "check\n" },
    parents: [other, safe],
    ...at(3),
  });
  await git.push("lead", "main", both);
  const evil = await git.commit("evil", {
    message: "Merge",
    files: { "a.txt": "a\n" },
    parents: [other, safe],
    ...at(4),
  });
  await git.push("dev", "evil", evil);
  const { number } = await sandbox.as("dev").openPullRequest(shop, { head: "evil", title: "Evil" });
  const files = async (basehead: string) =>
    (await app.repos.compareCommitsWithBasehead({ ...repo, basehead })).data.files?.map(
      ({ filename }) => filename,
    );
  expect(await files(`main...${evil}`)).toEqual(["a.txt"]);
  const { data } = await app.git.getRef({ ...repo, ref: `pull/${number}/merge` });
  expect(await files(`main...${data.object.sha}`)).toEqual(["a.txt", "auth.ts"]);
  const { data: test } = await app.git.getCommit({ ...repo, commit_sha: data.object.sha });
  expect(test.parents.map(({ sha }) => sha)).toEqual([both, evil]);
});
