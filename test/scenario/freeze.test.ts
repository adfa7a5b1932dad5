import { describe } from "vitest";
import { CONFIG } from "../../src/demo/kamiyo.ts";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  JANE,
  JOHN,
  ORDINARY,
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  until,
} from "./support.ts";

const FREEZES = { config: `${CONFIG}freeze: { severities: [P1] }\n` };
const STRANGER = "eve-newcomer";

/** Opened before the hotfix, with a check that passes. */
async function openBefore(s: Scenario): Promise<number> {
  const number = await openOrdinary(s);
  await s.expectGate(number, "skipped");
  return number;
}

const setState = ({ sandbox }: Scenario, number: number, state: "open" | "closed") =>
  sandbox.as(JOHN).editPullRequest(REPO, number, { state });

const frozenFor = (number: number) => new RegExp(`^Frozen for #${number} until it is merged or closed$`);

describe.concurrent("a freeze", () => {
  scenario(
    "holds up ordinary pull requests to the base until the hotfix is merged",
    FREEZES,
    async (s, expect) => {
      const { sandbox } = s;
      const before = await openBefore(s);
      const hotfix = await s.openHotfix();
      const gate = await s.expectGate(before, null, frozenFor(hotfix));
      expect(gate.summary).toContain("/hotfix unfreeze <reason>");
      expect(gate.summary).toContain("engineering-manager");
      await expect(sandbox.as(JOHN).merge(REPO, before)).rejects.toThrow();
      const after = await openOrdinary(s, { branch: "feature/two", files: { "src/two.py": "C = 1\n" } });
      await s.expectGate(after, null, frozenFor(hotfix));
      await toGreen(s, hotfix);
      expect((await s.gate(hotfix))?.summary).toContain("ordinary pull requests to");
      await sandbox.as(JOHN).merge(REPO, hotfix);
      for (const number of [before, after]) await s.expectGate(number, "skipped");
      await s.idle();
      for (const number of [before, after]) expect(await sandbox.comments(REPO, number)).toEqual([]);
      await sandbox.as(JOHN).merge(REPO, before);
    },
  );

  scenario("ends where the hotfix is closed, and begins again where it is reopened", FREEZES, async (s) => {
    const ordinary = await openBefore(s);
    const hotfix = await s.openHotfix();
    await s.expectGate(ordinary, null, frozenFor(hotfix));
    await setState(s, hotfix, "closed");
    await s.expectGate(ordinary, "skipped");
    await setState(s, hotfix, "open");
    await s.expectGate(ordinary, null, frozenFor(hotfix));
  });

  scenario("ends where the severity becomes another", FREEZES, async (s) => {
    const { sandbox } = s;
    const ordinary = await openBefore(s);
    const hotfix = await s.openHotfix();
    await s.expectGate(ordinary, null, frozenFor(hotfix));
    await s.idle();
    await sandbox.as(RITA).removeLabel(REPO, hotfix, "severity:P1");
    await s.pushHotfix({ message: DEPLOYMENT_MESSAGE.replace("P1", "P0"), force: true });
    await s.expectGate(ordinary, "skipped");
  });

  scenario(
    "ends by an overriding role alone, with a reason, and the post-mortem says so",
    FREEZES,
    async (s, expect) => {
      const { sandbox } = s;
      const ordinary = await openBefore(s);
      const hotfix = await s.openHotfix();
      await s.expectGate(ordinary, null, frozenFor(hotfix));
      await s.idle();
      const answers = async () =>
        (await sandbox.comments(REPO, hotfix)).filter(({ body = "" }) =>
          body.includes("hotfix-guard:answer"),
        );
      for (const [login, body] of [
        [RITA, "/hotfix unfreeze I want to merge"],
        [JANE, "/hotfix unfreeze"],
      ] as const) {
        await sandbox.as(login).comment(REPO, hotfix, body);
        await s.idle();
      }
      expect((await answers()).map(({ body = "" }) => body.split("\n")[0])).toEqual([
        "❌ Still frozen: the comment by `rita-lopez` was not counted: this person has none of the roles that may override.",
        "❌ Still frozen: the comment by `jane-doe` was not counted: it gives no reason.",
      ]);
      await s.expectGate(ordinary, null, frozenFor(hotfix));
      await sandbox
        .as(JANE)
        .comment(REPO, hotfix, "/hotfix unfreeze payroll runs at 18:00, @everyone <b>now</b>");
      await s.expectGate(ordinary, "skipped");
      await s.idle();
      expect((await answers()).at(-1)?.body).toContain("☑️ Unfrozen by `jane-doe`");
      await toGreen(s, hotfix);
      await sandbox.as(JOHN).merge(REPO, hotfix);
      const issue = await until("the post-mortem", async () => {
        const issues = await sandbox.issues(REPO);
        return issues.find(({ title }) => title.startsWith("Post-mortem:")) ?? null;
      });
      expect(issue.body).toContain("Freeze of `main` ended by `jane-doe`");
      expect(issue.body).toContain("payroll runs at 18:00");
      expect(issue.body).not.toMatch(/(?<!`)(?:@everyone|<b>now)/);
    },
  );

  scenario(
    "of which no event tells begins and ends with the sweep, also in another process",
    FREEZES,
    async (s) => {
      const { sandbox } = s;
      const ordinary = await openBefore(s);
      await s.idle();
      sandbox.knobs.deliveries.drop = () => true;
      const hotfix = await s.openHotfix();
      await s.sweep();
      await s.expectGate(ordinary, null, frozenFor(hotfix));
      await s.stopServer();
      await setState(s, hotfix, "closed");
      await s.restartServer();
      sandbox.knobs.deliveries.drop = () => true;
      await s.sweep();
      await s.expectGate(ordinary, "skipped");
    },
  );

  scenario(
    "is nothing that a stranger could begin, whatever the branch and the commit say",
    FREEZES,
    async (s, expect) => {
      const { sandbox } = s;
      const ordinary = await openBefore(s);
      sandbox.createUser(STRANGER);
      const fork = await sandbox.createFork(REPO, STRANGER);
      const git = sandbox.git(fork);
      const author = sandbox.person(STRANGER);
      const files = { [STRIPE]: STRIPE_FIXED };
      await git.push(
        STRANGER,
        BRANCH,
        await git.commit(BRANCH, { message: DEPLOYMENT_MESSAGE, files, author }),
      );
      const { number } = await sandbox.as(STRANGER).openPullRequest(REPO, {
        head: `${STRANGER}:${BRANCH}`,
        base: "main",
        title: "HOTFIX: Freeze all of you",
        body: null,
      });
      await s.expectGate(number, "action_required");
      await s.idle();
      await sandbox.as(STRANGER).comment(REPO, number, "/hotfix recheck");
      await s.idle();
      expect((await s.gate(ordinary))?.conclusion).toBe("skipped");
      sandbox.setPermission(REPO, STRANGER, "triage");
      await sandbox.as(STRANGER).removeLabel(REPO, number, "severity:P1");
      await sandbox.as(STRANGER).addLabel(REPO, number, "severity:P1");
      await s.idle();
      expect((await s.gate(ordinary))?.conclusion).toBe("skipped");
      // Its honest twin: a writer says that it is one.
      await sandbox.as(RITA).removeLabel(REPO, number, "severity:P1");
      await sandbox.as(RITA).addLabel(REPO, number, "severity:P1");
      await s.expectGate(ordinary, null, frozenFor(number));
    },
  );

  scenario("holds up neither other hotfixes nor what goes elsewhere", FREEZES, async (s, expect) => {
    const hotfix = await s.openHotfix();
    const elsewhere = await openOrdinary(s, { base: BRANCH });
    await s.expectGate(elsewhere, "skipped");
    const other = await s.openHotfix({
      branch: "hotfix/report-order",
      files: { "src/reports/monthly.py": "def monthly(rows):\n    return sorted(rows)  # HOTFIX: #1234\n" },
    });
    await s.expectGate(other, "action_required");
    await s.idle();
    expect((await s.gate(hotfix))?.conclusion).toBe("action_required");
  });
});

describe.concurrent("a freeze before a merge queue", () => {
  const queue = ({ sandbox }: Scenario) =>
    sandbox.protect(REPO, "main", {
      requiredChecks: [{ context: "hotfix-gate", appId: sandbox.app.id }],
      mergeQueue: true,
    });
  const groupGate = (s: Scenario, sha: string, conclusion: string | null) =>
    until(`the group's gate: ${conclusion}`, async () => {
      const run = (await s.sandbox.checkRuns(REPO, sha)).at(-1);
      return run !== undefined && run.conclusion === conclusion ? run : null;
    });

  scenario(
    "writes on no pull request: the group waits, and is merged once the hotfix is closed",
    FREEZES,
    async (s, expect) => {
      const { sandbox } = s;
      queue(s);
      const ordinary = await openBefore(s);
      const hotfix = await s.openHotfix();
      await s.expectGate(hotfix, "action_required");
      await s.idle();
      expect((await s.gate(ordinary))?.conclusion).toBe("skipped");
      const sha = await sandbox.enqueue(REPO, [ordinary], JOHN);
      const run = await groupGate(s, sha, null);
      expect(run.output.title).toMatch(frozenFor(hotfix));
      await setState(s, hotfix, "closed");
      await until("the group is merged", async () =>
        (await sandbox.pullRequest(REPO, ordinary)).merged ? true : null,
      );
    },
  );

  scenario("a group that brings the hotfix goes on", FREEZES, async (s, expect) => {
    const { sandbox } = s;
    queue(s);
    const hotfix = await s.openHotfix();
    const ordinary = await openOrdinary(s, ORDINARY);
    await toGreen(s, hotfix);
    const sha = await sandbox.enqueue(REPO, [ordinary, hotfix], JOHN);
    await groupGate(s, sha, "success");
    expect((await sandbox.pullRequest(REPO, hotfix)).merged).toBe(true);
  });
});
