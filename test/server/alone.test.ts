import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, vi } from "vitest";
import { createFileStore, NO_STORE } from "../../src/jobs/store.ts";
import { type Alone, watchAlone } from "../../src/server/alone.ts";

function instances(folder = mkdtempSync(join(tmpdir(), "hotfix-guard-alone-"))) {
  const log = { error: vi.fn(), warn: vi.fn() };
  return { log, folder, start: (): Alone => watchAlone(createFileStore(folder, log), log, { beatMs: 20 }) };
}

it("two instances on one folder see each other, and say so once", async () => {
  const { log, start } = instances();
  const both = [start(), start()];
  await vi.waitFor(() => {
    for (const one of both) expect(one.warning()).toMatch(/another instance.*REDIS_URL/);
  });
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(log.error).toHaveBeenCalledTimes(2);
  for (const one of both) one.stop();
});

it("one that follows another, killed a moment ago, is alone", async () => {
  const { log, start } = instances();
  const first = start();
  await new Promise((resolve) => setTimeout(resolve, 100));
  first.stop();
  const second = start();
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(second.warning()).toBeNull();
  expect(log.error).not.toHaveBeenCalled();
  second.stop();
});

it("without a folder nobody is seen", async () => {
  const log = { error: vi.fn() };
  const one = watchAlone(NO_STORE, log, { beatMs: 20 });
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(one.warning()).toBeNull();
  one.stop();
});
