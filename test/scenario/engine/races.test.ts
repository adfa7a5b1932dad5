import { describe, it } from "vitest";
import { CONFIG, setUpKamiyo } from "../../../src/demo/kamiyo.ts";
import type { Sandbox } from "../../../src/sandbox/index.ts";
import { BRANCH, DEPLOYMENT_MESSAGE, EM, gateOf, JANE, JOHN, REPO, RITA, STRIPE } from "../support.ts";
import { freshVerdict } from "./fresh.ts";
import { startApp, startStill, type Through } from "./in-process.ts";
import { ACTS, outcome, PULL } from "./life.ts";

/** Issue 11: what changes between any two requests of an evaluation, and reads that are old. */

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

/** The first `k` reads of anything after people did something are as before it, where it was read before. */
function stale(k: number): { readonly through: Through; written(): void } {
  const last = new Map<
    string,
    { readonly status: number; readonly headers: Headers; readonly body: ArrayBuffer }
  >();
  const left = new Map<string, number>();
  const written = () => {
    for (const path of last.keys()) left.set(path, k);
  };
  return {
    written,
    async through({ method, path }, send) {
      const old = last.get(path);
      const more = left.get(path) ?? 0;
      if (method === "GET" && old !== undefined && more > 0) {
        left.set(path, more - 1);
        return new Response(old.body.slice(0), { status: old.status, headers: old.headers });
      }
      const response = await send();
      if (method === "GET" && response.status === 200) {
        const headers = new Headers(response.headers);
        for (const name of ["etag", "content-length", "content-encoding"]) headers.delete(name);
        last.set(path, { status: 200, headers, body: await response.clone().arrayBuffer() });
      }
      return response;
    },
  };
}

async function lived(k: number): Promise<{ seen: object[]; slowest: number }> {
  const { sandbox, later } = await startStill();
  const { through, written } = stale(k);
  const app = await startApp(sandbox, { through });
  const seen: object[] = [];
  let slowest = 0;
  try {
    await setUpKamiyo(sandbox);
    for (const { act } of ACTS) {
      later();
      written();
      const started = performance.now();
      await act(sandbox);
      written();
      await app.quiet();
      slowest = Math.max(slowest, performance.now() - started);
      seen.push(await outcome(sandbox));
    }
    return { seen, slowest };
  } finally {
    await app.stop();
    await sandbox.close();
  }
}

describe("old reads", { concurrent: true }, () => {
  const model = lived(0);
  for (const k of [1, 2])
    it(`the first ${k} of anything after each write: the same in the end`, { timeout: 300_000 }, async ({
      expect,
    }) => {
      const { seen, slowest } = await lived(k);
      for (const [i, one] of seen.entries())
        expect.soft(one, `when ${ACTS[i]?.name}`).toEqual((await model).seen[i]);
      console.info(`${k}: the slowest act took ${Math.round(slowest)} ms`);
    });
});
