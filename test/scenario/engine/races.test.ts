import { describe, it } from "vitest";
import { CONFIG, setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { BRANCH, DEPLOYMENT_MESSAGE, EM, gateOf, JANE, JOHN, REPO, RITA, STRIPE } from "../support.ts";
import { freshVerdict } from "./fresh.ts";
import { startApp, startStill, type Through } from "./in-process.ts";
import { ACTS, PULL } from "./life.ts";

/**
 * Issue 11: what changes between any two requests that the app makes while a hotfix is opened, and while it is
 * approved. `RACES=all`: before each request.
 */

/** By somebody else. */
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

/** The acts in which it changes, and before every how many requests, where not all are wanted. */
const SOME = { opened: 9, approved: 4 };
const DURING = Object.keys(SOME) as readonly (keyof typeof SOME)[];
/** Lives that are lived at a time, of each change. */
const SIDE_BY_SIDE = 2;

/** Changes before the app's request of that number in the act, if there is one. */
async function changedDuring(act: keyof typeof SOME, change: string, at: number) {
  const { sandbox, later } = await startStill();
  let left = Number.POSITIVE_INFINITY;
  let raced = false;
  const through: Through = async (_, send) => {
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
    for (const { name, act: does } of ACTS.slice(0, 2)) {
      later();
      left = name === act ? at : Number.POSITIVE_INFINITY;
      await does(sandbox);
      await app.quiet();
      if (name === act) raced = left < 0;
    }
    const is = await gateOf(sandbox, REPO, PULL);
    const { check } = await freshVerdict(sandbox, REPO, PULL);
    return { raced, is: [is?.conclusion, is?.title], deserved: [check.conclusion, check.title] };
  } finally {
    await app.stop();
    await sandbox.close();
  }
}

describe("between any two requests", { concurrent: true }, () => {
  for (const act of DURING)
    for (const change of Object.keys(CHANGES))
      it(`${change}, while it is ${act}: never a pass that the end does not deserve`, {
        timeout: 1_800_000,
      }, async ({ expect }) => {
        const every = process.env.RACES === "all" ? 1 : SOME[act];
        let races = 0;
        let next = 0;
        let over = false;
        const work = async () => {
          while (!over) {
            const at = every * next++;
            const { raced, is, deserved } = await changedDuring(act, change, at);
            over ||= !raced;
            if (!raced) continue;
            races += 1;
            expect.soft(is, `${change}, while ${act}, before request ${at + 1}`).toEqual(deserved);
          }
        };
        await Promise.all(Array.from({ length: SIDE_BY_SIDE }, work));
        console.info(`${change}, while ${act}: ${races} races`);
        expect(races).toBeGreaterThan(0);
      });
});
