import { describe } from "vitest";
import { JOHN, openOrdinary, REPO, type Scenario, scenario, toGreen, until, writes } from "./support.ts";

/** Design, section 6 and 8: the sweep finds what events did not tell, and costs little where nothing happened. */

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
