import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openState } from "../../src/cli/state.ts";
import { createLog } from "../../src/log.ts";
import { environment } from "../server/support.ts";

const log = createLog({ level: "silent", format: "json" });

/** What two servers of one app on one machine keep under one name, as messages to Slack that wait. */
async function kept(redisUrl: string | null): Promise<readonly (string | null)[]> {
  const stateFolder = mkdtempSync(join(tmpdir(), "hotfix-guard-state-"));
  const [first, second] = [3000, 3001].map((port) =>
    openState(environment({ stateFolder, redisUrl, port }), "serve", log),
  );
  await first?.write("slack.json", "of the first");
  await second?.write("slack.json", "of the second");
  const again = openState(environment({ stateFolder, redisUrl, port: 3000 }), "serve", log);
  return [(await again.read("slack.json")) ?? null, (await second?.read("slack.json")) ?? null];
}

it("two servers that share Redis keep what waits apart, and the next one at a port finds what was left there", async () => {
  expect(await kept("redis://localhost:6379")).toEqual(["of the first", "of the second"]);
});

it("two servers without Redis find each other there", async () => {
  expect(await kept(null)).toEqual(["of the second", "of the second"]);
});
