import { execFileSync } from "node:child_process";
import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../../src/sandbox/index.ts";
import { client, installationToken, jwt, pullRequest, receiver, repo, shop, world } from "./helpers.ts";

let sandbox: Sandbox;
let app: Awaited<ReturnType<typeof world>>["app"];
let git: Awaited<ReturnType<typeof world>>["git"];

beforeEach(async () => {
  ({ sandbox, app, git } = await world());
});
afterEach(() => sandbox.close());

const status = (promise: Promise<unknown>) =>
  promise.then(
    () => "no error",
    (error: { status?: number }) => error.status,
  );

describe("credentials", () => {
  it("takes a JWT with the id as number or string", async () => {
    const { data } = await client(
      sandbox,
      jwt(sandbox, { iss: String(sandbox.app.id) }),
    ).apps.getAuthenticated();
    expect(data?.id).toBe(sandbox.app.id);
  });

  it("refuses a foreign key, an expired JWT, one that lasts too long, and no JWT at all", async () => {
    const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const foreign = privateKey.export({ type: "pkcs1", format: "pem" }) as string;
    for (const changes of [
      { key: foreign },
      { lifetime: -1 },
      { lifetime: 700 },
      { now: Math.floor(Date.now() / 1000) + 100 },
    ])
      expect(await status(client(sandbox, jwt(sandbox, changes)).apps.getAuthenticated())).toBe(401);
    expect(await status(client(sandbox, "nonsense").repos.get(repo))).toBe(401);
  });

  it("expires installation tokens after an hour of the server's clock", async () => {
    let now = Date.now();
    const other = await world({ clock: () => new Date(now) });
    try {
      expect(await status(other.app.repos.get(repo))).toBe("no error");
      now += 3_600_000;
      expect(await status(other.app.repos.get(repo))).toBe(401);
    } finally {
      await other.sandbox.close();
    }
  });

  it("hides private repositories from strangers, and merge settings from readers", async () => {
    await sandbox.createRepository("acme/secret", { private: true });
    const secret = { owner: "acme", repo: "secret" };
    expect(await status(app.repos.get(secret))).toBe("no error");
    expect(await status(client(sandbox, sandbox.as("stranger").token).repos.get(secret))).toBe(404);
    expect((await app.repos.get(repo)).data.allow_squash_merge).toBeUndefined();
    expect((await client(sandbox, sandbox.as("dev").token).repos.get(repo)).data.allow_squash_merge).toBe(
      true,
    );
  });

  it("refuses what the app has no permission for", async () => {
    expect(await status(app.repos.getBranchProtection({ ...repo, branch: "main" }))).toBe(403);
    expect(
      await status(app.repos.createCommitStatus({ ...repo, sha: git.head("main") ?? "", state: "success" })),
    ).toBe(403);
  });
});

describe("HTTP", () => {
  it("answers 304 for its own ETag with the same token only, without counting it", async () => {
    const first = await app.repos.get(repo);
    const headers = { "if-none-match": first.headers.etag as string };
    expect(await status(app.repos.get({ ...repo, headers }))).toBe(304);
    const other = client(sandbox, await installationToken(sandbox));
    expect(await status(other.repos.get({ ...repo, headers }))).toBe("no error");
    const after = await app.repos.get(repo);
    expect(Number(after.headers["x-ratelimit-used"])).toBe(Number(first.headers["x-ratelimit-used"]) + 1);
    expect(sandbox.requests.find((one) => one.status === 304)).toMatchObject({
      status: 304,
      ifNoneMatch: first.headers.etag,
      installationToken: true,
    });
  });

  it("pages, with links that octokit can follow", async () => {
    for (let index = 0; index < 5; index++)
      await sandbox.as("dev").createIssue(shop, { title: `Issue ${index}` });
    const issues = await app.paginate(app.issues.listForRepo, { ...repo, per_page: 2 });
    expect(issues.map(({ title }) => title)).toEqual(["Issue 4", "Issue 3", "Issue 2", "Issue 1", "Issue 0"]);
    expect(sandbox.requests.filter(({ path }) => path.includes("/issues?")).length).toBe(3);
  });

  it("notes routes that it does not model", async () => {
    expect(await status(app.request("GET /repos/{owner}/{repo}/nonsense", repo))).toBe(404);
    expect(sandbox.unknownRoutes).toEqual(["GET /repos/acme/shop/nonsense"]);
  });

  it("fails on demand: instead of the thing, after it, cut in half, and never", async () => {
    const create = () => app.issues.create({ ...repo, title: "Once" });
    const off = sandbox.knobs.fail({ method: "POST", path: /\/issues$/ }, { status: 502 });
    expect(await status(create())).toBe(502);
    expect((await sandbox.issues(shop)).length).toBe(0);
    off();
    sandbox.knobs.fail({ method: "POST", path: /\/issues$/ }, { status: 502, times: 1, afterCommit: true });
    expect(await status(create())).toBe(502);
    expect((await sandbox.issues(shop)).length).toBe(1);
    expect(await status(create())).toBe("no error");
    sandbox.knobs.fail({ path: /shop$/ }, { truncate: true, times: 1 });
    const cut = await fetch(`${sandbox.url}/repos/acme/shop`);
    await expect(cut.json()).rejects.toThrow();
    sandbox.knobs.fail({ path: /shop$/ }, { hang: true, times: 1 });
    await expect(
      fetch(`${sandbox.url}/repos/acme/shop`, { signal: AbortSignal.timeout(100) }),
    ).rejects.toThrow();
  });
});

describe("webhooks", () => {
  it("are signed, complete, and only those that the app listens to", async () => {
    const hook = await receiver(sandbox.app.webhookSecret);
    sandbox.setWebhookUrl(hook.url);
    const { pull } = await pullRequest(sandbox);
    await sandbox.settle();
    await hook.close();
    expect(hook.received.map(({ event, payload }) => `${event}.${payload.action ?? ""}`).sort()).toEqual([
      "check_suite.requested",
      "pull_request.opened",
      "push.",
    ]);
    const opened = hook.received.find(({ event }) => event === "pull_request");
    expect(opened?.payload).toMatchObject({
      number: pull.number,
      pull_request: { head: { ref: "hotfix/pay", repo: { full_name: shop } }, changed_files: 1 },
      repository: { full_name: shop },
      organization: { login: "acme" },
      sender: { login: "dev" },
      installation: { id: sandbox.installationId },
    });
    expect(sandbox.deliveries.filter((one) => one.statusCode === 200).length).toBe(3);
  });

  it("are never sent again by themselves, but on request with the same GUID", async () => {
    let code = 500;
    const hook = await receiver(sandbox.app.webhookSecret, () => code);
    sandbox.setWebhookUrl(hook.url);
    await sandbox.as("dev").createIssue(shop, { title: "Down" });
    await sandbox.settle();
    expect(hook.received.length).toBe(1);
    code = 200;
    const own = client(sandbox, jwt(sandbox));
    const { data } = await own.apps.listWebhookDeliveries();
    expect(data[0]).toMatchObject({ event: "issues", action: "opened", status_code: 500, redelivery: false });
    await own.request("POST /app/hook/deliveries/{id}/attempts", { id: data[0]?.id ?? 0 });
    await sandbox.settle();
    await hook.close();
    expect(hook.received.map(({ guid }) => guid)).toEqual([data[0]?.guid, data[0]?.guid]);
    expect((await own.apps.listWebhookDeliveries()).data[0]).toMatchObject({
      status_code: 200,
      redelivery: true,
    });
  });

  it("fail while the app is down, and are listed as failed; what was before the app is not", async () => {
    const hook = await receiver(sandbox.app.webhookSecret);
    await sandbox.as("dev").createIssue(shop, { title: "Never heard of" });
    sandbox.setWebhookUrl(hook.url);
    await sandbox.as("dev").createIssue(shop, { title: "Heard" });
    await sandbox.settle();
    sandbox.setWebhookUrl(undefined);
    await sandbox.as("dev").createIssue(shop, { title: "Missed" });
    await sandbox.settle();
    const own = client(sandbox, jwt(sandbox));
    const { data } = await own.apps.listWebhookDeliveries();
    expect(data.map(({ status_code }) => status_code)).toEqual([0, 200]);
    sandbox.setWebhookUrl(hook.url);
    await sandbox.redeliver(data[0]?.guid ?? "");
    await hook.close();
    expect(hook.received.map(({ payload }) => (payload.issue as { title: string }).title)).toEqual([
      "Heard",
      "Missed",
    ]);
  });

  it("can be lost, doubled and reordered", async () => {
    const hook = await receiver(sandbox.app.webhookSecret);
    sandbox.setWebhookUrl(hook.url);
    sandbox.knobs.deliveries.drop = ({ event }) => event === "label";
    sandbox.knobs.deliveries.reorder = 10;
    sandbox.knobs.deliveries.double = ({ action }) => action === "closed";
    const { number } = await sandbox.as("dev").createIssue(shop, { title: "One", labels: ["new-label"] });
    await sandbox.as("dev").closeIssue(shop, number);
    await sandbox.settle();
    await hook.close();
    expect(hook.received.map(({ payload }) => payload.action)).toEqual([
      "closed",
      "closed",
      "labeled",
      "opened",
    ]);
    expect(sandbox.deliveries.at(-1)?.guid).toBe(hook.received[0]?.guid);
  });
});

describe("git", () => {
  it("is a real repository that git itself finds sound, and is gone after close", async () => {
    await git.commit("topic", {
      message: "Many kinds",
      files: { "run.sh": "#!/bin/sh\n", link: "README.md", "deep/er/file.txt": "x", "src/pay.ts": null },
      modes: { "run.sh": "exec", link: "symlink" },
    });
    await git.push("dev", "topic");
    const run = (...args: string[]) =>
      execFileSync("git", ["--git-dir", git.dir, ...args], { encoding: "utf8" });
    run("fsck", "--strict");
    expect(run("ls-tree", "-r", "--format=%(objectmode) %(path)", "topic").trim().split("\n")).toEqual([
      "100644 README.md",
      "100644 deep/er/file.txt",
      "120000 link",
      "100755 run.sh",
    ]);
    await sandbox.close();
    expect(existsSync(git.dir)).toBe(false);
    ({ sandbox, app, git } = await world());
  });

  it("starts quickly", async () => {
    const started = performance.now();
    const other = await world();
    const took = performance.now() - started;
    await other.sandbox.close();
    expect(took).toBeLessThan(1000);
  });
});
