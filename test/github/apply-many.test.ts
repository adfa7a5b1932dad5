import { describe, expect, test } from "vitest";
import { applyActions } from "../../src/github/apply/apply.ts";
import type { Action } from "../../src/policy/action.ts";
import { FAULTS, type Fault, testClient, withoutNetwork } from "../support/nock-github.ts";
import { BOT, type World, world } from "../support/nock-world.ts";

withoutNetwork();

/** Actions that write several things, each of which may fail, or be done and answered as failed. */

const REPO = { owner: "o", repo: "r" };
const log = { info: () => undefined, warn: () => undefined };
const apply = (action: Action) =>
  applyActions(testClient(), REPO, [action], log, { pause: async () => undefined });

const DIGEST: Action = {
  type: "post-digest",
  issue: { marker: "<!-- hotfix-guard:digests -->", title: "Hotfix digest", body: "Each week." },
  marker: "<!-- hotfix-guard:digest 2026-11-30 -->",
  body: "Hotfixes: 1\n\n<!-- hotfix-guard:digest 2026-11-30 -->",
};
const BODY = "## Action Items\n\n- [ ] Test it - @jane - 2026-12-01\n- [ ] Alert - @john - 2026-12-01\n";
const item = (line: number, title: string) => ({
  line,
  title,
  body: "From the post-mortem.",
  marker: `<!-- hotfix-guard:item 7 ${line} -->`,
  assignees: [],
});
const ITEMS: Action = {
  type: "open-action-issues",
  number: 7,
  from: BODY,
  since: "2026-11-28T10:00:00Z",
  items: [item(2, "Test it"), item(3, "Alert")],
};

interface Case {
  readonly action: Action;
  readonly routes: readonly string[];
  prepare(w: World): void;
  /** All of it, each once. */
  done(w: World): unknown;
  readonly whole: unknown;
}
const CASES: Readonly<Record<string, Case>> = {
  "the digest": {
    action: DIGEST,
    routes: ["POST issues", "POST comments"],
    prepare: () => undefined,
    done: ({ issues, comments }) => [issues.length, comments.length],
    whole: [1, 1],
  },
  "issues of action items": {
    action: ITEMS,
    routes: ["POST issues", "PATCH issue"],
    prepare: (w) => w.issues.push({ id: 7, number: 7, user: BOT, body: BODY }),
    done: ({ issues }) => [
      issues.length - 1,
      String(issues[0]?.body).match(/#1\d\d/g)?.length,
      new Set(issues.map(({ title }) => title)).size - 1,
    ],
    whole: [2, 2, 2],
  },
};
const TABLE = Object.entries(CASES).flatMap(([name, one]) =>
  one.routes.map((route) => [name, route, one] as const),
);
const UNCLEAR = ["500", "502", "timeout", "network", "truncated"] as const satisfies readonly Fault[];

/** Until it is done, as its job tries it. */
async function applyUntilDone(action: Action): Promise<number> {
  for (let run = 1; run < 5; run++) if ((await apply(action)).failures.length === 0) return run;
  return 5;
}

describe.each(TABLE)("%s, %s", (_name, route, { action, prepare, done, whole }) => {
  const made = () => {
    const w = world();
    prepare(w);
    return w;
  };

  test("twice, it is there once", async () => {
    const w = made();
    expect((await apply(action)).failures).toEqual([]);
    const writes = w.writes().length;
    await apply(action);
    expect(done(w)).toEqual(whole);
    if (action.type === "post-digest") expect(w.writes()).toHaveLength(writes);
  });

  test.each(UNCLEAR.flatMap((fault) => [[fault, true] as const, [fault, false] as const]))(
    "answered with %s, done: %s: once in the end, nothing is doubled",
    async (fault, commit) => {
      const w = made();
      w.fails(route, fault, { commit });
      expect(await applyUntilDone(action)).toBeLessThan(5);
      expect(done(w)).toEqual(whole);
    },
  );

  test.each(FAULTS)("%s without an end: a failure in plain words, and nothing is doubled", async (fault) => {
    const w = made();
    w.fails(route, fault, { times: 99 });
    const { failures } = await apply(action);
    expect(failures).toHaveLength(1);
    expect(failures[0]?.reason).toMatch(/^(the|an|action|opening|posting)[^/{]*: /);
    expect(failures[0]?.retry).toBe(!["403", "404", "422"].includes(fault));
    expect(new Set(w.issues.map(({ title }) => title)).size).toBe(w.issues.length);
  });
});

test.each(["403", "404", "422"] as const)(
  "an item's issue that cannot be a sub-issue (%s) is linked all the same",
  async (fault) => {
    const w = world();
    CASES["issues of action items"]?.prepare(w);
    w.fails("POST sub_issues", fault, { times: 99 });
    expect((await apply(ITEMS)).failures).toEqual([]);
    expect(CASES["issues of action items"]?.done(w)).toEqual([2, 2, 2]);
  },
);

test("somebody edits the post-mortem meanwhile: their text stays, and no issue is opened twice", async () => {
  const w = world();
  w.issues.push({ id: 7, number: 7, user: BOT, body: `${BODY}\nMine.\n` });
  expect((await apply(ITEMS)).failures).toMatchObject([{ retry: true }]);
  expect(w.issues[0]?.body).toBe(`${BODY}\nMine.\n`);
  await apply(ITEMS);
  expect(w.issues).toHaveLength(3);
});
