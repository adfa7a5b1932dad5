import { describe, expect, test } from "vitest";
import type { GitHubClient } from "../../../../src/github/api/client.ts";
import { createInstance, type Trace } from "../../../../src/github/api/instance.ts";
import { applyActions } from "../../../../src/github/apply/apply.ts";
import { readGatesToWrite } from "../../../../src/github/collect/check/recent.ts";
import type { Action } from "../../../../src/policy/action.ts";
import { type Fault, testClient, withoutNetwork } from "../../../support/nock-github.ts";
import { world } from "../../../support/nock-world.ts";

withoutNetwork();

const SHA = "a".repeat(40);
const REPO = { owner: "o", repo: "r" };
const log = { info: () => undefined, warn: () => undefined };

const says = (conclusion: "success" | "failure", externalId: string): Action => ({
  type: "upsert-check-run",
  rerequested: false,
  headSha: SHA,
  check: { status: "completed", conclusion, title: "T", summary: "S", text: "", annotations: [], externalId },
});

function process(writesAlone: boolean, other: Trace | null = null) {
  const instance = { ...createInstance({ appId: 7 }), other: () => other, owesTrace: () => false };
  const client: GitHubClient = { ...testClient(), writesAlone, instance };
  return {
    write: (action: Action) => applyActions(client, REPO, [action], log, { pause: async () => undefined }),
    gates: async () => {
      const gates = await readGatesToWrite(client, REPO, SHA);
      return gates.known ? gates.value.map(({ conclusion }) => conclusion) : gates.reason;
    },
  };
}

describe("the check that this process has just written", () => {
  const looks = (w: ReturnType<typeof world>) =>
    w.requests.filter(({ route }) => route === "GET check-runs").length;

  test("is not asked for again, where nobody else writes; the next one is told from it", async () => {
    const w = world();
    const { write, gates } = process(true);
    expect(await gates()).toEqual([]);
    await write(says("failure", "1"));
    expect([await gates(), looks(w)]).toEqual([["failure"], 1]);
    await write(says("success", "2"));
    expect([await gates(), looks(w), w.runs.length]).toEqual([["success"], 1, 1]);
    await write(says("success", "2"));
    expect(w.writes()).toEqual(["POST check-runs", "PATCH check-run"]);
  });

  test.each([
    ["on a shared queue", false, null],
    ["another instance was seen", true, { instance: "0123456789ab", at: 0 }],
  ])("is asked for again where another process may have written: %s", async (_, alone, other) => {
    const w = world();
    const { write, gates } = process(alone, other);
    await write(says("failure", "1"));
    Object.assign(w.runs[0] ?? {}, { conclusion: "success", external_id: "another's" });
    expect(await gates()).toEqual(["success"]);
    await write(says("failure", "1"));
    expect(w.runs).toMatchObject([{ conclusion: "failure" }]);
  });

  test.each(["502", "timeout", "network", "truncated"] as const satisfies readonly Fault[])(
    "is asked for again where GitHub did not say how the write went: %s",
    async (fault) => {
      const w = world();
      const { write, gates } = process(true);
      await write(says("failure", "1"));
      for (let tries = 0; tries < 2; tries++) w.fails("PATCH check-run", fault, { commit: true });
      await write(says("success", "2"));
      Object.assign(w.runs[0] ?? {}, { conclusion: "neutral" });
      expect(await gates()).toEqual(["neutral"]);
    },
  );

  test("is asked for again where it stands beside another", async () => {
    const w = world();
    await process(true).write(says("success", "1"));
    w.runs.push({ ...w.runs[0], id: 200, external_id: "2" });
    const { write, gates } = process(true);
    await write(says("failure", "3"));
    w.runs.splice(0, 1);
    expect(await gates()).toEqual(["failure"]);
    expect(looks(w)).toBe(3);
  });
});
