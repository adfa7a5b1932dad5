import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../../src/config/index.ts";
import type { GitHubClient } from "../../../../src/github/api/client.ts";
import { branchActivity } from "../../../../src/github/collect/git/activity.ts";
import { readPush } from "../../../../src/github/collect/landing/pushed.ts";
import type { Sandbox } from "../../../../src/sandbox/index.ts";
import { repo, shop, world } from "../../../sandbox/helpers.ts";
import { clientOn } from "./client.ts";

/** Pushes to `main` of real git repositories, by their newest entry in the activity. */

let sandbox: Sandbox;
let client: GitHubClient;
let ahead = 0;
let serial = 0;

beforeAll(async () => {
  const clock = () => new Date(Date.now() + ahead);
  ({ sandbox } = await world({ clock }));
  client = await clientOn(sandbox, clock);
});
afterAll(() => sandbox.close());

/** Commits on a branch, from main where there is none. */
async function commit(branch: string, message: string, files?: Record<string, string>) {
  ahead += 2_000;
  const git = sandbox.git(shop);
  const start = git.head(branch) ?? git.head("main") ?? "";
  return git.commit(branch, {
    message,
    files: files ?? { [`file-${++serial}`]: `${serial}\n` },
    author: sandbox.person("dev"),
    parents: [start],
  });
}

async function readNewest(open: { number: number; headSha: string }[] = [], branch = "main") {
  const [push] = (await branchActivity(client, repo, branch)) ?? [];
  if (push === undefined) throw new Error("no push");
  const fact = await readPush(
    client,
    repo,
    { branch, before: push.before, after: push.after, at: push.at, by: push.actor },
    { policy: defaultPolicy(), defaultBranch: "main", open, earlier: [], forced: push.type === "force_push" },
  );
  if (!fact.known) throw new Error(fact.reason);
  const { hotfix, pullRequests, merging } = fact.value;
  return {
    titles: hotfix?.commits.map(({ message }) => message.trim()),
    pullRequests,
    merging,
    branch: hotfix?.branch,
  };
}

describe("a push of", () => {
  test("a hotfix branch, fast-forward, whatever its titles", async () => {
    const sha = await commit("hotfix/forward", "Fix it");
    const git = sandbox.git(shop);
    await git.push("dev", "hotfix/forward");
    ahead += 2_000;
    await git.push("dev", "main", sha);
    expect(await readNewest()).toMatchObject({ titles: ["Fix it"], branch: "hotfix/forward" });
  });

  test("other work from whose tip a hotfix branch was made later", async () => {
    await commit("main", "Other work");
    const sha = await sandbox.git(shop).push("dev", "main");
    ahead += 2_000;
    await sandbox.git(shop).push("dev", "hotfix/next", sha);
    expect(await readNewest()).toMatchObject({ titles: undefined, pullRequests: [] });
  });

  test("what GitHub is about to mark as merged", async () => {
    const headSha = await commit("main", "HOTFIX: Fix it");
    await sandbox.git(shop).push("dev", "main");
    expect(await readNewest([{ number: 7, headSha }])).toMatchObject({ merging: [7] });
  });

  test("more than the pull request had", async () => {
    const git = sandbox.git(shop);
    await commit("hotfix/more", "HOTFIX: First");
    await git.push("dev", "hotfix/more");
    const pull = await sandbox
      .as("dev")
      .openPullRequest(shop, { head: "hotfix/more", title: "HOTFIX: First" });
    ahead += 2_000;
    await sandbox.as("lead").merge(shop, pull.number);
    expect(await readNewest()).toMatchObject({ titles: undefined, pullRequests: [pull.number] });
    const second = await commit("hotfix/more", "HOTFIX: Second");
    await git.push("dev", "hotfix/more", second);
    await git.mergeNoFf("dev", "main", "hotfix/more");
    expect(await readNewest()).toMatchObject({ titles: ["HOTFIX: Second", "Merge branch 'hotfix/more'"] });
  });

  test("what the default branch has already is told of there", async () => {
    const git = sandbox.git(shop);
    await git.push("dev", "release/1", git.head("main") ?? "");
    await commit("main", "HOTFIX: Fix it");
    await git.push("dev", "main");
    expect(await readNewest()).toMatchObject({ titles: ["HOTFIX: Fix it"] });
    await git.mergeNoFf("dev", "release/1", "main");
    expect(await readNewest([], "release/1")).toMatchObject({ titles: undefined });
    await commit("release/1", "HOTFIX: Only here");
    await git.push("dev", "release/1");
    expect(await readNewest([], "release/1")).toMatchObject({ titles: ["HOTFIX: Only here"] });
  });

  test("a history that is written anew, with a hotfix that was there before", async () => {
    const git = sandbox.git(shop);
    const start = git.head("main") ?? "";
    await commit("main", "Oops");
    await git.push("dev", "main");
    await commit("main", "HOTFIX: There before");
    await git.push("dev", "main");
    const anew = await git.commit("main", {
      message: "HOTFIX: There before",
      files: { anew: "1\n" },
      author: sandbox.person("dev"),
      parents: [start],
    });
    ahead += 2_000;
    await git.push("dev", "main", anew, { force: true });
    expect(await readNewest()).toMatchObject({ titles: undefined });
  });
});
