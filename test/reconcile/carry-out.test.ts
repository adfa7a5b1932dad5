import { LRUCache } from "lru-cache";
import { describe, expect, it, vi } from "vitest";
import { type Plan, plan } from "../../src/plan/plan.ts";
import type { Action } from "../../src/policy/action.ts";
import { carryOutOr } from "../../src/reconcile/carry-out.ts";
import type { ReconcileContext } from "../../src/reconcile/context.ts";
import type { RetryStep } from "../../src/reconcile/retry.ts";
import { testClient, withoutNetwork } from "../support/nock-github.ts";
import { world } from "../support/nock-world.ts";

withoutNetwork();

const KEY = { installationId: 1, owner: "o", repo: "r", kind: "pull-request", number: 5 } as const;
const STEP: RetryStep = { show: "quiet", afterMs: 2_000 };
const LAST: RetryStep = { show: "gave-up", afterMs: null };
const answer: Action = {
  type: "post-answer",
  number: 5,
  marker: "<!-- hotfix-guard:answer 17 -->",
  body: "Yes.",
};

async function carry(
  planned: Plan,
  {
    fails,
    step = STEP,
    otherwise = null,
  }: { fails?: "409" | "403" | "429"; step?: RetryStep; otherwise?: ((reason: string) => Plan) | null } = {},
) {
  const w = world();
  if (fails !== undefined) for (let i = 0; i < 9; i += 1) w.fails("POST comments", fails);
  const context = {
    log: { info: vi.fn(), warn: vi.fn(), debug: vi.fn(), error: vi.fn() },
    enqueue: vi.fn(),
    announce: vi.fn(),
    onVerdict: vi.fn(),
    watch: { seen: vi.fn(), over: vi.fn() },
    memory: {
      cleared: new LRUCache({ max: 9 }),
      told: new LRUCache({ max: 9 }),
      said: new LRUCache({ max: 9 }),
      settled: new LRUCache({ max: 9 }),
      opened: new LRUCache({ max: 9 }),
    },
  };
  const place = { client: testClient(), repo: { owner: "o", repo: "r" } };
  const { result } = await carryOutOr(
    context as unknown as ReconcileContext,
    place,
    planned,
    otherwise,
    step,
  );
  return { ...context, result };
}

const PLAN = plan({
  actions: [answer],
  jobs: [
    { key: KEY, hint: {} },
    { key: { ...KEY, number: 6 }, hint: {}, after: answer },
    { key: { ...KEY, number: 7 }, hint: {}, ifNew: answer },
  ],
  watch: { key: KEY, seen: { updatedAt: "2026-01-01T00:00:00Z", dueAt: null } },
  remember: [
    { list: "cleared", key: "all" },
    { list: "told", key: "one", after: answer },
  ],
  announcements: [{ text: "It is so.", ifNew: answer }],
  log: [{ level: "info", fields: {}, message: "done" }],
  shows: "success",
  requirement: "any-source",
});

describe("a plan with another one for where it is refused", () => {
  const other = plan({ log: [{ level: "warn", fields: {}, message: "elsewhere" }] });
  it.each([
    ["done", undefined, false],
    ["that may go better later", "409", false],
    ["refused for good", "403", true],
  ] as const)("%s", async (_, fails, expected) => {
    const done = await carry(plan({ actions: [answer] }), {
      ...(fails && { fails }),
      otherwise: () => other,
    });
    expect(done.log.warn.mock.calls.some(([, message]) => message === "elsewhere")).toBe(expected);
  });
});

describe("a plan that is carried out", () => {
  it("does all that it says", async () => {
    const done = await carry(PLAN);
    expect(done.result).toEqual({});
    expect(done.enqueue.mock.calls.map(([job]) => job.key.number)).toEqual([5, 6, 7]);
    expect([done.memory.cleared.has("all"), done.memory.told.has("one")]).toEqual([true, true]);
    expect(done.watch.seen).toHaveBeenCalledOnce();
    expect(done.announce).toHaveBeenCalledWith("It is so.");
    expect(done.onVerdict).toHaveBeenCalledWith("success", "any-source");
    expect(done.log.info).toHaveBeenCalledWith(expect.anything(), "done");
  });

  it.each([
    ["that may go better later", "409", STEP, { retryAfterMs: 2_000 }],
    ["that may go better later, at the last try", "409", LAST, { gaveUp: true }],
    ["for good", "403", STEP, {}],
    ["by a limit, at the last try: never given up", "429", LAST, { retryAfterMs: 60_000 }],
  ] as const)("whose action fails %s: what hangs on it is left", async (_, fails, step, result) => {
    const done = await carry(PLAN, { fails, step });
    expect(done.result).toEqual(result);
    expect(done.enqueue.mock.calls.map(([job]) => job.key.number)).toEqual([5]);
    expect([done.memory.cleared.has("all"), done.memory.told.has("one")]).toEqual([false, false]);
    // What is refused for good is no reason to look again.
    expect(done.watch.seen).toHaveBeenCalledTimes(fails === "403" ? 1 : 0);
    expect(done.announce).not.toHaveBeenCalled();
  });

  it("is tried again where facts are unread: as long as there are steps, or for ever", async () => {
    expect((await carry(plan({ retry: "later" }))).result).toEqual({ retryAfterMs: 2_000 });
    expect((await carry(plan({ retry: "later" }), { step: LAST })).result).toEqual({
      gaveUp: true,
    });
    expect((await carry(plan({ retry: "until-done" }), { step: LAST })).result).toEqual({
      retryAfterMs: 60_000,
    });
  });
});
