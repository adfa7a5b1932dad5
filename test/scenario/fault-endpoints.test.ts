import { setTimeout as pause } from "node:timers/promises";
import { describe, it } from "vitest";
import { type Exchange, type Sandbox, startSandbox } from "../../src/sandbox/index.ts";
import {
  type Company,
  concluding,
  FAULTS,
  type Fault,
  type Flaw,
  found,
  gate,
  isAlive,
} from "./fault-support.ts";
import { MANIFEST, serve } from "./support.ts";

/**
 * Every endpoint that the gate needs, with every fault, once and for good. Never a success that was not
 * earned, never a crash; what happens once heals by itself, what stays is named.
 */

interface Endpoint {
  readonly name: string;
  readonly method: string;
  path(company: Company): RegExp;
  /** How the gate names what could not be read; absent where nothing can be shown. */
  readonly says?: RegExp;
  /** Faults that answer the question, or that are got round by another: what is concluded then. */
  readonly concludes?: Readonly<Record<string, string>>;
  /** What only this endpoint tells of a hotfix that must not pass. */
  readonly flaw?: Flaw;
}

const each = (faults: string, conclusion: string) =>
  Object.fromEntries(faults.split(",").map((fault) => [fault, conclusion]));

const ENDPOINTS: readonly Endpoint[] = [
  {
    name: "the pull request",
    method: "GET",
    path: ({ repo }) => new RegExp(`^/repos/${repo}/pulls/2$`),
    says: /the pull request/,
  },
  {
    name: "the timeline",
    method: "GET",
    path: ({ repo }) => new RegExp(`^/repos/${repo}/issues/2/timeline$`),
    says: /timeline|labels, reviews/i,
    flaw: "own approval",
  },
  {
    name: "the configuration",
    method: "GET",
    path: ({ repo }) => new RegExp(`^/repos/${repo}/contents/`),
    says: /the configuration/,
    // Without a file the defaults hold, by which nobody may approve who has no admin permission.
    concludes: { 404: "action_required" },
    flaw: "two approvals wanted",
  },
  {
    name: "the comparison",
    method: "GET",
    path: ({ repo }) => new RegExp(`^/repos/${repo}/compare/`),
    // The lists of the pull request say the same; what a merge would change, only where the head has all of
    // the base.
    says: /the commits|the files|what would land/,
    // On a server without that route; every other fault may be over at the next try.
    concludes: each("404", "success"),
    flaw: "unrelated files",
  },
  {
    name: "the check runs of the head",
    method: "GET",
    path: ({ repo, sha }) => new RegExp(`^/repos/${repo}/commits/${sha}/check-runs$`),
  },
  {
    name: "the pull requests of the head",
    method: "GET",
    path: ({ repo, sha }) => new RegExp(`^/repos/${repo}/commits/${sha}/pulls$`),
    says: /the pull requests of the head/,
    concludes: each("404,409,422", "success"),
    flaw: "sibling to another base",
  },
  {
    name: "the activity",
    method: "GET",
    path: ({ repo }) => new RegExp(`^/repos/${repo}/activity$`),
    says: /the activity/,
    // The app's own record tells when the head arrived.
    concludes: each("403,404,422", "success"),
  },
  {
    name: "the membership",
    method: "GET",
    path: ({ org }) => new RegExp(`^/orgs/${org}/teams/em/memberships/`),
    says: /team/,
    concludes: { 404: "action_required" },
    flaw: "approver not in the team",
  },
  {
    name: "the permission",
    method: "GET",
    path: ({ repo }) => new RegExp(`^/repos/${repo}/collaborators/[^/]+/permission$`),
    says: /permission/,
    concludes: { 404: "action_required" },
    flaw: "reviewer without write access",
  },
  {
    name: "the issue",
    method: "GET",
    path: ({ repo }) => new RegExp(`^/repos/${repo}/issues/(1|99)$`),
    says: /the issue/,
    concludes: { 404: "failure" },
    flaw: "no issue",
  },
  {
    name: "creating a check run",
    method: "POST",
    path: ({ repo }) => new RegExp(`^/repos/${repo}/check-runs$`),
    // It was created all the same, and is found.
    concludes: each("no answer,half an answer", "success"),
  },
];

const TIMES = { quiet: 1_500, giveUp: 4_000 };

/** One GitHub and one server for one fault: all endpoints meet it side by side. */
async function withServer(body: (sandbox: Sandbox, url: string) => Promise<void>): Promise<void> {
  while (running >= MOST_SERVERS) await pause(100);
  running += 1;
  let aheadMs = 0;
  const sandbox = await startSandbox({
    permissions: MANIFEST.default_permissions,
    events: MANIFEST.default_events,
    clock: () => new Date(Date.now() + aheadMs),
  });
  const server = await serve(sandbox, { retryTimes: TIMES, timeoutMs: 1_500, throttle: false });
  later.set(sandbox, () => {
    aheadMs += 2_000;
  });
  try {
    await body(sandbox, server.url);
  } finally {
    running -= 1;
    await server.close();
    await sandbox.close();
  }
}
/** More side by side only wait for the processor. */
const MOST_SERVERS = 4;
let running = 0;
const later = new WeakMap<Sandbox, () => void>();

function failing(
  sandbox: Sandbox,
  { method, path }: Endpoint,
  company: Company,
  fault: Fault,
  times?: number,
) {
  return sandbox.knobs.fail({ method, path: path(company) }, { ...fault, ...(times ? { times } : {}) });
}

async function opened(sandbox: Sandbox, companies: readonly Company[]): Promise<void> {
  for (const company of companies) await company.open();
  later.get(sandbox)?.();
  for (const company of companies) await company.approve();
}

/** Every conclusion that the app wrote on the company's head. */
function concluded(exchanges: readonly Exchange[], { repo }: Company): readonly string[] {
  return exchanges
    .filter(({ method, path }) => method !== "GET" && path.startsWith(`/repos/${repo}/check-runs`))
    .map(({ requestBody }) => String((JSON.parse(requestBody) as { conclusion?: string }).conclusion));
}

type Way = "once" | "for good" | "for good, with a flaw";
const WAYS: readonly Way[] = ["once", "for good", "for good, with a flaw"];

/**
 * In every run each endpoint meets each fault, the ways taking turns; with `FAULTS=all` it meets all of them
 * in every way.
 */
function met(j: number, way: Way): readonly Endpoint[] {
  return ENDPOINTS.filter((_, i) => process.env.FAULTS === "all" || WAYS[(i + j) % WAYS.length] === way);
}

describe.concurrent("faults of every endpoint", () => {
  for (const [j, fault] of FAULTS.entries()) {
    it(`${fault.name}, once: heals by itself`, { timeout: 600_000 }, async ({ expect }) => {
      await withServer(async (sandbox, url) => {
        const cases = [];
        for (const endpoint of met(j, "once")) cases.push({ endpoint, company: await found(sandbox) });
        for (const { endpoint, company } of cases) failing(sandbox, endpoint, company, fault, 1);
        await opened(
          sandbox,
          cases.map(({ company }) => company),
        );
        await Promise.all(
          cases.map(async ({ endpoint, company }) => {
            // "Not found" is an answer, which holds until the next event or sweep.
            const answer = endpoint.concludes?.[fault.name];
            if (answer !== undefined && answer !== "success") {
              await pause(3_000);
              await company.recheck();
            }
            return concluding(sandbox, company, "success", endpoint.name);
          }),
        );
        expect(await isAlive(url)).toBe(true);
      });
    });

    it(`${fault.name}, for good: never a success that was not earned`, { timeout: 600_000 }, async ({
      expect,
    }) => {
      await withServer(async (sandbox, url) => {
        const exchanges: Exchange[] = [];
        sandbox.onExchange = (exchange) => exchanges.push(exchange);
        const cases = [];
        for (const endpoint of met(j, "for good"))
          cases.push({ endpoint, company: await found(sandbox), flaw: null });
        for (const endpoint of met(j, "for good, with a flaw")) {
          const flaw = endpoint.flaw ?? null;
          cases.push({ endpoint, company: await found(sandbox, flaw), flaw });
        }
        const fixed = cases.map(({ endpoint, company }) => failing(sandbox, endpoint, company, fault));
        await opened(
          sandbox,
          cases.map(({ company }) => company),
        );
        await Promise.all(
          cases.map(async ({ endpoint, company, flaw }) => {
            const what = `${endpoint.name}${flaw ? `, ${flaw}` : ""}`;
            const answer = endpoint.concludes?.[fault.name];
            if (answer !== undefined && !flaw) return concluding(sandbox, company, answer, what);
            if (flaw || answer !== undefined || endpoint.says === undefined) return pause(TIMES.giveUp);
            return gate(sandbox, company, what, ({ conclusion, output }) => {
              const blocks = conclusion === null || conclusion === "failure";
              return blocks && endpoint.says?.test(`${output.title}\n${output.summary}`) === true;
            });
          }),
        );
        for (const { endpoint, company, flaw } of cases) {
          const earned = !flaw && endpoint.concludes?.[fault.name] === "success";
          if (!earned)
            expect.soft(concluded(exchanges, company), flaw ?? endpoint.name).not.toContain("success");
        }
        expect(await isAlive(url)).toBe(true);
        for (const fix of fixed) fix();
        for (const { company } of cases) await company.recheck();
        const fine = cases.filter(({ flaw }) => !flaw);
        await Promise.all(
          fine.map(({ endpoint, company }) =>
            concluding(sandbox, company, "success", `${endpoint.name}, fixed`),
          ),
        );
        for (const { company, flaw } of cases)
          if (flaw) expect.soft(concluded(exchanges, company), flaw).not.toContain("success");
      });
    });
  }
});
