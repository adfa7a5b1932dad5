import { describe, expect, test } from "vitest";
import type { GitHubClient } from "../../src/github/api/client.ts";
import type { Evaluation } from "../../src/reconcile/evaluate/pull-request.ts";
import { handOver, isTaken, takeBack, takeHandedOver } from "../../src/reconcile/gate/handed-over.ts";
import { snapshot } from "../support/snapshot.ts";

const AT = Date.parse("2025-10-14T10:20:00Z");
const FIRST = { number: 0, elapsedMs: 0 };

function world({ state = "open" as "open" | "closed", ageMs = 0 } = {}) {
  const client = { installationId: 1, serverTime: () => new Date(AT + ageMs) } as unknown as GitHubClient;
  const place = { client, repo: { owner: "kamiyo", repo: "api" } };
  const base = snapshot({ observedAt: new Date(AT).toISOString() });
  const pullRequest = { ...base.pullRequest, state, updatedAt: "2025-10-14T10:12:00Z" };
  const evaluated = {
    number: 42,
    verdict: {},
    collected: { state: "collected", snapshot: { ...base, pullRequest } },
  } as unknown as Evaluation;
  return { place, evaluated };
}

describe("what the verdict has read is used for what people read", () => {
  test("once, also while it is being read", async () => {
    const { place, evaluated } = world();
    handOver(place, 42, new Promise((resolve) => setTimeout(() => resolve(evaluated), 10)));
    expect(await takeHandedOver(place, 42, { notBefore: "2025-10-14T10:12:00Z" }, FIRST)).toBe(evaluated);
    expect(await takeHandedOver(place, 42, {}, FIRST)).toBeNull();
    expect("verdict" in evaluated && isTaken(evaluated)).toBe(true);
  });

  test.each<[string, Parameters<typeof world>[0], object, typeof FIRST, (() => Promise<Evaluation>)?]>([
    ["an event knows of something newer", {}, { notBefore: "2025-10-14T10:12:01Z" }, FIRST],
    ["it was read five seconds ago", { ageMs: 5_000 }, {}, FIRST],
    ["it is tried again", {}, {}, { number: 1, elapsedMs: 1_000 }],
    ["it is closed", { state: "closed" }, {}, FIRST],
    ["it could not be read", {}, {}, FIRST, async () => ({ state: "unreadable", reason: "", headSha: null })],
    ["reading it failed", {}, {}, FIRST, () => Promise.reject(new Error("no network"))],
  ])("but read anew where %s", async (_why, at, hint, attempt, evaluating) => {
    const { place, evaluated } = world(at);
    handOver(place, 42, evaluating?.() ?? Promise.resolve(evaluated)).catch(() => undefined);
    expect(await takeHandedOver(place, 42, hint, attempt)).toBeNull();
  });

  test("nor where it was taken back, or is another pull request's or installation's", async () => {
    const { place, evaluated } = world();
    handOver(place, 42, Promise.resolve(evaluated));
    expect(await takeHandedOver(place, 41, {}, FIRST)).toBeNull();
    expect(await takeHandedOver(world().place, 42, {}, FIRST)).toBeNull();
    takeBack(place, 42);
    expect(await takeHandedOver(place, 42, {}, FIRST)).toBeNull();
  });
});
