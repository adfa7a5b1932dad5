import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import type { GitHubClient } from "../../../src/github/api/client.ts";
import { createExclusively } from "../../../src/github/api/exclusively.ts";
import { octokitClass } from "../../../src/github/api/octokit.ts";
import { collectPullRequest } from "../../../src/github/collect/collect.ts";
import { encodeOpened, RECORD_NAME } from "../../../src/github/collect/post-mortem/record.ts";
import { known } from "../../../src/policy/fact.ts";
import type { MergeMethod, Sandbox } from "../../../src/sandbox/index.ts";
import { installationToken, repo, shop, world } from "../../sandbox/helpers.ts";
import { silentLog } from "../../support/nock-github.ts";

/**
 * The same code against GitHub's imitation on real git repositories: what merges and reverts really make of
 * trees.
 */

let sandbox: Sandbox;
let client: GitHubClient;

beforeAll(async () => {
  ({ sandbox } = await world());
  const Octokit = octokitClass();
  const octokit = new Octokit({
    authStrategy: undefined,
    auth: await installationToken(sandbox),
    baseUrl: `${sandbox.url}/api/v3`,
    log: silentLog,
    throttle: { enabled: false },
  } as never);
  client = {
    octokit,
    app: { id: sandbox.app.id, slug: sandbox.app.slug },
    installationId: sandbox.installationId,
    serverTime: () => new Date(),
    permits: async () => false,
    exclusively: createExclusively(),
  };
});
afterAll(() => sandbox.close());

async function collect(number: number) {
  const collected = await collectPullRequest(client, repo, number, {
    policy: Promise.resolve({ state: "valid", policy: defaultPolicy(), source: "defaults" }),
    hint: {},
    validateConfigAt: async () => known({ problems: [] }),
  });
  if (collected.state !== "collected") throw new Error(JSON.stringify(collected));
  return collected;
}

let serial = 0;

/** A hotfix of two commits that changes, adds, deletes and renames; merged. */
async function mergedHotfix(method: MergeMethod) {
  const name = `case-${++serial}`;
  const git = sandbox.git(shop);
  const author = sandbox.person("dev");
  const seed = {
    [`${name}/fixed`]: "one\n",
    [`${name}/deleted`]: "gone\n",
    [`${name}/old`]: "a long enough text\n".repeat(9),
  };
  await git.commit("main", { message: "Seed", files: seed, author });
  await git.push("dev", "main");
  const branch = `hotfix/${name}`;
  await git.commit(branch, {
    message: "HOTFIX: half",
    files: { [`${name}/fixed`]: "two\n", [`${name}/added`]: "new\n" },
    parents: [git.head("main") ?? ""],
    author,
  });
  await git.commit(branch, {
    message: "HOTFIX: whole",
    files: { [`${name}/fixed`]: "three\n", [`${name}/deleted`]: null },
    renames: { [`${name}/old`]: `${name}/new` },
    author,
  });
  await git.push("dev", branch);
  const pull = await sandbox.as("dev").openPullRequest(shop, { head: branch, title: `HOTFIX: ${name}` });
  const { sha } = await sandbox.as("lead").merge(shop, pull.number, method);
  // As the app records it.
  await client.octokit.rest.checks.create({
    ...repo,
    name: RECORD_NAME,
    head_sha: git.head(branch) ?? "",
    external_id: encodeOpened(`#${pull.number}`, { repository: shop, number: 1 }),
    status: "completed",
    conclusion: "neutral",
    output: { title: "Post-mortem", summary: "" },
  });
  return { name, number: pull.number, sha };
}

/** A pull request that makes the files of a hotfix what they were before it. */
async function takeBack(name: string, branch: string, extra: Record<string, string> = {}) {
  const git = sandbox.git(shop);
  await git.commit(branch, {
    // Without a name of its own it would be the very commit of another pull request made in the same second.
    message: `Back by ${branch}`,
    files: { [`${name}/fixed`]: "one\n", [`${name}/deleted`]: "gone\n", [`${name}/added`]: null, ...extra },
    renames: { [`${name}/new`]: `${name}/old` },
    parents: [git.head("main") ?? ""],
    author: sandbox.person("dev"),
  });
  await git.push("dev", branch);
  return sandbox.as("dev").openPullRequest(shop, { head: branch, title: "Whatever" });
}

describe.each<MergeMethod>(["merge", "squash", "rebase"])("a hotfix merged by %s", (method) => {
  test("is taken back by exactly its inverse, whatever it is called, and only while it is there", async () => {
    const { name, number, sha } = await mergedHotfix(method);
    const ordinary = await takeBack(name, `undo-${name}`);
    const proof = known({ number, title: `HOTFIX: ${name}`, mergeSha: sha });
    expect((await collect(ordinary.number)).snapshot.rollbackOf).toEqual(proof);
    const hotfix = await takeBack(name, `hotfix/undo-${name}`);
    expect((await collect(hotfix.number)).snapshot.rollbackOf).toEqual(proof);
    const more = await takeBack(name, `more-${name}`, { "README.md": "changed\n" });
    expect((await collect(more.number)).snapshot.rollbackOf).toEqual(known(null));

    const back = await sandbox.as("lead").merge(shop, hotfix.number, "merge");
    expect((await collect(hotfix.number)).snapshot.rollbackOf).toEqual(proof);
    expect((await collect(ordinary.number)).snapshot.rollbackOf).toEqual(known(null));
    const git = sandbox.git(shop);
    await git.revert(`again-${name}`, back.sha, { mainline: 1, author: sandbox.person("dev") });
    await git.push("dev", `again-${name}`);
    const again = await sandbox.as("dev").openPullRequest(shop, { head: `again-${name}`, title: "Again" });
    expect((await collect(again.number)).snapshot.rollbackOf).toEqual(known(null));
  });
});

test("facts of an open hotfix and of the same one merged", async () => {
  const git = sandbox.git(shop);
  const issue = await sandbox.as("dev").createIssue(shop, { title: "Pay is down" });
  const message = `HOTFIX: fix\n\nFixes: #${issue.number}\nSeverity: P1`;
  await git.commit("hotfix/facts", {
    message,
    files: { "src/pay.ts": "export const a = 7;\n" },
    parents: [git.head("main") ?? ""],
    author: sandbox.person("dev"),
  });
  await git.push("dev", "hotfix/facts");
  const dev = sandbox.as("dev");
  const { number } = await dev.openPullRequest(shop, { head: "hotfix/facts", title: "HOTFIX: fix" });
  await dev.addLabel(shop, number, "severity:P1");
  await sandbox.as("lead").review(shop, number, "APPROVED");
  const open = await collect(number);
  const head = git.head("hotfix/facts");
  expect(open.snapshot).toMatchObject({
    commits: known([{ sha: head, message }]),
    files: known([
      { path: "src/pay.ts", status: "modified", patch: expect.stringContaining("+export const a = 7;") },
    ]),
    activity: known([{ after: head, type: "branch_creation", actor: { login: "dev" } }]),
    history: known({
      labels: [{ label: "severity:P1", event: "labeled", actor: { login: "dev" }, byApp: false }],
      reviews: [{ state: "approved", commit: head, author: { login: "lead" } }],
    }),
    comparison: known({ behindBy: 0 }),
    issues: { [`acme/shop#${issue.number}`]: known({ exists: true, title: "Pay is down" }) },
    people: { lead: { access: known({ roleName: "admin" }) } },
  });
  expect(await open.siblings()).toEqual(known([]));

  await sandbox.as("lead").merge(shop, number, "merge");
  await git.deleteBranch("dev", "hotfix/facts");
  const { snapshot } = await collect(number);
  expect(snapshot.pullRequest.merged).toMatchObject({ by: { login: "lead" } });
  expect(snapshot).toMatchObject({
    commits: known([{ sha: head }]),
    files: known([{ path: "src/pay.ts" }]),
    activity: known([{ type: "branch_deletion" }, { after: head }]),
  });
});

test("two pull requests of one head, a fork's head, a moved issue", async () => {
  const git = sandbox.git(shop);
  const author = sandbox.person("dev");
  const start = git.head("main") ?? "";
  const moved = await sandbox.as("dev").createIssue(shop, { title: "Moves" });
  const message = `HOTFIX: x\n\nFixes: #${moved.number}`;
  await git.commit("hotfix/shared", { message, files: { "src/x.ts": "1\n" }, parents: [start], author });
  await git.push("dev", "hotfix/shared");
  await git.push("dev", "develop", start);
  const dev = sandbox.as("dev");
  const one = await dev.openPullRequest(shop, { head: "hotfix/shared", title: "x" });
  const two = await dev.openPullRequest(shop, { head: "hotfix/shared", title: "x", base: "develop" });
  await sandbox.createRepository("acme/other");
  sandbox.setPermission("acme/other", "lead", "admin");
  await sandbox.transferIssue(shop, moved.number, "lead", "acme/other");
  const collected = await collect(one.number);
  expect(await collected.siblings()).toMatchObject(known([{ number: two.number, author: "dev" }]));
  expect(collected.snapshot.issues[`acme/shop#${moved.number}`]).toMatchObject(
    known({ exists: true, title: "Moves" }),
  );
  expect((await collect(two.number)).snapshot.inProduction).toEqual(known(false));

  const fork = await sandbox.createFork(shop, "stranger");
  const forked = sandbox.git(fork);
  await forked.commit("hotfix/outside", {
    message,
    files: { "src/y.ts": "1\n" },
    parents: [start],
    author: sandbox.person("stranger"),
  });
  await forked.push("stranger", "hotfix/outside");
  const outside = await sandbox
    .as("stranger")
    .openPullRequest(shop, { head: "stranger:hotfix/outside", title: "HOTFIX: y" });
  const { snapshot } = await collect(outside.number);
  expect(snapshot).toMatchObject({
    pullRequest: { fork: true, head: { repository: fork } },
    activity: known(null),
    commits: known([{ message }]),
    files: known([{ path: "src/y.ts" }]),
  });
  await sandbox.deleteRepository(fork);
  expect((await collect(outside.number)).snapshot.pullRequest).toMatchObject({
    fork: true,
    head: { repository: null },
  });
  expect(sandbox.unknownRoutes).toEqual([]);
});
