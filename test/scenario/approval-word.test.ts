import { describe } from "vitest";
import {
  BRANCH,
  DEPLOYMENT_MESSAGE,
  EM,
  JANE,
  JOHN,
  REPO,
  RITA,
  type Scenario,
  STRIPE,
  STRIPE_FIXED,
  scenario,
  toGreen,
  UNRELATED,
  until,
  writes,
} from "./support.ts";

const P0 = DEPLOYMENT_MESSAGE.replace("Severity: P1", "Severity: P0");

async function push(s: Scenario): Promise<void> {
  const git = s.sandbox.git(REPO);
  s.later();
  await git.commit(BRANCH, {
    message: "More",
    files: { [STRIPE]: `${STRIPE_FIXED}\n` },
    author: s.sandbox.person(JOHN),
  });
  await git.push(JOHN, BRANCH);
}

const botComments = async (s: Scenario, number: number) =>
  (await s.sandbox.comments(REPO, number))
    .filter(({ user }) => user?.type === "Bot")
    .map(({ body }) => body ?? "");

/** Design, section 5, reviews; section 4, the rule review. */
describe.concurrent("reviews", () => {
  scenario(
    "a holder's approving review counts as the role's approval, and the app sets the label",
    {},
    async (s) => {
      const number = await s.openHotfix();
      await toGreen(s, number);
      await until("the label", async () => (s.sandbox.labelsOf(REPO, number).includes(EM) ? true : null));
    },
  );

  scenario(
    "a dismissed review counts no more, and the app's label for it is no evidence",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      const { id } = await sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
      await until("the label", async () => (sandbox.labelsOf(REPO, number).includes(EM) ? true : null));
      await sandbox.as(RITA).dismissReview(REPO, number, id, "Not yet");
      await s.expectGate(number, "action_required", /^Waiting for approval: /);
      await s.idle();
      expect(sandbox.labelsOf(REPO, number)).not.toContain(EM);
    },
  );

  scenario("a review of an earlier head is none of this one", {}, async (s) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await toGreen(s, number);
    const { head } = await sandbox.pullRequest(REPO, number);
    await push(s);
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
    await sandbox.as(JANE).review(REPO, number, "APPROVED", undefined, head.sha);
    await s.idle();
    await s.expectGate(number, "action_required", /^Waiting for approval: /);
  });

  scenario("a review of somebody without write access is no review", {}, async (s) => {
    const { sandbox } = s;
    sandbox.createUser("reader");
    sandbox.setPermission(REPO, "reader", "triage");
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await sandbox.as("reader").review(REPO, number, "APPROVED");
    await s.idle();
    await s.expectGate(number, "action_required", /^Waiting for review$/);
  });

  scenario("a contributor's review is no review", {}, async (s) => {
    const { sandbox } = s;
    const number = await s.openHotfix({
      message: `${DEPLOYMENT_MESSAGE}\n\nCo-authored-by: Rita Lopez <rita@kamiyo.example>`,
    });
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as(JANE).addLabel(REPO, number, EM);
    await sandbox.as(RITA).review(REPO, number, "APPROVED");
    await s.idle();
    await s.expectGate(number, "action_required", /^Waiting for review$/);
  });

  scenario("P0: on-call may approve, and the review is owed after the merge", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix({ message: P0 });
    await s.expectGate(number, "action_required", /^Waiting for approval: on-call or/);
    s.later();
    await sandbox.as(RITA).addLabel(REPO, number, "approved:on-call");
    const gate = await s.expectGate(number, "success", /^Ready: P0$/);
    expect(gate.summary).toContain("may come after the merge");
    await sandbox.as(JOHN).merge(REPO, number);
    const issue = await until(
      "the post-mortem",
      async () => (await sandbox.issues(REPO)).find(({ title }) => title.startsWith("Post-mortem")) ?? null,
    );
    expect(issue.body).toMatch(/- \[ \] .*review/i);
  });

  scenario("P1: on-call may not approve, and a valid label of that role stays on", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as(RITA).addLabel(REPO, number, "approved:on-call");
    const gate = await until("the refusal", async () => {
      const now = await s.gate(number);
      return now?.summary.includes("needs another role") ? now : null;
    });
    expect(gate.title).toMatch(/^Waiting for approval: engineering-manager/);
    expect(sandbox.labelsOf(REPO, number)).toContain("approved:on-call");
  });

  for (const [severity, message] of [
    ["P0", P0],
    ["P1", DEPLOYMENT_MESSAGE],
  ] as const)
    scenario(`${severity}: changes requested block until the reviewer approves`, {}, async (s) => {
      const { sandbox } = s;
      const number = await s.openHotfix({ message });
      await s.expectGate(number, "action_required");
      s.later();
      await sandbox.as(JANE).addLabel(REPO, number, EM);
      await sandbox.as(RITA).review(REPO, number, "CHANGES_REQUESTED");
      await s.expectGate(number, "failure", /^Blocked: review$/);
      await sandbox.as(RITA).review(REPO, number, "COMMENTED");
      await s.idle();
      await s.expectGate(number, "failure", /^Blocked: review$/);
      s.later();
      await sandbox.as(RITA).review(REPO, number, "APPROVED");
      await s.expectGate(number, "success");
    });
});

const SPRAWL = { files: { [STRIPE]: STRIPE_FIXED, ...UNRELATED } };
const OVERRIDE = "/hotfix override scope the generated client changed too";

/** Design, section 4: "Levels". */
describe.concurrent("overrides", () => {
  scenario(
    "accepted: shown with name and reason, answered once, and the merge is possible",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix(SPRAWL);
      await s.expectGate(number, "failure", /^Blocked: scope$/);
      s.later();
      await sandbox.as(JANE).comment(REPO, number, OVERRIDE);
      const gate = await s.expectGate(number, "action_required");
      expect(gate.summary).toMatch(/jane-doe.*the generated client changed too/);
      await s.idle();
      await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
      await s.idle();
      const answers = (await botComments(s, number)).filter((body) => body.includes("is overridden for"));
      expect(answers).toHaveLength(1);
      await toGreen(s, number);
      await sandbox.as(JOHN).merge(REPO, number);
      await until(
        "the post-mortem has it",
        async () =>
          (await sandbox.issues(REPO)).find(({ body }) =>
            body?.includes("the generated client changed too"),
          ) ?? null,
      );
    },
  );

  scenario("an edited comment is nobody's word", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix(SPRAWL);
    await s.expectGate(number, "failure");
    s.later();
    const { id } = await sandbox.as(JANE).comment(REPO, number, OVERRIDE);
    await s.expectGate(number, "action_required");
    s.later();
    await sandbox.as(RITA).editComment(REPO, id, `${OVERRIDE}!`);
    const gate = await s.expectGate(number, "failure", /^Blocked: scope$/);
    expect(gate.summary).toContain("the comment was edited");
  });

  scenario("a deleted comment is none", {}, async (s) => {
    const { sandbox } = s;
    const number = await s.openHotfix(SPRAWL);
    await s.expectGate(number, "failure");
    s.later();
    const { id } = await sandbox.as(JANE).comment(REPO, number, OVERRIDE);
    await s.expectGate(number, "action_required");
    await sandbox.as(JANE).deleteComment(REPO, id);
    await s.expectGate(number, "failure", /^Blocked: scope$/);
  });

  for (const [what, login, reason] of [
    ["by the author, though a manager", JOHN, "authors can't override"],
    ["by somebody outside the roles", RITA, "has none of the roles"],
  ] as const)
    scenario(`${what}: refused, and told why`, {}, async (s, expect) => {
      await s.sandbox.addTeamMember("kamiyo", "engineering-managers", JOHN);
      const number = await s.openHotfix(SPRAWL);
      await s.expectGate(number, "failure");
      s.later();
      await s.sandbox.as(login).comment(REPO, number, OVERRIDE);
      await until(
        "the answer",
        async () => (await botComments(s, number)).find((body) => body.includes(reason)) ?? null,
      );
      expect((await s.gate(number))?.conclusion).toBe("failure");
    });

  scenario("ends with the head it was given on", {}, async (s, expect) => {
    const number = await s.openHotfix(SPRAWL);
    await s.expectGate(number, "failure");
    s.later();
    await s.sandbox.as(JANE).comment(REPO, number, OVERRIDE);
    await s.expectGate(number, "action_required");
    await push(s);
    const gate = await s.expectGate(number, "failure", /^Blocked: scope$/);
    expect(gate.summary).toContain("it predates the latest push");
  });

  scenario(
    "of an unknown rule, without a reason, and of severity or approval: nothing passes, each is told",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      const number = await s.openHotfix();
      await s.expectGate(number, "action_required");
      s.later();
      for (const [body, answer] of [
        ["/hotfix override scoop because", "Did you mean"],
        ["/hotfix override scope", "gives no reason"],
        ["/hotfix override approval the manager sleeps", "cannot be overridden"],
        ["/hotfix override severity it is urgent", "cannot be overridden"],
      ] as const) {
        const before = (await botComments(s, number)).length;
        await sandbox.as(JANE).comment(REPO, number, body);
        await until(`the answer to ${body}`, async () => {
          const comments = await botComments(s, number);
          return comments.length > before && comments.at(-1)?.includes(answer) ? true : null;
        });
      }
      expect((await s.gate(number))?.title).toMatch(/^Waiting for approval: /);
    },
  );
});

/** Design, section 2: comment commands. */
describe.concurrent("commands", () => {
  scenario("help and unknown ones are answered, each once", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await sandbox.as(RITA).comment(REPO, number, "/hotfix help");
    await sandbox.as(RITA).comment(REPO, number, "/hotfix rechek");
    const answers = async () =>
      (await botComments(s, number)).filter((body) =>
        /Start a line of a new comment|Unknown command/.test(body),
      );
    await until("two answers", async () => ((await answers()).length >= 2 ? true : null));
    for (const { guid, event } of [...sandbox.deliveries])
      if (event === "issue_comment") await sandbox.redeliver(guid);
    await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
    await s.idle();
    expect(await answers()).toHaveLength(2);
    expect((await answers()).join()).toContain("Did you mean `/hotfix recheck`?");
  });

  scenario("recheck looks again at what no event told of", {}, async (s) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await s.idle();
    sandbox.knobs.deliveries.drop = ({ event }) => event === "pull_request_review";
    s.later();
    await sandbox.as(JANE).review(REPO, number, "APPROVED");
    await s.idle();
    await s.expectGate(number, "action_required");
    await sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
    await s.expectGate(number, "success");
  });

  scenario("bots, and the app's own comments, are not answered", {}, async (s, expect) => {
    const { sandbox } = s;
    sandbox.createUser("robot", { type: "Bot" });
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await s.idle();
    sandbox.resetRequests();
    await sandbox.as("robot").comment(REPO, number, "/hotfix help");
    await sandbox
      .asApp()
      .request("POST", `/repos/${REPO}/issues/${number}/comments`, { body: "/hotfix help" });
    await s.idle();
    expect(writes(s)).toEqual([]);
  });
});
