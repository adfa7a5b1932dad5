import { describe } from "vitest";
import { bodyWith, botComments, merged, said } from "./after-life-support.ts";
import { REPO, type Scenario, scenario } from "./support.ts";

const told = async (s: Scenario, issue: number) =>
  (await botComments(s, issue)).filter((body) => body.includes("hotfix-guard:ci-failed"));

async function check(s: Scenario, name: string, conclusion: string): Promise<void> {
  const head_sha = s.sandbox.git(REPO).head("main") ?? "";
  await s.sandbox.otherAppCheckRun(REPO, { name, head_sha, status: "completed", conclusion });
}

describe.concurrent("CI on the commit that landed", () => {
  scenario(
    "that fails is in the post-mortem's timeline, and its people are told, once; what passes after all is noted",
    {},
    async (s, expect) => {
      const { issue } = await merged(s);
      s.later(60);
      await check(s, "build", "success");
      await s.idle();
      expect(await told(s, issue)).toEqual([]);
      await check(s, "test (20)", "failure");
      const text = await said(s, issue, "CI failed after the merge");
      expect(text).toContain("`test (20)`");
      expect(text).toContain("@john-smith");
      await bodyWith(s, issue, "CI failed on the commit that landed: `test (20)`");
      s.later(60);
      await check(s, "lint", "timed_out");
      await bodyWith(s, issue, "CI failed on the commit that landed: `lint`");
      s.later(60);
      await check(s, "test (20)", "success");
      await bodyWith(s, issue, "CI passed after all: `test (20)`");
      await s.restartServer();
      await s.sweep();
      await s.idle();
      expect(await told(s, issue)).toHaveLength(1);
    },
  );

  scenario("whose events are lost is found by the sweep", {}, async (s, expect) => {
    const { issue } = await merged(s);
    s.sandbox.setWebhookUrl(undefined);
    s.later(60);
    await check(s, "test", "failure");
    s.later(16 * 60);
    await s.restartServer();
    await s.sweep();
    expect(await said(s, issue, "CI failed after the merge")).toContain("`test`");
  });

  scenario("on any other commit costs no request", {}, async (s, expect) => {
    const { issue } = await merged(s);
    const git = s.sandbox.git(REPO);
    const sha = await git.commit("other", { message: "Other work", files: { "x.txt": "x" } });
    await git.push("john-smith", "other", sha);
    await s.idle();
    s.sandbox.resetRequests();
    await s.sandbox.otherAppCheckRun(REPO, {
      name: "test",
      head_sha: sha,
      status: "completed",
      conclusion: "failure",
    });
    await s.idle();
    expect(s.sandbox.requests.map(({ path }) => path)).toEqual([]);
    expect(await told(s, issue)).toEqual([]);
  });
});
