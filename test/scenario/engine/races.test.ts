import { describe, it } from "vitest";
import { CONFIG, setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { BRANCH, DEPLOYMENT_MESSAGE, EM, gateOf, JANE, JOHN, REPO, RITA, STRIPE } from "../support.ts";
import { freshVerdict } from "./fresh.ts";
import { startApp, startStill, type Through } from "./in-process.ts";
import { ACTS, PULL } from "./life.ts";

/** Issue 11: what changes between any two requests of an evaluation. */

/** By somebody else, while the approval is evaluated. */
const CHANGES: Readonly<Record<string, (sandbox: Sandbox) => Promise<unknown>>> = {
  head: async (sandbox) => {
    const git = sandbox.git(REPO);
    const author = sandbox.person(JOHN);
    await git.commit(BRANCH, {
      message: DEPLOYMENT_MESSAGE,
      files: { [STRIPE]: "# HOTFIX: #1234\nx = 1\n" },
      author,
      committer: author,
    });
    await git.push(JOHN, BRANCH);
  },
  label: (sandbox) => sandbox.as(JOHN).addLabel(REPO, PULL, EM),
  review: (sandbox) => sandbox.as(RITA).review(REPO, PULL, "CHANGES_REQUESTED"),
  role: (sandbox) => sandbox.removeTeamMember("kamiyo", "engineering-managers", JANE),
  severity: (sandbox) => sandbox.as(RITA).addLabel(REPO, PULL, "severity:P0"),
  configuration: async (sandbox) => {
    sandbox.protect(REPO, "main", null);
    const git = sandbox.git(REPO);
    const files = { ".github/hotfix.yml": `${CONFIG}severities: { P1: { approvals: 2 } }\n` };
    await git.commit("main", { message: "Configure", files, parents: [git.head("main") as string] });
    await git.push(RITA, "main");
  },
};

/** At every so many requests, where not all are wanted. */
const EVERY = process.env.RACES === "all" ? 1 : 4;

async function approvedWhile(change: string, at: number) {
  const { sandbox, later } = await startStill();
  let left = Number.POSITIVE_INFINITY;
  let count = 0;
  const through: Through = async (_, send) => {
    count += 1;
    if (left-- === 0) {
      later(1);
      await CHANGES[change]?.(sandbox);
    }
    return send();
  };
  const app = await startApp(sandbox, { through });
  try {
    await setUpKamiyo(sandbox);
    await app.quiet();
    later();
    await ACTS[0]?.act(sandbox);
    await app.quiet();
    later();
    count = 0;
    left = at;
    await ACTS[1]?.act(sandbox);
    await app.quiet();
    const raced = left < 0;
    const is = await gateOf(sandbox, REPO, PULL);
    const { check } = await freshVerdict(sandbox, REPO, PULL);
    return { raced, is: [is?.conclusion, is?.title], deserved: [check.conclusion, check.title], count };
  } finally {
    await app.stop();
    await sandbox.close();
  }
}

describe("between any two requests", { concurrent: true }, () => {
  for (const change of Object.keys(CHANGES))
    it(`${change}: never a pass that the end does not deserve`, { timeout: 600_000 }, async ({ expect }) => {
      let races = 0;
      for (let at = 0; ; at += EVERY) {
        const { raced, is, deserved } = await approvedWhile(change, at);
        if (!raced) break;
        races += 1;
        expect.soft(is, `${change}, before request ${at + 1}`).toEqual(deserved);
      }
      console.info(`${change}: ${races} races`);
      expect(races).toBeGreaterThan(0);
    });
});
