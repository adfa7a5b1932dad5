import { describe } from "vitest";
import { ADMIN, addAdmin, pushToMain } from "./after-landed-support.ts";
import {
  JANE,
  JOHN,
  openOrdinary,
  REPO,
  type Scenario,
  scenario,
  toGreen,
  until,
  writes,
} from "./support.ts";

/**
 * Design, section 6 and 8: the sweep finds what events did not tell, and costs little where nothing happened.
 */

/** What the app asks for since `resetRequests`, tokens left out. */
function asked({ sandbox }: Scenario): readonly string[] {
  return sandbox.requests
    .map(({ method, path }) => `${method} ${path.replace(/\?.*/, "")}`)
    .filter((request) => !request.endsWith("/access_tokens"));
}

/** Whatever happens meanwhile is not told to the app. */
async function untold<T>({ sandbox }: Scenario, happens: () => Promise<T>): Promise<T> {
  sandbox.knobs.deliveries.drop = () => true;
  const result = await happens();
  await sandbox.settle();
  sandbox.knobs.deliveries.drop = undefined;
  return result;
}

async function postMortems({ sandbox }: Scenario): Promise<readonly string[]> {
  const issues = await sandbox.issues(REPO);
  return issues.map(({ title }) => title).filter((title) => title.startsWith("Post-mortem:"));
}

describe("the sweep", () => {
  scenario("costs three requests where nothing happened", {}, async (s, expect) => {
    await s.idle();
    await s.sweep();
    s.sandbox.resetRequests();
    await s.sweep();
    expect(asked(s)).toEqual(["GET /search/issues", "GET /search/issues", "GET /installation/repositories"]);
  });

  scenario("looks at an open hotfix only when it changed or something is due", {}, async (s, expect) => {
    const number = await s.openHotfix();
    await s.expectGate(number, "action_required");
    await s.sweep();
    await s.sweep();
    s.sandbox.resetRequests();
    await s.sweep();
    expect(asked(s).filter((request) => request.includes(`/${number}`))).toEqual([]);
    expect(writes(s)).toEqual([]);
    s.later(15 * 60);
    await s.sweep();
    expect(writes(s).filter((request) => request.includes("/comments"))).toHaveLength(1);
  });

  scenario("finds a hotfix and a merge that no event told of", {}, async (s, expect) => {
    await s.sweep();
    const number = await untold(s, () => s.openHotfix());
    await s.sweep();
    await toGreen(s, number);
    await s.sweep();
    await untold(s, () => s.sandbox.as(JOHN).merge(REPO, number));
    expect(await postMortems(s)).toEqual([]);
    await s.sweep();
    expect(await postMortems(s)).toHaveLength(1);
  });

  const LIFE = [
    { name: "by its branch", branch: "hotfix/stripe", title: "Encode the secret" },
    { name: "by its title", branch: "fix/stripe", title: "HOTFIX: Encode the secret" },
    { name: "by a branch of the configuration", branch: "urgent/stripe", title: "Encode the secret" },
  ];
  for (const { name, ...life } of LIFE)
    scenario(
      `finds at the next look a hotfix (${name}) that was opened, approved and merged with every event lost`,
      { config: 'version: 1\nbranches: { hotfix: ["hotfix/**", "urgent/**"] }\n' },
      async (s, expect) => {
        s.sandbox.knobs.fail({ method: "POST", path: /attempts$/ }, { status: 500 });
        await s.sweep();
        addAdmin(s);
        await untold(s, async () => {
          const number = await s.openHotfix(life);
          s.later();
          await s.sandbox.as(JANE).review(REPO, number, "APPROVED");
          await s.sandbox.as(ADMIN).merge(REPO, number, "merge", { admin: true });
        });
        expect(await postMortems(s)).toEqual([]);
        await s.sweep();
        expect(await postMortems(s)).toHaveLength(1);
        s.sandbox.resetRequests();
        await s.sweep();
        await s.sweep();
        expect(writes(s)).toEqual([]);
      },
    );

  scenario("finds at the next look hotfix commits that were pushed directly", {}, async (s, expect) => {
    s.sandbox.knobs.fail({ method: "POST", path: /attempts$/ }, { status: 500 });
    await s.sweep();
    addAdmin(s);
    await untold(s, () => pushToMain(s));
    await s.sweep();
    expect(await postMortems(s)).toHaveLength(1);
    await s.sweep();
    expect(await postMortems(s)).toHaveLength(1);
  });

  scenario(
    "reads no ordinary pull request: twenty repositories cost three requests",
    {},
    async (s, expect) => {
      const { sandbox } = s;
      await untold(s, async () => {
        for (let n = 1; n <= 20; n++) {
          const repo = `kamiyo/service-${n}`;
          await sandbox.createRepository(repo, { files: { "a.txt": "a" } });
          const git = sandbox.git(repo);
          await git.commit("feature", {
            message: "b",
            files: { "a.txt": "b" },
            parents: [git.head("main") as string],
          });
          await git.push("kamiyo", "feature");
          await sandbox.as("kamiyo").openPullRequest(repo, { head: "feature", title: "b" });
        }
      });
      sandbox.knobs.fail({ method: "POST", path: /attempts$/ }, { status: 500 });
      sandbox.resetRequests();
      await s.sweep();
      const first = asked(s);
      expect(first.filter((request) => /\/(?:pulls|issues)\/\d+/.test(request))).toEqual([]);
      sandbox.resetRequests();
      await s.sweep();
      expect(asked(s)).toHaveLength(3);
    },
  );

  scenario("lists where there is no search", {}, async (s, expect) => {
    s.sandbox.knobs.fail({ method: "GET", path: /^\/search\/issues/ }, { status: 422 });
    await s.sweep();
    const number = await untold(s, () => s.openHotfix());
    await s.sweep();
    await s.expectGate(number, "action_required");
    expect(writes(s).length).toBeGreaterThan(0);
  });

  scenario(
    "at its start finds what happened while the app was down, ordinary pull requests too",
    {},
    async (s, expect) => {
      const merged = await s.openHotfix();
      await toGreen(s, merged);
      await s.stopServer();
      await s.sandbox.as(JOHN).merge(REPO, merged);
      s.later();
      const open = await s.openHotfix({
        branch: "hotfix/button-colour",
        files: { "src/ui/button.css": ".button {\n  border-radius: 4px; /* HOTFIX: Issue #1234 */\n}\n" },
      });
      const ordinary = await openOrdinary(s);
      await s.restartServer();
      await s.expectGate(ordinary, "skipped");
      await s.expectGate(open, "action_required");
      await until("the post-mortem", async () => ((await postMortems(s)).length > 0 ? true : null));
      await s.sweep();
      expect(await postMortems(s)).toHaveLength(1);
    },
  );

  scenario("does not let one installation's failure stop the others", {}, async (s, expect) => {
    await s.sweep();
    // The token of the first is kept; that of the second cannot be had.
    s.sandbox.knobs.fail({ method: "POST", path: /access_tokens$/ }, { status: 500 });
    s.sandbox.createUser("elsewhere", { name: "Else", email: "else@where.example" });
    await s.sandbox.createRepository("elsewhere/site", { files: { "README.md": "x" } });
    const number = await untold(s, () => s.openHotfix());
    s.sandbox.resetRequests();
    await s.sandbox.settle();
    void s.sweep();
    await s.expectGate(number, "action_required");
    expect(
      s.sandbox.requests.some(({ status, path }) => status === 500 && path.includes("access_tokens")),
    ).toBe(true);
  });
});
