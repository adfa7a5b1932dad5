import { describe, expect, test } from "vitest";
import { defaultPolicy } from "../../../src/config/index.ts";
import { encodeRecord } from "../../../src/github/collect/check/record-text.ts";
import { collectPullRequest } from "../../../src/github/collect/collect.ts";
import type { CollectedPullRequest } from "../../../src/github/collect/collected.ts";
import type { CollectOptions } from "../../../src/github/collect/options.ts";
import { evaluate } from "../../../src/policy/evaluate.ts";
import { known, unknown } from "../../../src/policy/fact.ts";
import type { PolicyReading } from "../../../src/policy/verdict.ts";
import { recordComment } from "../../../src/render/text/marker.ts";
import { FAULTS, type Fault, withoutNetwork } from "../../support/nock-github.ts";
import { at, BASE, HEAD } from "../../support/snapshot.ts";
import {
  type Answer,
  APP_BOT,
  EXAMPLE,
  PATHS,
  REPO,
  ROOT,
  rawCompare,
  rawFile,
  rawPull,
  rawRun,
  repository,
  TIMELINE,
  user,
  world,
} from "./world.ts";

withoutNetwork();

const POLICY: PolicyReading = { state: "valid", policy: defaultPolicy(), source: "defaults" };

/** People whom the list of those with write access does not show are looked up one by one. */
const ALONE: Readonly<Record<string, Answer>> = { [PATHS.collaborators]: [] };

async function collect(more: Record<string, Answer> = {}, options: Partial<CollectOptions> = {}) {
  const { client, requests } = world({ ...EXAMPLE, ...more });
  const collected = await collectPullRequest(client, REPO, 42, {
    policy: Promise.resolve(POLICY),
    hint: {},
    validateConfigAt: async () => known({ problems: [] }),
    ...options,
  });
  return { collected, requests };
}

async function whole(
  ...args: Parameters<typeof collect>
): Promise<CollectedPullRequest & { requests: string[] }> {
  const { collected, requests } = await collect(...args);
  if (collected.state !== "collected") throw new Error(JSON.stringify(collected));
  return { ...collected, requests };
}

describe("a hotfix with three commits, five files and two approvals", () => {
  test("costs seven reads besides the policy; who else has the head is read when it is asked for", async () => {
    const { requests, snapshot, siblings } = await whole();
    expect(evaluate(snapshot, POLICY)).toMatchObject({ outcome: "success", unknowns: [] });
    expect(requests.map((path) => path.split("?")[0]).sort()).toEqual(
      [
        PATHS.pull,
        PATHS.timeline,
        PATHS.compare,
        PATHS.activity,
        PATHS.gates,
        PATHS.issue,
        // Of both who approve.
        PATHS.collaborators,
      ].sort(),
    );
    for (const _ of [1, 2]) expect(await siblings()).toEqual(known([]));
    expect(requests.slice(7)).toEqual([expect.stringContaining(PATHS.siblings)]);
  });

  test("that does not pass has who else has the head read beside what is read for that", async () => {
    const { requests } = await whole({ ...ALONE, [PATHS.jane]: { fault: "404" } });
    expect(requests.filter((path) => path.startsWith(PATHS.siblings))).toHaveLength(1);
  });

  test("is read into a snapshot", async () => {
    const { snapshot, siblings, gates, statusComment, answers, formerHeads, proposedConfig } = await whole();
    expect(snapshot).toMatchObject({
      app: { id: 7, slug: "hotfix-guard" },
      observedAt: "2025-10-14T10:20:00.000Z",
      repository: { owner: "kamiyo", name: "api", defaultBranch: "main" },
      origin: { kind: "pull-request", number: 42 },
      pullRequest: {
        fork: false,
        commitCount: 3,
        merged: null,
        author: { login: "john", type: "User" },
      },
      history: known({ reviews: [{ state: "approved", commit: HEAD, at: at("10:08:00") }] }),
      activity: known([{ after: HEAD, type: "branch_creation", at: at("09:59:00") }]),
      comparison: known({ behindBy: 0, mergeBase: BASE, baseChangedPaths: [] }),
      firstSeenAt: known(null),
      inProduction: known(false),
      rollbackOf: known(null),
      mergeSettings: known({ rebase: false, squashTitle: "PR_TITLE" }),
      issues: { "kamiyo/api#1234": known({ exists: true, pullRequest: false, labels: ["payment", "raw"] }) },
      people: {
        jane: { access: known({ permission: "admin", roleName: "admin" }) },
        rita: { access: known({ permission: "write", roleName: "maintain" }) },
      },
    });
    expect(snapshot.commits).toMatchObject(known([{}, {}, { sha: HEAD, author: { login: "john" } }]));
    expect(snapshot.files.known && snapshot.files.value).toHaveLength(5);
    expect({
      siblings: await siblings(),
      gates,
      statusComment,
      answers,
      formerHeads,
      proposedConfig,
    }).toEqual({
      siblings: known([]),
      gates: known([]),
      statusComment: known(null),
      answers: known(new Set()),
      formerHeads: known([]),
      proposedConfig: known(null),
    });
  });

  test("asks only for the app's own runs, and for the branch's own activity", async () => {
    const { requests } = await whole();
    const query = (path: string) =>
      Object.fromEntries(
        new URL(requests.find((each) => each.startsWith(path)) ?? "", "https://x").searchParams,
      );
    expect(query(PATHS.gates)).toMatchObject({ check_name: "hotfix-gate", app_id: "7", filter: "latest" });
    expect(query(PATHS.activity)).toMatchObject({ ref: "refs/heads/hotfix/stripe-webhook-verification" });
  });
});

type Read = readonly ({ known: boolean } | undefined)[];

/** What is unknown when a route fails, and where a status is an answer instead. */
const ROUTES: readonly {
  route: keyof typeof PATHS;
  of: (collected: CollectedPullRequest) => Read | Promise<Read>;
  says: string;
  /** One value a fact. */
  answers?: Partial<Record<Fault, readonly unknown[]>>;
  /** What has to fail as well, or be different, for the route to matter. */
  with?: Record<string, Answer>;
  /** A failure here leaves the verdict itself to others. */
  decidesNothing?: true;
}[] = [
  {
    route: "timeline",
    of: (c) => [c.snapshot.history, c.statusComment, c.answers],
    says: "the timeline of the pull request",
  },
  {
    route: "compare",
    of: (c) => [c.snapshot.comparison],
    says: "how the branch stands to its base",
    decidesNothing: true,
  },
  {
    route: "commits",
    of: (c) => [c.snapshot.commits],
    says: "the commits of the pull request",
    with: { [PATHS.compare]: { fault: "404" } },
  },
  {
    route: "files",
    of: (c) => [c.snapshot.files],
    says: "the files of the pull request",
    with: { [PATHS.compare]: { fault: "502" } },
  },
  {
    route: "activity",
    of: (c) => [c.snapshot.activity, c.formerHeads],
    says: "the activity of the head branch",
    // Then each commit of the pull request may have been its head.
    answers: Object.fromEntries(
      ["403", "404", "422"].map((status) => [status, [null, ["2", "1"].map((c) => c.repeat(40))]]),
    ),
  },
  {
    route: "gates",
    of: (c) => [c.gates, c.snapshot.firstSeenAt],
    says: "the check runs of aaaaaaa",
    decidesNothing: true,
  },
  {
    route: "siblings",
    of: async (c) => [await c.siblings()],
    says: "the pull requests of the head",
    // Then all open pull requests are listed instead.
    answers: { "404": [[]], "409": [[]], "422": [[]] },
    decidesNothing: true,
  },
  {
    route: "issue",
    of: (c) => [c.snapshot.issues["kamiyo/api#1234"]],
    says: "the issue #1234",
    answers: { "404": [{ exists: false }] },
  },
  {
    route: "jane",
    of: (c) => [c.snapshot.people.jane?.access],
    says: "the permission of jane",
    with: ALONE,
    answers: { "404": [{ permission: "none", roleName: "none" }] },
  },
  {
    route: "collaborators",
    of: (c) => [c.snapshot.roleHolders["engineering-manager"]],
    says: "who has which permission",
    with: { [PATHS.jane]: { fault: "404" } },
  },
];

describe("what cannot be read is unknown, and says what and why", () => {
  const cases = ROUTES.flatMap((route) => FAULTS.map((fault) => ({ ...route, fault })));
  test.each(cases)(
    "$route: $fault",
    async ({ route, of, says, answers, fault, with: more, decidesNothing }) => {
      const collected = await whole({ ...more, [PATHS[route]]: { fault } });
      const facts = await of(collected);
      const answer = answers?.[fault];
      if (answer !== undefined) {
        expect(facts).toEqual(answer.map(known));
        return;
      }
      for (const fact of facts) {
        expect(fact).toMatchObject({ known: false, reason: expect.stringMatching(`^${says}.*: GitHub`) });
      }
      if (decidesNothing !== true) expect(evaluate(collected.snapshot, POLICY).outcome).not.toBe("success");
    },
  );

  test.each(FAULTS)("the pull request: %s", async (fault) => {
    const { collected } = await collect({ [PATHS.pull]: { fault } }, { hint: { headSha: "f".repeat(40) } });
    if (fault === "404") expect(collected).toEqual({ state: "gone" });
    else {
      expect(collected).toMatchObject({
        state: "unreadable",
        reason: expect.stringMatching(/^the pull request: GitHub/),
        headSha: "f".repeat(40),
      });
    }
  });

  test.each(FAULTS)("whether a hotfix is a rollback: %s never proves it", async (fault) => {
    const { snapshot } = await whole({
      ...ALONE,
      [PATHS.closed]: { fault },
      [PATHS.jane]: { fault: "404" },
    });
    expect(snapshot.rollbackOf).toEqual(known(null));
  });

  test.each(Object.values(PATHS))("%s answers something else: no crash, no success", async (path) => {
    for (const answer of [{}, [], null, "text", [null], [{}]]) {
      const { collected } = await collect({ ...ALONE, [path]: { status: 200, body: answer } });
      if (collected.state === "collected" && path !== PATHS.closed && path !== PATHS.collaborators) {
        const facts = [collected.gates, await collected.siblings(), collected.snapshot.comparison];
        const passes = evaluate(collected.snapshot, POLICY).outcome === "success";
        const isList = Array.isArray(answer) && answer.length === 0;
        const unused = [PATHS.commits, PATHS.files, PATHS.history].includes(path as never);
        if (!isList && !unused) expect(passes && facts.every((fact) => fact.known)).toBe(false);
      }
    }
  });
});

describe("what an evaluation asked for is read ahead the next time", () => {
  test("and used where it is asked for again: each once", async () => {
    const { client, requests } = world(EXAMPLE);
    const look = () =>
      collectPullRequest(client, REPO, 42, {
        policy: Promise.resolve(POLICY),
        hint: {},
        validateConfigAt: async () => known({ problems: [] }),
      });
    const [first, before] = [await look(), requests.length];
    const second = await look();
    if (first.state !== "collected" || second.state !== "collected") throw new Error("unread");
    expect(second.snapshot).toEqual(first.snapshot);
    const again = requests.slice(before).map((path) => path.split("?")[0]);
    for (const path of [PATHS.issue, PATHS.collaborators])
      expect(again.filter((one) => one === path)).toHaveLength(1);
    // Before what tells that they are needed.
    expect(again.indexOf(PATHS.collaborators)).toBeLessThan(again.indexOf(PATHS.compare));
  });
});

describe("what the event says of head and base is read ahead", () => {
  const refs = { head: "hotfix/stripe-webhook-verification", base: "main" };
  const once = (requests: readonly string[], part: string) =>
    requests.filter((path) => path.includes(part)).length;

  test("and used where the pull request says the same: each once", async () => {
    const plain = await whole({});
    const { collected, requests } = await collect({}, { hint: { headSha: HEAD, refs } });
    expect(collected).toMatchObject({ state: "collected", snapshot: plain.snapshot });
    for (const part of ["/compare/", "/check-runs", "/activity"])
      expect([part, once(requests, part)]).toEqual([part, 1]);
  });

  test.each([
    ["another base by now", { headSha: HEAD, refs: { ...refs, base: "next" } }],
    ["another head by now", { headSha: "f".repeat(40), refs }],
    ["another branch", { headSha: HEAD, refs: { ...refs, head: "hotfix/other" } }],
  ])("%s: read again, and nothing of it is used", async (_what, hint) => {
    const plain = await whole({});
    const { collected, requests } = await collect({}, { hint });
    expect(collected).toMatchObject({ state: "collected", snapshot: plain.snapshot });
    expect(once(requests, `/compare/main...${HEAD}`)).toBeGreaterThanOrEqual(1);
  });
});

describe("stale answers", () => {
  const headSha = "f".repeat(40);
  test("a pull request older than the event is not believed", async () => {
    const { collected, requests } = await collect({}, { hint: { notBefore: at("10:12:01"), headSha } });
    expect(collected).toEqual({
      state: "unreadable",
      reason: "GitHub's answer was older than the event",
      headSha,
    });
    expect(requests).toHaveLength(2);
    expect((await collect({}, { hint: { notBefore: at("10:12:00") } })).collected.state).toBe("collected");
  });

  test("a pull request that GitHub does not show right after the event may still come", async () => {
    const gone = { [PATHS.pull]: { fault: "404" as const } };
    expect((await collect(gone, { hint: { notBefore: at("10:19:30") } })).collected.state).toBe("unreadable");
    expect((await collect(gone, { hint: { notBefore: at("10:18:30") } })).collected.state).toBe("gone");
  });

  test("labels that contradict the timeline just after a change are not believed", async () => {
    const labels = [{ name: "severity:P1" }];
    const fresh = { [PATHS.pull]: rawPull({ labels, updated_at: at("10:19:55") }) };
    expect((await collect(fresh)).collected).toMatchObject({ state: "unreadable", headSha: HEAD });
    // A renamed label contradicts the timeline for good.
    expect((await collect({ [PATHS.pull]: rawPull({ labels }) })).collected.state).toBe("collected");
  });
});

describe("commits and files", () => {
  test("a branch name with a slash is asked for as one segment", async () => {
    const { snapshot, requests } = await whole({
      [PATHS.pull]: rawPull({
        base: { ref: "release/1.x", sha: BASE, repo: { ...repository, default_branch: "release/1.x" } },
      }),
      [`${ROOT}/compare/release%2F1.x...${HEAD}`]: rawCompare(),
    });
    expect(snapshot.commits.known).toBe(true);
    expect(requests.some((path) => path.includes("/pulls/42/commits"))).toBe(false);
  });

  test.each([
    ["commits", { total_commits: 4 }, PATHS.commits],
    ["a list of commits that is cut short", { commits: [] }, PATHS.commits],
    ["files", { files: [] }, PATHS.files],
  ])(
    "where the comparison disagrees in %s the pull request's own list counts",
    async (_what, compared, path) => {
      const { snapshot, requests } = await whole({ [PATHS.compare]: rawCompare(compared) });
      expect(requests.some((request) => request.startsWith(path))).toBe(true);
      expect(snapshot.commits.known && snapshot.files.known).toBe(true);
    },
  );

  test("lists that disagree as well are older than the push", async () => {
    const { snapshot } = await whole({ [PATHS.pull]: rawPull({ commits: 4, changed_files: 6 }) });
    expect(snapshot.commits).toEqual(
      unknown("the commits of the pull request: GitHub's answer was older than the push"),
    );
    expect(snapshot.files).toEqual(
      unknown("the files of the pull request: GitHub's answer was older than the push"),
    );
  });

  test("a list of the right length for another head is older than the push", async () => {
    const elsewhere = (name: string) =>
      rawFile(name, { contents_url: `https://x/contents/a?ref=${"9".repeat(40)}` });
    const { snapshot } = await whole({
      [PATHS.compare]: { fault: "500" },
      [PATHS.commits]: ["1", "2", "3"].map((n) => ({ ...rawCompare().commits[0], sha: n.repeat(40) })),
      [PATHS.files]: ["a", "b", "c", "d", "e"].map(elsewhere),
    });
    expect(snapshot.commits).toMatchObject({ reason: expect.stringContaining("older than the push") });
    expect(snapshot.files).toMatchObject({ reason: expect.stringContaining("older than the push") });
  });

  test("at GitHub's caps they are incomplete, hence unknown", async () => {
    const { snapshot } = await whole({ [PATHS.pull]: rawPull({ commits: 251, changed_files: 3000 }) });
    expect(snapshot.commits).toMatchObject({ reason: expect.stringContaining("there are 251") });
    expect(snapshot.files).toMatchObject({
      reason: expect.stringContaining("there are 3000"),
      wayOut: expect.stringContaining("split the change"),
    });
  });

  const tip = "e".repeat(40);
  test.each([
    ["three hundred files, as many as there are, need no list", 300, {}, 0],
    ["more than three hundred are read page by page", 301, {}, 4],
    // What the pull request counts is older than the base.
    ["three hundred, the base having moved, are read page by page", 300, { base_commit: { sha: tip } }, 3],
  ])("%s", async (_, count, more, pages) => {
    const files = Array.from({ length: count }, (_, i) => rawFile(`src/${i}.py`));
    const { snapshot, requests } = await whole({
      [PATHS.pull]: rawPull({ changed_files: count }),
      [PATHS.compare]: rawCompare({ files: files.slice(0, 300), ...more }),
      [PATHS.files]: { paged: files },
    });
    expect(requests.filter((path) => path.startsWith(PATHS.files))).toHaveLength(pages);
    expect(snapshot.files.known && snapshot.files.value.map(({ path }) => path)).toEqual(
      files.map(({ filename }) => filename),
    );
  });

  test("of a branch that is behind, what the base changed since", async () => {
    const tip = "e".repeat(40);
    const { snapshot } = await whole({
      [PATHS.compare]: rawCompare({ behind_by: 2, base_commit: { sha: tip } }),
      [`${ROOT}/compare/${HEAD}...${tip}`]: rawCompare({
        files: [rawFile("b", { status: "renamed", previous_filename: "a" })],
      }),
    });
    expect(snapshot.comparison).toEqual(
      known({ behindBy: 2, mergeBase: BASE, baseChangedPaths: ["b", "a"] }),
    );
  });

  test("what the base changed may be too much to read: only that is unknown", async () => {
    const tip = "e".repeat(40);
    const { snapshot } = await whole({
      [PATHS.compare]: rawCompare({ behind_by: 2, base_commit: { sha: tip } }),
      [`${ROOT}/compare/${HEAD}...${tip}`]: rawCompare({
        files: Array.from({ length: 300 }, (_, i) => rawFile(`${i}`)),
      }),
    });
    expect(snapshot.comparison.known).toBe(false);
    expect(snapshot.files.known).toBe(true);
  });
});

describe("other pull requests", () => {
  const ordinary = rawPull({
    title: "Add a page",
    labels: [],
    head: { ref: "feature/x", sha: HEAD, repo: { full_name: "kamiyo/api" } },
  });

  test("one that is no hotfix costs five reads", async () => {
    const { requests, snapshot } = await whole({ [PATHS.pull]: ordinary });
    expect(evaluate(snapshot, POLICY).outcome).toBe("skipped");
    expect(requests).toHaveLength(5);
  });

  test("no hotfix, and whether it takes one back cannot be read: unknown", async () => {
    const { snapshot } = await whole({ [PATHS.pull]: ordinary, [PATHS.history]: { fault: "502" } });
    expect(snapshot.rollbackOf).toMatchObject({ known: false });
    expect(evaluate(snapshot, POLICY).outcome).toBe("unknown");
  });

  test.each([
    ["a fork", { full_name: "stranger/api" }, "stranger/api"],
    ["a deleted head repository", null, null],
  ])("%s: the activity cannot be had, and nothing crashes", async (_what, repo, expected) => {
    const { snapshot, requests } = await whole({
      [PATHS.pull]: rawPull({
        user: null,
        body: null,
        draft: true,
        head: { ref: "hotfix/stripe-webhook-verification", sha: HEAD, repo },
      }),
    });
    expect(snapshot.pullRequest).toMatchObject({
      fork: true,
      author: null,
      body: "",
      draft: true,
      head: { repository: expected },
    });
    expect(snapshot.activity).toEqual(known(null));
    expect(requests.some((path) => path.startsWith(PATHS.activity))).toBe(false);
  });

  test("a merged one is compared with its base as it was", async () => {
    const { snapshot } = await whole({
      [PATHS.pull]: rawPull({
        state: "closed",
        merged: true,
        merged_at: at("10:15:00"),
        merged_by: user("jane"),
      }),
      [`${ROOT}/compare/${BASE}...${HEAD}`]: rawCompare(),
    });
    expect(snapshot.pullRequest).toMatchObject({
      state: "closed",
      merged: { at: at("10:15:00"), by: { login: "jane" } },
    });
    expect(snapshot.commits.known && snapshot.files.known && snapshot.comparison.known).toBe(true);
  });

  test("a back-merge is told by its commits being in production", async () => {
    const base = { ref: "develop", sha: BASE, repo: repository };
    const develop = { [PATHS.pull]: rawPull({ base }), [`${ROOT}/compare/develop...${HEAD}`]: rawCompare() };
    const merged = { ...develop, [PATHS.compare]: rawCompare({ ahead_by: 0, commits: [] }) };
    expect((await whole(merged)).snapshot.inProduction).toEqual(known(true));
    expect((await whole(develop)).snapshot.inProduction).toEqual(known(false));
    const failing = { ...develop, [PATHS.compare]: { fault: "502" as const } };
    expect((await whole(failing)).snapshot.inProduction).toMatchObject({
      reason: expect.stringContaining("main"),
    });
  });

  test("without a policy nothing is looked into", async () => {
    const reading: PolicyReading = { state: "unknown", reason: "the configuration: GitHub answered 502" };
    const { snapshot, policy, requests } = await whole({}, { policy: Promise.resolve(reading) });
    expect(policy).toBe(reading);
    expect(snapshot.people).toEqual({});
    expect(requests).toHaveLength(4);
  });
});

describe("the app's own traces", () => {
  test("comments with its marker count only if the app itself wrote them", async () => {
    const comment = (id: number, body: string, author: object, via: object | null = null) => ({
      event: "commented",
      id,
      body,
      user: author,
      created_at: at("10:05:00"),
      updated_at: at("10:06:00"),
      html_url: "https://x",
      performed_via_github_app: via,
    });
    const status = "<!-- hotfix-guard:status kamiyo/api#42 -->";
    const answer = "<!-- hotfix-guard:answer 77 -->";
    const { statusComment, answers, snapshot } = await whole({
      [PATHS.timeline]: [
        ...TIMELINE,
        comment(1, status, user("mallory")),
        comment(2, `${status} by way of the app`, user("mallory"), { id: 7 }),
        comment(3, `Text\n${status}`, APP_BOT),
        comment(4, `${answer}\nDone.`, APP_BOT),
        comment(5, "<!-- hotfix-guard:answer 78 -->", user("mallory")),
        comment(6, status, APP_BOT),
      ],
    });
    expect(statusComment).toEqual(known({ id: 3, body: `Text\n${status}` }));
    expect(answers).toEqual(known(new Set([answer])));
    expect(snapshot.history.known && snapshot.history.value.comments[0]).toMatchObject({
      createdAt: at("10:05:00"),
      updatedAt: at("10:06:00"),
      byApp: false,
    });
  });

  test("when it first saw the head, from its own runs only", async () => {
    const text = (time: string, base = "main") =>
      recordComment(encodeRecord({ arrivals: [{ pr: 42, base, at: time }], said: [] }));
    const runs = (...check_runs: object[]) => ({ [PATHS.gates]: { total_count: 1, check_runs } });
    const seen = async (...check_runs: object[]) => (await whole(runs(...check_runs))).snapshot.firstSeenAt;
    const early = rawRun({ output: { text: `Text ${text(at("10:01:00"))}` } });
    expect(await seen(early)).toEqual(known(at("10:01:00")));
    expect(await seen(rawRun({ id: 10, output: { text: text(at("10:02:00")) } }), early)).toEqual(
      known(at("10:01:00")),
    );
    expect(await seen({ ...early, conclusion: "cancelled" })).toEqual(known(null));
    expect(await seen({ ...early, app: { id: 8 } })).toEqual(known(null));
    expect(await seen({ ...early, app: null })).toEqual(known(null));
    expect(await seen(rawRun({ output: { text: text(at("10:01:00"), "develop") } }))).toEqual(known(null));
    const { gates } = await whole(
      runs(rawRun({ id: 3 }), rawRun({ id: 5 }), rawRun({ id: 6, name: "other" })),
    );
    expect(gates.known && gates.value.map(({ id }) => id)).toEqual([5, 3]);
  });

  test("other pull requests with the head, open ones of this repository only", async () => {
    const pull = (number: number, more: object = {}) => ({
      number,
      state: "open",
      user: user("ann"),
      head: { sha: HEAD },
      base: { ref: "main", repo: { full_name: "kamiyo/api" } },
      ...more,
    });
    const { siblings, requests } = await whole({
      [PATHS.siblings]: [
        pull(50),
        pull(42),
        pull(43),
        pull(44, { state: "closed" }),
        pull(45, { head: { sha: "e".repeat(40) } }),
        pull(46, { base: { ref: "main", repo: { full_name: "stranger/api" } } }),
      ],
    });
    expect(await siblings()).toMatchObject(known([{ number: 43, author: "ann" }, { number: 50 }]));
    expect(requests.filter((path) => path.startsWith(`${ROOT}/pulls?`))).toEqual([]);
  });

  test("are asked of all open ones where a commit's list lacks the pull request itself", async () => {
    const head = { ref: "x", repo: { full_name: "kamiyo/api" } };
    const base = { ref: "main" };
    const pull = { labels: [], merged_at: null, user: user("ann"), base };
    const { siblings } = await whole({
      // What GitHub answers for a commit of the default branch.
      [PATHS.siblings]: [{ ...pull, number: 7, state: "closed", head: { sha: HEAD } }],
      [`${ROOT}/pulls`]: [
        { ...pull, number: 42, head: { ...head, sha: HEAD } },
        { ...pull, number: 43, head: { ...head, sha: HEAD } },
        { ...pull, number: 44, head: { ...head, sha: BASE } },
      ],
    });
    expect(await siblings()).toMatchObject(known([{ number: 43, author: "ann" }]));
  });
});

describe("what is read only where it is asked for", () => {
  test("a configuration that the pull request brings is validated at its head", async () => {
    const files = [...rawCompare().files.slice(1), rawFile(".github/hotfix.yml")];
    const asked: string[] = [];
    const { proposedConfig } = await whole(
      { [PATHS.compare]: rawCompare({ files }) },
      {
        validateConfigAt: async ({ sha }) => {
          asked.push(sha);
          return unknown("later");
        },
      },
    );
    expect(proposedConfig).toEqual(unknown("later"));
    expect(asked).toEqual([HEAD]);
  });

  test("while an approval is missing, who could give it", async () => {
    const { snapshot } = await whole({ [PATHS.timeline]: TIMELINE.slice(0, 3) });
    expect(Object.keys(snapshot.roleHolders).sort()).toEqual(["cto", "engineering-manager"]);
    expect(snapshot.roleHolders.cto).toEqual(known(["jane"]));
  });

  test("how many reviews the branch requires, where review is due after the merge", async () => {
    const severe = [
      {
        event: "labeled",
        id: 9,
        actor: user("john"),
        created_at: at("10:01:00"),
        label: { name: "severity:P0" },
      },
    ];
    const commits = rawCompare().commits.map((each) => ({
      ...each,
      commit: { ...each.commit, message: each.commit.message.replace("P1", "P0") },
    }));
    const { snapshot } = await whole({
      [PATHS.pull]: rawPull({ labels: [{ name: "severity:P0" }] }),
      [PATHS.timeline]: severe,
      [PATHS.compare]: rawCompare({ commits }),
      [`${ROOT}/rules/branches/main`]: [
        { type: "deletion" },
        { type: "pull_request", parameters: { required_approving_review_count: 2 } },
      ],
    });
    expect(snapshot.branchRules).toMatchObject({ value: { reviews: 2 } });
  });
});
