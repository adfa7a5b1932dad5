import { afterEach, describe, expect, it, vi } from "vitest";
import { createInstance, type Instance } from "../../../src/github/api/instance.ts";

const APP = 7;
const BEGAN = Date.parse("2026-12-01T10:00:00Z");
const OTHER = "0123456789ab";
const WRITE = { method: "PATCH", url: "/repos/{owner}/{repo}/check-runs/{check_run_id}" };
const LIST = { method: "GET", url: "/repos/{owner}/{repo}/commits/{ref}/check-runs" };
const COMMENT = { method: "POST", url: "/repos/{owner}/{repo}/issues/{issue_number}/comments" };

type Hook = (...args: unknown[]) => void;

/** An instance that began at `BEGAN`, and an Octokit that it follows. */
function following() {
  vi.useFakeTimers({ now: BEGAN, toFake: ["Date", "performance"] });
  const instance = createInstance({ appId: APP });
  const hooks: Record<string, Hook> = {};
  const hook = Object.fromEntries(
    ["before", "after", "error"].map((when) => [when, (_: string, it: Hook) => (hooks[when] = it)]),
  );
  instance.follow({ hook } as unknown as Parameters<Instance["follow"]>[0], () => Date.now());
  const tell = vi.fn();
  instance.onOther(tell);
  return {
    instance,
    tell,
    /** The text of a check that is written, as it goes out. */
    writes(text: string | undefined): string | undefined {
      const options = {
        ...WRITE,
        output: { title: "", summary: "", ...(text === undefined ? {} : { text }) },
      };
      hooks.before?.(options);
      return (options.output as { text?: string }).text;
    },
    reads(text: string, app = APP) {
      hooks.after?.({ data: { check_runs: [{ app: { id: app }, output: { text } }] } }, LIST);
    },
    created: (id: number) => hooks.after?.({ data: { id } }, COMMENT),
    failed: () => expect(() => hooks.error?.(new Error("502"), COMMENT)).toThrow("502"),
    later: (seconds: number) => vi.advanceTimersByTime(seconds * 1_000),
  };
}

const signed = (by: string, seconds: number) =>
  `text\n<!-- hotfix-guard:by ${by} ${new Date(BEGAN + seconds * 1_000).toISOString()} -->`;

afterEach(() => void vi.useRealTimers());

describe("an instance", () => {
  it("signs the check runs that it writes, at their end", () => {
    const { instance, writes } = following();
    const line = `<!-- hotfix-guard:by ${instance.id} 2026-12-01T10:00:00.000Z -->`;
    expect(writes("text")).toBe(`text\n${line}`);
    expect(writes(undefined)).toBe(line);
    expect(writes("x".repeat(65_500))).toBe("x".repeat(65_500));
  });

  it.each<[string, (by: string) => [text: string, app?: number], boolean]>([
    ["another's, of after its start", () => [signed(OTHER, 20)], true],
    ["another's, of before its start: it has followed it", () => [signed(OTHER, -1)], false],
    ["another's that was under way at its start", () => [signed(OTHER, 3)], false],
    ["its own", (own) => [signed(own, 20)], false],
    ["in another app's check", () => [signed(OTHER, 20), 8], false],
    ["of no form", () => ["<!-- hotfix-guard:by 0123456789ab yesterday -->"], false],
    ["none", () => ["text"], false],
  ])("%s", (_, text, seen) => {
    const { instance, tell, reads, later } = following();
    later(30);
    reads(...text(instance.id));
    expect(instance.other() !== null).toBe(seen);
    expect(tell).toHaveBeenCalledTimes(seen ? 1 : 0);
    reads(...text(instance.id));
    expect(tell).toHaveBeenCalledTimes(seen ? 1 : 0);
  });

  it("takes one that writes nothing more for gone after ten minutes", () => {
    const { instance, reads, later } = following();
    later(30);
    reads(signed(OTHER, 20));
    later(500);
    expect(instance.other()).toEqual({ instance: OTHER, at: BEGAN + 20_000 });
    later(100);
    expect(instance.other()).toBeNull();
  });

  it("owes the other one a trace until it signs something", () => {
    const { instance, reads, writes, later } = following();
    writes("text");
    expect(instance.owesTrace()).toBe(false);
    later(30);
    reads(signed(OTHER, 20));
    expect(instance.owesTrace()).toBe(true);
    writes("text");
    expect(instance.owesTrace()).toBe(false);
  });

  it.each<[string, (world: ReturnType<typeof following>) => void, seconds: number, own: boolean]>([
    ["that it has created", ({ created }) => created(5), 20, true],
    ["that another has created", () => {}, 20, false],
    ["of before its start", () => {}, -1, true],
    ["of around a create of its own without an answer", ({ failed }) => failed(), 20, true],
  ])("is told of a comment %s", (_, before, seconds, own) => {
    const world = following();
    world.later(30);
    before(world);
    const at = BEGAN + seconds * 1_000;
    expect(world.instance.isOwn({ what: "comment", id: 5, at })).toBe(own);
    expect(world.instance.other() === null).toBe(own);
    expect(world.instance.isOwn({ what: "comment", id: 5, at })).toBe(own);
  });
});
