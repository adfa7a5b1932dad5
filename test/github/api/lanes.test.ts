import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createLanes, LIMITS, laneOf, type SharedLimits } from "../../../src/github/api/lanes.ts";

describe("the lane of a request", () => {
  test.each([
    ["GET", "/repos/o/r/issues/1/comments", "reads"],
    ["HEAD", "/repos/o/r", "reads"],
    ["POST", "/graphql", "reads"],
    ["POST", "/api/graphql", "reads"],
    ["POST", "/repos/{owner}/{repo}/check-runs", "verdict"],
    ["PATCH", "/repos/o/issues/check-runs/7", "verdict"],
    ["POST", "/repos/o/r/actions/runs/7/deployment_protection_rule", "verdict"],
    ["POST", "/app/hook/deliveries/7/attempts", "verdict"],
    ["POST", "/repos/{owner}/{repo}/issues", "people"],
    ["POST", "/repos/{owner}/{repo}/issues/{issue_number}/comments", "people"],
    ["PATCH", "/api/v3/repos/o/r/issues/comments/5", "people"],
    ["DELETE", "/repos/o/r/issues/7/labels/x", "people"],
    ["POST", "/repos/o/r/labels", "people"],
    ["POST", "/repos/o/r/pulls/7/requested_reviewers", "people"],
  ] as const)("%s %s is of %s", (method, path, lane) => {
    expect(laneOf(method, path)).toBe(lane);
  });
});

describe("lanes", () => {
  beforeEach(() => {
    vi.useFakeTimers({ toFake: ["setTimeout", "clearTimeout", "setInterval", "clearInterval", "Date"] });
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  /** Limiters begin what they may in a moment, which has to pass here. */
  async function soon<T>(result: Promise<T>): Promise<T> {
    result.catch(() => {});
    await vi.advanceTimersByTimeAsync(100);
    return result;
  }

  const CHECK = { method: "POST", url: "/repos/o/r/check-runs" };
  const COMMENT = { method: "POST", url: "https://api.github.test/repos/o/r/issues/1/comments" };
  const READ = { method: "GET", url: "/repos/o/r" };
  const GRAPHQL = { method: "POST", url: "/graphql" };
  type Options = typeof CHECK;

  /** Sends requests as the plugin does; `sent`: when each went out, in milliseconds. */
  function world(
    answer: (options: Options) => Promise<unknown> = async () => ({}),
    shared?: Pick<SharedLimits, "turn">,
  ) {
    const pause = async () => {};
    const lanes = createLanes({ longestWaitMs: 10_000, shared: shared && { ...shared, pause } });
    const sent: { readonly at: number; readonly url: string }[] = [];
    const start = Date.now();
    const request = async (options: Options) => {
      sent.push({ at: Date.now() - start, url: options.url });
      return answer(options);
    };
    const send = (options: Options, id = "1") =>
      lanes.global.key(id).schedule({}, request as never, options as never);
    return {
      send,
      sent,
      of: ({ url }: Options) => sent.filter((one) => one.url === url).map(({ at }) => at),
    };
  }
  const hang = () => new Promise<never>(() => {});
  const refused = (headers: object, status = 403) =>
    Object.assign(new Error("You have exceeded a secondary rate limit"), { status, response: { headers } });

  const turnOf = (waitMs: number, pausedMs = 0, full = false) => ({ waitMs, pausedMs, full });
  test.each([
    ["its turn", [turnOf(700)], 700],
    ["a pause, and then for its turn", [turnOf(0, 500), turnOf(700)], 1_200],
    ["a pause, which another one follows", [turnOf(0, 500), turnOf(0, 800), turnOf(0)], 1_300],
    ["a pause, after which the hour has no more", [turnOf(0, 500), turnOf(0, 0, true)], null],
    ["a pause, which a long one follows", [turnOf(0, 500), turnOf(0, 60_000)], null],
  ] as const)("among several instances a write waits for %s", async (_, turns, sentAt) => {
    const left = [...turns];
    const { send, sent } = world(undefined, { turn: async () => left.shift() ?? turnOf(0) });
    const result = Promise.resolve(send(COMMENT)).then(
      () => "sent",
      () => "refused",
    );
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await result).toBe(sentAt === null ? "refused" : "sent");
    expect(left).toEqual([]);
    expect(sent).toHaveLength(sentAt === null ? 0 : 1);
    if (sentAt !== null) {
      expect(sent[0]?.at).toBeGreaterThanOrEqual(sentAt);
      expect(sent[0]?.at).toBeLessThan(sentAt + 100);
    }
  });

  test("a check waits neither for comments before it nor for one that hangs", async () => {
    const { send, of } = world(({ url }) => (url === COMMENT.url ? hang() : Promise.resolve({})));
    for (let i = 0; i < 30; i += 1) void send(COMMENT);
    await vi.advanceTimersByTimeAsync(5_000);
    await soon(send(CHECK));
    await soon(send(READ));
    expect([of(CHECK).length, of(READ).length]).toEqual([1, 1]);
  });

  test("what a write depends on is asked when its turn has come, and keeps it from being sent", async () => {
    const { send, of } = world();
    for (let i = 0; i < 5; i += 1) void send(COMMENT);
    let body = "as it was";
    const before = async () => {
      if (body !== "as it was") throw new Error("changed meanwhile");
    };
    const update = { method: "PATCH", url: "/repos/o/r/issues/7", request: { before } };
    const waiting = send(update);
    waiting.catch(() => {});
    body = "as somebody wrote it";
    await vi.advanceTimersByTimeAsync(10_000);
    await expect(waiting).rejects.toThrow("changed meanwhile");
    expect(of(update)).toEqual([]);
    body = "as it was";
    await soon(send(update));
    expect([of(update).length, of(COMMENT).length]).toEqual([1, 5]);
  });

  test("a run that has lost its job by the time of its turn writes nothing, and reads all the same", async () => {
    const { send, sent } = world();
    let mine = true;
    const request = { isMine: async () => mine };
    await soon(send({ ...CHECK, request } as Options));
    const waiting = [send({ ...COMMENT, request } as Options), send({ ...COMMENT, request } as Options)];
    for (const one of waiting) one.catch(() => {});
    await vi.advanceTimersByTimeAsync(100);
    mine = false;
    await vi.advanceTimersByTimeAsync(2_000);
    await expect(waiting[1]).rejects.toThrow("another instance has taken this job over");
    await expect(soon(send({ ...CHECK, request } as Options))).rejects.toThrow("another instance");
    await soon(send({ ...READ, request } as Options));
    expect(sent.map(({ url }) => url)).toEqual([CHECK.url, COMMENT.url, READ.url]);
  });

  test("checks go out side by side, and GraphQL is a read", async () => {
    const { send, sent } = world();
    const all = [CHECK, CHECK, CHECK, GRAPHQL, GRAPHQL, GRAPHQL];
    await soon(Promise.all(all.map((one) => send(one))));
    expect(sent).toHaveLength(6);
  });

  test("no more than GitHub takes at once", async () => {
    const { send, sent } = world(hang);
    for (let i = 0; i < 200; i += 1) for (const one of [CHECK, COMMENT, READ]) void send(one);
    await vi.advanceTimersByTimeAsync(30_000);
    expect(sent.length).toBeGreaterThan(80);
    expect(sent.length).toBeLessThan(100);
  });

  test("comments keep to GitHub's minute and hour; what does not fit is refused at once", async () => {
    const { send, of } = world();
    const results = Array.from({ length: 600 }, () =>
      send(COMMENT).then(
        () => "sent",
        () => "refused",
      ),
    );
    await vi.advanceTimersByTimeAsync(15 * 60_000);
    const outcomes = await Promise.all(results);
    const times = of(COMMENT);
    expect(outcomes.filter((one) => one === "sent")).toHaveLength(LIMITS.people.anHour);
    for (const [i, at] of times.entries())
      expect((times[i + LIMITS.people.aMinute] ?? Number.POSITIVE_INFINITY) - at).toBeGreaterThan(60_000);
    await expect(soon(send(COMMENT))).rejects.toMatchObject({ status: 429 });
    // That is no refusal of GitHub's, for which all would have to wait a minute.
    await vi.advanceTimersByTimeAsync(45 * 60_000 - 10_000);
    await expect(soon(send(COMMENT))).rejects.toMatchObject({ status: 429 });
    await vi.advanceTimersByTimeAsync(30_000);
    await soon(send(COMMENT));
    await soon(send(CHECK));
    await vi.advanceTimersByTimeAsync(60 * 60_000);
    await soon(send(COMMENT));
  });

  test("writes keep to 900 points a minute: at once, and then as they come back", async () => {
    const { send, of } = world();
    for (let i = 0; i < 400; i += 1) void send(CHECK);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(of(CHECK)).toHaveLength(LIMITS.writes.atOnce);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(of(CHECK).length).toBeGreaterThan(2 * LIMITS.writes.atOnce - 20);
    expect(of(CHECK).length).toBeLessThanOrEqual(2 * LIMITS.writes.atOnce);
  });

  test("each installation has its own", async () => {
    const { send, of } = world();
    void send(COMMENT, "1");
    void send(COMMENT, "1");
    await soon(send(COMMENT, "2"));
    expect(of(COMMENT)).toHaveLength(2);
  });

  test("a limit on comments stops comments, and no verdict; a short one is waited for", async () => {
    let limit: object | null = { "retry-after": "60" };
    const { send, of } = world(async ({ url }) => {
      if (url === COMMENT.url && limit !== null) throw refused(limit);
    });
    await expect(soon(send(COMMENT))).rejects.toMatchObject({ status: 403 });
    limit = null;
    await expect(soon(send(COMMENT))).rejects.toMatchObject({ status: 403 });
    await soon(send(CHECK));
    expect(of(COMMENT)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(55_000);
    const waiting = send(COMMENT);
    await vi.advanceTimersByTimeAsync(4_000);
    expect(of(COMMENT)).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(1_000);
    await soon(waiting);
    expect(of(COMMENT)).toHaveLength(2);
  });

  test.each([
    ["nothing", {}, 60],
    ["that requests are left", { "x-ratelimit-remaining": "4000", "x-ratelimit-reset": "9999999999" }, 60],
    ["a date", { date: "Fri, 28 Nov 2025 12:00:00 GMT", "retry-after": "Fri, 28 Nov 2025 12:01:30 GMT" }, 90],
    [
      "a date that is over",
      { date: "Fri, 28 Nov 2025 12:00:00 GMT", "retry-after": "Fri, 28 Nov 2025 11:59:00 GMT" },
      0,
    ],
    ["no time at all", { "retry-after": "0" }, 0],
    ["what is no time", { "retry-after": "soon" }, 60],
    ["a year", { "retry-after": "31536000" }, 3_600],
  ])(
    "a secondary limit of which GitHub says %s: nothing is sent for as long, a minute where it is not told",
    async (_, headers, seconds) => {
      for (const [one, status] of [
        [CHECK, 403],
        [READ, 429],
      ] as const) {
        let limit: object | null = headers;
        const { send, sent } = world(async () => {
          if (limit !== null) throw refused(limit, status);
        });
        await expect(soon(send(one))).rejects.toMatchObject({ status });
        limit = null;
        if (seconds > 0) {
          await vi.advanceTimersByTimeAsync((seconds - 12) * 1_000);
          await expect(soon(send(one))).rejects.toMatchObject({ status });
          expect(sent).toHaveLength(1);
          await vi.advanceTimersByTimeAsync(12_000);
        }
        await soon(send(one));
        expect(sent).toHaveLength(2);
      }
    },
  );

  test("once the hour's requests are used up each is sent all the same: only GitHub knows when that is over", async () => {
    let limited = true;
    const { send, sent } = world(async () => {
      if (limited) throw refused({ "x-ratelimit-remaining": "0", "x-ratelimit-reset": "9999999999" });
    });
    await expect(soon(send(READ))).rejects.toMatchObject({ status: 403 });
    limited = false;
    for (const one of [READ, CHECK, COMMENT]) await soon(send(one));
    expect(sent).toHaveLength(4);
  });

  test("the last of the hour's requests is kept for verdicts: what people read waits until there are more", async () => {
    let remaining = 250;
    let resource = "core";
    const reset = Math.ceil(Date.now() / 1_000) + 1_800;
    const { send, of } = world(async () => ({
      headers: {
        "x-ratelimit-remaining": `${remaining}`,
        "x-ratelimit-limit": "5000",
        "x-ratelimit-reset": `${reset}`,
        "x-ratelimit-resource": resource,
      },
    }));
    await soon(send(READ));
    await expect(soon(send(COMMENT))).rejects.toMatchObject({ status: 429 });
    await soon(send(CHECK));
    expect([of(COMMENT).length, of(CHECK).length]).toEqual([0, 1]);
    // The search has limits of its own.
    [remaining, resource] = [30, "search"];
    await soon(send(READ, "2"));
    await soon(send(COMMENT, "2"));
    expect(of(COMMENT)).toHaveLength(1);
    [remaining, resource] = [251, "core"];
    await soon(send(READ));
    await soon(send(COMMENT));
    expect(of(COMMENT)).toHaveLength(2);
  });
});
