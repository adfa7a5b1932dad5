import { describe, type ExpectStatic } from "vitest";
import type { FileMode, MergeMethod } from "../../../src/sandbox/index.ts";
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
} from "../support.ts";

/** An administrator, who moves `main` without a check. */
const OLGA = "olga";
const AUTH = "src/auth/session.py";
const SAFE = "def session(token):\n    check(token)\n    return load(token)\n";
const UNSAFE = SAFE.replace("    check(token)\n", "");
const RENAMED = "src/auth/sessions.py";
const TITLE = "HOTFIX: Fix Stripe webhook signature verification";
const FIX = { [STRIPE]: STRIPE_FIXED };

/** Commits that nobody sees before they are pushed, each on top of what is given. */
class History {
  readonly #scenario: Scenario;
  #seconds = 0;

  constructor(s: Scenario) {
    this.#scenario = s;
    s.sandbox.createUser(OLGA);
    s.sandbox.setPermission(REPO, OLGA, "admin");
  }

  get git() {
    return this.#scenario.sandbox.git(REPO);
  }

  get main(): string {
    return this.git.head("main") as string;
  }

  /**
   * The tree is that of the first parent, with these files. Each commit is a second younger than the one
   * before.
   */
  commit(
    parents: readonly string[],
    files: Record<string, string | null>,
    message = "Work",
    login = RITA,
    modes: Record<string, FileMode> = {},
  ): Promise<string> {
    const author = this.#scenario.sandbox.person(login);
    const date = new Date(Date.parse("2026-01-01T00:00:00Z") + ++this.#seconds * 1_000).toISOString();
    return this.git.commit(`local-${this.#seconds}`, {
      parents: [...parents],
      files,
      modes,
      message,
      author,
      committer: author,
      date,
    });
  }

  /** The hotfix commit, on top of these. */
  fix(...parents: string[]): Promise<string> {
    return this.commit(parents, FIX, DEPLOYMENT_MESSAGE, JOHN);
  }

  push(sha: string, branch = "main", login = OLGA): Promise<string> {
    return this.git.push(login, branch, sha);
  }

  async open(head: string, base = "main"): Promise<number> {
    await this.push(head, BRANCH, JOHN);
    const body = "- [x] Tested";
    return (
      await this.#scenario.sandbox.as(JOHN).openPullRequest(REPO, { head: BRANCH, base, title: TITLE, body })
    ).number;
  }
}

/** Approves as one who may, whatever the gate says, and tries to merge: what must not land has not landed. */
async function cannotLand(
  s: Scenario,
  expect: ExpectStatic,
  number: number,
  method: MergeMethod = "merge",
): Promise<void> {
  s.later();
  await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
  await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
  expect((await s.gate(number))?.conclusion).toBe("failure");
  await expect(s.sandbox.as(JOHN).merge(REPO, number, method)).rejects.toThrow();
  expect(s.sandbox.git(REPO).show("main", AUTH)).toBe(SAFE);
}

/** Goes green, is merged, and the post-mortem has nothing to say of it. */
async function lands(
  s: Scenario,
  expect: ExpectStatic,
  number: number,
  method: MergeMethod = "merge",
): Promise<void> {
  await toGreen(s, number);
  await s.sandbox.as(JOHN).merge(REPO, number, method);
  const git = s.sandbox.git(REPO);
  expect(git.show("main", STRIPE)).toContain('secret.encode("utf-8")');
  await s.idle();
  expect(await postMortem(s, number)).not.toContain("not what was checked");
}

/** The post-mortem's text. */
async function postMortem(s: Scenario, number: number): Promise<string> {
  const issues = (await s.sandbox
    .as(RITA)
    .request("GET", `/repos/${REPO}/issues?state=all&per_page=100`)) as {
    title: string;
    body: string;
  }[];
  const found = issues.find(({ title }) => title.startsWith("Post-mortem") && title.endsWith(`(#${number})`));
  if (found === undefined) throw new Error(`no post-mortem of #${number}`);
  return found.body;
}

describe.concurrent("histories that were merged into each other", () => {
  /** `main` merges two lines, one of which has a security fix. */
  async function crossed(s: Scenario) {
    const h = new History(s);
    const start = h.main;
    const safe = await h.commit([start], { [AUTH]: SAFE }, "Check sessions");
    const other = await h.commit([start], { "README.md": "# Kamiyo\n" }, "Say who we are");
    await h.push(await h.commit([other, safe], { [AUTH]: SAFE }, "Merge"));
    return { h, safe, other };
  }

  scenario("one that keeps one side's tree would undo the other side's fix", {}, async (s, expect) => {
    const { h, safe, other } = await crossed(s);
    const number = await h.open(await h.fix(await h.commit([other, safe], {}, "Merge", JOHN)));
    const { summary } = await s.expectGate(number, "failure");
    expect(summary).toContain(AUTH);
    expect(summary).toContain("git cherry-pick");
    await cannotLand(s, expect, number);
  });

  scenario("nor with three lines at once", {}, async (s, expect) => {
    const { h, safe, other } = await crossed(s);
    const third = await h.commit([other], { "docs/a.md": "a\n" }, "More");
    const octopus = await h.commit([third, safe, other], {}, "Merge", JOHN);
    const number = await h.open(await h.fix(octopus));
    await s.expectGate(number, "failure");
    await cannotLand(s, expect, number, "squash");
  });

  scenario("an honest one lands what it shows", {}, async (s, expect) => {
    const { h, safe, other } = await crossed(s);
    const merge = await h.commit([other, safe], { [AUTH]: SAFE }, "Merge", JOHN);
    const number = await h.open(await h.fix(merge));
    await lands(s, expect, number);
    expect(h.git.show("main", AUTH)).toBe(SAFE);
  });
});

describe.concurrent("merges of the base", () => {
  async function behind(s: Scenario) {
    const h = new History(s);
    const fix = await h.fix(h.main);
    await h.push(await h.commit([h.main], { [AUTH]: SAFE }, "Check sessions"));
    return { h, fix };
  }

  scenario("one that drops what the base did", {}, async (s, expect) => {
    const { h, fix } = await behind(s);
    // `git merge -s ours main`
    const number = await h.open(await h.commit([fix, h.main], {}, "Merge branch 'main'", JOHN));
    await s.expectGate(number, "failure");
    await cannotLand(s, expect, number);
  });

  scenario("one that adds what no commit shows, where commits are replayed", {}, async (s, expect) => {
    const { h, fix } = await behind(s);
    const guard = { [AUTH]: SAFE, "src/payments/guard.py": "def guard():\n    return True\n" };
    const merge = await h.commit([fix, h.main], guard, "Merge branch 'main'", JOHN);
    const number = await h.open(merge);
    const { summary } = await s.expectGate(number, "failure");
    expect(summary).toContain("src/payments/guard.py");
    expect(summary).toContain("git merge --squash");
  });

  for (const method of ["merge", "squash", "rebase"] as const)
    scenario(`the button "Update branch" is fine, and so is ${method}`, {}, async (s, expect) => {
      const { h, fix } = await behind(s);
      const number = await h.open(fix);
      await s.expectGate(number, "action_required");
      await s.sandbox.as(JOHN).updateBranch(REPO, number);
      // And the base goes on, by a merge of its own.
      const side = await h.commit([h.main], { "docs/b.md": "b\n" }, "Docs");
      await h.push(await h.commit([h.main, side], { "docs/b.md": "b\n" }, "Merge"));
      await lands(s, expect, number, method);
      expect(h.git.show("main", AUTH)).toBe(SAFE);
      expect(h.git.show("main", "docs/b.md")).toBe("b\n");
    });
});

describe.concurrent("an approval is of a change", () => {
  /** A colleague's commit and its revert below the fix: nothing of it is to be seen. */
  async function hiding(s: Scenario) {
    const h = new History(s);
    const start = h.main;
    const theirs = await h.commit([start], { [AUTH]: SAFE }, "Check sessions", OLGA);
    const undone = await h.commit([theirs], { [AUTH]: null }, "Not yet", JOHN);
    return { h, start, theirs, number: await h.open(await h.fix(undone)) };
  }

  for (const by of ["review", "label"] as const)
    scenario(
      `a ${by} ends where the colleague's commit lands, and its revert with it`,
      {},
      async (s, expect) => {
        const { h, theirs, number } = await hiding(s);
        if (by === "review") await toGreen(s, number);
        else {
          await s.expectGate(number, "action_required");
          s.later();
          await s.sandbox.as(RITA).review(REPO, number, "APPROVED");
          await s.sandbox.as(JANE).addLabel(REPO, number, EM);
          await s.expectGate(number, "success");
        }
        s.later();
        await h.push(theirs);
        const { summary } = await s.expectGate(number, "action_required");
        expect(summary).toContain("what would be merged has changed since");
        await expect(s.sandbox.as(JOHN).merge(REPO, number)).rejects.toThrow();
        expect(h.git.show("main", AUTH)).toBe(SAFE);
      },
    );

  scenario("events lost and the app restarted: it still knows what was approved", {}, async (s, expect) => {
    const { h, theirs, number } = await hiding(s);
    await toGreen(s, number);
    await s.stopServer();
    s.later();
    await h.push(theirs);
    await s.restartServer();
    await s.sweep();
    const { summary } = await s.expectGate(number, "action_required");
    expect(summary).toContain("what would be merged has changed since");
    // Once more it is what was approved first: that does not bring approvals back.
    s.later();
    await h.git.push(OLGA, "main", `${h.git.log(theirs)[1]?.sha}`, { force: true });
    await s.idle();
    await s.expectGate(number, "action_required");
    // Somebody who looks at what would land now may approve it.
    await toGreen(s, number);
  });

  scenario("a merge of a colleague's branch that drops what it holds", {}, async (s, expect) => {
    const h = new History(s);
    const theirs = await h.commit([h.main], { [AUTH]: SAFE }, "Check sessions");
    const merge = await h.commit([h.main, theirs], {}, "Merge", JOHN);
    const number = await h.open(await h.fix(merge));
    // Before it is in main nothing is to be seen of it but that the commits do not add up to the change.
    await s.expectGate(number, "failure");
    s.later();
    await h.push(theirs);
    await cannotLand(s, expect, number, "squash");
  });

  scenario("a mode that only the colleague's commit, landing, shows as undone", {}, async (s, expect) => {
    const h = new History(s);
    const theirs = await h.commit([h.main], {}, "Make it run", OLGA, { [STRIPE]: "exec" });
    const undone = await h.commit([theirs], {}, "Not yet", JOHN, { [STRIPE]: "file" });
    const number = await h.open(await h.fix(undone));
    await toGreen(s, number);
    s.later();
    await h.push(theirs);
    const { summary } = await s.expectGate(number, "action_required");
    expect(summary).toContain("what would be merged has changed since");
    await expect(s.sandbox.as(JOHN).merge(REPO, number)).rejects.toThrow();
    // Somebody who looks at what would land now may approve it.
    await toGreen(s, number);
  });

  scenario("honest twin: a colleague's commit lands that changes nothing", {}, async (s, expect) => {
    const h = new History(s);
    const theirs = await h.commit([h.main], {}, "Run the checks again", OLGA);
    const number = await h.open(await h.fix(theirs));
    await toGreen(s, number);
    s.later();
    await h.push(theirs);
    await s.idle();
    expect((await s.gate(number))?.conclusion).toBe("success");
    await s.sandbox.as(JOHN).merge(REPO, number);
  });

  for (const method of ["merge", "squash", "rebase"] as const)
    scenario(
      `the base moving elsewhere, in the same file too, ends none: ${method}`,
      {},
      async (s, expect) => {
        const h = new History(s);
        const number = await h.open(await h.fix(h.main));
        await toGreen(s, number);
        s.later();
        const old = h.git.show("main", STRIPE) as string;
        await h.push(await h.commit([h.main], { [AUTH]: SAFE, [STRIPE]: `# Payments.\n${old}` }, "Docs"));
        await s.idle();
        expect((await s.gate(number))?.conclusion).toBe("success");
        await s.sandbox.as(JOHN).merge(REPO, number, method);
        await s.idle();
        expect(await postMortem(s, number)).not.toContain("not what was checked");
        expect(h.git.show("main", AUTH)).toBe(SAFE);
        expect(h.git.show("main", STRIPE)).toContain("# Payments.");
      },
    );
});

describe.concurrent("commits that are replayed one by one", () => {
  /** The same content lands in main as another commit: a replay skips the first, and not its revert. */
  async function copied(s: Scenario) {
    const h = new History(s);
    const start = h.main;
    const theirs = await h.commit([start], { [AUTH]: SAFE }, "Check sessions", JOHN);
    const undone = await h.commit([theirs], { [AUTH]: null }, "Not yet", JOHN);
    const number = await h.open(await h.fix(undone));
    await toGreen(s, number);
    await h.push(await h.commit([start], { [AUTH]: SAFE }, "Check sessions (picked)"));
    return { h, number };
  }

  scenario("a revert of what the base has by another commit", {}, async (s, expect) => {
    const { number } = await copied(s);
    const { summary } = await s.expectGate(number, "failure");
    expect(summary).toContain(AUTH);
    await cannotLand(s, expect, number, "rebase");
  });

  scenario("a revert of what the base has, of a file that was renamed before", {}, async (s, expect) => {
    const h = new History(s);
    const start = await h.commit([h.main], { [AUTH]: UNSAFE }, "Sessions");
    await h.push(start);
    const theirs = await h.commit([start], { [AUTH]: SAFE }, "Check sessions", JOHN);
    const renamed = await h.commit([theirs], { [AUTH]: null, [RENAMED]: SAFE }, "Rename", JOHN);
    const undone = await h.commit([renamed], { [RENAMED]: UNSAFE }, "Not yet", JOHN);
    const number = await h.open(await h.fix(undone));
    await toGreen(s, number);
    await h.push(await h.commit([start], { [AUTH]: SAFE }, "Check sessions (picked)"));
    const { summary } = await s.expectGate(number, "failure");
    expect(summary).toContain(RENAMED);
    await cannotLand(s, expect, number, "rebase");
  });

  scenario("corrections of one's own work are fine", {}, async (s, expect) => {
    const h = new History(s);
    const first = await h.commit(
      [h.main],
      { [STRIPE]: STRIPE_FIXED.replace("utf-8", "utf8") },
      DEPLOYMENT_MESSAGE,
      JOHN,
    );
    const number = await h.open(await h.fix(first));
    await h.push(await h.commit([h.main], { [AUTH]: SAFE }, "Check sessions"));
    await lands(s, expect, number, "rebase");
  });
});

describe.concurrent("a fix that was not made from main", () => {
  async function developing(s: Scenario) {
    const h = new History(s);
    const feature = await h.commit(
      [h.main],
      { "src/ui/checkout.py": "def label():\n    return 1\n" },
      "New label",
    );
    await h.push(feature, "develop");
    return { h, feature };
  }

  scenario(
    "but from develop: its commits are named, and the commands leave them out",
    {},
    async (s, expect) => {
      const { h, feature } = await developing(s);
      const fix = await h.fix(feature);
      const number = await h.open(fix);
      await h.push(await h.commit([feature], { "docs/c.md": "c\n" }, "Docs"), "develop");
      await s.idle();
      await s.sandbox.as(RITA).comment(REPO, number, "/hotfix recheck");
      await s.idle();
      const { summary = "" } = (await s.gate(number)) ?? {};
      expect(summary).toContain("Based on `develop` instead of `main`");
      expect(summary).toContain(`${feature.slice(0, 7)} New label`);
      expect(summary).toMatch(new RegExp(`git cherry-pick ${fix.slice(0, 12)}( &&)?\n`));
    },
  );

  scenario(
    "an honest one of two commits, brought to develop early, is made from main",
    {},
    async (s, expect) => {
      const { h } = await developing(s);
      const first = await h.commit(
        [h.main],
        { [STRIPE]: `# Payments.\n${STRIPE_FIXED}` },
        "A test first",
        JOHN,
      );
      await h.push(first, BRANCH, JOHN);
      await h.git.mergeNoFf(JOHN, "develop", BRANCH);
      const number = await h.open(await h.fix(first));
      const { summary } = await s.expectGate(number, "action_required");
      expect(summary).not.toContain("develop");
    },
  );
});

describe.concurrent("what landed is compared with what was checked", () => {
  for (const method of ["merge", "squash", "rebase"] as const)
    scenario(`merged (${method}) before the app has heard of the base`, {}, async (s, expect) => {
      const h = new History(s);
      const theirs = await h.commit([h.main], { [AUTH]: SAFE }, "Check sessions");
      const undone = await h.commit([theirs], { [AUTH]: null }, "Not yet", JOHN);
      const number = await h.open(await h.fix(undone));
      await toGreen(s, number);
      s.sandbox.knobs.deliveries = { drop: ({ event }) => event === "push" };
      s.later();
      await h.push(theirs);
      await s.sandbox.as(JOHN).merge(REPO, number, method);
      expect(h.git.show("main", AUTH)).toBeUndefined();
      await s.idle();
      const text = await postMortem(s, number);
      expect(text).toContain("not what was checked");
      expect(text).toContain(AUTH);
      expect(text).toContain('"bypassed": true');
    });
});

describe("a colleague's open pull request", () => {
  /** Rita's commit on a branch of her own, open as a pull request. */
  async function colleagues(s: Scenario): Promise<{ h: History; theirs: string; number: number }> {
    const h = new History(s);
    s.sandbox.protect(REPO, "main", {
      requiredChecks: [{ context: "hotfix-gate", appId: s.sandbox.app.id }],
    });
    const theirs = await h.commit([h.main], { [AUTH]: SAFE }, "Check the token");
    await h.push(theirs, "feature/token", RITA);
    const { number } = await s.sandbox
      .as(RITA)
      .openPullRequest(REPO, { head: "feature/token", title: "Check the token", body: "" });
    return { h, theirs, number };
  }

  for (const [how, message] of [
    ["by git revert", 'Revert "Check the token"'],
    ["by hand, in other words", "Tidy up"],
  ] as const)
    scenario(`is taken back, merged first: ${how}`, {}, async (s, expect) => {
      const { h, theirs, number: hers } = await colleagues(s);
      const back = await h.commit([theirs], { [AUTH]: null }, message, JOHN);
      const number = await h.open(await h.fix(back));
      await s.expectGate(number, "failure");
      s.later();
      await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
      await s.idle();
      expect((await s.gate(number))?.conclusion).toBe("failure");
      expect((await s.gate(number))?.summary).toContain(`#${hers}`);
      await expect(s.sandbox.as(JOHN).merge(REPO, number, "merge")).rejects.toThrow();
      // What the colleague was to land still lands.
      await s.sandbox.as(RITA).merge(REPO, hers, "merge");
      expect(h.git.show("main", AUTH)).toBe(SAFE);
    });

  scenario("honest twin: a colleague's commit that the diff shows", {}, async (s, expect) => {
    const h = new History(s);
    const helped = await h.commit([h.main], { [STRIPE]: "import hmac\n" }, "HOTFIX: Start", RITA);
    await h.push(helped, "feature/token", RITA);
    await s.sandbox.as(RITA).openPullRequest(REPO, { head: "feature/token", title: "Start", body: "" });
    const number = await h.open(await h.fix(helped));
    await s.expectGate(number, "action_required");
    expect((await s.gate(number))?.summary).not.toContain("Takes back");
  });
});
