import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../../src/config/index.ts";
import type { GitHubClient } from "../../../../src/github/api/client.ts";
import { readGateAt } from "../../../../src/github/collect/check/at.ts";
import { encodeRecord } from "../../../../src/github/collect/check/record-text.ts";
import { readBackMerges } from "../../../../src/github/collect/landing/back-merges.ts";
import type { LandedHotfix } from "../../../../src/github/collect/landing/effect.ts";
import { readLanded } from "../../../../src/github/collect/landing/landed.ts";
import { readRolledBack } from "../../../../src/github/collect/landing/rolled-back.ts";
import { REQUIRED_FIELDS } from "../../../../src/policy/commit-message/fields.ts";
import { known } from "../../../../src/policy/fact.ts";
import type { MergeMethod, Sandbox } from "../../../../src/sandbox/index.ts";
import { repo, shop, world } from "../../../sandbox/helpers.ts";
import { clientOn } from "./client.ts";

/** Against real git repositories: what merges, reverts and cherry-picks really make of trees. */

let sandbox: Sandbox;
let client: GitHubClient;
let ahead = 0;

beforeAll(async () => {
  const clock = () => new Date(Date.now() + ahead);
  ({ sandbox } = await world({ clock }));
  client = await clientOn(sandbox, clock);
});
afterAll(() => sandbox.close());

const FIELDS = `Fixes: #1
Severity: P1
Impact: Orders fail
Root Cause: Wrong encoding
Solution: Right encoding
Tested: Locally
Approved-By: pending
Deployed-By: Dev Eloper`;

let serial = 0;
const later = () => {
  ahead += 2_000;
};

async function pushed(files: Record<string, string | null>, message: string, branch = "main") {
  const git = sandbox.git(shop);
  await git.commit(branch, { message, files, author: sandbox.person("dev") });
  later();
  return git.push("dev", branch);
}

/** A hotfix of two commits on a file of its own, merged. */
async function mergedHotfix(method: MergeMethod, message?: { title?: string; message?: string }) {
  const name = `case-${++serial}`;
  const file = `${name}/pay.py`;
  await pushed({ [file]: "top\n\n\n\n\n\n\n\nbroken\n" }, "Seed");
  const git = sandbox.git(shop);
  const branch = `hotfix/${name}`;
  const author = sandbox.person("dev");
  const parents = [git.head("main") ?? ""];
  await git.commit(branch, { message: "Add a test", files: { [`${name}/test.py`]: "t\n" }, parents, author });
  await git.commit(branch, {
    message: `HOTFIX: Fix ${name}\n\n${FIELDS}`,
    files: { [file]: "top\n\n\n\n\n\n\n\nmended\n" },
    author,
  });
  const head = await git.push("dev", branch);
  const pull = await sandbox.as("dev").openPullRequest(shop, { head: branch, title: `HOTFIX: Fix ${name}` });
  later();
  const { sha } = await sandbox.as("lead").merge(shop, pull.number, method, message);
  const { merged_at } = await sandbox.pullRequest(shop, pull.number);
  const hotfix: LandedHotfix = {
    number: pull.number,
    title: pull.title,
    mergeSha: sha,
    mergedAt: merged_at as string,
  };
  return { name, file, head, hotfix };
}

const METHODS: MergeMethod[] = ["merge", "squash", "rebase"];

describe("the message that landed", () => {
  test.each(METHODS)("of a %s is complete", async (method) => {
    const { hotfix } = await mergedHotfix(method);
    expect(await readLanded(client, repo, hotfix, defaultPolicy())).toEqual(known([]));
  });
  test("of a squash whose message was emptied lacks everything", async () => {
    const { hotfix } = await mergedHotfix("squash", { title: "HOTFIX: Fix it", message: "" });
    expect(await readLanded(client, repo, hotfix, defaultPolicy())).toEqual(known(REQUIRED_FIELDS));
  });
  test("of a push lacks what its commits lack", async () => {
    const before = sandbox.git(shop).head("main") ?? "";
    const mergeSha = await pushed({ straight: "x\n" }, "HOTFIX: Straight\n\nFixes: #1\nSeverity: P0");
    const hotfix = { number: null, title: "", mergeSha, mergedAt: new Date().toISOString(), before };
    expect(await readLanded(client, repo, hotfix, defaultPolicy())).toEqual(
      known(REQUIRED_FIELDS.filter((field) => field !== "Fixes" && field !== "Severity")),
    );
  });
});

describe("rolled back", () => {
  const rolledBack = (hotfix: LandedHotfix) => readRolledBack(client, repo, hotfix, "main");

  test.each(METHODS)("by a pushed revert of a %s, and the revert of it", async (method) => {
    const { name, file, hotfix } = await mergedHotfix(method);
    expect(await rolledBack(hotfix)).toEqual(known(null));
    await pushed({ [`other-${serial}`]: "unrelated\n" }, "Other work");
    expect(await rolledBack(hotfix)).toEqual(known(null));

    const revert = await pushed(
      { [file]: "top\n\n\n\n\n\n\n\nbroken\n", [`${name}/test.py`]: null },
      `Revert "HOTFIX: Fix ${name}"`,
    );
    const at = sandbox.activity(shop, "main")[0]?.timestamp;
    const mark = known({ at, by: "dev", detail: revert });
    expect(await rolledBack(hotfix)).toEqual(mark);
    await pushed({ [`more-${serial}`]: "unrelated\n" }, "Other work");
    expect(await rolledBack(hotfix)).toEqual(mark);
    // Later work on its files: what was certain still holds.
    await pushed({ [file]: "top\n\n\n\n\n\n\n\nsomething else\n" }, "Another way");
    expect(await rolledBack(hotfix)).toEqual(mark);
    await pushed(
      { [file]: "top\n\n\n\n\n\n\n\nmended\n", [`${name}/test.py`]: "t\n" },
      `Revert "Revert "HOTFIX: Fix ${name}""`,
    );
    expect(await rolledBack(hotfix)).toEqual(known(null));
    await pushed({ [file]: "top\n\n\n\n\n\n\n\nbetter\n" }, "A better fix");
    expect(await rolledBack(hotfix)).toEqual(known(null));
  });

  test.each(METHODS)("by a pull request, merged by %s", async (method) => {
    const { name, file, hotfix } = await mergedHotfix("merge");
    const git = sandbox.git(shop);
    const branch = `revert-${name}`;
    await git.commit(branch, {
      message: `Revert ${name}`,
      files: { [file]: "top\n\n\n\n\n\n\n\nbroken\n", [`${name}/test.py`]: null },
      parents: [git.head("main") ?? ""],
      author: sandbox.person("dev"),
    });
    await git.push("dev", branch);
    const pull = await sandbox.as("dev").openPullRequest(shop, { head: branch, title: "Take it back" });
    later();
    await sandbox.as("lead").merge(shop, pull.number, method);
    const at = sandbox.activity(shop, "main")[0]?.timestamp;
    expect(await rolledBack(hotfix)).toEqual(known({ at, by: "lead", detail: `#${pull.number}` }));
  });

  test("half of it is no rollback", async () => {
    const { file, hotfix } = await mergedHotfix("squash");
    await pushed({ [file]: "top\n\n\n\n\n\n\n\nbroken\n" }, "Revert half");
    expect(await rolledBack(hotfix)).toEqual(known(null));
  });

  test("of a hotfix that was pushed", async () => {
    await pushed({ pushed: "one\n" }, "Seed");
    const before = sandbox.git(shop).head("main") ?? "";
    const mergeSha = await pushed({ pushed: "two\n" }, "HOTFIX: Pushed");
    const mergedAt = sandbox.activity(shop, "main")[0]?.timestamp ?? "";
    const hotfix = { number: null, title: "", mergeSha, mergedAt, before };
    expect(await rolledBack(hotfix)).toEqual(known(null));
    const revert = await pushed({ pushed: "one\n" }, "Revert");
    expect(await rolledBack(hotfix)).toMatchObject({ value: { by: "dev", detail: revert } });
  });

  test("a failure is not a no", async () => {
    const { hotfix } = await mergedHotfix("squash");
    const off = sandbox.knobs.fail({ path: /\/branches\/main$/ }, { status: 403 });
    expect(await rolledBack(hotfix)).toMatchObject({ known: false });
    off();
  });
});

describe("back on other branches", () => {
  const POLICY = defaultPolicy();
  const on = (hotfix: LandedHotfix, ...branches: string[]) =>
    readBackMerges(
      client,
      repo,
      { hotfix, base: "main" },
      { ...POLICY, branches: { ...POLICY.branches, back_merge: branches } },
    );

  test("by a merge, by a cherry-pick among other work, or not yet; a branch that is not there is left out", async () => {
    const git = sandbox.git(shop);
    const start = git.head("main") ?? "";
    const { name, file, hotfix } = await mergedHotfix("merge");
    const before = (await git.log(hotfix.mergeSha))[0]?.parents[0] as string;
    await git.push("dev", `merged-${name}`, start);
    await git.push("dev", `picked-${name}`, before);
    await git.push("dev", `without-${name}`, before);
    await pushed({ [file]: "new top\n\n\n\n\n\n\n\nbroken\n" }, "Other work", `picked-${name}`);
    await pushed({ [file]: "new top\n\n\n\n\n\n\n\nbroken\n" }, "Other work", `without-${name}`);
    const branches = [`merged-${name}`, `picked-${name}`, `without-${name}`, "never"];
    expect(await on(hotfix, ...branches)).toEqual({
      [`merged-${name}`]: known(false),
      [`picked-${name}`]: known(false),
      [`without-${name}`]: known(false),
    });
    await git.mergeNoFf("dev", `merged-${name}`, "main");
    await pushed(
      { [file]: "new top\n\n\n\n\n\n\n\nmended\n", [`${name}/test.py`]: "t\n" },
      "HOTFIX: Fix it\n\n(cherry picked)",
      `picked-${name}`,
    );
    await pushed({ [file]: "newer top\n\n\n\n\n\n\n\nmended\n" }, "Go on", `picked-${name}`);
    expect(await on(hotfix, ...branches)).toEqual({
      [`merged-${name}`]: known(true),
      [`picked-${name}`]: known(true),
      [`without-${name}`]: known(false),
    });
  });
});

describe("the gate at the merge", () => {
  const run = (head: string, body: object) =>
    sandbox.asApp().request("POST", `/repos/${shop}/check-runs`, {
      name: "hotfix-gate",
      head_sha: head,
      output: { title: "t", summary: "s" },
      ...body,
    });

  test.each([
    ["none", [], null],
    ["green", [{ conclusion: "success" }], "success"],
    ["red", [{ conclusion: "failure" }], "failure"],
    ["running", [{ status: "in_progress" }], "in_progress"],
    ["green, then cancelled", [{ conclusion: "success" }, { conclusion: "cancelled" }], "cancelled"],
  ])("%s", async (_, bodies, expected) => {
    const { head } = await mergedHotfix("merge");
    for (const body of bodies) await run(head, body);
    later();
    const merge = new Date(Date.now() + ahead).toISOString();
    later();
    await run(head, { conclusion: expected === "success" ? "failure" : "success" });
    expect(await readGateAt(client, repo, head, merge)).toEqual(known(expected));
  });

  test("that turned green after it does not count", async () => {
    const { head } = await mergedHotfix("merge");
    const { id } = (await run(head, { conclusion: "action_required" })) as { id: number };
    const merge = new Date(Date.now() + ahead).toISOString();
    later();
    await sandbox.asApp().request("PATCH", `/repos/${shop}/check-runs/${id}`, { conclusion: "success" });
    expect(await readGateAt(client, repo, head, merge)).toEqual(known("in_progress"));
  });

  test("that was written over is told by its record", async () => {
    const { head } = await mergedHotfix("merge");
    const { id, completed_at } = (await run(head, { conclusion: "failure" })) as {
      id: number;
      completed_at: string;
    };
    const merge = new Date(Date.now() + ahead).toISOString();
    later();
    const record = { arrivals: [], said: [{ conclusion: "failure", at: completed_at }] };
    const text = `<!-- hotfix-guard:record ${encodeRecord(record)} -->`;
    await sandbox.asApp().request("PATCH", `/repos/${shop}/check-runs/${id}`, {
      conclusion: "success",
      output: { title: "t", summary: "s", text },
    });
    expect(await readGateAt(client, repo, head, merge)).toEqual(known("failure"));
    later();
    const now = new Date(Date.now() + ahead).toISOString();
    expect(await readGateAt(client, repo, head, now)).toEqual(known("success"));
  });

  test("another app's run of the same name is none", async () => {
    const { head } = await mergedHotfix("merge");
    await sandbox.otherAppCheckRun(shop, { name: "hotfix-gate", head_sha: head, conclusion: "success" });
    later();
    const merge = new Date(Date.now() + ahead).toISOString();
    expect(await readGateAt(client, repo, head, merge)).toEqual(known(null));
  });
});
