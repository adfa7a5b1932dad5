import { ProbotOctokit } from "probot";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { GitHubClient } from "../../src/github/api/client.ts";
import { keyName } from "../../src/jobs/key.ts";
import type { Job } from "../../src/jobs/queue.ts";
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
type Answer = object | number;

/** A GitHub that answers by "METHOD /path", with a body or with a status; a function is asked each time. */
function setUp(
  routes: Readonly<Record<string, Answer | (() => Answer)>>,
  intervalMs: number | null = MINUTE,
) {
  const asked: string[] = [];
  const fetch = async (input: string, init: { method: string }) => {
    const url = new URL(input);
    const query = url.searchParams.get("q");
    const route = `${init.method} ${url.pathname}${query === null ? "" : ` ${query}`}`;
    asked.push(route);
    const [name = ""] = Object.keys(routes)
      .filter((one) => route.startsWith(one))
      .sort((one, other) => other.length - one.length);
    const found = routes[name] ?? 404;
    const answer = typeof found === "function" ? found() : found;
    const [status, body] = typeof answer === "number" ? [answer, {}] : [200, answer];
    return Object.defineProperty(Response.json(body, { status }), "url", { value: input });
  };
  const octokit = new ProbotOctokit({
    auth: { token: "x" },
    retry: { enabled: false },
    throttle: { enabled: false },
    request: { fetch },
  });
  const jobs: Job[] = [];
  const log = { info: vi.fn(), warn: vi.fn() };
  const watch = createWatch();
  const sweep = startSweep({
    clients: {
      asApp: async () => octokit,
      forInstallation: async (installationId): Promise<GitHubClient> => ({
        octokit,
        app: APP,
        installationId,
        serverTime: () => new Date(),
        permits: async () => false,
      }),
    },
    queue: { add: (job) => void jobs.push(job) },
    watch,
    log,
    intervalMs,
  });
  const taken = () => jobs.splice(0).map(({ key }) => keyName(key));
  return { asked, jobs, log, watch, sweep, taken };
}

const installation = (id: number, login = "acme", more = {}) => ({ id, account: { login }, ...more });
const INSTALLATIONS = "GET /app/installations";
const PULLS = "GET /search/issues is:pr";
const ISSUES = "GET /search/issues is:issue";
const REPOSITORIES = "GET /installation/repositories";
const QUIET = {
  [INSTALLATIONS]: [installation(5)],
  [PULLS]: found(),
  [ISSUES]: found(),
  [REPOSITORIES]: {
    total_count: 1,
    repositories: [{ name: "payments", owner: { login: "acme" } }],
  },
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

describe("the sweep", () => {
  it("first and hourly looks at every installation, in the background", async () => {
    const { jobs, taken, sweep } = setUp({
      ...QUIET,
      [INSTALLATIONS]: [
        installation(1),
        installation(2),
        installation(3, "x", { suspended_at: "2025-10-14T10:00:00Z" }),
      ],
    });
    await pass(0);
    expect(jobs).toEqual(
      [1, 2].map((installationId) => ({
        key: { kind: "installation", installationId },
        hint: {},
        background: true,
      })),
    );
    taken();
    await pass(59 * MINUTE);
    expect(taken()).toEqual([]);
    await pass(MINUTE);
    expect(taken()).toEqual(["installation:1", "installation:2"]);
    sweep.stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("costs three requests where nothing is open", async () => {
    const { asked, taken } = setUp(QUIET);
    await pass(0);
    taken();
    asked.splice(0);
    await pass(MINUTE);
    expect(asked).toEqual([
      INSTALLATIONS,
      "GET /search/issues is:issue is:open archived:false user:acme author:app/hotfix-guard",
      "GET /search/issues is:pr is:open archived:false user:acme head:hotfix",
    ]);
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
    taken();
    await pass(MINUTE);
    expect(taken()).toEqual(["acme/payments:post-mortem:20", "acme/payments#12", "acme/payments#13"]);
    const updatedAt = new Date(NOW).toISOString();
    watch.seen(KEY, { updatedAt, dueAt: null });
    watch.seen({ ...KEY, number: 13 }, { updatedAt, dueAt: NOW + 3 * MINUTE });
    watch.seen({ ...KEY, kind: "post-mortem", number: 20 }, { updatedAt, dueAt: null });
    await pass(MINUTE);
    expect(taken()).toEqual([]);
    later = { updated_at: "2025-10-14T12:00:30Z" };
    await pass(MINUTE);
    expect(taken()).toEqual(["acme/payments#12", "acme/payments#13"]);
  });

  it("looks at what the search shows no more, and at what is due without being shown", async () => {
    let open = [pull(12)];
    const { taken, watch } = setUp({ ...QUIET, [PULLS]: () => found(...open) });
    await pass(MINUTE);
    taken();
    watch.seen(KEY, { updatedAt: new Date(NOW).toISOString(), dueAt: null });
    watch.seen({ ...KEY, number: 99 }, { updatedAt: "", dueAt: NOW + 2 * MINUTE });
    open = [];
    await pass(MINUTE);
    expect(taken()).toEqual(["acme/payments#12", "acme/payments#99"]);
    watch.over({ ...KEY, number: 99 });
    await pass(MINUTE);
    expect(taken()).toEqual([]);
  });

  it("leaves public repositories alone on which the app is not installed", async () => {
    const elsewhere = { repository_url: "https://api.github.com/repos/acme/website" };
    const { taken, asked } = setUp({ ...QUIET, [PULLS]: found(pull(1, elsewhere)) });
    await pass(0);
    taken();
    await pass(3 * MINUTE);
    expect(taken()).toEqual([]);
    expect(asked.filter((route) => route === REPOSITORIES)).toHaveLength(1);
  });

  it.each([403, 404, 422])("lists all repositories where the search answers %i", async (status) => {
    const { taken } = setUp({ ...QUIET, [PULLS]: status });
    await pass(0);
    taken();
    await pass(MINUTE);
    expect(taken()).toEqual(["acme/payments:hotfixes"]);
    // The listing has just been made; the next is a full look.
    await pass(MINUTE);
    expect(taken()).toEqual(["installation:5"]);
  });

  it("does not let one installation's failure stop the others", async () => {
    let fails = false;
    const { taken, log } = setUp({
      ...QUIET,
      [INSTALLATIONS]: [installation(4, "broken"), installation(5)],
      "GET /search/issues is:pr is:open archived:false user:broken": () => (fails ? 502 : found()),
      [PULLS]: found(pull(12)),
    });
    await pass(0);
    taken();
    fails = true;
    await pass(MINUTE);
    expect(taken()).toEqual(["acme/payments#12"]);
    expect(log.warn).toHaveBeenCalledTimes(1);
  });

  it("without an interval looks once, unless it is told to", async () => {
    const { asked, sweep } = setUp(QUIET, null);
    await pass(3_600_000);
    expect(asked.filter((route) => route === INSTALLATIONS)).toHaveLength(1);
    await sweep.now();
    expect(asked.filter((route) => route === INSTALLATIONS)).toHaveLength(2);
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
    expect(taken()).toEqual(["installation:1"]);
    expect(log.warn).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops for good, also while it is asking", async () => {
    const { sweep } = setUp(QUIET, 1_000);
    sweep.stop();
    await pass(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});

const DELIVERIES = "GET /app/hook/deliveries";
const ATTEMPT = "POST /app/hook/deliveries/";

describe("lost deliveries", () => {
  const delivery = (id: number, more: object = {}) => ({
    id,
    guid: `guid-${id}`,
    delivered_at: "2025-10-14T11:00:00Z",
    status_code: 0,
    installation_id: 5,
    ...more,
  });

  it("are asked for once each, at the start and hourly", async () => {
    const { asked } = setUp({
      ...QUIET,
      [DELIVERIES]: [
        delivery(1),
        delivery(2, { status_code: 200 }),
        delivery(3, { status_code: 202 }),
        // Delivered again, with and without success.
        delivery(4, { guid: "again" }),
        delivery(5, { guid: "again", status_code: 200 }),
        delivery(6, { guid: "in-vain" }),
        delivery(7, { guid: "in-vain", status_code: 500 }),
        delivery(8, { installation_id: null }),
        delivery(9, { status_code: 502 }),
        delivery(10, { delivered_at: "2025-10-14T05:59:59Z" }),
      ],
      [ATTEMPT]: {},
    });
    await pass(59 * MINUTE);
    const attempts = () => asked.filter((route) => route.startsWith(ATTEMPT));
    expect(attempts()).toEqual([`${ATTEMPT}1/attempts`, `${ATTEMPT}9/attempts`]);
    await pass(MINUTE);
    expect(asked.filter((route) => route === DELIVERIES)).toHaveLength(2);
  });

  it.each([
    [403, 0],
    [404, 0],
    [502, 1],
  ])("where the list answers %i there are %i complaints", async (status, complaints) => {
    const { log, taken } = setUp({ ...QUIET, [DELIVERIES]: status });
    await pass(0);
    expect(log.warn).toHaveBeenCalledTimes(complaints);
    expect(taken()).toEqual(["installation:5"]);
  });
});
