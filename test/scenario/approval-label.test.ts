import { describe } from "vitest";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  openOrdinary,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  until,
} from "./support.ts";

const TEAM = ["kamiyo", "engineering-managers"] as const;

/** Rita has reviewed, so that only the approval is open; then comes a label that must not count. */
async function refused(s: Scenario, number: number, by: string): Promise<string> {
  await s.expectGate(number, "action_required");
  s.later();
  await s.sandbox.as(by).addLabel(REPO, number, EM);
  await until(`the label of ${by} is taken off`, async () =>
    s.sandbox.labelsOf(REPO, number).includes(EM) ? null : true,
  );
  await s.idle();
  return (await s.expectGate(number, "action_required", /^Waiting for approval/)).summary;
}

/** Green by Jane's label and Rita's review. */
async function green(s: Scenario, more: Parameters<Scenario["openHotfix"]>[0] = {}): Promise<number> {
  const number = await s.openHotfix(more);
  await s.expectGate(number, "action_required");
  s.later();
  await s.sandbox.as(JANE).addLabel(REPO, number, EM);
  await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
  await s.expectGate(number, "success");
  return number;
}

const eventsOf = async (s: Scenario, number: number, event: string) =>
  (await s.sandbox.timeline(REPO, number)).filter(
    (one) => one.event === event && (one.label as { name?: string } | undefined)?.name === EM,
  );

/** Design, section 5: a label counts only if all of this holds. */
describe.concurrent("a label gives no approval when it was set by", () => {
  scenario("the author, though a manager", {}, async (s, expect) => {
    await s.sandbox.addTeamMember(...TEAM, JOHN);
    const number = await s.openHotfix();
    expect(await refused(s, number, JOHN)).toContain("authors can't approve their own hotfix");
  });

  scenario("a co-author of a commit", {}, async (s, expect) => {
    const number = await s.openHotfix({
      message: `${DEPLOYMENT_MESSAGE}\n\nCo-authored-by: Jane Doe <jane@kamiyo.example>`,
    });
    expect(await refused(s, number, JANE)).toContain("wrote or co-wrote a commit");
  });

  scenario("the author of a commit that another pushed", {}, async (s, expect) => {
    const { sandbox } = s;
    const author = sandbox.person(JANE);
    await sandbox
      .git(REPO)
      .commit(BRANCH, { message: DEPLOYMENT_MESSAGE, files: { [STRIPE]: STRIPE_FIXED }, author });
    await sandbox.git(REPO).push(JOHN, BRANCH);
    const { number } = await sandbox
      .as(JOHN)
      .openPullRequest(REPO, { head: BRANCH, title: "HOTFIX: Fix it" });
    expect(await refused(s, number, JANE)).toContain("wrote or co-wrote a commit");
  });

  scenario("the pusher of the head", {}, async (s, expect) => {
    const { sandbox } = s;
    const author = sandbox.person(JOHN);
    await sandbox
      .git(REPO)
      .commit(BRANCH, { message: DEPLOYMENT_MESSAGE, files: { [STRIPE]: STRIPE_FIXED }, author });
    await sandbox.git(REPO).push(JANE, BRANCH);
    const { number } = await sandbox
      .as(JOHN)
      .openPullRequest(REPO, { head: BRANCH, title: "HOTFIX: Fix it" });
    expect(await refused(s, number, JANE)).toContain("pushed the current commits");
  });

  scenario(
    "a bot, though the configuration lists it",
    { config: `version: 1\nroles: { engineering-manager: { users: [robot, ${JANE}] } }\n` },
    async (s, expect) => {
      s.sandbox.createUser("robot", { type: "Bot" });
      s.sandbox.setPermission(REPO, "robot", "admin");
      const number = await s.openHotfix();
      expect(await refused(s, number, "robot")).toContain("only people approve");
    },
  );

  scenario("somebody outside the role, though an administrator", {}, async (s, expect) => {
    s.sandbox.setPermission(REPO, RITA, "admin");
    const number = await s.openHotfix();
    expect(await refused(s, number, RITA)).toContain("doesn't hold the role now");
  });

  scenario("somebody whose membership of the team is pending", {}, async (s, expect) => {
    await s.sandbox.addTeamMember(...TEAM, RITA, "pending");
    const number = await s.openHotfix();
    expect(await refused(s, number, RITA)).toContain("doesn't hold the role now");
  });

  scenario("nobody on record: another label renamed onto its name", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, "payment");
    await sandbox.as(RITA).review(REPO, number, "APPROVED");
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
    await s.idle();
    await sandbox.as(RITA).deleteLabel(REPO, EM);
    await sandbox.as(RITA).renameLabel(REPO, "payment", EM);
    expect(sandbox.labelsOf(REPO, number)).toContain(EM);
    await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
    // The timeline may lag behind the labels; after a minute the contradiction is no lag.
    s.later(70);
    await until("the label is taken off", async () =>
      sandbox.labelsOf(REPO, number).includes(EM) ? null : true,
    );
    await s.idle();
    const gate = await s.expectGate(number, "action_required", /^Waiting for approval: /);
    expect(gate.summary).toContain("no record of who set this label");
  });
});

describe.concurrent("a label counts when it was set by", () => {
  scenario("a member of a child team", {}, async (s) => {
    const { sandbox } = s;
    sandbox.createTeam("kamiyo", "payments-leads", { parent: "engineering-managers" });
    sandbox.createUser("child");
    sandbox.setPermission(REPO, "child", "write");
    await sandbox.addTeamMember("kamiyo", "payments-leads", "child");
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as("child").addLabel(REPO, number, EM);
    await s.expectGate(number, "action_required", /^Waiting for review$/);
  });

  scenario("a person whose role the configuration gives by permission", { config: null }, async (s) => {
    s.sandbox.setPermission(REPO, JANE, "admin");
    await green(s);
  });

  scenario(
    "the author, where approval.self allows it",
    {
      config: `version: 1\napproval: { self: true }\nroles: { engineering-manager: { users: [${JOHN}] } }\n`,
    },
    async (s) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      await s.sandbox.as(JOHN).addLabel(REPO, number, EM);
      await s.expectGate(number, "action_required", /^Waiting for review$/);
    },
  );

  scenario(
    "two people, where two are asked for; one person with two roles is one",
    {
      config: `version: 1\nseverities: { P1: { approvals: 2 } }\nroles: { engineering-manager: { users: [${JANE}, ${RITA}] }, cto: { users: [${JANE}] } }\n`,
    },
    async (s) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required", /\(2 people\)$/);
      s.later();
      await s.sandbox.as(JANE).addLabel(REPO, number, EM);
      await s.sandbox.as(JANE).addLabel(REPO, number, "approved:cto");
      await s.idle();
      await s.expectGate(number, "action_required", /^Waiting for approval: engineering-manager or cto$/);
      await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
    },
  );
});

describe.concurrent("an approval ends with", () => {
  scenario("the membership of its giver", {}, async (s, expect) => {
    const number = await green(s);
    await s.sandbox.removeTeamMember(...TEAM, JANE);
    const gate = await s.expectGate(number, "action_required");
    expect(gate.summary).toContain("doesn't hold the role now");
  });

  scenario(
    "a push: the label is taken off once, the status comment says why, once",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await green(s);
      s.later();
      const git = sandbox.git(REPO);
      await git.commit(BRANCH, {
        message: "More",
        files: { [STRIPE]: `${STRIPE_FIXED}\n` },
        author: sandbox.person(JOHN),
      });
      await git.push(JOHN, BRANCH);
      const gate = await s.expectGate(number, "action_required");
      expect(gate.summary).toContain("it predates the latest push");
      await s.idle();
      await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
      await s.idle();
      expect(await eventsOf(s, number, "unlabeled")).toHaveLength(1);
      const comments = (await sandbox.comments(REPO, number)).filter(({ user }) => user?.type === "Bot");
      expect(comments).toHaveLength(1);
      expect(comments[0]?.body?.match(/it predates the latest push/g)).toHaveLength(1);
      s.later();
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
    },
  );

  scenario(
    "a push in the same second: strictly newer is newer",
    { clock: () => new Date(1_800_000_000_000) },
    async (s, expect) => {
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      await s.sandbox.as(JANE).addLabel(REPO, number, EM);
      await until("the label is taken off", async () =>
        s.sandbox.labelsOf(REPO, number).includes(EM) ? null : true,
      );
      const gate = await s.expectGate(number, "action_required", /^Waiting for approval: /);
      expect(gate.summary).toContain("it predates the latest push");
    },
  );

  scenario("a force push there and back, whatever dates git has", {}, async (s) => {
    const { sandbox } = s;
    const number = await green(s);
    const { head } = await sandbox.pullRequest(REPO, number);
    sandbox.knobs.deliveries.drop = () => true;
    s.later();
    await sandbox.git(REPO).push(JOHN, BRANCH, sandbox.git(REPO).head("main"), { force: true });
    s.later();
    await sandbox.git(REPO).push(JOHN, BRANCH, head.sha, { force: true });
    if ((await sandbox.pullRequest(REPO, number)).state === "closed")
      await sandbox.as(JOHN).editPullRequest(REPO, number, { state: "open" });
    sandbox.knobs.deliveries.drop = undefined;
    await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
  });

  scenario("a new head whose commits are older than the label", {}, async (s) => {
    const { sandbox } = s;
    const git = sandbox.git(REPO);
    const older = await git.commit(BRANCH, {
      message: DEPLOYMENT_MESSAGE,
      files: { [STRIPE]: `${STRIPE_FIXED}\n` },
      author: sandbox.person(JOHN),
      date: "2020-01-01T00:00:00Z",
      parents: [git.head("main") as string],
    });
    const number = await green(s);
    s.later();
    await git.push(JOHN, BRANCH, older, { force: true });
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
  });

  scenario("the Update branch button", {}, async (s) => {
    const { sandbox } = s;
    const ordinary = await openOrdinary(s);
    await s.expectGate(ordinary, "skipped");
    const number = await green(s);
    await sandbox.as(RITA).merge(REPO, ordinary);
    s.later();
    await sandbox.as(JOHN).updateBranch(REPO, number);
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
  });

  scenario("a change of the severity label", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await green(s);
    await until("the app sets the severity", async () =>
      sandbox.labelsOf(REPO, number).includes("severity:P1") ? true : null,
    );
    s.later();
    await sandbox.as(RITA).removeLabel(REPO, number, "severity:P1");
    const gate = await s.expectGate(number, "action_required", /^Waiting for approval: /);
    expect(gate.summary).toContain("it predates the severity change");
  });

  scenario("the label being taken off, whoever does it", {}, async (s) => {
    const number = await green(s);
    await s.sandbox.as(JOHN).removeLabel(REPO, number, EM);
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
  });

  scenario("the label being deleted in the repository", {}, async (s) => {
    const number = await green(s);
    await s.sandbox.as(RITA).deleteLabel(REPO, EM);
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
  });
});
