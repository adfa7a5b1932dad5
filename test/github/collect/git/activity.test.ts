import nock from "nock";
import { describe, expect, test } from "vitest";
import { readActivity } from "../../../../src/github/collect/git/activity.ts";
import { known } from "../../../../src/policy/fact.ts";
import { API, testClient, withoutNetwork } from "../../../support/nock-github.ts";
import { at, HEAD, PULL_REQUEST } from "../../../support/snapshot.ts";
import { ACTIVITY, PATHS, REPO, world } from "../world.ts";

withoutNetwork();

test("the branch's own entries, newest first, deletions and entries without an actor too", async () => {
  const entry = (more: object) => ({ ...ACTIVITY[0], ...more });
  const { client } = world({
    [PATHS.activity]: [
      entry({ timestamp: at("09:59:00") }),
      entry({
        timestamp: at("11:00:00"),
        activity_type: "branch_deletion",
        after: "0".repeat(40),
        actor: null,
      }),
      entry({ timestamp: at("10:30:00"), ref: "refs/heads/hotfix/stripe" }),
    ],
  });
  const activity = await readActivity(client, REPO, PULL_REQUEST);
  expect(activity).toMatchObject(
    known([
      { type: "branch_deletion", actor: null, at: at("11:00:00") },
      { type: "branch_creation", after: HEAD, at: at("09:59:00") },
    ]),
  );
});

describe("more than a page", () => {
  const sha = (n: number) => `${n}`.padStart(40, "c");
  const REF = "refs/heads/hotfix/stripe-webhook-verification";
  const row = (n: number, more: object = {}) => ({
    ...ACTIVITY[0],
    id: n,
    ref: REF,
    before: sha(n - 1),
    after: sha(n),
    timestamp: new Date(Date.parse(at("00:00:00")) + n * 1_000).toISOString(),
    ...more,
  });

  /** The activity of `count()` pushes, newest first, as GitHub pages it; what was asked for. */
  function activityOf(count: () => number, { refuses = (_: URLSearchParams): number => 0, others = 0 } = {}) {
    nock.cleanAll();
    const asked: URLSearchParams[] = [];
    nock(API)
      .persist()
      .get(PATHS.activity)
      .query(true)
      .reply((uri) => {
        const query = new URL(uri, API).searchParams;
        asked.push(query);
        const status = refuses(query);
        if (status !== 0) return [status, { message: "refused" }];
        const from = query.get("after") === null ? count() : Number(query.get("after")) - 1;
        const page = Array.from({ length: Math.min(100, from) }, (_, i) =>
          row(from - i, from - i <= others ? { ref: "refs/heads/main" } : {}),
        );
        const last = Math.max(1, from - 99);
        const more = last > 1 ? { link: `<${API}${PATHS.activity}?after=${last}>; rel="next"` } : {};
        return [200, page, more];
      });
    return asked;
  }
  const tips = (fact: Awaited<ReturnType<typeof readActivity>>) =>
    fact.known ? fact.value?.map((entry) => entry.after) : fact;

  test("is read to the end, and later only what is new", async () => {
    let pushes = 250;
    const asked = activityOf(() => pushes);
    const client = testClient();
    const all = (n: number) => Array.from({ length: n }, (_, i) => sha(n - i));
    expect(tips(await readActivity(client, REPO, PULL_REQUEST))).toEqual(all(250));
    expect(asked).toHaveLength(3);
    pushes = 252;
    expect(tips(await readActivity(client, REPO, PULL_REQUEST))).toEqual(all(252));
    expect(asked).toHaveLength(4);
    pushes = 460;
    expect(tips(await readActivity(client, REPO, PULL_REQUEST))).toEqual(all(460));
    expect(asked).toHaveLength(7);
  });

  test("is unknown for good where there are more than 5,000 entries, with the way out", async () => {
    activityOf(() => 5_001);
    expect(await readActivity(testClient(), REPO, PULL_REQUEST)).toEqual({
      known: false,
      reason: "the activity of the head branch: there are more than 5,000 entries",
      wayOut: expect.stringContaining("new branch"),
    });
    activityOf(() => 5_000);
    expect(tips(await readActivity(testClient(), REPO, PULL_REQUEST))).toHaveLength(5_000);
  });

  test.each([400, 404, 410, 422])(
    "a name that the route refuses with %i is looked for among all",
    async (status) => {
      const asked = activityOf(() => 150, {
        refuses: (query) => (query.has("ref") ? status : 0),
        others: 40,
      });
      expect(tips(await readActivity(testClient(), REPO, PULL_REQUEST))).toHaveLength(110);
      expect(asked).toHaveLength(3);
    },
  );

  test("a server without the route is asked twice, then once", async () => {
    const asked = activityOf(() => 1, { refuses: () => 404 });
    const client = testClient();
    expect(await readActivity(client, REPO, PULL_REQUEST)).toEqual(known(null));
    expect(await readActivity(client, REPO, PULL_REQUEST)).toEqual(known(null));
    expect(asked).toHaveLength(3);
  });

  test.each([
    "hotfix/a b",
    "hotfix/#1",
    "hotfix/50%",
    "hotfix/a+b&c=d?e",
    "hotfix/für-日本-🚑",
    `hotfix/${"x".repeat(240)}`,
    "refs/heads/hotfix/x",
  ])("the branch %j is asked for by its own name", async (ref) => {
    const asked = activityOf(() => 0);
    await readActivity(testClient(), REPO, { ...PULL_REQUEST, head: { ...PULL_REQUEST.head, ref } });
    expect(asked[0]?.get("ref")).toBe(`refs/heads/${ref}`);
  });
});
