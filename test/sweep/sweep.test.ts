import { ProbotOctokit } from "probot";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GitHubClient } from "../../src/github/api/client.ts";
import { createExclusively } from "../../src/github/api/exclusively.ts";
import { keyName } from "../../src/jobs/key.ts";
import type { GivenUp, Job, Losses } from "../../src/jobs/queue.ts";
import { createWatch, type WatchedKey } from "../../src/jobs/watch-list.ts";
import { startSweep } from "../../src/sweep/sweep.ts";

const NOW = Date.parse("2025-10-14T12:00:00Z");
beforeEach(() => {
  vi.useFakeTimers({ now: NOW, toFake: ["setTimeout", "clearTimeout", "Date"] });
});
afterEach(() => {
  vi.useRealTimers();
});

const MINUTE = 60_000;

/** Time passes, half a minute at a time, and what it sets off ends each time. */
async function pass(ms: number): Promise<void> {
  const settle = async () => {
    for (let turn = 0; turn < 40; turn++) await new Promise((resolve) => setImmediate(resolve));
  };
  await settle();
  for (let left = ms; left > 0; left -= MINUTE / 2) {
    vi.advanceTimersByTime(Math.min(left, MINUTE / 2));
    await settle();
  }
}
const APP = { id: 7, slug: "hotfix-guard" };
type Answer = object | number | string;

/**
 * A GitHub that answers by "METHOD /path", with a body (JSON where it is text) or with a status; a function is
 * asked each time.
 */
function setUp(
  routes: Readonly<Record<string, Answer | (() => Answer)>>,
  intervalMs: number | null = MINUTE,
  taking: { fails?: boolean; leads?: boolean; lost?: Losses } = {},
  links: Readonly<Record<string, string>> = {},
) {
  const asked: string[] = [];
  const fetch = async (input: string, init: { method: string }) => {
    const url = new URL(input);
    const query = url.searchParams.get("q");
    const cursor = url.searchParams.get("cursor");
    const route = `${init.method} ${url.pathname}${query === null ? "" : ` ${query}`}${cursor ?? ""}`;
    asked.push(route);
    const [name = ""] = Object.keys(routes)
      .filter((one) => route.startsWith(one))
      .sort((one, other) => other.length - one.length);
    const found = routes[name] ?? 404;
    const answer = typeof found === "function" ? found() : found;
    const [status, body] = typeof answer === "number" ? [answer, {}] : [200, answer];
    const text = typeof body === "string" ? body : JSON.stringify(body);
    const headers = { "content-type": "application/json", link: links[route] ?? "" };
    return Object.defineProperty(new Response(text, { status, headers }), "url", { value: input });
  };
  const octokit = new ProbotOctokit({
    auth: { token: "x" },
    retry: { enabled: false },
    throttle: { enabled: false },
    request: { fetch },
  });
  const givenUp: GivenUp[] = [];
  const jobs: Job[] = [];
  const log = { info: vi.fn(), warn: vi.fn() };
  const watch = createWatch();
  const sweep = startSweep({
    clients: {
      asApp: async () => octokit,
      serverTime: () => new Date(),
      forInstallation: async (installationId): Promise<GitHubClient> => ({
        octokit,
        app: APP,
        installationId,
        serverTime: () => new Date(),
        permits: async () => false,
        exclusively: createExclusively(),
      }),
    },
    queue: {
      add: async (job) => {
        if (taking.fails) throw new Error("Redis is down");
        jobs.push(job);
      },
      leads: async () => taking.leads ?? true,
      losses: async () => {
        const { lost = "nothing" } = taking;
        taking.lost = "nothing";
        return lost;
      },
      givenUp: async () => givenUp,
    },
    watch,
    log,
    intervalMs,
  });
  const taken = () => jobs.splice(0).map(({ key }) => keyName(key));
  return { asked, jobs, log, watch, sweep, taken, givenUp };
}

const installation = (id: number, login = "acme", more = {}) => ({ id, account: { login }, ...more });
const INSTALLATIONS = "GET /app/installations";
const PULLS = "GET /search/issues is:pr";
const ISSUES = "GET /search/issues is:issue";
const REPOSITORIES = "GET /installation/repositories";

function repository(name: string, more: object = {}) {
  return {
    name,
    owner: { login: "acme" },
    default_branch: "main",
    pushed_at: "2025-10-01T12:00:00Z",
    open_issues_count: 1,
    ...more,
  };
}
const repositories = (...all: readonly object[]) => ({ total_count: all.length, repositories: all });
const QUIET = {
  [INSTALLATIONS]: [installation(5)],
  [PULLS]: found(),
  [ISSUES]: found(),
  [REPOSITORIES]: repositories(repository("payments")),
};

function found(...items: readonly object[]) {
  return { total_count: items.length, incomplete_results: false, items };
}

function item(number: number, more: object = {}) {
  return {
    number,
    repository_url: "https://api.github.com/repos/acme/payments",
    updated_at: new Date(NOW).toISOString(),
    user: { login: "hotfix-guard[bot]", type: "Bot" },
    state: "open",
    ...more,
  };
}
const pull = (number: number, more: object = {}) => item(number, { pull_request: {}, ...more });
const KEY: WatchedKey = {
  kind: "pull-request",
  installationId: 5,
  owner: "acme",
  repo: "payments",
  number: 12,
};
const LOOK = "acme/payments:look";
/** Once a day, where there are post-mortems. */
const DIGEST = "acme/payments:digest";

function givenUpOnce(number: number, more: Partial<GivenUp> = {}): GivenUp {
  const at = Date.now();
  return { job: { key: { ...KEY, number }, hint: {} }, at, since: at, reason: null, times: 1, ...more };
}

describe("the sweep", () => {
  it("first looks at every repository where something is open or was pushed, in the background", async () => {
    const { jobs } = setUp({
      ...QUIET,
      [INSTALLATIONS]: [installation(1), installation(3, "x", { suspended_at: "2025-10-14T10:00:00Z" })],
      [REPOSITORIES]: repositories(
        repository("payments"),
        repository("closed", { open_issues_count: 0 }),
        repository("pushed", { pushed_at: "2025-10-14T11:00:00Z", open_issues_count: 0 }),
        repository("archived", { archived: true }),
      ),
    });
    await pass(0);
    const look = (repo: string, more: object) => ({
      key: { kind: "look", installationId: 1, owner: "acme", repo },
      hint: { look: more },
      background: true,
    });
    expect(jobs).toEqual([
      look("payments", { pushedAt: "2025-10-01T12:00:00Z" }),
      look("pushed", {
        pushedAt: "2025-10-14T11:00:00Z",
        closedSince: "2025-10-07T12:00:00Z",
        pushesTo: "main",
      }),
    ]);
  });

  it("lists the open pull requests of a repository again within 80 minutes, once", async () => {
    const { taken } = setUp(QUIET);
    await pass(0);
    expect(taken()).toEqual([LOOK]);
    await pass(79 * MINUTE);
    expect(taken()).toEqual([]);
    await pass(MINUTE);
    expect(taken()).toEqual([LOOK]);
    await pass(79 * MINUTE);
    expect(taken()).toEqual([]);
  });

  it("looks at a repository that was pushed to without an event", async () => {
    let pushed = "2025-10-01T12:00:00Z";
    const { jobs, taken, watch } = setUp({
      ...QUIET,
      [REPOSITORIES]: () => repositories(repository("payments", { id: 9, pushed_at: pushed })),
    });
    await pass(0);
    taken();
    pushed = "2025-10-14T12:00:20Z";
    await pass(MINUTE);
    expect(jobs.map(({ hint }) => hint.look)).toEqual([
      { pushedAt: pushed, closedSince: "2025-10-14T11:50:00Z", pushesTo: "main" },
    ]);
    taken();
    await pass(5 * MINUTE);
    expect(taken()).toEqual([]);
    pushed = "2025-10-14T12:06:10Z";
    watch.pushed(9, Date.parse(pushed));
    await pass(5 * MINUTE);
    expect(taken()).toEqual([]);
    // One that no event told of may have been right before it.
    await pass(80 * MINUTE);
    expect(jobs.map(({ hint }) => hint.look)).toEqual([
      { pushedAt: pushed, closedSince: "2025-10-14T11:51:00Z", pushesTo: "main" },
    ]);
    taken();
    await pass(80 * MINUTE);
    expect(jobs.map(({ hint }) => hint.look)).toEqual([{ pushedAt: pushed }]);
  });

  it("costs three requests where nothing happened, ten minutes long", async () => {
    const { asked, taken } = setUp(QUIET);
    await pass(0);
    taken();
    asked.splice(0);
    await pass(MINUTE);
    expect(asked).toEqual([
      "GET /search/issues is:issue archived:false user:acme author:app/hotfix-guard updated:>=2025-10-14T11:40:00Z",
      "GET /search/issues is:pr archived:false user:acme head:hotfix updated:>=2025-10-14T11:40:00Z",
      REPOSITORIES,
    ]);
    await pass(9 * MINUTE);
    // Besides: the installations and the deliveries, every five minutes.
    expect(asked.filter((route) => !/installations|deliveries/.test(route))).toHaveLength(30);
    expect(asked.length).toBeLessThanOrEqual(34);
    expect(taken()).toEqual([]);
  });

  it("looks at what the search shows, and again only when it changed or is due", async () => {
    let later = {};
    const { taken, watch } = setUp({
      ...QUIET,
      [PULLS]: () => found(pull(12, later), pull(13)),
      [ISSUES]: found(item(20), item(21, { user: { login: "mallory", type: "User" } })),
    });
    await pass(0);
    expect(taken()).toEqual([
      LOOK,
      DIGEST,
      "acme/payments:post-mortem:20",
      "acme/payments#12",
      "acme/payments#13",
    ]);
    const updatedAt = new Date(NOW).toISOString();
    watch.seen(KEY, { updatedAt, dueAt: null });
    watch.seen({ ...KEY, number: 13 }, { updatedAt, dueAt: NOW + 3 * MINUTE });
    watch.seen({ ...KEY, kind: "post-mortem", number: 20 }, { updatedAt, dueAt: null });
    await pass(2 * MINUTE);
    expect(taken()).toEqual([]);
    later = { updated_at: "2025-10-14T12:00:30Z" };
    await pass(MINUTE);
    expect(taken()).toEqual(["acme/payments#12", "acme/payments#13"]);
  });

  it("looks at a hotfix that the search shows as merged or closed, once", async () => {
    const open = [pull(12)];
    let shown = open;
    const { taken, watch } = setUp({ ...QUIET, [PULLS]: () => found(...shown) });
    await pass(0);
    taken();
    watch.over(KEY);
    shown = [pull(12, { state: "closed", updated_at: "2025-10-14T12:00:30Z" })];
    await pass(MINUTE);
    expect(taken()).toEqual(["acme/payments#12"]);
    await pass(3 * MINUTE);
    expect(taken()).toEqual([]);
  });

  it("looks at a post-mortem that was closed unfinished, and at none that was finished", async () => {
    const body = (closedAt: string | null) =>
      `\`\`\`json\n${JSON.stringify({ "hotfix-guard": { closed_at: closedAt } })}\n\`\`\`\n`;
    const { taken } = setUp({
      ...QUIET,
      [ISSUES]: found(
        item(20, { state: "closed", body: body(null) }),
        item(21, { state: "closed", body: body("2025-10-14T11:00:00Z") }),
      ),
    });
    await pass(0);
    expect(taken()).toEqual([LOOK, DIGEST, "acme/payments:post-mortem:20"]);
  });

  it("looks at what is due without being shown", async () => {
    const { taken, watch } = setUp(QUIET);
    await pass(MINUTE);
    taken();
    watch.seen({ ...KEY, number: 99 }, { updatedAt: "", dueAt: NOW + 2 * MINUTE });
    await pass(MINUTE);
    expect(taken()).toEqual(["acme/payments#99"]);
    watch.over({ ...KEY, number: 99 });
    await pass(MINUTE);
    expect(taken()).toEqual([]);
  });

  it.each<[string, () => number, number]>([
    ["as it was", () => NOW + MINUTE, 1],
    ["by another time each time", () => Date.now() - 1_000, 15],
    ["later", () => NOW + 60 * MINUTE, 1],
  ])(
    "what is due is looked at once, and after half an hour again where it still is: due %s",
    async (_, dueAt, looks) => {
      const { taken, watch } = setUp(QUIET);
      const key = { ...KEY, number: 99 };
      await pass(0);
      watch.seen(key, { updatedAt: "", dueAt: NOW + MINUTE });
      const count = async () => {
        await pass(MINUTE);
        const seen = taken().filter((one) => one === "acme/payments#99").length;
        watch.seen(key, { updatedAt: "", dueAt: dueAt() });
        return seen;
      };
      let all = 0;
      for (let minute = 1; minute <= 15; minute++) all += await count();
      expect(all).toBe(looks);
      watch.seen(key, { updatedAt: "", dueAt: NOW + MINUTE });
      await pass(20 * MINUTE);
      expect(taken()).toContain("acme/payments#99");
    },
  );

  it.each<[string, object, object, boolean]>([
    ["by its name", {}, repository("payments"), true],
    ["by its name, in other letters", {}, repository("Payments"), true],
    ["renamed, by its id", { repositoryId: 9 }, repository("payouts", { id: 9 }), true],
    ["gone", {}, repository("website"), false],
    ["gone, and another one has its place", { repositoryId: 9 }, repository("website", { id: 10 }), false],
  ])(
    "what is open in a repository is under way as long as that is listed: %s",
    async (_, more, listed, left) => {
      const { watch } = setUp({ ...QUIET, [REPOSITORIES]: repositories(listed) });
      watch.seen({ ...KEY, ...more }, { updatedAt: "2025-10-14T11:00:00Z", dueAt: null });
      await pass(0);
      expect(watch.entries()).toHaveLength(left ? 1 : 0);
    },
  );

  it("leaves public repositories alone on which the app is not installed", async () => {
    const elsewhere = { repository_url: "https://api.github.com/repos/acme/website" };
    const { taken } = setUp({ ...QUIET, [PULLS]: found(pull(1, elsewhere)) });
    await pass(0);
    taken();
    await pass(3 * MINUTE);
    expect(taken()).toEqual([]);
  });

  it("reads a list of many pages less often: a fifth of a request a repository and hour", async () => {
    const { asked } = setUp({
      ...QUIET,
      [REPOSITORIES]: repositories(
        ...Array.from({ length: 1_000 }, (_, n) => repository(`r${n}`, { open_issues_count: 0 })),
      ),
    });
    await pass(0);
    asked.splice(0);
    await pass(60 * MINUTE);
    // The list comes in one page here; on GitHub each of these is ten.
    expect(asked.filter((route) => route === REPOSITORIES)).toHaveLength(20);
  });

  it.each([403, 404, 422])("lists all repositories where the search answers %i", async (status) => {
    const { jobs, taken } = setUp({ ...QUIET, [PULLS]: status });
    await pass(0);
    expect(jobs[0]?.hint.look).toMatchObject({ postMortems: true, closedSince: "2025-10-07T12:00:00Z" });
    expect(taken()).toEqual([LOOK]);
    await pass(MINUTE);
    expect(taken()).toEqual([LOOK]);
  });

  it("does not let one installation's failure stop the others, and finds all once it is over", async () => {
    let fails = true;
    const { taken, log } = setUp({
      ...QUIET,
      [INSTALLATIONS]: [installation(4, "broken"), installation(5)],
      "GET /search/issues is:pr is:open archived:false user:broken": () => (fails ? 502 : found()),
      [PULLS]: found(pull(12)),
    });
    await pass(0);
    expect(taken()).toEqual([LOOK, "acme/payments#12"]);
    expect(log.warn).toHaveBeenCalledTimes(1);
    fails = false;
    await pass(MINUTE);
    expect(taken()).toContain(LOOK);
  });

  it("finds again what the queue did not take", async () => {
    const taking = { fails: true };
    const { taken } = setUp(QUIET, MINUTE, taking);
    await pass(0);
    expect(taken()).toEqual([]);
    taking.fails = false;
    await pass(MINUTE);
    expect(taken()).toEqual([LOOK]);
  });

  it.each([
    [1, 5],
    [2, 10],
    [3, 20],
    [4, 30],
    [50, 30],
  ])("what was given up %s times in a row is taken up after %s minutes", async (times, minutes) => {
    const { taken, givenUp } = setUp(QUIET);
    await pass(0);
    taken();
    givenUp.push(givenUpOnce(1, { times }));
    await pass((minutes - 1) * MINUTE);
    expect(taken()).toEqual([]);
    await pass(MINUTE);
    expect(taken()).toEqual([keyName({ ...KEY, number: 1 })]);
  });

  it("takes up what GitHub did not tell after 5 minutes, and what failed after 30", async () => {
    const { taken, givenUp } = setUp(QUIET);
    await pass(0);
    taken();
    const of = (number: number, reason: string | null): GivenUp => givenUpOnce(number, { reason });
    givenUp.push(of(1, null), of(2, "GitHub is down"));
    await pass(4 * MINUTE);
    expect(taken()).toEqual([]);
    await pass(MINUTE);
    expect(taken()).toEqual([keyName({ ...KEY, number: 1 })]);
    givenUp.shift();
    await pass(24 * MINUTE);
    expect(taken()).toEqual([]);
    await pass(MINUTE);
    expect(taken()).toEqual([keyName({ ...KEY, number: 2 })]);
  });

  it.each([
    ["every minute", MINUTE],
    ["only at the start", null],
    ["once a day", 24 * 60 * MINUTE],
  ])(
    "where another instance sweeps takes over within half a minute of its end, sweeping %s",
    async (_, every) => {
      const queue = { leads: false };
      const { asked, taken } = setUp(QUIET, every, queue);
      await pass(10 * MINUTE);
      expect([asked, taken()]).toEqual([[], []]);
      queue.leads = true;
      await pass(MINUTE / 2);
      expect(taken()).toEqual([LOOK]);
    },
  );

  it("looks at everything again where the queue has lost all, and at nothing where it has lost nothing", async () => {
    const queue: { lost?: Losses } = {};
    const { taken } = setUp(QUIET, MINUTE, queue);
    await pass(0);
    expect(taken()).toEqual([LOOK]);
    await pass(MINUTE);
    expect(taken()).toEqual([]);
    queue.lost = "all";
    await pass(MINUTE);
    expect(taken()).toEqual([LOOK]);
  });

  it("without an interval looks once, unless it is told to", async () => {
    const { asked, sweep } = setUp(QUIET, null);
    await pass(3_600_000);
    expect(asked.filter((route) => route === REPOSITORIES)).toHaveLength(1);
    await sweep.now();
    expect(asked.filter((route) => route === REPOSITORIES)).toHaveLength(2);
  });

  it("tries again soon where the installations cannot be listed, also without an interval", async () => {
    let failures = 2;
    const { taken, log } = setUp(
      { ...QUIET, [INSTALLATIONS]: () => (failures-- > 0 ? 502 : [installation(1)]) },
      null,
    );
    await pass(59_000);
    expect(taken()).toEqual([]);
    await pass(1_000);
    expect(taken()).toEqual([LOOK]);
    expect(log.warn).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each<[string, Answer, readonly number[]]>([
    ["an installation that is gone", [installation(5)], [5]],
    [
      "one that is suspended",
      [installation(5), installation(9, "else", { suspended_at: "2025-10-14T11:00:00Z" })],
      [5],
    ],
    ["all, where none is left", [], []],
    ["none, where they cannot be listed", 502, [5, 9]],
  ])("forgets what is under way in %s", async (_, listed, left) => {
    const { watch } = setUp({ ...QUIET, [INSTALLATIONS]: listed });
    const state = { updatedAt: "2025-10-14T11:00:00Z", dueAt: null };
    for (const installationId of [5, 9])
      watch.seen({ ...KEY, kind: "post-mortem", installationId, number: installationId }, state);
    await pass(0);
    expect(
      watch
        .entries()
        .map(({ key }) => key.installationId)
        .sort(),
    ).toEqual(left);
  });

  it("stops for good, also while it is asking", async () => {
    const { sweep } = setUp(QUIET, 1_000);
    sweep.stop();
    await pass(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([
    ["while the installations are listed", INSTALLATIONS, 0],
    ["at the first search", PULLS, 4],
    ["at the first list of repositories", REPOSITORIES, 4],
  ])("asks for no further installation when it is stopped %s", async (_, at, begun) => {
    const all = Array.from({ length: 30 }, (__, i) => installation(i + 1, `org-${i + 1}`));
    let stop = () => {};
    const answers: Readonly<Record<string, object>> = { ...QUIET, [INSTALLATIONS]: all };
    const stopping = () => {
      stop();
      return answers[at] as object;
    };
    const { asked, sweep, log } = setUp({ ...answers, [at]: stopping });
    stop = sweep.stop;
    await pass(0);
    const accounts = new Set(asked.flatMap((route) => route.match(/user:org-\d+/) ?? []));
    expect(accounts.size).toBe(begun);
    expect(log.warn).not.toHaveBeenCalled();
  });
});

const DELIVERIES = "GET /app/hook/deliveries";
const ATTEMPT = "POST /app/hook/deliveries/";

describe("deliveries", () => {
  const delivery = (id: number, more: object = {}) => ({
    id,
    guid: `guid-${id}`,
    delivered_at: "2025-10-14T11:00:00Z",
    event: "pull_request",
    action: "opened",
    status_code: 0,
    installation_id: 5,
    repository_id: 9,
    ...more,
  });
  const attempts = (asked: readonly string[]) =>
    asked.filter((route) => route.startsWith(ATTEMPT)).map((route) => Number(route.split("/").at(-2)));
  const named = (asked: readonly string[]) =>
    asked.filter((route) => route.startsWith(ATTEMPT)).map((route) => route.split("/").at(-2));

  it("are asked for by ids of 19 digits, which no number holds, and which need not grow with time", async () => {
    const ids = ["3804004623172239366", "3804004623172239367", "7804004623172239999", "1804004623172239001"];
    const told = (all: readonly string[]) =>
      `[${all.map((id) => JSON.stringify(delivery(0, { guid: `guid-${id}` })).replace('"id":0', `"id":${id}`)).join()}]`;
    let list = told(ids.slice(0, 3));
    const { asked } = setUp({ ...QUIET, [DELIVERIES]: () => list, [ATTEMPT]: {} });
    await pass(MINUTE);
    expect(named(asked)).toEqual(ids.slice(0, 3));
    list = told([ids[3] as string, ...ids.slice(0, 3)]);
    await pass(5 * MINUTE);
    expect(named(asked)).toEqual(ids);
  });

  it("on all pages are asked for, once where the list grows while it is read", async () => {
    const next = (cursor: string) =>
      `<https://api.github.com/app/hook/deliveries?per_page=100&cursor=${cursor}>; rel="next"`;
    const { asked } = setUp(
      {
        ...QUIET,
        [DELIVERIES]: [delivery(9), delivery(8)],
        [`${DELIVERIES}v1_8`]: [delivery(8), delivery(7)],
        [`${DELIVERIES}v1_7`]: [delivery(6)],
        [ATTEMPT]: {},
      },
      MINUTE,
      undefined,
      { [DELIVERIES]: next("v1_8"), [`${DELIVERIES}v1_8`]: next("v1_7") },
    );
    await pass(MINUTE);
    expect(attempts(asked)).toEqual([9, 8, 7, 6]);
  });

  it.each([
    [404, 1],
    [422, 1],
    [502, 5],
  ])(
    "of which GitHub answers %i for one keep no other from being asked for; that one is asked for %i times",
    async (status, times) => {
      const { asked } = setUp({
        ...QUIET,
        [DELIVERIES]: [delivery(3), delivery(2), delivery(1)],
        [`${ATTEMPT}3`]: status,
        [ATTEMPT]: {},
      });
      await pass(MINUTE);
      expect(attempts(asked)).toEqual([3, 2, 1]);
      await pass(60 * MINUTE);
      expect(attempts(asked).filter((id) => id === 3)).toHaveLength(times);
      expect(attempts(asked)).toHaveLength(2 + times);
    },
  );

  it("that arrived in the last minutes of the process before are looked at later, where they cannot be now", async () => {
    let fails = true;
    const { jobs, taken } = setUp({
      ...QUIET,
      [REPOSITORIES]: () => (fails ? 502 : repositories(repository("payments", { id: 9 }))),
      [DELIVERIES]: [delivery(8, { status_code: 200, delivered_at: "2025-10-14T11:59:00Z" })],
    });
    await pass(0);
    expect(taken()).toEqual([]);
    fails = false;
    await pass(MINUTE);
    expect(jobs.map(({ hint }) => hint.look?.ordinarySince)).toEqual(["2025-10-14T11:59:00Z"]);
  });

  it("that failed in the last three days are asked for once each, not those that the app refused", async () => {
    const list = [
      delivery(13, { delivered_at: "2025-10-11T12:00:01Z" }),
      delivery(12, { status_code: 413 }),
      delivery(11, { status_code: 400 }),
      delivery(9, { status_code: 503 }),
      delivery(8, { installation_id: null }),
      // Delivered again, with and without success.
      delivery(7, { guid: "in-vain", status_code: 500 }),
      delivery(6, { guid: "in-vain" }),
      delivery(5, { guid: "again", status_code: 200 }),
      delivery(4, { guid: "again" }),
      delivery(3, { status_code: 202 }),
      delivery(2, { status_code: 200 }),
      delivery(1),
      delivery(0, { delivered_at: "2025-10-11T11:59:59Z" }),
    ];
    const { asked } = setUp({ ...QUIET, [DELIVERIES]: () => list, [ATTEMPT]: {} });
    await pass(4 * MINUTE);
    expect(attempts(asked)).toEqual([13, 9, 1]);
    list.unshift(delivery(14, { delivered_at: "2025-10-14T12:04:00Z", status_code: 504 }));
    await pass(6 * MINUTE);
    expect(attempts(asked)).toEqual([13, 9, 1, 14]);
  });

  it("that may still be under way are not asked for", async () => {
    const list: object[] = [];
    const { asked } = setUp({ ...QUIET, [DELIVERIES]: () => list, [ATTEMPT]: {} });
    await pass(MINUTE);
    list.unshift(delivery(15, { delivered_at: "2025-10-14T12:04:55Z" }));
    await pass(4 * MINUTE);
    expect(attempts(asked)).toEqual([]);
    list.unshift(delivery(16, { guid: "guid-15", status_code: 200, delivered_at: "2025-10-14T12:05:01Z" }));
    list.splice(1, 1);
    await pass(5 * MINUTE);
    expect(attempts(asked)).toEqual([]);
  });

  it("that arrived in the last minutes of the process before: their repositories are looked at, and what only an event tells of is asked for again", async () => {
    const taken = (id: number, at: string, event = "pull_request", action = "opened", repository_id = 9) =>
      delivery(id, { status_code: 200, delivered_at: `2025-10-14T${at}Z`, event, action, repository_id });
    const { asked, jobs } = setUp({
      ...QUIET,
      [REPOSITORIES]: repositories(repository("payments", { id: 9 }), repository("web", { id: 10 })),
      [DELIVERIES]: [
        taken(8, "08:00:00", "merge_group", "checks_requested"),
        taken(7, "07:55:00", "check_run", "completed"),
        taken(6, "07:54:00"),
        taken(5, "07:49:59", "merge_group", "checks_requested"),
        taken(4, "07:49:00", "pull_request", "opened", 10),
      ],
      [ATTEMPT]: {},
    });
    await pass(0);
    expect(attempts(asked)).toEqual([8]);
    expect(jobs.slice(2).map(({ key, hint }) => [keyName(key), hint.look?.ordinarySince])).toEqual([
      [LOOK, "2025-10-14T07:54:00Z"],
    ]);
  });

  it.each(["some", "all"] as const)(
    "that arrived since some minutes before the queue lost %s: their repositories are looked at",
    async (lost) => {
      const list: object[] = [];
      const taken = (id: number, at: string, repository_id: number) =>
        delivery(id, { status_code: 200, delivered_at: `2025-10-14T${at}Z`, repository_id });
      const queue: { lost?: Losses } = {};
      const { jobs } = setUp(
        {
          ...QUIET,
          [REPOSITORIES]: repositories(
            ...["old", "before", "quiet", "after"].map((name, n) => repository(name, { id: n + 1 })),
          ),
          [DELIVERIES]: () => list,
          [ATTEMPT]: {},
        },
        MINUTE,
        queue,
      );
      await pass(30 * MINUTE);
      jobs.splice(0);
      list.push(taken(4, "12:30:10", 4), taken(3, "12:25:00", 2), taken(2, "12:10:00", 1));
      queue.lost = lost;
      await pass(MINUTE);
      const since = jobs.flatMap(({ key, hint: { look } }) =>
        look?.ordinarySince ? [[keyName(key), look.ordinarySince]] : [],
      );
      expect(since).toEqual([
        ["acme/before:look", "2025-10-14T12:25:00Z"],
        ["acme/after:look", "2025-10-14T12:30:10Z"],
      ]);
    },
  );

  it.each([
    [403, 0],
    [404, 0],
    [502, 1],
  ])("where the list answers %i there are %i complaints", async (status, complaints) => {
    const { log, taken } = setUp({ ...QUIET, [DELIVERIES]: status });
    await pass(0);
    expect(log.warn).toHaveBeenCalledTimes(complaints);
    expect(taken()).toEqual([LOOK]);
  });
});
