// Requests and writes of an evaluation.
import type { Delivery, RequestLog } from "../src/sandbox/index.ts";
import type { Row } from "./row.ts";
import { approve, caught, openHotfix, ROLES, startServer, startWorld, type World } from "./world.ts";

interface Aims {
  readonly requests?: number;
  readonly counted?: number;
  readonly writes: number;
}

/** Requests that belong to the first evaluation of a process, a head or a pull request, not to each. */
const LABELS = "the repository's labels";
const ONCE: readonly (readonly [string, RegExp])[] = [
  ["the app itself", /^\/app$/],
  [LABELS, /\/labels\?/],
  ["an earlier status comment", /\/issues\/\d+\/comments\?/],
  // After the verdict, which does not wait for it; GitHub has no ETag for what is not there.
  ["the configuration's second name", /\/contents\/\.github%2Fhotfix\.yaml/],
];
// The status comment is a write of its own where its text changes.
const SAME: Aims = { requests: 10, counted: 2, writes: 0 };
const CHANGED: Aims = { requests: 10, writes: 2 };

/** For each of `ROLES`: requests, those that count, and writes. */
export async function measureRequests(): Promise<readonly Row[]> {
  const rows: Row[] = [];
  for (const [name, role] of Object.entries(ROLES)) {
    const world = await startWorld();
    try {
      rows.push(...(await measureOne(world, name, role)));
    } finally {
      await world.sandbox.close();
    }
  }
  rows.push(...(await measureUnrequired()));
  return rows;
}

/** No ruleset requires the check: classic protection is looked at, too. */
async function measureUnrequired(): Promise<readonly Row[]> {
  const world = await startWorld();
  const hotfix = await openHotfix(world, "kamiyo", ROLES["listed users"], { required: false });
  const approval = await caught(world, "pull_request", () => approve(world, hotfix));
  const server = await startServer(world);
  try {
    world.sandbox.resetRequests();
    await server.deliver(approval);
    await server.idle();
    const what = "listed users, no ruleset requires the check: cold";
    return rowsOf(what, { requests: 12, writes: 2 }, [...world.sandbox.requests]);
  } finally {
    await server.stop();
    await world.sandbox.close();
  }
}

async function measureOne(world: World, roles: string, role: string): Promise<readonly Row[]> {
  const { sandbox } = world;
  const hotfix = await openHotfix(world, "kamiyo", role);
  const { repo, number } = hotfix;
  const approval = await caught(world, "pull_request", () => approve(world, hotfix));
  const server = await startServer(world);
  const rows: Row[] = [];
  const measure = async (what: string, aims: Aims, delivery: Delivery) => {
    sandbox.resetRequests();
    await server.deliver(delivery);
    await server.idle();
    rows.push(...rowsOf(`${roles}: ${what}`, aims, [...sandbox.requests]));
  };
  try {
    // A role that a team gives asks for its members, too.
    const aims = { requests: role === ROLES.team ? 12 : 11, writes: 2 };
    await measure("cold, verdict new", aims, approval);
    await measure("warm, right after the app's own writes", SAME, approval);
    const label = await caught(world, "pull_request", () =>
      sandbox.as("john").addLabel(repo, number, "ours"),
    );
    await measure("warm, verdict the same", SAME, label);
    let review = 0;
    const refusal = await caught(world, "pull_request_review", async () => {
      const refused = await sandbox
        .as("omar")
        .review(repo, number, "CHANGES_REQUESTED", "This breaks refunds");
      review = refused.id;
    });
    // One more person to look up.
    await measure("changes requested, verdict changed", { writes: 2 }, refusal);
    const dismissal = await caught(world, "pull_request_review", () =>
      sandbox.as("jane").dismissReview(repo, number, review, "It does not"),
    );
    await measure("dismissed, verdict changed", CHANGED, dismissal);
  } finally {
    await server.stop();
  }
  return rows;
}

function rowsOf(what: string, aims: Aims, requests: readonly RequestLog[]): readonly Row[] {
  const own = requests.filter((request) => !isToken(request));
  const token = requests.length - own.length;
  const all = own.filter(({ method }) => method === "GET");
  const named = all.map((request) => ONCE.find(([, path]) => path.test(request.path))?.[0]);
  // Looking after the labels is a job of its own, which reads the configuration for itself.
  const config = all.findLastIndex(({ path }) => path.includes("/contents/.github%2Fhotfix.yml"));
  if (named.includes(LABELS) && config > 0) named[config] = LABELS;
  const reads = all.filter((_, i) => named[i] === undefined);
  const notModified = reads.filter(({ status }) => status === 304).length;
  const counted = reads.length - notModified;
  const once = [...new Set(named.filter((name) => name !== undefined))];
  const writes = own
    .filter(({ method }) => method !== "GET")
    .map(({ method, path }) => `${method} ${/check-runs|comments|labels/.exec(path)?.[0] ?? path}`);
  const beside = once.length === 0 ? "" : `; once: ${once.join(", ")}`;
  return [
    {
      what,
      value: token + reads.length,
      unit: "reads",
      aim: aims.requests,
      more: `${token > 0 ? "1 token + " : ""}${counted} answered in full + ${notModified} × 304${beside}`,
    },
    { what: "    counted against the rate limit", value: token + counted, aim: aims.counted },
    { what: "    writes", value: writes.length, aim: aims.writes, more: writes.join(", ") },
  ];
}

function isToken({ path }: RequestLog): boolean {
  return path.endsWith("/access_tokens");
}
