import { describe, type ExpectStatic } from "vitest";
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
  until,
} from "../support.ts";

const LISTED = `version: 1
roles: { engineering-manager: { users: [${JANE}] } }
components: { payments: ["src/payments/**"] }
`;

type Body = (s: Scenario, expect: ExpectStatic) => Promise<void>;

function table(config: string | undefined, rows: readonly (readonly [name: string, body: Body])[]): void {
  for (const [name, body] of rows) scenario(name, config === undefined ? {} : { config }, body);
}

/** Sets the label of the manager's approval, and has Rita review. */
async function approve(s: Scenario, number: number, login = JANE): Promise<void> {
  await s.expectGate(number, "action_required");
  await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
  await s.idle();
  s.later();
  await s.sandbox.as(login).addLabel(REPO, number, EM);
  await s.idle();
}

/** Waits until the check says this. */
function says(s: Scenario, number: number, text: string): Promise<true> {
  return until(text, async () => ((await s.gate(number))?.summary.includes(text) ? true : null));
}

async function merges({ sandbox }: Scenario, number: number): Promise<boolean> {
  return sandbox
    .as(RITA)
    .merge(REPO, number)
    .then(() => true)
    .catch(() => false);
}

describe.concurrent("a listed login", () => {
  table(LISTED, [
    [
      "with write access approves",
      async (s, expect) => {
        const number = await s.openHotfix();
        await approve(s, number);
        await s.expectGate(number, "success");
        expect(await merges(s, number)).toBe(true);
      },
    ],
    ...(["triage", "read", null] as const).map((role): readonly [string, Body] => [
      `with ${role ?? "no"} access approves nothing, by label or by review`,
      async (s, expect) => {
        const number = await s.openHotfix();
        await s.expectGate(number, "action_required");
        await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
        s.later();
        await s.sandbox.as(JANE).addLabel(REPO, number, EM);
        await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
        s.sandbox.setPermission(REPO, JANE, role);
        await s.sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
        await says(s, number, "no write access");
        expect(await merges(s, number)).toBe(false);
      },
    ]),
    [
      "that loses its access after the green takes the green with it",
      async (s, expect) => {
        const number = await s.openHotfix();
        await approve(s, number);
        await s.expectGate(number, "success");
        s.sandbox.setPermission(REPO, JANE, "read");
        await s.sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
        await s.expectGate(number, "action_required");
        expect(await merges(s, number)).toBe(false);
      },
    ],
    [
      "does not override either without access",
      async (s, expect) => {
        const number = await s.openHotfix({
          files: { [STRIPE]: STRIPE_FIXED, "package.json": "{}\n" },
        });
        await s.expectGate(number, "failure");
        s.sandbox.setPermission(REPO, JANE, null);
        s.later();
        await s.sandbox.as(JANE).comment(REPO, number, "/hotfix override dependency-changes it is the fix");
        await says(s, number, "no write access");
        expect(await merges(s, number)).toBe(false);
      },
    ],
  ]);
});

describe.concurrent("the manager's own push", () => {
  /** A commit by John, whoever pushes it. */
  async function johns({ sandbox }: Scenario, message: string, parent: string, text = STRIPE_FIXED) {
    const author = sandbox.person(JOHN);
    const files = { [STRIPE]: text };
    return sandbox.git(REPO).commit(`wip-${parent}-${message.length}-${text.length}`, {
      message,
      files,
      author,
      committer: author,
      parents: [parent],
    });
  }
  const open = ({ sandbox }: Scenario, login = JOHN) =>
    sandbox
      .as(login)
      .openPullRequest(REPO, {
        head: BRANCH,
        title: "HOTFIX: Fix Stripe webhook signature verification",
        body: "- [x] Tested",
      })
      .then(({ number }) => number);

  table(undefined, [
    [
      "under somebody else's name, and 120 moves of the branch by a colleague on top",
      async (s, expect) => {
        const { sandbox } = s;
        const git = sandbox.git(REPO);
        await s.idle();
        sandbox.knobs.deliveries = { drop: () => true };
        const fix = await johns(s, DEPLOYMENT_MESSAGE, git.head("main") as string);
        await git.push(JANE, BRANCH, fix);
        const aside = await johns(s, "aside", fix, "# HOTFIX: Issue #1234\n");
        for (let n = 0; n < 60; n++) {
          await git.push(JOHN, BRANCH, aside, { force: true });
          await git.push(JOHN, BRANCH, fix, { force: true });
        }
        sandbox.knobs.deliveries = {};
        const number = await open(s);
        await approve(s, number);
        const { summary } = await s.expectGate(number, "action_required");
        expect(summary).toContain("this person pushed");
        expect(await merges(s, number)).toBe(false);
      },
    ],
    [
      "of two commits, the upper of which a colleague replaces by force",
      async (s, expect) => {
        const { sandbox } = s;
        const git = sandbox.git(REPO);
        const first = await johns(s, DEPLOYMENT_MESSAGE, git.head("main") as string);
        await git.push(JANE, BRANCH, await johns(s, "HOTFIX: second", first, `${STRIPE_FIXED}# two\n`));
        await git.push(JOHN, BRANCH, await johns(s, "HOTFIX: other", first, `${STRIPE_FIXED}# 2\n`), {
          force: true,
        });
        const number = await open(s);
        await approve(s, number);
        const { summary } = await s.expectGate(number, "action_required");
        expect(summary).toContain("this person pushed");
      },
    ],
    [
      "in an earlier life of the branch, which a colleague deletes and makes anew",
      async (s, expect) => {
        const { sandbox } = s;
        const git = sandbox.git(REPO);
        const fix = await johns(s, DEPLOYMENT_MESSAGE, git.head("main") as string);
        await git.push(JANE, BRANCH, fix);
        await git.deleteBranch(JOHN, BRANCH);
        await git.push(JOHN, BRANCH, fix);
        const number = await open(s);
        await approve(s, number);
        const { summary } = await s.expectGate(number, "action_required");
        expect(summary).toContain("this person pushed");
      },
    ],
    [
      "that a colleague has forced away whole: she approves what is there now",
      async (s, expect) => {
        const { sandbox } = s;
        const git = sandbox.git(REPO);
        const fix = await johns(s, DEPLOYMENT_MESSAGE, git.head("main") as string);
        await git.push(JOHN, BRANCH, fix);
        await git.push(JANE, BRANCH, await johns(s, "HOTFIX: mine", fix, `${STRIPE_FIXED}# mine\n`));
        await git.push(JOHN, BRANCH, fix, { force: true });
        const number = await open(s);
        await approve(s, number);
        await s.expectGate(number, "success");
        expect(await merges(s, number)).toBe(true);
      },
    ],
    [
      "to a branch whose name the activity route refuses: found among all that happened",
      async (s, expect) => {
        const { sandbox } = s;
        const git = sandbox.git(REPO);
        const fix = await johns(s, DEPLOYMENT_MESSAGE, git.head("main") as string);
        await git.push(JANE, BRANCH, fix);
        sandbox.knobs.fail({ path: /\/activity$/ }, { status: 422, times: 1 });
        const number = await open(s);
        await approve(s, number);
        const { summary } = await s.expectGate(number, "action_required");
        expect(summary).toContain("this person pushed");
      },
    ],
  ]);
});

describe.concurrent("a cap that GitHub or the app has", () => {
  scenario("more timeline than is read: final at once, with the way out", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await toGreen(s, number);
    await s.idle();
    sandbox.knobs.deliveries = { drop: () => true };
    const person = sandbox.as(RITA);
    for (let n = 0; n < 2_501; n++) {
      await person.addLabel(REPO, number, "payment");
      await person.removeLabel(REPO, number, "payment");
    }
    sandbox.knobs.deliveries = {};
    await person.addLabel(REPO, number, "payment");
    const { title, summary } = await s.expectGate(number, "failure", /^Too large to check/);
    expect(title).toContain("timeline");
    expect(summary).toContain("open a new pull request from a new branch");
  });
});

describe.concurrent("a merge queue", () => {
  scenario("an approval that ends meanwhile ends the group's pass at once", {}, async (s, expect) => {
    const { sandbox } = s;
    const number = await s.openHotfix();
    await approve(s, number);
    await s.expectGate(number, "success");
    await s.idle();
    // Another required check keeps the group waiting.
    const required = ["hotfix-gate", "ci"].map((context) => ({ context }));
    sandbox.protect(REPO, "main", { requiredChecks: required });
    const group = await sandbox.enqueue(REPO, [number], JOHN);
    const conclusion = async () => (await sandbox.checkRuns(REPO, group)).at(-1)?.conclusion ?? null;
    await until("the group's pass", async () => ((await conclusion()) === "success" ? true : null));
    await sandbox.as(JANE).removeLabel(REPO, number, EM);
    const red = await until("its end", async () =>
      (await conclusion()) === "success" ? null : conclusion(),
    );
    expect(red).toBe("action_required");
    await sandbox.otherAppCheckRun(REPO, {
      name: "ci",
      head_sha: group,
      status: "completed",
      conclusion: "success",
    });
    expect((await sandbox.pullRequest(REPO, number)).merged).toBe(false);
  });
});
