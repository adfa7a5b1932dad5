import { describe, expect, it } from "vitest";
import { createWatch, type WatchedKey } from "../../src/jobs/watch-list.ts";

const KEY: WatchedKey = {
  kind: "pull-request",
  installationId: 5,
  owner: "acme",
  repo: "payments",
  number: 12,
};
const OTHER: WatchedKey = { ...KEY, kind: "post-mortem", number: 13 };
const AT = "2025-10-14T12:00:00Z";
const NOW = Date.parse(AT);

describe("the watch", () => {
  it("wants to look at what it does not know", () => {
    expect(createWatch().wants(KEY, AT, NOW)).toBe(true);
  });

  const cases: readonly (readonly [string, string, number | null, boolean])[] = [
    ["unchanged, and nothing is due", AT, NOW + 1, false],
    ["unchanged, and nothing ever is due", AT, null, false],
    ["a listing that lags", "2025-10-14T11:59:00Z", null, false],
    ["changed since", "2025-10-14T12:00:01Z", null, true],
    ["due now", AT, NOW, true],
    ["a time that cannot be read", "", null, true],
  ];
  it.each(cases)("%s", (_, updatedAt, dueAt, wanted) => {
    const watch = createWatch();
    watch.seen(KEY, { updatedAt: AT, dueAt });
    expect(watch.wants(KEY, updatedAt, NOW)).toBe(wanted);
  });

  it("lists what is due in one installation, until it is over", () => {
    const watch = createWatch();
    const due = (now: number) => watch.due(5, now).map(({ key }) => key);
    watch.seen(KEY, { updatedAt: AT, dueAt: NOW });
    watch.seen(OTHER, { updatedAt: AT, dueAt: NOW + 1 });
    watch.seen({ ...KEY, installationId: 6, owner: "other" }, { updatedAt: AT, dueAt: NOW });
    expect(due(NOW)).toEqual([KEY]);
    expect(due(NOW + 1)).toEqual([OTHER, KEY]);
    watch.over(KEY);
    expect(due(NOW + 1)).toEqual([OTHER]);
    watch.seen(OTHER, { updatedAt: AT, dueAt: null });
    expect(due(NOW + 1)).toEqual([]);
  });
});
