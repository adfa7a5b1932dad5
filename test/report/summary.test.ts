import { describe, expect, it } from "vitest";
import { rowOf, SPANS, summarize } from "../../src/report/summary.ts";

const row = (values: Record<string, unknown> = {}, affected: string | null = null) => rowOf(values, affected);

describe("summarize", () => {
  it("counts nothing where there is nothing", () => {
    const summary = summarize([]);
    expect(summary.hotfixes).toBe(0);
    for (const name of SPANS) expect(summary.spans[name]).toEqual({ count: 0, median: null, p90: null });
  });

  it.each([
    [[60], 60, 60],
    [[100, 200], 150, 200],
    [[300, 100, 200], 200, 300],
    [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100], 55, 90],
    [[10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110], 60, 100],
  ])("takes median and 90th percentile of %j", (times, median, p90) => {
    const { spans } = summarize(times.map((time_to_merge) => row({ time_to_merge })));
    expect(spans.time_to_merge).toEqual({ count: times.length, median, p90 });
    expect(spans.time_to_review.count).toBe(0);
  });

  it("counts what happened, and takes unknown for neither yes nor no", () => {
    const summary = summarize([
      row({ severity: "P0", late: true, overrides: 2, bypassed: true, on_time: true, complete: true }),
      row({ severity: "P1", late: false, overrides: 1, bypassed: false, on_time: false, complete: false }),
      row({
        severity: null,
        late: null,
        bypassed: null,
        rolled_back: true,
        time_to_merge: null,
        pull_request: 0,
      }),
    ]);
    expect(summary).toMatchObject({
      hotfixes: 3,
      severities: { P0: 1, P1: 1, P2: 0, P3: 0, unknown: 1 },
      response: { met: 1, missed: 1 },
      rollbacks: 1,
      bypasses: 1,
      overrides: 3,
      post_mortems: { on_time: 1, late: 1, open: 1, unfinished: 1 },
    });
  });

  it("names areas that came up again, what people wrote before what was changed", () => {
    const { repeated_areas } = summarize([
      row({}, "src/payments/"),
      row({ root_cause_area: "Webhooks" }, "src/payments/"),
      row({ root_cause_area: " webhooks " }),
      row({ root_cause_area: "once" }),
    ]);
    expect(repeated_areas).toEqual([{ area: "Webhooks", count: 2 }]);
  });

  it.each([["1h"], [-1], [Number.NaN], [Number.POSITIVE_INFINITY], [1e300], [{}], [true]])(
    "does not take %j for a time or a count",
    (bad) => {
      const { spans, overrides } = summarize([
        row({ time_to_merge: bad, overrides: bad, severity: bad, late: "no" }),
      ]);
      expect(spans.time_to_merge.count).toBe(0);
      expect(overrides).toBe(0);
    },
  );
});
