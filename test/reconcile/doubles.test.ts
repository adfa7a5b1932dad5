import { afterEach, expect, it, vi } from "vitest";
import type { Instance, Trace } from "../../src/github/api/instance.ts";
import type { ReconcileKey } from "../../src/jobs/key.ts";
import { watchDoubles } from "../../src/reconcile/doubles.ts";

const key = (number: number): ReconcileKey => ({
  kind: "conversation",
  installationId: 1,
  repositoryId: 9,
  owner: "kamiyo",
  repo: "api",
  number,
});
const OTHER: Trace = { instance: "0123456789ab", at: 0 };

function watching() {
  vi.useFakeTimers();
  let other: Trace | null = null;
  let tell: (trace: Trace) => void = () => {};
  const instance = {
    other: () => other,
    onOther(listener: typeof tell) {
      tell = listener;
    },
  } as unknown as Instance;
  const enqueue = vi.fn(async () => {});
  const doubles = watchDoubles(instance, enqueue, 1_000);
  return {
    doubles,
    enqueue,
    seen() {
      other = OTHER;
      tell(OTHER);
    },
  };
}

afterEach(() => void vi.useRealTimers());

it("nothing is looked at again as long as nobody else is seen", () => {
  const { doubles, enqueue } = watching();
  doubles.created(key(1));
  vi.advanceTimersByTime(10_000);
  expect(enqueue).not.toHaveBeenCalled();
});

it("what was created lately is looked at again soon after another instance was seen, each once, in the background", () => {
  const { doubles, enqueue, seen } = watching();
  for (const number of [1, 2, 1]) doubles.created(key(number));
  seen();
  seen();
  vi.advanceTimersByTime(999);
  expect(enqueue).not.toHaveBeenCalled();
  vi.advanceTimersByTime(5_000);
  expect(enqueue.mock.calls).toEqual(
    [1, 2].map((number) => [{ key: key(number), hint: {}, background: true }]),
  );
  seen();
  vi.advanceTimersByTime(5_000);
  expect(enqueue).toHaveBeenCalledTimes(2);
});

it("so is what is created while it is there", () => {
  const { doubles, enqueue, seen } = watching();
  seen();
  doubles.created(key(1));
  vi.advanceTimersByTime(1_000);
  expect(enqueue).toHaveBeenCalledTimes(1);
});

it("a queue that does not take it leaves it to the sweep", async () => {
  const { doubles, enqueue, seen } = watching();
  enqueue.mockRejectedValue(new Error("Redis is gone"));
  doubles.created(key(1));
  seen();
  await vi.advanceTimersByTimeAsync(1_000);
  expect(enqueue).toHaveBeenCalledTimes(1);
});
