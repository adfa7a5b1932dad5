import type { ProbotOctokit } from "probot";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Job } from "../../src/queue/port.ts";
import { startSweep } from "../../src/sweep/sweep.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(answers: readonly (readonly object[] | Error)[], intervalMs: number | null) {
  const jobs: Job[] = [];
  const log = { info: vi.fn(), warn: vi.fn() };
  let asked = 0;
  const octokit = {
    async paginate() {
      const answer = answers[Math.min(asked, answers.length - 1)];
      asked += 1;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  } as unknown as ProbotOctokit;
  const stop = startSweep({
    clients: { asApp: async () => octokit },
    queue: { add: (job) => void jobs.push(job) },
    log,
    intervalMs,
  });
  return { jobs, log, stop, asked: () => asked };
}

describe("the sweep", () => {
  it("looks at every installation at once, and again at every interval, in the background", async () => {
    const { jobs, stop } = setUp([[{ id: 1 }, { id: 2 }]], 600_000);
    await vi.advanceTimersByTimeAsync(0);
    expect(jobs).toEqual(
      [1, 2].map((installationId) => ({
        key: { kind: "installation", installationId },
        hint: {},
        background: true,
      })),
    );
    await vi.advanceTimersByTimeAsync(600_000);
    expect(jobs).toHaveLength(4);
    stop();
    expect(vi.getTimerCount()).toBe(0);
  });

  it("without an interval looks once", async () => {
    const { asked } = setUp([[]], null);
    await vi.advanceTimersByTimeAsync(3_600_000);
    expect(asked()).toBe(1);
  });

  it("tries again soon where the installations cannot be listed, also without an interval", async () => {
    const { jobs, log } = setUp([new Error("down"), new Error("down"), [{ id: 1 }]], null);
    await vi.advanceTimersByTimeAsync(59_000);
    expect(jobs).toEqual([]);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(jobs).toHaveLength(1);
    expect(log.warn).toHaveBeenCalledTimes(2);
    expect(vi.getTimerCount()).toBe(0);
  });

  it("stops for good, also while it is asking", async () => {
    const { stop } = setUp([[]], 1_000);
    stop();
    await vi.advanceTimersByTimeAsync(10_000);
    expect(vi.getTimerCount()).toBe(0);
  });
});
