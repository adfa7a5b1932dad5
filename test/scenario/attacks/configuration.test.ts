import { describe, type ExpectStatic } from "vitest";
import type { Gate } from "../../../src/demo/watch.ts";
import { JANE, JOHN, openOrdinary, REPO, RITA, type Scenario, scenario, toGreen, until } from "../support.ts";

/**
 * What a proposed or broken configuration is used for, and beside each the honest change that must still pass
 * (issue 8: 1, 2, 23, 24).
 */

const FILE = ".github/hotfix.yml";
const MALLORY = "mallory";
const VALID = "version: 1\nroles:\n  engineering-manager: { teams: [engineering-managers] }\n";
const BROKEN = "version: 1\nmoed: observe\n";
const SECRETS = "database_password: hunter2\nroles: sk_live_51H\n";
const SECRET = /hunter2|sk_live|database_password/;

/** A private repository with a file that is no configuration. */
async function vault({ sandbox }: Scenario, files: Record<string, string> = {}): Promise<void> {
  await sandbox.createRepository("kamiyo/vault", {
    private: true,
    files: { "prod/secrets.yml": SECRETS, ...files },
  });
}

/** A stranger's pull request from a fork, whose only change is this. */
async function fromFork(s: Scenario, files: Record<string, string>, permission?: "write"): Promise<number> {
  const { sandbox } = s;
  const branch = "settings";
  sandbox.createUser(MALLORY);
  if (permission !== undefined) sandbox.setPermission(REPO, MALLORY, permission);
  const fork = await sandbox.createFork(REPO, MALLORY);
  const git = sandbox.git(fork);
  const author = sandbox.person(MALLORY);
  const parents = [sandbox.git(REPO).head("main") as string];
  await git.commit(branch, { message: "Settings", files, author, committer: author, parents });
  await git.push(MALLORY, branch);
  const pull = { head: `${MALLORY}:${branch}`, title: "Settings" };
  return (await sandbox.as(MALLORY).openPullRequest(REPO, pull)).number;
}

/** A writer's pull request with one commit of any shape. */
async function proposed(
  s: Scenario,
  commit: {
    files?: Record<string, string>;
    renames?: Record<string, string>;
    modes?: Record<string, "symlink" | "exec">;
  },
  branch = "settings",
): Promise<number> {
  const { sandbox } = s;
  const git = sandbox.git(REPO);
  const author = sandbox.person(JOHN);
  const parents = [git.head("main") as string];
  await git.commit(branch, { message: "Settings", author, committer: author, parents, ...commit });
  await git.push(JOHN, branch);
  return (await sandbox.as(JOHN).openPullRequest(REPO, { head: branch, title: "Settings" })).number;
}

const said = ({ title, summary, text }: Gate): string => `${title}\n${summary}\n${text}`;

/** The requests for files of another repository; for its own configuration it is asked by itself. */
const looks = ({ sandbox }: Scenario, repo = "kamiyo/vault"): readonly string[] =>
  sandbox.requests
    .map(({ path }) => path)
    .filter((path) => path.startsWith(`/repos/${repo}/contents`) && !path.includes("%2Fhotfix.y"));

async function configure({ sandbox }: Scenario, text: string): Promise<void> {
  sandbox.protect(REPO, "main", null);
  const git = sandbox.git(REPO);
  await git.commit("main", { message: "Configure", files: { [FILE]: text } });
  await git.push(RITA, "main");
}

describe.concurrent("a stranger's configuration", () => {
  for (const [what, target] of [
    ["a private file", "vault:prod/secrets.yml"],
    ["a file that is not there", "vault:prod/other.yml"],
    ["a repository that is not there", "nowhere:prod/secrets.yml"],
  ] as const) {
    scenario(`extends ${what}: nothing is read, and the check says the same`, {}, async (s, expect) => {
      await vault(s);
      const number = await fromFork(s, { [FILE]: `version: 1\nextends: "${target}"\n` });
      const gate = await s.expectGate(number, "skipped");
      expect(said(gate)).toContain("Not validated");
      expect(said(gate)).not.toMatch(/vault|nowhere|secrets\.yml|other\.yml/);
      expect(looks(s)).toEqual([]);
      await toGreen(s, await s.openHotfix());
    });
  }

  scenario("by an alias: nothing is read", {}, async (s, expect) => {
    await vault(s);
    const text = 'version: 1\nmode: &x "vault:prod/secrets.yml"\nextends: *x\n';
    const gate = await s.expectGate(await fromFork(s, { [FILE]: text }), "skipped");
    expect(said(gate)).not.toContain("vault");
    expect(looks(s)).toEqual([]);
  });

  scenario("holds up nobody: it is not parsed at all", {}, async (s, expect) => {
    const patterns = Array.from({ length: 100 }, (_, i) => `    - '${"a{1000}".repeat(70)}${i}'`);
    const number = await fromFork(s, { [FILE]: `commit:\n  issues:\n${patterns.join("\n")}\n` });
    const gate = await s.expectGate(number, "skipped");
    expect(said(gate)).toContain("Not validated");
    await toGreen(s, await s.openHotfix());
  });

  scenario("does not fix the one in force", { config: BROKEN }, async (s, expect) => {
    const number = await fromFork(s, { [FILE]: VALID });
    expect(said(await s.expectGate(number, "failure"))).toContain("Not validated");
  });
});

describe.concurrent("a writer's configuration", () => {
  scenario("is validated, with the place of each problem", {}, async (s, expect) => {
    const gate = await s.expectGate(await proposed(s, { files: { [FILE]: BROKEN } }), "skipped");
    expect(said(gate)).toContain("hotfix.yml:2:1");
  });

  scenario("from the own fork is validated as well", {}, async (s, expect) => {
    const number = await fromFork(s, { [FILE]: BROKEN }, "write");
    const gate = await s.expectGate(number, "skipped");
    expect(said(gate)).toContain("hotfix.yml:2:1");
  });

  scenario("extends what the writer may not read: it is not read", {}, async (s, expect) => {
    await vault(s);
    const files = { [FILE]: `${VALID}extends: "vault:prod/secrets.yml"\n` };
    const gate = await s.expectGate(await proposed(s, { files }), "skipped");
    expect(said(gate)).toContain("was not read");
    expect(said(gate)).not.toMatch(SECRET);
    expect(looks(s)).toEqual([]);
  });

  scenario(
    "extends what the default branch does: read, and honest changes are judged with it",
    { config: "version: 1\nextends: vault:base.yml\n" },
    async (s, expect) => {
      await vault(s, { "base.yml": VALID });
      const files = { [FILE]: "version: 1\nextends: vault:base.yml\nrules: { hotfix-comment: off }\n" };
      const gate = await s.expectGate(await proposed(s, { files }), "skipped");
      expect(said(gate)).toContain("Valid, with 2 warnings");
      expect(looks(s)).not.toEqual([]);
    },
  );
});

describe.concurrent("a file of another repository that is not valid", () => {
  scenario(
    "extended by the default branch: every pull request is blocked, and nothing of it is shown",
    { config: "version: 1\nextends: vault:prod/secrets.yml\n" },
    async (s, expect) => {
      await vault(s);
      const gate = await s.expectGate(await s.openHotfix(), "failure");
      expect(said(gate)).toContain("is not valid");
      expect(said(gate)).not.toMatch(SECRET);
      const fixing = await proposed(s, { files: { [FILE]: VALID } });
      await s.expectGate(fixing, "skipped");
    },
  );

  scenario("the owner's private one: the same", { config: null }, async (s, expect) => {
    await s.sandbox.createRepository("kamiyo/.github", { private: true, files: { [FILE]: SECRETS } });
    const gate = await s.expectGate(await s.openHotfix(), "failure");
    expect(said(gate)).toContain("is not valid");
    expect(said(gate)).not.toMatch(SECRET);
  });
});

describe.concurrent("while the configuration is broken", () => {
  const refused = async (s: Scenario, number: number, expect: ExpectStatic): Promise<void> => {
    const gate = await s.expectGate(number, "failure");
    expect(gate.title).toContain("Configuration");
  };

  scenario(
    "another file renamed to it fixes nothing; an edit does",
    { config: BROKEN },
    async (s, expect) => {
      const { sandbox } = s;
      sandbox.protect(REPO, "main", null);
      const git = sandbox.git(REPO);
      await git.commit("main", { message: "Docs", files: { "docs/example.yml": VALID, [FILE]: BROKEN } });
      await git.push(RITA, "main");
      await refused(s, await proposed(s, { renames: { "docs/example.yml": FILE } }), expect);
      await s.expectGate(await proposed(s, { files: { [FILE]: VALID } }, "edit"), "skipped");
    },
  );

  scenario("a link to a valid file fixes nothing", { config: BROKEN }, async (s, expect) => {
    const { sandbox } = s;
    sandbox.protect(REPO, "main", null);
    const git = sandbox.git(REPO);
    await git.commit("main", { message: "Docs", files: { ".github/example.yml": VALID } });
    await git.push(RITA, "main");
    const commit = { files: { [FILE]: "example.yml" }, modes: { [FILE]: "symlink" } } as const;
    await refused(s, await proposed(s, commit), expect);
  });

  scenario("a change of its mode fixes nothing", { config: BROKEN }, async (s, expect) => {
    const commit = { files: { [FILE]: BROKEN }, modes: { [FILE]: "exec" } } as const;
    await refused(s, await proposed(s, commit), expect);
  });

  scenario("both names at once: told, and taking one away fixes it", {}, async (s, expect) => {
    const { sandbox } = s;
    sandbox.protect(REPO, "main", null);
    const git = sandbox.git(REPO);
    await git.commit("main", { message: "Twice", files: { ".github/hotfix.yaml": "version: 1\n" } });
    await git.push(RITA, "main");
    const number = await s.openHotfix();
    expect(said(await s.expectGate(number, "failure"))).toContain(".github/hotfix.yaml");
    const fixing = await proposed(s, { files: { ".github/hotfix.yaml": null as unknown as string } });
    await s.expectGate(fixing, "skipped");
    await sandbox.as(JOHN).merge(REPO, fixing);
    await s.expectGate(number, "action_required");
  });

  for (const checked of [false, true])
    scenario(
      `both names at once, ${checked ? "failed for it before" : "told of by no event"}: a new process stays red`,
      { config: VALID },
      async (s, expect) => {
        const { sandbox } = s;
        const git = sandbox.git(REPO);
        const number = await openOrdinary(s);
        await s.expectGate(number, "skipped");
        await s.idle();
        const drop = { drop: () => true };
        sandbox.knobs.deliveries = checked ? {} : drop;
        await git.commit("main", { message: "Twice", files: { ".github/hotfix.yaml": "version: 1\n" } });
        sandbox.protect(REPO, "main", null);
        await git.push(RITA, "main");
        if (checked) await s.expectGate(number, "failure");
        sandbox.knobs.deliveries = drop;
        await s.restartServer();
        sandbox.knobs.deliveries = {};
        sandbox.resetRequests();
        await sandbox.as(JOHN).addLabel(REPO, number, "ours");
        expect(said(await s.expectGate(number, "failure"))).toContain(".github/hotfix.yaml");
        await s.idle();
        // What has failed for it never passes in between.
        const writes = sandbox.requests.filter(
          ({ method, path }) => method !== "GET" && path.includes("/check-runs"),
        );
        if (checked) expect(writes).toEqual([]);
      },
    );

  scenario("a writer's file of a kind that nobody meant is judged by what it is", {}, async (s, expect) => {
    await configure(s, "version: 1\nbranches: { name: '(a{100}){100}' }\n");
    const number = await openOrdinary(s);
    expect(said(await s.expectGate(number, "failure"))).toMatch(/too large|not an RE2 pattern/);
    await configure(s, VALID);
    await until("the ordinary pull request is free", async () =>
      (await s.gate(number))?.conclusion === "skipped" ? true : null,
    );
    await s.sandbox.as(JANE).comment(REPO, number, "Thanks");
  });
});
