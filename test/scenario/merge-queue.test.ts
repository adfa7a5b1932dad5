import { describe } from "vitest";
import { JOHN, ORDINARY, openOrdinary, REPO, type Scenario, scenario, toGreen, until } from "./support.ts";

/** A merge queue where something else is waited for as well. */
function queueWithBuild({ sandbox }: Scenario): void {
  sandbox.protect(REPO, "main", {
    requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }, { context: "build" }],
    mergeQueue: true,
  });
}

const build = ({ sandbox }: Scenario, sha: string, conclusion: string) =>
  sandbox.otherAppCheckRun(REPO, { name: "build", head_sha: sha, status: "completed", conclusion });

const groupIs = (s: Scenario, sha: string, conclusion: string) =>
  until(`the gate of a group: ${conclusion}`, async () =>
    (await s.sandbox.checkRuns(REPO, sha)).find(({ name }) => name === "hotfix-gate")?.conclusion ===
    conclusion
      ? true
      : null,
  );

const graphqls = ({ sandbox }: Scenario) =>
  sandbox.requests.filter(({ path }) => path.includes("graphql")).length;

describe.concurrent("a hotfix in the merge queue", () => {
  scenario(
    "the check says where it stands as of when, again each time the queue merges, and no more once it is out",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      queueWithBuild(s);
      const hotfix = await s.openHotfix();
      const ahead = await openOrdinary(s, ORDINARY);
      await toGreen(s, hotfix);
      expect((await s.gate(hotfix))?.title).toBe("Ready: P1");
      const first = await sandbox.enqueue(REPO, [ahead], JOHN);
      const second = await sandbox.enqueue(REPO, [hotfix], JOHN);
      const gate = await s.expectGate(hotfix, "success", /^Ready: P1, position 2 in the merge queue$/);
      expect(gate.summary).toMatch(/as of \d{4}-\d\d-\d\d \d\d:\d\d UTC: position 2, waiting for /);
      expect(gate.summary).toContain("8 min to go by GitHub's estimate");
      expect(gate.summary).toContain("Others are ahead of it");
      await groupIs(s, first, "skipped");
      await groupIs(s, second, "success");
      await build(s, first, "success");
      await s.expectGate(hotfix, "success", /position 1 in/);
      expect((await sandbox.pullRequest(REPO, ahead)).merged).toBe(true);
      await build(s, second, "failure");
      await s.expectGate(hotfix, "success", /^Ready: P1$/);
      expect((await sandbox.pullRequest(REPO, hotfix)).merged).toBe(false);
    },
  );

  scenario("one ahead of it fails: its group is built anew, and it moves up", {}, async (s, expect) => {
    const { sandbox } = s;
    queueWithBuild(s);
    const hotfix = await s.openHotfix();
    const ahead = await openOrdinary(s, ORDINARY);
    await toGreen(s, hotfix);
    const first = await sandbox.enqueue(REPO, [ahead], JOHN);
    await sandbox.enqueue(REPO, [hotfix], JOHN);
    await s.expectGate(hotfix, "success", /position 2 in/);
    await build(s, first, "failure");
    await s.expectGate(hotfix, "success", /position 1 in/);
    const anew = sandbox.git(REPO).log("main")[0]?.sha;
    const group = await until("the group built anew", async () => {
      const told = sandbox.deliveries.findLast(({ action }) => action === "checks_requested");
      const { base_sha, head_sha } = (told?.payload.merge_group ?? {}) as Record<string, string>;
      return base_sha === anew ? (head_sha ?? null) : null;
    });
    await groupIs(s, group, "success");
    await build(s, group, "success");
    expect((await sandbox.pullRequest(REPO, hotfix)).merged).toBe(true);
    expect((await sandbox.pullRequest(REPO, ahead)).merged).toBe(false);
  });

  scenario(
    "asks nothing more of a hotfix that is not in a queue, nor of an ordinary pull request in one",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      queueWithBuild(s);
      const hotfix = await s.openHotfix();
      const ordinary = await openOrdinary(s, ORDINARY);
      await toGreen(s, hotfix);
      await s.idle();
      const before = graphqls(s);
      const sha = await sandbox.enqueue(REPO, [ordinary], JOHN);
      await groupIs(s, sha, "skipped");
      await s.idle();
      expect(graphqls(s)).toBe(before);
    },
  );

  scenario("does not fail where GitHub does not tell its place", {}, async (s, expect) => {
    const { sandbox } = s;
    queueWithBuild(s);
    const hotfix = await s.openHotfix();
    await toGreen(s, hotfix);
    await s.idle();
    sandbox.knobs.fail({ method: "POST", path: /graphql/ }, { status: 502 });
    const sha = await sandbox.enqueue(REPO, [hotfix], JOHN);
    await s.expectGate(hotfix, "success", /^Ready: P1, in the merge queue$/);
    await groupIs(s, sha, "success");
    expect((await s.gate(hotfix))?.summary).toContain("its position could not be read");
  });
});
