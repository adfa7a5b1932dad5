import { createServer } from "node:http";
import { createNodeMiddleware, Probot, ProbotOctokit } from "probot";
import { afterEach, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { pullRequest, repo, shop, world } from "./helpers.ts";

const open: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const close of open.splice(0)) await close();
});

async function start(options: Parameters<typeof world>[0] = {}) {
  const made = await world(options);
  open.push(() => made.sandbox.close());
  return made;
}

const credentials = (sandbox: Sandbox) => ({
  appId: sandbox.app.id,
  privateKey: sandbox.app.privateKey,
  installationId: sandbox.installationId,
});

it("carries a real Probot app: webhook in, check run out", async () => {
  const { sandbox } = await start();
  const probot = new Probot({
    appId: sandbox.app.id,
    privateKey: sandbox.app.privateKey,
    secret: sandbox.app.webhookSecret,
    baseUrl: `${sandbox.url}/api/v3`,
    logLevel: "fatal",
  });
  const middleware = await createNodeMiddleware(
    (app) => {
      app.on("pull_request.opened", async (context) => {
        const { sha } = context.payload.pull_request.head;
        await context.octokit.rest.checks.create({
          ...context.repo(),
          name: "gate",
          head_sha: sha,
          conclusion: "success",
        });
      });
    },
    { probot, webhooksPath: "/hooks" },
  );
  const server = createServer((request, response) => void middleware(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  open.push(() => new Promise((done) => server.close(done)));
  const address = server.address();
  sandbox.setWebhookUrl(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/hooks`);
  const { sha } = await pullRequest(sandbox);
  await sandbox.settle();
  expect(
    sandbox.deliveries.filter(({ payload, statusCode }) => payload.action === "opened" && statusCode === 200)
      .length,
  ).toBe(1);
  expect((await sandbox.checkRuns(shop, sha)).map(({ name, conclusion }) => [name, conclusion])).toEqual([
    ["gate", "success"],
  ]);
  expect(sandbox.unknownRoutes).toEqual([]);
});

it("is reached by an app whose clock is two hours behind the server's", async () => {
  const { sandbox } = await start({ clock: () => new Date(Date.now() + 7_200_000) });
  const octokit = new ProbotOctokit({
    baseUrl: `${sandbox.url}/api/v3`,
    auth: credentials(sandbox),
    log: { debug() {}, info() {}, warn() {}, error() {} },
  } as unknown as ConstructorParameters<typeof ProbotOctokit>[0]);
  const { data } = await octokit.request("GET /repos/{owner}/{repo}", repo);
  expect(data.full_name).toBe(shop);
  expect(sandbox.requests.filter(({ status }) => status === 401).length).toBeGreaterThan(0);
});

it("keeps GitHub's caps on commits and files", async () => {
  const { sandbox, app, git, dev } = await start();
  const files: Record<string, string> = {};
  for (let index = 0; index < 3_010; index++) files[`many/${index}.txt`] = `${index}\n`;
  await git.commit("big", { message: "Many", files });
  let sha = "";
  for (let index = 0; index < 260; index++)
    sha = await git.commit("big", { message: `Commit ${index}`, files: { "n.txt": `${index}\n` } });
  await git.push("dev", "big");
  const { number } = await dev.openPullRequest(shop, { head: "big", title: "Big" });
  const pull = await sandbox.pullRequest(shop, number);
  expect([pull.commits, pull.changed_files]).toEqual([261, 3011]);
  const commits = await app.paginate(app.pulls.listCommits, { ...repo, pull_number: number, per_page: 100 });
  expect([commits.length, commits[0]?.commit.message]).toEqual([250, "Many"]);
  expect(
    (await app.paginate(app.pulls.listFiles, { ...repo, pull_number: number, per_page: 100 })).length,
  ).toBe(3000);
  const { data } = await app.repos.compareCommitsWithBasehead({ ...repo, basehead: "main...big" });
  expect([data.commits.length, data.commits.at(-1)?.sha, data.total_commits, data.files?.length]).toEqual([
    250,
    sha,
    261,
    300,
  ]);
  const second = await app.repos.compareCommitsWithBasehead({
    ...repo,
    basehead: "main...big",
    per_page: 100,
    page: 3,
  });
  expect([second.data.commits.length, second.data.files?.length]).toEqual([61, 0]);
}, 90_000);

it("does changes one at a time, so that the same thing asked twice at once is done once", async () => {
  const { sandbox, dev } = await start();
  const { pull } = await pullRequest(sandbox);
  const results = await Promise.allSettled([1, 2, 3].map(() => dev.merge(shop, pull.number)));
  expect(results.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected", "rejected"]);
  expect(sandbox.git(shop).log("main").length).toBe(3);
});
